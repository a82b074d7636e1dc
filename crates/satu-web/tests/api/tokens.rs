//! The token that a program asks with: how it is given, and what it opens.

use axum::http::{Method, StatusCode};

use super::{country, get, json, program, token};
use crate::browser::asked;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_given_in_each_form_and_refused_in_the_form_of_oauth() {
    let site = country().await;
    program(&site, "kunci", true, "people.read").await;
    // printf 'kunci:kuncikunci' | base64
    let basic = ("authorization", "Basic a3VuY2k6a3VuY2lrdW5jaQ==");
    let json_type = ("content-type", "application/json");
    for (headers, body) in [
        (vec![basic], "grant_type=client_credentials"),
        (
            vec![basic, json_type],
            r#"{"grant_type":"client_credentials"}"#,
        ),
        (
            vec![],
            "grant_type=client_credentials&client_id=kunci&client_secret=kuncikunci&token_type=x",
        ),
        (
            vec![],
            r#"{"grant_type":"client_credentials","client_id":"kunci","client_secret":"kuncikunci"}"#,
        ),
        (
            vec![basic],
            "grant_type=client_credentials&scope=people.read+changes.read",
        ),
    ] {
        let answer = asked(&site, Method::POST, "/oauth2/token", &headers, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{body}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let told = json(&answer);
        assert_eq!(
            (&told["token_type"], &told["expires_in"]),
            (&"Bearer".into(), &3600.into())
        );
        assert_eq!(told["scope"], "people.read");
    }
    for (headers, body, status, error) in [
        (vec![basic], "", 400, "invalid_request"),
        (vec![basic], "{", 400, "invalid_request"),
        (
            vec![basic],
            "grant_type=password",
            400,
            "unsupported_grant_type",
        ),
        (
            vec![basic],
            "grant_type=client_credentials&scope=semua",
            400,
            "invalid_scope",
        ),
        (
            vec![],
            "grant_type=client_credentials",
            401,
            "invalid_client",
        ),
        (
            vec![],
            "grant_type=client_credentials&client_id=kunci&client_secret=x",
            401,
            "invalid_client",
        ),
        (
            vec![],
            "grant_type=client_credentials&client_id=%00&client_secret=x",
            401,
            "invalid_client",
        ),
    ] {
        let answer = asked(&site, Method::POST, "/oauth2/token", &headers, body).await;
        assert_eq!(
            (answer.status.as_u16(), &json(&answer)["error"]),
            (status, &error.into()),
            "{body}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_a_secret_waits() {
    let site = country().await;
    program(&site, "kunci", true, "people.read").await;
    let wrong = "grant_type=client_credentials&client_id=kunci&client_secret=x";
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let answer = asked(&site, Method::POST, "/oauth2/token", &[], wrong).await;
        statuses.push(answer.status.as_u16());
    }
    assert!(
        statuses.starts_with(&[401, 401, 401, 401]) && statuses.ends_with(&[429]),
        "{statuses:?}"
    );
}

/// A browser's session opens nothing to a program, and a program's token no page.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_and_a_token_are_not_one_another() {
    let site = country().await;
    program(&site, "pusat", false, "people.read").await;
    let token = token(&site, "pusat").await;
    let page = get(&site, &token, "/cari?q=ani", &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let cookie = format!("satu={token}");
    let answer = asked(
        &site,
        Method::GET,
        "/api/v1/people/1",
        &[("cookie", &cookie)],
        "",
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}
