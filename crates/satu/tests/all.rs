//! The command line as scripts call it, against the real binary. All persons are made up.
//!
//! PostgreSQL is the one of `SATU_TEST_POSTGRES` (see `scripts/with-postgres`).

#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

mod accounts;
mod api;
mod audit;
mod backup;
mod browser;
mod check;
mod crash;
mod database;
mod docs;
mod feed;
mod keys;
mod link_files;
mod log;
mod open;
mod reconcile;
mod road;

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use sqlx::{Connection, PgConnection, Row};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The binary with arguments, ready to run in a folder.
fn satu(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_satu"));
    command.current_dir(folder).args(arguments);
    // What a killed process leaves in its folder for temporary files goes with the test's.
    command.env_remove("SATU_DB").env("TMPDIR", folder);
    // Keys are where they are without a word about them: in the user's data folder.
    command
        .env_remove("SATU_KEY_FILE")
        .env("XDG_DATA_HOME", DATA);
    command
}

/// The folder for the user's data.
const DATA: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/data");

/// Runs it and looks at how it ended: with this code, and without a panic.
fn ran(folder: &Path, arguments: &[&str], code: i32) -> Output {
    let output = satu(folder, arguments).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(code),
        "satu {arguments:?}\n{told}"
    );
    assert!(!told.contains("panicked"), "satu {arguments:?}\n{told}");
    output
}

/// The one JSON document that a run prints.
fn document(folder: &Path, arguments: &[&str], code: i32) -> Value {
    serde_json::from_slice(&ran(folder, arguments, code).stdout).unwrap()
}

/// A number that no other test has.
fn number() -> u32 {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// One statement to the PostgreSQL server, in its own database; the first number of the answer.
fn asked(statement: String) -> i64 {
    let server = server();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(async {
            let mut server = PgConnection::connect(&format!("{server}/postgres"))
                .await
                .unwrap();
            let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
                .fetch_all(&mut server)
                .await
                .unwrap();
            rows.first().map_or(0, |row| row.get(0))
        })
}

fn server() -> String {
    std::env::var("SATU_TEST_POSTGRES")
        .expect("run the tests with scripts/with-postgres, which starts a PostgreSQL")
}

/// A new database of the server.
fn postgres() -> String {
    let name = format!("satu{}_{}", std::process::id(), number());
    asked(format!("CREATE DATABASE {name}"));
    format!("{}/{name}", server())
}

/// How many sessions of a killed process the server has not ended yet.
fn sessions(db: &str) -> i64 {
    match db.strip_prefix("postgres://") {
        None => 0,
        Some(address) => {
            let name = address.rsplit('/').next().unwrap();
            asked(format!(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"
            ))
        }
    }
}

const HEADER: &str = "nip,nik,nama,tanggal_lahir,jenis_kelamin,tmt_cpns\n";

/// A name for a number: letters only, as the standard wants.
fn name(mut number: usize) -> String {
    let mut name = String::from("Contoh ");
    for _ in 0..5 {
        name.push((b'a' + (number % 26) as u8) as char);
        number /= 26;
    }
    name
}

/// A line of `data_utama` without a fault, one person for each number.
fn person(number: usize) -> String {
    let (day, month, year) = (
        1 + number % 28,
        1 + number / 28 % 12,
        1976 + number / 336 % 12,
    );
    let serial = 1 + number / 4032;
    format!(
        "{year}{month:02}{day:02}2010011{serial:03},320101{day:02}{month:02}{:02}{serial:04},{},{year}-{month:02}-{day:02},L,2010-01-01\n",
        year % 100,
        name(number),
    )
}

/// A file of such persons.
fn people(numbers: std::ops::Range<usize>) -> String {
    let mut text = HEADER.to_owned();
    for number in numbers {
        let _ = text.write_str(&person(number));
    }
    text
}
