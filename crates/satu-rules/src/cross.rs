//! Rules that need more than one row: the same number standing twice.

use satu_domain::{Kind, Nik, Nip};

use crate::{Numbers, Rule, Standard};

/// Remembers the numbers of the rows seen so far: about 70 bytes a row.
#[derive(Default)]
pub struct CrossRow {
    nips: Seen,
    /// The row in which each NIP came first.
    nip_rows: Vec<u64>,
    niks: Seen,
    /// The row in which each NIK came first, and the NIP there.
    nik_rows: Vec<(u64, u64)>,
}

/// Different numbers in the order in which they came.
///
/// Nearly every number of a file is new, and finding that out is most of what this costs: one look
/// into a table of eight bytes an entry, where a map of whole entries has to look twice.
#[derive(Default)]
struct Seen {
    numbers: Vec<u64>,
    /// Open addresses, a power of two of them: 0 where free, else the place among the numbers plus
    /// one, below bits of the hash that tell most other numbers apart.
    slots: Vec<u64>,
}

/// Bits of a slot that hold the place: 8 TB of numbers.
const PLACE: u32 = 40;

/// Slots at first.
const FIRST: usize = 1 << 10;

fn hash(number: u64) -> u64 {
    let mut mixed = number;
    for _ in 0..2 {
        mixed = (mixed ^ mixed >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    mixed
}

impl Seen {
    /// The place of a number, and whether it came just now for the first time.
    fn place(&mut self, number: u64) -> (usize, bool) {
        if (self.numbers.len() + 1) * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let hash = hash(number);
        let mut at = self.start(hash);
        loop {
            let slot = self.slots[at];
            let place = (slot & ((1 << PLACE) - 1)) as usize;
            if slot == 0 {
                let place = self.numbers.len();
                self.slots[at] = filled(hash, place);
                self.numbers.push(number);
                return (place, true);
            }
            if slot == filled(hash, place - 1) && self.numbers[place - 1] == number {
                return (place - 1, false);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// The slot where the search for a hash begins.
    fn start(&self, hash: u64) -> usize {
        (hash & (self.slots.len() as u64 - 1)) as usize
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(FIRST)];
        for place in 0..self.numbers.len() {
            let hash = hash(self.numbers[place]);
            let mut at = self.start(hash);
            while self.slots[at] != 0 {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = filled(hash, place);
        }
    }
}

/// What stands in the slot of a number.
fn filled(hash: u64, place: usize) -> u64 {
    (hash >> PLACE << PLACE) | (place as u64 + 1)
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
            let (place, new) = self.nips.place(nip);
            if new {
                self.nip_rows.push(row);
            } else {
                tell("DU-090", self.nip_rows[place]);
            }
        }
        if let (Some(nik), Some(nip)) = (numbers.nik.map(Nik::number), nip) {
            let (place, new) = self.niks.place(nik);
            if new {
                self.nik_rows.push((row, nip));
            }
            let (first_row, first_nip) = self.nik_rows[place];
            if first_nip != nip {
                tell("DU-091", first_row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Seen, hash};

    #[test]
    fn a_number_keeps_the_place_at_which_it_came_first() {
        let (mut seen, mut wanted) = (Seen::default(), HashMap::new());
        // Every third number is one of those before it.
        for step in 0..100_000_u64 {
            let number = if step % 3 == 2 {
                hash(step / 2)
            } else {
                hash(step)
            } >> 4;
            let next = wanted.len();
            let place = *wanted.entry(number).or_insert(next);
            assert_eq!(seen.place(number), (place, place == next), "{step}");
        }
        assert!(wanted.len() < 100_000);
        // All numbers that begin their search in the same slot.
        let mut crowded = Seen::default();
        let alike = |number: &u64| hash(*number) % 1024 == 7;
        let numbers: Vec<u64> = (0..200_000).filter(alike).collect();
        for (place, number) in numbers.iter().enumerate() {
            assert_eq!(crowded.place(*number), (place, true));
        }
        for (place, number) in numbers.iter().enumerate() {
            assert_eq!(crowded.place(*number), (place, false));
        }
    }
}
