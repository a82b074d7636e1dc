//! What programs ask.

mod reading;
mod repeating;
mod uploading;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use satu_registry::link::link_all;
use satu_store::Scope;
use satu_store::accounts::Role;
use satu_store::clients::{Client, Rights};
use serde_json::Value;

use crate::browser::{Answer, Site, asked, asked_with, delivered, site};

pub const ANI: &str = "198503172010012005";
pub const BUDI: &str = "199001012015011001";
const HEAD: &str = "nip,nik,nama,tanggal_lahir,jenis_kelamin,email\n";

/// Two agencies with a person each.
pub async fn country() -> Site {
    country_on(site(false).await).await
}

/// The same on a site of any database.
pub async fn country_on(site: Site) -> Site {
    for (source, instansi, row) in [
        (
            "sendiri",
            "Pemerintah Kota Contoh",
            "198503172010012005,3273015703850004,ANI CONTOH,1985-03-17,P,ani@contoh.id\n",
        ),
        (
            "lain",
            "Pemerintah Kota Lain",
            "199001012015011001,3273010101900001,BUDI ASING,1990-01-01,L,budi@contoh.id\n",
        ),
    ] {
        delivered(&site, source, instansi, &[HEAD, row].concat()).await;
    }
    link_all(&site.store).await.unwrap();
    site
}

/// Makes a program of the first agency, or of none; its secret is its key twice.
pub async fn program(site: &Site, key: &str, own: bool, rights: &str) {
    let role = if own {
        let instansi = "Pemerintah Kota Contoh".to_owned();
        Role::Officer {
            places: instansi.into(),
        }
    } else {
        Role::Walidata
    };
    let client = Client {
        id: 0,
        key: key.into(),
        name: format!("Program {key}"),
        role,
        rights: Rights::parse(rights).unwrap(),
        purpose: "pertukaran".into(),
    };
    let (clients, secret) = (site.store.clients(), key.repeat(2));
    let made = clients.add(client, "", &secret, "walidata", Timestamp::now());
    made.await.unwrap();
}

/// A token of a program.
pub async fn token(site: &Site, key: &str) -> String {
    let body = format!("grant_type=client_credentials&client_id={key}&client_secret={key}{key}");
    let answer = asked(site, Method::POST, "/oauth2/token", &[], &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    json(&answer)["access_token"].as_str().unwrap().to_owned()
}

pub fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}", answer.body))
}

/// Asks with a token.
pub async fn get(site: &Site, token: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut all = vec![("authorization", bearer.as_str())];
    all.extend(headers);
    asked(site, Method::GET, path, &all, "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_given_in_each_form_and_refused_in_the_form_of_oauth() {
    let site = country().await;
    program(&site, "kunci", true, "people.read").await;
    // printf 'kunci:kuncikunci' | base64
    let basic = ("authorization", "Basic a3VuY2k6a3VuY2lrdW5jaQ==");
    let json_type = ("content-type", "application/json");
    for (headers, body) in [
        (vec![basic], "grant_type=client_credentials"),
        (
            vec![basic, json_type],
            r#"{"grant_type":"client_credentials"}"#,
        ),
        (
            vec![],
            "grant_type=client_credentials&client_id=kunci&client_secret=kuncikunci&token_type=x",
        ),
        (
            vec![],
            r#"{"grant_type":"client_credentials","client_id":"kunci","client_secret":"kuncikunci"}"#,
        ),
        (
            vec![basic],
            "grant_type=client_credentials&scope=people.read+changes.read",
        ),
    ] {
        let answer = asked(&site, Method::POST, "/oauth2/token", &headers, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{body}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let told = json(&answer);
        assert_eq!(
            (&told["token_type"], &told["expires_in"]),
            (&"Bearer".into(), &3600.into())
        );
        assert_eq!(told["scope"], "people.read");
    }
    for (headers, body, status, error) in [
        (vec![basic], "", 400, "invalid_request"),
        (vec![basic], "{", 400, "invalid_request"),
        (
            vec![basic],
            "grant_type=password",
            400,
            "unsupported_grant_type",
        ),
        (
            vec![basic],
            "grant_type=client_credentials&scope=semua",
            400,
            "invalid_scope",
        ),
        (
            vec![],
            "grant_type=client_credentials",
            401,
            "invalid_client",
        ),
        (
            vec![],
            "grant_type=client_credentials&client_id=kunci&client_secret=x",
            401,
            "invalid_client",
        ),
        (
            vec![],
            "grant_type=client_credentials&client_id=%00&client_secret=x",
            401,
            "invalid_client",
        ),
    ] {
        let answer = asked(&site, Method::POST, "/oauth2/token", &headers, body).await;
        assert_eq!(
            (answer.status.as_u16(), &json(&answer)["error"]),
            (status, &error.into()),
            "{body}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_a_secret_waits() {
    let site = country().await;
    program(&site, "kunci", true, "people.read").await;
    let wrong = "grant_type=client_credentials&client_id=kunci&client_secret=x";
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let answer = asked(&site, Method::POST, "/oauth2/token", &[], wrong).await;
        statuses.push(answer.status.as_u16());
    }
    assert!(
        statuses.starts_with(&[401, 401, 401, 401]) && statuses.ends_with(&[429]),
        "{statuses:?}"
    );
}

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

/// A browser's session opens nothing to a program, and a program's token no page.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_and_a_token_are_not_one_another() {
    let site = country().await;
    program(&site, "pusat", false, "people.read").await;
    let token = token(&site, "pusat").await;
    let page = get(&site, &token, "/cari?q=ani", &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let cookie = format!("satu={token}");
    let answer = asked(
        &site,
        Method::GET,
        "/api/v1/people/1",
        &[("cookie", &cookie)],
        "",
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

async fn post(site: &Site, token: &str, path: &str, body: &str) -> Answer {
    post_with(site, token, path, &[], body.into()).await
}

async fn post_with(
    site: &Site,
    token: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut all = vec![("authorization", bearer.as_str())];
    all.extend(headers);
    asked_with(site, Method::POST, path, &all, body).await
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
async fn what_is_sent_goes_the_road_of_every_file() {
    let site = country().await;
    program(
        &site,
        "kota",
        true,
        "people.read people.sensitive statements.write",
    )
    .await;
    let token = token(&site, "kota").await;
    let batch = r#"{"source":"sendiri","kind":"golongan","stated_on":"2026-08-01","statements":[
        {"nip":"198503172010012005","golongan":"III/b","tmt_golongan":"2014-04-01","sk_nomor":"12/K","sk_tanggal":"2014-03-20"},
        {"nip":"salah","golongan":"III/b","tmt_golongan":"2014-04-01"}]}"#;
    let answer = post(&site, &token, "/api/v1/statements", batch).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let told = json(&answer);
    assert_eq!(
        (&told["kind"], &told["rows"], &told["rejected"]),
        (&"golongan".into(), &2.into(), &1.into())
    );
    let place = answer.header("location").unwrap();
    let again = post(&site, &token, "/api/v1/statements", batch).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(
        (&json(&again)["id"], &json(&again)["already"]),
        (&told["id"], &true.into())
    );

    // What is wrong is told; what is sensitive of it is not, whatever the program may see.
    let wrong = r#"{"source":"sendiri","kind":"data_utama","stated_on":"2026-08-01","statements":[
        {"nip":"198503172010012005","nik":"3273015703850099999","nama":"ANI CONTOH","tanggal_lahir":"1985-03-17"}]}"#;
    let answer = post(&site, &token, "/api/v1/statements", wrong).await;
    let path = format!("{}/findings?limit=1000", answer.header("location").unwrap());
    let answer = get(&site, &token, &path, &[]).await;
    let rows = json(&answer)["data"].as_array().unwrap().clone();
    let nik = rows.iter().find(|row| row["column"] == "nik");
    assert_eq!(nik.unwrap()["value"], "••••••99", "{}", answer.body);
    assert!(!answer.body.contains("3273015703850099999"));

    let findings = json(&get(&site, &token, &format!("{place}/findings?limit=1"), &[]).await);
    assert_eq!(findings["data"][0]["row"], 2);
    let rest = findings["next"].as_str().map(str::to_owned);
    if let Some(rest) = rest {
        let path = format!("{place}/findings?cursor={rest}");
        assert!(
            !json(&get(&site, &token, &path, &[]).await)["data"]
                .as_array()
                .unwrap()
                .is_empty()
        );
    }
    let first = json(&get(&site, &token, "/api/v1/submissions?limit=1", &[]).await);
    let path = format!(
        "/api/v1/submissions?limit=1&cursor={}",
        first["next"].as_str().unwrap()
    );
    let second = json(&get(&site, &token, &path, &[]).await);
    assert_eq!(second["data"][0]["id"], told["id"]);
    assert!(second["next"].is_string(), "the file before is left");

    // Linked after the answer, the statement stands in the person's histories.
    let id = site.store.find(&Scope::whole(), "nip", ANI).await.unwrap()[0];
    let path = format!("/api/v1/people/{id}/histories?kind=golongan");
    let mut found = Value::Null;
    for _ in 0..200 {
        found = json(&get(&site, &token, &path, &[]).await);
        if found["data"]
            .as_array()
            .is_some_and(|rows| !rows.is_empty())
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(found["data"][0]["values"]["golongan"], "III/b", "{found}");

    // A file, and what is no file.
    let csv = [
        HEAD,
        "199203042019031002,3273010403920001,CITRA CONTOH,1992-03-04,L,citra@contoh.id\n",
    ]
    .concat();
    let path = "/api/v1/submissions?source=sendiri&file=baru.csv&stated_on=2026-08-02";
    let answer = post(&site, &token, path, &csv).await;
    assert_eq!(
        (answer.status, &json(&answer)["file"]),
        (StatusCode::CREATED, &"baru.csv".into())
    );
    for (path, body, field) in [
        (
            "/api/v1/submissions?source=sendiri&file=kosong.csv",
            "",
            "body",
        ),
        ("/api/v1/submissions?source=lain&file=a.csv", &csv, "source"),
        (
            "/api/v1/submissions?source=sendiri&file=../a.csv",
            &csv,
            "file",
        ),
        (
            "/api/v1/submissions?source=sendiri&file=a.csv&stated_on=2999-01-01",
            &csv,
            "stated_on",
        ),
        (
            "/api/v1/submissions?source=sendiri&file=a.csv&kind=lain",
            &csv,
            "kind",
        ),
        ("/api/v1/statements", "[", "body"),
        (
            "/api/v1/statements",
            r#"{"source":"sendiri","kind":"","statements":[{}]}"#,
            "kind",
        ),
        (
            "/api/v1/statements",
            r#"{"source":"sendiri","kind":"golongan","statements":[]}"#,
            "statements",
        ),
    ] {
        let answer = post(&site, &token, path, body).await;
        // What can be read and does not fit is told from what cannot be read.
        let unread = body == "[" || ["kind", "statements"].contains(&field);
        let status = if unread { 400 } else { 422 };
        assert_eq!(
            (answer.status.as_u16(), &json(&answer)["field"]),
            (status, &field.into()),
            "{path}"
        );
        assert!(!answer.body.contains("/tmp"), "{}", answer.body);
    }
}

/// Every address for programs stands in the document, and no other.
#[tokio::test]
async fn the_document_names_every_address() {
    let site = site(false).await;
    let answer = asked(&site, Method::GET, "/api/v1/openapi.json", &[], "").await;
    let document = json(&answer);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut told = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            told.push((method.clone(), path.clone()));
        }
    }
    let mut real: Vec<_> = satu_web::addresses()
        .filter(|(_, path)| path.starts_with("/api/v1/") && !path.ends_with("openapi.json"))
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    told.sort();
    real.sort();
    assert_eq!(told, real);
    let page = asked(&site, Method::GET, "/api", &[], "").await.body;
    assert!(real.iter().all(|(_, path)| page.contains(path.as_str())));
    let problem = asked(&site, Method::GET, "/api/problems/missing-right", &[], "").await;
    assert!(problem.body.contains("hak yang diperlukan"));
    let none = asked(&site, Method::GET, "/api/problems/lain", &[], "").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}
