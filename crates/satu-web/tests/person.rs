//! What an officer does on a person's page.

use axum::http::StatusCode;
use satu_registry::link::link_all;
use satu_store::{OPEN, Scope};

use crate::PETUGAS;
use crate::browser::{Browser, delivered, site};

const ANI: &str = "198503172010012005";

/// The values that the form of a column offers: the one that stands, then those that lost.
fn offered(page: &str, column: &str) -> Vec<String> {
    let row = page.split(&format!("<tr id=\"{column}\"")).nth(1).unwrap();
    let row = row.split("</tr>").next().unwrap();
    let values = row.split("name=\"nilai\" value=\"").skip(1);
    values
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// What the page says in words is no value: in each language the one that lost is let stand, out of the
/// page itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_is_let_stand_is_the_one_a_source_said() {
    let site = site(false).await;
    for (code, since, until) in [
        ("sendiri", "2010-01-01", "2011-03-01"),
        ("lagi", "01-02-2010", "01-04-2011"),
    ] {
        let rows = format!(
            "nip,nik,nama,tanggal_lahir,jenis_kelamin,tmt_cpns,tmt_pns\n\
             {ANI},3273015703850004,Ani Contoh,1985-03-17,P,{since},{until}\n"
        );
        delivered(&site, code, "Pemerintah Kota Contoh", &rows).await;
    }
    link_all(&site.store).await.unwrap();
    let whole = Scope::whole();
    let found = site.store.find(&whole, "nip", ANI).await.unwrap();
    let [id] = found[..] else { panic!("{found:?}") };
    let stands = async |column: &str| {
        let person = site.store.person(&whole, id, None, OPEN).await.unwrap();
        let fields = person.unwrap().record.fields;
        let field = fields.into_iter().find(|field| field.name == column);
        let field = field.unwrap();
        (field.winner.value, field.winner.by.sources.len())
    };
    let mut officer = Browser::of(&site, PETUGAS).await;
    let (path, decide) = (format!("/orang/{id}"), format!("/orang/{id}/nilai"));
    for (language, column) in [("id", "tmt_cpns"), ("en", "tmt_pns")] {
        officer.get(&format!("/bahasa/{language}")).await;
        let (before, _) = stands(column).await;
        let choice = offered(&officer.get(&path).await.body, column);
        assert_eq!((choice.len(), &choice[0]), (2, &before));
        let fields = [
            ("kolom", column),
            ("nilai", &choice[1]),
            ("nilai_lain", ""),
            ("alasan", "SK"),
        ];
        let done = officer.sent(&decide, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert_eq!(stands(column).await, (choice[1].clone(), 1), "{language}");
        assert_ne!(before, choice[1]);
    }
    // What is no date is not taken, whoever sends it.
    let before = stands("tmt_cpns").await;
    let fields = [
        ("kolom", "tmt_cpns"),
        ("nilai", "2010-01-01"),
        ("nilai_lain", "17 Maret 1985"),
        ("alasan", "SK"),
    ];
    let refused = officer.sent(&decide, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(stands("tmt_cpns").await, before);
}

/// What cannot be let stand comes back in the form of its column, with why; and what is masked stays so, unless
/// the page was open for a purpose, which is one more look on the record.
#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_cannot_stand_comes_back_as_it_was_typed() {
    let site = site(false).await;
    for (code, nik, rank) in [
        ("sendiri", "3273015703850004", "III/c"),
        ("lagi", "3273015703850005", "III/b"),
    ] {
        let rows = format!(
            "nip,nik,nama,tanggal_lahir,jenis_kelamin,golongan,tmt_golongan\n\
             {ANI},{nik},Ani Contoh,1985-03-17,P,{rank},2022-04-01\n"
        );
        delivered(&site, code, "Pemerintah Kota Contoh", &rows).await;
    }
    link_all(&site.store).await.unwrap();
    let whole = Scope::whole();
    let id = site.store.find(&whole, "nip", ANI).await.unwrap()[0];
    let decide = format!("/orang/{id}/nilai");
    let looks = async || {
        let looks = site.store.accesses(&whole, id, 9).await.unwrap();
        let open = looks.iter().filter(|look| look.purpose == "perbaikan");
        open.count()
    };
    let mut officer = Browser::of(&site, PETUGAS).await;
    let page = officer.get(&format!("/orang/{id}")).await.body;
    let lost = offered(&page, "golongan").pop().unwrap();
    for (column, other, reason, purpose, why) in [
        (
            "golongan",
            "Penata <Muda>",
            "SK 1 & 2",
            "",
            "sebagai Golongan",
        ),
        ("golongan", "III/d", " ", "", "Tulis alasannya"),
        ("golongan", "III/d", " ", "perbaikan", "Tulis alasannya"),
        ("nik", "327301570385000", "KTP", "perbaikan", "sebagai NIK"),
        ("nik", "327301570385000", "KTP", "", "sebagai NIK"),
        ("nik", "327301570385000", "KTP", "lain", "sebagai NIK"),
    ] {
        let before = looks().await;
        let fields = [
            ("kolom", column),
            ("nilai", lost.as_str()),
            ("nilai_lain", other),
            ("alasan", reason),
            ("tujuan", purpose),
        ];
        let refused = officer.sent(&decide, &fields).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{fields:?}"
        );
        let page = refused.body;
        let alert = page.split("role=\"alert\"").nth(1).unwrap();
        assert!(alert.split("</div>").next().unwrap().contains(why), "{why}");
        let open = purpose == "perbaikan";
        assert_eq!(looks().await - before, usize::from(open));
        assert_eq!(page.contains("3273015703850004"), open, "{fields:?}");
        let row = page.split(&format!("<tr id=\"{column}\"")).nth(1).unwrap();
        let row = row.split("</tr>").next().unwrap();
        if column == "nik" && !open {
            assert!(!row.contains("<form"), "{row}");
            continue;
        }
        assert!(row.contains("<details open"), "{row}");
        let other = other.replace('<', "&#60;").replace('>', "&#62;");
        let reason = reason.replace('&', "&#38;");
        for typed in [other, reason] {
            assert!(row.contains(&format!("value=\"{typed}\"")), "{row}");
        }
        let chosen = row.split("checked").next().unwrap().rsplit("value=\"");
        let chosen = chosen.into_iter().next().unwrap();
        assert_eq!(chosen.starts_with(&lost), column == "golongan", "{row}");
        assert_eq!(page.matches("<details open").count(), 1);
        assert_eq!(page.contains("name=\"tujuan\" value=\"perbaikan\""), open);
    }
    let fields = [("kolom", "tiada"), ("nilai", "1"), ("alasan", "SK")];
    let refused = officer.sent(&decide, &fields).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

/// What a form is sent to is often no page: the other language, chosen on the answer, is of the page from
/// which it came.
#[tokio::test(flavor = "multi_thread")]
async fn the_other_language_of_an_answer_to_a_form_is_found() {
    let site = site(false).await;
    let rows = format!(
        "nip,nik,nama,tanggal_lahir,jenis_kelamin\n{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n"
    );
    delivered(&site, "sendiri", "Pemerintah Kota Contoh", &rows).await;
    link_all(&site.store).await.unwrap();
    let id = site.store.find(&Scope::whole(), "nip", ANI).await.unwrap()[0];
    let account = site.store.accounts().named(PETUGAS).await.unwrap().id;
    let person = format!("/orang/{id}");
    let mut centre = Browser::of(&site, "walidata").await;
    for (path, field, status, back) in [
        (
            format!("{person}/buka"),
            "layanan",
            StatusCode::OK,
            person.as_str(),
        ),
        (
            format!("{person}/buka"),
            "",
            StatusCode::BAD_REQUEST,
            &person,
        ),
        (
            format!("/pengguna/{account}/tautan"),
            "",
            StatusCode::OK,
            "/pengguna",
        ),
        (
            "/akun/sesi/lain".to_owned(),
            "",
            StatusCode::UNPROCESSABLE_ENTITY,
            "/akun",
        ),
        (
            "/saya/hak?x=y".to_owned(),
            "",
            StatusCode::FORBIDDEN,
            "/saya/hak?x=y",
        ),
        ("/tiada/sama".to_owned(), "", StatusCode::NOT_FOUND, "/"),
    ] {
        let answer = centre.sent(&path, &[("tujuan", field)]).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        let link = answer.body.split("href=\"/bahasa/en").nth(1).unwrap();
        let link = format!("/bahasa/en{}", link.split('"').next().unwrap());
        let chosen = centre.get(&link).await;
        assert_eq!(chosen.header("location"), Some(back), "{path}");
        centre.get("/bahasa/id").await;
    }
}
