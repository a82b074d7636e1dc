//! `satu push` while the register is really killed: it goes on where it stopped, with a register that
//! began again.

use std::fs::write;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use super::{Server, program, serve};
use crate::{HEADER, document, people, person, postgres, ran, satu};

/// A line to a register that comes and goes: it counts what is sent to it, lets so much of it through,
/// and then keeps the rest waiting; a connection breaks off after so much of its own.
struct Line {
    base: String,
    to: Arc<Mutex<SocketAddr>>,
    sent: Arc<AtomicU64>,
    most: Arc<AtomicU64>,
    each: Arc<AtomicU64>,
}

fn address(server: &Server) -> SocketAddr {
    server
        .base
        .strip_prefix("http://")
        .unwrap()
        .parse()
        .unwrap()
}

/// Carries bytes one way until either end goes, or it is told to end.
fn carried(mut from: TcpStream, mut to: TcpStream, mut goes_on: impl FnMut(u64) -> bool) {
    let mut buffer = vec![0; 1 << 14];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let last = !goes_on(read as u64);
        if to.write_all(&buffer[..read]).is_err() || last {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

impl Line {
    fn new(server: &Server) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = Line {
            base: format!("http://{}", listener.local_addr().unwrap()),
            to: Arc::new(Mutex::new(address(server))),
            sent: Arc::default(),
            most: Arc::new(AtomicU64::new(u64::MAX)),
            each: Arc::new(AtomicU64::new(u64::MAX)),
        };
        let (to, sent) = (line.to.clone(), line.sent.clone());
        let (most, each) = (line.most.clone(), line.each.clone());
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(*to.lock().unwrap()) else {
                    continue;
                };
                let (back, forth) = (far.try_clone().unwrap(), near.try_clone().unwrap());
                std::thread::spawn(move || carried(back, forth, |_| true));
                let (sent, most, each) = (sent.clone(), most.clone(), each.clone());
                std::thread::spawn(move || {
                    let mut own = 0;
                    carried(near, far, |count| {
                        let all = sent.fetch_add(count, Ordering::SeqCst) + count;
                        while all > most.load(Ordering::SeqCst) {
                            std::thread::sleep(Duration::from_millis(5));
                        }
                        own += count;
                        own < each.load(Ordering::SeqCst)
                    });
                });
            }
        });
        line
    }

    /// Begins anew to count; so many bytes are let through.
    fn counts(&self, most: u64) {
        self.sent.store(0, Ordering::SeqCst);
        self.most.store(most, Ordering::SeqCst);
    }

    fn waits_for(&self, bytes: u64) {
        while self.sent.load(Ordering::SeqCst) < bytes {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A file of some mebibytes and few rows.
fn large(at: &Path, file: &str, from: usize) -> u64 {
    let mut text = HEADER.replace('\n', ",catatan\n");
    for number in from..from + 200 {
        text += person(number).trim();
        text += ",";
        text += &"keterangan ".repeat(6_000);
        text += "\n";
    }
    write(at.join(file), &text).unwrap();
    text.len() as u64
}

fn push<'a>(line: &'a Line, key: &'a str, file: &'a str) -> [&'a str; 10] {
    let (to, secret) = (line.base.as_str(), "rahasia");
    [
        "push",
        "--to",
        to,
        "--client",
        key,
        "--secret-file",
        secret,
        "--source=pusat",
        "--json",
        file,
    ]
}

/// That nothing of what came stands open in the database's files.
fn stands_sealed(at: &Path) {
    let mut seen = 0;
    for file in ["satu.db", "satu.db-wal"] {
        let bytes = std::fs::read(at.join(file)).unwrap_or_default();
        for needle in ["keterangan", &person(500)[19..35]] {
            let found = bytes
                .windows(needle.len())
                .any(|some| some == needle.as_bytes());
            assert!(!found, "{needle} in {file}");
        }
        seen += bytes.len();
    }
    assert!(seen > 4 << 20, "the parts are not here: {seen}");
}

fn resumed(db: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at.join("awal.csv"), people(0..3)).unwrap();
    let first = ["intake", "--db", db, "--source", "pusat", "awal.csv"];
    ran(at, &first, 0);
    let key = program(at, db, "statements.write");
    let mut server = serve(at, db, &[]);
    let line = Line::new(&server);

    // Two parts of four mebibytes are there, and some of the third, when the register is killed, and the
    // one who sends, too: the line of cron comes again tomorrow.
    let length = large(at, "besar.csv", 500);
    let there = 9 << 20;
    assert!(length > there + (3 << 20));
    line.counts(there);
    let mut child = satu(at, &push(&line, &key, "besar.csv"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    line.waits_for(there);
    drop(server);
    child.kill().unwrap();
    child.wait().unwrap();
    if db == "satu.db" {
        stands_sealed(at);
    }
    server = serve(at, db, &[]);
    *line.to.lock().unwrap() = address(&server);
    line.counts(u64::MAX);
    let told = document(at, &push(&line, &key, "besar.csv"), 0);
    assert_eq!(
        (&told["submission"]["rows"], &told["already"]),
        (&json!(200), &json!(false))
    );
    let again = line.sent.load(Ordering::SeqCst);
    assert!(
        again < length - (8 << 20) + (64 << 10),
        "{again} of {length} bytes were sent again"
    );

    // The one who sends stays, and the register comes back.
    let length = large(at, "lagi.csv", 1_000);
    line.counts(there);
    let child = satu(at, &push(&line, &key, "lagi.csv"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    line.waits_for(there);
    drop(server);
    server = serve(at, db, &[]);
    *line.to.lock().unwrap() = address(&server);
    line.counts(u64::MAX);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["submission"]["rows"], json!(200));
    let again = line.sent.load(Ordering::SeqCst);
    assert!(
        again < length - (8 << 20) + (64 << 10),
        "{again} of {length} bytes were sent again"
    );
    drop(server);
}

#[test]
fn a_push_goes_on_where_it_stopped_when_the_register_was_killed() {
    resumed("satu.db");
}

#[test]
fn a_push_goes_on_where_it_stopped_when_the_register_was_killed_on_postgres() {
    resumed(&postgres());
}

/// A register with a source, the key of a program that speaks for it, and the site.
fn served(at: &Path) -> (String, Server) {
    write(at.join("awal.csv"), people(0..3)).unwrap();
    ran(at, &["intake", "--source", "pusat", "awal.csv"], 0);
    let key = program(at, "satu.db", "statements.write");
    let server = serve(at, "satu.db", &[]);
    (key, server)
}

#[test]
fn a_push_for_another_day_gives_up_what_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (key, server) = served(at);
    write(at.join("besar.csv"), people(100..2_000)).unwrap();

    // It begins, and is killed before anything of its first part is there.
    let slow = Line::new(&server);
    slow.counts(8 << 10);
    let january = ["--stated-on", "2026-01-31", "--kind", "data_utama"];
    let arguments = push(&slow, &key, "besar.csv");
    let mut child = satu(at, &[&arguments[..], &january[..]].concat())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    slow.waits_for(8 << 10);
    child.kill().unwrap();
    child.wait().unwrap();

    let line = Line::new(&server);
    let arguments = push(&line, &key, "besar.csv");
    let june = ["--stated-on", "2026-06-30"];
    let done = ran(at, &[&arguments[..], &june[..]].concat(), 0);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(
        said.contains("2026-01-31 data_utama was given up"),
        "{said}"
    );
    let told: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(told["submission"]["stated_on"], json!("2026-06-30"));
}

#[test]
fn a_push_over_a_line_that_breaks_again_and_again_comes_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (key, server) = served(at);
    let line = Line::new(&server);
    line.each.store(64 << 10, Ordering::SeqCst);
    // More often than a part is tried of which nothing comes.
    let text = people(100..12_000);
    assert!(text.len() > 10 * (80 << 10));
    write(at.join("besar.csv"), text).unwrap();
    let told = document(at, &push(&line, &key, "besar.csv"), 0);
    assert_eq!(told["submission"]["rows"], json!(11_900));
}

#[test]
fn a_push_is_told_that_five_files_are_on_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (key, server) = served(at);
    let slow = Line::new(&server);
    for number in 1..=5 {
        let file = format!("{number}.csv");
        write(at.join(&file), people(number * 2_000..number * 2_000 + 500)).unwrap();
        slow.counts(8 << 10);
        let mut child = satu(at, &push(&slow, &key, &file)).spawn().unwrap();
        slow.waits_for(8 << 10);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    write(at.join("lagi.csv"), people(100..103)).unwrap();
    let line = Line::new(&server);
    let refused = ran(at, &push(&line, &key, "lagi.csv"), 2);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        said.contains("409") && said.contains("lima berkas"),
        "{said}"
    );
    // One that was begun goes on, and has room again.
    document(at, &push(&line, &key, "3.csv"), 0);
    document(at, &push(&line, &key, "lagi.csv"), 0);
}
