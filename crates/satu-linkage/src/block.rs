//! Blocking: which pairs are worth comparing.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::intern::{LONGEST, hash, mix};
use crate::records::{Records, standardise};
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
        let all = spec.rules.iter().flat_map(|rule| &rule.keys);
        let parts = distinct(all.chain(&spec.refine))
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
        let part = |key: &Key| {
            let found = self.parts.iter().find(|(part, _)| part == key);
            found.map_or(0, |(_, hashes)| hashes[row[key.field] as usize])
        };
        combined(keys, seed, part).map_or(0, |key| ((key >> 32) as u32).max(1))
    }
}

/// Each key part once, in the order they come.
fn distinct<'a>(keys: impl Iterator<Item = &'a Key>) -> Vec<Key> {
    let mut found: Vec<Key> = Vec::new();
    for key in keys {
        if !found.contains(key) {
            found.push(*key);
        }
    }
    found
}

/// The hashes of a rule's key parts as one; none where a part is missing.
fn combined(keys: &[Key], seed: u64, part: impl Fn(&Key) -> u64) -> Option<u64> {
    let mut state = seed;
    for key in keys {
        match part(key) {
            0 => return None,
            part => state = mix(state, part),
        }
    }
    Some(state)
}

/// Works out the blocking keys of single records, the same that [`crate::link`] blocks by, for an
/// index in which the records that a new one must be compared to are found.
#[derive(Debug, Clone)]
pub struct Keys {
    fields: Vec<Field>,
    also_in: Vec<Option<(usize, usize)>>,
    /// Per rule: a hash of its name, so that two rules never share a key, and its parts.
    rules: Vec<(u64, Vec<Key>)>,
    parts: Vec<Key>,
    buffer: String,
}

impl Keys {
    /// For the rules of a specification.
    pub fn new(spec: &Spec) -> Keys {
        // By field, so that a field's text is made once.
        let mut parts = distinct(spec.rules.iter().flat_map(|rule| &rule.keys));
        parts.sort_by_key(|key| key.field);
        Keys {
            fields: spec.fields().to_vec(),
            also_in: spec.also_in.clone(),
            rules: spec
                .rules
                .iter()
                .map(|rule| (hash(rule.name.as_bytes()), rule.keys.clone()))
                .collect(),
            parts,
            buffer: String::new(),
        }
    }

    /// How many rules there are, and so the length of what [`Keys::of`] gives.
    pub fn rules(&self) -> usize {
        self.rules.len()
    }

    /// A record's key under each rule, in the rules' order; 0 where the record lacks a part of it.
    /// Cells stand in the order of [`Spec::fields`].
    pub fn of(&mut self, cells: &[&str]) -> Vec<u64> {
        let mut hashes = Vec::with_capacity(self.parts.len());
        let mut standing = usize::MAX;
        for key in &self.parts {
            if key.field != standing {
                let cell = |at: usize| cells.get(at).copied().unwrap_or("");
                let (fields, also_in) = (&self.fields, &self.also_in);
                standardise(fields, also_in, key.field, cell, &mut self.buffer);
                standing = key.field;
            }
            let text = &self.buffer.as_bytes()[..self.buffer.len().min(LONGEST)];
            hashes.push(part_hash(key.part, text));
        }
        let part = |key: &Key| {
            let at = self.parts.iter().position(|part| part == key);
            at.map_or(0, |at| hashes[at])
        };
        self.rules
            .iter()
            .map(|(name, keys)| combined(keys, *name, part).map_or(0, |key| key.max(1)))
            .collect()
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
