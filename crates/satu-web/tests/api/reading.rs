//! What is read: filters, everybody at once, packed bodies, single records compared.

use std::io::{Read, Write};

use axum::http::{Method, StatusCode};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use satu_registry::link::link_all;
use satu_store::Scope;
use satu_web::Settings;
use serde_json::Value;

use super::{ANI, BUDI, HEAD, country, country_on, get, json, post, post_with, program, token};
use crate::browser::{asked, delivered, encoded, site_on_postgres};

const LINES: (&str, &str) = ("accept", "application/x-ndjson");
const PARQUET: (&str, &str) = ("accept", "application/vnd.apache.parquet");

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_read_within_reach_and_masked_without_the_right() {
    let site = country().await;
    program(&site, "biasa", true, "people.read").await;
    program(&site, "penuh", true, "people.read people.sensitive").await;
    program(&site, "tulis", true, "statements.write").await;
    let [biasa, penuh, tulis] = [
        token(&site, "biasa").await,
        token(&site, "penuh").await,
        token(&site, "tulis").await,
    ];
    let id = async |nip| site.store.find(&Scope::whole(), "nip", nip).await.unwrap()[0];
    let (ani, budi) = (id(ANI).await, id(BUDI).await);
    let path = format!("/api/v1/people/{ani}");

    let answer = get(&site, &biasa, &path, &[]).await;
    let told = json(&answer);
    assert_eq!(told["fields"]["nama"]["value"], "ANI CONTOH");
    assert_eq!(told["fields"]["nama"]["sources"][0], "sendiri");
    assert_eq!(told["fields"]["nama"]["reason"], "unopposed");
    assert_eq!(told["fields"]["nik"]["value"], "••••••04");
    assert!(!answer.body.contains("3273015703850004") && !answer.body.contains("ani@contoh.id"));
    assert!(
        answer
            .header("ratelimit")
            .unwrap()
            .starts_with("\"default\";r=")
    );
    assert_eq!(
        site.store.accesses(&Scope::whole(), ani, 9).await.unwrap(),
        []
    );

    let tag = answer.header("etag").unwrap();
    let same = get(&site, &biasa, &path, &[("if-none-match", tag)]).await;
    assert_eq!(
        (same.status, same.body.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
    let some = get(&site, &biasa, &format!("{path}?fields=nama,nip"), &[]).await;
    assert_eq!(json(&some)["fields"].as_object().unwrap().len(), 2);

    // What is sensitive is seen by right, and on the record.
    let answer = get(&site, &penuh, &path, &[]).await;
    assert_eq!(json(&answer)["fields"]["nik"]["value"], "3273015703850004");
    let looks = site.store.accesses(&Scope::whole(), ani, 9).await.unwrap();
    assert_eq!(
        (looks[0].by.as_str(), looks[0].purpose.as_str()),
        ("program:penuh", "pertukaran")
    );

    for (token, path, status, slug) in [
        (&biasa, format!("/api/v1/people/{budi}"), 404, "not-found"),
        (&biasa, "/api/v1/people/999999".into(), 404, "not-found"),
        (&biasa, "/api/v1/people/x".into(), 404, "not-found"),
        (&tulis, path.clone(), 403, "missing-right"),
        (&"salah".to_owned(), path.clone(), 401, "unauthorized"),
    ] {
        let answer = get(&site, token, &path, &[("accept-language", "en")]).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(answer.header("content-language"), Some("en"));
        let told = json(&answer);
        assert_eq!(told["type"], format!("/api/problems/{slug}"));
        assert_eq!(told["status"], status);
        assert!(!answer.body.contains("ASING"));
    }
    let answer = asked(&site, Method::GET, &path, &[], "").await;
    assert!(
        answer
            .header("www-authenticate")
            .unwrap()
            .starts_with("Bearer")
    );
    assert_eq!(
        json(&answer)["title"],
        "Token tidak ada, salah, atau sudah lewat waktunya"
    );
    let answer = asked(&site, Method::POST, &path, &[], "").await;
    assert_eq!(
        (answer.status.as_u16(), &json(&answer)["type"]),
        (405, &"/api/problems/method".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_part_by_part_and_found() {
    let site = country().await;
    program(&site, "pusat", false, "people.read").await;
    program(&site, "kota", true, "people.read").await;
    let (whole, own) = (token(&site, "pusat").await, token(&site, "kota").await);
    let first = json(&get(&site, &whole, "/api/v1/people?limit=1&fields=nip,nama", &[]).await);
    let next = first["next"].as_str().unwrap();
    let path = format!("/api/v1/people?limit=1&fields=nip&cursor={next}");
    let second = json(&get(&site, &whole, &path, &[]).await);
    let nips = [&first, &second].map(|part| part["data"][0]["values"]["nip"].clone());
    let mut sorted = nips.map(|nip| nip.as_str().unwrap().to_owned());
    sorted.sort();
    assert_eq!(sorted, [ANI, BUDI]);
    assert!(second["data"][0]["values"].get("nama").is_none());

    let lines = [("accept", "application/x-ndjson")];
    let all = get(&site, &whole, "/api/v1/people", &lines).await;
    assert_eq!(all.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(all.body.lines().count(), 2);
    let all = get(&site, &own, "/api/v1/people", &lines).await;
    assert!(all.body.lines().count() == 1 && all.body.contains(ANI));

    for (path, count) in [
        ("nip=198503172010012005", 1),
        ("nip=199001012015011001", 0),
        ("nik=3273015703850004", 1),
        ("q=ani+conto", 1),
        ("q=budi", 0),
    ] {
        let found = json(&get(&site, &own, &format!("/api/v1/people?{path}"), &[]).await);
        assert_eq!(found["data"].as_array().unwrap().len(), count, "{path}");
    }
    for (path, field) in [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("limit=1001", "limit"),
        ("cursor=x", "cursor"),
        ("fields=nip,lain", "fields"),
    ] {
        let answer = get(&site, &own, &format!("/api/v1/people?{path}"), &[]).await;
        assert_eq!(answer.status.as_u16(), 400, "{path}");
        assert_eq!(json(&answer)["field"], field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_people_holds_together() {
    let postgres = site_on_postgres(Settings::default()).await;
    for site in [country().await, country_on(postgres).await] {
        program(&site, "pusat", false, "people.read").await;
        let token = token(&site, "pusat").await;
        let more =
            "198603172010012006,3273015703860004,CITRA CONTOH,1986-03-17,P,citra@contoh.id\n";
        let rows = [HEAD, more].concat();
        delivered(&site, "sendiri", "Pemerintah Kota Contoh", &rows).await;
        link_all(&site.store).await.unwrap();
        let (ani, niks) = (ANI, ["3273015703850004", "3273010101900001"]);
        for (query, count) in [
            (format!("nip={ani}&nik={}", niks[0]), 1),
            (format!("nip={ani}&nik={}", niks[1]), 0),
            (format!("nip={ani}&nik=999"), 0),
            ("q=contoh".to_owned(), 2),
            ("q=contoh&limit=1".to_owned(), 1),
            (format!("nip={ani}&cursor=999999"), 0),
        ] {
            let path = format!("/api/v1/people?{query}");
            let page = json(&get(&site, &token, &path, &[]).await);
            assert_eq!(page["data"].as_array().unwrap().len(), count, "{query}");
            let lines = get(&site, &token, &path, &[LINES]).await;
            assert_eq!(lines.body.lines().count(), count, "{query}");
        }
        // A search ranks, and so is asked alone: of somebody it does not find it would say nothing.
        for (query, field) in [
            (format!("nip={ani}&q=zzzz"), "q"),
            (format!("nik={}&q=ani", niks[0]), "q"),
            ("q=ani&cursor=1".to_owned(), "cursor"),
        ] {
            let path = format!("/api/v1/people?{query}");
            let answer = get(&site, &token, &path, &[]).await;
            assert_eq!(
                (answer.status.as_u16(), &json(&answer)["field"]),
                (422, &field.into()),
                "{query}"
            );
        }
        // Of everybody at once, too, so many are sent as are asked for, from where it was said.
        let first = get(&site, &token, "/api/v1/people?limit=2", &[LINES])
            .await
            .body;
        let last: Value = serde_json::from_str(first.lines().last().unwrap()).unwrap();
        let path = format!("/api/v1/people?cursor={}", last["id"]);
        let rest = get(&site, &token, &path, &[LINES]).await.body;
        assert_eq!((first.lines().count(), rest.lines().count()), (2, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_address_does_not_know_is_refused_by_name() {
    let site = country().await;
    let rights = "people.read statements.write review.write changes.read";
    program(&site, "pusat", false, rights).await;
    let token = token(&site, "pusat").await;
    for (path, name) in [
        ("/api/v1/people?instanci=Kota", "instanci"),
        ("/api/v1/people?as_of=1990-01-01", "as_of"),
        ("/api/v1/people?limit=1&known%5Fon=1990-01-01", "known_on"),
        ("/api/v1/people/1?kind=golongan", "kind"),
        ("/api/v1/people/1/histories?as_of=1990-01-01", "as_of"),
        ("/api/v1/sources?instansi=x", "instansi"),
        ("/api/v1/submissions/1/findings?rule=x", "rule"),
        ("/api/v1/submissions/1?fields", "fields"),
        ("/api/v1/changes?cursor=1", "cursor"),
        ("/api/v1/uploads?state=taken", "state"),
    ] {
        let answer = get(&site, &token, path, &[]).await;
        let told = json(&answer);
        assert_eq!(answer.status.as_u16(), 400, "{path}");
        assert_eq!(
            (&told["type"], &told["field"]),
            (&"/api/problems/unknown-parameter".into(), &name.into()),
            "{path}"
        );
    }
    for path in [
        "/api/v1/people?inst%61nsi=x",
        "/api/v1/changes?wait=0&after=",
    ] {
        assert_eq!(get(&site, &token, path, &[]).await.status, StatusCode::OK);
    }
    let batch = r#"{"source":"sendiri","kind":"golongan","stated_0n":"2020-01-01","statements":[{"nip":"1"}]}"#;
    let reply = r#"{"answer":"not_sure","reason":"x","statement":[1]}"#;
    let hook = r#"{"url":"https://contoh.id","type":["person.created"]}"#;
    for (path, body, name) in [
        ("/api/v1/statements", batch, "stated_0n"),
        ("/api/v1/doubts/1", reply, "statement"),
        ("/api/v1/webhooks", hook, "type"),
    ] {
        let answer = post(&site, &token, path, body).await;
        let told = json(&answer);
        assert_eq!(
            (answer.status.as_u16(), &told["field"]),
            (400, &name.into())
        );
        let path = format!("{path}?dry_run=true");
        let answer = post(&site, &token, &path, body).await;
        assert_eq!(json(&answer)["field"], "dry_run");
    }
    let scope = Scope::whole();
    let count = site
        .store
        .submission_count(&scope, "sendiri")
        .await
        .unwrap();
    assert_eq!(count, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_liked_best_is_sent() {
    let site = country().await;
    program(&site, "kota", true, "people.read").await;
    let token = token(&site, "kota").await;
    let [page, lines, parquet] = ["application/json", LINES.1, PARQUET.1];
    for (accept, kind) in [
        (
            "application/json, application/x-ndjson;q=0.1".to_owned(),
            page,
        ),
        (format!("{parquet};q=0, {page}"), page),
        (format!("{page}, {lines}, {parquet}"), page),
        (
            format!("{page};q=0.5, {lines};q=0.7, {parquet};q=0.6"),
            lines,
        ),
        (format!("{page};q=0.5,{parquet} ; Q=0.6"), parquet),
        (format!("{lines}, */*;q=0.1"), lines),
        (
            format!("application/*;q=0.2, {parquet};q=0.1, {page};q=0"),
            lines,
        ),
        ("*/*".to_owned(), page),
        ("Application/X-NDJSON".to_owned(), lines),
        ("text/html, x;q=y".to_owned(), page),
    ] {
        let headers = [("accept", accept.as_str())];
        let answer = get(&site, &token, "/api/v1/people?limit=1", &headers).await;
        assert_eq!(answer.header("content-type"), Some(kind), "{accept}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_sent_at_once_as_lines_or_columns() {
    let site = country().await;
    program(
        &site,
        "pusat",
        false,
        "people.read people.sensitive statements.write",
    )
    .await;
    program(&site, "kota", true, "people.read").await;
    let (whole, own) = (token(&site, "pusat").await, token(&site, "kota").await);

    let ours = encoded("Pemerintah Kota Contoh");
    let theirs = encoded("Pemerintah Kota Lain");
    for (token, query, count) in [
        (&whole, String::new(), 2),
        (&own, String::new(), 1),
        (&whole, format!("?instansi={ours}"), 1),
        (&whole, "?instansi=tidak+ada".into(), 0),
        (&own, format!("?instansi={ours}"), 1),
        (&whole, format!("?nip={BUDI}"), 1),
        (&own, format!("?nip={BUDI}"), 0),
        (&whole, "?q=ani".into(), 1),
    ] {
        let path = format!("/api/v1/people{query}");
        let lines = get(&site, token, &path, &[LINES]).await;
        assert_eq!(lines.header("content-type"), Some("application/x-ndjson"));
        assert_eq!(lines.body.lines().count(), count, "{query}");
        let page = json(&get(&site, token, &path, &[]).await);
        assert_eq!(page["data"].as_array().unwrap().len(), count, "{query}");
    }
    let path = format!("/api/v1/people?instansi={theirs}");
    let answer = get(&site, &own, &path, &[LINES]).await;
    assert_eq!(
        (answer.status.as_u16(), &json(&answer)["field"]),
        (422, &"instansi".into())
    );

    // Columns of the register are a file that it takes.
    let table = get(&site, &whole, "/api/v1/people", &[PARQUET]).await;
    assert_eq!(
        table.header("content-type"),
        Some("application/vnd.apache.parquet")
    );
    let path = "/api/v1/submissions?source=sendiri&file=semua.parquet&stated_on=2026-08-02";
    let sent = json(&post_with(&site, &whole, path, &[], table.bytes).await);
    assert_eq!(
        (&sent["kind"], &sent["rows"], &sent["rejected"]),
        (&"data_utama".into(), &2.into(), &0.into()),
        "{sent}"
    );
    let id = site.store.find(&Scope::whole(), "nip", ANI).await.unwrap()[0];
    let looks = site.store.accesses(&Scope::whole(), id, 9).await.unwrap();
    assert!(looks.iter().all(|look| look.by == "program:pusat"));
    assert!(!looks.is_empty());
    let masked = get(&site, &own, "/api/v1/people?fields=nik", &[PARQUET]).await;
    let bytes = String::from_utf8_lossy(&masked.bytes).into_owned();
    assert!(bytes.starts_with("PAR1") && !bytes.contains("3273015703850004"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_packed_and_unpacked() {
    let site = country().await;
    program(&site, "kota", true, "people.read statements.write").await;
    let token = token(&site, "kota").await;
    let gzip = ("accept-encoding", "gzip");
    let packed = get(&site, &token, "/api/v1/people", &[gzip]).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    GzDecoder::new(packed.bytes.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    assert!(text.contains("ANI CONTOH"));
    let zstd = ("accept-encoding", "zstd");
    let packed = get(&site, &token, "/api/v1/people", &[zstd]).await;
    assert_eq!(packed.header("content-encoding"), Some("zstd"));
    // A record has the tag of its bytes, and so is sent as it is.
    let id = site.store.find(&Scope::whole(), "nip", ANI).await.unwrap()[0];
    let record = get(&site, &token, &format!("/api/v1/people/{id}"), &[gzip]).await;
    assert_eq!(record.header("content-encoding"), None);
    assert!(record.header("etag").is_some());

    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    let batch = r#"{"source":"sendiri","kind":"golongan","stated_on":"2026-08-01","statements":[
        {"nip":"198503172010012005","golongan":"III/b","tmt_golongan":"2014-04-01","sk_nomor":"12/K","sk_tanggal":"2014-03-20"}]}"#;
    out.write_all(batch.as_bytes()).unwrap();
    let body = out.finish().unwrap();
    let path = "/api/v1/statements";
    let sent = post_with(&site, &token, path, &[("content-encoding", "gzip")], body);
    assert_eq!(sent.await.status, StatusCode::CREATED);
    let strange = [("content-encoding", "compress")];
    let sent = post_with(&site, &token, path, &strange, batch.into()).await;
    assert_eq!(
        (sent.status.as_u16(), &json(&sent)["type"]),
        (415, &"/api/problems/media-type".into())
    );
    // What unpacks to more than is taken is not taken, however small it comes.
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..17 {
        bomb.write_all(&zeros).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 1 << 16);
    let sent = post_with(&site, &token, path, &[("content-encoding", "gzip")], bomb).await;
    assert_eq!(sent.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_finds_its_person_with_reasons() {
    let site = country().await;
    program(&site, "kota", true, "people.read").await;
    program(&site, "penuh", false, "people.read people.sensitive").await;
    let (kota, penuh) = (token(&site, "kota").await, token(&site, "penuh").await);
    let id = site.store.find(&Scope::whole(), "nip", ANI).await.unwrap()[0];
    let ani = r#"{"record":{"nip":"198503172010012005","nik":"3273015703850004","nama":"Ani Contoh","tanggal_lahir":"1985-03-17"}}"#;
    let answer = post(&site, &kota, "/api/v1/match", ani).await;
    let told = json(&answer);
    let first = &told["data"][0];
    assert_eq!(
        (&first["person"], &first["linked"], &first["apart"]),
        (&id.into(), &true.into(), &false.into()),
        "{told}"
    );
    let sum: f64 = first["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason["weight"].as_f64().unwrap())
        .sum();
    let whole = first["weight"].as_f64().unwrap();
    let beside = ["prior", "alike"].map(|part| first[part].as_f64().unwrap());
    assert!((sum + beside[0] + beside[1] - whole).abs() < 0.01);
    let nik = |told: &serde_json::Value| {
        let reasons = told["data"][0]["reasons"].as_array().unwrap();
        let nik = reasons.iter().find(|reason| reason["field"] == "nik");
        nik.unwrap()["known"].as_str().unwrap().to_owned()
    };
    assert_eq!(nik(&told), "••••••04");
    let looks = site.store.accesses(&Scope::whole(), id, 9).await.unwrap();
    assert!(looks.is_empty(), "nothing sensitive was shown");
    let told = json(&post(&site, &penuh, "/api/v1/match", ani).await);
    assert_eq!(nik(&told), "3273015703850004");
    let looks = site.store.accesses(&Scope::whole(), id, 9).await.unwrap();
    assert_eq!(looks[0].by, "program:penuh");

    // A guess at what is masked is not answered, neither by its own field nor by those that it contains.
    let without_asked = async |record: &str| {
        let mut told = json(&post(&site, &kota, "/api/v1/match", record).await);
        let reasons = told["data"][0]["reasons"].as_array_mut().unwrap();
        for reason in reasons {
            reason["asked"] = serde_json::Value::Null;
        }
        told
    };
    let wrong = ani.replace("3273015703850004", "3101016002778888");
    assert_eq!(without_asked(ani).await, without_asked(&wrong).await);

    // Another agency's person is not told of.
    let budi = r#"{"record":{"nip":"199001012015011001","nama":"Budi Asing","tanggal_lahir":"1990-01-01"}}"#;
    let told = json(&post(&site, &kota, "/api/v1/match", budi).await);
    assert_eq!(told["data"].as_array().unwrap().len(), 0, "{told}");
    let told = json(&post(&site, &penuh, "/api/v1/match", budi).await);
    assert_eq!(told["data"][0]["linked"], true);

    for (body, status, field) in [
        ("{}", 400, "record"),
        (r#"{"record":{}}"#, 422, "record"),
        (r#"{"record":{"nama":" "}}"#, 422, "record"),
        (r#"{"record":{"lain":"x"}}"#, 400, "record"),
        (r#"{"record":{"nama":"x"},"limit":0}"#, 400, "limit"),
    ] {
        let answer = post(&site, &kota, "/api/v1/match", body).await;
        assert_eq!(
            (answer.status.as_u16(), &json(&answer)["field"]),
            (status, &field.into()),
            "{body}"
        );
    }
    let none = asked(&site, Method::POST, "/api/v1/match", &[], ani).await;
    assert_eq!(none.status, StatusCode::UNAUTHORIZED);
}
