//! Staying in step, with real processes that are really killed: whoever fetches changes, and whoever
//! is told of them, misses none.

mod front;
mod fronted;
mod outside;
mod pushing;
mod restoring;
mod resuming;
mod telling;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::write;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use serde_json::json;

use crate::{document, name, people, postgres, ran, satu};

/// A server that is killed when it is let go.
pub struct Server {
    child: Child,
    pub base: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn serve(at: &Path, db: &str, more: &[&str]) -> Server {
    serve_with(at, db, more, at)
}

/// A server whose temporary files go into a folder.
fn serve_with(at: &Path, db: &str, more: &[&str], temporary: &Path) -> Server {
    let arguments = ["serve", "--db", db, "--listen", "127.0.0.1:0"];
    let mut child = satu(at, &arguments)
        .args(more)
        .env("TMPDIR", temporary)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut base = String::new();
    while !base.starts_with("http://127.0.0.1") {
        base.clear();
        assert!(told.read_line(&mut base).unwrap() > 0, "the server ended");
    }
    // What it says later must not fill the pipe.
    std::thread::spawn(move || std::io::copy(&mut told, &mut std::io::sink()));
    let base = base.split(' ').next().unwrap().trim().to_owned();
    Server { child, base }
}

/// A program of the register: its key, with its secret in a file.
pub fn program(at: &Path, db: &str, rights: &str) -> String {
    let arguments = [
        "client",
        "add",
        "--db",
        db,
        "--name",
        "SIMPEG",
        "--walidata",
        "--rights",
        rights,
        "--purpose",
        "pertukaran",
    ];
    let told = String::from_utf8(ran(at, &arguments, 0).stdout).unwrap();
    let (key, secret) = told.trim().split_once(' ').unwrap();
    write(at.join("rahasia"), secret).unwrap();
    key.to_owned()
}

fn taken(at: &Path, db: &str, numbers: std::ops::Range<usize>) {
    let file = format!("{}.csv", numbers.start);
    write(at.join(&file), people(numbers)).unwrap();
    ran(at, &["intake", "--db", db, "--source", "pusat", &file], 0);
    ran(at, &["link", "--db", db], 0);
}

/// Every change in the files of a folder: its number, and in how many rows it stands.
fn held(folder: &Path) -> BTreeMap<i64, usize> {
    let mut all = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.ends_with('\n'), "{} is cut off", path.display());
        for line in text.lines().skip(1) {
            let id = line.split(',').next().unwrap().parse().unwrap();
            *all.entry(id).or_default() += 1;
        }
    }
    all
}

fn pull<'a>(server: &'a Server, key: &'a str, to: &'a str) -> Vec<&'a str> {
    vec![
        "pull",
        "--from",
        &server.base,
        "--client",
        key,
        "--secret-file",
        "rahasia",
        "--to",
        to,
        "--json",
    ]
}

fn followed(db: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    taken(at, db, 0..400);
    let key = program(at, db, "changes.read people.read");
    let server = serve(at, db, &[]);
    let told = document(at, &pull(&server, &key, "semua"), 0);
    assert_eq!(told["changes"], json!(400), "{told}");
    let text = std::fs::read_to_string(at.join("semua/changes-000000000000000.csv")).unwrap();
    let first = text.lines().nth(1).unwrap();
    assert!(
        first.contains("person.created") && first.contains(&name(0).to_uppercase()),
        "{first}"
    );
    let names: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    assert!(names.contains(&"nama"), "{names:?}");
    assert_eq!(distinct.len(), names.len(), "a name twice: {names:?}");
    assert!(text.contains("••••••"), "a NIK is masked without the right");
    let again = document(at, &pull(&server, &key, "semua"), 0);
    assert_eq!(
        (&again["changes"], &again["files"]),
        (&json!(0), &json!([]))
    );

    // Fetching is killed at any moment, while more and more happens.
    let start = Instant::now();
    document(at, &pull(&server, &key, "ukur"), 0);
    let full = start.elapsed();
    let mut state: u64 = 20_261_125;
    let mut people_held = 400;
    for turn in 0..12 {
        if turn % 3 == 0 {
            taken(at, db, people_held..people_held + 20);
            people_held += 20;
        }
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let part = (state >> 33) as f64 / f64::from(1_u32 << 31);
        let mut child = satu(at, &pull(&server, &key, "bunuh"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(full.mul_f64(part * 1.2));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    document(at, &pull(&server, &key, "bunuh"), 0);
    let all = held(&at.join("bunuh"));
    let wanted: BTreeSet<i64> = (1..=people_held as i64).collect();
    assert_eq!(all.keys().copied().collect::<BTreeSet<_>>(), wanted);

    // One file at a time, of the other kind; it waits until it was taken in.
    let one = document(at, &pull(&server, &key, "kabar.parquet"), 0);
    assert_eq!(one["changes"], json!(people_held));
    let magic = std::fs::read(at.join("kabar.parquet")).unwrap();
    assert!(magic.starts_with(b"PAR1") && magic.ends_with(b"PAR1"));
    let refused = ran(at, &pull(&server, &key, "kabar.parquet"), 2);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("still there"));
    std::fs::remove_file(at.join("kabar.parquet")).unwrap();
    let next = document(at, &pull(&server, &key, "kabar.parquet"), 0);
    assert_eq!(next["changes"], json!(0));
    assert!(!at.join("kabar.parquet").exists());

    // What cannot be.
    write(at.join("rahasia"), "salah").unwrap();
    let refused = ran(at, &pull(&server, &key, "semua"), 2);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("did not let the program in"));
    let plain = [
        "pull",
        "--from",
        "http://simpeg.example.com",
        "--client",
        "a",
        "--secret-file",
        "rahasia",
        "--to",
        "x",
    ];
    let refused = ran(at, &plain, 2);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("https alone"));
    write(at.join("semua/cursor"), "x").unwrap();
    ran(at, &pull(&server, &key, "semua"), 2);
}

#[test]
fn a_fetch_that_is_killed_misses_nothing() {
    followed("satu.db");
}

#[test]
fn a_fetch_that_is_killed_misses_nothing_on_postgres() {
    followed(&postgres());
}

/// A register that lets a program in and answers nothing more; and where it tells that it was asked.
fn silent() -> (String, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (asked, told) = channel();
    std::thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
        while let Ok(read @ 1..) = line.read(&mut buffer) {
            heard.extend_from_slice(&buffer[..read]);
            if heard.ends_with(b"client_credentials") {
                let told = "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"access_token\":\"a\"}";
                line.write_all(told.as_bytes()).unwrap();
                heard.clear();
            } else if heard.starts_with(b"GET ") && heard.ends_with(b"\r\n\r\n") {
                asked.send(()).unwrap();
            }
        }
    });
    (base, told)
}

#[test]
fn what_a_killed_fetch_left_goes_with_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    taken(at, "satu.db", 0..3);
    let key = program(at, "satu.db", "changes.read people.read");
    let server = serve(at, "satu.db", &[]);
    let hidden = || {
        let all = std::fs::read_dir(at.join("kabar")).unwrap();
        let names = all.map(|one| one.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with('.')).count()
    };
    let (base, asked) = silent();
    let mut arguments = pull(&server, &key, "kabar");
    arguments[2] = &base;
    let mut child = satu(at, &arguments).spawn().unwrap();
    asked.recv().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(hidden(), 1);
    let told = document(at, &pull(&server, &key, "kabar"), 0);
    assert_eq!(told["changes"], json!(3));
    assert_eq!(hidden(), 0);
}
