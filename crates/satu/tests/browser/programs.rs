//! A program with its secrets, an address that is told, and a personal token, on a phone and on a desk.

use fantoccini::Locator;
use satu_store::accounts::Role;

use super::driver::{Browser, Site};
use super::{DESK, PHONE, look};

#[tokio::test(flavor = "multi_thread")]
async fn a_program_has_its_life_on_the_site() {
    let site = Site::start();
    let store = site.store().await;
    let accounts = store.accounts();
    let (_, hash) = accounts.find("walidata").await.unwrap().unwrap();
    let role = Role::Administrator {
        places: "Pemerintah Kota Contoh".into(),
    };
    let made = accounts.add("kota.admin", "Contoh Pengelola", role, &hash);
    made.await.unwrap();
    for (width, size) in [(DESK, "desk"), (PHONE, "phone")] {
        let admin = Browser::open(&site, width, true).await;
        admin.sign_in("kota.admin", &site.password).await;
        admin.follow("a[href='/program']").await;
        look(&admin, &format!("program-{size}")).await;
        admin.follow("a[href='/program/baru']").await;
        look(&admin, &format!("program-baru-{size}")).await;
        admin.fill("#nama", "SIMPEG Kota Contoh").await;
        admin.fill("#sandi", &site.password).await;
        admin.follow("main form .button").await;
        admin.arrives(".problem").await;
        look(&admin, &format!("program-salah-{size}")).await;
        admin.click("input[name='hak-people.read']").await;
        admin.click("input[name='hak-changes.read']").await;
        admin.fill("#sandi", &site.password).await;
        admin.follow("main form .button").await;
        admin.arrives("#rahasia").await;
        look(&admin, &format!("program-rahasia-{size}")).await;
        let key = admin.client.find(Locator::Css("#kunci")).await.unwrap();
        let key = key.prop("value").await.unwrap().unwrap();
        let id = store.clients().named(&key).await.unwrap().id;
        let path = format!("/program/{id}");
        admin.follow(&format!("main a[href='{path}']")).await;
        admin.fill("#sandi", &site.password).await;
        admin.follow("form[action$='/rahasia'] .button").await;
        admin.arrives("#kunci").await;
        admin.follow(&format!("main a[href='{path}']")).await;
        look(&admin, &format!("program-satu-{size}")).await;

        admin.go("/pemberitahuan").await;
        admin.follow("a[href='/pemberitahuan/baru']").await;
        look(&admin, &format!("alamat-baru-{size}")).await;
        let program = admin.client.find(Locator::Css("#program")).await.unwrap();
        program.select_by_value(&id.to_string()).await.unwrap();
        admin
            .fill("#alamat", "https://simpeg.example.com/kabar")
            .await;
        admin.fill("#sandi", &site.password).await;
        admin.follow("main form .button").await;
        admin.arrives("#rahasia").await;
        look(&admin, &format!("alamat-rahasia-{size}")).await;
        admin.follow("main a[href^='/pemberitahuan/']").await;
        look(&admin, &format!("alamat-satu-{size}")).await;
        admin.follow("form[action$='/akhiri'] .button").await;
        let told = admin.text().await;
        assert!(told.contains("Alamat itu tidak dikabari lagi."), "{told}");
        look(&admin, &format!("alamat-{size}")).await;

        admin.go(&path).await;
        admin.follow("form[action$='/lama'] .button").await;
        admin.follow("form[action$='/tutup'] .button").await;
        let told = admin.text().await;
        assert!(told.contains("Program sudah diakhiri."), "{told}");
        look(&admin, &format!("program-tutup-{size}")).await;
        admin.go("/program").await;
        look(&admin, &format!("program-daftar-{size}")).await;
        admin.follow("header a[hreflang=en]").await;
        assert!(admin.text().await.contains("Make a program"));
        admin.close().await;

        let officer = Browser::open(&site, width, true).await;
        officer.sign_in("petugas", &site.password).await;
        officer.go("/akun").await;
        officer.follow("a[href='/akun/token']").await;
        officer.fill("#nama", "SIMPEG").await;
        officer.fill("#sandi", "bukan kata sandi").await;
        officer.follow("main form .button").await;
        officer.arrives(".problem").await;
        look(&officer, &format!("token-salah-{size}")).await;
        officer.fill("#sandi", &site.password).await;
        officer.follow("main form .button").await;
        officer.arrives("#token").await;
        look(&officer, &format!("token-dibuat-{size}")).await;
        officer.follow("main a[href='/akun/token']").await;
        look(&officer, &format!("token-{size}")).await;
        officer.fill("#sandi", &site.password).await;
        officer.follow("main td .button").await;
        let told = officer.text().await;
        assert!(told.contains("Token itu sudah diakhiri."), "{told}");
        officer.close().await;
    }
}
