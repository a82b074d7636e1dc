//! The records that stand in addresses, each made for the question.

use axum::http::Method;
use jiff::Timestamp;
use satu_registry::review::{Decider, set_value};
use satu_store::Scope;
use satu_store::accounts::{ANEW, Role};
use satu_store::clients::{Client, Rights};
use satu_store::entry::{Act, BreachWords, Entry, Proposal};
use satu_store::privacy::{About, Affected};

use super::forms::{compare, settled, upload};
use super::{ANI, CITRA, Country, Who, ZULAIKHA, number};
use crate::browser::{Answer, Browser, asked, doubt, hidden};

impl Country {
    /// An address with the record that it is about: one of the asker's own, or another's.
    pub(super) async fn filled(&self, path: &str, who: Who, own: bool) -> String {
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
        let whom = [Affected::Nip(nip.to_owned())];
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
        let (mut browser, mark) = self.sender(who, own).await;
        let taken = compare(&mut browser, &mark, "Pemerintah Kota Contoh").await;
        token(&mut browser, &taken).await
    }

    /// The token of a checked file that the asker has sent, or that another officer has.
    async fn uploaded(&self, who: Who, own: bool) -> String {
        let (mut browser, mark) = self.sender(who, own).await;
        let taken = upload(&mut browser, &mark, "sendiri").await;
        token(&mut browser, &taken).await
    }

    /// The asker, or another officer, with the mark of their forms.
    async fn sender(&self, who: Who, own: bool) -> (Browser, String) {
        let sender = match (who, own) {
            (Who::Walidata, true) | (Who::Petugas, false) => Who::Walidata,
            _ => Who::Petugas,
        };
        let mut browser = self.browser(sender).await;
        let mark = hidden(&browser.get("/akun").await.body, "tanda");
        (browser, mark)
    }
}

/// The token of what was sent, once it is checked.
async fn token(browser: &mut Browser, taken: &Answer) -> String {
    let path = taken.header("location").unwrap().to_owned();
    settled(browser, &path).await;
    path.rsplit('/').next().unwrap().to_owned()
}
