//! `satu push`, really killed: what had arrived is not sent again, and a file is taken in once.

use std::fs::write;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value, json};

use super::{Server, program, serve};
use crate::{document, people, postgres, ran, satu};

fn push<'a>(server: &'a Server, key: &'a str, file: &'a str) -> Vec<&'a str> {
    vec![
        "push",
        "--to",
        &server.base,
        "--client",
        key,
        "--secret-file",
        "rahasia",
        "--source",
        "pusat",
        "--json",
        file,
    ]
}

fn delivered(at: &Path, db: &str) -> i64 {
    ran(at, &["export", "--db", db, "--format", "csv", "keluar"], 0);
    let text = std::fs::read_to_string(at.join("keluar/submissions.csv")).unwrap();
    std::fs::remove_dir_all(at.join("keluar")).unwrap();
    text.lines().count() as i64 - 1
}

fn sent(db: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at.join("awal.csv"), people(0..3)).unwrap();
    ran(
        at,
        &["intake", "--db", db, "--source", "pusat", "awal.csv"],
        0,
    );
    let key = program(at, db, "statements.write");
    let server = serve(at, db, &[]);

    // A row that is wrong is told with its row, and what is sensitive of it is not.
    let wrong = people(10..12) + "bukan-nip,3273010101850099999,Nama,1985-01-01,L,2010-01-01\n";
    write(at.join("salah.csv"), &wrong).unwrap();
    let told = document(at, &push(&server, &key, "salah.csv"), 1);
    assert_eq!(
        (&told["submission"]["rows"], &told["submission"]["rejected"]),
        (&json!(3), &json!(1)),
        "{told}"
    );
    let rows = told["findings"].as_array().unwrap();
    assert!(
        rows.iter()
            .any(|one| one["row"] == 4 && one["column"] == "nip"),
        "{told}"
    );
    assert!(!told.to_string().contains("3273010101850099999"));
    // In the words of `satu check`.
    let checked = ran(at, &["check", "salah.csv"], 1);
    let checked = String::from_utf8(checked.stdout).unwrap();
    let mut plainly = push(&server, &key, "salah.csv");
    plainly.retain(|argument| *argument != "--json");
    let pushed = String::from_utf8(ran(at, &plainly, 1).stdout).unwrap();
    let said = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.contains("\": "));
        let said = lines.map(|line| line.split_once("\": ").unwrap().1.to_owned());
        said.collect()
    };
    assert_eq!(said(&pushed), said(&checked), "{pushed}{checked}");
    assert!(!said(&pushed).is_empty());
    let before = delivered(at, db);
    let strict = [&push(&server, &key, "salah.csv")[..], &["--strict"]].concat();
    let refused = ran(at, &strict, 1);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("nothing was sent"));
    write(at.join("bukan.xlsx"), "no table").unwrap();
    ran(at, &push(&server, &key, "bukan.xlsx"), 2);
    assert_eq!(delivered(at, db), before);

    // Killed at any moment, again and again; then let be.
    write(at.join("ukur.csv"), people(5_000..9_000)).unwrap();
    let start = Instant::now();
    document(at, &push(&server, &key, "ukur.csv"), 0);
    let full = start.elapsed();
    write(at.join("besar.csv"), people(20_000..24_000)).unwrap();
    let mut state: u64 = 20_261_126;
    for _ in 0..8 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let part = (state >> 33) as f64 / f64::from(1_u32 << 31);
        let mut child = satu(at, &push(&server, &key, "besar.csv"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(full.mul_f64(part * 0.8));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let told = document(at, &push(&server, &key, "besar.csv"), 0);
    assert_eq!(told["submission"]["rows"], json!(4_000));
    assert_eq!(delivered(at, db), before + 2, "a file was taken in twice");
    let again: Value = document(at, &push(&server, &key, "besar.csv"), 0);
    assert_eq!(
        (&again["already"], &again["submission"]["id"]),
        (&json!(true), &told["submission"]["id"])
    );
    assert_eq!(delivered(at, db), before + 2);
}

#[test]
fn a_push_that_is_killed_sends_once() {
    sent("satu.db");
}

#[test]
fn a_push_that_is_killed_sends_once_on_postgres() {
    sent(&postgres());
}
