//! Two agencies, with records of each, and somebody of every role.

mod filled;
mod forms;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::Method;
use jiff::Timestamp;
use satu_registry::link::link_all;
use satu_store::accounts::{Browser as SignedIn, Role};
use satu_store::clients::{Client, Rights};

use crate::browser::{Answer, Browser, Site, asked, delivered, hidden, released, with_provider};
use forms::{compare, fields_of, settled, upload};

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
}
