//! Blocking: which pairs are worth comparing.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::intern::{hash, mix};
use crate::records::Records;
use crate::spec::{Key, Part, Spec};
use crate::standard::sound;

/// What one blocking rule brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockCount {
    /// The rule: its keys.
    pub name: String,
    /// Pairs that this rule brings and none before it.
    pub pairs: u64,
    /// Groups of two or more records that agree on the keys.
    pub blocks: u64,
    /// Groups too large to compare in full: split by the `refine` keys, what still is too large left out.
    pub capped: u64,
}

/// The groups of one rule.
pub(crate) struct Blocks {
    members: Vec<u32>,
    ends: Vec<u32>,
    pub capped: u64,
}

impl Blocks {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, at: usize) -> &[u32] {
        let start = if at == 0 {
            0
        } else {
            self.ends[at - 1] as usize
        };
        &self.members[start..self.ends[at] as usize]
    }
}

/// The groups of all rules, and which group of each rule a record is in.
pub(crate) struct Blocking {
    pub rules: Vec<Blocks>,
    /// Per record and rule: a hash of the key, 0 where the record is in no group.
    keys: Vec<u32>,
}

impl Blocking {
    pub(crate) fn new(records: &Records, spec: &Spec) -> Blocking {
        let width = spec.rules.len();
        let table = KeyTable::new(records, spec);
        let mut keys = vec![0u32; records.len() * width];
        keys.par_chunks_mut(width * 4096)
            .enumerate()
            .for_each(|(chunk, keys)| {
                for (at, keys) in keys.chunks_exact_mut(width).enumerate() {
                    let row = records.row((chunk * 4096 + at) as u32);
                    for (key, rule) in keys.iter_mut().zip(&spec.rules) {
                        *key = table.key(&rule.keys, row, 0);
                    }
                }
            });
        let mut blocking = Blocking {
            rules: Vec::new(),
            keys,
        };
        for rule in 0..width {
            let blocks = blocking.group(records, spec, &table, rule);
            blocking.rules.push(blocks);
        }
        blocking
    }

    fn group(&mut self, records: &Records, spec: &Spec, table: &KeyTable, rule: usize) -> Blocks {
        let width = spec.rules.len();
        let mut entries: Vec<u64> = self
            .keys
            .chunks_exact(width)
            .enumerate()
            .filter(|(_, keys)| keys[rule] != 0)
            .map(|(record, keys)| u64::from(keys[rule]) << 32 | record as u64)
            .collect();
        entries.par_sort_unstable();
        let mut blocks = Blocks {
            members: Vec::new(),
            ends: Vec::new(),
            capped: 0,
        };
        let mut depth = 0;
        while !entries.is_empty() {
            let mut large: Vec<u64> = Vec::new();
            for group in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
                if group.len() <= spec.block_cap {
                    if group.len() > 1 {
                        blocks
                            .members
                            .extend(group.iter().map(|entry| *entry as u32));
                        blocks.ends.push(blocks.members.len() as u32);
                    }
                    continue;
                }
                blocks.capped += u64::from(depth == 0);
                for entry in group {
                    let record = *entry as u32;
                    let finer = spec.refine.get(depth).map_or(0, |key| {
                        table.key(std::slice::from_ref(key), records.row(record), entry >> 32)
                    });
                    self.keys[record as usize * width + rule] = finer;
                    if finer != 0 {
                        large.push(u64::from(finer) << 32 | u64::from(record));
                    }
                }
            }
            large.par_sort_unstable();
            entries = large;
            depth += 1;
        }
        blocks
    }

    /// Whether a rule before this one already brings the pair.
    pub(crate) fn seen(&self, rule: usize, a: u32, b: u32) -> bool {
        let width = self.rules.len();
        let (a, b) = (a as usize * width, b as usize * width);
        self.keys[a..a + rule]
            .iter()
            .zip(&self.keys[b..b + rule])
            .any(|(x, y)| x == y && *x != 0)
    }
}

/// The hash of each distinct value's key parts, so that no text is read twice.
struct KeyTable {
    parts: Vec<(Key, Vec<u64>)>,
}

impl KeyTable {
    fn new(records: &Records, spec: &Spec) -> KeyTable {
        let mut wanted: Vec<Key> = Vec::new();
        let all = spec
            .rules
            .iter()
            .flat_map(|rule| &rule.keys)
            .chain(&spec.refine);
        for key in all {
            if !wanted.contains(key) {
                wanted.push(*key);
            }
        }
        let parts = wanted
            .into_iter()
            .map(|key| {
                let values = records.values(key.field);
                let hashes = (0..values.len() as u32)
                    .into_par_iter()
                    .with_min_len(1024)
                    .map(|id| part_hash(key.part, values.get(id)))
                    .collect();
                (key, hashes)
            })
            .collect();
        KeyTable { parts }
    }

    /// A record's key for a rule, never 0 unless a part is missing.
    fn key(&self, keys: &[Key], row: &[u32], seed: u64) -> u32 {
        let mut state = seed;
        for key in keys {
            let part = self
                .parts
                .iter()
                .find(|(part, _)| part == key)
                .map_or(0, |(_, hashes)| hashes[row[key.field] as usize]);
            if part == 0 {
                return 0;
            }
            state = mix(state, part);
        }
        ((state >> 32) as u32).max(1)
    }
}

/// A hash of the part of a value that a key takes; 0 where the value has no such part.
fn part_hash(part: Part, value: &[u8]) -> u64 {
    if value.is_empty() {
        return 0;
    }
    let text = || std::str::from_utf8(value).unwrap_or("");
    let bytes = match part {
        Part::Whole => return hash(value).max(1),
        Part::Sound => {
            let mut words: Vec<String> = text().split(' ').map(sound).collect();
            words.sort_unstable();
            return hash(words.join(" ").as_bytes()).max(1);
        }
        Part::First => {
            return hash(sound(text().split(' ').next().unwrap_or("")).as_bytes()).max(1);
        }
        Part::Last => {
            return hash(sound(text().rsplit(' ').next().unwrap_or("")).as_bytes()).max(1);
        }
        Part::Long => {
            let long = text()
                .split(' ')
                .max_by_key(|word| (word.len(), *word))
                .unwrap_or("");
            return hash(sound(long).as_bytes()).max(1);
        }
        Part::Year => value.get(..4),
        Part::MonthDay => value.get(4..8),
        Part::Head(count) => Some(&value[..count.min(value.len())]),
        Part::Tail(count) => Some(&value[value.len().saturating_sub(count)..]),
    };
    bytes.map_or(0, |bytes| hash(bytes).max(1))
}
