//! What programs ask.

mod reading;
mod refusing;
mod repeating;
mod sending;
mod tokens;
pub mod told;
mod uploading;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use satu_registry::link::link_all;
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
            // Every GET answers HEAD, too; tus begins with it.
            if method != "head" {
                told.push((method.clone(), path.clone()));
            }
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
    // What is sent and what comes back, in fields and statuses.
    for part in [
        "statements",
        "stated_on",
        "already",
        "findings",
        "secret",
        "dead_letters",
        "201",
        "422",
    ] {
        let shown = format!("<code>{part}</code>");
        assert!(page.contains(&shown), "{part}");
    }
    let mut ids = std::collections::BTreeSet::new();
    let upload = &document["paths"]["/api/v1/uploads/{token}"];
    assert!(upload["head"].is_object());
    let bare =
        |schema: &Value| schema["type"] == "object" && schema.as_object().unwrap().len() == 1;
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id}");
            for told in operation["responses"].as_object().unwrap().values() {
                for one in told["content"].as_object().into_iter().flatten() {
                    assert!(!bare(&one.1["schema"]), "{path}");
                }
            }
        }
    }
    let problem = asked(&site, Method::GET, "/api/problems/missing-right", &[], "").await;
    assert!(problem.body.contains("hak yang diperlukan"));
    let none = asked(&site, Method::GET, "/api/problems/lain", &[], "").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}
