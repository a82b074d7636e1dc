//! The same stories told to both databases. All persons are made up.
//!
//! PostgreSQL is the one of `SATU_TEST_POSTGRES` (see `scripts/with-postgres`).

#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

mod accounts;
mod arrivals;
mod auditing;
mod backup;
mod clients;
mod feeding;
mod keys;
mod looks;
mod neighbours;
mod open;
mod places;
mod planning;
mod privacy;
mod tls;
mod webhooks;

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use jiff::civil::date;
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::entry::{
    Doubt, DoubtPair, Entry, Findings, Found, Linked, Receipt, RecordKey, Ruling, Source,
    Statement, Submission, Verdict,
};
use satu_store::{KeyPlace, OPEN, RawHasher, Scope, Store, Writer};
use sqlx::Executor;

mod asking;

/// The key file of every register that a test makes.
fn key_file() -> KeyPlace {
    KeyPlace::File(concat!(env!("CARGO_TARGET_TMPDIR"), "/store.key").into())
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A fresh database of each engine, and the folder that holds the embedded one.
async fn databases() -> (tempfile::TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let server = std::env::var("SATU_TEST_POSTGRES")
        .expect("run the tests with scripts/test, which starts a PostgreSQL");
    let name = format!(
        "t{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    sqlx::any::install_default_drivers();
    sqlx::AnyPool::connect(&format!("{server}/postgres"))
        .await
        .unwrap()
        .execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .await
        .unwrap();
    let file = folder.path().join("satu.db").to_string_lossy().into_owned();
    (folder, vec![file, format!("{server}/{name}")])
}

/// A way to a database that leaves out the store.
async fn pool(address: &str) -> sqlx::AnyPool {
    let url = if address.starts_with("postgres") {
        address.to_owned()
    } else {
        format!("sqlite:{address}")
    };
    sqlx::AnyPool::connect(&url).await.unwrap()
}

fn source(code: &str, kind: SourceKind) -> Entry {
    Entry::Source(Source {
        code: code.into(),
        name: code.into(),
        kind,
        instansi: String::new(),
    })
}

fn cells(kind: Kind, set: &[(&str, &str)]) -> Vec<String> {
    let mut cells = vec![String::new(); kind.columns().len()];
    for (column, value) in set {
        (*value).clone_into(&mut cells[kind.position(column).unwrap()]);
    }
    cells
}

/// One delivery with one statement a row; returns the statements' numbers.
async fn deliver(
    writer: &mut Writer,
    source: &str,
    kind: Kind,
    rows: &[&[(&str, &str)]],
) -> Vec<i64> {
    let raw = format!("{source} {rows:?} {}", writer.next());
    let blob = RawHasher::of(raw.as_bytes()).unwrap();
    writer.keep_raw(&blob, raw.as_bytes()).await.unwrap();
    let submission = Submission {
        source: source.into(),
        file: "contoh.csv".into(),
        kind,
        blob,
        stated_on: date(2026, 11, 1),
        map: None,
    };
    let id = writer.append(&Entry::Submission(submission)).await.unwrap();
    let mut numbers = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let statement = Statement {
            submission: id,
            row: at as u64 + 2,
            fact: row[0].1.into(),
            cells: cells(kind, row),
            unknown: vec![],
        };
        numbers.push(writer.append(&Entry::Statement(statement)).await.unwrap());
    }
    let found = Found {
        rule: "DU-001".into(),
        severity: "warning".into(),
        column: "nama".into(),
        value: "x'; DROP TABLE ledger --".into(),
    };
    let row = Findings {
        submission: id,
        row: 2,
        found: vec![found],
    };
    writer.append(&Entry::Findings(row)).await.unwrap();
    let receipt = Receipt {
        submission: id,
        rows: rows.len() as u64,
        accepted: rows.len() as u64 - 1,
        accepted_with_warnings: 1,
        rejected: 0,
    };
    writer.append(&Entry::Receipt(receipt)).await.unwrap();
    numbers
}

const NIP: &str = "198503172010012005";

async fn assert_replays(store: &Store) {
    let folder = tempfile::tempdir().unwrap();
    let verdict = store.verify(&folder.path().join("again.db")).await.unwrap();
    assert_eq!(verdict.differences, Vec::<String>::new());
    assert!(verdict.rows > 0 && verdict.files > 0);
}

#[tokio::test]
async fn a_story_ends_alike_on_both_and_replays() {
    let (_folder, addresses) = databases().await;
    let mut told = Vec::new();
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let mut writer = store.begin().await.unwrap();
        writer
            .append(&source("pusat", SourceKind::Central))
            .await
            .unwrap();
        writer
            .append(&source("gaji", SourceKind::Payroll))
            .await
            .unwrap();
        let a = deliver(
            &mut writer,
            "pusat",
            Kind::DataUtama,
            &[
                &[
                    ("nip", NIP),
                    ("nama", "Contoh Nama"),
                    ("golongan", "III/b"),
                    ("tmt_golongan", "2020-04-01"),
                ],
                &[("nip", "199001012023211001"), ("nama", "Contoh Lain")],
            ],
        )
        .await;
        let b = deliver(
            &mut writer,
            "gaji",
            Kind::DataUtama,
            &[
                &[
                    ("nip", NIP),
                    ("nama", "Contoh Namma"),
                    ("golongan", "III/b"),
                ],
                &[("nip", "196001011985031001"), ("nama", "Hantu Contoh")],
            ],
        )
        .await;
        let h = deliver(
            &mut writer,
            "pusat",
            Kind::Golongan,
            &[&[
                ("nip", NIP),
                ("golongan", "III/a"),
                ("tmt_golongan", "2014-04-01"),
            ]],
        )
        .await;
        let moved = vec![(a[0], 1), (b[0], 1), (a[1], 2), (b[1], 3), (h[0], 1)];
        writer
            .append(&Entry::Linked(Linked { moved }))
            .await
            .unwrap();
        let pairs = vec![DoubtPair {
            a: a[1],
            b: b[1],
            weight: -1500,
            probability: 260_000,
        }];
        let doubt = Doubt {
            statements: vec![a[1], b[1]],
            pairs,
        };
        writer.append(&Entry::Doubt(doubt)).await.unwrap();
        writer.commit().await.unwrap();
        let before = store.head().await.unwrap();
        let between = Timestamp::now();

        // A correction supersedes its row and stays the same person's.
        let mut writer = store.begin().await.unwrap();
        deliver(
            &mut writer,
            "gaji",
            Kind::DataUtama,
            &[&[("nip", NIP), ("nama", "Contoh Nama"), ("golongan", "III/c")]],
        )
        .await;
        let record = RecordKey {
            source: "gaji".into(),
            fact: NIP.into(),
        };
        let verdict = Verdict::Value {
            record,
            field: "golongan".into(),
            value: "III/c".into(),
        };
        let ruling = Entry::Ruling(Ruling {
            verdict,
            by: "walidata".into(),
            reason: "SK dilihat".into(),
        });
        let ruling = writer.append(&ruling).await.unwrap();
        writer.commit().await.unwrap();

        let one = store.find(&Scope::whole(), "nip", NIP).await.unwrap();
        assert_eq!(one, [1]);
        let now = store
            .person(&Scope::whole(), 1, None, OPEN)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(now.record.value("golongan"), Some("III/c"));
        assert_eq!(
            now.record.conflicts().count(),
            0,
            "the ruling ends the conflict"
        );
        assert_eq!(now.evidence.len(), 3);
        // Recorded time: what was known before the correction.
        let known = store.known_at(between).await.unwrap();
        assert_eq!(known, before.size);
        let then = store
            .person(&Scope::whole(), 1, None, known)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(then.record.value("golongan"), Some("III/b"));
        assert!(then.record.conflicts().any(|field| field.name == "nama"));
        // Valid time: the rank of 2018.
        let past = store
            .person(&Scope::whole(), 1, Some(date(2018, 1, 1)), known)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(past.record.value("tmt_golongan"), Some("2014-04-01"));

        // An officer takes the ruling back.
        let mut writer = store.begin().await.unwrap();
        writer
            .append(&Entry::Undone {
                ruling,
                by: "walidata".into(),
                reason: "keliru".into(),
            })
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let again = store
            .person(&Scope::whole(), 1, None, OPEN)
            .await
            .unwrap()
            .unwrap();
        assert!(
            again
                .record
                .conflicts()
                .any(|field| field.name == "golongan")
        );

        let totals = store.totals(&Scope::whole()).await.unwrap();
        assert_eq!((totals.persons, totals.ghosts, totals.doubts), (3, 1, 1));
        assert_eq!(
            totals.rows,
            totals.accepted + totals.accepted_with_warnings + totals.rejected
        );
        assert_replays(&store).await;
        told.push((totals, format!("{:?}", again.record)));
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn what_is_not_committed_leaves_nothing() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let mut writer = store.begin().await.unwrap();
        writer
            .append(&source("pusat", SourceKind::Central))
            .await
            .unwrap();
        deliver(
            &mut writer,
            "pusat",
            Kind::DataUtama,
            &[&[("nip", NIP), ("nama", "Contoh")]],
        )
        .await;
        drop(writer);
        assert_eq!(store.head().await.unwrap().size, 0);
        assert_eq!(
            store.totals(&Scope::whole()).await.unwrap(),
            satu_store::ask::Totals::default()
        );
    }
}

#[tokio::test]
async fn two_writers_take_turns() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let other = Store::open(address, &key_file()).await.unwrap();
        let write = async |store: Store, name: &'static str| {
            for _ in 0..10 {
                let mut writer = store.begin().await.unwrap();
                writer
                    .append(&source(name, SourceKind::Agency))
                    .await
                    .unwrap();
                writer.commit().await.unwrap();
            }
        };
        let one = tokio::spawn(write(store.clone(), "a"));
        let two = tokio::spawn(write(other, "b"));
        one.await.unwrap();
        two.await.unwrap();
        assert_eq!(store.head().await.unwrap().size, 20);
    }
}

#[tokio::test]
async fn an_altered_past_is_found() {
    for change in [
        "UPDATE ledger SET body = (SELECT l.body FROM ledger l WHERE l.seq = 2) WHERE seq = 3",
        "UPDATE ledger SET recorded_at = recorded_at + 1 WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 3",
        "UPDATE person SET nama = 'LAIN' WHERE person_id = 1",
        "UPDATE person SET record = (SELECT body FROM ledger WHERE seq = 3)",
        "UPDATE finding SET value = (SELECT body FROM ledger WHERE seq = 3)",
        "DELETE FROM finding",
        "DELETE FROM lookup",
        "UPDATE member SET person_id = 9",
        "UPDATE raw_part SET hash = 'x'",
        "UPDATE submission SET accepted = accepted + 1",
        "UPDATE look SET purpose = 'lain'",
        "DELETE FROM look",
    ] {
        let (_folder, addresses) = databases().await;
        for address in &addresses {
            let store = Store::open(address, &key_file()).await.unwrap();
            let mut writer = store.begin().await.unwrap();
            writer
                .append(&source("pusat", SourceKind::Central))
                .await
                .unwrap();
            let rows = deliver(
                &mut writer,
                "pusat",
                Kind::DataUtama,
                &[&[("nip", NIP), ("nama", "Contoh")]],
            )
            .await;
            writer
                .append(&Entry::Linked(Linked {
                    moved: vec![(rows[0], 1)],
                }))
                .await
                .unwrap();
            writer.commit().await.unwrap();
            let now = Timestamp::now();
            let looked = store.note_access(&[1], "petugas", "tinjau", now);
            looked.await.unwrap();
            assert_replays(&store).await;
            let pool = pool(address).await;
            let touched = pool.execute(change).await.unwrap().rows_affected();
            assert!(touched > 0, "{change}");
            let folder = tempfile::tempdir().unwrap();
            let verdict = store.verify(&folder.path().join("again.db")).await.unwrap();
            assert!(!verdict.differences.is_empty(), "{change} on {address}");
        }
    }
}
