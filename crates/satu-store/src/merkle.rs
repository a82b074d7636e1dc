//! The Merkle tree over the ledger, with the hashing of RFC 6962, section 2.1.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The hash of one entry: SHA-256 of 0x00 and the entry's bytes.
pub fn leaf(bytes: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(bytes)
        .finalize()
        .into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The right edge of the tree: the roots of its full subtrees, largest first. Enough to append to
/// the tree and to know its root, in 32 bytes for each bit of the size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of a tree of this size from its packed peaks; none where they do not fit.
    pub fn unpack(size: u64, packed: &[u8]) -> Option<Frontier> {
        let peaks: Vec<Hash> = packed
            .chunks_exact(32)
            .filter_map(|chunk| chunk.try_into().ok())
            .collect();
        (packed.len() == 32 * size.count_ones() as usize).then_some(Frontier { size, peaks })
    }

    /// The peaks, one after the other.
    pub fn pack(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry's hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut carried = leaf;
        // Each trailing one bit of the size is a full subtree as large as what is carried.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                carried = node(&left, &carried);
            }
        }
        self.peaks.push(carried);
        self.size += 1;
    }

    /// The root of the tree; the hash of nothing for an empty one.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => Sha256::digest([]).into(),
            Some(last) => peaks.fold(*last, |right, left| node(left, &right)),
        }
    }
}

/// A hash in hexadecimal digits.
pub fn hex(hash: &[u8]) -> String {
    use std::fmt::Write;
    hash.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

    use super::*;

    /// The definition of RFC 6962, section 2.1, word for word.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let split = many.len().next_power_of_two() / 2;
                node(
                    &by_definition(&many[..split]),
                    &by_definition(&many[split..]),
                )
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition_at_every_size() {
        let leaves: Vec<Hash> = (0..70u8).map(|i| leaf(&[i])).collect();
        let mut frontier = Frontier::default();
        for size in 0..leaves.len() {
            assert_eq!(frontier.root(), by_definition(&leaves[..size]), "{size}");
            let again = Frontier::unpack(size as u64, &frontier.pack()).unwrap();
            assert_eq!(again, frontier);
            frontier.push(leaves[size]);
        }
        assert_eq!(Frontier::unpack(3, &[0; 32]), None);
    }

    #[test]
    fn known_hashes() {
        // RFC 6962's empty tree and the leaf of an empty entry, as Certificate Transparency logs give them.
        assert_eq!(
            hex(&Frontier::default().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            hex(&leaf(b"")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
    }
}
