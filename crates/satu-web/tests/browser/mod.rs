//! A browser without a screen: keeps cookies, sends forms.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use satu_store::Store;
use satu_store::accounts::Role;
use tower::ServiceExt;

pub const PASSWORD: &str = "empat kata yang lepas";

/// The pages over a fresh database with one account of each role.
pub struct Site {
    pages: Router,
    _folder: tempfile::TempDir,
}

pub async fn site(secure: bool) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("satu.db");
    let store = Store::open(&file.to_string_lossy()).await.unwrap();
    let hash = satu_web::password::hash(PASSWORD).unwrap();
    let instansi = "Pemerintah Kota Contoh".to_owned();
    let nip = "198503172010012005".to_owned();
    for (login, name, role) in [
        ("walidata", "Contoh Walidata", Role::Walidata),
        ("petugas", "Contoh Petugas", Role::Officer { instansi }),
        ("asn", "Contoh Nama", Role::Asn { nip }),
    ] {
        store
            .accounts()
            .add(login, name, role, &hash)
            .await
            .unwrap();
    }
    Site {
        pages: satu_web::router(store, secure),
        _folder: folder,
    }
}

#[derive(Clone)]
pub struct Browser {
    pages: Router,
    cookies: BTreeMap<String, String>,
    pub headers: Vec<(&'static str, &'static str)>,
}

pub struct Answer {
    pub status: StatusCode,
    headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Browser {
    pub fn new(site: &Site) -> Browser {
        Browser {
            pages: site.pages.clone(),
            cookies: BTreeMap::new(),
            headers: vec![],
        }
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.get(name).cloned()
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, String::new()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        self.send(Method::POST, path, fields.join("&")).await
    }

    /// Opens the form and sends it.
    pub async fn sign_in(&mut self, login: &str, password: &str, back: &str) -> Answer {
        let form = self.get("/masuk").await;
        let mark = hidden(&form.body, "tanda");
        let fields = [
            ("tanda", mark.as_str()),
            ("nama", login),
            ("sandi", password),
            ("kembali", back),
        ];
        self.post("/masuk", &fields).await
    }

    async fn send(&mut self, method: Method, path: &str, body: String) -> Answer {
        let posted = method == Method::POST;
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "satu.example");
        if posted {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in &self.cookies {
            request = request.header("cookie", format!("{name}={value}"));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        let answer = self
            .pages
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let (parts, body) = answer.into_parts();
        for set in parts.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap();
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if set.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

/// The value of a form's hidden field.
pub fn hidden(body: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = body
        .split(&mark)
        .nth(1)
        .unwrap_or_else(|| panic!("no {name} in {body}"));
    rest.split('"').next().unwrap().to_owned()
}

/// A text as part of a query or a form.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |out, byte| out + &format!("%{byte:02X}"))
}
