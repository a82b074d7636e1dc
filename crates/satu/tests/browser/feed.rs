//! An extract compared, and an address that could not be told, by the pages alone.

use fantoccini::Locator;
use jiff::Timestamp;
use satu_store::accounts::Role;
use satu_store::clients::{Client, Rights};

use super::driver::{Browser, Site};
use super::{DESK, PHONE, look};

#[tokio::test(flavor = "multi_thread")]
async fn an_extract_is_compared() {
    let site = Site::start();
    let officer = Browser::open(&site, PHONE, true).await;
    officer.sign_in("petugas", &site.password).await;
    officer.go("/cari?q=siti").await;
    officer.follow("main tbody a").await;
    let person = officer.path().await;
    let nip = officer.client.find(Locator::Css("main .id")).await.unwrap();
    let nip = nip.text().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("simpeg.csv");
    let born = format!("{}-{}-{}", &nip[..4], &nip[4..6], &nip[6..8]);
    let rows = format!(
        "NIP Baru;Nama;Tgl Lahir;Email;Gol/Ruang\n{nip};Siti Contoh;{born};lain@contoh.id;I/a\n\
         199912312022011001;Tidak Dikenal;1999-12-31;;\n"
    );
    std::fs::write(&file, rows).unwrap();
    officer.go("/kiriman").await;
    officer.follow("a[href='/kiriman/cocok']").await;
    look(&officer, "cocok-baru").await;
    let own = officer
        .client
        .find(Locator::Css("#instansi"))
        .await
        .unwrap();
    assert!(own.attr("readonly").await.unwrap().is_some());
    let purpose = officer.client.find(Locator::Css("#tujuan")).await.unwrap();
    purpose.select_by_value("verifikasi").await.unwrap();
    let choice = officer.client.find(Locator::Css("#berkas")).await.unwrap();
    choice.send_keys(&file.to_string_lossy()).await.unwrap();
    officer.follow("main form.form .button").await;
    let arrived = officer
        .client
        .wait()
        .at_most(std::time::Duration::from_mins(1));
    arrived
        .for_element(Locator::Css("a[href$='hasil.xlsx']"))
        .await
        .unwrap();
    let text = officer.text().await;
    for told in [
        "Hanya di berkas",
        "Hanya di data induk",
        "Golongan",
        "I/a",
        "••••••••",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    assert!(!text.contains("lain@contoh.id"), "{text}");
    assert!(
        officer
            .client
            .find(Locator::Css(&format!("main td a[href='{person}']")))
            .await
            .is_ok()
    );
    look(&officer, "cocok-hasil").await;
    officer.follow("header a[hreflang=en]").await;
    assert!(officer.text().await.contains("Only in the register"));
    officer.close().await;

    let centre = Browser::open(&site, DESK, true).await;
    centre.sign_in("walidata", &site.password).await;
    centre.go("/kiriman/cocok").await;
    centre.fill("#instansi", "Tidak Ada").await;
    let choice = centre.client.find(Locator::Css("#berkas")).await.unwrap();
    choice.send_keys(&file.to_string_lossy()).await.unwrap();
    centre.follow("main form.form .button").await;
    let arrived = centre
        .client
        .wait()
        .at_most(std::time::Duration::from_mins(1));
    arrived.for_element(Locator::Css(".problem")).await.unwrap();
    look(&centre, "cocok-gagal").await;
    centre.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_told_is_told_again() {
    let site = Site::start();
    let store = site.store().await;
    let client = Client {
        id: 0,
        key: "contoh".into(),
        name: "SIMPEG Contoh".into(),
        role: Role::Walidata,
        rights: Rights::parse("changes.read").unwrap(),
        purpose: String::new(),
    };
    let (now, hooks) = (Timestamp::now(), store.webhooks());
    let client = store
        .clients()
        .add(client, "", "rahasia", "walidata", now)
        .await
        .unwrap();
    let url = "https://simpeg.example.com/kabar";
    let id = hooks
        .add(client.id, url, "", "n", now)
        .await
        .unwrap()
        .unwrap();
    let mut hook = hooks.one(id).await.unwrap().unwrap();
    for _ in 0..2 {
        hook.place.id += 1;
        let (change, fault) = (hook.place, "answered 500");
        hooks.give_up(&hook, change, fault, 2, now).await.unwrap();
    }
    let centre = Browser::open(&site, DESK, true).await;
    centre.sign_in("walidata", &site.password).await;
    centre.go("/kiriman").await;
    centre.follow("a[href='/pemberitahuan']").await;
    assert!(centre.text().await.contains("Dihentikan"));
    look(&centre, "pemberitahuan").await;
    centre.follow("main tbody a").await;
    look(&centre, "pemberitahuan-satu").await;
    centre.follow("main td form .button").await;
    assert!(centre.text().await.contains("1 perubahan dikirim ulang."));
    centre.follow("form[action$='/lanjut'] .button").await;
    assert!(centre.text().await.contains("Dicoba lagi sekarang."));
    look(&centre, "pemberitahuan-lagi").await;
    centre.close().await;
    let officer = Browser::open(&site, PHONE, true).await;
    officer.sign_in("petugas", &site.password).await;
    officer.go(&format!("/pemberitahuan/{id}")).await;
    assert!(officer.text().await.contains("Halaman tidak ditemukan"));
    officer.go("/pemberitahuan").await;
    look(&officer, "pemberitahuan-kosong").await;
    officer.close().await;
}
