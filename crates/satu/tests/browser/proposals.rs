//! A role that waits for a second person, and an agency's administrator, on a phone and on a desk.

use fantoccini::Locator;
use satu_registry::four_eyes;
use satu_store::accounts::Role;
use satu_store::entry::FourEyes;

use super::driver::{Browser, Site};
use super::{DESK, PHONE, look};

#[tokio::test(flavor = "multi_thread")]
async fn a_role_waits_for_a_second_person() {
    let site = Site::start();
    let store = site.store().await;
    let accounts = store.accounts();
    let (_, hash) = accounts.find("walidata").await.unwrap().unwrap();
    let role = Role::Administrator {
        places: "Pemerintah Kota Contoh".into(),
    };
    for (login, role) in [("dua", Role::Walidata), ("kota.admin", role)] {
        accounts
            .add(login, "Contoh Kedua", role, &hash)
            .await
            .unwrap();
    }
    let on = FourEyes {
        on: true,
        records: 50,
        by: four_eyes::OPERATOR.into(),
    };
    four_eyes::set(&store, on, "").await.unwrap();
    for (width, size) in [(DESK, "desk"), (PHONE, "phone")] {
        let login = format!("dinas.{size}");
        let admin = Browser::open(&site, width, true).await;
        admin.sign_in("kota.admin", &site.password).await;
        look(&admin, &format!("pengguna-instansi-{size}")).await;
        admin.go("/pengguna/undang").await;
        admin.fill("#nama", &login).await;
        admin.fill("#nama_lengkap", "Contoh Dinas").await;
        let role = admin.client.find(Locator::Css("#peran")).await.unwrap();
        role.select_by_value("officer").await.unwrap();
        admin
            .fill("#instansi", "Pemerintah Kota Contoh > Dinas Kesehatan")
            .await;
        admin.follow("main form .button").await;
        admin.arrives(".problem").await;
        admin.fill("#alasan", "petugas baru dinas").await;
        admin.follow("main form .button").await;
        admin.arrives("button[value=tarik]").await;
        let path = admin.path().await;
        look(&admin, &format!("usulan-sendiri-{size}")).await;

        let second = Browser::open(&site, width, true).await;
        second.sign_in("dua", &site.password).await;
        second.go("/usulan").await;
        look(&second, &format!("usulan-{size}")).await;
        second.follow(&format!("main a[href='{path}']")).await;
        second.arrives("button[value=setuju]").await;
        look(&second, &format!("usulan-jawab-{size}")).await;
        second.fill("#alasan", "benar, bertugas di dinas").await;
        second.follow("button[value=setuju]").await;
        let told = second.text().await;
        assert!(
            told.contains("Disetujui") && told.contains("benar, bertugas"),
            "{told}"
        );
        look(&second, &format!("usulan-selesai-{size}")).await;
        let made = accounts.named(&login).await.unwrap();
        second.go(&format!("/pengguna/{}/peran", made.id)).await;
        look(&second, &format!("peran-{size}")).await;

        // Its first password: the link is with one of them, the code with the other.
        second.go(&format!("/pengguna?cari={login}")).await;
        second
            .client
            .execute("document.querySelector('details').open = true", vec![])
            .await
            .unwrap();
        second.follow("form[action$='/tautan'] button").await;
        second.arrives("#tautan").await;
        look(&second, &format!("tautan-separuh-{size}")).await;
        let link = value(&second, "#tautan").await;
        let path = link.split_once("/tautan/").unwrap().1.to_owned();
        second.follow("main a[href^='/usulan/']").await;
        second.arrives("button[value=tarik]").await;
        let proposal = second.path().await;
        admin.go(&proposal).await;
        admin.fill("#alasan", "saya mengenalnya").await;
        admin.follow("button[value=setuju]").await;
        admin.arrives("#kode").await;
        look(&admin, &format!("tautan-kode-{size}")).await;
        let code = value(&admin, "#kode").await;
        let owner = Browser::open(&site, width, true).await;
        owner.go(&format!("/tautan/{path}")).await;
        owner.fill("#kode", &code).await;
        for field in ["#baru", "#ulang"] {
            owner.fill(field, "Empat kata acak di sini 7").await;
        }
        look(&owner, &format!("tautan-dua-{size}")).await;
        owner.follow("main form .button").await;
        owner.arrives("#sandi").await;
        assert_eq!(owner.path().await, "/masuk");
        owner.close().await;
        second.close().await;
        admin.close().await;
    }
}

async fn value(browser: &Browser, field: &str) -> String {
    let field = browser.client.find(Locator::Css(field)).await.unwrap();
    field.attr("value").await.unwrap().unwrap()
}
