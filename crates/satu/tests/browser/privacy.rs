//! A civil servant's rights, and a breach, by the pages alone.

use fantoccini::Locator;

use super::driver::{Browser, Site};
use super::{DESK, PHONE, look};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_and_a_breach_is_told() {
    let site = Site::start();
    let servant = Browser::open(&site, PHONE, true).await;
    servant.sign_in("asn", &site.password).await;
    servant.go("/saya").await;
    let record = servant.path().await;
    servant.go("/saya/hak").await;
    let about = servant.client.find(Locator::Css("#tentang")).await.unwrap();
    about.select_by_value("perbaikan").await.unwrap();
    servant.fill("#uraian", "Agama saya salah tertulis").await;
    servant.follow("main form .button").await;
    assert!(
        servant
            .text()
            .await
            .contains("Permintaan Anda sudah dicatat.")
    );
    look(&servant, "hak-diminta").await;

    let centre = Browser::open(&site, DESK, true).await;
    centre.sign_in("walidata", &site.password).await;
    centre.go("/permintaan").await;
    look(&centre, "permintaan-menunggu").await;
    centre.follow("main tbody a").await;
    look(&centre, "permintaan-satu").await;
    centre.click("input[value=tolak]").await;
    centre.fill("#jawaban", "Dokumen belum ada").await;
    centre.follow("main form .button").await;
    look(&centre, "permintaan-dijawab").await;

    centre.go("/pelanggaran").await;
    let script = "document.querySelector('#diketahui').value = '2026-08-01T09:30'";
    centre.client.execute(script, vec![]).await.unwrap();
    for (field, text) in [
        ("#data", "NIK"),
        ("#cara", "Akun dipakai orang"),
        ("#penanganan", "Ditutup"),
    ] {
        centre.fill(field, text).await;
    }
    centre.follow("main form .button").await;
    let breach = centre.path().await;
    centre.go(&record).await;
    let nip = centre.client.find(Locator::Css("main .id")).await.unwrap();
    let nip = nip.text().await.unwrap();
    centre.go(&breach).await;
    centre.fill("#nip", &nip).await;
    centre.follow("form[action$='/orang'] .button").await;
    assert!(centre.text().await.contains("1 pegawai terdampak"));
    centre.follow("form[action$='/kabar'] .button").await;
    look(&centre, "pelanggaran-satu").await;
    centre.go("/pelanggaran").await;
    look(&centre, "pelanggaran-daftar").await;
    centre.close().await;

    servant.go("/saya/hak").await;
    let told = servant.text().await;
    assert!(told.contains("Dokumen belum ada") && told.contains("data Anda terungkap"));
    look(&servant, "hak-dijawab").await;
    servant.close().await;
}
