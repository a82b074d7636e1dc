//! How well linkage did, where the truth is known.

use rustc_hash::FxHashMap;
use serde::Serialize;

/// Pairwise accuracy: of the pairs of records said to be one person, how many are (precision); of
/// the pairs that are, how many were said (recall); and their harmonic mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// 0 to 1; 1 where nothing was said.
    pub precision: f64,
    /// 0 to 1; 1 where there is nothing to say.
    pub recall: f64,
    /// 0 to 1.
    pub f1: f64,
}

/// Scores records, each given as the person it was linked to and the person it truly is of.
pub fn score(records: impl IntoIterator<Item = (i64, u64)>) -> Score {
    let mut both: FxHashMap<(i64, u64), u64> = FxHashMap::default();
    let mut said: FxHashMap<i64, u64> = FxHashMap::default();
    let mut truth: FxHashMap<u64, u64> = FxHashMap::default();
    for (person, true_person) in records {
        *both.entry((person, true_person)).or_default() += 1;
        *said.entry(person).or_default() += 1;
        *truth.entry(true_person).or_default() += 1;
    }
    let share = |part: u64, whole: u64| {
        if whole == 0 {
            1.0
        } else {
            part as f64 / whole as f64
        }
    };
    let hits = pairs(both.values());
    let (precision, recall) = (
        share(hits, pairs(said.values())),
        share(hits, pairs(truth.values())),
    );
    let f1 = if precision + recall > 0.0 {
        2.0 * precision * recall / (precision + recall)
    } else {
        0.0
    };
    Score {
        precision,
        recall,
        f1,
    }
}

fn pairs<'a>(sizes: impl Iterator<Item = &'a u64>) -> u64 {
    sizes.map(|size| size * (size - 1) / 2).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted() {
        // Said: {a b} {c d}; true: {a b c} {d}. One of two said pairs is true; one of three found.
        let score = score([(1, 7), (1, 7), (2, 7), (2, 8)]);
        assert!((score.precision - 0.5).abs() < 1e-12);
        assert!((score.recall - 1.0 / 3.0).abs() < 1e-12);
        assert!((score.f1 - 0.4).abs() < 1e-12);
    }

    #[test]
    fn nothing_said_is_nothing_wrong() {
        let score = score([(1, 7), (2, 8)]);
        assert!((score.f1 - 1.0).abs() < 1e-12);
    }
}
