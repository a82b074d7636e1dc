//! Learning a model without labels.
//!
//! `u` comes from random pairs, `m` from expectation-maximisation within each blocking rule over
//! the fields that the rule does not fix (as in Enamorado, Fifield and Imai 2019, and Splink),
//! weighted by the matches each rule is expected to hold. Pairs are counted by pattern of levels,
//! so a round of EM costs as many steps as there are patterns.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::block::Blocking;
use crate::intern::{hash, mix};
use crate::model::Model;
use crate::records::Records;
use crate::score::{level_in, pattern};
use crate::spec::{Part, Spec};

/// Random pairs looked at for `u`.
const RANDOM_PAIRS: u64 = 163_840;
/// Pairs of each rule looked at for `m`, about.
const RULE_PAIRS: u64 = 50_000;
/// How many made-up pairs of the usual kind weigh in with those seen.
const USUAL_MATCHES: f64 = 20.0;
const USUAL_RANDOM: f64 = 1000.0;
/// A field's values beyond this many are not kept one by one.
const MOST_COMMON: usize = 4096;
/// The least chance of a level, so that no single field can decide alone.
const LEAST_M: f64 = 5e-4;
const LEAST_U: f64 = 1e-8;
const ROUNDS: usize = 60;

type Histogram = Vec<(u64, f64)>;

/// Learns a model from the records.
pub(crate) fn learn(records: &Records, spec: &Spec, blocking: &Blocking) -> Model {
    let mut model = Model::usual(spec);
    model.records = records.len() as u64;
    let count = records.len() as f64;
    let all_pairs = (count * (count - 1.0) / 2.0).max(1.0);
    let random = random_patterns(records, spec);
    let samples: Vec<Sample> = (0..spec.rules.len())
        .map(|rule| Sample::draw(records, spec, blocking, rule))
        .collect();
    // All pairs that any rule brings, each once, scaled up to the whole.
    let mut union: FxHashMap<u64, f64> = FxHashMap::default();
    for sample in &samples {
        for (pattern, pairs) in &sample.fresh {
            *union.entry(*pattern).or_default() += pairs * sample.scale;
        }
    }
    let union = sorted(union);
    let same = agreement(records);
    model.prior = (1.0 / count.max(2.0)).min(0.3);
    for _ in 0..3 {
        estimate_u(&mut model, spec, &random, &same);
        estimate_m(&mut model, spec, &samples);
        estimate_prior(&mut model, spec, &union, all_pairs);
    }
    estimate_u(&mut model, spec, &random, &same);
    common_values(&mut model, records, spec);
    model
}

fn sorted(histogram: FxHashMap<u64, f64>) -> Histogram {
    let mut list: Histogram = histogram.into_iter().collect();
    list.sort_unstable_by_key(|(pattern, _)| *pattern);
    list
}

fn merge(counts: Vec<FxHashMap<u64, u64>>) -> Histogram {
    let mut all: FxHashMap<u64, f64> = FxHashMap::default();
    for counts in counts {
        for (pattern, count) in counts {
            *all.entry(pattern).or_default() += count as f64;
        }
    }
    sorted(all)
}

/// An order of the records that does not depend on the order they came in.
pub(crate) fn signatures(records: &Records, spec: &Spec) -> Vec<u64> {
    (0..records.len() as u32)
        .into_par_iter()
        .with_min_len(4096)
        .map(|record| {
            records
                .row(record)
                .iter()
                .enumerate()
                .take(spec.fields().len())
                .fold(1, |state, (at, id)| {
                    if *id == 0 {
                        mix(state, 0)
                    } else {
                        mix(state, hash(records.values(at).get(*id)))
                    }
                })
        })
        .collect()
}

fn random_patterns(records: &Records, spec: &Spec) -> Histogram {
    let signatures = signatures(records, spec);
    let mut order: Vec<u32> = (0..records.len() as u32).collect();
    order.par_sort_unstable_by_key(|record| signatures[*record as usize]);
    let count = order.len() as u64;
    let all = count * count.saturating_sub(1) / 2;
    let counts: Vec<FxHashMap<u64, u64>> = if all <= RANDOM_PAIRS {
        (0..order.len())
            .into_par_iter()
            .map(|a| {
                let mut counts = FxHashMap::default();
                for b in 0..a {
                    *counts
                        .entry(pattern(records, spec, order[a], order[b]))
                        .or_default() += 1;
                }
                counts
            })
            .collect()
    } else {
        let chunk = 8192;
        (0..RANDOM_PAIRS / chunk)
            .into_par_iter()
            .map(|at| {
                let mut counts = FxHashMap::default();
                for draw in at * chunk..(at + 1) * chunk {
                    let a = mix(draw, 1) % count;
                    let b = (a + 1 + mix(draw, 2) % (count - 1)) % count;
                    let (a, b) = (order[a as usize], order[b as usize]);
                    *counts.entry(pattern(records, spec, a, b)).or_default() += 1;
                }
                counts
            })
            .collect()
    };
    merge(counts)
}

/// Per field, the chance that two random records with a value have the same one.
fn agreement(records: &Records) -> Vec<f64> {
    let width = if records.is_empty() {
        0
    } else {
        records.row(0).len()
    };
    (0..width)
        .map(|field| {
            let values = records.values(field);
            let (mut total, mut pairs) = (0.0, 0.0);
            for id in 1..values.len() as u32 {
                let count = f64::from(values.count(id));
                total += count;
                pairs += count * (count - 1.0);
            }
            if total > 1.0 {
                pairs / (total * (total - 1.0))
            } else {
                0.0
            }
        })
        .collect()
}

/// Pairs of one rule, counted by pattern.
struct Sample {
    all: Histogram,
    /// Those that no rule before this one brings.
    fresh: Histogram,
    scale: f64,
    /// Fields that the rule fixes, as bits.
    fixed: u32,
}

impl Sample {
    fn draw(records: &Records, spec: &Spec, blocking: &Blocking, rule: usize) -> Sample {
        let blocks = &blocking.rules[rule];
        let pairs: u64 = (0..blocks.len())
            .map(|at| blocks.get(at).len() as u64)
            .map(|size| size * (size - 1) / 2)
            .sum();
        let every = (pairs / RULE_PAIRS).max(1);
        // Whole groups are drawn by what is in their key's place, not by their number.
        let chunks: Vec<(FxHashMap<u64, u64>, FxHashMap<u64, u64>)> =
            (0..blocks.len().div_ceil(2048))
                .into_par_iter()
                .map(|chunk| {
                    let mut all = FxHashMap::default();
                    let mut fresh = FxHashMap::default();
                    for at in chunk * 2048..((chunk + 1) * 2048).min(blocks.len()) {
                        if every > 1 && !mix(at as u64, 3).is_multiple_of(every) {
                            continue;
                        }
                        let members = blocks.get(at);
                        for (i, a) in members.iter().enumerate() {
                            for b in &members[..i] {
                                let pattern = pattern(records, spec, *a, *b);
                                *all.entry(pattern).or_default() += 1;
                                if !blocking.seen(rule, *a, *b) {
                                    *fresh.entry(pattern).or_default() += 1;
                                }
                            }
                        }
                    }
                    (all, fresh)
                })
                .collect();
        let (all, fresh): (Vec<_>, Vec<_>) = chunks.into_iter().unzip();
        let all = merge(all);
        let drawn: f64 = all.iter().map(|(_, pairs)| pairs).sum();
        let mut fixed = 0u32;
        for key in &spec.rules[rule].keys {
            fixed |= 1 << key.field;
            if key.part == Part::Whole {
                for covered in &spec.covers[key.field] {
                    fixed |= 1 << covered;
                }
            }
        }
        Sample {
            scale: if drawn > 0.0 {
                pairs as f64 / drawn
            } else {
                1.0
            },
            fresh: merge(fresh),
            all,
            fixed,
        }
    }
}

fn estimate_u(model: &mut Model, spec: &Spec, random: &Histogram, same: &[f64]) {
    for (at, field) in spec.fields().iter().enumerate() {
        let levels = field.kind.levels().len();
        let mut counts = vec![0.0; levels + 1];
        for (pattern, pairs) in random {
            counts[level_in(*pattern, at)] += pairs;
        }
        let seen: f64 = counts[1..].iter().sum();
        // Agreement is known exactly from the values' counts; the rest is drawn.
        if let Some(same) = same.get(at).filter(|_| seen > 0.0) {
            counts[1] = same * seen;
        }
        let usual = field.kind.usual_u();
        let mut found: Vec<f64> = (0..levels)
            .map(|level| {
                // Some random pairs are of one person: take out what they bring.
                let matches = model.prior * seen * model.fields[at].levels[level].m;
                let strangers = (counts[level + 1] - matches).max(0.0);
                ((strangers + usual[level] * USUAL_RANDOM) / (seen + USUAL_RANDOM)).max(LEAST_U)
            })
            .collect();
        let total: f64 = found.iter().sum();
        for u in &mut found {
            *u /= total;
        }
        for (level, u) in model.fields[at].levels.iter_mut().zip(found) {
            level.u = u;
        }
    }
}

/// The weight of each field's levels, level 0 saying nothing.
fn weights(model: &Model) -> Vec<[f64; 8]> {
    model
        .fields
        .iter()
        .map(|field| {
            let mut row = [0.0; 8];
            for (at, level) in field.levels.iter().enumerate() {
                row[at + 1] = level.weight();
            }
            row
        })
        .collect()
}

fn pattern_weight(weights: &[[f64; 8]], covers: &[u32], pattern: u64, leave_out: u32) -> f64 {
    let mut covered = 0u32;
    for (at, covers) in covers.iter().enumerate() {
        if (1..=2).contains(&level_in(pattern, at)) {
            covered |= covers;
        }
    }
    let mut sum = 0.0;
    for (at, weights) in weights.iter().enumerate() {
        let weight = weights[level_in(pattern, at)];
        if leave_out & (1 << at) == 0 && (covered & (1 << at) == 0 || weight < 0.0) {
            sum += weight;
        }
    }
    sum
}

fn cover_bits(spec: &Spec) -> Vec<u32> {
    spec.covers
        .iter()
        .map(|fields| fields.iter().fold(0, |bits, field| bits | 1 << field))
        .collect()
}

fn estimate_m(model: &mut Model, spec: &Spec, samples: &[Sample]) {
    let covers = cover_bits(spec);
    let usual: Vec<&[f64]> = spec
        .fields()
        .iter()
        .map(|field| field.kind.usual_m())
        .collect();
    let mut totals: Vec<[f64; 8]> = vec![[0.0; 8]; spec.fields().len()];
    for sample in samples {
        let pairs: f64 = sample.all.iter().map(|(_, pairs)| pairs).sum();
        if pairs == 0.0 {
            continue;
        }
        let mut own = model.clone();
        let mut share = 0.3;
        let mut counts = totals.clone();
        for _ in 0..ROUNDS {
            let weights = weights(&own);
            counts.fill([0.0; 8]);
            let prior = crate::model::weight_of(share);
            let mut matches = 0.0;
            for (pattern, pairs) in &sample.all {
                let weight = pattern_weight(&weights, &covers, *pattern, sample.fixed) + prior;
                let expected = pairs * crate::model::probability(weight);
                matches += expected;
                for (at, row) in counts.iter_mut().enumerate() {
                    row[level_in(*pattern, at)] += expected;
                }
            }
            let before = share;
            share = ((matches + 0.5) / (pairs + 1.0)).clamp(1e-9, 1.0 - 1e-6);
            let mut moved = (share - before).abs();
            for (at, row) in counts.iter().enumerate() {
                if sample.fixed & (1 << at) == 0 {
                    moved = moved.max(set_m(&mut own, at, row, usual[at]));
                }
            }
            if moved < 1e-5 {
                break;
            }
        }
        for (at, row) in counts.iter().enumerate() {
            if sample.fixed & (1 << at) == 0 {
                for (total, count) in totals[at].iter_mut().zip(row) {
                    *total += count;
                }
            }
        }
    }
    for (at, row) in totals.iter().enumerate() {
        set_m(model, at, row, usual[at]);
    }
}

/// Sets a field's m from expected counts; says how far the furthest moved.
fn set_m(model: &mut Model, field: usize, counts: &[f64; 8], usual: &[f64]) -> f64 {
    let levels = &mut model.fields[field].levels;
    let seen: f64 = counts[1..=levels.len()].iter().sum();
    let found: Vec<f64> = (0..levels.len())
        .map(|at| {
            ((counts[at + 1] + usual[at] * USUAL_MATCHES) / (seen + USUAL_MATCHES)).max(LEAST_M)
        })
        .collect();
    let total: f64 = found.iter().sum();
    let mut moved: f64 = 0.0;
    for (level, m) in levels.iter_mut().zip(found) {
        moved = moved.max((level.m - m / total).abs());
        level.m = m / total;
    }
    moved
}

fn estimate_prior(model: &mut Model, spec: &Spec, union: &Histogram, all_pairs: f64) {
    let weights = weights(model);
    let covers = cover_bits(spec);
    let patterns: Vec<(f64, f64)> = union
        .iter()
        .map(|(pattern, pairs)| (pattern_weight(&weights, &covers, *pattern, 0), *pairs))
        .collect();
    for _ in 0..20 {
        let prior = model.prior_weight();
        let matches: f64 = patterns
            .iter()
            .map(|(weight, pairs)| pairs * crate::model::probability(weight + prior))
            .sum();
        model.prior = ((matches + 0.5) / (all_pairs + 1.0)).clamp(1e-13, 0.5);
    }
}

fn common_values(model: &mut Model, records: &Records, spec: &Spec) {
    let total = records.len().max(1) as f64;
    for (at, field) in spec.fields().iter().enumerate() {
        let u = model.fields[at].levels[0].u;
        let model = &mut model.fields[at];
        model.rare_u = u;
        if !field.term_frequency {
            continue;
        }
        let values = records.values(at);
        // Two holders of a value are the pair itself; chance is in the others.
        model.rare_u = u.min(1.0 / total);
        let least = ((u.min(1.0) * total * 0.5) as u32).max(5);
        let mut common: Vec<(u32, u64)> = (1..values.len() as u32)
            .filter(|id| values.count(*id) >= least)
            .map(|id| (values.count(id), hash(values.get(id))))
            .collect();
        common.sort_unstable_by(|a, b| b.cmp(a));
        if common.len() > MOST_COMMON {
            model.rare_u = model
                .rare_u
                .max(f64::from(common[MOST_COMMON].0) / total / 2.0)
                .min(u.max(1.0 / total));
            common.truncate(MOST_COMMON);
        }
        model.common = common
            .into_iter()
            .map(|(count, hash)| (hash, count.saturating_sub(2)))
            .collect();
        model.common.sort_unstable();
    }
}
