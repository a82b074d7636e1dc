//! The second factor, with an authenticator of our own.

use axum::http::StatusCode;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use satu_web::Settings;
use sha1::Sha1;

use crate::PETUGAS;
use crate::browser::{Answer, Browser, PASSWORD, Site, hidden, site, site_of};

/// The present time step.
fn present() -> i64 {
    Timestamp::now().as_second() / 30
}

/// A code that is wrong now and for a while.
fn wrong(secret: &str) -> String {
    let near: Vec<String> = (-2..9).map(|more| code(secret, present() + more)).collect();
    let mut all = (0..).map(|number| format!("{number:06}"));
    all.find(|code| !near.contains(code)).unwrap()
}

/// The code that an authenticator shows in a time step (RFC 6238), for a secret as the page writes
/// it.
fn code(secret: &str, step: i64) -> String {
    let mut bits = 0_u128;
    let mut key = Vec::new();
    for eight in secret.replace(' ', "").as_bytes().chunks(8) {
        for letter in eight {
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'2'..=b'7' => letter - b'2' + 26,
                _ => panic!("{secret}"),
            };
            bits = bits << 5 | u128::from(value);
        }
        key.extend(&(bits as u64).to_be_bytes()[3..]);
        bits = 0;
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&step.to_be_bytes());
    let mac = mac.finalize().into_bytes();
    let from = usize::from(mac[19] & 15);
    let four: [u8; 4] = mac[from..from + 4].try_into().unwrap();
    format!(
        "{:06}",
        (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
    )
}

fn secret_in(page: &Answer) -> String {
    let rest = page.body.split("<code>").nth(1).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

/// Sets up a second factor; the secret, the time step of its first code, and the recovery codes.
async fn set_up(browser: &mut Browser) -> (String, i64, Vec<String>) {
    let form = browser.get("/akun/kedua").await;
    let secret = secret_in(&form);
    let (mark, nonce) = (hidden(&form.body, "tanda"), hidden(&form.body, "benih"));
    let at = present();
    let (now, wrong) = (code(&secret, at), wrong(&secret));
    let fields = |code, password| {
        [
            ("tanda", mark.as_str()),
            ("benih", nonce.as_str()),
            ("kode", code),
            ("sandi", password),
        ]
    };
    for (code, password) in [
        (wrong.as_str(), PASSWORD),
        (now.as_str(), "bukan kata sandinya"),
    ] {
        let refused = browser.post("/akun/kedua", &fields(code, password)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(secret_in(&refused), secret, "another secret after a slip");
    }
    let taken = browser.post("/akun/kedua", &fields(&now, PASSWORD)).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    let codes = taken.body.split("<li><code>").skip(1);
    let codes: Vec<String> = codes
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    (secret, at, codes)
}

/// Gives the password, then a code.
async fn enter(site: &Site, typed: &str) -> (Browser, Answer) {
    let mut browser = Browser::new(site);
    let asked = browser.sign_in(PETUGAS, PASSWORD, "/akun").await;
    assert_eq!(asked.header("location"), Some("/masuk/kode?kembali=/akun"));
    assert_eq!(browser.get("/akun").await.status, StatusCode::SEE_OTHER);
    let form = browser.get("/masuk/kode?kembali=/akun").await;
    let mark = hidden(&form.body, "tanda");
    let fields = [
        ("tanda", mark.as_str()),
        ("kode", typed),
        ("kembali", "/akun"),
    ];
    let answer = browser.post("/masuk/kode", &fields).await;
    (browser, answer)
}

#[tokio::test]
async fn signing_in_asks_for_a_code_that_is_taken_once() {
    let site = site(false).await;
    let mut desk = Browser::of(&site, PETUGAS).await;
    let (secret, at, codes) = set_up(&mut desk).await;
    // A new master key leaves every secret as it is.
    site.store.rotate_key().await.unwrap();

    // The code of the set-up is used up, and so is any before it.
    for step in [at, at - 1] {
        let (mut browser, refused) = enter(&site, &code(&secret, step)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{step}");
        assert_eq!(browser.get("/akun").await.status, StatusCode::SEE_OTHER);
    }
    let next = code(&secret, at + 1);
    let (mut browser, entered) = enter(&site, &format!("{} {}", &next[..3], &next[3..])).await;
    assert_eq!(entered.header("location"), Some("/akun"));
    assert_eq!(browser.get("/akun").await.status, StatusCode::OK);
    let (_, again) = enter(&site, &next).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

    // A recovery code, once, however it is typed.
    let typed = codes[0].to_uppercase().replace('-', " ");
    let (_, entered) = enter(&site, &typed).await;
    assert_eq!(entered.header("location"), Some("/akun"));
    let (_, again) = enter(&site, &typed).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = desk.get("/akun/kedua").await;
    assert!(page.body.contains("Kode pemulihan yang tersisa: 9."));
    assert!(!page.body.contains("<code>"), "the secret is shown again");

    // Nobody comes to the second factor without the password.
    let mut stranger = Browser::new(&site);
    assert_eq!(
        stranger.get("/masuk/kode").await.header("location"),
        Some("/masuk")
    );

    // It comes off for who knows the password.
    let mark = hidden(&page.body, "tanda");
    let wrong = [("tanda", mark.as_str()), ("sandi", "bukan kata sandinya")];
    let refused = desk.post("/akun/kedua/lepas", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let off = [("tanda", mark.as_str()), ("sandi", PASSWORD)];
    let removed = desk.post("/akun/kedua/lepas", &off).await;
    assert_eq!(removed.header("location"), Some("/akun?faktor"));
    Browser::of(&site, PETUGAS).await;
}

#[tokio::test]
async fn codes_are_not_guessed_and_an_administrator_helps() {
    let site = site(false).await;
    let mut desk = Browser::of(&site, PETUGAS).await;
    let (secret, at, codes) = set_up(&mut desk).await;
    for _ in 0..5 {
        let (_, refused) = enter(&site, &wrong(&secret)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let (_, waits) = enter(&site, &code(&secret, at + 1)).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    let (_, entered) = enter(&site, &codes[3]).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);

    let mut admin = Browser::of(&site, "walidata").await;
    let id = site.store.accounts().named(PETUGAS).await.unwrap().id;
    let page = admin.get("/pengguna").await;
    assert!(page.body.contains("dengan faktor kedua"));
    let mark = hidden(&page.body, "tanda");
    let off = admin
        .post(&format!("/pengguna/{id}/faktor"), &[("tanda", &mark)])
        .await;
    assert_eq!(off.header("location"), Some("/pengguna?faktor=petugas"));
    Browser::of(&site, PETUGAS).await;
}

/// Who holds an administrator's session gains no other way in by it: what the own page asks the password
/// for is not to be had without it on the page of accounts.
#[tokio::test]
async fn an_administrator_changes_how_they_sign_in_on_the_own_page_alone() {
    let site = site(false).await;
    let mut admin = Browser::of(&site, "walidata").await;
    set_up(&mut admin).await;
    let accounts = site.store.accounts();
    let own = accounts.named("walidata").await.unwrap().id;
    let page = admin.get("/pengguna").await.body;
    let mark = hidden(&page, "tanda");
    for act in ["faktor", "tautan"] {
        let path = format!("/pengguna/{own}/{act}");
        assert!(!page.contains(&path), "{act}");
        let refused = admin.post(&path, &[("tanda", &mark)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{act}");
        assert!(!refused.body.contains("/tautan/"), "{}", refused.body);
    }
    assert!(accounts.second(own).await.unwrap().is_some());
}

#[tokio::test]
async fn officers_come_to_nothing_without_a_factor_where_it_is_asked() {
    let site = site_of(Settings {
        second_factor: true,
        ..Settings::default()
    })
    .await;
    let mut officer = Browser::of(&site, PETUGAS).await;
    for path in ["/", "/cari", "/kiriman", "/tinjau/berikut", "/standar"] {
        let sent = officer.get(path).await;
        assert_eq!(sent.header("location"), Some("/akun/kedua"), "{path}");
    }
    let form = officer.get("/akun/kedua").await;
    assert!(form.body.contains("Peran Anda memerlukan faktor kedua"));
    let mark = hidden(&form.body, "tanda");
    let refused = officer.post("/orang/1/nilai", &[("tanda", &mark)]).await;
    assert_eq!(refused.header("location"), Some("/akun/kedua"));
    set_up(&mut officer).await;
    assert_eq!(officer.get("/cari").await.status, StatusCode::OK);
    let mut servant = Browser::of(&site, "asn").await;
    assert_eq!(servant.get("/standar").await.status, StatusCode::OK);
}
