//! What files prove, by themselves and together.

use proptest::prelude::*;
use satu_audit::{
    AuditError, Checkpoint, Consistency, File, Hash, Inclusion, Proven, SigningKey, VerifierKey,
    check, consistency, inclusion, leaf,
};

use crate::{by_definition, roots};

/// A log of so many entries, the one at `changed` another than in others.
struct Log {
    key: SigningKey,
    leaves: Vec<Hash>,
}

fn entry(number: u64) -> Vec<u8> {
    format!("1760000000000000\n{{\"nama\":\"Contoh {number}\"}}").into_bytes()
}

impl Log {
    fn new(size: u64) -> Log {
        Log {
            key: SigningKey::of_seed("contoh.id/ledger", [3; 32]).unwrap(),
            leaves: (1..=size).map(|number| leaf(&entry(number))).collect(),
        }
    }

    fn keys(&self) -> Vec<VerifierKey> {
        vec![self.key.verifier()]
    }

    fn checkpoint(&self, size: usize) -> String {
        Checkpoint::sign(size as u64, &by_definition(&self.leaves[..size]), &self.key)
    }

    fn included(&self, number: u64, size: usize) -> Inclusion {
        let stretches = inclusion(number - 1, size as u64).unwrap();
        Inclusion {
            entry: entry(number),
            index: number - 1,
            path: roots(stretches, &self.leaves[..size]),
            checkpoint: self.checkpoint(size),
        }
    }

    fn extended(&self, old: u64, size: usize) -> Consistency {
        let stretches = consistency(old, size as u64).unwrap();
        Consistency {
            old,
            path: roots(stretches, &self.leaves[..size]),
            checkpoint: self.checkpoint(size),
        }
    }
}

fn found(files: &[String], keys: &[VerifierKey]) -> Vec<Result<Proven, AuditError>> {
    let named = files.iter().zip('a'..);
    let named: Vec<_> = named
        .map(|(text, name)| (name.to_string(), text.clone()))
        .collect();
    let checked = check(&named, keys).into_iter();
    checked
        .zip(&named)
        .map(|(one, (name, _))| {
            assert_eq!(one.name, *name);
            one.found
        })
        .collect()
}

#[test]
fn files_prove_what_they_are_made_for() {
    let log = Log::new(40);
    let files = [
        log.checkpoint(13),
        log.checkpoint(40),
        File::Inclusion(log.included(5, 40)).to_string(),
        File::Consistency(log.extended(13, 40)).to_string(),
        File::Consistency(log.extended(13, 13)).to_string(),
    ];
    let found = found(&files, &log.keys());
    let told: Vec<String> = found
        .iter()
        .map(|one| one.as_ref().unwrap().to_string())
        .collect();
    assert!(told[0].starts_with("contoh.id/ledger has signed that its log holds 13 entries"));
    assert_eq!(
        told[2],
        "the entry shown is number 5 of the 40 that contoh.id/ledger has signed, word for word"
    );
    assert!(
        told[3].starts_with("the 40 entries that contoh.id/ledger has signed begin with the 13")
    );
    match &found[2] {
        Ok(Proven::Included { entry: shown, .. }) => assert_eq!(*shown, entry(5)),
        other => panic!("{other:?}"),
    }
    for text in &files {
        assert_eq!(File::parse(text).unwrap().to_string(), *text);
    }
}

#[test]
fn the_form_is_that_of_tlog_proof() {
    let log = Log::new(3);
    let text = File::Inclusion(log.included(1, 3)).to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "c2sp.org/tlog-proof@v1");
    assert!(lines[1].starts_with("extra "));
    assert_eq!(lines[2], "index 0");
    assert_eq!(
        (lines[5], lines[6], lines[7]),
        ("", "contoh.id/ledger", "3")
    );
    let text = File::Consistency(log.extended(2, 3)).to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        (lines[0], lines[2], lines[3]),
        ("old 2", "", "contoh.id/ledger")
    );
}

#[test]
fn another_entry_another_place_or_another_past_is_told() {
    let (log, mut other) = (Log::new(40), Log::new(40));
    other.leaves[6] = leaf(b"another");
    let keys = log.keys();
    let one = |file: File| found(&[log.checkpoint(13), file.to_string()], &keys).remove(1);
    let not_included = |told| matches!(told, Err(AuditError::NotIncluded { .. }));
    let altered = Inclusion {
        entry: entry(6),
        ..log.included(5, 40)
    };
    assert!(not_included(one(File::Inclusion(altered))));
    let moved = Inclusion {
        index: 5,
        ..log.included(5, 40)
    };
    assert!(not_included(one(File::Inclusion(moved))));
    let beyond = Inclusion {
        index: u64::MAX,
        ..log.included(5, 40)
    };
    assert!(not_included(one(File::Inclusion(beyond))));
    let told = one(File::Consistency(other.extended(13, 40)));
    assert!(matches!(
        told,
        Err(AuditError::NotExtended {
            old: 13,
            new: 40,
            ..
        })
    ));
    let told = one(File::Consistency(log.extended(14, 40)));
    assert!(matches!(told, Err(AuditError::NoStart { size: 14, .. })));
    let told = one(File::Consistency(log.extended(13, 40)));
    assert!(told.is_ok());
}

#[test]
fn two_stories_are_told_from_one() {
    let (log, mut other) = (Log::new(40), Log::new(40));
    other.leaves[6] = leaf(b"another");
    // Found wherever the second story stands: in a checkpoint or in a proof that holds for itself.
    let proof = File::Inclusion(other.included(5, 40)).to_string();
    for second in [other.checkpoint(40), proof] {
        let told = found(
            &[log.checkpoint(40), second, log.checkpoint(13)],
            &log.keys(),
        );
        for (one, file) in [(0, "b"), (1, "a")] {
            match &told[one] {
                Err(AuditError::Fork {
                    size: 40,
                    file: told,
                    ..
                }) => assert_eq!(told, file),
                other => panic!("{other:?}"),
            }
        }
        assert!(told[2].is_ok());
    }
    // What extends one of two stories extends nothing.
    let files = [
        log.checkpoint(13),
        other.checkpoint(13),
        File::Consistency(log.extended(13, 40)).to_string(),
    ];
    assert!(matches!(
        found(&files, &log.keys())[2],
        Err(AuditError::NotExtended { .. })
    ));
}

#[test]
fn what_is_no_proof_is_refused() {
    let log = Log::new(9);
    let text = File::Inclusion(log.included(5, 9)).to_string();
    let hash = text.lines().nth(3).unwrap();
    for (old, new) in [
        ("index 4", "index 04"),
        ("index 4", "index +4"),
        ("index 4", "index 18446744073709551616"),
        ("index 4\n", ""),
        ("extra ", "extra"),
        (hash, "AAAA"),
        (hash, &format!("{hash}\n").repeat(80)),
        ("\n9\n", "\n09\n"),
        ("\n9\n", "\n9\n\n"),
        ("\n\ncontoh", "\ncontoh"),
        ("tlog-proof@v1", "tlog-proof@v2"),
    ] {
        let altered = text.replacen(old, new, 1);
        assert_ne!(altered, text);
        let told = found(&[altered], &log.keys()).remove(0);
        assert!(
            matches!(told, Err(AuditError::Form { .. })),
            "{new}: {told:?}"
        );
    }
}

proptest! {
    /// No change of a file is taken for the file.
    #[test]
    fn an_altered_byte_proves_nothing(which in 0..3usize, at: usize, bit in 0..7u8) {
        let log = Log::new(21);
        let mut files = [
            log.checkpoint(8),
            File::Inclusion(log.included(5, 21)).to_string(),
            File::Consistency(log.extended(8, 21)).to_string(),
        ];
        let mut bytes = files[which].clone().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes) {
            files[which] = text;
            let told = found(&files, &log.keys());
            prop_assert!(told[which].is_err(), "byte {at} of {}", files[which]);
        }
    }
}
