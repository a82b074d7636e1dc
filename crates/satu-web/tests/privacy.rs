//! Personal data: the notice, a civil servant's rights, requests and breaches.

use axum::http::StatusCode;
use jiff::Timestamp;
use satu_registry::link::link_all;
use satu_rules::PROCESSING;
use satu_store::entry::{Privacy, PrivacyAct};
use satu_store::{Entry, Scope};

use crate::PETUGAS;
use crate::browser::{Browser, Site, delivered, hidden, site};

const ROWS: &str = "nip,nik,nama,tanggal_lahir,jenis_kelamin,email\n\
                    198503172010012005,3273015703850004,ANI CONTOH,1985-03-17,P,ani@contoh.id\n\
                    199203042019031002,3273010403920001,CITRA CONTOH,1992-03-04,L,citra@contoh.id\n";

async fn country() -> Site {
    let site = site(false).await;
    delivered(&site, "sendiri", "Pemerintah Kota Contoh", ROWS).await;
    link_all(&site.store).await.unwrap();
    site
}

/// Sends a form with its mark; the page that follows.
async fn sent(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.sent(path, fields).await;
    assert_eq!(
        answer.status,
        StatusCode::SEE_OTHER,
        "{path}: {}",
        answer.body
    );
    let to = answer.header("location").unwrap().to_owned();
    browser.get(to.split('#').next().unwrap()).await.body
}

/// The number that stands on a page behind a text.
fn number_in(page: &str, before: &str) -> i64 {
    let behind = page.split_once(before).unwrap().1;
    let digits = behind.split(|sign: char| !sign.is_ascii_digit());
    digits.into_iter().next().unwrap().parse().unwrap()
}

/// The purposes that an officer can choose from, and those that the site itself gives.
#[tokio::test(flavor = "multi_thread")]
async fn every_purpose_is_in_the_record_of_processing() {
    let site = country().await;
    let page = Browser::new(&site).get("/privasi").await;
    for one in PROCESSING {
        assert!(page.body.contains(one.name[0]) && page.body.contains(one.basis));
    }
    let id = site
        .store
        .find(&Scope::whole(), "nip", "198503172010012005")
        .await
        .unwrap()[0];
    let page = Browser::of(&site, PETUGAS)
        .await
        .get(&format!("/orang/{id}"))
        .await;
    let choice = page
        .body
        .split("name=\"tujuan\"")
        .nth(1)
        .unwrap()
        .split("</select>")
        .next();
    let offered: Vec<&str> = choice
        .unwrap()
        .split("<option value=\"")
        .skip(2)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(!offered.is_empty());
    for purpose in offered.into_iter().chain(["tinjau"]) {
        assert!(PROCESSING.iter().any(|one| one.id == purpose), "{purpose}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_civil_servant_asks_and_is_answered() {
    let site = country().await;
    let (mut asn, mut officer) = (
        Browser::of(&site, "asn").await,
        Browser::of(&site, PETUGAS).await,
    );
    let text = "NIK saya <salah>; lihat KTP";
    let mark = hidden(&asn.get("/akun").await.body, "tanda");
    for fields in [
        [("tentang", "perbaikan"), ("uraian", " ")],
        [("tentang", "lain"), ("uraian", text)],
        [("tentang", "akses"), ("uraian", &"x".repeat(2_001))],
    ] {
        let mut all = vec![("tanda", mark.as_str())];
        all.extend(fields);
        let answer = asn.post("/saya/hak", &all).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("role=\"alert\""));
    }
    let fields = [("tentang", "perbaikan"), ("uraian", text)];
    let page = sent(&mut asn, "/saya/hak", &fields).await;
    assert!(
        page.contains("NIK saya &#60;salah&#62;; lihat KTP")
            && page.contains("Dijawab paling lambat")
    );

    let list = officer.get("/permintaan").await.body;
    let asked = format!("/permintaan/{}", number_in(&list, "href=\"/permintaan/"));
    assert!(list.contains("198503172010012005") && list.contains("1 menunggu jawaban"));
    let page = officer.get(&asked).await.body;
    assert!(page.contains("lihat KTP") && page.contains("href=\"/orang/"));
    let answer = [("putusan", "kabul"), ("jawaban", "Sudah dibetulkan.")];
    let page = sent(&mut officer, &asked, &answer).await;
    assert!(page.contains("0 menunggu jawaban") && page.contains("Dikabulkan"));
    let page = asn.get("/saya/hak").await.body;
    assert!(page.contains("Sudah dibetulkan.") && page.contains("Dijawab oleh petugas"));
    // Once answered, it stays as it was answered.
    let mark = hidden(&officer.get("/akun").await.body, "tanda");
    let again = [
        ("tanda", mark.as_str()),
        ("putusan", "tolak"),
        ("jawaban", "Tidak"),
    ];
    let again = officer.post(&asked, &again).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

/// An officer who is a civil servant asks as one; another officer answers.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_answers_their_own_request() {
    let site = country().await;
    let nip = "198503172010012005";
    let accounts = site.store.accounts();
    accounts.set_nip(PETUGAS, nip).await.unwrap();
    let mut asn = Browser::of(&site, "asn").await;
    let fields = [("tentang", "perbaikan"), ("uraian", "Golongan saya")];
    sent(&mut asn, "/saya/hak", &fields).await;
    let mut own = Browser::of(&site, PETUGAS).await;
    let list = own.get("/permintaan").await.body;
    let asked = format!("/permintaan/{}", number_in(&list, "href=\"/permintaan/"));
    let answer = [("putusan", "kabul"), ("jawaban", "Sudah dibetulkan.")];
    let refused = own.sent(&asked, &answer).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let page = own.get(&asked).await.body;
    assert!(page.contains("Golongan saya") && page.contains("Petugas lain"));
    assert!(!page.contains("name=\"putusan\""), "{page}");
    // Another does, whoever they are; of somebody else's, so does this one.
    let mut other = Browser::of(&site, "walidata").await;
    let page = sent(&mut other, &asked, &answer).await;
    assert!(page.contains("0 menunggu jawaban"));
    accounts
        .set_nip(PETUGAS, "199203042019031002")
        .await
        .unwrap();
    sent(&mut asn, "/saya/hak", &fields).await;
    let list = own.get("/permintaan").await.body;
    let asked = format!("/permintaan/{}", number_in(&list, "href=\"/permintaan/"));
    let page = sent(&mut own, &asked, &answer).await;
    assert!(page.contains("0 menunggu jawaban"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_holds_all_of_ones_own_and_nothing_of_others() {
    let site = country().await;
    let id = site
        .store
        .find(&Scope::whole(), "nip", "198503172010012005")
        .await
        .unwrap()[0];
    let (persons, now) = ([id], Timestamp::now());
    let noted = site.store.note_access(&persons, "petugas", "layanan", now);
    noted.await.unwrap();
    let mut asn = Browser::of(&site, "asn").await;
    let csv = asn.get("/saya/salinan.csv").await;
    assert!(
        csv.header("content-disposition")
            .unwrap()
            .contains("data-saya.csv")
    );
    for held in [
        "3273015703850004",
        "ani@contoh.id",
        "17 Maret 1985",
        "Layanan kepegawaian",
    ] {
        assert!(csv.body.contains(held), "{held} in {}", csv.body);
    }
    assert!(!csv.body.contains("CITRA"));
    let xlsx = asn.get("/saya/salinan.xlsx").await;
    assert!(xlsx.status == StatusCode::OK && xlsx.body.starts_with("PK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breach_is_noted_told_and_read_by_whom_it_touches() {
    let site = country().await;
    let (mut centre, mut asn) = (
        Browser::of(&site, "walidata").await,
        Browser::of(&site, "asn").await,
    );
    let mark = hidden(&centre.get("/akun").await.body, "tanda");
    let fields = |when: &'static str| {
        [
            ("diketahui", when),
            ("data", "NIK dan alamat"),
            ("cara", "Akun petugas dipakai orang lain"),
            ("penanganan", "Akun ditutup"),
        ]
    };
    for when in ["", "2999-01-01T00:00", "kemarin"] {
        let mut all = vec![("tanda", mark.as_str())];
        all.extend(fields(when));
        let answer = centre.post("/pelanggaran", &all).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{when:?}");
    }
    let page = sent(&mut centre, "/pelanggaran", &fields("2026-08-01T09:30")).await;
    let breach = format!(
        "/pelanggaran/{}",
        number_in(&page, "action=\"/pelanggaran/")
    );
    for told in [
        "1 Agustus 2026, 09.30 WIB",
        "4 Agustus 2026, 09.30 WIB",
        "Lewat waktu",
    ] {
        assert!(page.contains(told), "{told}");
    }
    let nips = [(
        "nip",
        "19850317 201001 2 005, 199203042019031002\r\n 198503172010012005\r\n",
    )];
    let page = sent(&mut centre, &format!("{breach}/orang"), &nips).await;
    assert!(page.contains("2 pegawai ditambahkan") && page.contains("2 pegawai terdampak"));
    let csv = centre.get(&format!("{breach}/terdampak.csv")).await.body;
    assert_eq!(csv.lines().count(), 3, "{csv}");

    assert!(!asn.get("/saya/hak").await.body.contains("NIK dan alamat"));
    for whom in ["orang", "lembaga"] {
        sent(&mut centre, &format!("{breach}/kabar"), &[("kepada", whom)]).await;
    }
    let page = asn.get("/saya/hak").await.body;
    assert!(page.contains("data Anda terungkap") && page.contains("NIK dan alamat"));
    // The agency's officer reads of it, and changes nothing.
    let mut officer = Browser::of(&site, PETUGAS).await;
    let page = officer.get(&breach).await.body;
    assert!(page.contains("NIK dan alamat") && !page.contains("action=\"/pelanggaran/"));
}

/// Whoever is to be added is, or the form comes back with all that was typed.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_whom_a_breach_touches_is_passed_over_in_silence() {
    let site = country().await;
    let mut centre = Browser::of(&site, "walidata").await;
    let fields = [
        ("diketahui", "2026-08-01T09:30"),
        ("data", "NIK"),
        ("cara", "Akun dipakai orang lain"),
        ("penanganan", "Akun ditutup"),
    ];
    let page = sent(&mut centre, "/pelanggaran", &fields).await;
    let breach = number_in(&page, "action=\"/pelanggaran/");
    let add = format!("/pelanggaran/{breach}/orang");
    let (from, until) = ("2026-07-01T09:00", "2026-07-01T09:15");
    let nip = "198503172010012005";
    // Of a number in which one digit is wrong nobody is told.
    let nobodys = format!("{nip}\r\n199203042019031003");
    for (nip, login, from, until, agency) in [
        ("", "", "", "", ""),
        (nip, PETUGAS, from, "", ""),
        (nip, PETUGAS, "", until, ""),
        ("", PETUGAS, "kemarin", until, "Pemerintah Kota Contoh"),
        ("", "", from, until, "Pemerintah Kota Contoh"),
        (nip, " ", from, until, ""),
        (nip, PETUGAS, until, from, ""),
        ("198503172010012005 199203042019031002", "", "", "", ""),
        (nobodys.as_str(), "", "", "", ""),
        (nip, "petugss", from, until, ""),
        (nip, "", "", "", "Kota Tiada"),
    ] {
        let fields = [
            ("nip", nip),
            ("akun", login),
            ("sejak", from),
            ("sampai", until),
            ("instansi", agency),
        ];
        let again = centre.sent(&add, &fields).await;
        let all = fields.map(|(_, value)| value);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{all:?}");
        let alert = again.body.split("role=\"alert\"").nth(1).unwrap();
        let alert = alert.split("</div>").next().unwrap();
        for (value, told) in [
            (nobodys.as_str(), "199203042019031003"),
            ("petugss", "petugss"),
            ("Kota Tiada", "Kota Tiada"),
        ] {
            assert_eq!(alert.contains(told), all.contains(&value), "{alert}");
        }
        for value in all.map(str::trim) {
            assert!(again.body.contains(value), "{value} of {all:?} is lost");
        }
        let whole = Scope::whole();
        let added = site.store.count_affected(&whole, breach).await;
        assert_eq!(added.unwrap(), 0, "{all:?}");
    }
    // A number that nobody has any more leads nowhere.
    let lost = PrivacyAct::BreachTouches {
        breach,
        persons: vec![(9_999, "196001011985031001".to_owned())],
    };
    let lost = Privacy {
        act: lost,
        by: "walidata".to_owned(),
    };
    let mut writer = site.store.begin().await.unwrap();
    writer.append(&Entry::Privacy(lost)).await.unwrap();
    writer.commit().await.unwrap();
    let page = centre.get(&format!("/pelanggaran/{breach}")).await.body;
    assert!(page.contains("196001011985031001") && !page.contains("/orang/9999"));

    // A look in the minute that the page shows is of that minute.
    let id = site.store.find(&Scope::whole(), "nip", nip).await.unwrap()[0];
    let at = "2026-07-01T09:15:30+07:00".parse().unwrap();
    let persons = [id];
    let noted = site.store.note_access(&persons, PETUGAS, "layanan", at);
    noted.await.unwrap();
    let fields = [("akun", PETUGAS), ("sejak", from), ("sampai", until)];
    let page = sent(&mut centre, &add, &fields).await;
    assert!(page.contains("1 pegawai ditambahkan"), "{page}");
}
