//! The Merkle tree over a log, with the hashing of RFC 6962, section 2.1.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
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

/// The hash of two subtrees: SHA-256 of 0x01 and their hashes.
pub(crate) fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root of a log without entries.
pub(crate) fn empty() -> Hash {
    Sha256::digest([]).into()
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
            None => empty(),
            Some(last) => peaks.fold(*last, |right, left| node(left, &right)),
        }
    }
}

/// A hash in hexadecimal digits.
pub fn hex(hash: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    let digits = hash
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}

/// Bytes in the standard base64 of RFC 4648, section 4, padded: how all files here write hashes.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Bytes from base64 that is written as [`base64`] writes it; nothing else is taken.
pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}
