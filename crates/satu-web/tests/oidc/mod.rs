//! Signing in through a provider, against one that lies where it is told to. That a real one is
//! understood is shown by `crates/satu/tests/browser/sso.rs`.

mod asked;
mod issuer;
mod leaving;
mod lies;

use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use satu_store::Entry;
use satu_store::accounts::Role;
use satu_store::entry::FourEyes;
use satu_web::{OidcSettings, Settings};
use serde_json::json;

use crate::browser::{Answer, Browser, PASSWORD, Site, hidden, site_of};
use issuer::{Issuer, SECRET, query};

const NIP: &str = "198503172010012005";

/// Roles as the tests' provider names them.
const ROLES: &str = r#"
    [[role]]
    is = "walidata"
    claim = "groups"
    value = "pusat"
    [[role]]
    is = "officer"
    claim = "groups"
    value = "petugas"
    instansi = "instansi"
    [[role]]
    is = "asn"
    nip = "nip"
"#;

fn settings(issuer: &Issuer, more: &str) -> Settings {
    let text = format!(
        "name = 'SSO Contoh'\nissuer = '{}'\nclient_id = 'satu'\nsecret_env = 'S'\nloopback = true\n{more}",
        issuer.address
    );
    let oidc = OidcSettings::of(&text, Path::new(""), |_| Some(SECRET.to_owned()));
    Settings {
        oidc: Some(oidc.unwrap()),
        ..Settings::default()
    }
}

/// A site whose provider says who is what, and which makes accounts.
async fn making() -> (Arc<Issuer>, Site) {
    let issuer = Issuer::start().await;
    let more = format!("userinfo = false\n[accounts]\nmake = true\n{ROLES}");
    let mut settings = settings(&issuer, &more);
    settings.second_factor = true;
    (issuer.clone(), site_of(settings).await)
}

/// Goes to the provider; the address there.
async fn begun(browser: &mut Browser, back: &str) -> String {
    let sent = browser.get(&format!("/masuk/sso?kembali={back}")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.header("location").unwrap().to_owned()
}

/// Goes there and comes back.
async fn through(browser: &mut Browser, issuer: &Issuer) -> Answer {
    let to = begun(browser, "/akun").await;
    assert!(to.starts_with(&format!("{}/auth?", issuer.address)), "{to}");
    browser.get(&issuer.approved(&to)).await
}

fn says(answer: &Answer, status: StatusCode, text: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.body.contains(text), "{text}: {}", answer.body);
    assert!(answer.body.contains("href=\"/masuk\""), "no way on");
}

async fn post(browser: &mut Browser, path: &str, fields: [(&str, String); 2]) -> Answer {
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    browser.post(path, &fields).await
}

#[tokio::test]
async fn the_first_sign_in_makes_an_account_and_the_second_finds_it() {
    let (issuer, site) = making().await;
    issuer.plan(|plan| {
        plan.claims = json!({"preferred_username": "ani", "name": "Ani Contoh", "nip": NIP});
    });
    let mut browser = Browser::new(&site);
    let form = browser.get("/masuk?kembali=/akun").await;
    assert!(form.body.contains("Masuk dengan SSO Contoh"));
    let before = browser.cookie("satu");
    let came = through(&mut browser, &issuer).await;
    assert_eq!(came.header("location"), Some("/akun"), "{}", came.body);
    assert_ne!(browser.cookie("satu"), before, "the session is a new one");
    let page = browser.get("/akun").await;
    assert!(page.body.contains("Ani Contoh") && page.body.contains(NIP));
    assert!(!page.body.contains("/akun/sandi"), "it has no password");
    let accounts = site.store.accounts();
    let made = accounts.named("ani").await.unwrap();
    assert_eq!(accounts.find("ani").await.unwrap(), None);

    let mut again = Browser::new(&site);
    // Another name there is the same person here.
    issuer.plan(|plan| plan.claims = json!({"preferred_username": "ani.baru", "nip": NIP}));
    let came = through(&mut again, &issuer).await;
    assert_eq!(came.header("location"), Some("/akun"));
    let found = accounts.of_identity(&issuer.address, "u-1").await.unwrap();
    assert_eq!(found.unwrap().account, made);
    assert!(accounts.named("ani.baru").await.is_err());

    // Closed, they come in no more, whatever the provider says.
    accounts.close("ani").await.unwrap();
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(&came, StatusCode::FORBIDDEN, "Akun Anda sudah ditutup");
    assert_eq!(again.get("/akun").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_role_is_what_the_provider_says_today() {
    let (issuer, site) = making().await;
    let accounts = site.store.accounts();
    let role = async || accounts.named("budi").await.unwrap().role;
    issuer.plan(|plan| plan.claims = json!({"preferred_username": "budi"}));
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(&came, StatusCode::FORBIDDEN, "tidak mempunyai peran");
    assert!(accounts.named("budi").await.is_err());

    let with = json!({"preferred_username": "budi", "groups": ["petugas"], "instansi": "Kota A"});
    issuer.plan(|plan| plan.claims = with);
    let mut browser = Browser::new(&site);
    through(&mut browser, &issuer).await;
    let instansi = "Kota A".to_owned();
    assert_eq!(
        role().await,
        Role::of("officer", instansi, String::new()).unwrap()
    );

    let with = json!({"preferred_username": "budi", "groups": ["x", "pusat"]});
    issuer.plan(|plan| plan.claims = with);
    through(&mut Browser::new(&site), &issuer).await;
    assert_eq!(role().await, Role::Walidata);

    // Where roles need a second person, a claim neither gives nor takes one.
    let settled = FourEyes {
        on: true,
        records: 50,
        by: "satu".into(),
    };
    let mut writer = site.store.begin().await.unwrap();
    writer.append(&Entry::FourEyes(settled)).await.unwrap();
    writer.commit().await.unwrap();
    for (subject, login, words) in [
        ("u-1", "budi", "berbeda dari peran"),
        ("u-9", "citra", "belum ditautkan"),
    ] {
        let with = json!({"sub": subject, "preferred_username": login, "groups": ["petugas"], "instansi": "Kota A"});
        issuer.plan(|plan| plan.claims = with);
        let came = through(&mut Browser::new(&site), &issuer).await;
        assert_eq!(came.status, StatusCode::FORBIDDEN, "{}", came.body);
        assert!(came.body.contains(words), "{}", came.body);
    }
    assert_eq!(role().await, Role::Walidata);
    assert!(accounts.named("citra").await.is_err());

    // Without a role they do not come in; what the account was stays on record.
    issuer.plan(|plan| plan.claims = json!({"preferred_username": "budi", "groups": []}));
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(&came, StatusCode::FORBIDDEN, "tidak mempunyai peran");
}

#[tokio::test]
async fn a_login_that_is_somebodys_is_not_taken() {
    let (issuer, site) = making().await;
    for login in ["petugas", "PETUGAS", "tidak bisa", "ab"] {
        issuer.plan(|plan| {
            plan.claims = json!({"preferred_username": login, "groups": ["pusat"]});
        });
        let came = through(&mut Browser::new(&site), &issuer).await;
        says(&came, StatusCode::FORBIDDEN, "sudah dipakai di sini");
    }
    let accounts = site.store.accounts();
    let found = accounts.of_identity(&issuer.address, "u-1").await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn an_account_is_linked_by_its_login_once_where_that_is_set() {
    let issuer = Issuer::start().await;
    let more = format!("[accounts]\nlink_by_login = true\n{ROLES}");
    let site = site_of(settings(&issuer, &more)).await;
    let accounts = site.store.accounts();
    let says_of = |login: &str, sub: &str, group: &str| {
        let claims = json!({"sub": sub, "preferred_username": login, "groups": [group],
            "instansi": "Pemerintah Kota Contoh"});
        issuer.plan(|plan| plan.claims = claims);
    };
    // An account of another role is not linked, and not changed.
    says_of("petugas", "u-1", "pusat");
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(&came, StatusCode::FORBIDDEN, "berbeda dari peran Anda");
    let before = accounts.named("petugas").await.unwrap();
    assert!(matches!(before.role, Role::Officer { .. }));

    says_of("petugas", "u-1", "petugas");
    let came = through(&mut Browser::new(&site), &issuer).await;
    assert_eq!(came.header("location"), Some("/akun"));
    let linked = accounts.of_identity(&issuer.address, "u-1").await.unwrap();
    assert_eq!(linked.unwrap().account, before);

    // The next who has that login there is somebody else.
    says_of("petugas", "u-9", "petugas");
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(
        &came,
        StatusCode::FORBIDDEN,
        "sudah ditautkan dengan yang lain",
    );
    // And a login of nobody makes no account here.
    says_of("baru", "u-8", "petugas");
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(&came, StatusCode::FORBIDDEN, "belum ditautkan");
    // A closed account is not opened by its login.
    accounts.close("walidata").await.unwrap();
    says_of("walidata", "u-7", "pusat");
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(&came, StatusCode::FORBIDDEN, "belum ditautkan");
}

#[tokio::test]
async fn an_account_is_linked_by_its_owner_and_unlinked() {
    let issuer = Issuer::start().await;
    // No roles from the provider: they are as they were given here.
    let site = site_of(settings(&issuer, "")).await;
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(&came, StatusCode::FORBIDDEN, "belum ditautkan");

    let mut owner = Browser::new(&site);
    owner.sign_in("petugas", PASSWORD, "/").await;
    let page = owner.get("/akun").await;
    assert!(page.body.contains("href=\"/akun/sso\""));
    let mark = hidden(&owner.get("/akun/sso").await.body, "tanda");
    let with = |password: &'static str| [("tanda", mark.clone()), ("sandi", password.to_owned())];
    let wrong = post(&mut owner, "/akun/sso", with("bukan ini")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let forged = owner.post("/akun/sso", &[("sandi", PASSWORD)]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let go = post(&mut owner, "/akun/sso", with(PASSWORD)).await;
    let to = go.body.split("id=\"lanjut\" href=\"").nth(1).unwrap();
    let to = to.split('"').next().unwrap().replace("&#38;", "&");
    let back = issuer.approved(&to);
    let came = owner.get(&back).await;
    assert_eq!(
        came.header("location"),
        Some("/akun/sso?tertaut"),
        "{}",
        came.body
    );
    let page = owner.get("/akun/sso?tertaut").await;
    assert!(page.body.contains("Akun Anda sudah ditautkan"));
    assert!(page.body.contains("tertaut dengan SSO Contoh sejak"));

    let mut other = Browser::new(&site);
    let came = through(&mut other, &issuer).await;
    assert_eq!(came.header("location"), Some("/akun"));
    assert!(other.get("/akun").await.body.contains("Contoh Petugas"));

    // Another account cannot have the same person.
    let mut second = Browser::new(&site);
    second.sign_in("walidata", PASSWORD, "/").await;
    let mark = hidden(&second.get("/akun/sso").await.body, "tanda");
    let fields = [("tanda", mark.as_str()), ("sandi", PASSWORD)];
    let go = second.post("/akun/sso", &fields).await;
    let to = go.body.split("id=\"lanjut\" href=\"").nth(1).unwrap();
    let to = to.split('"').next().unwrap().replace("&#38;", "&");
    let came = second.get(&issuer.approved(&to)).await;
    assert_eq!(came.status, StatusCode::FORBIDDEN);
    assert!(came.body.contains("Belum tertaut"));
    assert!(came.body.contains("sudah ditautkan dengan yang lain"));

    let wrong = post(&mut owner, "/akun/sso/lepas", with("bukan ini")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ended = post(&mut owner, "/akun/sso/lepas", with(PASSWORD)).await;
    assert_eq!(ended.header("location"), Some("/akun/sso?lepas"));
    assert_eq!(other.get("/akun").await.status, StatusCode::SEE_OTHER);
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(&came, StatusCode::FORBIDDEN, "belum ditautkan");
}

/// The way there and back is part of the own account, which an officer without a factor reaches.
#[tokio::test]
async fn an_account_is_linked_before_it_has_the_factor_that_is_asked_for() {
    let issuer = Issuer::start().await;
    let mut settings = settings(&issuer, "");
    settings.second_factor = true;
    let site = site_of(settings).await;
    let mut owner = Browser::of(&site, "petugas").await;
    let go = owner.sent("/akun/sso", &[("sandi", PASSWORD)]).await;
    let to = go.body.split("id=\"lanjut\" href=\"").nth(1).unwrap();
    let to = to.split('"').next().unwrap().replace("&#38;", "&");
    let came = owner.get(&issuer.approved(&to)).await;
    assert_eq!(came.header("location"), Some("/akun/sso?tertaut"));
    let kept = owner.get("/cari").await;
    assert_eq!(kept.header("location"), Some("/akun/kedua"));
}

#[tokio::test]
async fn a_second_factor_of_the_provider_stands_for_ours_where_that_is_set() {
    let issuer = Issuer::start().await;
    let more = format!("[accounts]\nmake = true\n[second_factor]\namr = ['otp']\n{ROLES}");
    let mut settings = settings(&issuer, &more);
    settings.second_factor = true;
    let site = site_of(settings).await;
    let claims =
        |amr: &str| json!({"preferred_username": "ani", "groups": ["pusat"], "amr": ["pwd", amr]});
    // Without, an officer sets one up first; it asks for no password, as there is none.
    issuer.plan(|plan| plan.claims = claims("pwd"));
    let mut without = Browser::new(&site);
    through(&mut without, &issuer).await;
    let kept = without.get("/cari").await;
    assert_eq!(kept.header("location"), Some("/akun/kedua"));
    let form = without.get("/akun/kedua").await;
    assert!(form.body.contains("name=\"kode\"") && !form.body.contains("name=\"sandi\""));
    let fields = [
        ("tanda", hidden(&form.body, "tanda")),
        ("benih", hidden(&form.body, "benih")),
        ("kode", "000000".to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let taken = without.post("/akun/kedua", &fields).await;
    assert!(
        taken.body.contains("Kode"),
        "came from the provider just now"
    );

    issuer.plan(|plan| plan.claims = claims("otp"));
    let mut with = Browser::new(&site);
    through(&mut with, &issuer).await;
    assert_eq!(with.get("/cari").await.status, StatusCode::OK);

    // Where the account has ours, the provider's word decides whether it is asked.
    let accounts = site.store.accounts();
    let id = accounts.named("ani").await.unwrap().id;
    accounts
        .set_second(id, &"ab".repeat(16), 0, &[], None)
        .await
        .unwrap();
    let mut with = Browser::new(&site);
    assert_eq!(
        through(&mut with, &issuer).await.header("location"),
        Some("/akun")
    );
    issuer.plan(|plan| plan.claims = claims("pwd"));
    let mut without = Browser::new(&site);
    let came = through(&mut without, &issuer).await;
    assert_eq!(came.header("location"), Some("/masuk/kode?kembali=/akun"));
    assert_eq!(without.get("/akun").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_userinfo_says_counts_where_it_is_asked_but_not_against_the_token() {
    let issuer = Issuer::start().await;
    let more = format!("userinfo = true\n[accounts]\nmake = true\n{ROLES}");
    let site = site_of(settings(&issuer, &more)).await;
    issuer.plan(|plan| {
        plan.claims = json!({"preferred_username": "ani", "groups": ["lain"]});
        plan.userinfo = json!({"sub": "u-1", "nip": NIP, "groups": ["pusat"], "name": "Ani"});
    });
    through(&mut Browser::new(&site), &issuer).await;
    let made = site.store.accounts().named("ani").await.unwrap();
    assert_eq!(
        made.role,
        Role::Asn {
            nip: NIP.to_owned()
        }
    );
    assert_eq!(made.name, "Ani");
    // What it says of another subject is not of this one.
    issuer.plan(|plan| plan.userinfo["sub"] = json!("u-2"));
    let came = through(&mut Browser::new(&site), &issuer).await;
    says(&came, StatusCode::BAD_REQUEST, "tidak sah");
}

#[tokio::test]
async fn signing_out_offers_to_sign_out_there_too() {
    let (issuer, site) = making().await;
    issuer.plan(|plan| plan.claims = json!({"preferred_username": "ani", "nip": NIP}));
    let mut browser = Browser::new(&site);
    through(&mut browser, &issuer).await;
    let mark = hidden(&browser.get("/akun").await.body, "tanda");
    let left = browser.post("/keluar", &[("tanda", &mark)]).await;
    assert_eq!(left.header("location"), Some("/keluar/sso"));
    assert_eq!(browser.get("/akun").await.status, StatusCode::SEE_OTHER);
    let page = browser.get("/keluar/sso").await;
    let to = page.body.split("id=\"lanjut\" href=\"").nth(1).unwrap();
    let to = to.split('"').next().unwrap().replace("&#38;", "&");
    assert!(to.starts_with(&format!("{}/end?", issuer.address)), "{to}");
    let asked = query(&to);
    assert_eq!(asked["client_id"], "satu");
    assert_eq!(asked["post_logout_redirect_uri"], "http://127.0.0.1:8017/");
    // Where it would lead by plain HTTP it is not offered.
    issuer.plan(|plan| plan.says = json!({"end_session_endpoint": "http://192.0.2.1/end"}));
    let elsewhere = site_of(settings(&issuer, ROLES)).await;
    let none = Browser::new(&elsewhere).get("/keluar/sso").await;
    assert_eq!(none.header("location"), Some("/"));
    // Who came with a password is not asked.
    let mut other = Browser::new(&site);
    other.sign_in("asn", PASSWORD, "/").await;
    let mark = hidden(&other.get("/akun").await.body, "tanda");
    let left = other.post("/keluar", &[("tanda", &mark)]).await;
    assert_eq!(left.header("location"), Some("/"));
    let now = Timestamp::now();
    let sessions = site.store.accounts();
    let id = sessions.named("ani").await.unwrap().id;
    assert!(sessions.sessions(id, now).await.unwrap().is_empty());
}
