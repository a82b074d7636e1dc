//! Scoring pairs of records with a model.

use crate::alike::Alike;
use crate::compare::{self, MOST_LEVELS};
use crate::field::FieldKind;
use crate::model::Model;
use crate::records::Records;
use crate::spec::Spec;

/// A model laid out for fast scoring of one set of records.
pub(crate) struct Scorer<'a> {
    records: &'a Records,
    spec: &'a Spec,
    prior: f64,
    /// Per field: the weight of each level; level 0, missing, says nothing.
    weights: Vec<[f32; MOST_LEVELS + 1]>,
    /// Per field: the weight of agreeing on each value; empty where that is the same for all.
    same: Vec<Vec<f32>>,
    /// Per field: the best weight two different values can give.
    best_other: Vec<f32>,
    /// Per field: the fields whose agreement is nothing new, as bits.
    covers: Vec<u32>,
    /// The fields in the order that is quickest to rule a pair out.
    order: Vec<usize>,
    /// How often persons are alike, and per field and level what [`Alike::shift`] says.
    alike: Option<(f64, Vec<[Option<f32>; MOST_LEVELS + 1]>)>,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(records: &'a Records, spec: &'a Spec, model: &Model) -> Scorer<'a> {
        let mut weights = Vec::new();
        let mut same = Vec::new();
        let mut best_other = Vec::new();
        for (at, field) in spec.fields().iter().enumerate() {
            let mut row = [0f32; MOST_LEVELS + 1];
            for (level, weight) in row[..=field.kind.levels().len()].iter_mut().enumerate() {
                *weight = model.weight(at, level as u8, b"", false) as f32;
            }
            best_other.push(
                row[2..=field.kind.levels().len()]
                    .iter()
                    .copied()
                    .fold(f32::MIN, f32::max),
            );
            weights.push(row);
            same.push(if field.term_frequency {
                let values = records.values(at);
                (0..values.len() as u32)
                    .map(|id| model.weight(at, u8::from(id > 0), values.get(id), true) as f32)
                    .collect()
            } else {
                Vec::new()
            });
        }
        let covers = spec
            .covers
            .iter()
            .map(|fields| fields.iter().fold(0u32, |bits, field| bits | 1 << field))
            .collect();
        let order = quickest(spec, &weights, &best_other);
        Scorer {
            records,
            spec,
            prior: model.prior_weight(),
            weights,
            same,
            best_other,
            covers,
            order,
            alike: model.alike.as_ref().map(|alike| {
                let shift = |at, level| alike.shift(&model.fields, at, level).map(|x| x as f32);
                let row = |at| std::array::from_fn(|level| shift(at, level));
                (alike.rate, (0..spec.fields().len()).map(row).collect())
            }),
        }
    }

    fn same_weight(&self, field: usize, value: u32) -> f32 {
        self.same[field]
            .get(value as usize)
            .copied()
            .unwrap_or(self.weights[field][1])
    }

    /// The weight of a pair, or none if it cannot reach `least` (in bits).
    pub(crate) fn weight_from(&self, a: u32, b: u32, least: f64) -> Option<f64> {
        let (row_a, row_b) = (self.records.row(a), self.records.row(b));
        // First without reading a text: the best the pair could come to.
        let mut best = self.prior as f32;
        let (mut agreeing, mut differing) = (0u32, 0u32);
        for (at, (x, y)) in row_a.iter().zip(row_b).enumerate() {
            if *x == 0 || *y == 0 {
                continue;
            }
            if x == y {
                best += self.same_weight(at, *x);
                agreeing |= 1 << at;
            } else {
                best += self.best_other[at];
                differing |= 1 << at;
            }
        }
        if f64::from(best) < least {
            return None;
        }
        let mut levels = [0u8; 32];
        for at in &self.order {
            let at = *at;
            if agreeing & (1 << at) != 0 {
                levels[at] = 1;
            } else if differing & (1 << at) != 0 {
                let level = level(self.records, self.spec, at, row_a, row_b);
                levels[at] = level;
                best += self.weights[at][level as usize] - self.best_other[at];
                if f64::from(best) < least {
                    return None;
                }
            }
        }
        let weight = self.sum(&levels[..row_a.len()], |at, level| match level {
            1 => self.same_weight(at, row_a[at]),
            _ => self.weights[at][level as usize],
        });
        (weight >= least).then_some(weight)
    }

    /// The prior and the weights of the fields' levels, without what another field already says, and
    /// no more than persons alike allow.
    fn sum(&self, levels: &[u8], part: impl Fn(usize, u8) -> f32) -> f64 {
        let mut covered = 0u32;
        for (level, covers) in levels.iter().zip(&self.covers) {
            if (1..=2).contains(level) {
                covered |= covers;
            }
        }
        let (mut weight, mut towards) = (self.prior, 0.0);
        for (at, level) in levels.iter().enumerate() {
            if *level == 0 {
                continue;
            }
            let part = part(at, *level);
            if covered & (1 << at) != 0 && part >= 0.0 {
                continue;
            }
            weight += f64::from(part);
            if let Some((_, shifts)) = &self.alike
                && let Some(shift) = shifts[at][*level as usize]
            {
                towards += f64::from(part + shift);
            }
        }
        match &self.alike {
            Some((rate, _)) => weight + Alike::weight(*rate, towards),
            None => weight,
        }
    }

    /// What pairs of records of two clusters say together: of each field the best.
    pub(crate) fn best(&self, pairs: impl Iterator<Item = (u32, u32)>) -> Best {
        let mut best = Best {
            levels: [0; 32],
            parts: [f32::MIN; 32],
        };
        for (a, b) in pairs {
            let (row_a, row_b) = (self.records.row(a), self.records.row(b));
            for (at, (x, y)) in row_a.iter().zip(row_b).enumerate() {
                if *x == 0 || *y == 0 || best.levels[at] == 1 && x != y {
                    continue;
                }
                let (level, part) = if x == y {
                    (1, self.same_weight(at, *x))
                } else {
                    let level = level(self.records, self.spec, at, row_a, row_b);
                    (level, self.weights[at][level as usize])
                };
                if level > 0 && part > best.parts[at] {
                    (best.levels[at], best.parts[at]) = (level, part);
                }
            }
        }
        best
    }

    /// The weight of two clusters.
    pub(crate) fn weight_of(&self, best: &Best) -> f64 {
        self.sum(&best.levels, |at, _| best.parts[at])
    }

    /// The weight of a pair.
    pub(crate) fn weight(&self, a: u32, b: u32) -> f64 {
        self.weight_from(a, b, f64::NEG_INFINITY)
            .unwrap_or(f64::NEG_INFINITY)
    }

    /// Whether two records cannot be one person, whatever the weights say.
    pub(crate) fn conflict(&self, a: u32, b: u32) -> bool {
        conflict(self.records, self.spec, a, b)
    }

    /// The same of two records of two clusters. They are not set apart by what their clusters come
    /// together on, if all else that differs between them is a number that one record alone bears.
    pub(crate) fn conflict_in(&self, best: &Best, a: u32, b: u32) -> bool {
        let (row_a, row_b) = (self.records.row(a), self.records.row(b));
        let is_id = |at: usize| self.spec.fields()[at].kind == FieldKind::Id;
        let meets = |at: usize| {
            let (level, other) = (best.levels[at], self.spec.fields()[at].kind.levels().len());
            level == 1 || !is_id(at) && (2..other).contains(&(level as usize))
        };
        let lone = |at: usize| {
            let values = self.records.values(at);
            is_id(at) && (values.count(row_a[at]) == 1 || values.count(row_b[at]) == 1)
        };
        self.spec.hard.iter().any(|rule| {
            let forgiven =
                rule.iter().any(|at| meets(*at)) && rule.iter().all(|at| meets(*at) || lone(*at));
            !forgiven && sets_apart(self.records, self.spec, rule, row_a, row_b)
        })
    }
}

/// What two clusters come to at best.
pub(crate) struct Best {
    /// The level of each field, 0 where no pair has both values.
    levels: [u8; 32],
    parts: [f32; 32],
}

/// The fields, those first whose texts are quick to compare, and among them those that can take
/// most from a pair's best.
fn quickest(spec: &Spec, weights: &[[f32; MOST_LEVELS + 1]], best_other: &[f32]) -> Vec<usize> {
    let fields = spec.fields();
    let mut order: Vec<usize> = (0..fields.len()).collect();
    let takes = |at: usize| best_other[at] - weights[at][fields[at].kind.levels().len()];
    order.sort_by(|x, y| {
        let slow = |at: usize| matches!(fields[at].kind, FieldKind::Name | FieldKind::Text);
        slow(*x)
            .cmp(&slow(*y))
            .then(takes(*y).total_cmp(&takes(*x)))
    });
    order
}

/// A value that this many records hold is a filler or an office's number, not a person's.
const FILLER: u32 = 25;

/// Whether a hard rule sets two records apart.
pub(crate) fn conflict(records: &Records, spec: &Spec, a: u32, b: u32) -> bool {
    let (row_a, row_b) = (records.row(a), records.row(b));
    spec.hard
        .iter()
        .any(|rule| sets_apart(records, spec, rule, row_a, row_b))
}

/// Whether two records' numbers alone set them apart.
pub(crate) fn numbers_differ(records: &Records, spec: &Spec, a: u32, b: u32) -> bool {
    let (row_a, row_b) = (records.row(a), records.row(b));
    spec.of_numbers()
        .any(|rule| sets_apart(records, spec, rule, row_a, row_b))
}

/// What one field says about a pair.
pub(crate) struct Said {
    pub level: u8,
    /// Whether another field that agrees already says it; then `weight` is 0.
    pub contained: bool,
    pub weight: f64,
}

/// What each field says about a pair, by a model that fits, nothing without one; slower than a [`Scorer`], which is laid
/// out for many.
pub(crate) fn said(
    records: &Records,
    spec: &Spec,
    model: Option<&Model>,
    a: u32,
    b: u32,
) -> Vec<Said> {
    let row = records.row(a);
    let pattern = pattern(records, spec, a, b);
    let covered: Vec<usize> = (0..spec.fields().len())
        .filter(|at| (1..=2).contains(&level_in(pattern, *at)))
        .flat_map(|at| spec.covers[at].iter().copied())
        .collect();
    spec.fields()
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let level = level_in(pattern, at) as u8;
            let value = records.values(at).get(row[at]);
            let weight = model.map_or(0.0, |model| {
                model.weight(at, level, value, field.term_frequency)
            });
            let contained = weight > 0.0 && covered.contains(&at);
            Said {
                level,
                contained,
                weight: if contained { 0.0 } else { weight },
            }
        })
        .collect()
}

/// Whether the fields of a hard rule all differ for sure.
fn sets_apart(
    records: &Records,
    spec: &Spec,
    rule: &[usize],
    row_a: &[u32],
    row_b: &[u32],
) -> bool {
    let differs = |at: &usize| row_a[*at] != row_b[*at] && row_a[*at] != 0 && row_b[*at] != 0;
    rule.iter().all(differs)
        && rule.iter().all(|at| {
            let field = &spec.fields()[*at];
            let values = records.values(*at);
            // A number that two records hold is no slip of another that two records hold.
            let two = field.kind == FieldKind::Id
                && values.count(row_a[*at]) > 1
                && values.count(row_b[*at]) > 1;
            let level = level(records, spec, *at, row_a, row_b) as usize;
            is_sure(records, spec, *at, row_a)
                && is_sure(records, spec, *at, row_b)
                && (level == field.kind.levels().len() || two && level > 1)
        })
}

/// Whether a record's value can be hard evidence: for ids, valid and no filler.
fn is_sure(records: &Records, spec: &Spec, at: usize, row: &[u32]) -> bool {
    let field = &spec.fields()[at];
    if field.kind != FieldKind::Id {
        return true;
    }
    let values = records.values(at);
    let value = values.get(row[at]);
    let right_length = field.digits.is_none_or(|digits| value.len() == digits);
    let right_start = spec.begins_with[at]
        .is_none_or(|date| value.starts_with(records.values(date).get(row[date])));
    right_length && right_start && values.count(row[at]) < FILLER
}

/// The levels of a pair, three bits a field.
pub(crate) fn pattern(records: &Records, spec: &Spec, a: u32, b: u32) -> u64 {
    let (row_a, row_b) = (records.row(a), records.row(b));
    let mut pattern = 0u64;
    for at in 0..row_a.len() {
        let level = match (row_a[at], row_b[at]) {
            (0, _) | (_, 0) => 0,
            (x, y) if x == y => 1,
            _ => level(records, spec, at, row_a, row_b),
        };
        pattern |= u64::from(level) << (3 * at);
    }
    pattern
}

/// The level of a field whose values differ. A digit in the serial of a number tells twins apart,
/// but not where the records share what no twins share: there it is a slip.
fn level(records: &Records, spec: &Spec, at: usize, row_a: &[u32], row_b: &[u32]) -> u8 {
    let field = &spec.fields()[at];
    let values = records.values(at);
    let (x, y) = (values.get(row_a[at]), values.get(row_b[at]));
    let level = compare::level(field, x, y);
    let shared =
        |other: &usize| *other != at && row_a[*other] != 0 && row_a[*other] == row_b[*other];
    if field.serial > 0
        && level == 3
        && spec.twins_differ_in.iter().any(shared)
        && compare::slips(x, y, 1) == 1
    {
        return 2;
    }
    level
}

/// The level of one field in a pattern.
pub(crate) fn level_in(pattern: u64, field: usize) -> usize {
    (pattern >> (3 * field) & 7) as usize
}
