//! Pairs to learn from, counted by pattern of levels.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::block::Blocking;
use crate::intern::{hash, mix};
use crate::records::Records;
use crate::score::{conflict, numbers_differ, pattern};
use crate::spec::{Part, Spec};

/// Random pairs looked at for `u`.
const RANDOM_PAIRS: u64 = 163_840;
/// Pairs of each rule looked at for `m`, about.
const RULE_PAIRS: u64 = 50_000;

/// How many pairs show each pattern.
pub(crate) type Histogram = Vec<(u64, f64)>;

pub(crate) fn sorted(histogram: FxHashMap<u64, f64>) -> Histogram {
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
fn signatures(records: &Records, spec: &Spec) -> Vec<u64> {
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

/// Pairs drawn by chance.
pub(crate) struct Strangers {
    /// Their patterns.
    pub patterns: Histogram,
    /// The share that their numbers set apart.
    pub apart: f64,
}

/// Some of them: their patterns, and of those judged, how many their numbers set apart.
#[derive(Default)]
struct Looked {
    patterns: Counts,
    judged: u64,
    apart: u64,
}

/// Draws pairs by chance, the same whatever order the records came in.
pub(crate) fn strangers(records: &Records, spec: &Spec) -> Strangers {
    let signatures = signatures(records, spec);
    let mut order: Vec<u32> = (0..records.len() as u32).collect();
    order.par_sort_unstable_by_key(|record| signatures[*record as usize]);
    let count = order.len() as u64;
    let all = count * count.saturating_sub(1) / 2;
    // A share that is near 1 is known well from few.
    let every = if all <= RANDOM_PAIRS { 1 } else { 8 };
    let look = |x: u64, y: u64, looked: &mut Looked| {
        let (a, b) = (order[x as usize], order[y as usize]);
        let pattern = pattern(records, spec, a, b);
        *looked.patterns.entry(pattern).or_default() += 1;
        if (x + y).is_multiple_of(every) {
            looked.judged += 1;
            looked.apart += u64::from(numbers_differ(records, spec, a, b));
        }
    };
    let looked: Vec<Looked> = if all <= RANDOM_PAIRS {
        (0..count)
            .into_par_iter()
            .map(|x| {
                let mut looked = Looked::default();
                for y in 0..x {
                    look(x, y, &mut looked);
                }
                looked
            })
            .collect()
    } else {
        let chunk = 8192;
        (0..RANDOM_PAIRS / chunk)
            .into_par_iter()
            .map(|at| {
                let mut looked = Looked::default();
                for draw in at * chunk..(at + 1) * chunk {
                    let x = mix(draw, 1) % count;
                    let y = (x + 1 + mix(draw, 2) % (count - 1)) % count;
                    look(x, y, &mut looked);
                }
                looked
            })
            .collect()
    };
    let judged: u64 = looked.iter().map(|looked| looked.judged).sum();
    let apart: u64 = looked.iter().map(|looked| looked.apart).sum();
    Strangers {
        patterns: merge(looked.into_iter().map(|looked| looked.patterns).collect()),
        apart: apart as f64 / judged.max(1) as f64,
    }
}

/// How many pairs of records have a value of a field, and how many of them the same.
#[derive(Clone, Copy)]
pub(crate) struct Agreement {
    pub same: f64,
    pub pairs: f64,
}

/// Counts them for each field.
pub(crate) fn agreement(records: &Records) -> Vec<Agreement> {
    let width = if records.is_empty() {
        0
    } else {
        records.row(0).len()
    };
    (0..width)
        .map(|field| {
            let values = records.values(field);
            let (mut total, mut same) = (0.0f64, 0.0);
            for id in 1..values.len() as u32 {
                let count = f64::from(values.count(id));
                total += count;
                same += count * (count - 1.0) / 2.0;
            }
            Agreement {
                same,
                pairs: total * (total - 1.0) / 2.0,
            }
        })
        .collect()
}

/// Pairs by pattern, while they are counted.
type Counts = FxHashMap<u64, u64>;
/// All, fresh, and set apart, as [`Sample`] has them.
type Drawn = (Counts, Counts, Vec<(u32, u32)>);

/// Pairs of one rule, counted by pattern.
pub(crate) struct Sample {
    /// All of them, where the rule teaches.
    pub all: Histogram,
    /// Those that no rule before this one brings.
    pub fresh: Histogram,
    /// Pairs that their numbers set apart, and that no rule before this one brings.
    pub apart: Vec<(u32, u32)>,
    pub scale: f64,
    /// Fields that the rule fixes, as bits.
    pub fixed: u32,
}

impl Sample {
    pub(crate) fn draw(records: &Records, spec: &Spec, blocking: &Blocking, rule: usize) -> Sample {
        let blocks = &blocking.rules[rule];
        let pairs: u64 = (0..blocks.len())
            .map(|at| blocks.get(at).len() as u64)
            .map(|size| size * (size - 1) / 2)
            .sum();
        let every = (pairs / RULE_PAIRS).max(1);
        let teaches = spec.rules[rule].teaches;
        // Whole groups are drawn by what is in their key's place, not by their number.
        let chunks: Vec<(Drawn, u64)> = (0..blocks.len().div_ceil(2048))
            .into_par_iter()
            .map(|chunk| {
                let (mut all, mut fresh) = (Counts::default(), Counts::default());
                let mut apart = Vec::new();
                let mut drawn = 0;
                for at in chunk * 2048..((chunk + 1) * 2048).min(blocks.len()) {
                    if every > 1 && !mix(at as u64, 3).is_multiple_of(every) {
                        continue;
                    }
                    let members = blocks.get(at);
                    for (i, a) in members.iter().enumerate() {
                        for b in &members[..i] {
                            drawn += 1;
                            let new = !blocking.seen(rule, *a, *b);
                            if !(new || teaches) {
                                continue;
                            }
                            // A pair set apart is no match: nothing is learnt of matches from it.
                            if numbers_differ(records, spec, *a, *b) {
                                if new {
                                    apart.push((*a, *b));
                                }
                                continue;
                            }
                            if conflict(records, spec, *a, *b) {
                                continue;
                            }
                            let pattern = pattern(records, spec, *a, *b);
                            if teaches {
                                *all.entry(pattern).or_default() += 1;
                            }
                            if new {
                                *fresh.entry(pattern).or_default() += 1;
                            }
                        }
                    }
                }
                ((all, fresh, apart), drawn)
            })
            .collect();
        let (counts, drawn): (Vec<_>, Vec<u64>) = chunks.into_iter().unzip();
        let (mut all, mut fresh, mut apart) = (Vec::new(), Vec::new(), Vec::new());
        for counts in counts {
            all.push(counts.0);
            fresh.push(counts.1);
            apart.extend(counts.2);
        }
        let drawn: u64 = drawn.iter().sum();
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
            scale: pairs as f64 / drawn.max(1) as f64,
            fresh: merge(fresh),
            all: merge(all),
            apart,
            fixed,
        }
    }
}
