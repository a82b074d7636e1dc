//! The targets on stable Rust: arbitrary bytes, and seeds with pieces changed, removed and repeated.

#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

use std::path::Path;

use proptest::prelude::*;

/// The seeds of a target.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(name);
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect()
}

/// One change of a text: at a place, so many bytes give way to others.
fn changed(mut bytes: Vec<u8>, changes: &[(usize, usize, Vec<u8>)]) -> Vec<u8> {
    for (place, length, by) in changes {
        let from = place % (bytes.len() + 1);
        let to = (from + length).min(bytes.len());
        bytes.splice(from..to, by.iter().copied());
    }
    bytes
}

#[test]
fn every_seed_is_taken() {
    for (name, target) in satu_fuzz::ALL {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name}");
        seeds.iter().for_each(|seed| target(seed));
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes(which in 0..satu_fuzz::ALL.len(), bytes: Vec<u8>) {
        satu_fuzz::ALL[which].1(&bytes);
    }

    #[test]
    fn mutated_seeds(
        which in 0..satu_fuzz::ALL.len(),
        seed: usize,
        changes in prop::collection::vec(
            (any::<usize>(), 0..9usize, prop::collection::vec(any::<u8>(), 0..9)),
            1..6,
        ),
    ) {
        let (name, target) = satu_fuzz::ALL[which];
        let seeds = seeds(name);
        target(&changed(seeds[seed % seeds.len()].clone(), &changes));
    }
}
