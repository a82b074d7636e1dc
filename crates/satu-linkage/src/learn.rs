//! Learning a model without labels.
//!
//! `u` comes from random pairs, `m` from expectation-maximisation within each blocking rule over
//! the fields that the rule does not fix (as in Enamorado, Fifield and Imai 2019, and Splink),
//! weighted by the matches each rule is expected to hold. Pairs are counted by pattern of levels,
//! so a round of EM costs as many steps as there are patterns.

use rustc_hash::FxHashMap;

use crate::alike::alike;
use crate::block::Blocking;
use crate::intern::hash;
use crate::model::Model;
use crate::records::Records;
use crate::sample::{Agreement, Histogram, Sample, agreement, sorted, strangers};
use crate::score::level_in;
use crate::spec::Spec;

/// How many made-up pairs of the usual kind weigh in with those seen.
const USUAL_MATCHES: f64 = 20.0;
const USUAL_RANDOM: f64 = 1000.0;
/// A field's values beyond this many are not kept one by one.
const MOST_COMMON: usize = 4096;
/// The least chance of a level, so that no single field can decide alone.
const LEAST_M: f64 = 5e-4;
const LEAST_U: f64 = 1e-9;
/// The least share of pairs of two persons among those that agree on a number: how often one is
/// lent or filed with another is known no better, however many rows there are.
const LEAST_SHARED: f64 = 1e-3;
const ROUNDS: usize = 60;

/// Learns a model from the records.
pub(crate) fn learn(records: &Records, spec: &Spec, blocking: &Blocking) -> Model {
    let mut model = Model::usual(spec);
    model.records = records.len() as u64;
    let count = records.len() as f64;
    let all_pairs = (count * (count - 1.0) / 2.0).max(1.0);
    let strangers = strangers(records, spec);
    let random = strangers.patterns;
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
    model.alike = alike(&model, records, spec, &samples, all_pairs * strangers.apart);
    model
}

fn estimate_u(model: &mut Model, spec: &Spec, random: &Histogram, same: &[Agreement]) {
    for (at, field) in spec.fields().iter().enumerate() {
        let levels = field.kind.levels().len();
        let mut counts = vec![0.0; levels + 1];
        for (pattern, pairs) in random {
            counts[level_in(*pattern, at)] += pairs;
        }
        let drawn: f64 = counts[1..].iter().sum();
        let usual = field.kind.usual_u();
        // Some random pairs are of one person: take out what they bring.
        let matches = |level: usize| model.prior * model.fields[at].levels[level].m;
        let chance = |level: usize, count: f64, seen: f64| {
            let strangers = (count - matches(level) * seen).max(0.0);
            (strangers + usual[level] * USUAL_RANDOM) / (seen + USUAL_RANDOM)
        };
        let mut found: Vec<f64> = (0..levels)
            .map(|level| chance(level, counts[level + 1], drawn).max(LEAST_U))
            .collect();
        // Agreement is known of all pairs, from the values' counts; the rest is drawn.
        if let Some(known) = same.get(at).filter(|known| known.pairs > 0.0) {
            found[0] = chance(0, known.same, known.pairs).max(matches(0) * LEAST_SHARED);
        }
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
    let mut moved: f64 = 0.0;
    for (level, m) in model.fields[field]
        .levels
        .iter_mut()
        .zip(chances(counts, usual))
    {
        moved = moved.max((level.m - m).abs());
        level.m = m;
    }
    moved
}

/// The chance of each level of `usual` from the expected counts, which begin with level 0.
pub(crate) fn chances(counts: &[f64; 8], usual: &[f64]) -> Vec<f64> {
    let seen: f64 = counts[1..=usual.len()].iter().sum();
    let mut found: Vec<f64> = counts[1..]
        .iter()
        .zip(usual)
        .map(|(count, usual)| {
            ((count + usual * USUAL_MATCHES) / (seen + USUAL_MATCHES)).max(LEAST_M)
        })
        .collect();
    let total: f64 = found.iter().sum();
    for chance in &mut found {
        *chance /= total;
    }
    found
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
