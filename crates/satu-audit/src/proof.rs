//! Which hashes prove what, and whether they do.
//!
//! A proof is a list of roots of stretches of the log. [`inclusion`] and [`consistency`] say which
//! stretches; a [`crate::Reading`] computes their roots.

use std::ops::Range;

use crate::Hash;
use crate::tree::{empty, node};

/// The stretches whose roots prove that the entry of this index is in the log of this size, from the
/// leaf upward (`PATH` of RFC 9162, section 2.1.3.1). None where the log has no such entry.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let (mut path, mut at) = (Vec::new(), 0..size);
    while at.end - at.start > 1 {
        let split = at.start + left_of(at.end - at.start);
        let (left, right) = (at.start..split, split..at.end);
        if index < split {
            path.push(right);
            at = left;
        } else {
            path.push(left);
            at = right;
        }
    }
    path.reverse();
    Some(path)
}

/// The stretches whose roots prove that a log of `new` entries begins with the one of `old` entries
/// (`PROOF` of RFC 9162, section 2.1.4.1). None where `old` is the larger; empty where there is
/// nothing to prove: a log begins with itself and with nothing.
pub fn consistency(old: u64, new: u64) -> Option<Vec<Range<u64>>> {
    if old > new {
        return None;
    }
    let (mut path, mut at) = (Vec::new(), 0..new);
    if old == 0 {
        return Some(path);
    }
    while old < at.end {
        let split = at.start + left_of(at.end - at.start);
        let (left, right) = (at.start..split, split..at.end);
        if old <= split {
            path.push(right);
            at = left;
        } else {
            path.push(left);
            at = right;
        }
    }
    // Who checks has the old root; the stretch that ends it is known unless it is the whole of it.
    if at.start > 0 {
        path.push(at);
    }
    path.reverse();
    Some(path)
}

/// Entries in the left half of a tree of at least two: the largest power of two below its size.
fn left_of(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// Whether these roots prove that the entry with this hash has this index in the log with this size
/// and root (RFC 9162, section 2.1.3.2).
pub fn includes(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut first, mut last, mut hash) = (index, size - 1, *leaf);
    for other in path {
        if last == 0 {
            return false;
        }
        if first & 1 == 1 || first == last {
            hash = node(other, &hash);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, other);
        }
        first >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether these roots prove that the log of `new` entries with `new_root` begins with the log of
/// `old` entries with `old_root` (RFC 9162, section 2.1.4.2).
pub fn extends(old: u64, old_root: &Hash, new: u64, new_root: &Hash, path: &[Hash]) -> bool {
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return path.is_empty() && *old_root == empty();
    }
    if old > new {
        return false;
    }
    let (mut first, mut last) = (old - 1, new - 1);
    while first & 1 == 1 {
        first >>= 1;
        last >>= 1;
    }
    // A whole left half is its own root, and stands in no proof.
    let mut rest = path.iter();
    let start = if old.is_power_of_two() {
        Some(old_root)
    } else {
        rest.next()
    };
    let Some(start) = start else { return false };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for other in rest {
        if last == 0 {
            return false;
        }
        if first & 1 == 1 || first == last {
            old_hash = node(other, &old_hash);
            new_hash = node(other, &new_hash);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node(&new_hash, other);
        }
        first >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
}
