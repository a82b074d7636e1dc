//! Two tokens on every call.

use axum::http::{Method, StatusCode};
use jiff::{Timestamp, ToSpan};
use serde_json::json as object;

use super::{ANI, FORM, SSO, Simpeg, personal};
use crate::api::{json, program, token};
use crate::browser::{PASSWORD, asked};

pub async fn walked(simpeg: &Simpeg) {
    let site = &simpeg.site;
    // A program that renews its token puts the new one beside the old.
    let (gateway, personal_token) = (
        format!("Bearer {}", simpeg.gateway),
        format!("bearer {}", simpeg.personal),
    );
    for (first, last, status) in [
        ("bearer lama", &*personal_token, 200),
        (&*personal_token, "bearer lama", 401),
    ] {
        let headers = [
            ("authorization", &*gateway),
            ("auth", first),
            ("auth", last),
        ];
        let path = format!("/apisiasn/1.0/pns/data-utama/{ANI}");
        let answer = asked(site, Method::GET, &path, &headers, "").await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    let password = PASSWORD.replace(' ', "+");
    let form = format!(
        "token_type=x&access_token=y&client_id=z&grant_type=password&username=PETUGAS&password={password}"
    );
    let by_json = object!({"grant_type": "password", "username": "petugas", "password": PASSWORD});
    for (headers, body) in [
        (vec![FORM], form),
        (
            vec![("content-type", "application/json")],
            by_json.to_string(),
        ),
    ] {
        let answer = asked(site, Method::POST, SSO, &headers, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let told = json(&answer);
        assert_eq!(told["token_type"], "Bearer");
        assert_eq!(told["expires_in"], 12 * 3600);
    }
    for (body, status, error) in [
        (
            "grant_type=password&username=petugas&password=salah",
            401,
            "invalid_grant",
        ),
        (
            "grant_type=password&username=tiada&password=salah",
            401,
            "invalid_grant",
        ),
        ("grant_type=lain", 400, "unsupported_grant_type"),
        ("", 400, "invalid_request"),
    ] {
        let answer = asked(site, Method::POST, SSO, &[FORM], body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}");
        assert_eq!(json(&answer)["error"], error);
        assert!(json(&answer)["error_description"].is_string());
    }
    // A login that was guessed at waits; another place or a right word does not: a fresh account then.
    let accounts = site.store.accounts();
    let (petugas, _) = accounts.find("petugas").await.unwrap().unwrap();
    let now = Timestamp::now();
    let year = now + (24 * 365).hours();
    site.store
        .make_token(&petugas, "token-panjang", "SIMPEG", year, "petugas")
        .await
        .unwrap();
    accounts
        .issue_personal(petugas.id, "token-habis", now + 1.second(), now - 1.hour())
        .await
        .unwrap();

    let path = format!("/apisiasn/1.0/pns/data-utama/{ANI}");
    let gateway = format!("Bearer {}", simpeg.gateway);
    let ask = async |one: Option<&str>, two: Option<&str>| {
        let mut headers = Vec::new();
        headers.extend(one.map(|one| ("authorization", one)));
        headers.extend(two.map(|two| ("auth", two)));
        asked(site, Method::GET, &path, &headers, "").await
    };
    let good = format!("bearer {}", simpeg.personal);
    for two in [
        &good,
        &good.replacen("bearer", "Bearer", 1),
        "Bearer token-panjang",
    ] {
        assert_eq!(ask(Some(&gateway), Some(two)).await.status, StatusCode::OK);
    }
    for one in [None, Some("Bearer salah"), Some("Basic eA=="), Some("")] {
        let answer = ask(one, Some(&good)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(json(&answer)["message"], "Invalid Credentials");
        assert_eq!(json(&answer)["code"], "900901");
    }
    for two in [
        None,
        Some("bearer salah"),
        Some("token-panjang"),
        Some(&gateway),
    ] {
        let answer = ask(Some(&gateway), two).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(json(&answer)["message"], "invalid or expired jwt");
    }
    // Tokens of two parties: the agency's program, and a civil servant's account.
    let asn = format!("bearer {}", personal(site, "asn").await);
    let answer = ask(Some(&gateway), Some(&asn)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(json(&answer)["data"], "Token SSO mismatch");
    assert_eq!(json(&answer)["code"], 0);
    // The centre's program reaches what the person for whom it asks does.
    program(site, "pusat", false, super::RIGHTS).await;
    let centre = format!("Bearer {}", token(site, "pusat").await);
    assert_eq!(ask(Some(&centre), Some(&asn)).await.status, StatusCode::OK);
    // A civil servant reads the own record and states nothing of it.
    let headers = [("authorization", centre.as_str()), ("auth", asn.as_str())];
    let path = "/apisiasn/1.0/pns/data-utama-update";
    let body = object!({"pns_orang_id": ANI, "nomor_hp": "1"}).to_string();
    let answer = asked(site, Method::POST, path, &headers, &body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let other = format!("/apisiasn/1.0/pns/data-utama/{}", super::BUDI);
    let headers = [("authorization", centre.as_str()), ("auth", good.as_str())];
    let answer = asked(site, Method::GET, &other, &headers, "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    // Code lists ask for the one token.
    let headers = [("authorization", gateway.as_str())];
    for path in [
        "/referensi_siasn/1/agama",
        "/referensi_siasn/1/agama/search?limit=2&offset=0",
    ] {
        let answer = asked(site, Method::GET, path, &headers, "").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(asked(site, Method::GET, path, &[], "").await.status, 401);
    }
}
