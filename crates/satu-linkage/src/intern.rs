//! Distinct texts as small numbers.

/// Distinct texts, numbered from 1 in the order they came; 0 stands for "missing".
#[derive(Debug, Clone)]
pub(crate) struct Interner {
    bytes: Vec<u8>,
    values: Vec<Value>,
    /// Half of a value's hash and its number, open addressing: most misses are seen here.
    table: Vec<(u32, u32)>,
}

/// One distinct text: where it ends (it begins where the one before ends), and its uses.
#[derive(Debug, Clone, Copy, Default)]
struct Value {
    end: u32,
    count: u32,
}

/// The longest text kept, in bytes; what is longer is cut.
pub(crate) const LONGEST: usize = 240;

impl Interner {
    pub(crate) fn new() -> Interner {
        Interner {
            bytes: Vec::new(),
            values: vec![Value::default()],
            table: vec![(0, 0); 1024],
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
        let tag = hash(text) as u32;
        let mut slot = tag as usize & mask;
        loop {
            let (other, id) = self.table[slot];
            if id == 0 {
                break;
            }
            if other == tag && self.get(id) == text {
                self.values[id as usize].count += 1;
                return id;
            }
            slot = (slot + 1) & mask;
        }
        let Ok(end) = u32::try_from(self.bytes.len() + text.len()) else {
            return 0;
        };
        let id = self.values.len() as u32;
        self.bytes.extend_from_slice(text);
        self.values.push(Value { end, count: 1 });
        self.table[slot] = (tag, id);
        if self.values.len() * 8 > self.table.len() * 5 {
            self.grow();
        }
        id
    }

    /// The numbers of many texts, in order: the same as [`Interner::intern`] on each. What a group
    /// of them will need from memory is asked for at once, so that the waits overlap.
    pub(crate) fn intern_all<'a>(
        &mut self,
        texts: impl Fn(usize) -> &'a [u8],
        count: usize,
        out: &mut Vec<u32>,
    ) {
        const GROUP: usize = 16;
        for start in (0..count).step_by(GROUP) {
            let end = (start + GROUP).min(count);
            let mut places = [0usize; GROUP];
            for (place, at) in places.iter_mut().zip(start..end) {
                let text = texts(at);
                *place =
                    hash(&text[..text.len().min(LONGEST)]) as u32 as usize & (self.table.len() - 1);
            }
            let ids = places.map(|place| self.table[place].1 as usize);
            let starts = ids.map(|id| self.values[id.saturating_sub(1)].end as usize);
            let firsts = starts.map(|start| self.bytes.get(start).copied().unwrap_or(0));
            std::hint::black_box(firsts);
            out.extend((start..end).map(|at| self.intern(texts(at))));
        }
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        let mut table = vec![(0u32, 0u32); mask + 1];
        for (tag, id) in self.table.iter().filter(|(_, id)| *id != 0) {
            let mut slot = *tag as usize & mask;
            while table[slot].1 != 0 {
                slot = (slot + 1) & mask;
            }
            table[slot] = (*tag, *id);
        }
        self.table = table;
    }

    /// The text of a number; empty for missing.
    pub(crate) fn get(&self, id: u32) -> &[u8] {
        let id = id as usize;
        if id == 0 {
            return &[];
        }
        &self.bytes[self.values[id - 1].end as usize..self.values[id].end as usize]
    }

    /// How many records hold a value.
    pub(crate) fn count(&self, id: u32) -> u32 {
        self.values[id as usize].count
    }

    /// Raises the count of a value.
    pub(crate) fn count_at_least(&mut self, id: u32, count: u32) {
        let value = &mut self.values[id as usize];
        value.count = value.count.max(count);
    }

    /// One more than the highest number given out.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

/// A hash that is the same on every machine and in every version: models are stored with it.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ bytes.len() as u64;
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        state = mix(state, u64::from_le_bytes(word));
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
        assert!((1..=2500).all(|id| interner.count(id) == 2));
        assert_eq!(interner.get(ids[7]), b"v7");
        assert_eq!(interner.intern(b""), 0);
    }
}
