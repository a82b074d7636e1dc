//! `satu push` through a proxy that is in the way, and at a register that cannot do its work.

use std::fs::{create_dir, rename, write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;

use super::front::Front;
use super::pushing::{delivered, push, push_to};
use super::telling::altered;
use super::{program, pull, serve, serve_with};
use crate::{document, people, person, postgres, ran, satu};

/// A register that knows the source `pusat`; its program's key.
fn register(at: &Path, db: &str) -> String {
    write(at.join("awal.csv"), people(0..3)).unwrap();
    let intake = ["intake", "--db", db, "--source", "pusat", "awal.csv"];
    ran(at, &intake, 0);
    program(
        at,
        db,
        "statements.write changes.read people.read people.sensitive",
    )
}

/// A file of persons with a column that makes it as large as is wanted.
fn large(numbers: std::ops::Range<usize>, bytes: usize) -> String {
    let long = "keterangan ".repeat(bytes / numbers.len() / 11);
    let rows = numbers.map(|number| format!("{},{long}\n", person(number).trim_end()));
    let rows: String = rows.collect();
    format!("{},catatan\n{rows}", crate::HEADER.trim_end())
}

#[test]
fn parts_that_a_proxy_finds_too_large_are_made_smaller() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let key = register(at, "satu.db");
    let server = serve(at, "satu.db", &[]);
    let bytes = large(10..400, 1_500_000);
    write(at.join("besar.csv"), &bytes).unwrap();
    // nginx, unless it is told otherwise.
    let front = Front::new(&server, |_, length| {
        (length > 1 << 20).then_some("413 Payload Too Large")
    });
    let told = document(at, &push_to(&front.base, &key, "besar.csv"), 0);
    assert_eq!(told["submission"]["rows"], json!(390), "{told}");
    assert_eq!(front.handed("PATCH ").1, bytes.len());
    // Less than any part that is sent.
    let front = Front::new(&server, |_, length| {
        (length > 100_000).then_some("413 Payload Too Large")
    });
    write(at.join("lain.csv"), large(400..600, 1_500_000)).unwrap();
    let refused = ran(at, &push_to(&front.base, &key, "lain.csv"), 2);
    let refused = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.contains("413"), "{refused}");
}

#[test]
fn a_push_goes_on_when_a_site_behind_a_proxy_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let key = register(at, "satu.db");
    let server = serve(at, "satu.db", &[]);
    write(at.join("mulai.csv"), people(10..20)).unwrap();
    // It is away when the file is sent, and again when it is asked what became of it.
    let (mut away, mut asked) = (0, 0);
    let front = Front::new(&server, move |request, _| {
        let sent = request.starts_with("PATCH ") || request.starts_with("HEAD ");
        away += usize::from(sent);
        asked += usize::from(request.starts_with("GET /api/v1/uploads/"));
        if sent && away < 4 {
            return Some("502 Bad Gateway");
        }
        (1..3).contains(&asked).then_some("504 Gateway Timeout")
    });
    let told = document(at, &push_to(&front.base, &key, "mulai.csv"), 0);
    assert_eq!(told["submission"]["rows"], json!(10), "{told}");
    assert_eq!(front.handed("POST /api/v1/uploads").0, 1);
}

/// Pushes until what became of the file was asked twice, and kills it.
fn cut_off(at: &Path, key: &str, front: &Front) {
    let before = front.handed("GET /api/v1/uploads/").0;
    let mut child = satu(at, &push_to(&front.base, key, "tunggu.csv"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..1_000 {
        if front.handed("GET /api/v1/uploads/").0 > before + 1 {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn waited(db: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let key = register(at, db);
    let temporary = at.join("sementara");
    create_dir(&temporary).unwrap();
    let server = serve_with(at, db, &[], &temporary);
    let before = delivered(at, db);
    let bytes = people(10..20);
    write(at.join("tunggu.csv"), &bytes).unwrap();
    // It has no room to take anything in.
    rename(&temporary, at.join("lain")).unwrap();
    let front = Front::new(&server, |_, _| None);
    for _ in 0..3 {
        cut_off(at, &key, &front);
    }
    assert_eq!(front.handed("POST /api/v1/uploads").0, 1);
    assert_eq!(front.handed("PATCH ").1, bytes.len());
    let short = |file, day| {
        let push = push_to(&front.base, &key, file);
        let late = ran(at, &[&push[..], &["--wait", "0"], day].concat(), 2);
        let late = String::from_utf8_lossy(&late.stderr).into_owned();
        assert!(late.contains("has arrived"), "{late}");
    };
    short("tunggu.csv", &[]);
    // For another day it is another, and the one that has arrived is not given up.
    write(at.join("hari.csv"), people(30..40)).unwrap();
    short("hari.csv", &["--stated-on", "2026-01-01"]);
    short("hari.csv", &["--stated-on", "2026-01-02"]);
    assert_eq!(front.handed("POST /api/v1/uploads").0, 3);
    assert_eq!(front.handed("DELETE ").0, 0);
    drop(server);
    assert_eq!(delivered(at, db), before);

    let server = serve(at, db, &[]);
    let told = document(at, &push(&server, &key, "tunggu.csv"), 0);
    assert_eq!(told["submission"]["rows"], json!(10), "{told}");
    // The others are taken in, too, each once.
    for _ in 0..100 {
        if delivered(at, db) == before + 3 {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{} of {}", delivered(at, db), before + 3);
}

#[test]
fn what_has_arrived_is_not_sent_again_while_it_cannot_be_taken_in() {
    waited("satu.db");
}

#[test]
fn what_has_arrived_is_not_sent_again_while_it_cannot_be_taken_in_on_postgres() {
    waited(&postgres());
}

fn broken(db: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let key = register(at, db);
    let server = serve(at, db, &[]);
    write(at.join("rusak.csv"), large(10..400, 1_500_000)).unwrap();
    // A part of it comes, and what is kept of that can no longer be read.
    let mut sent = 0;
    let front = Front::new(&server, move |request, length| {
        if length > 300_000 {
            return Some("413 Payload Too Large");
        }
        sent += usize::from(request.starts_with("PATCH "));
        (sent > 1).then_some("403 Forbidden")
    });
    ran(at, &push_to(&front.base, &key, "rusak.csv"), 2);
    assert_eq!(front.handed("PATCH ").0, 1);
    let sql = "UPDATE arrival_part SET sealed = (SELECT about FROM arrival)";
    altered(db, at, sql);
    let told = document(at, &push(&server, &key, "rusak.csv"), 0);
    assert_eq!(told["submission"]["rows"], json!(390), "{told}");
}

#[test]
fn what_can_no_longer_be_read_is_sent_anew_in_the_same_run() {
    broken("satu.db");
}

#[test]
fn what_can_no_longer_be_read_is_sent_anew_in_the_same_run_on_postgres() {
    broken(&postgres());
}

#[test]
fn what_is_sent_strictly_is_what_was_checked() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let key = register(at, "satu.db");
    let server = serve(at, "satu.db", &[]);
    let bad = people(10..12) + "bukan-nip,3273010101850099999,Nama,1985-01-01,L,2010-01-01\n";
    for (turn, replaced) in [true, false, true, false].into_iter().enumerate() {
        let first = 100 + turn * 3_000;
        write(at.join("tukar.csv"), people(first..first + 3_000)).unwrap();
        write(at.join("lain.csv"), &bad).unwrap();
        let strict = [&push(&server, &key, "tukar.csv")[..], &["--strict"]].concat();
        let child = satu(at, &strict)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(100 + 50 * turn as u64));
        if replaced {
            rename(at.join("lain.csv"), at.join("tukar.csv")).unwrap();
        } else {
            write(at.join("tukar.csv"), &bad).unwrap();
        }
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        // Whatever came first: what was checked is there, or nothing.
        match output.status.code() {
            Some(0) => {}
            Some(1) => assert!(told.contains("nothing was sent"), "{told}"),
            code => assert_eq!(code, Some(2), "{told}"),
        }
    }
}

#[test]
fn what_was_fetched_as_csv_changes_nothing_when_it_is_sent_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let key = register(at, "satu.db");
    let row = |text: &str| format!("{},{text}\n", person(50).trim_end());
    let odd = row("- DESA SUKA MAJU; RT 1");
    write(
        at.join("aneh.csv"),
        format!("{},alamat\n{odd}", crate::HEADER.trim_end()),
    )
    .unwrap();
    let intake = ["intake", "--db", "satu.db", "--source", "pusat", "aneh.csv"];
    ran(at, &intake, 0);
    ran(at, &["link", "--db", "satu.db"], 0);
    let server = serve(at, "satu.db", &[]);
    let told = document(at, &pull(&server, &key, "kabar.csv"), 0);
    assert_eq!(told["changes"], json!(4), "{told}");
    let text = std::fs::read_to_string(at.join("kabar.csv")).unwrap();
    assert!(text.contains(",- DESA SUKA MAJU; RT 1,"), "{text}");
    std::fs::remove_file(at.join("kabar.csv")).unwrap();
    write(at.join("balik.csv"), text).unwrap();
    let sent = document(at, &push(&server, &key, "balik.csv"), 0);
    assert_eq!(sent["submission"]["rows"], json!(4), "{sent}");
    ran(at, &["link", "--db", "satu.db"], 0);
    let told = document(at, &pull(&server, &key, "kabar.csv"), 0);
    assert_eq!(told["changes"], json!(0), "{told}");
}
