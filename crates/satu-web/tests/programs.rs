//! Programs, made and ended on the site.

use axum::http::StatusCode;
use jiff::Timestamp;
use satu_registry::four_eyes;
use satu_store::accounts::Role;
use satu_store::entry::FourEyes;

use crate::browser::{Browser, PASSWORD, Site, site, site_on_postgres};

/// The site with an administrator of the first agency, and another.
async fn administered(site: &Site) {
    let accounts = site.store.accounts();
    let (_, hash) = accounts.find("walidata").await.unwrap().unwrap();
    for login in ["admin", "lain"] {
        let role = Role::Administrator {
            places: "Pemerintah Kota Contoh".into(),
        };
        accounts.add(login, "Contoh", role, &hash).await.unwrap();
    }
}

const NAME: (&str, &str) = ("nama", "SIMPEG Contoh");
const CITY: (&str, &str) = ("instansi", "Pemerintah Kota Contoh");
const READ: (&str, &str) = ("hak-people.read", "1");
const MINE: (&str, &str) = ("sandi", PASSWORD);

async fn lived(site: Site) {
    administered(&site).await;
    let clients = site.store.clients();
    let mut admin = Browser::of(&site, "admin").await;
    let form = admin.get("/program/baru").await.body;
    assert!(form.contains("Kota Contoh</textarea>") && !form.contains("name=\"semua\""));

    for (fields, why) in [
        (&[NAME, CITY, MINE][..], "satu hak"),
        (&[NAME, READ, MINE], "satu dan paling banyak 100"),
        (&[CITY, READ, MINE], "Tulis namanya"),
        (
            &[NAME, CITY, ("hak-people.sensitive", "1"), MINE],
            "Pilih tujuannya",
        ),
        (
            &[NAME, ("instansi", "Kementerian Contoh"), READ, MINE],
            "di luar kewenangan",
        ),
        (
            &[NAME, CITY, ("semua", "1"), READ, MINE],
            "di luar kewenangan",
        ),
        // One of the centre's is as if it were not there.
        (
            &[NAME, CITY, READ, ("pemilik", "walidata"), MINE],
            "Tidak ada akun walidata",
        ),
        (
            &[NAME, CITY, READ, ("pemilik", "tiada"), MINE],
            "Tidak ada akun tiada",
        ),
        (
            &[NAME, CITY, READ, ("sandi", "salah")],
            "Kata sandi sekarang salah",
        ),
    ] {
        let refused = admin.sent("/program/baru", fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
    }
    let odd = [NAME, CITY, READ, ("tujuan", "iseng"), MINE];
    let refused = admin.sent("/program/baru", &odd).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(clients.list().await.unwrap().is_empty());

    let fields = [NAME, CITY, READ, ("pemilik", "petugas"), MINE];
    let made = admin.sent("/program/baru", &fields).await;
    let (key, first) = (made.shown("kunci"), made.shown("rahasia"));
    let good = async |secret: &str| clients.proven(&key, secret).await.unwrap().is_some();
    assert!(good(&first).await);
    let one = clients.list().await.unwrap().remove(0);
    assert_eq!((one.owner.as_str(), one.secrets.len()), ("petugas", 1));
    let path = format!("/program/{}", one.client.id);
    let list = admin.get("/program").await.body;
    assert!(list.contains(&path) && list.contains("people.read") && list.contains("petugas"));
    let none = admin.get("/program?cari=lain").await.body;
    assert!(!none.contains(&path), "{none}");

    // The secret before stays good until it is removed.
    let turn = format!("{path}/rahasia");
    let refused = admin.sent(&turn, &[("sandi", "salah")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let second = admin.sent(&turn, &[MINE]).await.shown("rahasia");
    assert!(good(&first).await && good(&second).await);
    let page = admin.get(&path).await.body;
    assert!(!page.contains(&second) && page.contains("dua rahasia"));
    assert_eq!(page.matches("Belum pernah dipakai.").count(), 2);
    let now = Timestamp::now();
    let issued = clients.issue(&one.client, &first, "tanda", &one.client.rights, now, now);
    assert!(issued.await.unwrap());
    let page = admin.get(&path).await.body;
    assert_eq!(page.matches("Terakhir dipakai").count(), 1);
    assert!(page.find("Belum pernah") < page.find("Terakhir dipakai"));
    let dropped = admin.sent(&format!("{path}/lama"), &[]).await;
    assert_eq!(
        dropped.header("location"),
        Some(format!("{path}?lama").as_str())
    );
    assert!(!good(&first).await && good(&second).await);
    admin.sent(&format!("{path}/tutup"), &[]).await;
    assert!(!good(&second).await);
    clients
        .set_owner(&key, "admin", four_eyes::OPERATOR)
        .await
        .unwrap();
    let page = admin.get(&path).await.body;
    assert!(page.contains("Tanpa rahasia"));
    // What was done, in the order in which it was, with who did it.
    let history = page.split("id=\"riwayat\"").nth(1).unwrap();
    let mut rest = history;
    for told in [
        "Program SIMPEG Contoh dibuat untuk Pemerintah Kota Contoh: people.read. Penanggung jawab: petugas",
        "<span>admin</span>",
        "Rahasia baru dibuat",
        "<span>admin</span>",
        "Rahasia lama dan semua token dihapus",
        "Program diakhiri",
        "Penanggung jawab: admin",
        "Operator, lewat baris perintah",
    ] {
        let at = rest
            .find(told)
            .unwrap_or_else(|| panic!("{told}: {history}"));
        rest = &rest[at + told.len()..];
    }

    // What reaches further is not theirs.
    let mut centre = Browser::of(&site, "walidata").await;
    let wide = [NAME, ("semua", "1"), READ, MINE];
    let key = centre.sent("/program/baru", &wide).await.shown("kunci");
    let id = clients.named(&key).await.unwrap().id;
    let path = format!("/program/{id}");
    assert!(!admin.get("/program").await.body.contains(&path));
    assert_eq!(admin.get(&path).await.status, StatusCode::NOT_FOUND);
    let own = clients.one(id).await.unwrap().unwrap().owner;
    assert_eq!(own, "walidata", "who makes it answers for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_made_turned_and_ended_on_the_site() {
    lived(site(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_is_on_postgresql() {
    lived(site_on_postgres(satu_web::Settings::default()).await).await;
}

/// Whoever holds its secret reads what an officer would: a second person is asked as for an officer.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_waits_for_a_second_person() {
    let site = site(false).await;
    administered(&site).await;
    let accounts = site.store.accounts();
    let (_, hash) = accounts.find("walidata").await.unwrap().unwrap();
    let second = accounts.add("dua", "Contoh", Role::Walidata, &hash);
    second.await.unwrap();
    let on = FourEyes {
        on: true,
        records: 50,
        by: four_eyes::OPERATOR.into(),
    };
    four_eyes::set(&site.store, on, "").await.unwrap();
    let mut admin = Browser::of(&site, "admin").await;
    let fields = [NAME, CITY, READ, MINE];
    let unsaid = admin.sent("/program/baru", &fields).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [NAME, CITY, READ, MINE, ("alasan", "SIMPEG baru")];
    let waits = admin.sent("/program/baru", &fields).await;
    let waits = waits.header("location").unwrap().to_owned();
    let page = admin.get(&waits).await.body;
    let told = "Buat program SIMPEG Contoh untuk Pemerintah Kota Contoh: people.read";
    assert!(page.contains(told), "{page}");
    let yes = [("putusan", "setuju"), ("alasan", "benar")];
    let own = admin.sent(&waits, &yes).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let clients = site.store.clients();
    assert!(clients.list().await.unwrap().is_empty());

    let mut lain = Browser::of(&site, "lain").await;
    let done = lain.sent(&waits, &yes).await;
    assert_eq!(done.header("location"), Some(waits.as_str()));
    let one = clients.list().await.unwrap().remove(0);
    let city = Role::Officer {
        places: "Pemerintah Kota Contoh".into(),
    };
    assert_eq!((&one.client.role, one.owner.as_str()), (&city, "admin"));
    assert!(one.secrets.is_empty());
    let turn = format!("/program/{}/rahasia", one.client.id);
    let secret = admin.sent(&turn, &[MINE]).await.shown("rahasia");
    let good = async |secret: &str| {
        let proven = clients.proven(&one.client.key, secret).await.unwrap();
        proven.is_some()
    };
    assert!(good(&secret).await);

    // So does another secret: it is proposed, approved by another, and then shown to who proposed it, once.
    let page = format!("/program/{}", one.client.id);
    let unsaid = admin.sent(&turn, &[MINE]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.body.contains("name=\"alasan\""), "{}", unsaid.body);
    let why = [MINE, ("alasan", "pengembang berganti")];
    let waits = admin.sent(&turn, &why).await;
    let waits = waits.header("location").unwrap().to_owned();
    let told = admin.get(&waits).await.body;
    assert!(
        told.contains("Rahasia baru untuk program SIMPEG Contoh"),
        "{told}"
    );
    let own = admin.sent(&waits, &yes).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let before = admin.sent(&turn, &why).await;
    assert_eq!(before.header("location"), Some(waits.as_str()));
    let done = lain.sent(&waits, &yes).await;
    assert_eq!(done.header("location"), Some(waits.as_str()));
    assert!(!lain.get(&page).await.body.contains("sudah disetujui"));
    assert!(admin.get(&page).await.body.contains("sudah disetujui"));
    let second = admin.sent(&turn, &[MINE]).await.shown("rahasia");
    assert!(good(&second).await && second != secret);
    assert!(!admin.get(&page).await.body.contains("sudah disetujui"));
    let again = admin.sent(&turn, &[MINE]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let program = format!("program:{}", one.client.key);
    assert!(accounts.saw_secret(&program, "admin").await.unwrap());
    assert!(!accounts.saw_secret(&program, "lain").await.unwrap());
}
