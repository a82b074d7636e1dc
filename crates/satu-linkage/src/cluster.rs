//! Clustering: which linked pairs may stand together.
//!
//! Best link first; two clusters join only if no hard evidence and no decision sets any of their
//! members apart and what they say together, of each field the best, still links them. So one reused
//! number cannot chain two persons together, and one spoilt row keeps none apart.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::link::{Constraints, Pair};
use crate::records::Records;
use crate::score::Scorer;
use crate::spec::Spec;

/// Pairs between two clusters looked at.
const MOST_LOOKS: usize = 64;

pub(crate) struct Clustered {
    pub clusters: Vec<u32>,
    pub links: Vec<Pair>,
    pub review: Vec<Pair>,
}

/// Disjoint sets; the root of a set is its smallest record.
struct Sets(Vec<u32>);

impl Sets {
    fn new(count: usize) -> Sets {
        Sets((0..count as u32).collect())
    }

    fn root(&mut self, mut record: u32) -> u32 {
        while self.0[record as usize] != record {
            let above = self.0[self.0[record as usize] as usize];
            self.0[record as usize] = above;
            record = above;
        }
        record
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

pub(crate) fn cluster(
    records: &Records,
    spec: &Spec,
    scorer: &Scorer,
    constraints: &Constraints,
    pairs: &[Pair],
    link_weight: f64,
) -> Clustered {
    let count = records.len();
    let known = |(a, b): &&(u32, u32)| (*a as usize) < count && (*b as usize) < count && a != b;
    let mut apart: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (a, b) in constraints.not_same.iter().filter(known) {
        apart.entry(*a).or_default().push(*b);
        apart.entry(*b).or_default().push(*a);
    }
    let mut together: Vec<(u32, u32)> = constraints
        .same
        .iter()
        .filter(known)
        .map(|(a, b)| (*a.min(b), *a.max(b)))
        .collect();
    together.sort_unstable();
    together.dedup();

    // What hangs together at all falls into islands; each is worked on by itself.
    let is_link = |pair: &Pair| f64::from(pair.weight) >= link_weight as f32 as f64;
    let mut sets = Sets::new(count);
    for pair in pairs.iter().filter(|pair| is_link(pair)) {
        sets.join(pair.a, pair.b);
    }
    for (a, b) in &together {
        sets.join(*a, *b);
    }
    let mut edges: Vec<(u32, Edge)> = together
        .iter()
        .map(|(a, b)| {
            (
                sets.root(*a),
                Edge {
                    a: *a,
                    b: *b,
                    weight: f32::INFINITY,
                },
            )
        })
        .collect();
    edges.extend(pairs.iter().filter(|pair| is_link(pair)).map(|pair| {
        let edge = Edge {
            a: pair.a,
            b: pair.b,
            weight: pair.weight,
        };
        (sets.root(pair.a), edge)
    }));
    edges.par_sort_unstable_by(|(island_x, x), (island_y, y)| {
        island_x
            .cmp(island_y)
            .then(y.weight.total_cmp(&x.weight))
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    let islands: Vec<&[(u32, Edge)]> = edges.chunk_by(|x, y| x.0 == y.0).collect();
    let judge = Judge {
        records,
        spec,
        scorer,
        apart: &apart,
        link_weight,
    };
    let settled: Vec<Vec<Vec<u32>>> = islands
        .par_iter()
        .with_min_len(256)
        .map(|edges| judge.settle(edges))
        .collect();

    let mut clusters: Vec<u32> = (0..count as u32).collect();
    for members in settled.iter().flatten() {
        let first = members.iter().copied().min().unwrap_or(0);
        for member in members {
            clusters[*member as usize] = first;
        }
    }
    let mut links = Vec::new();
    let mut review = Vec::new();
    for pair in pairs {
        let joined = clusters[pair.a as usize] == clusters[pair.b as usize];
        match (joined, is_link(pair)) {
            (true, true) => links.push(*pair),
            (true, false) => {}
            // What hard evidence sets apart is worth a look only where the weights would link it.
            (false, false) if scorer.conflict(pair.a, pair.b) => {}
            (false, _) => {
                let decided = apart
                    .get(&pair.a)
                    .is_some_and(|others| others.contains(&pair.b));
                if !decided {
                    review.push(*pair);
                }
            }
        }
    }
    for (a, b) in together {
        if clusters[a as usize] != clusters[b as usize] {
            review.push(Pair::new(a, b, scorer.weight(a, b)));
        }
    }
    links.par_sort_unstable_by_key(|pair| (pair.a, pair.b));
    review.par_sort_unstable_by_key(|pair| (pair.a, pair.b));
    review.dedup_by_key(|pair| (pair.a, pair.b));
    Clustered {
        clusters,
        links,
        review,
    }
}

#[derive(Clone, Copy)]
struct Edge {
    a: u32,
    b: u32,
    weight: f32,
}

/// One of two clusters that may join.
#[derive(Clone, Copy)]
struct Side<'a> {
    members: &'a [u32],
    /// Whether a person decided about any two of its members.
    decided: bool,
}

struct Judge<'a> {
    records: &'a Records,
    spec: &'a Spec,
    scorer: &'a Scorer<'a>,
    apart: &'a FxHashMap<u32, Vec<u32>>,
    link_weight: f64,
}

impl Judge<'_> {
    /// Settles one island: its links best first, decisions before all.
    fn settle(&self, edges: &[(u32, Edge)]) -> Vec<Vec<u32>> {
        let mut edges: Vec<Edge> = edges.iter().map(|(_, edge)| *edge).collect();
        self.break_ties(&mut edges);
        let mut places: Vec<u32> = edges.iter().flat_map(|edge| [edge.a, edge.b]).collect();
        places.sort_unstable();
        places.dedup();
        let place = |record: u32| places.binary_search(&record).unwrap_or(0);
        let mut home: Vec<usize> = (0..places.len()).collect();
        let mut clusters: Vec<Vec<u32>> = places.iter().map(|record| vec![*record]).collect();
        let mut decided = vec![false; places.len()];
        for edge in &edges {
            let (x, y) = (home[place(edge.a)], home[place(edge.b)]);
            let sides = (
                Side {
                    members: &clusters[x],
                    decided: decided[x],
                },
                Side {
                    members: &clusters[y],
                    decided: decided[y],
                },
            );
            if x == y || !self.may_join(sides.0, sides.1, edge.weight) {
                continue;
            }
            let (from, to) = if clusters[x].len() <= clusters[y].len() {
                (x, y)
            } else {
                (y, x)
            };
            let moved = std::mem::take(&mut clusters[from]);
            for record in &moved {
                home[place(*record)] = to;
            }
            clusters[to].extend(moved);
            decided[to] |= decided[from] || edge.weight == f32::INFINITY;
        }
        clusters.retain(|members| members.len() > 1);
        clusters
    }

    /// Links of equal weight in an order that depends on what the records say, not on where they stand.
    fn break_ties(&self, edges: &mut [Edge]) {
        if edges
            .windows(2)
            .all(|pair| pair[0].weight.total_cmp(&pair[1].weight).is_ne())
        {
            return;
        }
        let text = |record: u32| {
            self.records
                .row(record)
                .iter()
                .enumerate()
                .map(|(field, id)| self.records.values(field).get(*id))
                .collect::<Vec<_>>()
        };
        edges.sort_by_cached_key(|edge| {
            let (a, b) = (text(edge.a), text(edge.b));
            let (a, b) = if a <= b { (a, b) } else { (b, a) };
            (
                std::cmp::Reverse(ordered(edge.weight)),
                a,
                b,
                edge.a,
                edge.b,
            )
        });
    }

    fn may_join(&self, x: Side, y: Side, weight: f32) -> bool {
        let (a, b) = (x.members, y.members);
        let decided_apart = !self.apart.is_empty()
            && a.iter().any(|record| {
                self.apart
                    .get(record)
                    .is_some_and(|others| others.iter().any(|other| b.contains(other)))
            });
        if decided_apart {
            return false;
        }
        if weight == f32::INFINITY {
            return true;
        }
        let fits =
            |one: &u32, all: &[u32]| all.iter().any(|other| !self.scorer.conflict(*one, *other));
        match (x.decided, y.decided) {
            // Who was decided to be one person may bear two numbers: agreeing with one is enough.
            (true, true) => a.iter().any(|record| fits(record, b)),
            (true, false) => b.iter().all(|record| fits(record, a)),
            (false, true) => a.iter().all(|record| fits(record, b)),
            (false, false) => self.agree(a, b),
        }
    }

    /// Whether what two clusters say together links them.
    fn agree(&self, x: &[u32], y: &[u32]) -> bool {
        let all = x.len() * y.len();
        if all == 1 {
            return !self.scorer.conflict(x[0], y[0]);
        }
        let looks = (0..all).step_by(all.div_ceil(MOST_LOOKS));
        let best = self
            .scorer
            .best(looks.map(|at| (x[at / y.len()], y[at % y.len()])));
        let conflict = |x: &[u32], y: &[u32]| {
            x.iter()
                .any(|a| y.iter().any(|b| self.scorer.conflict_in(&best, *a, *b)))
        };
        if self.scorer.weight_of(&best) < self.link_weight {
            return false;
        }
        if all <= MOST_LOOKS {
            return !conflict(x, y);
        }
        // Large clusters repeat the same few values: one record for each combination is enough.
        !conflict(&self.distinct(x), &self.distinct(y))
    }

    fn distinct(&self, members: &[u32]) -> Vec<u32> {
        let mut fields: Vec<usize> = self.spec.hard.iter().flatten().copied().collect();
        fields.sort_unstable();
        fields.dedup();
        let mut keyed: Vec<(Vec<u32>, u32)> = members
            .iter()
            .map(|record| {
                let row = self.records.row(*record);
                (fields.iter().map(|field| row[*field]).collect(), *record)
            })
            .collect();
        keyed.sort_unstable();
        keyed.dedup_by(|a, b| a.0 == b.0);
        keyed.into_iter().map(|(_, record)| record).collect()
    }
}

/// A weight as a number that sorts like it.
fn ordered(weight: f32) -> i64 {
    let bits = i64::from(weight.to_bits() as i32);
    if bits < 0 {
        i64::from(i32::MIN) - bits - 1
    } else {
        bits
    }
}
