//! Why two records are, or are not, of one person.

use crate::alike::Alike;
use crate::model::{Model, probability};
use crate::records::Records;
use crate::score::{self, Said};
use crate::spec::Spec;

/// The evidence of a pair, field by field: the prior, the fields' weights and `alike` add up to `weight`.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// One per field, in the specification's order.
    pub fields: Vec<FieldEvidence>,
    /// What is believed of two random records, in bits.
    pub prior: f64,
    /// What is taken off because some persons are as alike as these two records, in bits: 0 or below.
    pub alike: f64,
    /// The sum, in bits.
    pub weight: f64,
    /// The same as a probability.
    pub probability: f64,
    /// Whether a hard rule sets the two apart whatever the weight.
    pub hard: bool,
}

/// What one field says about a pair.
#[derive(Debug, Clone, PartialEq)]
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
    let known = model.fits(spec).then_some(model);
    let said = score::said(&records, spec, known, 0, 1);
    let alike = known.and_then(|model| model.alike.as_ref());
    let shift = |at: usize, said: &Said| {
        let alike = alike.filter(|_| !said.contained)?;
        alike.shift(&model.fields, at, usize::from(said.level))
    };
    let field = |(at, said): (usize, &Said)| {
        let field = &spec.fields()[at];
        let text = |id: u32| String::from_utf8_lossy(records.values(at).get(id)).into_owned();
        let mut level = match usize::from(said.level) {
            0 => "missing".to_owned(),
            level => field.kind.levels()[level - 1].to_owned(),
        };
        if said.contained {
            level.push_str(" (contained)");
        }
        FieldEvidence {
            field: field.name.clone(),
            level,
            weight: said.weight,
            a: text(row_a[at]),
            b: text(row_b[at]),
        }
    };
    let towards = said
        .iter()
        .enumerate()
        .filter_map(|(at, said)| Some(said.weight + shift(at, said)?));
    let alike = alike.map_or(0.0, |alike| Alike::weight(alike.rate, towards.sum()));
    let prior = model.prior_weight();
    let weight = prior + said.iter().map(|said| said.weight).sum::<f64>() + alike;
    Explanation {
        fields: said.iter().enumerate().map(field).collect(),
        prior,
        alike,
        weight,
        probability: probability(weight),
        hard: score::conflict(&records, spec, 0, 1),
    }
}
