//! Staying in step: the change feed and the comparison, as programs ask for them.

mod addresses;
mod webhooks;

use std::net::SocketAddr;

use axum::http::{Method, StatusCode};
use satu_registry::link::link_all;
use satu_registry::review::{Decider, set_value};
use satu_store::{Scope, Store};
use satu_web::Settings;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::api::{ANI, BUDI, country, get, json as read, program, token};
use crate::browser::{Answer, Browser, Site, asked, delivered, hidden};

async fn person(store: &Store, nip: &str) -> i64 {
    store.find(&Scope::whole(), "nip", nip).await.unwrap()[0]
}

pub async fn ruled(site: &Site, nip: &str, field: &str, value: &str) {
    let scope = Scope::whole();
    let decider = Decider {
        scope: &scope,
        by: "walidata",
        reason: "contoh",
    };
    let person = person(&site.store, nip).await;
    let done = set_value(&site.store, &decider, person, field, value);
    done.await.unwrap();
}

fn kinds(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let changes = read(answer)["changes"].as_array().unwrap().clone();
    let kind = |one: &Value| one["type"].as_str().unwrap().to_owned();
    changes.iter().map(kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_follows_what_becomes_of_its_own() {
    let site = country().await;
    program(&site, "kota", true, "changes.read people.read").await;
    program(
        &site,
        "pusat",
        false,
        "changes.read people.read people.sensitive",
    )
    .await;
    program(&site, "lain", true, "people.read").await;
    let (kota, pusat) = (token(&site, "kota").await, token(&site, "pusat").await);
    let lain = token(&site, "lain").await;
    let path = "/api/v1/changes";
    assert_eq!(
        get(&site, &lain, path, &[]).await.status,
        StatusCode::FORBIDDEN
    );

    let all = get(&site, &pusat, path, &[]).await;
    assert_eq!(kinds(&all), ["person.created", "person.created"]);
    let own = get(&site, &kota, path, &[]).await;
    assert_eq!(kinds(&own), ["person.created"]);
    let (body, ani) = (read(&own), person(&site.store, ANI).await);
    let first = &body["changes"][0];
    assert_eq!(
        (&first["nip"], &first["person"]),
        (&json!(ANI), &json!(ani))
    );
    assert!(first.get("values").is_none() && !own.body.contains("ani@contoh.id"));
    assert_eq!(body["more"], json!(false));
    let at = body["cursor"].as_str().unwrap();

    // A change of another's person moves the place on, and tells nothing.
    ruled(&site, BUDI, "agama", "Islam").await;
    ruled(&site, ANI, "email", "baru@contoh.id").await;
    ruled(&site, ANI, "golongan", "III/c").await;
    let next = format!("{path}?after={at}&values=true&limit=5000");
    let told = get(&site, &kota, &next, &[]).await;
    assert_eq!(kinds(&told), ["person.changed", "person.changed"]);
    let changes = &read(&told)["changes"];
    assert_eq!(changes[0]["fields"], json!(["email"]));
    assert_eq!(changes[0]["values"], json!({ "email": "••••••••" }));
    assert_eq!(changes[1]["values"], json!({ "golongan": "III/c" }));
    assert!(!told.body.contains(BUDI));
    let whole = Scope::whole();
    let looks = async || site.store.accesses(&whole, ani, 9).await.unwrap().len();
    assert_eq!(looks().await, 0);
    let open = get(&site, &pusat, &next, &[]).await;
    assert!(open.body.contains("baru@contoh.id"), "{}", open.body);
    assert_eq!(
        looks().await,
        1,
        "whoever sees what is sensitive is on the record"
    );

    // Page by page; a place of nobody's; bounds.
    let one = get(&site, &pusat, "/api/v1/changes?limit=1", &[]).await;
    assert_eq!((kinds(&one).len(), &read(&one)["more"]), (1, &json!(true)));
    let end = get(&site, &kota, "/api/v1/changes?after=latest", &[]).await;
    assert_eq!(kinds(&end).len(), 0);
    assert_eq!(read(&end)["cursor"], read(&told)["cursor"]);
    for wrong in [
        "limit=0",
        "limit=5001",
        "after=x",
        "after=-1",
        "after=1.x",
        "wait=x",
    ] {
        let answer = get(&site, &kota, &format!("{path}?{wrong}"), &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

/// A place that the register does not have, as after a restore, is told apart from one that it has.
#[tokio::test(flavor = "multi_thread")]
async fn a_place_of_another_register_is_gone() {
    let site = country().await;
    program(&site, "pusat", false, "changes.read").await;
    let pusat = token(&site, "pusat").await;
    let all = read(&get(&site, &pusat, "/api/v1/changes", &[]).await);
    let cursor = all["cursor"].as_str().unwrap();
    assert_eq!(all["changes"][1]["id"], cursor);
    let (number, mark) = cursor.split_once('.').unwrap();
    let other = format!("{number}.{}", mark.chars().rev().collect::<String>());
    let later = format!("3.{mark}");
    let path = "/api/v1/changes";
    for (after, status) in [
        (cursor, StatusCode::OK),
        // As it was before there were marks.
        (number, StatusCode::OK),
        ("0", StatusCode::OK),
        (&other, StatusCode::GONE),
        (&later, StatusCode::GONE),
        ("3", StatusCode::GONE),
    ] {
        for more in ["", "&wait=1"] {
            let answer = get(&site, &pusat, &format!("{path}?after={after}{more}"), &[]).await;
            assert_eq!(answer.status, status, "{after}: {}", answer.body);
        }
        if status == StatusCode::GONE {
            let stream = format!("{path}/stream?lasts=1");
            for (path, headers) in [
                (format!("{stream}&after={after}"), &[][..]),
                (stream, &[("last-event-id", after)][..]),
            ] {
                let answer = get(&site, &pusat, &path, headers).await;
                assert_eq!(answer.status, status, "{path}: {}", answer.body);
                assert_eq!(read(&answer)["type"], "/api/problems/begin-anew");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_told_when_it_happens() {
    let site = country().await;
    program(&site, "kota", true, "changes.read").await;
    let kota = token(&site, "kota").await;
    let path = "/api/v1/changes?after=latest&wait=20";
    let waiting = get(&site, &kota, path, &[]);
    let writing = async {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        ruled(&site, BUDI, "agama", "Islam").await; // not the program's
        ruled(&site, ANI, "golongan", "III/c").await;
    };
    let (told, ()) = tokio::join!(waiting, writing);
    assert_eq!(kinds(&told), ["person.changed"]);
    // Nothing happens: the wait is over when it was said to be.
    let path = "/api/v1/changes?after=latest&wait=1";
    assert_eq!(kinds(&get(&site, &kota, path, &[]).await).len(), 0);
}

/// Reads a stream until its text holds something.
async fn until(stream: &mut TcpStream, held: &mut String, wanted: &str) {
    let mut part = [0; 4096];
    while !held.contains(wanted) {
        let read = stream.read(&mut part);
        let count = tokio::time::timeout(std::time::Duration::from_mins(1), read);
        let count = count.await.expect(wanted).unwrap();
        assert!(count > 0, "{wanted} is missing in {held}");
        held.push_str(std::str::from_utf8(&part[..count]).unwrap());
    }
}

/// A site that is served, until what is returned is let go.
async fn served(site: &Site) -> (SocketAddr, JoinSet<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut server = JoinSet::new();
    let settings = Settings::default();
    server.spawn(satu_web::serve(
        site.store.clone(),
        listener,
        settings,
        std::future::pending(),
    ));
    (address, server)
}

/// Opens a stream of changes.
async fn opened(address: SocketAddr, token: &str, more: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let asked = format!(
        "GET /api/v1/changes/stream HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n{more}\r\n"
    );
    stream.write_all(asked.as_bytes()).await.unwrap();
    stream
}

/// Who is closed is told nothing more, on what was open before either.
#[tokio::test(flavor = "multi_thread")]
async fn a_closed_program_reads_no_further() {
    let site = country().await;
    for key in ["alir", "tunggu", "tetap"] {
        program(&site, key, true, "changes.read").await;
    }
    let [alir, tunggu, tetap] = [
        token(&site, "alir").await,
        token(&site, "tunggu").await,
        token(&site, "tetap").await,
    ];
    let (address, _server) = served(&site).await;
    let (mut stream, mut held) = (
        opened(address, &alir, "Connection: close\r\n").await,
        String::new(),
    );
    until(&mut stream, &mut held, "event: person.created").await;
    let path = "/api/v1/changes?after=latest&wait=20";
    let closing = async {
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        for key in ["alir", "tunggu"] {
            site.store.clients().close(key, "satu").await.unwrap();
        }
        ruled(&site, ANI, "golongan", "III/c").await;
    };
    let (closed, open, ()) = tokio::join!(
        get(&site, &tunggu, path, &[]),
        get(&site, &tetap, path, &[]),
        closing
    );
    assert_eq!(closed.status, StatusCode::UNAUTHORIZED, "{}", closed.body);
    assert_eq!(kinds(&open), ["person.changed"]);
    let mut rest = String::new();
    let end = stream.read_to_string(&mut rest);
    let end = tokio::time::timeout(std::time::Duration::from_secs(20), end).await;
    assert!(end.is_ok() && !rest.contains("person.changed"), "{rest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_on_where_it_was() {
    let site = country().await;
    program(&site, "kota", true, "changes.read").await;
    let kota = token(&site, "kota").await;
    let (address, _server) = served(&site).await;
    let open = async |more: &str| opened(address, &kota, more).await;
    let (mut stream, mut held) = (open("").await, String::new());
    until(&mut stream, &mut held, "event: person.created").await;
    assert!(
        held.contains("text/event-stream") && held.contains("retry: 2000"),
        "{held}"
    );
    // A proxy before the site passes on what comes as it comes.
    assert!(held.contains("x-accel-buffering: no"), "{held}");
    ruled(&site, ANI, "golongan", "III/c").await;
    until(&mut stream, &mut held, "event: person.changed").await;
    let data = held.split("event: person.changed\ndata: ").nth(1).unwrap();
    let data: Value = serde_json::from_str(data.lines().next().unwrap()).unwrap();
    assert_eq!(data["fields"], json!(["golongan"]));
    drop(stream);

    // What happens while nobody listens comes first when one comes again.
    ruled(&site, ANI, "agama", "Islam").await;
    let last = format!("Last-Event-ID: {}\r\n", data["id"].as_str().unwrap());
    let (mut stream, mut held) = (open(&last).await, String::new());
    until(&mut stream, &mut held, "\"agama\"").await;
    assert!(!held.contains("golongan"), "{held}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extract_is_compared_over_the_api() {
    let site = country().await;
    program(&site, "kota", true, "people.read people.sensitive").await;
    program(&site, "pusat", false, "people.read").await;
    program(&site, "umpan", true, "changes.read").await;
    program(&site, "biasa", true, "people.read").await;
    let mut tokens = Vec::new();
    for key in ["kota", "pusat", "umpan", "biasa"] {
        tokens.push(format!("Bearer {}", token(&site, key).await));
    }
    let file = "nip;nik;nama;tanggal_lahir;email\n198503172010012005;;Ani Contoh;17-03-1985;lain@contoh.id\n1;;Tidak Ada;01-01-1990;\n";
    let post = async |token: &str, query: &str, body: &str| {
        let path = format!("/api/v1/reconcile{query}");
        asked(
            &site,
            Method::POST,
            &path,
            &[("authorization", token)],
            body,
        )
        .await
    };
    let told = post(&tokens[0], "", file).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    let report = read(&told);
    assert_eq!(report["counts"]["different"], json!(1));
    assert_eq!(report["counts"]["only_here"], json!(1));
    let difference = &report["lines"][0]["differences"][0];
    assert_eq!(
        (&difference["field"], &difference["reason"]),
        (&json!("email"), &json!("unopposed"))
    );
    assert!(!told.body.contains("contoh.id"), "{}", told.body);
    let ani = person(&site.store, ANI).await;
    let looks = async || site.store.accesses(&Scope::whole(), ani, 99).await.unwrap();
    let noted = looks().await;
    assert_eq!(
        (noted.len(), noted[0].by.as_str(), noted[0].purpose.as_str()),
        (1, "program:kota", "pertukaran")
    );
    // What agrees tells as much as what differs; what holds nothing sensitive tells nothing of it.
    let right = file.replace("lain@", "ani@");
    assert_eq!(
        read(&post(&tokens[0], "", &right).await)["counts"]["same"],
        1
    );
    assert_eq!(looks().await.len(), 2);
    let bare = "nip;nama;tanggal_lahir\n198503172010012005;Ani;17-03-1985\n";
    let bare = read(&post(&tokens[0], "", bare).await);
    assert_eq!(bare["lines"][0]["differences"][0]["field"], "nama");
    assert_eq!(looks().await.len(), 2);
    // A guess at what is masked is not answered.
    let guessed = post(&tokens[3], "", file).await;
    assert_eq!(read(&guessed)["counts"]["same"], 1, "{}", guessed.body);
    assert_eq!(post(&tokens[3], "", &right).await.body, guessed.body);
    // A row without a NIP finds its person by the NIK.
    let by_nik = "nik;nama;tanggal_lahir\n3273015703850004;Ani;17-03-1985\n";
    let by_nik = read(&post(&tokens[3], "", by_nik).await);
    assert_eq!(by_nik["lines"][0]["matched_by"], "nik");
    assert_eq!(looks().await.len(), 2);
    let csv = post(&tokens[0], "?format=csv", file).await;
    assert!(csv.header("content-disposition").unwrap().contains(".csv"));
    let whole = "?instansi=Pemerintah%20Kota%20Contoh&format=xlsx";
    assert_eq!(post(&tokens[1], whole, file).await.status, StatusCode::OK);

    let other = "?instansi=Pemerintah%20Kota%20Lain";
    for (token, query, body, status) in [
        (&tokens[2], "", file, 403),
        (&tokens[0], other, file, 404),
        (&tokens[1], "?instansi=Tidak%20Ada", file, 404),
        (&tokens[1], "", file, 422),
        (&tokens[0], "?format=pdf", file, 400),
        (&tokens[0], "?map=x", file, 422),
        (&tokens[0], "", "bukan tabel", 422),
        (&tokens[0], "", "", 422),
    ] {
        let answer = post(token, query, body).await;
        assert_eq!(answer.status.as_u16(), status, "{query}: {}", answer.body);
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .contains("problem+json")
        );
    }
}

/// On the page what is masked is compared for a purpose alone, and that is a look.
#[tokio::test(flavor = "multi_thread")]
async fn an_extract_is_compared_on_the_page_for_a_purpose() {
    let site = country().await;
    let mut browser = Browser::of(&site, "petugas").await;
    let mark = hidden(&browser.get("/kiriman/cocok").await.body, "tanda");
    let ani = person(&site.store, ANI).await;
    let mut told = Vec::new();
    for (purpose, email, looks) in [
        ("", "lain@contoh.id", 0),
        ("", "ani@contoh.id", 0),
        ("verifikasi", "lain@contoh.id", 1),
        ("verifikasi", "ani@contoh.id", 2),
    ] {
        let file = format!("nip,nama,tanggal_lahir,email\n{ANI},Ani Contoh,1985-03-17,{email}\n");
        let fields = [
            ("tanda", None, mark.as_str()),
            ("instansi", None, "Pemerintah Kota Contoh"),
            ("tujuan", None, purpose),
            ("peta", Some(""), ""),
            ("berkas", Some("contoh.csv"), file.as_str()),
        ];
        let taken = browser.post_files("/kiriman/cocok", &fields).await;
        let path = taken.header("location").unwrap().to_owned();
        let page = loop {
            let page = browser.get(&path).await;
            if !page.body.contains("http-equiv=\"refresh\"") {
                break page;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        };
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("lain@contoh.id"), "{}", page.body);
        let noted = site.store.accesses(&Scope::whole(), ani, 99).await.unwrap();
        assert_eq!(noted.len(), looks, "{purpose} {email}");
        let all = |one: &satu_store::access::Access| one.by == "petugas" && one.purpose == purpose;
        assert!(noted.iter().all(all), "{noted:?}");
        told.push(page.body.replace(&path, ""));
    }
    assert!(
        told[0].contains("Berkas dan data induk sama") && told[0].contains("tidak dibandingkan")
    );
    assert_eq!(told[0], told[1]);
    assert!(told[2].contains("••••••••") && !told[2].contains("tidak dibandingkan"));
    assert!(told[3].contains("Berkas dan data induk sama"));
    let fields = [
        ("tanda", None, mark.as_str()),
        ("instansi", None, "Pemerintah Kota Contoh"),
        ("tujuan", None, "lain"),
        ("peta", Some(""), ""),
        ("berkas", Some("contoh.csv"), "nip\n1\n"),
    ];
    let refused = browser.post_files("/kiriman/cocok", &fields).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

/// A second delivery that says the same makes no change to follow.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_again_is_no_change() {
    let site = country().await;
    program(&site, "kota", true, "changes.read").await;
    let kota = token(&site, "kota").await;
    let row = "198503172010012005,3273015703850004,ANI CONTOH,1985-03-17,P,ani@contoh.id\n";
    let text = format!("nip,nik,nama,tanggal_lahir,jenis_kelamin,email\n{row}");
    delivered(
        &site,
        "sendiri",
        "Pemerintah Kota Contoh",
        &text.replace('\n', "\r\n"),
    )
    .await;
    link_all(&site.store).await.unwrap();
    let told = get(&site, &kota, "/api/v1/changes", &[]).await;
    assert_eq!(kinds(&told), ["person.created"]);
}
