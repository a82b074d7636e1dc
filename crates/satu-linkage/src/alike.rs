//! Persons who are alike.
//!
//! Fields agree by chance nearly independently in records of two persons who have nothing to do with
//! each other. Among namesakes born on one day, twins and families they do not: more of those are there
//! than names and birth dates by themselves let expect, and where a number is missing nothing tells
//! them from one person. Where both have their numbers they are seen: pairs that would be linked, did
//! their numbers not set them apart. So the pairs of two persons are taken for a mixture, of pairs that
//! agree by chance and a few that are alike; EM learns the share and the levels of the latter from such
//! pairs. A pair's odds are `m / (u + rate * alike)` instead of `m / u`: however rare a name, it cannot
//! say more than persons alike allow.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::learn::chances;
use crate::model::{FieldModel, LevelModel, Model};
use crate::records::Records;
use crate::sample::Sample;
use crate::score::{Said, said};
use crate::spec::Spec;

/// Pairs are learnt from if they would be this sure, in bits, did their numbers say nothing.
const SURE: f64 = 5.0;
/// Weights are counted in steps of so many to the bit.
const STEPS: f64 = 8.0;
const ROUNDS: usize = 40;

/// How often two persons share more than chance would have it, and what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// The probability that two random records are of two such persons.
    pub rate: f64,
    /// Per field, the chance of each level among their records; empty for a number of the hard rules,
    /// in which they differ as any two persons do.
    pub levels: Vec<Vec<f64>>,
}

impl Alike {
    /// Whether it was learnt for fields like these.
    pub(crate) fn fits(&self, fields: &[FieldModel]) -> bool {
        let is_like = |(chances, field): (&Vec<f64>, &FieldModel)| {
            chances.is_empty() || chances.len() == field.levels.len()
        };
        self.levels.len() == fields.len() && self.levels.iter().zip(fields).all(is_like)
    }

    /// What turns a level's evidence for one person and against chance into evidence for two persons
    /// alike and against chance, in bits. None for a missing value and for a number.
    pub(crate) fn shift(&self, fields: &[FieldModel], field: usize, level: usize) -> Option<f64> {
        let level = level.checked_sub(1)?;
        let (alike, of_one) = (
            self.levels.get(field)?.get(level)?,
            fields.get(field)?.levels.get(level)?.m,
        );
        Some((alike / of_one).log2())
    }

    /// What is to be taken off a pair's weight; `towards` is the sum of its fields' evidence for two
    /// persons alike. In bits, not above 0.
    pub(crate) fn weight(rate: f64, towards: f64) -> f64 {
        // Not minus nothing.
        0.0 - (rate * towards.exp2()).ln_1p() / std::f64::consts::LN_2
    }
}

/// Learns from the sampled pairs that their numbers set apart; so many of all pairs would be.
pub(crate) fn alike(
    model: &Model,
    records: &Records,
    spec: &Spec,
    samples: &[Sample],
    apart: f64,
) -> Option<Alike> {
    let seen = seen(model, records, spec, samples);
    let total: f64 = seen.iter().map(|(_, pairs)| pairs).sum();
    if total == 0.0 || apart == 0.0 {
        return None;
    }
    let numbers = numbers(spec);
    let chance = |of: fn(&LevelModel) -> f64| -> Vec<Vec<f64>> {
        let field = |(field, number): (&FieldModel, &bool)| {
            let levels = field.levels.iter().filter(|_| !number);
            levels.map(of).collect()
        };
        model.fields.iter().zip(&numbers).map(field).collect()
    };
    let by_chance = chance(|level| level.u);
    let mut alike = Alike {
        rate: total / apart,
        levels: chance(|level| level.m),
    };
    for _ in 0..ROUNDS {
        let mut counts = vec![[0.0; 8]; numbers.len()];
        let mut sum = 0.0;
        for ((levels, step), pairs) in &seen {
            let shift = |(at, level): (usize, &u8)| {
                let shift = alike.shift(&model.fields, at, usize::from(*level));
                shift.unwrap_or(0.0)
            };
            let shifts: f64 = levels.iter().enumerate().map(shift).sum();
            let odds = alike.rate * (*step as f64 / STEPS + shifts).exp2();
            let expected = pairs * odds / (1.0 + odds);
            sum += expected;
            for (row, level) in counts.iter_mut().zip(levels) {
                row[usize::from(*level)] += expected;
            }
        }
        alike.rate = sum / apart;
        for ((found, row), usual) in alike.levels.iter_mut().zip(&counts).zip(&by_chance) {
            *found = chances(row, usual);
        }
    }
    Some(alike)
}

/// Which fields are numbers of the hard rules.
fn numbers(spec: &Spec) -> Vec<bool> {
    let mut found = vec![false; spec.fields().len()];
    for at in spec.of_numbers().flatten() {
        found[*at] = true;
    }
    found
}

/// Levels of the fields that are no numbers, and their weight in steps.
type Shown = (Vec<u8>, i64);

/// How many pairs that their numbers alone set apart show what, sorted.
fn seen(model: &Model, records: &Records, spec: &Spec, samples: &[Sample]) -> Vec<(Shown, f64)> {
    let numbers = numbers(spec);
    let mut seen: FxHashMap<Shown, f64> = FxHashMap::default();
    for sample in samples {
        for (a, b) in &sample.apart {
            let said = said(records, spec, Some(model), *a, *b);
            let others = said.iter().zip(&numbers).filter(|(_, number)| !**number);
            let weight: f64 = others.map(|(said, _)| said.weight).sum();
            if weight + model.prior_weight() < SURE {
                continue;
            }
            let level = |(said, number): (&Said, &bool)| {
                let says = !*number && !said.contained;
                if says { said.level } else { 0 }
            };
            let levels = said.iter().zip(&numbers).map(level).collect();
            let step = (weight * STEPS).round() as i64;
            *seen.entry((levels, step)).or_default() += sample.scale;
        }
    }
    let mut seen: Vec<(Shown, f64)> = seen.into_iter().collect();
    seen.sort_unstable_by(|(x, _), (y, _)| x.cmp(y));
    seen
}
