//! The provider says that somebody has signed out there.

use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::issuer::{Issuer, Signed};
use super::{making, through};
use crate::browser::{Answer, Browser, Site};

const NIP: &str = "198503172010012005";

/// Plans what is said of somebody: these claims beside who they are.
fn says(issuer: &Issuer, more: &Value) {
    let mut claims = json!({"preferred_username": "ani", "nip": NIP});
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    issuer.plan(|plan| plan.claims = claims);
}

async fn entered(issuer: &Issuer, site: &Site, sid: &Value) -> Browser {
    says(issuer, &json!({"sid": sid}));
    let mut browser = Browser::new(site);
    let came = through(&mut browser, issuer).await;
    assert_eq!(came.header("location"), Some("/akun"), "{}", came.body);
    browser
}

async fn brought(site: &Site, token: &str) -> Answer {
    let fields = [("logout_token", token)];
    let mut provider = Browser::new(site);
    let answer = provider.post("/keluar/sso/penyedia", &fields).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer
}

/// Brings what the plan says with these claims.
async fn left(issuer: &Issuer, site: &Site, claims: &Value) -> StatusCode {
    says(issuer, claims);
    brought(site, &issuer.logout_token()).await.status
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/akun").await.status == StatusCode::OK
}

#[tokio::test]
async fn who_signs_out_there_is_signed_out_here() {
    let (issuer, site) = making().await;
    let mut one = entered(&issuer, &site, &json!("s-1")).await;
    let mut two = entered(&issuer, &site, &json!("s-2")).await;
    let mut nameless = entered(&issuer, &site, &Value::Null).await;
    // Of somebody who has nothing here, or of a session that is over, there is nothing to end.
    for claims in [json!({"sub": "u-7"}), json!({"sub": "u-7", "sid": "s-1"})] {
        assert_eq!(left(&issuer, &site, &claims).await, StatusCode::OK);
    }
    for browser in [&mut one, &mut two, &mut nameless] {
        assert!(is_in(browser).await);
    }
    // One session of the provider: those opened in it, and those of which that is not known.
    let status = left(&issuer, &site, &json!({"sid": "s-1"})).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!is_in(&mut one).await && is_in(&mut two).await && !is_in(&mut nameless).await);
    // A session alone.
    let mut three = entered(&issuer, &site, &json!("s-3")).await;
    let claims = json!({"sub": null, "sid": "s-3"});
    assert_eq!(left(&issuer, &site, &claims).await, StatusCode::OK);
    assert!(!is_in(&mut three).await && is_in(&mut two).await);
    // Somebody, wherever they are.
    let mut four = entered(&issuer, &site, &json!("s-4")).await;
    assert_eq!(left(&issuer, &site, &json!({})).await, StatusCode::OK);
    assert!(!is_in(&mut two).await && !is_in(&mut four).await);
}

#[tokio::test]
async fn a_logout_token_that_does_not_hold_ends_nothing() {
    let (issuer, site) = making().await;
    let mut browser = entered(&issuer, &site, &json!("s-1")).await;
    let now = Timestamp::now().as_second();
    for (claim, value) in [
        ("iss", json!("https://lain.example")),
        ("aud", json!("lain")),
        ("aud", json!(["satu", "lain"])),
        ("exp", json!(now - 1)),
        ("iat", json!(now - 700)),
        ("iat", json!(now + 120)),
        ("iat", Value::Null),
        ("jti", Value::Null),
        ("nonce", json!("n")),
        ("events", Value::Null),
        (
            "events",
            json!({"http://schemas.openid.net/event/lain": {}}),
        ),
        ("sub", Value::Null),
    ] {
        let status = left(&issuer, &site, &json!({claim: value})).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{claim} {value}");
    }
    says(&issuer, &json!({}));
    for signed in [Signed::Tampered, Signed::Not, Signed::Shared, Signed::Oddly] {
        issuer.plan(|plan| plan.signed = signed);
        let answer = brought(&site, &issuer.logout_token()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.body.contains("invalid_request"), "{}", answer.body);
    }
    issuer.plan(|plan| plan.signed = Signed::Rightly);
    let of_another_kind = issuer.logout_token_as("JWT");
    issuer.plan(|plan| plan.key = "lain");
    for wrong in [
        issuer.logout_token().as_str(),
        of_another_kind.as_str(),
        "",
        "a",
        "a.b.c",
        "e30.e30.e30",
    ] {
        let answer = brought(&site, wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let answer = Browser::new(&site).post("/keluar/sso/penyedia", &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(is_in(&mut browser).await);

    // What holds does so once.
    issuer.plan(|plan| plan.key = "satu");
    let token = issuer.logout_token();
    assert_eq!(brought(&site, &token).await.status, StatusCode::OK);
    assert!(!is_in(&mut browser).await);
    let mut browser = entered(&issuer, &site, &json!("s-2")).await;
    let again = brought(&site, &token).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(is_in(&mut browser).await);
}

/// Where the sessions could not be ended, the provider brings the same token again.
#[tokio::test]
async fn a_logout_token_is_taken_once_its_sessions_have_ended() {
    let (issuer, site) = making().await;
    let mut browser = entered(&issuer, &site, &json!("s-1")).await;
    says(&issuer, &json!({}));
    let token = issuer.logout_token();
    let pool = site.pool().await;
    let away = sqlx::query("ALTER TABLE sign_in RENAME TO sign_in_away");
    away.execute(&pool).await.unwrap();
    let fields = [("logout_token", token.as_str())];
    let mut provider = Browser::new(&site);
    let failed = provider.post("/keluar/sso/penyedia", &fields).await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
    let back = sqlx::query("ALTER TABLE sign_in_away RENAME TO sign_in");
    back.execute(&pool).await.unwrap();
    assert!(is_in(&mut browser).await);
    assert_eq!(brought(&site, &token).await.status, StatusCode::OK);
    assert!(!is_in(&mut browser).await);
    assert_eq!(brought(&site, &token).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_brings_many_that_do_not_hold_waits() {
    let (_issuer, site) = making().await;
    let mut last = StatusCode::OK;
    for _ in 0..52 {
        last = brought(&site, "a.b.c").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // Without a provider there is nobody to say it.
    let site = crate::browser::site(false).await;
    assert_eq!(brought(&site, "a.b.c").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_logout_token_may_be_of_a_new_key() {
    let (issuer, site) = making().await;
    let mut browser = entered(&issuer, &site, &json!("s-1")).await;
    issuer.plan(|plan| (plan.key, plan.published) = ("baru", vec!["baru"]));
    let token = issuer.logout_token();
    // Keys are not fetched more than twice a minute.
    assert_eq!(brought(&site, &token).await.status, StatusCode::BAD_REQUEST);
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(brought(&site, &token).await.status, StatusCode::OK);
    assert!(!is_in(&mut browser).await);
}
