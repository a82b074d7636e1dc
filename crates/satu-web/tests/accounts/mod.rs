//! Accounts as their owners meet them: passwords, links, second factors, known browsers.

mod guessing;
mod places;
mod second;
mod tokens;

use crate::siasn::SSO;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use satu_store::accounts::ANEW;
use satu_web::Settings;

use crate::PETUGAS;
use crate::browser::{Answer, Browser, PASSWORD, hidden, site, site_of};

const NEW: &str = "gerimis menulis peta lama";

/// Fills in the form at a path and sends it.
async fn filled(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form = browser.get(path).await;
    let mark = hidden(&form.body, "tanda");
    let mut all = vec![("tanda", mark.as_str())];
    all.extend(fields);
    browser.post(path, &all).await
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let site = site(false).await;
    let mut desk = Browser::of(&site, PETUGAS).await;
    let mut phone = Browser::of(&site, PETUGAS).await;
    for (now, new, again, says) in [
        ("salah", NEW, NEW, "Kata sandi sekarang salah."),
        (PASSWORD, NEW, PASSWORD, "Kedua kata sandi baru berbeda."),
        (PASSWORD, "pendek", "pendek", "kurang dari 15 karakter"),
        (
            PASSWORD,
            "petugascontohkota2026",
            "petugascontohkota2026",
            "mudah ditebak",
        ),
    ] {
        let fields = [("sandi", now), ("baru", new), ("ulang", again)];
        let refused = filled(&mut desk, "/akun/sandi", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(refused.body.contains(says), "{says}: {}", refused.body);
        assert!(!refused.body.contains(new), "the password comes back");
    }
    let old = desk.cookie("satu");
    let fields = [("sandi", PASSWORD), ("baru", NEW), ("ulang", NEW)];
    let changed = filled(&mut desk, "/akun/sandi", &fields).await;
    assert_eq!(changed.header("location"), Some("/akun?sandi"));
    assert_ne!(desk.cookie("satu"), old);
    let page = desk.get("/akun?sandi").await;
    assert!(page.body.contains("Kata sandi sudah diganti"));
    assert_eq!(phone.get("/akun").await.status, StatusCode::SEE_OTHER);
    let old = Browser::new(&site).sign_in(PETUGAS, PASSWORD, "/").await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = Browser::new(&site).sign_in(PETUGAS, NEW, "/").await;
    assert_eq!(new.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn all_other_sessions_are_ended_at_once() {
    let site = site(false).await;
    let mut desk = Browser::of(&site, PETUGAS).await;
    let alone = desk.get("/akun").await;
    assert!(!alone.body.contains("/akun/sesi/lain"));
    let (mut phone, mut other) = (
        Browser::of(&site, PETUGAS).await,
        Browser::of(&site, "walidata").await,
    );
    let mark = hidden(&desk.get("/akun").await.body, "tanda");
    for wrong in ["", "kata sandi salah"] {
        let fields = [("tanda", mark.as_str()), ("sandi", wrong)];
        let refused = desk.post("/akun/sesi/lain", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Kata sandi sekarang salah."));
        assert_eq!(phone.get("/akun").await.status, StatusCode::OK);
    }
    let fields = [("tanda", mark.as_str()), ("sandi", PASSWORD)];
    let ended = desk.post("/akun/sesi/lain", &fields).await;
    assert_eq!(ended.header("location"), Some("/akun?lain"));
    assert_eq!(phone.get("/akun").await.status, StatusCode::SEE_OTHER);
    for browser in [&mut desk, &mut other] {
        assert_eq!(browser.get("/akun").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn an_administrator_ends_the_sessions_of_others() {
    let site = site(false).await;
    let mut admin = Browser::of(&site, "walidata").await;
    let (mut desk, mut phone) = (
        Browser::of(&site, PETUGAS).await,
        Browser::of(&site, PETUGAS).await,
    );
    let page = admin.get(&format!("/pengguna?cari={PETUGAS}")).await;
    let action = page.body.split("action=\"").find_map(|part| {
        let path = part.split('"').next().unwrap();
        path.ends_with("/sesi").then(|| path.to_owned())
    });
    let action = action.expect("there is no button");
    let mark = hidden(&page.body, "tanda");
    let ended = admin.post(&action, &[("tanda", &mark)]).await;
    let back = format!("/pengguna?sesi={PETUGAS}");
    assert_eq!(ended.header("location"), Some(back.as_str()));
    assert!(
        admin
            .get(&back)
            .await
            .body
            .contains("Semua sesi akun petugas")
    );
    for browser in [&mut desk, &mut phone] {
        assert_eq!(browser.get("/akun").await.status, StatusCode::SEE_OTHER);
    }
    // The account is as it was.
    Browser::of(&site, PETUGAS).await;
}

#[tokio::test]
async fn the_site_answers_to_its_own_names_alone() {
    let site = site(true).await;
    let mut browser = Browser::new(&site);
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    for host in ["lain.example", "127.0.0.1", "satu.example.lain.example", ""] {
        browser.host = host;
        for path in ["/", "/masuk", "/aset/gaya.css"] {
            let refused = browser.get(path).await;
            assert_eq!(refused.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
            assert!(refused.header("content-security-policy").is_some());
        }
    }
    // Programs of SIASN bring a port of its own; they bring no cookie and are given no link.
    for (host, status) in [
        ("satu.example:8243", StatusCode::UNAUTHORIZED),
        ("SATU.example:443", StatusCode::UNAUTHORIZED),
        ("lain.example:8243", StatusCode::MISDIRECTED_REQUEST),
        (
            "satu.example.lain.example:443",
            StatusCode::MISDIRECTED_REQUEST,
        ),
        (
            "satu.example@lain.example:8243",
            StatusCode::MISDIRECTED_REQUEST,
        ),
        (
            "lain.example@satu.example:8243",
            StatusCode::MISDIRECTED_REQUEST,
        ),
        ("satu.example:x", StatusCode::MISDIRECTED_REQUEST),
    ] {
        browser.host = host;
        for path in [
            "/apisiasn/1.0/pns/data-utama/1",
            "/api/1.0/referensi/ref-unor",
            "/referensi_siasn/1/golongan/search",
        ] {
            assert_eq!(browser.get(path).await.status, status, "{host} {path}");
        }
        for path in ["/oauth2/token", SSO] {
            let status = match status {
                StatusCode::UNAUTHORIZED => StatusCode::BAD_REQUEST,
                other => other,
            };
            assert_eq!(
                browser.post(path, &[]).await.status,
                status,
                "{host} {path}"
            );
        }
        for path in [
            "/",
            "/masuk",
            "/api/v1/people",
            "/apisiasn/1.0x",
            "/api/1.0",
        ] {
            let refused = browser.get(path).await.status;
            assert_eq!(refused, StatusCode::MISDIRECTED_REQUEST, "{host} {path}");
        }
    }
    let mut local = Browser::new(&crate::browser::site(false).await);
    for (host, status) in [
        ("localhost:8017", StatusCode::OK),
        ("[::1]:8017", StatusCode::OK),
        ("satu.example", StatusCode::MISDIRECTED_REQUEST),
    ] {
        local.host = host;
        assert_eq!(local.get("/").await.status, status, "{host}");
    }
}

/// A session shows the address that the proxy saw, not one that the browser claims.
#[tokio::test]
async fn a_session_shows_where_it_was_opened() {
    let site = site(true).await;
    let mut browser = Browser::new(&site);
    browser.headers = vec![("x-forwarded-for", "198.51.100.1, 192.0.2.7")];
    browser.sign_in(PETUGAS, PASSWORD, "/").await;
    let page = browser.get("/akun").await;
    assert!(page.body.contains("192.0.2.7") && !page.body.contains("198.51.100.1"));
}

/// The address of the one link in a page.
fn link_in(body: &str) -> String {
    let rest = body.split("value=\"http://127.0.0.1:8017/tautan/").nth(1);
    format!("/tautan/{}", rest.unwrap().split('"').next().unwrap())
}

#[tokio::test]
async fn an_administrator_invites_resets_and_closes() {
    let site = site(false).await;
    let mut admin = Browser::of(&site, "walidata").await;
    let asked = |login, role, instansi| {
        [
            ("nama", login),
            ("nama_lengkap", "Contoh Baru"),
            ("peran", role),
            ("instansi", instansi),
            ("nip", ""),
        ]
    };
    for (login, role, instansi, says) in [
        (PETUGAS, "walidata", "", "sudah dipakai"),
        ("a b", "walidata", "", "3 sampai 64 huruf"),
        ("baru", "officer", "", "Tulis instansi atau unitnya"),
        ("baru", "asn", "", "NIP itu tidak benar"),
    ] {
        let fields = asked(login, role, instansi);
        let refused = filled(&mut admin, "/pengguna/undang", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(refused.body.contains(says), "{says}: {}", refused.body);
    }
    let fields = asked("baru", "officer", "Pemerintah Kota Contoh");
    let made = filled(&mut admin, "/pengguna/undang", &fields).await;
    assert_eq!(made.status, StatusCode::OK);
    let link = link_in(&made.body);
    let list = admin.get("/pengguna?cari=baru").await;
    assert!(list.body.contains("Tautan berlaku sampai") && list.body.contains("1 akun"));
    assert!(!list.body.contains("/tautan/0"), "the link is shown again");

    // Looking does not use it up; a bad password does not either.
    let mut owner = Browser::new(&site);
    for _ in 0..2 {
        let form = owner.get(&link).await;
        assert!(
            form.body.contains("nama pengguna Anda baru"),
            "{}",
            form.body
        );
    }
    let short = [("baru", "pendek"), ("ulang", "pendek")];
    let refused = filled(&mut owner, &link, &short).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = [("baru", NEW), ("ulang", NEW)];
    let used = filled(&mut owner, &link, &chosen).await;
    assert_eq!(used.header("location"), Some("/masuk"));
    assert_eq!(owner.get(&link).await.status, StatusCode::NOT_FOUND);
    let entered = owner.sign_in("baru", NEW, "/").await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);

    // A new link voids the one before it, and its use ends the sessions.
    let id = site.store.accounts().named("baru").await.unwrap().id;
    let mark = hidden(&admin.get("/pengguna").await.body, "tanda");
    let mark = [("tanda", mark.as_str())];
    let reset = format!("/pengguna/{id}/tautan");
    let first = link_in(&admin.post(&reset, &mark).await.body);
    let second = link_in(&admin.post(&reset, &mark).await.body);
    let mut other = Browser::new(&site);
    assert_eq!(other.get(&first).await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.get("/akun").await.status, StatusCode::OK);
    let chosen = [
        ("baru", "peta lama gerimis menulis"),
        ("ulang", "peta lama gerimis menulis"),
    ];
    filled(&mut other, &second, &chosen).await;
    assert_eq!(owner.get("/akun").await.status, StatusCode::SEE_OTHER);

    // A closed account is shut out at once, and a link opens it again.
    other
        .sign_in("baru", "peta lama gerimis menulis", "/")
        .await;
    assert_eq!(other.get("/akun").await.status, StatusCode::OK);
    let closed = admin.post(&format!("/pengguna/{id}/tutup"), &mark).await;
    assert_eq!(closed.header("location"), Some("/pengguna?tutup=baru"));
    assert!(
        admin
            .get("/pengguna?tutup=baru")
            .await
            .body
            .contains("sudah ditutup")
    );
    assert_eq!(other.get("/akun").await.status, StatusCode::SEE_OTHER);
    let entered = other
        .sign_in("baru", "peta lama gerimis menulis", "/")
        .await;
    assert_eq!(entered.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = link_in(&admin.post(&reset, &mark).await.body);
    filled(&mut other, &again, &[("baru", NEW), ("ulang", NEW)]).await;
    let entered = other.sign_in("baru", NEW, "/").await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);

    // Nobody closes their own account, or one that is not there.
    let own = site.store.accounts().named("walidata").await.unwrap().id;
    for (id, status) in [(own, StatusCode::FORBIDDEN), (9_999, StatusCode::NOT_FOUND)] {
        let refused = admin.post(&format!("/pengguna/{id}/tutup"), &mark).await;
        assert_eq!(refused.status, status);
    }
}

#[tokio::test]
async fn the_first_account_is_made_by_a_link_once() {
    let site = crate::browser::empty_site().await;
    let accounts = site.store.accounts();
    let now = Timestamp::now();
    let (token, link) = satu_web::new_link("").unwrap();
    accounts
        .make_link(None, &token, now + ANEW, now)
        .await
        .unwrap();
    let mut browser = Browser::new(&site);
    let asked = |login| {
        [
            ("nama", login),
            ("nama_lengkap", "Contoh Pertama"),
            ("baru", NEW),
            ("ulang", NEW),
        ]
    };
    let refused = filled(&mut browser, &link, &asked("a b")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = filled(&mut browser, &link, &asked("Pertama")).await;
    assert_eq!(made.header("location"), Some("/masuk"));
    assert_eq!(browser.get(&link).await.status, StatusCode::NOT_FOUND);
    browser.sign_in("pertama", NEW, "/").await;
    assert_eq!(browser.get("/pengguna").await.status, StatusCode::OK);
    // Once there is an account, no link makes another.
    let (token, link) = satu_web::new_link("").unwrap();
    accounts
        .make_link(None, &token, now + ANEW, now)
        .await
        .unwrap();
    assert_eq!(browser.get(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn where_to_report_a_weakness_is_said() {
    let site = site_of(Settings {
        site: Some("https://satu.example".parse().unwrap()),
        contact: Some("mailto:keamanan@contoh.id".to_owned()),
        secure: true,
        ..Settings::default()
    })
    .await;
    let told = Browser::new(&site).get("/.well-known/security.txt").await;
    assert_eq!(
        told.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let field = |name: &str| {
        let mut values = told
            .body
            .lines()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let value = values.next().unwrap().to_owned();
        assert_eq!(values.next(), None, "{name}");
        value
    };
    assert_eq!(field("Contact"), "mailto:keamanan@contoh.id");
    assert_eq!(
        field("Canonical"),
        "https://satu.example/.well-known/security.txt"
    );
    let until: Timestamp = field("Expires").parse().unwrap();
    let now = Timestamp::now();
    assert!(until > now && until < now + SignedDuration::from_hours(24 * 365));
}

#[tokio::test]
async fn who_asks_faster_than_anybody_reads_waits() {
    let site = site(false).await;
    let mut copier = Browser::of(&site, PETUGAS).await;
    let mut answers = Vec::new();
    // More than may be asked at once and in the time that this takes; how many get through depends
    // on the machine.
    while answers.len() < 20_000 {
        let answer = copier.get("/bahasa/id").await;
        answers.push(answer.status);
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(answer.header("retry-after"), Some("5"));
            assert!(answer.body.contains("<h1>Terlalu banyak permintaan</h1>"));
            break;
        }
    }
    assert_eq!(answers.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    assert!(answers.len() > 500, "{}", answers.len());
    // Others do not wait, and neither does what pages are drawn with.
    let mut other = Browser::of(&site, "walidata").await;
    assert_eq!(other.get("/akun").await.status, StatusCode::OK);
    assert_eq!(copier.get("/aset/gaya.css").await.status, StatusCode::OK);
}
