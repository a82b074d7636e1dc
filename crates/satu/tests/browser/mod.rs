//! The site in a real Chromium, over a demo's made-up persons.

mod accounts;
pub mod driver;
mod feed;
mod privacy;
mod programs;
mod proposals;
mod sso;

use driver::{Browser, Site};
use fantoccini::{Client, Locator};

const PHONE: u32 = 390;
const DESK: u32 = 1440;

/// Looks at a page: it fits its window, and axe-core finds no fault.
async fn look(browser: &Browser, name: &str) {
    let faults = browser.faults().await;
    let path = browser.path().await;
    assert!(faults.is_empty(), "{path}\n{}", faults.join("\n"));
    let wide = browser.overflows().await;
    assert!(wide.is_empty(), "{path} is wider than its window: {wide}");
    browser.picture(name).await;
}

async fn all(client: &Client, css: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for element in client.find_all(Locator::Css(css)).await.unwrap() {
        texts.push(element.text().await.unwrap());
    }
    texts
}

/// The pages that each account is offered, at a phone's and a desk's width, in both languages.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_and_is_accessible() {
    let site = Site::start();
    for (width, size) in [(DESK, "desk"), (PHONE, "phone")] {
        for (login, paths) in [
            (
                "walidata",
                &[
                    "/",
                    "/cari",
                    "/cari?q=siti",
                    "/tinjau",
                    "/keputusan",
                    "/kiriman",
                    "/kiriman/baru",
                    "/?per=instansi",
                    "/standar",
                    "/data",
                    "/data/asn-usia",
                    "/akun",
                    "/akun/sandi",
                    "/akun/kedua",
                    "/akun/token",
                    "/pengguna",
                    "/pengguna/undang",
                    "/program",
                    "/program/baru",
                    "/pemberitahuan/baru",
                    "/privasi",
                    "/permintaan",
                    "/pelanggaran",
                ][..],
            ),
            ("petugas", &["/", "/cari?q=siti", "/kiriman"][..]),
            ("asn", &["/saya", "/saya/hak", "/akun"][..]),
        ] {
            let browser = Browser::open(&site, width, true).await;
            browser.go("/masuk").await;
            look(&browser, &format!("masuk-{size}")).await;
            browser.sign_in(login, &site.password).await;
            for path in paths {
                browser.go(path).await;
                let name = path.replace(['/', '?', '='], "-");
                look(&browser, &format!("{login}{name}-{size}")).await;
            }
            if login == "walidata" {
                browser.go("/cari?q=siti").await;
                browser.follow("main tbody a").await;
                look(&browser, &format!("orang-{size}")).await;
                browser.go("/kiriman").await;
                browser.follow("main tbody a").await;
                look(&browser, &format!("kiriman-{size}")).await;
                browser.go("/tinjau/berikut").await;
                look(&browser, &format!("tinjau-{size}")).await;
                browser.follow("header a[hreflang=en]").await;
                assert!(browser.text().await.contains("Is this the same person?"));
                look(&browser, &format!("review-{size}")).await;
                browser.go("/tidak-ada").await;
                look(&browser, &format!("tidak-ada-{size}")).await;
            }
            browser.close().await;
        }
    }
}

/// The work of an officer, with and without scripts.
#[tokio::test(flavor = "multi_thread")]
async fn a_doubt_is_decided_and_taken_back() {
    let site = Site::start();
    let browser = Browser::open(&site, DESK, false).await;
    browser.go("/tinjau").await;
    assert!(
        browser.path().await.starts_with("/masuk"),
        "only for officers"
    );
    browser.sign_in("walidata", "bukan kata sandi").await;
    assert!(browser.text().await.contains("Belum berhasil"));
    browser.sign_in("walidata", &site.password).await;
    browser.go("/tinjau/berikut").await;
    let doubt = browser.path().await;
    browser.fill("#alasan", "Saudara kembar").await;
    browser.follow("button[value=beda]").await;
    assert!(browser.text().await.contains("Keputusan dicatat."));
    assert!(browser.text().await.contains("0 menunggu"));
    browser.go(&doubt).await;
    assert!(browser.text().await.contains("Halaman tidak ditemukan"));
    browser.go("/keputusan").await;
    browser.click("main summary").await;
    browser
        .fill("main td input[name=alasan]", "Salah tekan")
        .await;
    browser.follow("main td .button").await;
    assert_eq!(
        all(&browser.client, "main tbody .tag").await,
        ["dibatalkan"]
    );

    browser.close().await;

    // By keyboard: S asks for the reason first, and Enter then answers what S said.
    let browser = Browser::open(&site, DESK, true).await;
    browser.sign_in("walidata", &site.password).await;
    browser.go("/tinjau/berikut").await;
    let body = browser.client.find(Locator::Css("body")).await.unwrap();
    body.send_keys("s").await.unwrap();
    let reason = browser.client.active_element().await.unwrap();
    assert_eq!(reason.attr("id").await.unwrap().as_deref(), Some("alasan"));
    reason.send_keys("NIK sama\u{e007}").await.unwrap();
    browser
        .client
        .wait()
        .for_element(Locator::Css(".done"))
        .await
        .unwrap();
    browser.go("/keputusan").await;
    let decided = all(&browser.client, "main tbody th").await;
    assert!(decided[0].contains("satu orang"), "{decided:?}");
    assert_eq!(decided.len(), 2);
    browser.close().await;
}

/// An officer finds no one of another agency; a civil servant sees their own record alone.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_what_is_not_theirs() {
    let site = Site::start();
    let centre = Browser::open(&site, DESK, true).await;
    centre.sign_in("walidata", &site.password).await;
    centre.go("/cari?q=siti").await;
    let everyone = all(&centre.client, "main tbody th a").await.len();
    let officer = Browser::open(&site, DESK, true).await;
    officer.sign_in("petugas", &site.password).await;
    officer.go("/cari?q=siti").await;
    let own = all(&officer.client, "main tbody th a").await.len();
    officer.close().await;
    assert!(own < everyone, "{own} of {everyone}");
    let servant = Browser::open(&site, DESK, true).await;
    servant.sign_in("asn", &site.password).await;
    for path in ["/cari?q=siti", "/tinjau", "/keputusan"] {
        servant.go(path).await;
        assert!(
            servant.text().await.contains("Permintaan ditolak"),
            "{path}"
        );
    }
    servant.go("/saya").await;
    let mine = servant.path().await;
    assert!(servant.text().await.contains("Data induk"));
    // What is masked for the officer, on the record once it is shown, the servant then sees.
    centre.go(&mine).await;
    let masked = centre.text().await;
    assert!(masked.contains("••••••"));
    centre.click(".unmask summary").await;
    let purpose = centre.client.find(Locator::Css("#tujuan")).await.unwrap();
    purpose.select_by_value("layanan").await.unwrap();
    centre.follow(".unmask .button").await;
    assert!(!centre.text().await.contains("••••••"));
    servant.go(&mine).await;
    let told = servant.text().await;
    assert!(told.contains("walidata") && told.contains("Layanan kepegawaian"));
    for path in (1..=20).map(|other| format!("/orang/{other}")) {
        if path != mine {
            servant.go(&path).await;
            assert!(
                servant.text().await.contains("Halaman tidak ditemukan"),
                "{path}"
            );
        }
    }
    centre.close().await;
    servant.close().await;
}

/// A file is checked first, then sent by a second click; the same bytes again change nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_checked_and_then_sent() {
    let site = Site::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contoh.csv");
    let rows = "nip,nik,nama,tanggal_lahir,jenis_kelamin\n\
                198503172010012005,3273015703850004,Ani Contoh,1985-03-17,P\n\
                198503172010012005,,=Rumus Contoh,31-02-1985,P\n";
    std::fs::write(&file, rows).unwrap();
    let browser = Browser::open(&site, PHONE, true).await;
    browser.sign_in("petugas", &site.password).await;
    for again in [false, true] {
        browser.go("/kiriman/baru").await;
        let choice = browser.client.find(Locator::Css("#berkas")).await.unwrap();
        choice.send_keys(&file.to_string_lossy()).await.unwrap();
        browser.follow("main form.form .button").await;
        if !again {
            browser.follow("form[action$='/kirim'] .button").await;
        }
        let arrived = browser
            .client
            .wait()
            .at_most(std::time::Duration::from_mins(1));
        arrived
            .for_element(Locator::Css("a[href*='temuan.csv']"))
            .await
            .unwrap();
        let path = browser.path().await;
        assert_eq!(path.contains("sama"), again, "{path}");
        let text = browser.text().await;
        assert!(
            text.contains("contoh.csv") && text.contains("31-02-1985"),
            "{text}"
        );
        look(
            &browser,
            if again {
                "kiriman-sama"
            } else {
                "kiriman-baru"
            },
        )
        .await;
    }
    browser.close().await;
}
