//! Distinct texts as small numbers.

/// Distinct texts, numbered from 1 in the order they came; 0 stands for "missing".
#[derive(Debug, Clone)]
pub(crate) struct Interner {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    counts: Vec<u32>,
    table: Vec<u32>,
}

/// The longest text kept, in bytes; what is longer is cut.
pub(crate) const LONGEST: usize = 240;

impl Interner {
    pub(crate) fn new() -> Interner {
        Interner {
            bytes: Vec::new(),
            ends: vec![0],
            counts: vec![0],
            table: vec![0; 1024],
        }
    }

    /// The number of a text, counting one more use of it. The empty text is missing.
    ///
    /// Past four gigabytes of distinct text in one field new values count as missing.
    pub(crate) fn intern(&mut self, text: &[u8]) -> u32 {
        let text = &text[..text.len().min(LONGEST)];
        if text.is_empty() {
            return 0;
        }
        let mask = self.table.len() - 1;
        let mut slot = hash(text) as usize & mask;
        loop {
            let id = self.table[slot];
            if id == 0 {
                break;
            }
            if self.get(id) == text {
                self.counts[id as usize] += 1;
                return id;
            }
            slot = (slot + 1) & mask;
        }
        let Ok(end) = u32::try_from(self.bytes.len() + text.len()) else {
            return 0;
        };
        let id = self.ends.len() as u32;
        self.bytes.extend_from_slice(text);
        self.ends.push(end);
        self.counts.push(1);
        self.table[slot] = id;
        if self.ends.len() * 8 > self.table.len() * 5 {
            self.grow();
        }
        id
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        let mut table = vec![0u32; mask + 1];
        for id in 1..self.ends.len() as u32 {
            let mut slot = hash(self.get(id)) as usize & mask;
            while table[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            table[slot] = id;
        }
        self.table = table;
    }

    /// The text of a number; empty for missing.
    pub(crate) fn get(&self, id: u32) -> &[u8] {
        let id = id as usize;
        if id == 0 {
            return &[];
        }
        &self.bytes[self.ends[id - 1] as usize..self.ends[id] as usize]
    }

    /// How many records hold each value, by number.
    pub(crate) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// One more than the highest number given out.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// A hash that is the same on every machine and in every version: models are stored with it.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk
            .iter()
            .rev()
            .fold(0u64, |word, byte| word << 8 | u64::from(*byte));
        state = mix(state, word);
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let word = rest
            .iter()
            .rev()
            .fold(0u64, |word, byte| word << 8 | u64::from(*byte));
        state = mix(state, word);
    }
    state
}

/// Two numbers into one, both mattering to every bit (folded multiplication).
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0xa076_1d64_78bd_642f) * u128::from(b ^ 0xe703_7ed1_a0b4_28db);
    (product as u64) ^ ((product >> 64) as u64) ^ a.rotate_left(23)
}

#[cfg(test)]
mod tests {
    use super::Interner;

    #[test]
    fn equal_texts_share_a_number_and_are_counted() {
        let mut interner = Interner::new();
        let ids: Vec<u32> = (0..5000u32)
            .map(|i| interner.intern(format!("v{}", i % 2500).as_bytes()))
            .collect();
        assert_eq!(ids[..2500], ids[2500..]);
        assert_eq!(interner.len(), 2501);
        assert!(interner.counts()[1..].iter().all(|count| *count == 2));
        assert_eq!(interner.get(ids[7]), b"v7");
        assert_eq!(interner.intern(b""), 0);
    }
}
