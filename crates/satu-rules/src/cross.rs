//! Rules that need more than one row: the same number standing twice.

use rustc_hash::FxHashMap;
use satu_domain::{Kind, Nik, Nip};

use crate::{Numbers, Rule, Standard};

/// Remembers the numbers of the rows seen so far: about 40 bytes a row.
#[derive(Default)]
pub struct CrossRow {
    nips: FxHashMap<u64, u64>,
    niks: FxHashMap<u64, (u64, u64)>,
}

/// A rule broken by a row together with an earlier one.
pub struct CrossFinding {
    /// Which rule.
    pub rule: &'static Rule,
    /// The column's position.
    pub column: usize,
    /// The number of the earlier row.
    pub other_row: u64,
}

impl CrossRow {
    /// Looks at a row (only `data_utama` rows identify persons) and remembers it.
    pub fn observe(
        &mut self,
        kind: Kind,
        numbers: Numbers,
        row: u64,
        findings: &mut Vec<CrossFinding>,
    ) {
        if kind != Kind::DataUtama {
            return;
        }
        let mut tell = |id: &str, other_row: u64| {
            if let Some(rule) = Standard::rules_of(kind).iter().find(|rule| rule.id == id) {
                findings.push(CrossFinding {
                    rule,
                    column: rule.column,
                    other_row,
                });
            }
        };
        let nip = numbers.nip.map(Nip::number);
        if let Some(nip) = nip {
            match self.nips.entry(nip) {
                std::collections::hash_map::Entry::Occupied(first) => tell("DU-090", *first.get()),
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(row);
                }
            }
        }
        if let (Some(nik), Some(nip)) = (numbers.nik.map(Nik::number), nip) {
            let (first_row, first_nip) = *self.niks.entry(nik).or_insert((row, nip));
            if first_nip != nip {
                tell("DU-091", first_row);
            }
        }
    }
}
