//! What takes long: documents over a slow line, and answers that are given up.

use std::net::SocketAddr;
use std::time::Duration;

use satu_web::{Patience, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::documents::PDF;
use super::*;

/// Far more than any test takes.
const LONG: Duration = Duration::from_mins(2);

/// The site on a socket, which gives an answer little time.
async fn hasty(simpeg: &Simpeg) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let settings = Settings {
        patience: Patience {
            answer: Duration::from_secs(1),
            ..Patience::default()
        },
        ..Settings::default()
    };
    let stop = std::future::pending();
    let store = simpeg.site.store.clone();
    tokio::spawn(satu_web::serve(store, listener, settings, stop));
    address
}

/// What is answered to a document that comes in small pieces, which takes two seconds in all.
async fn sent_slowly(simpeg: &Simpeg, personal: &str) -> String {
    let body = multipart(&[
        ("id_ref_dokumen", None, b"872"),
        ("file", Some("SK.pdf"), PDF),
    ]);
    let head = format!(
        "POST /apisiasn/1.0/upload-dok HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Bearer {}\r\nAuth: bearer {personal}\r\n\
         Content-Type: multipart/form-data; boundary=batas7\r\nContent-Length: {}\r\n\r\n",
        simpeg.gateway,
        body.len()
    );
    let to = TcpStream::connect(hasty(simpeg).await).await.unwrap();
    let (mut from, mut to) = to.into_split();
    let sending = async move {
        to.write_all(head.as_bytes()).await.unwrap();
        for part in body.chunks(body.len().div_ceil(20)) {
            // Whoever was answered already takes no more.
            if to.write_all(part).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
        to
    };
    let mut answer = Vec::new();
    let reading = timeout(LONG, from.read_to_end(&mut answer));
    let (_to, read) = tokio::join!(sending, reading);
    let _ = read.expect("the connection is held");
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_may_take_long_to_arrive() {
    let simpeg = simpeg(site(false).await).await;
    let answer = sent_slowly(&simpeg, &simpeg.personal).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\"dok_nama\":\"SK.pdf\""), "{answer}");
    // But not of whoever brings no good token: that is held in memory no longer than any page.
    let answer = sent_slowly(&simpeg, "lama").await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_the_site_itself_has_the_form_that_programs_know() {
    let mut simpeg = simpeg(site(false).await).await;
    let known = |answer: &Answer, status: StatusCode| {
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let told = json(answer);
        assert_eq!(
            (&told["code"], &told["success"]),
            (&0.into(), &false.into())
        );
        assert!(told["message"].is_string() && told["data"] == told["message"]);
    };
    let path = format!("/pns/data-utama/{ANI}%00");
    known(&simpeg.get(&path).await, StatusCode::BAD_REQUEST);
    let put = simpeg.send(Method::PUT, "/jabatan/save", None, Vec::new());
    let put = put.await;
    assert_eq!(put.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(json(&put)["code"], "404", "{}", put.body);
    assert!(put.header("allow").is_some());

    // What takes too long.
    let settings = Settings {
        patience: Patience {
            answer: Duration::ZERO,
            ..Patience::default()
        },
        ..Settings::default()
    };
    let store = simpeg.site.store.clone();
    let site = Arc::get_mut(&mut simpeg.site).unwrap();
    site.pages = satu_web::router(store, settings);
    let path = format!("/pns/data-utama/{ANI}");
    known(&simpeg.get(&path).await, StatusCode::REQUEST_TIMEOUT);
}
