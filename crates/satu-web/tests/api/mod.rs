//! What programs ask.

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use satu_registry::link::link_all;
use satu_store::Scope;
use satu_store::accounts::Role;
use satu_store::clients::{Client, Rights};
use serde_json::Value;

use crate::browser::{Answer, Site, asked, delivered, site};

pub const ANI: &str = "198503172010012005";
pub const BUDI: &str = "199001012015011001";
const HEAD: &str = "nip,nik,nama,tanggal_lahir,jenis_kelamin,email\n";

/// Two agencies with a person each.
pub async fn country() -> Site {
    let site = site(false).await;
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
        let instansi = "Pemerintah Kota Contoh".into();
        Role::Officer { instansi }
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
    let made = clients.add(client, &secret, Timestamp::now());
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
