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
mod ledger;
mod looks;
mod neighbours;
mod open;
mod places;
mod planning;
mod privacy;
mod tls;
mod webhooks;

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::entry::{Entry, Findings, Found, Linked, Receipt, Source, Statement, Submission};
use satu_store::{KeyPlace, RawHasher, Store, Writer};
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
        sheet: None,
        unknown: Vec::new(),
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

/// So many hours after the beginning of time.
fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
}

/// Makes statements one person's, in a transaction of its own.
async fn moved(store: &Store, statements: &[i64], to: i64) {
    let moved = statements.iter().map(|one| (*one, to)).collect();
    let mut writer = store.begin().await.unwrap();
    let linked = Entry::Linked(Linked { moved });
    writer.append(&linked).await.unwrap();
    writer.commit().await.unwrap();
}

async fn assert_replays(store: &Store) {
    let folder = tempfile::tempdir().unwrap();
    let verdict = store.verify(&folder.path().join("again.db")).await.unwrap();
    assert_eq!(verdict.differences, Vec::<String>::new());
    assert!(verdict.rows > 0 && verdict.files > 0);
}
