//! Linking a part of all records with a model that is there: weigh chosen pairs, settle clusters.
//!
//! [`crate::link`] finds the pairs itself, among all records. Here the caller has found them, by an
//! index of [`crate::Keys`], and the part is *closed*: with a record, every record that a pair at or
//! above `link_at` ties it to is there too. Islands of links are settled one by one, so the clusters
//! of a closed part are those of the whole, given the same model, the same pairs, and the true
//! counts of numbers ([`Records::held_by`]).

use rayon::prelude::*;

use crate::cluster;
use crate::link::{Constraints, Pair};
use crate::model::{Model, weight_of};
use crate::records::Records;
use crate::score::Scorer;
use crate::spec::Spec;

/// What settling a part found, as [`crate::Linked`] has it.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Per record, the smallest record index in its cluster.
    pub clusters: Vec<u32>,
    /// Pairs at or above `link_at` inside one cluster.
    pub links: Vec<Pair>,
    /// Pairs a person must look at.
    pub review: Vec<Pair>,
}

/// Weighs pairs of record indexes; those that neither link nor need a look are left out. The model
/// must fit ([`Model::fits`]), else nothing is found.
pub fn weigh(records: &Records, spec: &Spec, model: &Model, pairs: &[(u32, u32)]) -> Vec<Pair> {
    if !model.fits(spec) {
        return Vec::new();
    }
    let scorer = Scorer::new(records, spec, model);
    let least = weight_of(spec.review_at()).min(weight_of(spec.link_at()));
    pairs
        .par_iter()
        .with_min_len(4096)
        .filter_map(|(a, b)| {
            let weight = scorer.weight_from(*a, *b, least)?;
            Some(Pair::new(*a, *b, weight))
        })
        .collect()
}

/// Settles which of the weighed pairs stand together, as [`crate::link`] does with all.
pub fn settle(
    records: &Records,
    spec: &Spec,
    constraints: &Constraints,
    model: &Model,
    pairs: &[Pair],
) -> Settled {
    if !model.fits(spec) {
        return Settled {
            clusters: (0..records.len() as u32).collect(),
            links: Vec::new(),
            review: Vec::new(),
        };
    }
    let scorer = Scorer::new(records, spec, model);
    let link_weight = weight_of(spec.link_at());
    let clustered = cluster::cluster(records, spec, &scorer, constraints, pairs, link_weight);
    Settled {
        clusters: clustered.clusters,
        links: clustered.links,
        review: clustered.review,
    }
}

impl Spec {
    /// Whether a pair links, where nothing bars it.
    pub fn links(&self, pair: &Pair) -> bool {
        f64::from(pair.weight) >= f64::from(weight_of(self.link_at()) as f32)
    }
}
