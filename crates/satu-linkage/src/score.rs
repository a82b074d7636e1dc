//! Scoring pairs of records with a model.

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
        let mut covered = 0u32;
        for at in &self.order {
            let at = *at;
            if agreeing & (1 << at) != 0 {
                levels[at] = 1;
            } else if differing & (1 << at) != 0 {
                let level = self.level(at, row_a[at], row_b[at]);
                levels[at] = level;
                best += self.weights[at][level as usize] - self.best_other[at];
                if f64::from(best) < least {
                    return None;
                }
            }
            if (1..=2).contains(&levels[at]) {
                covered |= self.covers[at];
            }
        }
        let mut weight = self.prior;
        for (at, level) in levels[..row_a.len()].iter().enumerate() {
            let part = match level {
                0 => continue,
                1 => self.same_weight(at, row_a[at]),
                _ => self.weights[at][*level as usize],
            };
            if covered & (1 << at) == 0 || part < 0.0 {
                weight += f64::from(part);
            }
        }
        (weight >= least).then_some(weight)
    }

    /// The weight of a pair.
    pub(crate) fn weight(&self, a: u32, b: u32) -> f64 {
        self.weight_from(a, b, f64::NEG_INFINITY)
            .unwrap_or(f64::NEG_INFINITY)
    }

    fn level(&self, field: usize, x: u32, y: u32) -> u8 {
        let values = self.records.values(field);
        compare::level(&self.spec.fields()[field], values.get(x), values.get(y))
    }

    /// Whether two records cannot be one person, whatever the weights say.
    pub(crate) fn conflict(&self, a: u32, b: u32) -> bool {
        conflict(self.records, self.spec, a, b)
    }
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
    spec.hard.iter().any(|rule| {
        rule.iter()
            .all(|at| row_a[*at] != row_b[*at] && row_a[*at] != 0 && row_b[*at] != 0)
            && sets_apart(records, spec, rule, row_a, row_b)
    })
}

/// Whether the fields of a hard rule, which all differ, differ for sure.
fn sets_apart(
    records: &Records,
    spec: &Spec,
    rule: &[usize],
    row_a: &[u32],
    row_b: &[u32],
) -> bool {
    let (mut ids, mut neighbours, mut lone) = (0, 0, 0);
    for at in rule {
        let field = &spec.fields()[*at];
        let values = records.values(*at);
        let (x, y) = (values.get(row_a[*at]), values.get(row_b[*at]));
        if !is_sure(records, spec, *at, row_a) || !is_sure(records, spec, *at, row_b) {
            return false;
        }
        let level = compare::level(field, x, y) as usize;
        // A number that two records hold is no slip of another that two records hold.
        let confirmed = |id: u32| values.count(id) > 1;
        let is_id = field.kind == FieldKind::Id;
        let two = is_id && confirmed(row_a[*at]) && confirmed(row_b[*at]);
        if !(level == field.kind.levels().len() || two && level > 1) {
            return false;
        }
        ids += usize::from(is_id);
        let neighbour = is_id && compare::slips(x, y, 1) == 1;
        neighbours += usize::from(neighbour);
        lone += usize::from(neighbour && !two);
    }
    // Twins have neighbouring numbers in all; one number alone that only one record holds, next
    // to another, is more likely a slip in its serial.
    !(ids > 1 && neighbours == 1 && lone == 1)
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
    for (at, field) in spec.fields().iter().enumerate() {
        let level = match (row_a[at], row_b[at]) {
            (0, _) | (_, 0) => 0,
            (x, y) if x == y => 1,
            (x, y) => {
                let values = records.values(at);
                compare::level(field, values.get(x), values.get(y))
            }
        };
        pattern |= u64::from(level) << (3 * at);
    }
    pattern
}

/// The level of one field in a pattern.
pub(crate) fn level_in(pattern: u64, field: usize) -> usize {
    (pattern >> (3 * field) & 7) as usize
}
