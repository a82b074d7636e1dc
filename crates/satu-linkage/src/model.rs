//! What was learnt: how often each level occurs among records of one person and of two.

use serde::{Deserialize, Serialize};

use crate::alike::Alike;
use crate::spec::Spec;

/// The way of learning that the thresholds of today's specifications are set for.
const EDITION: u32 = 2;

/// What was learnt from data: storable, and usable on other data of the same specification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The way it was learnt; 0 before persons alike were known.
    #[serde(default)]
    pub edition: u32,
    /// How many records it was learnt from.
    pub records: u64,
    /// The probability that two random records are of one person.
    pub prior: f64,
    /// One per field of the specification, in its order.
    pub fields: Vec<FieldModel>,
    /// Persons who are alike; none where no hard rule tells of them.
    #[serde(default)]
    pub alike: Option<Alike>,
}

/// What was learnt about one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldModel {
    /// The field's name.
    pub name: String,
    /// Its levels, best first.
    pub levels: Vec<LevelModel>,
    /// Values so common that agreement on them says less: a hash of the standard form, and how
    /// many records hold it. Sorted by hash.
    pub common: Vec<(u64, u32)>,
    /// The chance that two persons agree on a value that is not among the common ones.
    pub rare_u: f64,
}

/// One level of agreement of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelModel {
    /// Its name, from [`crate::FieldKind::levels`].
    pub level: String,
    /// Its chance among records of one person, where both have a value.
    pub m: f64,
    /// Its chance among records of two persons, where both have a value.
    pub u: f64,
}

impl LevelModel {
    /// The evidence in bits: positive speaks for one person, negative against.
    pub fn weight(&self) -> f64 {
        (self.m / self.u).log2()
    }
}

impl Model {
    /// What is assumed before any data is seen.
    pub(crate) fn usual(spec: &Spec) -> Model {
        Model {
            edition: EDITION,
            records: 0,
            prior: 0.001,
            fields: spec
                .fields()
                .iter()
                .map(|field| FieldModel {
                    name: field.name.clone(),
                    levels: field
                        .kind
                        .levels()
                        .iter()
                        .zip(field.kind.usual_m())
                        .zip(field.kind.usual_u())
                        .map(|((level, m), u)| LevelModel {
                            level: (*level).to_owned(),
                            m: *m,
                            u: *u,
                        })
                        .collect(),
                    common: Vec::new(),
                    rare_u: field.kind.usual_u()[0],
                })
                .collect(),
            alike: None,
        }
    }

    /// Whether it may judge by the specification: learnt for fields like its own, in the way that its
    /// thresholds are set for. [`crate::link`] passes over one that may not.
    pub fn judges(&self, spec: &Spec) -> bool {
        self.edition == EDITION && self.fits(spec)
    }

    /// Whether it was learnt for fields and levels like these.
    pub(crate) fn fits(&self, spec: &Spec) -> bool {
        self.fields.len() == spec.fields().len()
            && self.fields.iter().zip(spec.fields()).all(|(model, field)| {
                model.name == field.name && model.levels.len() == field.kind.levels().len()
            })
            && self
                .alike
                .as_ref()
                .is_none_or(|alike| alike.fits(&self.fields))
    }

    /// The prior as evidence in bits.
    pub fn prior_weight(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }

    /// The evidence of a level (1 the best) of a field; `value` is the standard form both hold.
    pub(crate) fn weight(
        &self,
        field: usize,
        level: u8,
        value: &[u8],
        term_frequency: bool,
    ) -> f64 {
        let model = &self.fields[field];
        let Some(found) = (level as usize)
            .checked_sub(1)
            .and_then(|at| model.levels.get(at))
        else {
            return 0.0;
        };
        if level > 1 || !term_frequency {
            return found.weight();
        }
        let hash = crate::intern::hash(value);
        let u = match model.common.binary_search_by_key(&hash, |(hash, _)| *hash) {
            Ok(at) => {
                (f64::from(model.common[at].1) / self.records.max(1) as f64).max(model.rare_u)
            }
            Err(_) => model.rare_u,
        };
        (found.m / u.min(1.0)).log2()
    }
}

/// A weight as a probability.
pub(crate) fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// A probability as a weight.
pub(crate) fn weight_of(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}
