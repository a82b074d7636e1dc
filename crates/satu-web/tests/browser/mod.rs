//! A browser without a screen: keeps cookies, sends forms.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use jiff::civil::date;
use satu_domain::resolve::SourceKind;
use satu_registry::intake::{Delivery, Taken, take_in};
use satu_registry::link::link_all;
use satu_rules::{CodeLists, Standard};
use satu_store::accounts::Role;
use satu_store::entry::{Doubt, DoubtPair, Release, Source, Way};
use satu_store::{Entry, OPEN, RawHasher, Scope, Store};
use satu_web::{OidcSettings, Settings};
use tokio::sync::OnceCell;
use tower::ServiceExt;

use crate::api::told;

pub const PASSWORD: &str = "empat kata yang lepas";

/// The pages over a fresh database with one account of each role.
pub struct Site {
    pub pages: Router,
    pub host: &'static str,
    /// What the pages are over.
    pub store: Store,
    folder: tempfile::TempDir,
    address: String,
}

impl Site {
    /// The database itself, as a thief has it.
    pub async fn pool(&self) -> sqlx::AnyPool {
        let address = if self.address.starts_with("postgres") {
            self.address.clone()
        } else {
            format!("sqlite:{}", self.address)
        };
        sqlx::AnyPool::connect(&address).await.unwrap()
    }

    /// A folder for files, gone with the site.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Two civil servants, made up.
pub const NIPS: [&str; 2] = ["198503172010012005", "199001012015012001"];

/// These two in the register, as one agency states them.
pub async fn two_persons(site: &Site) {
    let rows = format!(
        "nip,nik,nama,tanggal_lahir,jenis_kelamin\n{},3273015703850004,Ani Contoh,1985-03-17,P\n\
         {},3273014101900001,Budi Contoh,1990-01-01,P\n",
        NIPS[0], NIPS[1]
    );
    delivered(site, "sendiri", "Pemerintah Kota Contoh", &rows).await;
    link_all(&site.store).await.unwrap();
}

/// A delivery of a file's text by a source of an agency, as the command line takes it in.
pub async fn delivered(site: &Site, code: &str, instansi: &str, rows: &str) -> i64 {
    let path = site.folder().join(format!("{code}.csv"));
    std::fs::write(&path, rows).unwrap();
    let source = Source {
        code: code.to_owned(),
        name: format!("SIMPEG {instansi}"),
        kind: SourceKind::Agency,
        instansi: instansi.to_owned(),
    };
    let delivery = Delivery {
        path,
        map: None,
        sheet: None,
        stated_on: Some(date(2026, 8, 1)),
        way: Way::File,
    };
    let standard = Standard::new(CodeLists::core(), date(2026, 11, 24));
    let taken = take_in(&site.store, &source, &delivery, &standard).await;
    match taken.unwrap() {
        Taken::New(id, _) | Taken::Already(id) => id,
    }
}

/// A doubt about the persons of two NIPs.
pub async fn doubt(store: &Store, nips: [&str; 2]) -> i64 {
    let mut statements = Vec::new();
    for nip in nips {
        let id = store.find(&Scope::whole(), "nip", nip).await.unwrap()[0];
        let person = store.person(&Scope::whole(), id, None, OPEN).await.unwrap();
        let evidence = person.unwrap().evidence;
        let own = evidence.iter().find(|one| one.fact == nip).unwrap();
        statements.push(own.statement);
    }
    statements.sort_unstable();
    let pair = DoubtPair {
        a: statements[0],
        b: statements[1],
        weight: 0,
        probability: 500_000,
    };
    let pairs = vec![pair];
    let mut writer = store.begin().await.unwrap();
    let doubt = Entry::Doubt(Doubt { statements, pairs });
    let id = writer.append(&doubt).await.unwrap();
    writer.commit().await.unwrap();
    id
}

/// Open data of 1 November 2026: two datasets, laid by hand as the register is too small for
/// statistics.
pub async fn released(store: &Store) {
    let mut writer = store.begin().await.unwrap();
    let mut datasets = Vec::new();
    for (name, text) in [
        ("kode-agama", "id,nama\n1,Islam\n2,Kristen\n"),
        ("asn-usia", STATISTICS),
    ] {
        let raw = RawHasher::of(text.as_bytes()).unwrap();
        writer.keep_raw(&raw, text.as_bytes()).await.unwrap();
        datasets.push((name.to_owned(), raw));
    }
    let release = Release {
        version: date(2026, 11, 1),
        by: "walidata".to_owned(),
        datasets,
    };
    writer.append(&Entry::Release(release)).await.unwrap();
    writer.commit().await.unwrap();
}

/// A table of statistics.
pub const STATISTICS: &str = "instansi,jenis_kelamin,kelompok_usia,periode,jumlah,kerahasiaan\n\
    _T,_T,_T,2026-11-01,90,F\n_T,L,_T,2026-11-01,40,F\n_O,L,Y25T29,2026-11-01,,C\n";

pub async fn site(secure: bool) -> Site {
    let settings = Settings {
        site: secure.then(|| "https://satu.example".parse().unwrap()),
        secure,
        ..Settings::default()
    };
    site_of(settings).await
}

/// With a provider for signing in that does not answer.
pub fn with_provider() -> Settings {
    let silent =
        "name = 'SSO Contoh'\nissuer = 'http://127.0.0.1:1'\nclient_id = 'satu'\nloopback = true";
    let silent = OidcSettings::of(silent, std::path::Path::new(""), |_| None);
    Settings {
        oidc: Some(silent.unwrap()),
        ..Settings::default()
    }
}

/// The pages over a database without accounts.
pub async fn empty_site() -> Site {
    laid(Settings::default(), None).await
}

/// Databases made so far.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The pages with an account of each role over a new database of the server of `SATU_TEST_POSTGRES`.
pub async fn site_on_postgres(settings: Settings) -> Site {
    let server = std::env::var("SATU_TEST_POSTGRES")
        .expect("run the tests with scripts/test, which starts a PostgreSQL");
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("web{}_{count}", std::process::id());
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&format!("{server}/postgres")).await;
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&pool.unwrap()).await.unwrap();
    peopled(laid(settings, Some(format!("{server}/{name}"))).await).await
}

pub async fn site_of(settings: Settings) -> Site {
    peopled(laid(settings, None).await).await
}

async fn peopled(site: Site) -> Site {
    let hash = satu_web::password::hash(PASSWORD).unwrap();
    let instansi = "Pemerintah Kota Contoh".to_owned();
    let nip = "198503172010012005".to_owned();
    let accounts = site.store.accounts();
    for (login, name, role) in [
        ("walidata", "Contoh Walidata", Role::Walidata),
        (
            "petugas",
            "Contoh Petugas",
            Role::Officer {
                places: instansi.into(),
            },
        ),
        ("asn", "Contoh Nama", Role::Asn { nip }),
    ] {
        accounts.add(login, name, role, &hash).await.unwrap();
    }
    site
}

/// The key file of every register that a test makes.
pub fn key_file() -> satu_store::KeyPlace {
    satu_store::KeyPlace::File(concat!(env!("CARGO_TARGET_TMPDIR"), "/web.key").into())
}

async fn laid(settings: Settings, address: Option<String>) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let secure = settings.secure;
    let file = folder.path().join("satu.db");
    let address = address.unwrap_or_else(|| file.to_string_lossy().into_owned());
    let store = Store::open(&address, &key_file()).await.unwrap();
    Site {
        pages: satu_web::router(store.clone(), settings),
        host: if secure {
            "satu.example"
        } else {
            "127.0.0.1:8017"
        },
        store,
        folder,
        address,
    }
}

#[derive(Clone)]
pub struct Browser {
    pages: Router,
    cookies: BTreeMap<String, String>,
    pub host: &'static str,
    pub headers: Vec<(&'static str, &'static str)>,
}

pub struct Answer {
    pub status: StatusCode,
    headers: HeaderMap,
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The value of a field of a page, such as a secret that is shown once.
    pub fn shown(&self, id: &str) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        let mark = format!("id=\"{id}\" value=\"");
        let rest = self.body.split(&mark).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Browser {
    pub fn new(site: &Site) -> Browser {
        Browser {
            pages: site.pages.clone(),
            cookies: BTreeMap::new(),
            host: site.host,
            headers: vec![],
        }
    }

    /// A browser in which somebody has signed in with the usual password.
    pub async fn of(site: &Site, login: &str) -> Browser {
        let mut browser = Browser::new(site);
        let entered = browser.sign_in(login, PASSWORD, "/").await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        browser
    }

    /// A browser whose cookie holds this token.
    pub fn holding(site: &Site, token: &str) -> Browser {
        let mut browser = Browser::new(site);
        browser.cookies.insert("satu".to_owned(), token.to_owned());
        browser
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.get(name).cloned()
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "", Vec::new()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let kind = "application/x-www-form-urlencoded";
        let body = fields.join("&").into_bytes();
        self.send(Method::POST, path, kind, body).await
    }

    /// Sends a form with files (RFC 7578): name, file name where it is a file, content.
    pub async fn post_files(
        &mut self,
        path: &str,
        fields: &[(&str, Option<&str>, &str)],
    ) -> Answer {
        let parts = fields.iter().map(|(name, file, content)| {
            let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
            format!(
                "--batas\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
            )
        });
        let body = parts.collect::<String>() + "--batas--\r\n";
        let kind = "multipart/form-data; boundary=batas";
        self.send(Method::POST, path, kind, body.into_bytes()).await
    }

    /// Sends a form of whoever is signed in.
    pub async fn sent(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mark = hidden(&self.get("/akun").await.body, "tanda");
        let mut all = vec![("tanda", mark.as_str())];
        all.extend(fields);
        self.post(path, &all).await
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

    async fn send(&mut self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.host);
        if !kind.is_empty() {
            request = request.header("content-type", kind);
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
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.to_vec(),
        }
    }
}

/// What a program is answered, which keeps no cookie.
pub async fn asked(
    site: &Site,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    asked_with(site, method, path, headers, body.into()).await
}

/// The same, with a body of any bytes.
pub async fn asked_with(
    site: &Site,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Answer {
    let mut request = Request::builder()
        .method(method.clone())
        .uri(path)
        .header("host", site.host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body)).unwrap();
    let asked = request.headers().clone();
    let (parts, body) = site
        .pages
        .clone()
        .oneshot(request)
        .await
        .unwrap()
        .into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let answer = Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        bytes: body.to_vec(),
    };
    if path.starts_with("/api/v1/") {
        told::stands(document(site).await, (&method, path), &asked, &answer);
    }
    answer
}

/// What the API says of itself.
async fn document(site: &Site) -> &'static serde_json::Value {
    static DOCUMENT: OnceCell<serde_json::Value> = OnceCell::const_new();
    let read = async || {
        let path = "/api/v1/openapi.json";
        let answer = Browser::new(site).get(path).await;
        serde_json::from_str(&answer.body).unwrap()
    };
    DOCUMENT.get_or_init(read).await
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
