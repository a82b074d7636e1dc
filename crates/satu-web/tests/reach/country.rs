//! Two agencies, with records of each, and somebody of every role.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::Method;
use jiff::Timestamp;
use satu_registry::link::link_all;
use satu_registry::review::{Decider, set_value};
use satu_store::Scope;
use satu_store::accounts::{ANEW, Browser as SignedIn, Role};
use satu_store::clients::{Client, Rights};
use satu_store::entry::{Act, BreachWords, Entry, Proposal};
use satu_store::privacy::{About, Affected};

use crate::browser::{
    Answer, Browser, PASSWORD, Site, asked, delivered, doubt, hidden, released, with_provider,
};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Nobody,
    Asn,
    /// The officer of the unit in which the civil servant works.
    Unit,
    Petugas,
    /// Who administers the agency's accounts.
    Admin,
    Walidata,
}

impl Who {
    fn login(self) -> &'static str {
        match self {
            Who::Nobody => "",
            Who::Asn => "asn",
            Who::Unit => "unit",
            Who::Petugas => "petugas",
            Who::Admin => "admin",
            Who::Walidata => "walidata",
        }
    }

    /// What no answer to them may hold: names, NIPs and NIKs of persons who are not theirs.
    pub fn secrets(self) -> Vec<&'static str> {
        let kept = match self {
            Who::Walidata => vec![],
            Who::Petugas => vec![ZULAIKHA, ZAINAL],
            Who::Asn | Who::Unit | Who::Admin => vec![CITRA, ZULAIKHA, ZAINAL],
            Who::Nobody => vec![ANI, CITRA, ZULAIKHA, ZAINAL],
        };
        // Whose account it is stands with the account, and no more.
        let of_account = if self == Who::Admin { &ANI[1..] } else { &[] };
        [&kept.concat(), of_account].concat()
    }
}

/// The civil servant who asks, of the officer's agency.
const ANI: [&str; 3] = ["198503172010012005", "3273015703850004", "ANI CONTOH"];
/// A colleague: the officer's, not the civil servant's.
const CITRA: [&str; 3] = ["199203042019031002", "3273010403920001", "CITRA CONTOH"];
/// Two of another agency.
const ZULAIKHA: [&str; 3] = ["199001012015012001", "3273014101900001", "ZULAIKHA ASING"];
const ZAINAL: [&str; 3] = ["198801022015011003", "3273010201880001", "ZAINAL ASING"];

const HEAD: &str = "nip,nik,nama,tanggal_lahir,jenis_kelamin,email,instansi_kerja,unor\n";

static NUMBER: AtomicU64 = AtomicU64::new(1);

fn number() -> u64 {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

fn row([nip, nik, nama]: [&str; 3]) -> String {
    let born = format!("{}-{}-{}", &nip[..4], &nip[4..6], &nip[6..8]);
    let sex = if &nip[14..15] == "2" { "P" } else { "L" };
    let (agency, unit) = match nip {
        _ if nip == ANI[0] => ("Pemerintah Kota Contoh", "Dinas Kesehatan"),
        _ if nip == CITRA[0] => ("Pemerintah Kota Contoh", "Inspektorat"),
        _ => ("Pemerintah Kota Lain", "Dinas Kesehatan"),
    };
    let number = number();
    format!("{nip},{nik},{nama},{born},{sex},n{number}@contoh.id,{agency},{unit}\n")
}

fn officer() -> Role {
    Role::Officer {
        places: "Pemerintah Kota Contoh".into(),
    }
}

pub struct Country {
    site: Site,
    /// A delivery of the officer's agency, and one of the other.
    deliveries: [i64; 2],
}

impl Country {
    /// Lets the site forget how much was asked: no reader asks for everything at once.
    pub fn rest(&mut self) {
        self.site.pages = satu_web::router(self.site.store.clone(), with_provider());
    }

    pub async fn new(site: Site) -> Country {
        let rows = |one, two| format!("{HEAD}{}{}", row(one), row(two));
        let own = delivered(
            &site,
            "sendiri",
            "Pemerintah Kota Contoh",
            &rows(ANI, CITRA),
        )
        .await;
        let lain = delivered(
            &site,
            "lain",
            "Pemerintah Kota Lain",
            &rows(ZULAIKHA, ZAINAL),
        )
        .await;
        link_all(&site.store).await.unwrap();
        let unit = Role::Officer {
            places: "Pemerintah Kota Contoh > Dinas Kesehatan".into(),
        };
        let admin = Role::Administrator {
            places: "Pemerintah Kota Contoh".into(),
        };
        for (login, role) in [("unit", unit.clone()), ("admin", admin)] {
            let accounts = site.store.accounts();
            let (_, hash) = accounts.find("asn").await.unwrap().unwrap();
            accounts.add(login, "Contoh", role, &hash).await.unwrap();
        }
        for (key, role, rights) in [
            (
                "kota",
                officer(),
                "people.read statements.write review.write changes.read",
            ),
            (
                "pusat",
                Role::Walidata,
                "people.read statements.write review.write changes.read",
            ),
            (
                "dinas",
                unit.clone(),
                "people.read statements.write review.write changes.read",
            ),
            ("tanpa", officer(), "changes.read"),
        ] {
            let client = Client {
                id: 0,
                key: key.into(),
                name: key.into(),
                role,
                rights: Rights::parse(rights).unwrap(),
                purpose: String::new(),
            };
            let (clients, now) = (site.store.clients(), Timestamp::now());
            let made = clients.add(client, "", key, "walidata", now).await.unwrap();
            let until = now + Duration::from_hours(1);
            clients
                .issue(&made, key, key, &made.rights, until, now)
                .await
                .unwrap();
        }
        released(&site.store).await;
        Country {
            site,
            deliveries: [own, lain],
        }
    }

    /// Asks for an address, as somebody in a new session, about a record of their own or another's
    /// that is made for the question; and whether the answering wrote to the ledger.
    pub async fn ask(&self, method: &str, path: &str, who: Who, own: bool) -> (Answer, bool) {
        let mut browser = self.browser(who).await;
        let form = if who == Who::Nobody {
            "/masuk"
        } else {
            "/akun"
        };
        let mark = hidden(&browser.get(form).await.body, "tanda");
        let path = self.filled(path, who, own).await;
        let root = async || self.site.store.head().await.unwrap().root;
        let before = root().await;
        let answer = if method == "get" {
            browser.get(&path).await
        } else if let "delete" | "patch" | "options" = method {
            let method = method.to_uppercase().parse().unwrap();
            asked(&self.site, method, &path, &[], "").await
        } else if path == "/kiriman/baru" {
            let source = if own { "sendiri" } else { "lain" };
            upload(&mut browser, &mark, source).await
        } else if path == "/kiriman/cocok" {
            let agency = if own {
                "Pemerintah Kota Contoh"
            } else {
                "Pemerintah Kota Lain"
            };
            compare(&mut browser, &mark, agency).await
        } else {
            let mut fields = vec![("tanda", mark.as_str())];
            fields.extend(fields_of(&path));
            browser.post(&path, &fields).await
        };
        if let Some(path) = path.strip_suffix("/kirim") {
            settled(&mut browser, path).await;
        }
        (answer, before != root().await)
    }

    /// Asks as a program: of the first agency, of a unit of it, of the centre, or of the first without a right.
    pub async fn ask_as_program(&self, method: &str, path: &str, who: &str, own: bool) -> Answer {
        let as_who = if who == "dinas" {
            Who::Unit
        } else {
            Who::Petugas
        };
        let path = self.filled(path, as_who, own).await;
        let (method, body) = match method {
            "get" => (Method::GET, ""),
            "delete" => (Method::DELETE, ""),
            "options" => (Method::OPTIONS, ""),
            "patch" => (Method::PATCH, ""),
            _ => (Method::POST, "{}"),
        };
        let bearer = format!("Bearer {who}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        asked(&self.site, method, &path, &headers, body).await
    }

    async fn browser(&self, who: Who) -> Browser {
        if who == Who::Nobody {
            return Browser::new(&self.site);
        }
        let token = format!("{:064x}", number());
        let accounts = self.site.store.accounts();
        let (account, _) = accounts.find(who.login()).await.unwrap().unwrap();
        let now = Timestamp::now();
        accounts
            .open_session(account.id, &token, SignedIn::default(), false, now)
            .await
            .unwrap();
        Browser::holding(&self.site, &token)
    }

    async fn filled(&self, path: &str, who: Who, own: bool) -> String {
        let id = |id: i64| path.replace("{id}", &id.to_string());
        let person = self.person(who, own).await;
        if path.starts_with("/orang/") || path.starts_with("/api/v1/people/") {
            return id(person);
        }
        if path.starts_with("/tinjau/{id}") || path.starts_with("/api/v1/doubts/{id}") {
            return id(self.doubt(own).await);
        }
        if path.starts_with("/keputusan/{id}") {
            let scope = Scope::whole();
            let decider = Decider {
                scope: &scope,
                by: "walidata",
                reason: "contoh",
            };
            let ruled = set_value(&self.site.store, &decider, person, "agama", "Islam").await;
            return id(ruled.unwrap().number());
        }
        if path.starts_with("/kiriman/{id}") || path.starts_with("/api/v1/submissions/{id}") {
            return id(self.deliveries[usize::from(!own)]);
        }
        if path.starts_with("/permintaan/{id}") {
            let [nip, ..] = if own { ANI } else { ZULAIKHA };
            let asked = self.site.store.ask(nip, About::Access, "contoh", "contoh");
            return id(asked.await.unwrap());
        }
        if path.starts_with("/pelanggaran/{id}") {
            return id(self.breach(own).await);
        }
        if path.starts_with("/usulan/{id}") {
            return id(self.proposal(own).await);
        }
        if path.starts_with("/pengguna/{id}") {
            return id(self.account(who, own).await);
        }
        if path.starts_with("/program/{id}") {
            return id(self.program(own).await);
        }
        if path.starts_with("/tautan/") {
            return path.replace("{token}", &self.link(own).await);
        }
        if path == "/api/v1/changes/stream" {
            return format!("{path}?lasts=1");
        }
        if path.starts_with("/api/v1/webhooks/") || path.starts_with("/pemberitahuan/{id}") {
            return id(self.webhook(own).await);
        }
        if path.starts_with("/kiriman/cocok/") {
            return path.replace("{token}", &self.compared(who, own).await);
        }
        if path.starts_with("/api/v1/uploads/") {
            return self.arriving(own).await;
        }
        if path.contains("{token}") {
            return path.replace("{token}", &self.uploaded(who, own).await);
        }
        if path == "/cari" {
            // What is asked for comes back in the page: a part of a name, then.
            return format!("/cari?q={}", if own { "contoh" } else { "zulaika" });
        }
        let path = path.replace("{code}", "id").replace("{slug}", "not-found");
        let path = path
            .replace("{name}", "tidak-ada")
            .replace("{dataset}", "kode-agama")
            .replace("{file}", "2026-11-01.csv")
            .replace("{action}", "package_show?id=kode-agama")
            .replace("{*path}", "dataflow")
            .replace("{list}", "agama")
            .replace("{*operation}", &format!("pns/data-utama/{}", ANI[0]));
        assert!(!path.contains('{'), "say what stands in {path}");
        path
    }

    /// The asker's own account, or a new one.
    async fn account(&self, who: Who, own: bool) -> i64 {
        let accounts = self.site.store.accounts();
        if own {
            return accounts.named(who.login()).await.unwrap().id;
        }
        let login = format!("lain{}", number());
        let made = accounts.add(&login, "Contoh Lain", Role::Walidata, "");
        made.await.unwrap().id
    }

    /// A new program of the first agency, or of the other.
    async fn program(&self, own: bool) -> i64 {
        let places = if own {
            "Pemerintah Kota Contoh"
        } else {
            "Pemerintah Kota Lain"
        };
        let client = Client {
            id: 0,
            key: format!("program{}", number()),
            name: "Contoh".into(),
            role: Role::Officer {
                places: places.into(),
            },
            rights: Rights::parse("people.read").unwrap(),
            purpose: String::new(),
        };
        let (clients, now) = (self.site.store.clients(), Timestamp::now());
        let made = clients.add(client, "", "rahasia", "walidata", now);
        made.await.unwrap().id
    }

    /// The token of a new account's link, or one that opens nothing.
    async fn link(&self, own: bool) -> String {
        let token = format!("{:064x}", number());
        if own {
            let account = self.account(Who::Nobody, false).await;
            let (accounts, now) = (self.site.store.accounts(), Timestamp::now());
            let made = accounts.make_link(Some(account), &token, now + ANEW, now);
            made.await.unwrap();
        }
        token
    }

    async fn person(&self, who: Who, own: bool) -> i64 {
        let [nip, ..] = match (own, who) {
            (true, _) => ANI,
            (false, Who::Asn | Who::Unit) => CITRA,
            (false, _) => ZULAIKHA,
        };
        let found = self.site.store.find(&Scope::whole(), "nip", nip).await;
        found.unwrap()[0]
    }

    /// A file in parts of the first agency's program, or of the centre's.
    async fn arriving(&self, own: bool) -> String {
        let bearer = format!("Bearer {}", if own { "kota" } else { "pusat" });
        let own = [("authorization", bearer.as_str())];
        let known = asked(&self.site, Method::GET, "/api/v1/uploads", &own, "").await;
        if let Some((_, rest)) = known.body.split_once("\"location\":\"") {
            return rest.split('"').next().unwrap().to_owned();
        }
        // printf 'sendiri' | base64, printf 'a.csv' | base64
        let headers = [
            ("authorization", bearer.as_str()),
            ("tus-resumable", "1.0.0"),
            ("upload-length", "9"),
            ("upload-metadata", "source c2VuZGlyaQ==,file YS5jc3Y="),
        ];
        let begun = asked(&self.site, Method::POST, "/api/v1/uploads", &headers, "").await;
        begun.header("location").unwrap().to_owned()
    }

    /// A doubt about two persons: of the officer's agency, or one of them of the other.
    async fn doubt(&self, own: bool) -> i64 {
        let ([ani, ..], [other, ..]) = (ANI, if own { CITRA } else { ZULAIKHA });
        doubt(&self.site.store, [ani, other]).await
    }

    /// A merge of two persons that somebody else proposed: both of the officer's agency, or one of the
    /// other.
    async fn proposal(&self, own: bool) -> i64 {
        let store = &self.site.store;
        let mut persons = Vec::new();
        for [nip, ..] in [ANI, if own { CITRA } else { ZULAIKHA }] {
            persons.push(store.find(&Scope::whole(), "nip", nip).await.unwrap()[0]);
        }
        persons.sort_unstable();
        let doubt = self.doubt(own).await;
        let proposal = Proposal {
            act: Act::Merge {
                doubt,
                chosen: Vec::new(),
            },
            by: "orang.lain".into(),
            reason: "contoh".into(),
            persons,
            records: 1,
        };
        let mut writer = store.begin().await.unwrap();
        let id = writer.append(&Entry::Proposed(proposal)).await.unwrap();
        writer.commit().await.unwrap();
        id
    }

    /// A breach that touches a person of the officer's agency, or one of the other.
    async fn breach(&self, own: bool) -> i64 {
        let store = &self.site.store;
        let words = BreachWords {
            data: "data".into(),
            how: "cara".into(),
            handling: "penanganan".into(),
        };
        let id = store.note_breach(Timestamp::now(), words, "walidata");
        let id = id.await.unwrap();
        let [nip, ..] = if own { ANI } else { ZULAIKHA };
        let whom = Affected::Nip(nip.to_owned());
        let whole = Scope::whole();
        let touched = store.affect(&whole, id, &whom, "walidata");
        touched.await.unwrap();
        id
    }

    /// An address of the program of the first agency, or of the centre's.
    async fn webhook(&self, own: bool) -> i64 {
        let (clients, hooks) = (self.site.store.clients(), self.site.store.webhooks());
        let client = clients
            .named(if own { "kota" } else { "pusat" })
            .await
            .unwrap();
        if let Some(one) = hooks.of(client.id).await.unwrap().first() {
            return one.id;
        }
        let url = "https://simpeg.example.com/kabar";
        let added = hooks.add(client.id, url, "", "n", Timestamp::now()).await;
        added.unwrap().unwrap()
    }

    /// The token of a comparison that the asker has asked for, or that another officer has.
    async fn compared(&self, who: Who, own: bool) -> String {
        let sender = match (who, own) {
            (Who::Walidata, true) | (Who::Petugas, false) => Who::Walidata,
            _ => Who::Petugas,
        };
        let mut browser = self.browser(sender).await;
        let mark = hidden(&browser.get("/akun").await.body, "tanda");
        let taken = compare(&mut browser, &mark, "Pemerintah Kota Contoh").await;
        let path = taken.header("location").unwrap().to_owned();
        settled(&mut browser, &path).await;
        path.rsplit('/').next().unwrap().to_owned()
    }

    /// The token of a checked file that the asker has sent, or that another officer has.
    async fn uploaded(&self, who: Who, own: bool) -> String {
        let sender = match (who, own) {
            (Who::Walidata, true) | (Who::Petugas, false) => Who::Walidata,
            _ => Who::Petugas,
        };
        let mut browser = self.browser(sender).await;
        let mark = hidden(&browser.get("/akun").await.body, "tanda");
        let taken = upload(&mut browser, &mark, "sendiri").await;
        let path = taken.header("location").unwrap().to_owned();
        settled(&mut browser, &path).await;
        path.rsplit('/').next().unwrap().to_owned()
    }
}

/// Sends an extract to be compared.
async fn compare(browser: &mut Browser, mark: &str, agency: &str) -> Answer {
    let content = format!("{HEAD}{}", row(ANI));
    let fields = [
        ("tanda", None, mark),
        ("instansi", None, agency),
        ("peta", Some(""), ""),
        ("berkas", Some("contoh.csv"), content.as_str()),
    ];
    browser.post_files("/kiriman/cocok", &fields).await
}

/// What a form holds beside its mark.
fn fields_of(path: &str) -> Vec<(&'static str, &'static str)> {
    let last = path.rsplit('/').next().unwrap();
    match (path, last) {
        ("/masuk", _) => vec![("nama", "asn"), ("sandi", PASSWORD)],
        ("/masuk/kode", _) => vec![("kode", "123456")],
        ("/akun/sandi", _) => vec![("sandi", "kata sandi salah"), ("baru", "x"), ("ulang", "x")],
        ("/akun/kedua", _) => {
            let seed = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
            vec![("benih", seed), ("kode", "123456"), ("sandi", "salah")]
        }
        ("/akun/kedua/lepas", _) => vec![("sandi", PASSWORD)],
        ("/pengguna/undang", _) => {
            vec![
                ("nama", "a b"),
                ("nama_lengkap", "Contoh"),
                ("peran", "asn"),
            ]
        }
        _ if path.starts_with("/usulan/") => vec![("putusan", "tolak"), ("alasan", "contoh")],
        (_, "peran") => vec![("peran", "asn"), ("nip", ANI[0])],
        _ if path.starts_with("/tautan/") => {
            vec![
                ("baru", "gerimis menulis peta"),
                ("ulang", "gerimis menulis peta"),
            ]
        }
        ("/akun/token/akhiri", _) => vec![("token", "tiada"), ("sandi", PASSWORD)],
        ("/akun/sesi", _) => vec![("sesi", "tiada"), ("sandi", PASSWORD)],
        ("/akun/sesi/lain", _) | (_, "rahasia") => vec![("sandi", PASSWORD)],
        ("/saya/hak", _) => vec![("tentang", "akses"), ("uraian", "contoh")],
        (_, "orang") => vec![("instansi", "Kota Contoh")],
        (_, "kabar") => vec![("kepada", "lembaga")],
        _ if path.starts_with("/permintaan/") => {
            vec![("putusan", "tolak"), ("jawaban", "contoh")]
        }
        _ if path.starts_with("/pelanggaran") => vec![
            ("diketahui", "2026-08-01T09:00"),
            ("data", "contoh"),
            ("cara", "contoh"),
            ("penanganan", "contoh"),
        ],
        (_, "buka") => vec![("tujuan", "layanan")],
        (_, "nilai") => vec![("kolom", "agama"), ("nilai", "Islam"), ("alasan", "contoh")],
        (_, "batal") => vec![("alasan", "contoh")],
        _ if path.starts_with("/tinjau/") => vec![("jawaban", "ragu"), ("alasan", "contoh")],
        _ => vec![],
    }
}

async fn upload(browser: &mut Browser, mark: &str, source: &str) -> Answer {
    let content = format!("{HEAD}{}", row(ANI));
    let fields = [
        ("tanda", None, mark),
        ("sumber", None, source),
        ("tanggal", None, "2026-08-01"),
        ("peta", Some(""), ""),
        ("berkas", Some("contoh.csv"), content.as_str()),
    ];
    browser.post_files("/kiriman/baru", &fields).await
}

/// Waits until nothing is under way.
async fn settled(browser: &mut Browser, path: &str) {
    while browser
        .get(path)
        .await
        .body
        .contains("http-equiv=\"refresh\"")
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
