//! A kept checkpoint finds every change of the past, in either log, on either database.

mod altering;

use altering::{Random, Table, altered};
use jiff::Timestamp;
use satu_audit::{Checkpoint, File, Proven, SigningKey, VerifierKey, check};
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::audit::{Held, ProofError};
use satu_store::backup::Backup;
use satu_store::entry::{Entry, Linked, RecordKey, Ruling, Verdict};
use satu_store::{Log, Store};
use sqlx::Executor;
use sqlx::any::AnyPoolOptions;

use crate::{NIP, assert_replays, databases, deliver, key_file, source};

const ALTERATIONS: usize = 1_000;

fn key(log: Log) -> SigningKey {
    SigningKey::of_seed(&format!("contoh.id/{}", log.name()), [7; 32]).unwrap()
}

fn keys() -> Vec<VerifierKey> {
    Log::ALL.map(|log| key(log).verifier()).into()
}

/// What both logs are now: the signed text and what it says.
async fn signed(store: &Store, log: Log) -> (String, Checkpoint) {
    let note = store.sign(log, &key(log), &[]).await.unwrap();
    let checkpoint = Checkpoint::open(&note, &keys()).unwrap();
    (note, checkpoint)
}

/// A delivery, a ruling by an officer, and a look at each of two persons.
async fn grow(store: &Store, turn: usize) {
    grow_by(store, turn, "petugas").await;
}

async fn grow_by(store: &Store, turn: usize, officer: &str) {
    let mut writer = store.begin().await.unwrap();
    if turn == 0 {
        let pusat = source("pusat", SourceKind::Central);
        writer.append(&pusat).await.unwrap();
    }
    let name = format!("Contoh Nama {turn}");
    let row = [("nip", NIP), ("nama", name.as_str())];
    let rows = deliver(&mut writer, "pusat", Kind::DataUtama, &[&row]).await;
    let moved = vec![(rows[0], 1)];
    let linked = Entry::Linked(Linked { moved });
    writer.append(&linked).await.unwrap();
    let verdict = Verdict::Value {
        record: RecordKey {
            source: "pusat".into(),
            fact: NIP.into(),
        },
        field: "nama".into(),
        value: name.to_uppercase(),
    };
    let (by, reason) = (officer.into(), format!("SK {turn} dilihat"));
    let ruling = Entry::Ruling(Ruling {
        verdict,
        by,
        reason,
    });
    writer.append(&ruling).await.unwrap();
    writer.commit().await.unwrap();
    let at = Timestamp::from_microsecond(1_800_000_000_000_000 + turn as i64).unwrap();
    let looked = store.note_access(&[1, 2, 1], officer, "tinjau", at);
    looked.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_the_past_is_found() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        for turn in 0..4 {
            grow(&store, turn).await;
        }
        let mut early = Vec::new();
        for log in Log::ALL {
            early.push(signed(&store, log).await.1);
        }
        for turn in 4..8 {
            grow(&store, turn).await;
        }
        let mut late = Vec::new();
        for log in Log::ALL {
            late.push(signed(&store, log).await.1);
        }
        let kept = [early.clone(), late.clone()].concat();
        let all = vec![Held::Whole; 4];
        assert_eq!(store.held(&kept).await.unwrap(), all, "{address}");

        let url = if address.starts_with("postgres") {
            address.clone()
        } else {
            format!("sqlite:{address}")
        };
        let pool = AnyPoolOptions::new().max_connections(1);
        let pool = pool.connect(&url).await.unwrap();
        if !address.starts_with("postgres") {
            pool.execute("PRAGMA synchronous=OFF").await.unwrap();
        }
        let tables = Log::ALL.map(|log| Table { pool: &pool, log });
        let whole = [tables[0].rows().await, tables[1].rows().await];
        assert_eq!((whole[0].len(), whole[1].len()), (49, 16));
        let mut random = Random(20_261_125);
        let mut seen = std::collections::BTreeMap::new();
        let mut found = 0;
        while found < ALTERATIONS {
            let which = random.below(2);
            let (table, rows) = (&tables[which], &whole[which]);
            let (what, changed) = altered(&mut random, table.log, rows);
            if changed.starts_with(rows) {
                continue;
            }
            let forged = random.below(2) == 0;
            table.put(&changed, forged).await;
            let told = store.held(&kept).await.unwrap();
            let case = format!("{what}, {} on {address}: {told:?}", table.log.name());
            assert_ne!(told[2 + which], Held::Whole, "{case}");
            // The earlier checkpoint stands if the change came after it; the other log is as it was.
            let before = early[which].size as usize;
            let untouched = changed.get(..before) == rows.get(..before);
            assert_eq!(told[which] == Held::Whole, untouched, "{case}");
            assert_eq!([told[1 - which], told[3 - which]], [Held::Whole; 2]);
            if let Held::Missing(number) = told[2 + which] {
                assert!(changed.iter().all(|row| row.seq != number as i64), "{case}");
            }
            // Nobody can go on from there, not with a head made for it: nothing is signed or proven.
            if found % 8 == 0 {
                let again = store.sign(table.log, &key(table.log), &kept).await;
                let refused = match again {
                    Err(ProofError::Head { .. }) => {
                        !forged || matches!(told[2 + which], Held::Missing(_))
                    }
                    Err(ProofError::NotHeld { .. }) => true,
                    _ => false,
                };
                assert!(refused, "{case}: {again:?}");
                let proof = store.prove_entry(1, &late[which], "").await;
                assert!(matches!(proof, Err(ProofError::NotHeld { .. })), "{case}");
            }
            table.put(rows, true).await;
            *seen.entry((which, what)).or_insert(0) += 1;
            found += 1;
        }
        assert_eq!(seen.len(), 24, "{seen:?}");
        assert!(seen.values().all(|count| *count > 10), "{seen:?}");
        assert_eq!(store.held(&kept).await.unwrap(), all, "{address}");
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_proven_is_checked_from_files_alone() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let nothing = signed(&store, Log::Access).await;
        grow(&store, 0).await;
        for log in Log::ALL {
            let old = signed(&store, log).await;
            grow(&store, 1).await;
            grow(&store, 2).await;
            let new = signed(&store, log).await;
            let mut files = vec![old.0.clone(), new.0.clone()];
            let proof = store.prove_extension(&old.1, &new.1, &new.0).await.unwrap();
            files.push(File::Consistency(proof).to_string());
            // An earlier checkpoint can be proven from after the log has grown.
            for number in 1..=old.1.size {
                for (note, checkpoint) in [&old, &new] {
                    let proof = store.prove_entry(number, checkpoint, note).await.unwrap();
                    files.push(File::Inclusion(proof).to_string());
                }
            }
            let named = files.into_iter().zip(1..);
            let named: Vec<_> = named.map(|(text, n)| (format!("{n}"), text)).collect();
            let entries = store.entries(0, 1_000).await.unwrap();
            for one in check(&named, &keys()) {
                let proven = one.found.unwrap();
                if let (Log::Ledger, Proven::Included { number, entry, .. }) = (log, proven) {
                    let (_, at, body) = &entries[number as usize - 1];
                    assert_eq!(entry, [format!("{at}\n").as_bytes(), body].concat());
                }
            }
            for number in [0, new.1.size + 1, u64::MAX] {
                let proof = store.prove_entry(number, &new.1, &new.0).await;
                assert!(matches!(proof, Err(ProofError::NoEntry { .. })), "{number}");
            }
            let back = store.prove_extension(&new.1, &old.1, &old.0).await;
            assert!(matches!(back, Err(ProofError::Order { .. })));
            let across = store.prove_extension(&nothing.1, &new.1, &new.0).await;
            let two_logs = matches!(across, Err(ProofError::TwoLogs(..)));
            assert_eq!(two_logs, log == Log::Ledger);
        }
    }
}

/// Whoever owns the database can make a history that is whole in itself. Only what was signed before
/// tells it from the true one.
#[tokio::test(flavor = "multi_thread")]
async fn a_history_made_up_as_a_whole_is_found() {
    let (_folder, addresses) = databases().await;
    let (_other, others) = databases().await;
    for (address, other) in addresses.iter().zip(&others) {
        let place = key_file();
        let [store, other] = [address, other].map(|address| Store::open(address, &place));
        let (store, other) = (store.await.unwrap(), other.await.unwrap());
        grow(&store, 0).await;
        grow_by(&other, 0, "penguji").await;
        assert_replays(&other).await;
        let mut kept = Vec::new();
        for log in Log::ALL {
            kept.push(signed(&store, log).await.1);
        }
        assert_eq!(other.held(&kept).await.unwrap(), [Held::Changed; 2]);
        let again = other.sign(Log::Ledger, &key(Log::Ledger), &kept).await;
        assert!(matches!(again, Err(ProofError::NotHeld { .. })));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_holds_after_a_restore_and_a_move() {
    let (_folder, addresses) = databases().await;
    let (_other, others) = databases().await;
    for (address, other) in addresses.iter().zip(others.iter().rev()) {
        let place = key_file();
        let [store, other] = [address, other].map(|address| Store::open(address, &place));
        let (store, other) = (store.await.unwrap(), other.await.unwrap());
        for turn in 0..3 {
            grow(&store, turn).await;
        }
        let mut kept = Vec::new();
        for log in Log::ALL {
            kept.push(signed(&store, log).await.1);
        }
        let mut bytes = Vec::new();
        store.backup(&mut bytes).await.unwrap();
        let backup = Backup::open(std::io::Cursor::new(bytes)).unwrap();
        other.restore(backup).await.unwrap();
        assert_eq!(other.held(&kept).await.unwrap(), [Held::Whole; 2]);
        // It goes on from there.
        grow(&other, 3).await;
        assert_eq!(other.held(&kept).await.unwrap(), [Held::Whole; 2]);
        for log in Log::ALL {
            other.sign(log, &key(log), &kept).await.unwrap();
        }
        let behind: Vec<Checkpoint> = vec![signed(&other, Log::Access).await.1];
        assert_eq!(store.held(&behind).await.unwrap(), [Held::Missing(7)]);
    }
}
