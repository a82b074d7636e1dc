//! An agency's administrator: accounts within its places, and none above.

use axum::http::StatusCode;
use satu_store::accounts::Role;

use super::{filled, link_in};
use crate::PETUGAS;
use crate::browser::{Browser, hidden, site};

#[tokio::test]
async fn an_agency_gives_what_is_its_own_and_no_more() {
    let site = site(false).await;
    let accounts = site.store.accounts();
    let (_, hash) = accounts.find("walidata").await.unwrap().unwrap();
    let role = Role::Administrator {
        places: "Pemerintah Kota Contoh".into(),
    };
    accounts.add("admin", "Contoh", role, &hash).await.unwrap();
    let mut admin = Browser::of(&site, "admin").await;
    let home = admin.get("/").await;
    assert_eq!(home.header("location"), Some("/pengguna"));
    let list = admin.get("/pengguna").await.body;
    assert!(
        list.contains(PETUGAS) && !list.contains("walidata"),
        "{list}"
    );
    let form = admin.get("/pengguna/undang").await.body;
    assert!(!form.contains("value=\"walidata\""), "{form}");

    let asked = |login, role, places| {
        [
            ("nama", login),
            ("nama_lengkap", "Contoh Baru"),
            ("peran", role),
            ("instansi", places),
            ("nip", ""),
        ]
    };
    for (role, places) in [
        ("walidata", ""),
        ("officer", "Kementerian Contoh"),
        ("officer", "Pemerintah Kota Contoh\nKementerian Contoh"),
        ("admin", "Kementerian Contoh > Biro"),
    ] {
        let refused = filled(&mut admin, "/pengguna/undang", &asked("baru", role, places)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.body.contains("di luar kewenangan"),
            "{}",
            refused.body
        );
    }
    let unit = "Pemerintah Kota Contoh > Dinas Kesehatan";
    let made = filled(
        &mut admin,
        "/pengguna/undang",
        &asked("baru", "officer", unit),
    )
    .await;
    assert_eq!(made.status, StatusCode::OK);
    link_in(&made.body);
    let list = admin.get("/pengguna?cari=baru").await.body;
    assert!(list.contains("Kota Contoh &#62; Dinas Kesehatan"), "{list}");

    let id = accounts.named("baru").await.unwrap().id;
    let path = format!("/pengguna/{id}/peran");
    let form = admin.get(&path).await.body;
    assert!(
        form.contains("Kota Contoh &#62; Dinas Kesehatan</textarea>"),
        "{form}"
    );
    let [now, beyond] = [
        "Pemerintah Kota Contoh > Inspektorat\nPemerintah Kota Contoh > Dinas Kesehatan",
        "Kementerian Contoh",
    ]
    .map(|places| [("peran", "officer"), ("instansi", places), ("nip", "")]);
    let refused = filled(&mut admin, &path, &beyond).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let given = filled(&mut admin, &path, &now).await;
    assert_eq!(given.header("location"), Some("/pengguna?peran=baru"));
    let places = Role::Officer {
        places: now[1].1.into(),
    };
    assert_eq!(accounts.named("baru").await.unwrap().role, places);

    // An account that the centre moves beyond the agency is out of the administrator's hands.
    let mut centre = Browser::of(&site, "walidata").await;
    let moved = filled(&mut centre, &path, &beyond).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER);
    let mark = hidden(&admin.get("/akun").await.body, "tanda");
    for act in ["tautan", "faktor", "tutup", "peran"] {
        let form = [("tanda", mark.as_str()), ("peran", "asn")];
        let answer = admin.post(&format!("/pengguna/{id}/{act}"), &form).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
    }
    assert!(!admin.get("/pengguna").await.body.contains(">baru<"));
}
