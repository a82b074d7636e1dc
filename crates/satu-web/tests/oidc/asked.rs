//! How long ago the provider asked somebody who they are.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::issuer::{Issuer, query};
use super::{NIP, ROLES, begun, making, says, settings, through};
use crate::browser::{Answer, Browser, Site, hidden, site_of};

async fn asking(issuer: &Issuer) -> Site {
    let more = format!("max_age_minutes = 30\n[accounts]\nmake = true\n{ROLES}");
    site_of(settings(issuer, &more)).await
}

fn ani(asked: &Value) -> Value {
    json!({"preferred_username": "ani", "nip": NIP, "auth_time": asked})
}

/// So many seconds ago.
fn ago(seconds: i64) -> Value {
    json!(Timestamp::now().as_second() - seconds)
}

/// Sets up a second factor with a wrong code: what the page says.
async fn changes(browser: &mut Browser) -> Answer {
    let form = browser.get("/akun/kedua").await;
    let (mark, seed) = (hidden(&form.body, "tanda"), hidden(&form.body, "benih"));
    let fields = [("tanda", &*mark), ("benih", &*seed), ("kode", "000000")];
    browser.post("/akun/kedua", &fields).await
}

#[tokio::test]
async fn who_was_not_asked_lately_enough_does_not_come_in() {
    let issuer = Issuer::start().await;
    let site = asking(&issuer).await;
    let to = begun(&mut Browser::new(&site), "/akun").await;
    assert_eq!(query(&to)["max_age"], "1800");
    for asked in [
        Value::Null,
        json!("kemarin"),
        ago(1800 + 60 + 5),
        ago(-120),
        json!(0),
    ] {
        issuer.plan(|plan| plan.claims = ani(&asked));
        let came = through(&mut Browser::new(&site), &issuer).await;
        assert_eq!(came.status, StatusCode::BAD_REQUEST, "{asked}");
        says(&came, StatusCode::BAD_REQUEST, "tidak sah");
        assert!(site.store.accounts().named("ani").await.is_err());
    }
    // Their clock may be a little off.
    for asked in [ago(1800 + 30), ago(-30), ago(0)] {
        issuer.plan(|plan| plan.claims = ani(&asked));
        let came = through(&mut Browser::new(&site), &issuer).await;
        assert_eq!(came.header("location"), Some("/akun"), "{}", came.body);
    }
    // Where the settings do not say so, it is neither asked for nor looked at.
    let (issuer, site) = making().await;
    let to = begun(&mut Browser::new(&site), "/akun").await;
    assert!(!query(&to).contains_key("max_age"));
    for asked in [Value::Null, json!(0)] {
        issuer.plan(|plan| plan.claims = ani(&asked));
        let came = through(&mut Browser::new(&site), &issuer).await;
        assert_eq!(came.header("location"), Some("/akun"));
    }
}

#[tokio::test]
async fn a_session_that_the_provider_opens_unasked_confirms_nothing() {
    let issuer = Issuer::start().await;
    let site = asking(&issuer).await;
    issuer.plan(|plan| plan.claims = ani(&ago(20 * 60)));
    let mut browser = Browser::new(&site);
    through(&mut browser, &issuer).await;
    let refused = changes(&mut browser).await;
    assert!(
        refused
            .body
            .contains("Keluar dari sini dan dari SSO Contoh")
    );
    issuer.plan(|plan| plan.claims = ani(&ago(20)));
    let mut browser = Browser::new(&site);
    through(&mut browser, &issuer).await;
    let taken = changes(&mut browser).await;
    assert!(!taken.body.contains("Keluar dari sini dan dari SSO Contoh"));
    assert!(taken.body.contains("Kode"), "{}", taken.body);

    // Our own code between does not make it newer.
    let accounts = site.store.accounts();
    let id = accounts.named("ani").await.unwrap().id;
    let code = "abcdefghjkmnpqrstuvwxyz2".to_owned();
    let codes = std::slice::from_ref(&code);
    let nonce = "ab".repeat(16);
    accounts
        .set_second(id, &nonce, 0, codes, None)
        .await
        .unwrap();
    issuer.plan(|plan| plan.claims = ani(&ago(20 * 60)));
    let mut browser = Browser::new(&site);
    let came = through(&mut browser, &issuer).await;
    assert_eq!(came.header("location"), Some("/masuk/kode?kembali=/akun"));
    let mark = hidden(
        &browser.get("/masuk/kode?kembali=/akun").await.body,
        "tanda",
    );
    let fields = [("tanda", &*mark), ("kode", &code), ("kembali", "/akun")];
    let came = browser.post("/masuk/kode", &fields).await;
    assert_eq!(came.header("location"), Some("/akun"), "{}", came.body);
    let mark = hidden(&browser.get("/akun").await.body, "tanda");
    let refused = browser.post("/akun/sesi/lain", &[("tanda", &mark)]).await;
    assert!(
        refused
            .body
            .contains("Keluar dari sini dan dari SSO Contoh")
    );
}
