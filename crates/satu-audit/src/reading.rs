//! Reading a log once, from its start, for all that is to be known of it.

use std::ops::Range;

use crate::{Frontier, Hash};

/// The roots of a log and of stretches of it, while its entries pass by. Takes the memory of a few
/// hashes for each stretch, however long the log is.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    whole: Frontier,
    stretches: Vec<(Range<u64>, Frontier)>,
}

impl Reading {
    /// A reading for these stretches; they may overlap. The first entry has the index 0.
    pub fn of(stretches: impl IntoIterator<Item = Range<u64>>) -> Reading {
        let begin = |stretch| (stretch, Frontier::default());
        Reading {
            whole: Frontier::default(),
            stretches: stretches.into_iter().map(begin).collect(),
        }
    }

    /// Takes the hash of the next entry.
    pub fn push(&mut self, leaf: Hash) {
        let index = self.whole.size();
        for (stretch, frontier) in &mut self.stretches {
            if stretch.contains(&index) {
                frontier.push(leaf);
            }
        }
        self.whole.push(leaf);
    }

    /// All that was read.
    pub fn whole(&self) -> &Frontier {
        &self.whole
    }

    /// The root of each stretch, in the order they were asked for; none where the log ended before it.
    pub fn roots(&self) -> Vec<Option<Hash>> {
        let root = |(stretch, frontier): &(Range<u64>, Frontier)| {
            (stretch.end <= self.whole.size()).then(|| frontier.root())
        };
        self.stretches.iter().map(root).collect()
    }
}
