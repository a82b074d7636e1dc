//! How an account comes about and is guarded, in both languages, on a phone and on a desk.

use fantoccini::Locator;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::driver::{Browser, Site};
use super::{DESK, PHONE, look};

const NEW: &str = "gerimis menulis peta lama";

/// What an authenticator shows for a secret, so many steps from now.
fn code(secret: &str, more: u64) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letters: Vec<u8> = secret.bytes().filter(|byte| *byte != b' ').collect();
    let key = letters.chunks(8).flat_map(|eight| {
        let bits = eight.iter().fold(0_u64, |bits, letter| {
            let value = LETTERS.iter().position(|one| one == letter).unwrap();
            bits << 5 | value as u64
        });
        bits.to_be_bytes()[3..].to_vec()
    });
    let since = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key.collect::<Vec<u8>>()).unwrap();
    mac.update(&(since / 30 + more).to_be_bytes());
    let mac = mac.finalize().into_bytes();
    let from = usize::from(mac[19] & 15);
    let four: [u8; 4] = mac[from..from + 4].try_into().unwrap();
    format!(
        "{:06}",
        (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
    )
}

async fn english(browser: &Browser) {
    browser.follow("header a[hreflang=en]").await;
    browser.arrives("html[lang=en]").await;
}

/// Gives login and password where a second factor is asked for.
async fn half_way(browser: &Browser, login: &str) {
    browser.go("/masuk").await;
    browser.fill("#nama", login).await;
    browser.fill("#sandi", NEW).await;
    browser.follow("main form .button").await;
    browser.arrives("#kode").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_invited_and_guarded() {
    let site = Site::start();
    for (width, size) in [(DESK, "desk"), (PHONE, "phone")] {
        let login = format!("baru.{size}");
        let admin = Browser::open(&site, width, true).await;
        admin.sign_in("walidata", &site.password).await;
        admin.go("/pengguna/undang").await;
        admin.fill("#nama", "walidata").await;
        admin.fill("#nama_lengkap", "Contoh Baru").await;
        let role = admin.client.find(Locator::Css("#peran")).await.unwrap();
        role.select_by_value("walidata").await.unwrap();
        admin.follow("main form .button").await;
        admin.arrives(".problem").await;
        look(&admin, &format!("undang-salah-{size}")).await;
        admin.fill("#nama", &login).await;
        admin.follow("main form .button").await;
        admin.arrives("#tautan").await;
        look(&admin, &format!("tautan-dibuat-{size}")).await;
        let link = admin.client.find(Locator::Css("#tautan")).await.unwrap();
        let link = link.prop("value").await.unwrap().unwrap();
        let link = link.strip_prefix(&site.address).unwrap();

        let owner = Browser::open(&site, width, true).await;
        owner.go(link).await;
        look(&owner, &format!("tautan-{size}")).await;
        english(&owner).await;
        owner.fill("#baru", NEW).await;
        owner.fill("#ulang", "something else than this").await;
        owner.follow("main form .button").await;
        owner.arrives(".problem").await;
        look(&owner, &format!("tautan-en-{size}")).await;
        owner.fill("#baru", NEW).await;
        owner.fill("#ulang", NEW).await;
        owner.follow("main form .button").await;
        owner.arrives("#nama").await;
        owner.go(link).await;
        assert!(owner.text().await.contains("The link is not valid"));
        look(&owner, &format!("tautan-lewat-{size}")).await;
        owner.sign_in(&login, NEW).await;
        owner.go("/akun/sandi").await;
        look(&owner, &format!("sandi-en-{size}")).await;
        owner.go("/akun/kedua").await;
        look(&owner, &format!("kedua-en-{size}")).await;
        let secret = owner.client.find(Locator::Css("main code")).await.unwrap();
        let secret = secret.text().await.unwrap();
        owner.fill("#kode", &code(&secret, 0)).await;
        owner.fill("#sandi", NEW).await;
        owner.follow("main form .button").await;
        owner.arrives(".codes").await;
        look(&owner, &format!("pemulihan-en-{size}")).await;
        let recovery = owner
            .client
            .find(Locator::Css(".codes code"))
            .await
            .unwrap();
        let recovery = recovery.text().await.unwrap();
        owner.go("/akun/kedua").await;
        look(&owner, &format!("kedua-ada-en-{size}")).await;
        owner.close().await;

        let elsewhere = Browser::open(&site, width, true).await;
        half_way(&elsewhere, &login).await;
        look(&elsewhere, &format!("kode-{size}")).await;
        elsewhere.fill("#kode", "bukan kode").await;
        elsewhere.follow("main form .button").await;
        elsewhere.arrives(".problem").await;
        english(&elsewhere).await;
        look(&elsewhere, &format!("kode-en-{size}")).await;
        elsewhere.fill("#kode", &recovery).await;
        elsewhere.follow("main form .button").await;
        elsewhere.arrives("form[action='/keluar']").await;
        elsewhere.go("/akun").await;
        assert!(elsewhere.text().await.contains("127.0.0.1"));
        look(&elsewhere, &format!("akun-en-{size}")).await;
        elsewhere.close().await;

        admin.go("/pengguna").await;
        english(&admin).await;
        admin.click("main tbody tr:nth-child(2) summary").await;
        look(&admin, &format!("pengguna-en-{size}")).await;
        admin.go("/pengguna/undang").await;
        look(&admin, &format!("undang-en-{size}")).await;
        admin.close().await;
    }
}
