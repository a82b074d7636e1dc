//! Large files in parts.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use satu_domain::dates::today;
use satu_store::arrivals::{About, Arrival, Outcome, Room};
use satu_store::entry::Source;
use satu_store::{Entry, Scope, hex};
use satu_web::{Patience, Settings, router, serve};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tower::ServiceExt;

use super::{HEAD, country, country_on, get, json, post_with, program, token};
use crate::browser::{Answer, Site, asked_with, delivered, site_on_postgres};

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
const PART: (&str, &str) = ("content-type", "application/offset+octet-stream");

fn said(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name} {}", STANDARD.encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join(",")
}

async fn begun(site: &Site, token: &str, length: usize, pairs: &[(&str, &str)]) -> Answer {
    let (length, said) = (length.to_string(), said(pairs));
    let headers = [
        TUS,
        ("upload-length", length.as_str()),
        ("upload-metadata", said.as_str()),
    ];
    post_with(site, token, "/api/v1/uploads", &headers, Vec::new()).await
}

async fn part(site: &Site, token: &str, place: &str, offset: usize, bytes: &[u8]) -> Answer {
    let (bearer, offset) = (format!("Bearer {token}"), offset.to_string());
    let headers = [
        TUS,
        PART,
        ("authorization", bearer.as_str()),
        ("upload-offset", offset.as_str()),
    ];
    asked_with(site, Method::PATCH, place, &headers, bytes.to_vec()).await
}

async fn settled(site: &Site, token: &str, place: &str) -> Value {
    for _ in 0..500 {
        let told = json(&get(site, token, place, &[]).await);
        if told["state"] != "taking-in" {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it is not taken in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_arrives_in_parts_and_goes_on_where_it_broke_off() {
    let site = country().await;
    program(&site, "kota", true, "people.read statements.write").await;
    program(&site, "lain", true, "people.read statements.write").await;
    let (kota, lain) = (token(&site, "kota").await, token(&site, "lain").await);
    let csv = [
        HEAD,
        "199203042019031002,3273010403920001,CITRA CONTOH,1992-03-04,L,citra@contoh.id\n",
    ]
    .concat();
    let sha256 = hex(&Sha256::digest(&csv));
    let about = [
        ("source", "sendiri"),
        ("filename", "parts.csv"),
        ("stated_on", "2026-08-02"),
        ("kind", "data_utama"),
        ("sha256", sha256.as_str()),
    ];
    let answer = begun(&site, &kota, csv.len(), &about).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.body);
    assert_eq!(answer.header("tus-resumable"), Some("1.0.0"));
    let place = answer.header("location").unwrap().to_owned();

    let first = part(&site, &kota, &place, 0, &csv.as_bytes()[..30]).await;
    assert_eq!(
        (first.status.as_u16(), first.header("upload-offset")),
        (204, Some("30"))
    );
    let again = part(&site, &kota, &place, 0, &csv.as_bytes()[..30]).await;
    assert_eq!(again.status.as_u16(), 409);
    // The connection breaks off in the middle of a part.
    let pieces = [
        Ok(Bytes::copy_from_slice(&csv.as_bytes()[30..50])),
        Err(std::io::Error::other("broken off")),
    ];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let request = Request::patch(&place)
        .header("host", site.host)
        .header("authorization", format!("Bearer {kota}"))
        .header(TUS.0, TUS.1)
        .header(PART.0, PART.1)
        .header("upload-offset", "30");
    let broken = site.pages.clone().oneshot(request.body(body).unwrap());
    assert_eq!(broken.await.unwrap().status().as_u16(), 400);
    let told = get(&site, &kota, &place, &[]).await;
    assert_eq!(told.header("upload-offset"), Some("50"));
    let bearer = format!("Bearer {kota}");
    let headers = [TUS, ("authorization", bearer.as_str())];
    let head = asked_with(&site, Method::HEAD, &place, &headers, vec![]).await;
    assert_eq!(
        (head.header("upload-offset"), head.header("upload-length")),
        (Some("50"), Some(csv.len().to_string().as_str()))
    );

    // A program finds its own files again by their hash, and no other's.
    let mine = json(&get(&site, &kota, "/api/v1/uploads", &[]).await);
    assert_eq!(
        (&mine["data"][0]["sha256"], &mine["data"][0]["offset"]),
        (&sha256.as_str().into(), &50.into())
    );
    assert_eq!(
        (&mine["data"][0]["stated_on"], &mine["data"][0]["kind"]),
        (&"2026-08-02".into(), &"data_utama".into())
    );
    let theirs = json(&get(&site, &lain, "/api/v1/uploads", &[]).await);
    assert_eq!(theirs["data"].as_array().unwrap().len(), 0);
    let foreign = part(&site, &lain, &place, 50, &csv.as_bytes()[50..]).await;
    assert_eq!(foreign.status.as_u16(), 404);

    let too_much = [&csv.as_bytes()[50..], b"more"].concat();
    let answer = part(&site, &kota, &place, 50, &too_much).await;
    assert_eq!(answer.status.as_u16(), 413);
    let last = part(&site, &kota, &place, 50, &csv.as_bytes()[50..]).await;
    assert_eq!(last.status.as_u16(), 204, "{}", last.body);
    let told = settled(&site, &kota, &place).await;
    assert_eq!(
        (&told["state"], &told["already"]),
        (&"taken".into(), &false.into()),
        "{told}"
    );
    let path = format!("/api/v1/submissions/{}", told["submission"]);
    let delivery = json(&get(&site, &kota, &path, &[]).await);
    assert_eq!(
        (&delivery["file"], &delivery["rows"], &delivery["stated_on"]),
        (&"parts.csv".into(), &1.into(), &"2026-08-02".into())
    );
    assert_eq!(delivery["sha256"], sha256.as_str());

    // The same bytes need not be sent again.
    let answer = begun(&site, &kota, csv.len(), &about).await;
    let length = csv.len().to_string();
    assert_eq!(
        (answer.status.as_u16(), answer.header("upload-offset")),
        (201, Some(length.as_str()))
    );
    let again = answer.header("location").unwrap();
    assert_ne!(again, place);
    let told = get(&site, &kota, again, &[]).await;
    assert_eq!(told.header("upload-offset"), Some(length.as_str()));
    let told = json(&told);
    assert_eq!(
        (&told["state"], &told["already"], &told["offset"]),
        (&"taken".into(), &true.into(), &csv.len().into())
    );
    assert_eq!(path, format!("/api/v1/submissions/{}", told["submission"]));
    // Most programs do not ask first, and send them from the beginning: that does no harm.
    for (from, to) in [(0, 30), (30, csv.len())] {
        let answer = part(&site, &kota, again, from, &csv.as_bytes()[from..to]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("upload-offset")),
            (204, Some(to.to_string().as_str()))
        );
    }
    let more = part(&site, &kota, again, 30, csv.as_bytes()).await;
    assert_eq!(more.status.as_u16(), 413);
    let behind = part(&site, &kota, again, csv.len() + 1, b"").await;
    assert_eq!(behind.status.as_u16(), 409);
    let scope = Scope::whole();
    let count = site.store.submission_count(&scope, "sendiri").await;
    assert_eq!(count.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_protocol_demands_is_told() {
    for site in both().await {
        program(&site, "kota", true, "statements.write").await;
        let kota = token(&site, "kota").await;
        let about = [
            ("source", "sendiri"),
            ("filename", "a.csv"),
            ("warna", "biru"),
        ];
        let answer = begun(&site, &kota, 8, &about).await;
        let place = answer.header("location").unwrap().to_owned();
        let day = |answer: &Answer| {
            let text = answer.header("upload-expires").unwrap();
            let until = jiff::fmt::rfc2822::parse(text).unwrap().timestamp();
            assert!(text.ends_with(" GMT"), "{text}");
            until.duration_since(Timestamp::now()).as_secs() / 60
        };
        assert!((1_438..=1_440).contains(&day(&answer)));
        let more = part(&site, &kota, &place, 0, b"abcd").await;
        assert!((1_438..=1_440).contains(&day(&more)));
        let bearer = format!("Bearer {kota}");
        let bearer = ("authorization", bearer.as_str());
        let head = asked_with(&site, Method::HEAD, &place, &[TUS, bearer], vec![]).await;
        assert!(day(&head) <= 1_440);
        assert_eq!(head.header("upload-metadata"), Some(said(&about).as_str()));
        assert_eq!(head.header("cache-control"), Some("no-store"));

        // Whatever is answered says which version is spoken; to another one, all that are.
        let old = ("tus-resumable", "0.2.2");
        for (method, path, headers, status) in [
            (Method::POST, "/api/v1/uploads", vec![old, bearer], 412),
            (Method::PATCH, place.as_str(), vec![old, bearer], 412),
            (Method::DELETE, &place, vec![bearer], 412),
            (Method::POST, "/api/v1/uploads", vec![TUS], 401),
            (Method::POST, "/api/v1/uploads", vec![TUS, bearer], 400),
            (
                Method::HEAD,
                "/api/v1/uploads/tidak-ada",
                vec![TUS, bearer],
                404,
            ),
            (Method::PUT, &place, vec![TUS, bearer], 405),
        ] {
            let answer = asked_with(&site, method, path, &headers, vec![]).await;
            assert_eq!(answer.status.as_u16(), status, "{path}");
            assert_eq!(answer.header("tus-resumable"), Some("1.0.0"), "{status}");
            assert_eq!(answer.header("tus-version").is_some(), status == 412);
            if status == 412 {
                assert_eq!(json(&answer)["type"], "/api/problems/tus-version");
            }
        }
        assert_eq!(
            part(&site, &kota, &place, 4, b"efgh").await.status.as_u16(),
            204
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_upload_is_refused() {
    let site = country().await;
    program(&site, "kota", true, "statements.write").await;
    let kota = token(&site, "kota").await;
    let about = [("source", "sendiri"), ("file", "a.csv")];
    for (length, pairs, status, field) in [
        (9, [("source", "lain"), ("file", "a.csv")], 422, "source"),
        (
            9,
            [("source", "sendiri"), ("file", "../a.csv")],
            422,
            "file",
        ),
        (9, [("source", "sendiri"), ("kind", "x")], 422, "file"),
        (3 << 30, about, 413, ""),
    ] {
        let answer = begun(&site, &kota, length, &pairs).await;
        assert_eq!(answer.status.as_u16(), status, "{pairs:?}");
        assert!(field.is_empty() || json(&answer)["field"] == field);
    }
    let old = [("tus-resumable", "0.2.2"), ("upload-length", "1")];
    let answer = post_with(&site, &kota, "/api/v1/uploads", &old, vec![]).await;
    assert_eq!(answer.status.as_u16(), 412);

    // What arrived is not what was told, or is no table: refused, and why.
    for (name, sha256, field) in [
        ("a.csv", hex(&Sha256::digest("lain")), "sha256"),
        ("a.xlsx", String::new(), "body"),
    ] {
        let pairs = [("source", "sendiri"), ("file", name), ("sha256", &sha256)];
        let answer = begun(&site, &kota, 4, &pairs).await;
        let place = answer.header("location").unwrap().to_owned();
        part(&site, &kota, &place, 0, b"abcd").await;
        let told = settled(&site, &kota, &place).await;
        assert_eq!(
            (&told["state"], &told["field"]),
            (&"refused".into(), &field.into()),
            "{told}"
        );
        assert!(!told["reason"].as_str().unwrap().contains("/tmp"), "{told}");
    }
    let bearer = format!("Bearer {kota}");
    let answer = begun(&site, &kota, 4, &about).await;
    let place = answer.header("location").unwrap();
    let headers = [
        TUS,
        ("authorization", bearer.as_str()),
        ("upload-offset", "0"),
    ];
    let answer = asked_with(&site, Method::PATCH, place, &headers, b"abcd".to_vec()).await;
    assert_eq!(answer.status.as_u16(), 415);
    let gone = asked_with(&site, Method::DELETE, place, &headers[..2], vec![]).await;
    assert_eq!(gone.status.as_u16(), 204);
    assert_eq!(get(&site, &kota, place, &[]).await.status.as_u16(), 404);
    // A program that begins more than it ends is told so: to come again in some seconds would not help.
    for _ in 0..5 {
        let answer = begun(&site, &kota, 4, &about).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.body);
    }
    let answer = begun(&site, &kota, 4, &about).await;
    assert_eq!(
        (answer.status.as_u16(), &json(&answer)["type"]),
        (409, &"/api/problems/too-many-uploads".into())
    );
}

/// Every byte that the database keeps of files that arrive.
async fn lying(site: &Site) -> Vec<u8> {
    let sql = "SELECT about FROM arrival UNION ALL SELECT outcome FROM arrival \
         UNION ALL SELECT sealed FROM arrival_part";
    let rows: Vec<(Vec<u8>,)> = sqlx::query_as(sql)
        .fetch_all(&site.pool().await)
        .await
        .unwrap();
    rows.into_iter().flat_map(|(bytes,)| bytes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_arrived_lies_sealed_and_goes_on_after_a_restart() {
    let mut site = country().await;
    program(&site, "kota", true, "statements.write").await;
    program(&site, "lain", true, "statements.write").await;
    let (kota, lain) = (token(&site, "kota").await, token(&site, "lain").await);
    let (nik, name) = ("3273010403920001", "CITRA CONTOH");
    let long = "keterangan ".repeat(300);
    let row = format!("199203042019031002,{nik},{name},1992-03-04,L,citra@contoh.id,{long}\n");
    let csv = format!("{},catatan\n{}", HEAD.trim(), row.repeat(600));
    let about = [("source", "sendiri"), ("file", "tersegel.csv")];
    let answer = begun(&site, &kota, csv.len(), &about).await;
    let place = answer.header("location").unwrap().to_owned();
    let half = csv.len() - 10;
    part(&site, &kota, &place, 0, &csv.as_bytes()[..half]).await;
    let bytes = lying(&site).await;
    assert!(bytes.len() >= half, "{} of {half}", bytes.len());
    for needle in [nik, name, "catatan", "keterangan", "tersegel"] {
        let found = bytes
            .windows(needle.len())
            .any(|part| part == needle.as_bytes());
        assert!(!found, "{needle}");
    }
    // Other pages over the same register: nothing of the first is in their memory.
    site.pages = router(site.store.clone(), Settings::default());
    let foreign = part(&site, &lain, &place, half, &csv.as_bytes()[half..]).await;
    assert_eq!(foreign.status.as_u16(), 404);
    let told = get(&site, &kota, &place, &[]).await;
    let offset = half.to_string();
    assert_eq!(told.header("upload-offset"), Some(offset.as_str()));
    part(&site, &kota, &place, half, &csv.as_bytes()[half..]).await;
    let told = settled(&site, &kota, &place).await;
    assert_eq!(told["state"], "taken", "{told}");
    assert!(lying(&site).await.len() < 1_000);
    let over = part(&site, &kota, &place, csv.len(), b"").await;
    assert_eq!(over.status.as_u16(), 409);
}

const ROW: &str = "199203042019031002,3273010403920001,CITRA CONTOH,1992-03-04,L,citra@contoh.id\n";
const CITRA: &str = "199203042019031002";

/// A file of a program that speaks for `sendiri`, begun and not there yet.
async fn arriving(site: &Site, program: &str, token: &str, bytes: &str) -> Arrival {
    let days = (Some(date(2026, 8, 1)), None);
    arriving_for(site, program, token, bytes, days).await
}

/// The same for a day, begun on a day.
async fn arriving_for(
    site: &Site,
    program: &str,
    token: &str,
    bytes: &str,
    (stated_on, begun_on): (Option<Date>, Option<Date>),
) -> Arrival {
    let clients = site.store.clients();
    let (client, now) = (clients.named(program).await.unwrap().id, Timestamp::now());
    let about = About {
        source: "sendiri".to_owned(),
        file: "utuh.csv".to_owned(),
        stated_on,
        begun_on,
        kind: None,
        ..About::default()
    };
    let length = bytes.len() as u64;
    let begun = clients.arrival_begun(client, token, &about, length, now);
    assert_eq!(begun.await.unwrap(), Room::Free);
    clients.arrival(client, token, now).await.unwrap().unwrap()
}

/// Its last part comes; the site is killed before it is taken in.
async fn arrived(site: &Site, mut arrival: Arrival, bytes: &str) {
    let clients = site.store.clients();
    let kept = clients.arrived(&mut arrival, bytes.as_bytes(), Timestamp::now());
    assert!(kept.await.unwrap());
}

/// The site as another process starts it over the same register.
async fn started(site: &Site) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = Settings {
        patience: Patience {
            again: Duration::from_millis(100),
            ..Patience::default()
        },
        ..Settings::default()
    };
    let stop = std::future::pending();
    tokio::spawn(serve(site.store.clone(), listener, settings, stop));
}

async fn both() -> [Site; 2] {
    let postgres = site_on_postgres(Settings::default()).await;
    [country().await, country_on(postgres).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_had_arrived_whole_is_taken_in_when_the_site_starts_again() {
    let site = country().await;
    program(&site, "kota", true, "statements.write").await;
    let csv = [HEAD, ROW].concat();
    let arrival = arriving(&site, "kota", "utuh", &csv).await;
    arrived(&site, arrival, &csv).await;
    started(&site).await;
    let kota = token(&site, "kota").await;
    let told = settled(&site, &kota, "/api/v1/uploads/utuh").await;
    assert_eq!(
        (&told["state"], &told["already"]),
        (&"taken".into(), &false.into()),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_speaks_for_the_day_on_which_it_began() {
    for site in both().await {
        program(&site, "kota", true, "statements.write").await;
        let kota = token(&site, "kota").await;
        let began = today().yesterday().unwrap();
        let csv = [HEAD, ROW].concat();
        for (name, bytes, said) in [
            ("tanpa", csv.clone(), None),
            (
                "dengan",
                csv.replace("citra@", "lain@"),
                Some(date(2026, 8, 1)),
            ),
        ] {
            let days = (said, Some(began));
            let arrival = arriving_for(&site, "kota", name, &bytes, days).await;
            arrived(&site, arrival, &bytes).await;
        }
        started(&site).await;
        for (name, day) in [("tanpa", began), ("dengan", date(2026, 8, 1))] {
            let told = settled(&site, &kota, &format!("/api/v1/uploads/{name}")).await;
            let place = format!("/api/v1/submissions/{}", told["submission"]);
            let delivery = json(&get(&site, &kota, &place, &[]).await);
            assert_eq!(delivery["stated_on"], day.to_string(), "{delivery}");
        }
        // What begins by the API begins today.
        let about = [("source", "sendiri"), ("file", "baru.csv")];
        let answer = begun(&site, &kota, 4, &about).await;
        let place = answer.header("location").unwrap();
        let (clients, now) = (site.store.clients(), Timestamp::now());
        let client = clients.named("kota").await.unwrap().id;
        let name = place.rsplit('/').next().unwrap();
        let arrival = clients.arrival(client, name, now).await.unwrap().unwrap();
        assert!(arrival.about.begun_on >= Some(began.tomorrow().unwrap()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_fault_a_whole_file_is_taken_in_once() {
    for site in both().await {
        program(&site, "kota", true, "statements.write").await;
        let kota = token(&site, "kota").await;
        let csv = [HEAD, ROW].concat();
        let about = [("source", "sendiri"), ("file", "utuh.csv")];
        let answer = begun(&site, &kota, csv.len(), &about).await;
        let place = answer.header("location").unwrap().to_owned();
        let (store, scope) = (&site.store, Scope::whole());
        let before = store.submission_count(&scope, "sendiri").await.unwrap();

        let pool = site.pool().await;
        let broken = "ALTER TABLE submission RENAME TO away";
        sqlx::query(broken).execute(&pool).await.unwrap();
        started(&site).await;
        let last = part(&site, &kota, &place, 0, csv.as_bytes()).await;
        assert_eq!(last.status.as_u16(), 204, "{}", last.body);
        // The site that took the last part tries once, the other again and again.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let told = json(&get(&site, &kota, &place, &[]).await);
        assert_eq!(told["state"], "taking-in", "{told}");
        assert!(lying(&site).await.len() > csv.len());

        let mended = "ALTER TABLE away RENAME TO submission";
        sqlx::query(mended).execute(&pool).await.unwrap();
        let told = settled(&site, &kota, &place).await;
        assert_eq!(
            (&told["state"], &told["already"]),
            (&"taken".into(), &false.into()),
            "{told}"
        );
        let after = store.submission_count(&scope, "sendiri").await.unwrap();
        assert_eq!(after, before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_no_longer_opens_is_refused_and_holds_up_no_other() {
    for site in both().await {
        program(&site, "kota", true, "statements.write").await;
        let csv = [HEAD, ROW].concat();
        for name in ["a-rusak", "b-bagian", "c-baik"] {
            let arrival = arriving(&site, "kota", name, &csv).await;
            arrived(&site, arrival, &csv).await;
        }
        let half = arriving(&site, "kota", "d-separuh", &csv).await;
        arrived(&site, half, &csv[..9]).await;
        let pool = site.pool().await;
        for damage in [
            "UPDATE arrival SET about = outcome WHERE token = 'a-rusak'",
            "UPDATE arrival_part SET sealed = (SELECT outcome FROM arrival WHERE token = 'c-baik') \
                 WHERE token IN ('b-bagian', 'd-separuh')",
        ] {
            sqlx::query(damage).execute(&pool).await.unwrap();
        }
        started(&site).await;
        let kota = token(&site, "kota").await;
        let place = |name: &str| format!("/api/v1/uploads/{name}");
        let more = part(&site, &kota, &place("d-separuh"), 9, &csv.as_bytes()[9..]).await;
        assert_eq!(more.status.as_u16(), 409, "{}", more.body);
        let again = "Yang tersimpan tidak terbaca lagi; kirim lagi.";
        for (name, state, reason) in [
            ("a-rusak", "refused", Value::from(again)),
            ("b-bagian", "refused", again.into()),
            ("c-baik", "taken", Value::Null),
            ("d-separuh", "refused", again.into()),
        ] {
            let told = settled(&site, &kota, &place(name)).await;
            assert_eq!(
                (&told["state"], &told["reason"]),
                (&state.into(), &reason),
                "{name}"
            );
        }
        // It takes no room that others need.
        let left = "SELECT COUNT(*) FROM arrival WHERE settled = 0";
        let left: i64 = sqlx::query_scalar(left).fetch_one(&pool).await.unwrap();
        assert_eq!(left, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_is_asked_when_a_file_is_whole() {
    for site in both().await {
        for key in ["kota", "tutup"] {
            program(&site, key, true, "statements.write").await;
        }
        let kota = token(&site, "kota").await;
        let (store, scope) = (&site.store, Scope::whole());
        let source = async || {
            let all = store.sources(&scope).await.unwrap();
            all.into_iter().find(|one| one.code == "sendiri").unwrap()
        };
        let changed = async |to: &Source| {
            let mut writer = store.begin().await.unwrap();
            writer.append(&Entry::Source(to.clone())).await.unwrap();
            writer.commit().await.unwrap();
        };
        let closed = arriving(&site, "tutup", "tutup", "x").await;
        arrived(&site, closed.clone(), "x").await;
        let clients = store.clients();
        clients.close("tutup", "walidata").await.unwrap();
        let first = [HEAD, ROW].concat();
        let renamed = arriving(&site, "kota", "nama", &first).await;
        let second = [HEAD, ROW, ROW].concat();
        let moved = arriving(&site, "kota", "pindah", &second).await;

        // What is written anew while a file arrives stays as it was written.
        let mut now = source().await;
        now.name = "SIMPEG baru".to_owned();
        changed(&now).await;
        arrived(&site, renamed, &first).await;
        started(&site).await;
        let told = settled(&site, &kota, "/api/v1/uploads/nama").await;
        assert_eq!(told["state"], "taken", "{told}");
        assert_eq!(source().await, now);

        now.instansi = "Pemerintah Kota Lain".to_owned();
        changed(&now).await;
        arrived(&site, moved, &second).await;
        let told = settled(&site, &kota, "/api/v1/uploads/pindah").await;
        assert_eq!(
            (&told["state"], &told["field"], &told["reason"]),
            (
                &"refused".into(),
                &"source".into(),
                &"sendiri bukan sumber dalam jangkauan aplikasi ini.".into()
            )
        );
        assert_eq!(source().await, now);
        let left = clients.arrivals(closed.client, Timestamp::now());
        let refused = Outcome::Refused {
            field: Some("source".to_owned()),
            reason: [
                "Aplikasi ini tidak lagi boleh mengirim.".to_owned(),
                "The program may no longer send.".to_owned(),
            ],
        };
        assert_eq!(left.await.unwrap()[0].outcome, Some(refused));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_in_the_ledger_when_the_site_was_killed_is_linked() {
    for site in both().await {
        program(&site, "kota", true, "statements.write").await;
        let csv = [HEAD, ROW].concat();
        let arrival = arriving(&site, "kota", "utuh", &csv).await;
        let id = delivered(&site, "sendiri", "Pemerintah Kota Contoh", &csv).await;
        arrived(&site, arrival, &csv).await;
        let (store, scope) = (&site.store, Scope::whole());
        assert!(store.find(&scope, "nip", CITRA).await.unwrap().is_empty());
        let later = arriving(&site, "kota", "lagi", &csv).await;
        arrived(&site, later, &csv).await;
        started(&site).await;
        let kota = token(&site, "kota").await;
        for (token, already) in [("utuh", false), ("lagi", true)] {
            let place = format!("/api/v1/uploads/{token}");
            let told = settled(&site, &kota, &place).await;
            assert_eq!(
                (&told["submission"], &told["already"]),
                (&id.into(), &already.into()),
                "{told}"
            );
        }
        let mut tries = 0;
        while store.find(&scope, "nip", CITRA).await.unwrap().is_empty() {
            tries += 1;
            assert!(tries < 500, "its persons are not linked");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
