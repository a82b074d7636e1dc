//! Deliveries on the site: who sees which, and how a file comes in.

use std::time::Duration;

use axum::http::StatusCode;
use satu_registry::link::link_all;
use satu_store::Scope;

use crate::PETUGAS;
use crate::api::{get, json, program, token};
use crate::browser::{Answer, Browser, Site, delivered, hidden, site};

const HEAD: &str = "nip,nik,nama,tanggal_lahir,jenis_kelamin,email\n";
/// One row that is rejected, with a value that a spreadsheet would run; one with a warning.
const FAULTY: &str = "198503172010012005,3273015703850004,ANI,1985-03-17,=1+1,ani@contoh.id\n\
                      199001012015011001,3273010101900001,BUDI,1990-01-01,L,@salah\n";
const CLEAN: &str =
    "199203042019031002,3273010403920001,CONTOH CITRA,1992-03-04,L,citra@contoh.id\n";

/// The site with a source of the officer's agency and one of another.
async fn country() -> (Site, i64, i64) {
    let site = site(false).await;
    let own = delivered(
        &site,
        "sendiri",
        "Pemerintah Kota Contoh",
        &[HEAD, FAULTY].concat(),
    )
    .await;
    let other = delivered(
        &site,
        "lain",
        "Pemerintah Kota Lain",
        &[HEAD, FAULTY].concat(),
    )
    .await;
    link_all(&site.store).await.unwrap();
    (site, own, other)
}

/// Chooses a file and sends it to be checked.
async fn upload(browser: &mut Browser, source: &str, file: &str, content: &str) -> Answer {
    let form = browser.get("/kiriman/baru").await;
    let mark = hidden(&form.body, "tanda");
    let fields = [
        ("tanda", None, mark.as_str()),
        ("sumber", None, source),
        ("tanggal", None, "2026-08-01"),
        ("peta", Some(""), ""),
        ("berkas", Some(file), content),
    ];
    browser.post_files("/kiriman/baru", &fields).await
}

/// Reloads until nothing is under way, as the page does by itself.
async fn settled(browser: &mut Browser, path: &str) -> Answer {
    loop {
        let page = browser.get(path).await;
        if !page.body.contains("http-equiv=\"refresh\"") {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn count(site: &Site) -> usize {
    let sent = site.store.submissions(&Scope::whole()).await;
    sent.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_sees_the_deliveries_of_one_agency() {
    let (site, own, other) = country().await;
    let mut officer = Browser::of(&site, PETUGAS).await;
    let list = officer.get("/kiriman").await;
    assert!(list.body.contains("sendiri.csv") && !list.body.contains("lain.csv"));
    assert!(!list.body.contains("Kota Lain"));
    let page = officer.get(&format!("/kiriman/{own}")).await;
    assert!(
        page.body
            .contains("2 baris = 0 diterima + 1 diterima dengan peringatan + 1 ditolak")
    );
    for part in ["", "/temuan.csv", "/temuan.xlsx"] {
        let lost = officer.get(&format!("/kiriman/{other}{part}")).await;
        assert_eq!(lost.status, StatusCode::NOT_FOUND, "{part}");
        let found = officer.get(&format!("/kiriman/{own}{part}")).await;
        assert_eq!(found.status, StatusCode::OK, "{part}");
    }
    let filtered = officer.get("/kiriman?sumber=lain").await;
    assert!(filtered.body.contains("0 kiriman"));
    for path in [
        "/",
        "/keadaan.csv",
        "/?per=instansi",
        "/keadaan.csv?per=instansi",
    ] {
        let state = officer.get(path).await;
        assert!(!state.body.to_uppercase().contains("KOTA LAIN"), "{path}");
        assert!(state.body.to_uppercase().contains("KOTA CONTOH"), "{path}");
    }

    // Nor does the other's source take a file from here.
    let refused = upload(&mut officer, "lain", "a.csv", HEAD).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let form = officer.get("/kiriman/baru").await;
    assert!(form.body.contains("value=\"sendiri\"") && !form.body.contains("value=\"lain\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_civil_servant_has_no_deliveries() {
    let (site, own, _) = country().await;
    let mut asn = Browser::of(&site, "asn").await;
    for path in [
        "/kiriman".to_owned(),
        "/kiriman/baru".to_owned(),
        format!("/kiriman/{own}"),
        format!("/kiriman/{own}/temuan.csv"),
        format!("/kiriman/{own}/temuan.xlsx"),
        "/kiriman/periksa/x".to_owned(),
        "/keadaan.csv".to_owned(),
        "/keadaan.xlsx".to_owned(),
    ] {
        let refused = asn.get(&path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
    let mark = hidden(&asn.get("/akun").await.body, "tanda");
    let fields = [("tanda", None, mark.as_str()), ("sumber", None, "sendiri")];
    let refused = asn.post_files("/kiriman/baru", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mut nobody = Browser::new(&site);
    let sent_to_sign_in = nobody.get("/keadaan.csv").await;
    assert_eq!(sent_to_sign_in.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_civil_servant_is_sent_to_their_record() {
    let site = site(false).await;
    let row = "198503172010012005,3273015703850004,CONTOH ANI,1985-03-17,P,ani@contoh.id\n";
    delivered(
        &site,
        "sendiri",
        "Pemerintah Kota Contoh",
        &[HEAD, row].concat(),
    )
    .await;
    link_all(&site.store).await.unwrap();
    let mut asn = Browser::of(&site, "asn").await;
    assert_eq!(asn.get("/").await.header("location"), Some("/saya"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_away_is_harmless_masked_and_filtered() {
    let (site, own, _) = country().await;
    let mut officer = Browser::of(&site, PETUGAS).await;
    let all = officer.get(&format!("/kiriman/{own}/temuan.csv")).await;
    assert_eq!(
        all.header("content-disposition"),
        Some(format!("attachment; filename=\"temuan-kiriman-{own}.csv\"").as_str())
    );
    assert!(all.body.contains(",'=1+1,"), "{}", all.body);
    assert!(!all.body.contains(",=1+1"), "{}", all.body);
    assert!(!all.body.contains("@salah"), "an address is not masked");
    let page = officer.get(&format!("/kiriman/{own}")).await;
    assert!(page.body.contains("=1+1") && !page.body.contains("@salah"));
    let some = officer
        .get(&format!("/kiriman/{own}/temuan.csv?tingkat=warning"))
        .await;
    assert!(some.body.lines().count() > 1 && !some.body.contains("=1+1"));
    let book = officer.get(&format!("/kiriman/{own}/temuan.xlsx")).await;
    assert!(book.body.starts_with("PK"));

    // A line that was cut off holds what stands in any column.
    let whole = r#"{"nip":"198503172010012005","nik":"3273015703850004","nama":"ANI","tanggal_lahir":"1985-03-17"}"#;
    let cut =
        r#"{"nip":"199001012015011001","nik":"3273010101900001","nama":"BUDI","nomor_hp":"0812345"#;
    let lines = format!("{whole}\n{cut}\n");
    let sent = delivered(&site, "sendiri", "Pemerintah Kota Contoh", &lines).await;
    for path in ["", "/temuan.csv"] {
        let told = officer.get(&format!("/kiriman/{sent}{path}")).await.body;
        assert!(told.contains("BR-002"), "{path}: {told}");
        for hidden in ["3273010101900001", "0812345", "BUDI"] {
            assert!(!told.contains(hidden), "{path} {hidden}: {told}");
        }
    }
    program(&site, "kota", true, "people.read people.sensitive").await;
    let token = token(&site, "kota").await;
    let path = format!("/api/v1/submissions/{sent}/findings");
    let told = json(&get(&site, &token, &path, &[]).await);
    assert_eq!(
        (&told["data"][0]["rule"], &told["data"][0]["value"]),
        (&"BR-002".into(), &"".into()),
        "{told}"
    );
}

/// Of whose family or discipline a file speaks is shown for a purpose alone, and a delivery has none.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_family_or_discipline_is_told_of_a_delivery() {
    let (site, ..) = country().await;
    program(&site, "kota", true, "people.read people.sensitive").await;
    let token = token(&site, "kota").await;
    let mut officer = Browser::of(&site, PETUGAS).await;
    for (rows, rule, column, value) in [
        (
            "nip,hubungan,nama,tanggal_lahir,jenis_kelamin\n\
             198503172010012005,madu,CONTOH RAHASIA,1990-01-01,P\n",
            "KEL-003",
            "hubungan",
            "madu",
        ),
        (
            "nip,jenis_hukuman,tingkat_hukuman,alasan,sk_nomor,sk_tanggal,tmt_hukuman\n\
             198503172010012005,Tegur keras,ringan,terlambat,1/SK,2020-01-01,2020-02-01\n",
            "HKD-004",
            "jenis_hukuman",
            "Tegur keras",
        ),
    ] {
        let id = delivered(&site, "sendiri", "Pemerintah Kota Contoh", rows).await;
        let page = officer.get(&format!("/kiriman/{id}")).await.body;
        let csv = officer.get(&format!("/kiriman/{id}/temuan.csv")).await.body;
        let path = format!("/api/v1/submissions/{id}/findings");
        let told = get(&site, &token, &path, &[]).await.body;
        for told in [page, csv, told] {
            assert!(told.contains(rule) && told.contains("••••••••"), "{told}");
            assert!(!told.contains(value), "{told}");
        }
        let filtered = format!("/kiriman/{id}/temuan.csv?aturan={rule}&kolom={column}");
        let csv = officer.get(&filtered).await.body;
        assert_eq!(csv.lines().count(), 2, "{csv}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_is_sorted_filtered_and_anew_after_a_delivery() {
    let (site, ..) = country().await;
    let mut walidata = Browser::of(&site, "walidata").await;
    let order = |body: &str| {
        let at = |name: &str| body.find(&format!("<small class=\"soft\">{name}</small>"));
        at("sendiri") < at("lain")
    };
    let up = walidata.get("/?urut=nama").await;
    let down = walidata.get("/?urut=-nama").await;
    assert_ne!(order(&up.body), order(&down.body));
    let one = walidata.get("/?cari=kota+lain").await;
    assert!(one.body.contains(">lain<") && !one.body.contains(">sendiri<"));
    let csv = walidata.get("/keadaan.csv").await;
    assert_eq!(csv.body.lines().count(), 3);
    delivered(
        &site,
        "ketiga",
        "Pemerintah Kota Ketiga",
        &[HEAD, CLEAN].concat(),
    )
    .await;
    let csv = walidata.get("/keadaan.csv").await;
    assert_eq!(csv.body.lines().count(), 4, "an old state was shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_checked_and_then_sent() {
    let (site, ..) = country().await;
    let mut officer = Browser::of(&site, PETUGAS).await;
    let content = format!("{HEAD}{FAULTY}{CLEAN}");
    let checking = upload(&mut officer, "sendiri", "../baru.csv", &content).await;
    assert_eq!(checking.status, StatusCode::SEE_OTHER);
    let path = checking.header("location").unwrap().to_owned();
    let checked = settled(&mut officer, &path).await;
    assert!(
        checked
            .body
            .contains("3 baris = 1 diterima + 1 diterima dengan peringatan + 1 ditolak")
    );
    assert!(checked.body.contains("<h1>Pemeriksaan baru.csv</h1>"));
    let report = officer.get(&format!("{path}/laporan.csv")).await;
    assert!(report.body.contains("'=1+1"));
    let marked = officer.get(&format!("{path}/laporan.xlsx")).await;
    assert!(marked.body.starts_with("PK"));
    assert_eq!(count(&site).await, 2, "the check wrote something");

    // Nobody else may look at it, send it or discard it.
    let mut other = Browser::of(&site, "walidata").await;
    let mark = hidden(&other.get("/akun").await.body, "tanda");
    for part in ["", "/laporan.csv", "/laporan.xlsx"] {
        let lost = other.get(&format!("{path}{part}")).await;
        assert_eq!(lost.status, StatusCode::NOT_FOUND);
    }
    for part in ["/kirim", "/buang"] {
        let lost = other
            .post(&format!("{path}{part}"), &[("tanda", &mark)])
            .await;
        assert_eq!(lost.status, StatusCode::NOT_FOUND);
        let forged = officer
            .post(&format!("{path}{part}"), &[("tanda", &mark)])
            .await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(count(&site).await, 2);

    let mark = hidden(&checked.body, "tanda");
    let send = format!("{path}/kirim");
    for _ in 0..2 {
        let sending = officer.post(&send, &[("tanda", &mark)]).await;
        assert_eq!(sending.header("location"), Some(path.as_str()));
    }
    let sent = settled(&mut officer, &path).await;
    let place = sent.header("location").unwrap().to_owned();
    let page = officer.get(&place).await;
    assert!(page.body.contains("ditautkan ke data induk"), "{place}");
    assert_eq!(count(&site).await, 3, "sent twice");
    let found = site
        .store
        .find(&Scope::whole(), "nip", "199203042019031002")
        .await;
    assert_eq!(found.unwrap().len(), 1, "not linked");

    // The same bytes again lead to the earlier delivery.
    let again = upload(&mut officer, "sendiri", "lagi.csv", &content).await;
    let earlier = place.split('?').next().unwrap();
    assert_eq!(
        again.header("location"),
        Some(format!("{earlier}?sama").as_str())
    );
    let page = officer.get(&format!("{earlier}?sama")).await;
    assert!(page.body.contains("Berkas yang persis sama"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_discarded_is_gone() {
    let (site, ..) = country().await;
    let mut officer = Browser::of(&site, PETUGAS).await;
    let content = format!("{HEAD}{CLEAN}");
    let checking = upload(&mut officer, "sendiri", "a.csv", &content).await;
    let path = checking.header("location").unwrap().to_owned();
    let checked = settled(&mut officer, &path).await;
    let mark = hidden(&checked.body, "tanda");
    let gone = officer
        .post(&format!("{path}/buang"), &[("tanda", &mark)])
        .await;
    assert_eq!(gone.header("location"), Some("/kiriman"));
    for part in ["", "/laporan.csv"] {
        let lost = officer.get(&format!("{path}{part}")).await;
        assert_eq!(lost.status, StatusCode::NOT_FOUND);
    }
    let late = officer
        .post(&format!("{path}/kirim"), &[("tanda", &mark)])
        .await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert_eq!(count(&site).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_a_file_is_refused_without_its_mark() {
    let (site, ..) = country().await;
    let mut officer = Browser::of(&site, PETUGAS).await;
    let mut other = Browser::of(&site, "walidata").await;
    let strange = hidden(&other.get("/akun").await.body, "tanda");
    let own = hidden(&officer.get("/akun").await.body, "tanda");
    let content = format!("{HEAD}{CLEAN}");
    let rest = [
        ("sumber", None, "sendiri"),
        ("tanggal", None, "2026-08-01"),
        ("peta", Some(""), ""),
        ("berkas", Some("a.csv"), content.as_str()),
    ];
    for first in [
        vec![],
        vec![("tanda", None, "")],
        vec![("tanda", None, strange.as_str())],
    ] {
        let fields: Vec<_> = first.iter().chain(&rest).copied().collect();
        let refused = officer.post_files("/kiriman/baru", &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{first:?}");
    }
    // A mark behind the file is too late: the file would be read first.
    let late: Vec<_> = rest
        .iter()
        .chain(&[("tanda", None, own.as_str())])
        .copied()
        .collect();
    let refused = officer.post_files("/kiriman/baru", &late).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    officer.headers = vec![("sec-fetch-site", "cross-site")];
    let whole: Vec<_> = [("tanda", None, own.as_str())]
        .iter()
        .chain(&rest)
        .copied()
        .collect();
    let refused = officer.post_files("/kiriman/baru", &whole).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    officer.headers.clear();
    let taken = officer.post_files("/kiriman/baru", &whole).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_file_is_said_plainly() {
    let (site, ..) = country().await;
    let mut officer = Browser::of(&site, PETUGAS).await;
    let empty = upload(&mut officer, "sendiri", "", "").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("Pilih berkas yang akan diperiksa."));
    for (content, says) in [
        ("%PDF-1.7 x", "bukan tabel"),
        ("warna,rasa\nmerah,manis\n", "Tidak ada kolom yang dikenali"),
        ("nip,nik,nama\n\"1,2,3\n", "kutip"),
    ] {
        let checking = upload(&mut officer, "sendiri", "a.csv", content).await;
        let path = checking.header("location").unwrap().to_owned();
        let page = settled(&mut officer, &path).await;
        assert!(
            page.body.contains("<h1>Berkas tidak dapat dibaca</h1>"),
            "{content}"
        );
        assert!(page.body.contains(says), "{says}: {}", page.body);
        assert!(!page.body.contains("/tmp"), "the folder is told");
    }
    let mark = hidden(&officer.get("/akun").await.body, "tanda");
    let fields = [
        ("tanda", None, mark.as_str()),
        ("sumber", None, "sendiri"),
        ("tanggal", None, "2999-01-01"),
        ("peta", Some(""), ""),
        ("berkas", Some("a.csv"), HEAD),
    ];
    let late = officer.post_files("/kiriman/baru", &fields).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("tidak lebih dari hari ini"));
}
