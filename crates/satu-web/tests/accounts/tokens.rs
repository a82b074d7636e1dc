//! Personal tokens, made and ended by their owner.

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use satu_store::accounts::Role;
use satu_web::{Settings, router};

use super::{PETUGAS, filled};
use crate::api::{program, token};
use crate::browser::{
    Browser, NIPS, PASSWORD, Site, asked, hidden, site, site_of, site_on_postgres,
};
use crate::siasn::{FORM, RIGHTS, SSO, personal};

async fn lived(site: Site) {
    let accounts = site.store.accounts();
    let mut own = Browser::of(&site, PETUGAS).await;
    assert!(own.get("/akun").await.body.contains("/akun/token"));
    for (name, days, password, why) in [
        (" ", "30", PASSWORD, "Tulis namanya"),
        ("SIMPEG", "0", PASSWORD, "1 sampai 1095 hari"),
        ("SIMPEG", "1096", PASSWORD, "1 sampai 1095 hari"),
        ("SIMPEG", "30", "salah", "Kata sandi sekarang salah"),
    ] {
        let fields = [("nama", name), ("hari", days), ("sandi", password)];
        let refused = filled(&mut own, "/akun/token", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
    }
    let fields = [("nama", "SIMPEG"), ("hari", "30"), ("sandi", PASSWORD)];
    let made = filled(&mut own, "/akun/token", &fields).await;
    assert_eq!(made.status, StatusCode::OK);
    let token = made.body.split("id=\"token\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    let days = |count: i64| Timestamp::now() + SignedDuration::from_hours(24 * count);
    let whose = async |now| accounts.of_personal(token, now).await.unwrap();
    let (account, name) = whose(days(29)).await.unwrap();
    assert_eq!([account.login.as_str(), name.as_str()], [PETUGAS, "SIMPEG"]);
    assert_eq!(whose(days(31)).await, None);
    let list = own.get("/akun/token").await.body;
    assert!(list.contains("SIMPEG") && !list.contains(token), "{list}");

    // Another's is not found, and without the password none ends.
    let id = accounts.named(PETUGAS).await.unwrap().id;
    let kept = accounts.personal(id, Timestamp::now()).await.unwrap();
    let kept = kept[0].id.clone();
    let fields = [("token", kept.as_str()), ("sandi", PASSWORD)];
    let mut other = Browser::of(&site, "walidata").await;
    let foreign = filled(&mut other, "/akun/token/akhiri", &fields).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let unproven = [("token", kept.as_str()), ("sandi", "salah")];
    let refused = filled(&mut own, "/akun/token/akhiri", &unproven).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(whose(days(0)).await.is_some());
    let ended = filled(&mut own, "/akun/token/akhiri", &fields).await;
    assert_eq!(ended.header("location"), Some("/akun/token?berakhir"));
    assert_eq!(whose(days(0)).await, None);

    let mut asn = Browser::of(&site, "asn").await;
    assert!(!asn.get("/akun").await.body.contains("/akun/token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_personal_token_is_made_and_ended_by_its_owner() {
    lived(site(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_is_on_postgresql() {
    lived(site_on_postgres(Settings::default()).await).await;
}

/// Who makes no tokens and has one of before types the password for the very token that they end: the enter
/// key presses a form's first button, and that is none of theirs.
#[tokio::test]
async fn the_enter_key_ends_no_token() {
    let site = site(false).await;
    let account = site.store.accounts().named("asn").await.unwrap();
    let until = Timestamp::now() + SignedDuration::from_hours(24);
    let made = site
        .store
        .make_token(&account, "rahasia", "SIMPEG", until, "asn");
    made.await.unwrap();
    let page = Browser::of(&site, "asn")
        .await
        .get("/akun/token")
        .await
        .body;
    let form = page.split("id=\"isian\"").nth(1).unwrap();
    assert!(form.contains("type=\"password\"") && form.contains("/akun/token/akhiri"));
    let first = form.split("<button").nth(1).unwrap();
    let first = first.split('>').next().unwrap();
    assert!(first.contains("disabled"), "{first}");
}

/// A token outlasts the session: it is made by whom every page is open to.
#[tokio::test]
async fn no_token_is_made_without_the_factor_that_is_asked_for() {
    let settings = Settings {
        second_factor: true,
        ..Settings::default()
    };
    let site = site_of(settings).await;
    let mut own = Browser::of(&site, PETUGAS).await;
    let mark = hidden(&own.get("/akun").await.body, "tanda");
    let fields = [
        ("tanda", mark.as_str()),
        ("nama", "SIMPEG"),
        ("hari", "30"),
        ("sandi", PASSWORD),
    ];
    let sent = own.post("/akun/token", &fields).await;
    assert_eq!(sent.header("location"), Some("/akun/kedua"));
    // Nor by the password alone, where SIASN's programs ask; a civil servant needs no factor.
    let password = PASSWORD.replace(' ', "+");
    for (login, status) in [
        (PETUGAS, StatusCode::UNAUTHORIZED),
        ("walidata", StatusCode::UNAUTHORIZED),
        ("asn", StatusCode::OK),
    ] {
        let body = format!("grant_type=password&username={login}&password={password}");
        let told = asked(&site, Method::POST, SSO, &[FORM], &body).await;
        assert_eq!(told.status, status, "{login}: {}", told.body);
        let why = told.body.contains("second factor") && told.body.contains("invalid_grant");
        assert_eq!(why, status != StatusCode::OK, "{}", told.body);
    }
}

/// A token that a password gave reads no more than the password does: not where its account came to a role
/// that must have a factor, and not where the site asks for one since.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_the_password_is_none_where_a_factor_is_asked_for() {
    let asking = || Settings {
        second_factor: true,
        ..Settings::default()
    };
    for mut site in [site_of(asking()).await, site_on_postgres(asking()).await] {
        program(&site, "pusat", false, RIGHTS).await;
        let gateway = format!("Bearer {}", token(&site, "pusat").await);
        let of_password = personal(&site, "asn").await;
        let account = site.store.accounts().named("asn").await.unwrap();
        let until = Timestamp::now() + SignedDuration::from_hours(1);
        let made = site
            .store
            .make_token(&account, "bernama", "SIMPEG", until, "asn");
        made.await.unwrap();
        let told = async |site: &Site, token: &str| {
            let auth = format!("Bearer {token}");
            let headers = [("authorization", gateway.as_str()), ("auth", &auth)];
            let path = format!("/apisiasn/1.0/pns/data-utama/{}", NIPS[0]);
            asked(site, Method::GET, &path, &headers, "").await
        };
        // The register holds nobody: who is let in finds nothing.
        let nothing = StatusCode::NOT_FOUND;
        assert_eq!(told(&site, &of_password).await.status, nothing);
        let officer = Role::Officer {
            places: "Pemerintah Kota Contoh".into(),
        };
        site.store
            .accounts()
            .set_role("asn", &officer)
            .await
            .unwrap();
        let refused = told(&site, &of_password).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.body.contains("invalid or expired jwt"));
        assert_eq!(told(&site, "bernama").await.status, nothing);

        site.pages = router(site.store.clone(), Settings::default());
        let of_password = personal(&site, PETUGAS).await;
        assert_eq!(told(&site, &of_password).await.status, nothing);
        site.pages = router(site.store.clone(), asking());
        let refused = told(&site, &of_password).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    }
}
