//! Trees and proofs against their definition and the vectors of others; files against their forms.

#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

mod files;
mod notes;

use proptest::prelude::*;
use satu_audit::{Frontier, Hash, Reading, consistency, extends, hex, includes, inclusion, leaf};
use sha2::{Digest, Sha256};

/// Entries, roots after 1 to 8 of them, and paths, as Certificate Transparency has tested with since
/// 2012 (google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc; today in
/// transparency-dev/merkle, testonly/).
const ENTRIES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const ONE: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const TWO: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const FOUR: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const FIFTH: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const SEVENTH: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const THIRD_PAIR: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

/// The tree's hash by the definition of RFC 9162, section 2.1.1, word for word.
fn by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        many => {
            let split = many.len().next_power_of_two() / 2;
            let (left, right) = many.split_at(split);
            let halves = [by_definition(left), by_definition(right)].concat();
            Sha256::digest([&[1], &halves[..]].concat()).into()
        }
    }
}

/// `PATH` of RFC 9162, section 2.1.3.1, word for word.
fn path_by_definition(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let split = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(split);
    let (mut path, other) = if index < split {
        (path_by_definition(index, left), right)
    } else {
        (path_by_definition(index - split, right), left)
    };
    path.push(by_definition(other));
    path
}

/// `SUBPROOF` of RFC 9162, section 2.1.4.1, word for word.
fn subproof_by_definition(old: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if known {
            Vec::new()
        } else {
            vec![by_definition(leaves)]
        };
    }
    let split = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(split);
    let (mut path, other) = if old <= split {
        (subproof_by_definition(old, left, known), right)
    } else {
        (subproof_by_definition(old - split, right, false), left)
    };
    path.push(by_definition(other));
    path
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count as u32).map(|i| leaf(&i.to_be_bytes())).collect()
}

/// The roots of stretches of a log.
fn roots(stretches: Vec<std::ops::Range<u64>>, leaves: &[Hash]) -> Vec<Hash> {
    let mut reading = Reading::of(stretches);
    for leaf in leaves {
        reading.push(*leaf);
    }
    reading.roots().into_iter().map(Option::unwrap).collect()
}

/// Sizes up to where every shape of a tree has come up: beyond a power of two.
const MOST: usize = 130;

#[test]
fn the_vectors_of_certificate_transparency() {
    let leaves: Vec<Hash> = ENTRIES.iter().map(|entry| leaf(entry)).collect();
    let mut frontier = Frontier::default();
    assert_eq!(
        hex(&frontier.root()),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    for (leaf, root) in leaves.iter().zip(ROOTS) {
        frontier.push(*leaf);
        assert_eq!(hex(&frontier.root()), root);
    }
    let given = |stretches: Option<Vec<_>>, size: usize| {
        let path = roots(stretches.unwrap(), &leaves[..size]);
        path.iter().map(|hash| hex(hash)).collect::<Vec<String>>()
    };
    let included: [(u64, usize, &[&str]); 5] = [
        (0, 1, &[]),
        (0, 8, &[ONE, TWO, FOUR]),
        (5, 8, &[FIFTH, SEVENTH, ROOTS[3]]),
        (2, 3, &[ROOTS[1]]),
        (1, 5, &[ROOTS[0], TWO, FIFTH]),
    ];
    for (index, size, path) in included {
        assert_eq!(given(inclusion(index, size as u64), size), path);
    }
    let extended: [(u64, usize, &[&str]); 4] = [
        (1, 1, &[]),
        (1, 8, &[ONE, TWO, FOUR]),
        (6, 8, &[THIRD_PAIR, SEVENTH, ROOTS[3]]),
        (2, 5, &[TWO, FIFTH]),
    ];
    for (old, size, path) in extended {
        assert_eq!(given(consistency(old, size as u64), size), path);
    }
}

#[test]
fn roots_are_those_of_the_definition() {
    let leaves = leaves(MOST);
    let mut frontier = Frontier::default();
    for size in 0..MOST {
        assert_eq!(frontier.root(), by_definition(&leaves[..size]), "{size}");
        let again = Frontier::unpack(size as u64, &frontier.pack());
        assert_eq!(again.as_ref(), Some(&frontier));
        frontier.push(leaves[size]);
    }
    assert_eq!(Frontier::unpack(3, &[0; 32]), None);
}

#[test]
fn every_entry_of_every_size_is_proven() {
    let all = leaves(MOST);
    for size in 1..=MOST {
        let leaves = &all[..size];
        let root = by_definition(leaves);
        for index in 0..size {
            let path = roots(inclusion(index as u64, size as u64).unwrap(), leaves);
            assert_eq!(path, path_by_definition(index, leaves), "{index} of {size}");
            let at = index as u64;
            assert!(includes(&leaves[index], at, size as u64, &path, &root));
            // Another entry, or the same one elsewhere, is not proven by it.
            let other = leaf(b"another");
            assert!(!includes(&other, at, size as u64, &path, &root));
            let next = (at + 1) % size as u64;
            assert!(size == 1 || !includes(&leaves[index], next, size as u64, &path, &root));
        }
        assert_eq!(inclusion(size as u64, size as u64), None);
    }
}

#[test]
fn every_size_extends_every_smaller_one() {
    let all = leaves(MOST);
    let heads: Vec<Hash> = (0..=MOST).map(|size| by_definition(&all[..size])).collect();
    for new in 0..=MOST {
        for old in 0..=new {
            let path = roots(consistency(old as u64, new as u64).unwrap(), &all[..new]);
            if old > 0 && old < new {
                assert_eq!(path, subproof_by_definition(old, &all[..new], true));
            }
            let holds = |old_root: &Hash, new_root: &Hash, path: &[Hash]| {
                extends(old as u64, old_root, new as u64, new_root, path)
            };
            assert!(holds(&heads[old], &heads[new], &path), "{old} {new}");
            let other = leaf(b"another");
            assert!(!holds(&other, &heads[new], &path), "{old} {new}");
            if old > 0 {
                assert!(!holds(&heads[old], &other, &path), "{old} {new}");
            }
            let longer = [&path[..], &[other]].concat();
            assert!(!holds(&heads[old], &heads[new], &longer), "{old} {new}");
        }
        assert_eq!(consistency(new as u64 + 1, new as u64), None);
    }
}

proptest! {
    /// One changed bit of a path, a number or a root proves nothing any more.
    #[test]
    fn a_changed_proof_proves_nothing(
        size in 2..400usize, index: usize, at: usize, bit in 0..256usize,
    ) {
        let leaves = leaves(size);
        let root = by_definition(&leaves);
        let index = index % size;
        let (place, length) = (index as u64, size as u64);
        let mut path = roots(inclusion(place, length).unwrap(), &leaves);
        prop_assert!(includes(&leaves[index], place, length, &path, &root));
        let at = at % path.len();
        path[at][bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!includes(&leaves[index], place, length, &path, &root));

        let old = place + 1;
        let mut path = roots(consistency(old, length).unwrap(), &leaves);
        let old_root = by_definition(&leaves[..=index]);
        prop_assert!(extends(old, &old_root, length, &root, &path));
        if !path.is_empty() {
            let at = at % path.len();
            path[at][bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!extends(old, &old_root, length, &root, &path));
            path[at][bit / 8] ^= 1 << (bit % 8);
            path.pop();
            prop_assert!(!extends(old, &old_root, length, &root, &path));
        }
    }

    /// A log whose past was changed cannot be proven to extend what it was, with any hashes that its
    /// own tree gives.
    #[test]
    fn a_changed_past_is_not_extended(size in 2..200usize, old: usize, changed: usize) {
        let mut leaves = leaves(size);
        let old = 1 + old % (size - 1);
        let old_root = by_definition(&leaves[..old]);
        leaves[changed % old] = leaf(b"changed");
        let path = roots(consistency(old as u64, size as u64).unwrap(), &leaves);
        let root = by_definition(&leaves);
        prop_assert!(!extends(old as u64, &old_root, size as u64, &root, &path));
    }

    /// Sizes that no test can build: never a panic, and the number of hashes that a tree has levels.
    #[test]
    fn any_numbers(index: u64, size: u64, path in prop::collection::vec(any::<Hash>(), 0..70)) {
        let root = leaf(b"");
        prop_assert!(!includes(&root, index, size, &path, &root) || size == 1);
        prop_assert!(!extends(index, &root, size, &root, &path) || index == size);
        if let Some(path) = inclusion(index, size) {
            prop_assert!(path.len() <= 64);
            prop_assert!(!path.iter().any(|stretch| stretch.contains(&index)));
            prop_assert_eq!(path.iter().map(|one| one.end - one.start).sum::<u64>(), size - 1);
        }
        if let Some(path) = consistency(index, size) {
            prop_assert!(path.len() <= 65);
        }
    }
}
