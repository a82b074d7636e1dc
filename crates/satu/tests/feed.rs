//! Staying in step, with real processes that are really killed: whoever fetches changes, and whoever
//! is told of them, misses none.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::write;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{document, name, people, postgres, ran, satu};

/// A server that is killed when it is let go.
struct Server {
    child: Child,
    base: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(at: &Path, db: &str, more: &[&str]) -> Server {
    let arguments = ["serve", "--db", db, "--listen", "127.0.0.1:0"];
    let mut child = satu(at, &arguments)
        .args(more)
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
fn program(at: &Path, db: &str, rights: &str) -> String {
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
    assert!(
        text.lines().next().unwrap().contains(",nik,nama,"),
        "{text}"
    );
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

type Told = Arc<Mutex<Vec<(String, Value)>>>;

/// Somebody who is told, one call after the other on a connection, and takes a moment for each.
fn receiver() -> (String, Told) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/kabar", listener.local_addr().unwrap());
    let told = Told::default();
    let kept = told.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = kept.clone();
            std::thread::spawn(move || while take(&stream, &kept).is_some() {});
        }
    });
    (url, told)
}

fn take(mut stream: &TcpStream, told: &Told) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut length, mut id) = (0, String::new());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let Some((name, value)) = line.trim().split_once(": ") else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "webhook-id" => value.clone_into(&mut id),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    told.lock()
        .unwrap()
        .push((id, serde_json::from_slice(&body).unwrap()));
    std::thread::sleep(Duration::from_millis(3));
    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").ok()
}

fn asked(server: &Server, method: &str, path: &str, headers: &str, body: &str) -> Value {
    let host = server.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"))
}

fn told_of(db: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    taken(at, db, 0..10);
    let key = program(at, db, "changes.read");
    let secret = std::fs::read_to_string(at.join("rahasia")).unwrap();
    let (url, told) = receiver();
    let mut server = serve(at, db, &["--private-webhooks"]);
    let form = format!("grant_type=client_credentials&client_id={key}&client_secret={secret}");
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    let token = asked(&server, "POST", "/oauth2/token", kind, &form);
    let bearer = format!(
        "Authorization: Bearer {}\r\nContent-Type: application/json\r\n",
        token["access_token"].as_str().unwrap()
    );
    let wanted = json!({ "url": url }).to_string();
    let hook = asked(&server, "POST", "/api/v1/webhooks", &bearer, &wanted);
    assert_eq!(hook["state"], json!("active"), "{hook}");

    // The server is killed again and again while it tells.
    taken(at, db, 10..600);
    let count = || told.lock().unwrap().len();
    let until = Instant::now() + Duration::from_mins(3);
    for kill in 1..=4 {
        while count() < kill * 60 {
            assert!(Instant::now() < until, "{} were told", count());
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(server);
        // Whoever was killed holds the address for a while yet; the operator need not wait.
        released(db, at);
        server = serve(at, db, &["--private-webhooks"]);
    }
    let wanted: BTreeSet<i64> = (11..=600).collect();
    let distinct = || -> BTreeSet<i64> {
        let told = told.lock().unwrap();
        let id = |(_, event): &(String, Value)| event["id"].as_str().unwrap().parse().unwrap();
        told.iter().map(id).collect()
    };
    while distinct() != wanted {
        assert!(
            Instant::now() < until,
            "{} of 590 were told",
            distinct().len()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    // In order but for what a kill made again; what is made again has the same id.
    let told = told.lock().unwrap();
    let mut newest = 0;
    let mut again = 0;
    for (id, event) in told.iter() {
        let number: i64 = event["id"].as_str().unwrap().parse().unwrap();
        assert!(id.ends_with(&format!("-{number}")), "{id}");
        assert!(
            number <= newest + 1 || newest == 0,
            "{number} after {newest}"
        );
        again += usize::from(number <= newest);
        newest = newest.max(number);
    }
    assert!(again <= 4 * 50, "{again} were told twice");
}

/// Lets go of what a killed worker holds, as time would.
fn released(db: &str, at: &Path) {
    let address = if db.contains("://") {
        db.to_owned()
    } else {
        format!("sqlite:{}", at.join(db).display())
    };
    sqlx::any::install_default_drivers();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        use sqlx::Connection;
        let mut connection = sqlx::AnyConnection::connect(&address).await.unwrap();
        let sql = "UPDATE webhook SET held_until = 0";
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    });
}

#[test]
fn an_address_is_told_of_everything_though_the_server_is_killed() {
    told_of("satu.db");
}

#[test]
fn an_address_is_told_of_everything_on_postgres_too() {
    told_of(&postgres());
}

/// The examples of the documentation, as they stand but for the address.
#[test]
fn the_examples_of_the_documentation_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at.join("pegawai.csv"), people(0..5)).unwrap();
    let arguments = [
        "intake",
        "--source",
        "kota",
        "--instansi",
        "Pemerintah Kota Contoh",
        "pegawai.csv",
    ];
    ran(at, &arguments, 0);
    ran(at, &["link"], 0);
    // No private address is needed for the examples, and none is let in.
    let server = serve(at, "satu.db", &[]);
    let text = include_str!("../../../docs/changes.md");
    let blocks = |kind: &str| -> Vec<String> {
        let begin = format!("```{kind}\n");
        let parts = text.split(&begin).skip(1);
        parts
            .map(|part| part.split("```").next().unwrap().to_owned())
            .collect()
    };
    let mut script = String::from("set -eu\n");
    for block in blocks("sh") {
        script.push_str(&block.replace("http://127.0.0.1:8017", &server.base));
        script.push_str("echo\n");
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_satu")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let done = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(at)
        .env("PATH", path)
        .env_remove("SATU_DB")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success(),
        "{told}\n{}",
        String::from_utf8_lossy(&done.stderr)
    );
    for wanted in [
        "5 changes, up to 5",
        "\"values\":{\"nip\":\"",
        "\"changes\":[],\"cursor\":\"5\",\"more\":false",
        "event: person.created",
        "\"secret\":\"whsec_",
        "Keadaan / Status",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
    assert!(at.join("hasil.xlsx").exists());

    // The example in Python takes what is signed as the specification of the signature has it.
    let python = blocks("python").concat()
        + r#"
key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
body = b'{"test": 2432232314}'
headers = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
           "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}
time.time = lambda: 1614265400
assert genuine([key], headers, body) and genuine(["whsec_AAAA", key], headers, body)
assert not genuine(["whsec_AAAA"], headers, body) and not genuine([key], headers, body + b" ")
time.time = lambda: 1614266400
assert not genuine([key], headers, body)
"#;
    let done = std::process::Command::new("python3")
        .args(["-c", &python])
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}
