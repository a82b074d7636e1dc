//! What must not sign anybody in.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::issuer::{Issuer, Signed};
use super::{ROLES, begun, making, says, settings, through};
use crate::browser::{Browser, Site};

const NIP: &str = "198503172010012005";

fn ani() -> Value {
    json!({"preferred_username": "ani", "nip": NIP})
}

/// Nobody came in.
async fn nobody(site: &Site, browser: &mut Browser) {
    assert_eq!(browser.get("/akun").await.status, StatusCode::SEE_OTHER);
    assert!(site.store.accounts().named("ani").await.is_err());
}

#[tokio::test]
async fn a_token_that_does_not_hold_signs_nobody_in() {
    let (issuer, site) = making().await;
    let now = Timestamp::now().as_second();
    for (claim, value) in [
        ("iss", json!("https://lain.example")),
        ("aud", json!("lain")),
        ("aud", json!(["satu", "lain"])),
        ("azp", json!("lain")),
        ("nonce", json!("lain")),
        ("nonce", Value::Null),
        ("exp", json!(now - 1)),
        ("iat", json!(now - 700)),
        ("iat", json!(now + 120)),
        ("sub", Value::Null),
    ] {
        let mut claims = ani();
        claims[claim] = value.clone();
        issuer.plan(|plan| plan.claims = claims);
        let mut browser = Browser::new(&site);
        let came = through(&mut browser, &issuer).await;
        assert_eq!(came.status, StatusCode::BAD_REQUEST, "{claim} {value}");
        says(&came, StatusCode::BAD_REQUEST, "tidak sah");
        nobody(&site, &mut browser).await;
    }
    issuer.plan(|plan| plan.claims = ani());
    for signed in [Signed::Tampered, Signed::Not, Signed::Shared, Signed::Oddly] {
        issuer.plan(|plan| plan.signed = signed);
        let mut browser = Browser::new(&site);
        let came = through(&mut browser, &issuer).await;
        says(&came, StatusCode::BAD_REQUEST, "tidak sah");
        nobody(&site, &mut browser).await;
    }
    // And the same without a lie does.
    issuer.plan(|plan| plan.signed = Signed::Rightly);
    let came = through(&mut Browser::new(&site), &issuer).await;
    assert_eq!(came.header("location"), Some("/akun"));
}

#[tokio::test]
async fn an_answer_comes_back_once_to_the_browser_that_asked() {
    let (issuer, site) = making().await;
    issuer.plan(|plan| plan.claims = ani());
    let mut browser = Browser::new(&site);
    // A state of nobody, none, and one of another browser.
    for path in [
        "/masuk/sso/kembali?code=x&state=lain",
        "/masuk/sso/kembali?code=x",
        "/masuk/sso/kembali",
    ] {
        let came = browser.get(path).await;
        says(&came, StatusCode::BAD_REQUEST, "dimulai di peramban lain");
    }
    let back = issuer.approved(&begun(&mut browser, "/akun").await);
    let mut foreign = Browser::new(&site);
    foreign.get("/masuk").await;
    let came = foreign.get(&back).await;
    says(&came, StatusCode::BAD_REQUEST, "dimulai di peramban lain");
    assert!(!came.body.contains("kode-"), "the code is shown");
    // It was seen by somebody else: it is good for nobody any more.
    let came = browser.get(&back).await;
    says(&came, StatusCode::BAD_REQUEST, "dimulai di peramban lain");
    nobody(&site, &mut browser).await;

    let back = issuer.approved(&begun(&mut browser, "/akun").await);
    assert_eq!(browser.get(&back).await.header("location"), Some("/akun"));
    // Replayed, in the same browser and after signing out of it.
    let again = browser.get(&back).await;
    says(&again, StatusCode::BAD_REQUEST, "dimulai di peramban lain");
    let mut thief = Browser::new(&site);
    let other = begun(&mut thief, "/akun").await;
    let state = &super::query(&other)["state"];
    // The used code with a state of the thief's own.
    let code = back
        .split("code=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let iss = crate::browser::encoded(&issuer.address);
    let came = thief
        .get(&format!(
            "/masuk/sso/kembali?code={code}&state={state}&iss={iss}"
        ))
        .await;
    says(&came, StatusCode::BAD_REQUEST, "tidak sah");
    assert_eq!(thief.get("/akun").await.status, StatusCode::SEE_OTHER);

    // Somebody else's code, not used yet, does not fit the thief's verifier.
    let mut victim = Browser::new(&site);
    let fresh = issuer.approved(&begun(&mut victim, "/akun").await);
    let code = fresh
        .split("code=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let state = super::query(&begun(&mut thief, "/akun").await)["state"].clone();
    let came = thief
        .get(&format!(
            "/masuk/sso/kembali?code={code}&state={state}&iss={iss}"
        ))
        .await;
    says(&came, StatusCode::BAD_REQUEST, "tidak sah");
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_refused() {
    let (issuer, site) = making().await;
    issuer.plan(|plan| plan.claims = ani());
    for other in ["&iss=https://lain.example", ""] {
        let mut browser = Browser::new(&site);
        let back = issuer.approved(&begun(&mut browser, "/akun").await);
        let (back, _) = back.split_once("&iss=").unwrap();
        let came = browser.get(&format!("{back}{other}")).await;
        says(&came, StatusCode::BAD_REQUEST, "tidak sah");
        nobody(&site, &mut browser).await;
    }
    // One that does not say that it sends its name need not.
    let quiet = Issuer::start().await;
    quiet.plan(|plan| {
        plan.claims = ani();
        plan.says = json!({"authorization_response_iss_parameter_supported": false});
    });
    let more = format!("[accounts]\nmake = true\n{ROLES}");
    let site = crate::browser::site_of(settings(&quiet, &more)).await;
    let mut browser = Browser::new(&site);
    let back = quiet.approved(&begun(&mut browser, "/akun").await);
    let (back, _) = back.split_once("&iss=").unwrap();
    let came = browser.get(back).await;
    assert_eq!(came.header("location"), Some("/akun"), "{}", came.body);
}

#[tokio::test]
async fn an_error_of_the_provider_is_told_without_its_words() {
    let (issuer, site) = making().await;
    for (error, status, text) in [
        (
            "access_denied",
            StatusCode::BAD_REQUEST,
            "tidak diselesaikan",
        ),
        ("apa_saja", StatusCode::BAD_REQUEST, "tidak diselesaikan"),
        (
            "server_error",
            StatusCode::SERVICE_UNAVAILABLE,
            "tidak menjawab",
        ),
    ] {
        let mut browser = Browser::new(&site);
        let state = super::query(&begun(&mut browser, "/").await)["state"].clone();
        let iss = crate::browser::encoded(&issuer.address);
        let path = format!(
            "/masuk/sso/kembali?error={error}&error_description=Hubungi+0800-JAHAT&state={state}&iss={iss}"
        );
        let came = browser.get(&path).await;
        says(&came, status, text);
        assert!(!came.body.contains("JAHAT"), "another's words on our page");
    }
}

#[tokio::test]
async fn keys_are_fetched_again_when_they_were_changed_but_not_for_everybody() {
    let (issuer, site) = making().await;
    issuer.plan(|plan| plan.claims = ani());
    through(&mut Browser::new(&site), &issuer).await;
    assert_eq!(*issuer.fetched.lock().unwrap(), 1);
    // Keys just fetched are not fetched again for a name that is made up.
    for made_up in ["karangan", "lain"] {
        issuer.plan(|plan| plan.key = made_up);
        let came = through(&mut Browser::new(&site), &issuer).await;
        says(&came, StatusCode::BAD_REQUEST, "tidak sah");
    }
    assert_eq!(*issuer.fetched.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_provider_that_says_it_is_another_is_none() {
    let issuer = Issuer::start().await;
    for says_of_itself in [
        json!({"issuer": "https://lain.example"}),
        json!({"jwks_uri": "http://192.0.2.1/keys"}),
        json!({"authorization_endpoint": 7}),
        json!({"authorization_endpoint": "http://192.0.2.1/auth"}),
        json!({"authorization_endpoint": "javascript://127.0.0.1/%0aalert(1)"}),
    ] {
        issuer.plan(|plan| plan.says = says_of_itself);
        let more = format!("[accounts]\nmake = true\n{ROLES}");
        let site = crate::browser::site_of(settings(&issuer, &more)).await;
        let away = Browser::new(&site).get("/masuk/sso").await;
        says(
            &away,
            StatusCode::SERVICE_UNAVAILABLE,
            "tidak dapat dihubungi",
        );
    }
}

#[tokio::test]
async fn nobody_is_sent_elsewhere_afterwards_nor_by_another_site() {
    let (issuer, site) = making().await;
    issuer.plan(|plan| plan.claims = ani());
    for back in ["https://lain.example", "//lain.example", "/%5Clain.example"] {
        let mut browser = Browser::new(&site);
        let back = issuer.approved(&begun(&mut browser, back).await);
        assert_eq!(browser.get(&back).await.header("location"), Some("/"));
    }
    let mut browser = Browser::new(&site);
    browser.headers = vec![("sec-fetch-site", "cross-site")];
    let sent = browser.get("/masuk/sso?kembali=/saya").await;
    assert_eq!(sent.header("location"), Some("/masuk?kembali=/saya"));
    browser.headers = vec![("sec-fetch-site", "none")];
    let sent = browser.get("/masuk/sso").await;
    assert!(
        sent.header("location")
            .unwrap()
            .starts_with(&issuer.address)
    );
}

#[tokio::test]
async fn who_brings_many_answers_that_do_not_hold_waits() {
    let (issuer, site) = making().await;
    issuer.plan(|plan| plan.claims = ani());
    // What any page could make a browser ask counts for nothing.
    let mut browser = Browser::new(&site);
    for _ in 0..60 {
        browser.get("/masuk/sso/kembali?code=x&state=y").await;
    }
    issuer.plan(|plan| plan.signed = Signed::Tampered);
    for _ in 0..51 {
        let came = through(&mut Browser::new(&site), &issuer).await;
        says(&came, StatusCode::BAD_REQUEST, "tidak sah");
    }
    let waits = browser.get("/masuk/sso").await;
    says(
        &waits,
        StatusCode::TOO_MANY_REQUESTS,
        "Terlalu banyak percobaan",
    );
}
