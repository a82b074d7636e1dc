//! Why two records are, or are not, of one person.

use serde::{Deserialize, Serialize};

use crate::model::{Model, probability};
use crate::records::Records;
use crate::score;
use crate::spec::Spec;

/// The evidence of a pair, field by field: the prior and the fields' weights add up to `weight`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// One per field, in the specification's order.
    pub fields: Vec<FieldEvidence>,
    /// What is believed of two random records, in bits.
    pub prior: f64,
    /// The sum, in bits.
    pub weight: f64,
    /// The same as a probability.
    pub probability: f64,
    /// Whether a hard rule sets the two apart whatever the weight.
    pub hard: bool,
}

/// What one field says about a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldEvidence {
    /// The field's name.
    pub field: String,
    /// How far the two agree: a name from [`crate::FieldKind::levels`], `missing`, or the level
    /// with `(contained)` behind it where another field that agrees already says it.
    pub level: String,
    /// The evidence in bits: positive speaks for one person, negative against.
    pub weight: f64,
    /// The first record's value, in standard form.
    pub a: String,
    /// The second record's.
    pub b: String,
}

/// Explains a pair with the model it was, or would be, linked by. Cells stand in the order of
/// [`Spec::fields`]. A field that the model does not know says nothing.
pub fn explain(spec: &Spec, model: &Model, a: &[&str], b: &[&str]) -> Explanation {
    let mut records = Records::new(spec);
    records.push(a);
    records.push(b);
    let (row_a, row_b) = (records.row(0), records.row(1));
    let known = model.fits(spec);
    let pattern = score::pattern(&records, spec, 0, 1);
    let covered: Vec<usize> = (0..spec.fields().len())
        .filter(|at| (1..=2).contains(&score::level_in(pattern, *at)))
        .flat_map(|at| spec.covers[at].iter().copied())
        .collect();
    let prior = model.prior_weight();
    let mut sum = prior;
    let mut fields = Vec::new();
    for (at, field) in spec.fields().iter().enumerate() {
        let level = score::level_in(pattern, at);
        let text = |id: u32| String::from_utf8_lossy(records.values(at).get(id)).into_owned();
        let mut name = match level {
            0 => "missing".to_owned(),
            level => field.kind.levels()[level - 1].to_owned(),
        };
        let mut weight = if known {
            model.weight(
                at,
                level as u8,
                records.values(at).get(row_a[at]),
                field.term_frequency,
            )
        } else {
            0.0
        };
        if weight > 0.0 && covered.contains(&at) {
            weight = 0.0;
            name.push_str(" (contained)");
        }
        sum += weight;
        fields.push(FieldEvidence {
            field: field.name.clone(),
            level: name,
            weight,
            a: text(row_a[at]),
            b: text(row_b[at]),
        });
    }
    Explanation {
        fields,
        prior,
        weight: sum,
        probability: probability(sum),
        hard: score::conflict(&records, spec, 0, 1),
    }
}
