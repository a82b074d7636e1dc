//! Addresses that are told of changes, added and ended on the site.

use axum::http::StatusCode;
use jiff::Timestamp;
use satu_store::accounts::Role;
use satu_web::Settings;

use crate::api::program;
use crate::browser::{Browser, PASSWORD, Site, site, site_on_postgres};

const URL: &str = "https://simpeg.example.com/kabar";

async fn lived(site: Site) {
    let accounts = site.store.accounts();
    let (_, hash) = accounts.find("walidata").await.unwrap().unwrap();
    let role = Role::Administrator {
        places: "Pemerintah Kota Contoh".into(),
    };
    accounts.add("admin", "Contoh", role, &hash).await.unwrap();
    program(&site, "kota", true, "changes.read").await;
    program(&site, "lain", false, "changes.read").await;
    program(&site, "tanpa", true, "people.read").await;
    let (clients, hooks) = (site.store.clients(), site.store.webhooks());
    let mut ids = Vec::new();
    for key in ["kota", "lain", "tanpa"] {
        ids.push(clients.named(key).await.unwrap().id.to_string());
    }
    let mut admin = Browser::of(&site, "admin").await;
    let form = admin.get("/pemberitahuan/baru").await.body;
    let offered = |id: &String| form.contains(&format!("<option value=\"{id}\""));
    assert_eq!(
        ids.iter().map(offered).collect::<Vec<_>>(),
        [true, false, false],
        "of the agency, with the right"
    );
    let own = ids[0].as_str();
    for (program, url, password, why) in [
        (ids[1].as_str(), URL, PASSWORD, "Pilih programnya"),
        (&ids[2], URL, PASSWORD, "Pilih programnya"),
        (own, URL, "salah", "Kata sandi sekarang salah"),
        (
            own,
            "https://a@b.example.com/",
            PASSWORD,
            "Itu bukan alamat",
        ),
        (
            own,
            "http://simpeg.example.com/",
            PASSWORD,
            "Hanya alamat https",
        ),
        (
            own,
            "https://127.0.0.1/",
            PASSWORD,
            "bukan di jaringan terbuka",
        ),
        (
            own,
            "https://server/",
            PASSWORD,
            "bukan di jaringan terbuka",
        ),
    ] {
        let fields = [("program", program), ("alamat", url), ("sandi", password)];
        let refused = admin.sent("/pemberitahuan/baru", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
    }
    let fields = [
        ("program", own),
        ("alamat", URL),
        ("jenis-person.changed", "1"),
        ("jenis-person.merged", "1"),
        ("sandi", PASSWORD),
    ];
    let mut odd = fields.to_vec();
    odd.push(("jenis-apa.saja", "1"));
    let refused = admin.sent("/pemberitahuan/baru", &odd).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let first = admin
        .sent("/pemberitahuan/baru", &fields)
        .await
        .shown("rahasia");
    assert!(first.starts_with("whsec_"), "{first}");
    let client: i64 = own.parse().unwrap();
    let hook = hooks.of(client).await.unwrap().remove(0);
    assert_eq!(hook.kinds, "person.changed person.merged");
    let path = format!("/pemberitahuan/{}", hook.id);
    assert!(admin.get("/pemberitahuan").await.body.contains(&path));

    // An officer sees it, and what could not be told; its secret and its end are not theirs.
    let mut officer = Browser::of(&site, "petugas").await;
    let page = officer.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains(&format!("{path}/akhiri")));
    let turn = format!("{path}/rahasia");
    let end = format!("{path}/akhiri");
    for act in [&turn, &end] {
        let refused = officer.sent(act, &[("sandi", PASSWORD)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }

    let refused = admin.sent(&turn, &[("sandi", "salah")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let second = admin
        .sent(&turn, &[("sandi", PASSWORD)])
        .await
        .shown("rahasia");
    assert_ne!(first, second);
    let turned = hooks.one(hook.id).await.unwrap().unwrap();
    assert_eq!(turned.nonces[1], hook.nonces[0], "both sign for a day");
    assert!(turned.before_until > Timestamp::now());

    let ended = admin.sent(&end, &[]).await;
    assert_eq!(ended.header("location"), Some("/pemberitahuan?akhiri"));
    assert!(hooks.of(client).await.unwrap().is_empty());

    // What it may have of them is what it may have over the API.
    for _ in 0..10 {
        admin
            .sent("/pemberitahuan/baru", &fields)
            .await
            .shown("rahasia");
    }
    let refused = admin.sent("/pemberitahuan/baru", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("10 alamat"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_added_turned_and_ended_on_the_site() {
    lived(site(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_is_on_postgresql() {
    lived(site_on_postgres(Settings::default()).await).await;
}
