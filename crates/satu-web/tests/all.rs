//! The site as a browser meets it. All persons are made up.

#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

mod accounts;
mod api;
mod browser;
mod feed;
mod kiriman;
mod looks;
mod oidc;
mod open;
mod person;
mod privacy;
mod programs;
mod proposals;
mod reach;
mod review;
mod sealed;
mod siasn;
mod slow;

use axum::http::StatusCode;
use satu_web::texts;

use browser::{Browser, PASSWORD, hidden, site};

const PETUGAS: &str = "petugas";

#[tokio::test]
async fn signing_in_opens_a_new_session_and_signing_out_ends_it() {
    let site = site(true).await;
    let mut browser = Browser::new(&site);
    let form = browser.get("/masuk?kembali=/akun").await;
    assert_eq!(form.status, StatusCode::OK);
    let first = browser.cookie("__Host-satu").unwrap();
    let set = form.header("set-cookie").unwrap();
    for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(set.split("; ").any(|part| part == attribute), "{set}");
    }
    assert!(!form.body.contains(&first), "the token stands in the page");

    let entered = browser.sign_in(PETUGAS, PASSWORD, "/akun").await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    assert_eq!(entered.header("location"), Some("/akun"));
    let second = browser.cookie("__Host-satu").unwrap();
    assert_ne!(
        first, second,
        "the token of before signing in is still good"
    );

    let page = browser.get("/akun").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Contoh Petugas") && page.body.contains("Pemerintah Kota Contoh"));

    // A copy of the cookie is worth nothing after signing out.
    let mut copy = browser.clone();
    let mark = hidden(&page.body, "tanda");
    let left = browser.post("/keluar", &[("tanda", &mark)]).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.cookie("__Host-satu"), None);
    assert_eq!(
        left.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    assert_eq!(
        copy.get("/akun").await.header("location"),
        Some("/masuk?kembali=/akun")
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_get_the_same_answer() {
    let site = site(false).await;
    let mut answers = Vec::new();
    for login in [PETUGAS, "tiada"] {
        let mut browser = Browser::new(&site);
        let answer = browser.sign_in(login, "kata sandi salah", "/").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("role=\"alert\""));
        let mark = hidden(&answer.body, "tanda");
        answers.push(
            answer
                .body
                .replace(&mark, "")
                .replace(&format!("value=\"{login}\""), ""),
        );
        assert_eq!(browser.get("/akun").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_guesser_is_made_to_wait_even_with_the_right_password() {
    let site = site(false).await;
    let mut browser = Browser::new(&site);
    for _ in 0..5 {
        let wrong = browser.sign_in(PETUGAS, "kata sandi salah", "/").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let waiting = browser.sign_in(PETUGAS, PASSWORD, "/").await;
    assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS);
    // Another login from the same place is not held up.
    let other = browser.sign_in("walidata", PASSWORD, "/").await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn forged_forms_are_refused() {
    let site = site(false).await;
    let mut browser = Browser::new(&site);
    browser.sign_in(PETUGAS, PASSWORD, "/").await;
    let mut other = Browser::new(&site);
    let strange = hidden(&other.get("/masuk").await.body, "tanda");
    let own = hidden(&browser.get("/akun").await.body, "tanda");

    for fields in [
        vec![],
        vec![("tanda", "")],
        vec![("tanda", strange.as_str())],
    ] {
        let refused = browser.post("/keluar", &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{fields:?}");
        assert!(refused.body.contains("<h1>Permintaan ditolak</h1>"));
    }
    for header in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://lain.example"),
    ] {
        browser.headers = vec![header];
        let refused = browser.post("/keluar", &[("tanda", &own)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{header:?}");
    }
    browser.headers.clear();
    assert_eq!(
        browser.get("/akun").await.status,
        StatusCode::OK,
        "signed out by a forgery"
    );

    // Signing somebody in as another is a forgery too.
    let mut fresh = Browser::new(&site);
    let fields = [
        ("nama", PETUGAS),
        ("sandi", PASSWORD),
        ("tanda", own.as_str()),
    ];
    assert_eq!(
        fresh.post("/masuk", &fields).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let site = site(true).await;
    let mut browser = Browser::new(&site);
    for path in [
        "/",
        "/masuk",
        "/standar",
        "/akun",
        "/tiada",
        "/aset/gaya.css",
    ] {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        assert!(answer.header("strict-transport-security").is_some());
        let kept = answer.header("cache-control").unwrap();
        assert_eq!(
            kept == "no-store",
            !path.starts_with("/aset/"),
            "{path}: {kept}"
        );
        // The policy lets no inline style or script through: none may be relied on.
        assert!(
            !answer.body.contains("style=") && !answer.body.contains("<script"),
            "{path}"
        );
    }
    // Text says how it is written, whatever it is (JSON and tables of bytes have one way alone).
    let mut texts = 0;
    for (method, path) in satu_web::addresses() {
        if method == "get" && !path.contains('{') {
            let answer = browser.get(path).await;
            let kind = answer.header("content-type").unwrap_or("");
            let text = kind.starts_with("text/") || kind.contains("xml");
            assert!(!text || kind.contains("charset=utf-8"), "{path}: {kind}");
            texts += usize::from(text);
        }
    }
    assert!(texts > 10, "{texts}");
    let chosen = browser.get("/bahasa/en").await;
    assert!(chosen.header("set-cookie").unwrap().ends_with("; Secure"));
    let mut plain = Browser::new(&self::site(false).await);
    let answer = plain.get("/masuk").await;
    assert_eq!(answer.header("strict-transport-security"), None);
    assert!(!answer.header("set-cookie").unwrap().contains("Secure"));
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let site = site(false).await;
    for back in [
        "https://lain.example",
        "//lain.example",
        "/\\lain.example",
        "",
        "akun",
        "/\r\nX: y",
    ] {
        let mut browser = Browser::new(&site);
        let chosen = browser
            .get(&format!("/bahasa/en?kembali={}", browser::encoded(back)))
            .await;
        assert_eq!(chosen.header("location"), Some("/"), "{back:?}");
        let entered = browser.sign_in(PETUGAS, PASSWORD, back).await;
        assert_eq!(entered.header("location"), Some("/"), "{back:?}");
    }
}

#[tokio::test]
async fn the_language_is_kept_and_comes_back_to_the_same_page() {
    let site = site(false).await;
    let mut browser = Browser::new(&site);
    let page = browser.get("/standar?jenis=golongan&cari=tmt").await;
    assert!(page.body.contains("<html lang=\"id\">") && page.body.contains("Standar data"));
    let link = page.body.split("href=\"/bahasa/en").nth(1).unwrap();
    let link = format!("/bahasa/en{}", link.split('"').next().unwrap());
    let chosen = browser.get(&link).await;
    assert_eq!(
        chosen.header("location"),
        Some("/standar?jenis=golongan&cari=tmt")
    );
    let page = browser.get("/standar?jenis=golongan&cari=tmt").await;
    assert!(page.body.contains("<html lang=\"en\">") && page.body.contains("Data standard"));
    assert_eq!(
        browser.get("/bahasa/xx").await.status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn every_text_is_in_both_languages() {
    for (key, id, en) in texts::TEXTS
        .iter()
        .chain(texts::account::TEXTS)
        .chain(texts::feed::TEXTS)
        .chain(texts::files::TEXTS)
        .chain(texts::open::TEXTS)
        .chain(texts::privacy::TEXTS)
        .chain(texts::api::TEXTS)
        .chain(texts::programs::TEXTS)
        .chain(texts::proposals::TEXTS)
        .chain(texts::sso::TEXTS)
    {
        assert!(!id.trim().is_empty() && !en.trim().is_empty(), "{key}");
        let given = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .map(|rest| rest.split('}').next().unwrap().to_owned())
                .collect();
            names.sort();
            names
        };
        assert_eq!(given(id), given(en), "{key}");
    }
}

#[tokio::test]
async fn each_role_is_shown_its_own() {
    let site = site(false).await;
    for (login, says, tiles) in [
        ("walidata", "Anda melihat data semua instansi.", true),
        (PETUGAS, "Anda melihat data Pemerintah Kota Contoh.", true),
        ("asn", "Anda melihat data Anda sendiri.", false),
    ] {
        let mut browser = Browser::new(&site);
        browser.sign_in(login, PASSWORD, "/").await;
        let home = browser.get("/").await;
        assert!(home.body.contains(says), "{login}");
        assert_eq!(home.body.contains("class=\"tiles\""), tiles, "{login}");
        assert!(home.body.contains("href=\"/akun\""));
    }
    let home = Browser::new(&site).get("/").await;
    assert!(home.body.contains("href=\"/masuk\"") && !home.body.contains("href=\"/akun\""));
}

#[tokio::test]
async fn the_standard_shows_every_rule_and_filters() {
    let site = site(false).await;
    let mut browser = Browser::new(&site);
    let rows = |body: &str| body.matches("<tr id=").count();
    let all = browser.get("/standar").await;
    let rules: usize = satu_domain::Kind::ALL
        .into_iter()
        .map(|kind| satu_rules::Standard::rules_of(kind).len())
        .sum();
    assert_eq!(rows(&all.body), rules);
    let golongan = satu_rules::Standard::rules_of(satu_domain::Kind::Golongan);
    let some = browser.get("/standar?jenis=golongan&tingkat=error").await;
    let errors = golongan
        .iter()
        .filter(|rule| rule.severity == satu_rules::Severity::Error)
        .count();
    assert!(errors > 0 && errors < golongan.len());
    assert_eq!(rows(&some.body), errors);
    let one = browser
        .get(&format!("/standar?cari={}", golongan[0].id))
        .await;
    assert_eq!(rows(&one.body), 1);
    let none = browser
        .get("/standar?cari=%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    assert_eq!(rows(&none.body), 0);
    assert!(none.body.contains("Tidak ada aturan yang cocok") && !none.body.contains("<script"));
}

#[tokio::test]
async fn an_account_ends_its_own_sessions_and_no_others() {
    let site = site(false).await;
    let (mut desk, mut phone, mut other) = (
        Browser::new(&site),
        Browser::new(&site),
        Browser::new(&site),
    );
    phone.headers = vec![(
        "user-agent",
        "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Safari/537.36",
    )];
    for browser in [&mut desk, &mut phone] {
        browser.sign_in(PETUGAS, PASSWORD, "/").await;
    }
    other.sign_in("walidata", PASSWORD, "/").await;
    let page = desk.get("/akun").await;
    assert!(page.body.contains("Chrome, Android") && page.body.contains("Sesi ini"));
    let session = hidden(&page.body, "sesi");

    let mark = hidden(&other.get("/akun").await.body, "tanda");
    other
        .post(
            "/akun/sesi",
            &[("tanda", &mark), ("sesi", &session), ("sandi", PASSWORD)],
        )
        .await;
    assert_eq!(phone.get("/akun").await.status, StatusCode::OK);

    let mark = hidden(&page.body, "tanda");
    let refused = desk
        .post("/akun/sesi", &[("tanda", &mark), ("sesi", &session)])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(phone.get("/akun").await.status, StatusCode::OK);
    let ended = desk
        .post(
            "/akun/sesi",
            &[("tanda", &mark), ("sesi", &session), ("sandi", PASSWORD)],
        )
        .await;
    assert_eq!(ended.header("location"), Some("/akun?berakhir"));
    assert_eq!(phone.get("/akun").await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.get("/akun?berakhir").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_failure_has_the_look_of_a_page() {
    let site = site(false).await;
    let mut browser = Browser::new(&site);
    let lost = browser.get("/tiada").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.body.contains("<h1>Halaman tidak ditemukan</h1>") && lost.body.contains("<nav"));
    browser.get("/bahasa/en").await;
    let lost = browser.get("/tiada").await;
    assert!(lost.body.contains("<h1>Page not found</h1>"));
    let form = browser.get("/masuk").await;
    let mark = hidden(&form.body, "tanda");
    let incomplete = browser.post("/masuk", &[("tanda", &mark)]).await;
    assert_eq!(incomplete.status, StatusCode::BAD_REQUEST);
    let endless = "x".repeat(300 * 1024);
    let large = browser
        .post("/masuk", &[("tanda", &mark), ("nama", &endless)])
        .await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.body.contains("<h1>Too large</h1>"));
}
