//! The command line as scripts call it, against the real binary. All persons are made up.
//!
//! PostgreSQL is the one of `SATU_TEST_POSTGRES` (see `scripts/with-postgres`).

#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

mod check;
mod crash;
mod road;

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The binary with arguments, ready to run in a folder.
fn satu(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_satu"));
    command.current_dir(folder).args(arguments);
    command.env_remove("SATU_DB");
    command
}

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

/// A new database of the server.
fn postgres() -> String {
    let server = std::env::var("SATU_TEST_POSTGRES")
        .expect("run the tests with scripts/with-postgres, which starts a PostgreSQL");
    let name = format!(
        "satu{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(async {
            let mut server =
                <sqlx::PgConnection as sqlx::Connection>::connect(&format!("{server}/postgres"))
                    .await
                    .unwrap();
            sqlx::query(create).execute(&mut server).await.unwrap();
        });
    format!("{server}/{name}")
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
