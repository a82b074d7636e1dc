//! Passwords that are guessed: who waits, and who does not.

use axum::http::{Method, StatusCode};

use crate::PETUGAS;
use crate::browser::{Browser, PASSWORD, asked, hidden, site};
use crate::siasn::{FORM, SSO};

/// Whoever fails on somebody's login, even from the same address, does not keep them out of a
/// browser in which they have signed in before.
#[tokio::test]
async fn a_guesser_keeps_nobody_out() {
    let site = site(false).await;
    let mut owner = Browser::of(&site, PETUGAS).await;
    let mark = hidden(&owner.get("/akun").await.body, "tanda");
    owner.post("/keluar", &[("tanda", &mark)]).await;
    let mut guesser = Browser::new(&site);
    for _ in 0..8 {
        guesser.sign_in(PETUGAS, "kata sandi salah", "/").await;
    }
    let waits = guesser.sign_in(PETUGAS, PASSWORD, "/").await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    let strange = Browser::new(&site).sign_in(PETUGAS, PASSWORD, "/").await;
    assert_eq!(strange.status, StatusCode::TOO_MANY_REQUESTS);
    let entered = owner.sign_in(PETUGAS, PASSWORD, "/").await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    // The browser is known for that login alone, and guesses in it count.
    let mark = hidden(&owner.get("/akun").await.body, "tanda");
    owner.post("/keluar", &[("tanda", &mark)]).await;
    for _ in 0..5 {
        owner.sign_in(PETUGAS, "kata sandi salah", "/").await;
    }
    let waits = owner.sign_in(PETUGAS, PASSWORD, "/").await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
}

/// Nor out of ending sessions, or changing the password, in a browser where they are signed in.
#[tokio::test]
async fn a_guesser_keeps_nobody_from_their_own_account() {
    let site = site(false).await;
    let mut owner = Browser::of(&site, PETUGAS).await;
    let mut guesser = Browser::new(&site);
    for _ in 0..8 {
        guesser.sign_in(PETUGAS, "kata sandi salah", "/").await;
    }
    let ended = owner.sent("/akun/sesi/lain", &[("sandi", PASSWORD)]).await;
    assert_eq!(
        ended.header("location"),
        Some("/akun?lain"),
        "{}",
        ended.body
    );
    // Guesses in that browser count.
    for _ in 0..5 {
        owner.sent("/akun/sesi/lain", &[("sandi", "salah")]).await;
    }
    let waits = owner.sent("/akun/sesi/lain", &[("sandi", PASSWORD)]).await;
    assert_eq!(waits.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// A login that is longer than any account's is not remembered: its failures are the address's alone.
#[tokio::test]
async fn a_login_that_is_too_long_for_one_has_no_failures_of_its_own() {
    let site = site(false).await;
    for login in ["x".repeat(65), "petugas.".repeat(30)] {
        let body = format!("grant_type=password&username={login}&password=salah");
        for _ in 0..6 {
            let told = Browser::new(&site).sign_in(&login, "salah", "/").await;
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
            let told = asked(&site, Method::POST, SSO, &[FORM], &body).await;
            assert_eq!(told.status, StatusCode::UNAUTHORIZED);
        }
    }
    // Together they are too many of one place.
    let mut last = StatusCode::OK;
    for _ in 0..30 {
        let told = Browser::new(&site)
            .sign_in(&"x".repeat(65), "salah", "/")
            .await;
        last = told.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

/// A password that was not compared, as where too many are at once, was no guess.
#[tokio::test]
async fn what_was_not_compared_is_no_wrong_password() {
    let site = site(false).await;
    let mut owner = Browser::of(&site, PETUGAS).await;
    let pool = site.pool().await;
    let broken = sqlx::query("UPDATE account SET password = 'rusak' WHERE login = 'petugas'");
    broken.execute(&pool).await.unwrap();
    let password = PASSWORD.replace(' ', "+");
    let body = format!("grant_type=password&username=petugas&password={password}");
    for _ in 0..6 {
        let told = Browser::new(&site).sign_in(PETUGAS, PASSWORD, "/").await;
        assert_eq!(told.status, StatusCode::INTERNAL_SERVER_ERROR);
        let told = asked(&site, Method::POST, SSO, &[FORM], &body).await;
        assert_eq!(told.status, StatusCode::INTERNAL_SERVER_ERROR);
        let told = owner.sent("/akun/sesi/lain", &[("sandi", PASSWORD)]).await;
        assert_eq!(told.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
}
