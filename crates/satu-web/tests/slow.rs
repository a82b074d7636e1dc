//! Somebody who holds a connection and sends next to nothing is let go; somebody slow is not.

use std::time::Duration;

use satu_web::{Patience, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::browser::site;

/// Far more than any test takes.
const LONG: Duration = Duration::from_mins(2);

/// The site on a socket, with little patience; where it listens.
async fn impatient() -> std::net::SocketAddr {
    let store = site(false).await.store;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let settings = Settings {
        patience: Patience {
            head: Duration::from_millis(500),
            body: Duration::from_millis(500),
            ..Patience::default()
        },
        ..Settings::default()
    };
    tokio::spawn(satu_web::serve(
        store,
        listener,
        settings,
        std::future::pending(),
    ));
    address
}

/// Sends a byte now and then until the site ends the connection; what it answered.
async fn dribbled(mut to: TcpStream) -> String {
    let (mut from, mut to) = to.split();
    let dribble = async {
        while to.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(20)).await;
        }
        // The connection is closed; whoever reads will see it.
        std::future::pending::<()>().await;
    };
    let mut answer = Vec::new();
    let read = async {
        // A reset is an end too.
        let _ = from.read_to_end(&mut answer).await;
    };
    let ended = async {
        tokio::select! {
            () = read => {}
            () = dribble => {}
        }
    };
    timeout(LONG, ended).await.expect("the connection is held");
    String::from_utf8(answer).unwrap()
}

async fn begun(head: &str) -> TcpStream {
    let mut to = TcpStream::connect(impatient().await).await.unwrap();
    to.write_all(head.as_bytes()).await.unwrap();
    to
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let held = begun("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ").await;
    let answer = dribbled(held).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    // Nor is a connection held that says nothing at all.
    let mut silent = begun("").await;
    let read = timeout(LONG, silent.read(&mut [0; 9])).await;
    assert_eq!(read.expect("the connection is held").unwrap_or(0), 0);
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_off() {
    for (path, kind) in [
        ("/masuk", "application/x-www-form-urlencoded"),
        ("/oauth2/token", "application/json"),
    ] {
        let held = begun(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 200000\r\n\r\n"
        ))
        .await;
        let answer = dribbled(held).await;
        // 408 would be the bound on the whole time, of half a minute.
        assert!(answer.starts_with("HTTP/1.1 400"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_body_that_comes_in_pieces_is_waited_for() {
    let body = "grant_type=password";
    let mut to = begun(&format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    ))
    .await;
    for part in body.as_bytes().chunks(7) {
        to.write_all(part).await.unwrap();
        to.flush().await.unwrap();
        sleep(Duration::from_millis(5)).await;
    }
    let mut answer = String::new();
    let read = timeout(LONG, to.read_to_string(&mut answer)).await;
    read.unwrap().unwrap();
    assert!(answer.contains("unsupported_grant_type"), "{answer}");
}
