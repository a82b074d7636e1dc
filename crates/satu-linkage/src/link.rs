//! Linking: from records to clusters.

use std::time::Instant;

use rayon::prelude::*;
use serde::Serialize;

use crate::block::{BlockCount, Blocking};
use crate::cluster;
use crate::learn;
use crate::model::{Model, probability, weight_of};
use crate::records::Records;
use crate::score::Scorer;
use crate::spec::Spec;

/// What persons have decided; obeyed whatever the weights say.
#[derive(Debug, Clone, Default)]
pub struct Constraints {
    /// Pairs of records that are of one person, even against hard evidence.
    pub same: Vec<(u32, u32)>,
    /// Pairs of records that are not. Where the two kinds contradict each other this one wins,
    /// and the pair that could not be obeyed stands under [`Linked::review`].
    pub not_same: Vec<(u32, u32)>,
}

/// Two records, `a` before `b`, and the evidence that they are of one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The earlier record's index.
    pub a: u32,
    /// The later record's index.
    pub b: u32,
    /// The sum of the fields' evidence and the prior, in bits.
    pub weight: f32,
    /// The same as a probability.
    pub probability: f32,
}

impl Pair {
    pub(crate) fn new(a: u32, b: u32, weight: f64) -> Pair {
        Pair {
            a: a.min(b),
            b: a.max(b),
            weight: weight as f32,
            probability: probability(weight) as f32,
        }
    }
}

/// What linking found.
#[derive(Debug, Clone)]
pub struct Linked {
    /// Per record, the smallest record index in its cluster.
    pub clusters: Vec<u32>,
    /// Pairs at or above `link_at` inside one cluster, by record index.
    pub links: Vec<Pair>,
    /// Pairs a person must look at, by record index: between `review_at` and `link_at`, or above
    /// but barred by hard evidence, a decision, or the rest of the two clusters.
    pub review: Vec<Pair>,
    /// The model used: the one given, or the one learnt.
    pub model: Model,
    /// What each blocking rule brought.
    pub blocking: Vec<BlockCount>,
    /// Where the time went.
    pub seconds: Seconds,
}

/// How long each stage took, in seconds on the clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Seconds {
    /// Finding which records share a key.
    pub block: f64,
    /// Learning the model; next to nothing where one was given.
    pub learn: f64,
    /// Comparing and weighing the pairs.
    pub score: f64,
    /// Settling which linked pairs may stand together.
    pub cluster: f64,
}

/// Links records: finds candidate pairs, learns a model unless one that fits is given, scores,
/// and clusters. The result does not depend on the number of threads. Constraints that name a
/// record that is not there are passed over.
pub fn link(
    records: &Records,
    spec: &Spec,
    constraints: &Constraints,
    model: Option<&Model>,
) -> Linked {
    let mut seconds = Seconds::default();
    let mut began = Instant::now();
    let mut lap = || {
        let took = began.elapsed().as_secs_f64();
        began = Instant::now();
        took
    };
    let blocking = Blocking::new(records, spec);
    seconds.block = lap();
    let model = match model {
        Some(model) if model.judges(spec) => model.clone(),
        _ => learn::learn(records, spec, &blocking),
    };
    seconds.learn = lap();
    let scorer = Scorer::new(records, spec, &model);
    let (pairs, counts) = score_all(&blocking, spec, &scorer);
    drop(blocking);
    seconds.score = lap();
    let link_weight = weight_of(spec.link_at());
    let clustered = cluster::cluster(records, spec, &scorer, constraints, &pairs, link_weight);
    seconds.cluster = lap();
    Linked {
        clusters: clustered.clusters,
        links: clustered.links,
        review: clustered.review,
        model,
        blocking: counts,
        seconds,
    }
}

/// All pairs worth a look, each once.
fn score_all(blocking: &Blocking, spec: &Spec, scorer: &Scorer) -> (Vec<Pair>, Vec<BlockCount>) {
    const CHUNK: usize = 1024;
    let least = weight_of(spec.review_at()).min(weight_of(spec.link_at()));
    let mut found = Vec::new();
    let mut counts = Vec::new();
    for (rule, blocks) in blocking.rules.iter().enumerate() {
        let chunks: Vec<(Vec<Pair>, u64)> = (0..blocks.len().div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let mut kept = Vec::new();
                let mut pairs = 0;
                for at in chunk * CHUNK..((chunk + 1) * CHUNK).min(blocks.len()) {
                    let members = blocks.get(at);
                    for (i, b) in members.iter().enumerate() {
                        for a in &members[..i] {
                            if blocking.seen(rule, *a, *b) {
                                continue;
                            }
                            pairs += 1;
                            if let Some(weight) = scorer.weight_from(*a, *b, least) {
                                kept.push(Pair::new(*a, *b, weight));
                            }
                        }
                    }
                }
                (kept, pairs)
            })
            .collect();
        let mut pairs = 0;
        for (kept, count) in chunks {
            found.extend(kept);
            pairs += count;
        }
        counts.push(BlockCount {
            name: spec.rules[rule].name.clone(),
            pairs,
            blocks: blocks.len() as u64,
            capped: blocks.capped,
        });
    }
    (found, counts)
}
