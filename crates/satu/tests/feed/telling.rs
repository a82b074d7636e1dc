//! Addresses that are told, by a server that is killed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Server, program, serve, taken};
use crate::postgres;

pub(super) type Told = Arc<Mutex<Vec<(String, Value)>>>;

/// Somebody who is told, one call after the other on a connection, and takes a moment for each.
pub(super) fn receiver() -> (String, Told) {
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

/// The number of the change that an event tells, which a mark follows.
pub(super) fn number(event: &Value) -> i64 {
    let (number, _) = event["id"].as_str().unwrap().split_once('.').unwrap();
    number.parse().unwrap()
}

/// Has an address told of all changes within a program's reach.
pub(super) fn added(at: &Path, server: &Server, key: &str, url: &str) {
    let secret = std::fs::read_to_string(at.join("rahasia")).unwrap();
    let form = format!("grant_type=client_credentials&client_id={key}&client_secret={secret}");
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    let token = asked(server, "POST", "/oauth2/token", kind, &form);
    let bearer = format!(
        "Authorization: Bearer {}\r\nContent-Type: application/json\r\n",
        token["access_token"].as_str().unwrap()
    );
    let wanted = json!({ "url": url }).to_string();
    let hook = asked(server, "POST", "/api/v1/webhooks", &bearer, &wanted);
    assert_eq!(hook["state"], json!("active"), "{hook}");
}

fn told_of(db: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    taken(at, db, 0..10);
    let key = program(at, db, "changes.read");
    let (url, told) = receiver();
    let mut server = serve(at, db, &["--private-webhooks"]);
    added(at, &server, &key, &url);

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
        altered(db, at, "UPDATE webhook SET held_until = 0");
        server = serve(at, db, &["--private-webhooks"]);
    }
    let wanted: BTreeSet<i64> = (11..=600).collect();
    let distinct = || -> BTreeSet<i64> {
        let told = told.lock().unwrap();
        told.iter().map(|(_, event)| number(event)).collect()
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
        let (number, event) = (number(event), event["id"].as_str().unwrap());
        assert!(id.ends_with(&format!("-{event}")), "{id}");
        assert!(
            number <= newest + 1 || newest == 0,
            "{number} after {newest}"
        );
        again += usize::from(number <= newest);
        newest = newest.max(number);
    }
    assert!(again <= 4 * 50, "{again} were told twice");
}

/// Does one statement in a register's database, past it.
pub(super) fn altered(db: &str, at: &Path, sql: &'static str) {
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
