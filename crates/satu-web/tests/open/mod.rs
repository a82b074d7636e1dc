//! Open data over HTTP: for anyone, from anywhere, kept and packed where that can be.

use axum::http::{Method, StatusCode};
use jiff::civil::date;
use satu_store::entry::Release;
use satu_store::{Entry, RawHasher};

use crate::browser::{Answer, Browser, PASSWORD, STATISTICS, asked_with, hidden, released, site};

const CSV: &str = "/data/asn-usia/2026-11-01.csv";

async fn asked(browser: &mut Browser, path: &str, header: (&'static str, &'static str)) -> Answer {
    browser.headers = vec![header];
    let answer = browser.get(path).await;
    browser.headers.clear();
    answer
}

#[tokio::test]
async fn a_version_is_what_was_released_and_is_kept_for_good() {
    let site = site(true).await;
    released(&site.store).await;
    let mut browser = Browser::new(&site);
    let answer = browser.get(CSV).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, STATISTICS);
    assert!(
        answer
            .header("cache-control")
            .unwrap()
            .contains("immutable")
    );
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(answer.header("link").unwrap().contains("csv-metadata.json"));
    let tag = answer.header("etag").unwrap().to_owned();
    browser.headers = vec![("if-none-match", Box::leak(tag.into_boxed_str()))];
    let again = browser.get(CSV).await;
    assert_eq!(
        (again.status, again.body.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
    let other = asked(&mut browser, CSV, ("if-none-match", "\"lain\"")).await;
    assert_eq!(other.status, StatusCode::OK);
    let newest = browser.get("/data/asn-usia/terbaru.parquet").await;
    assert_eq!(
        newest.header("location"),
        Some("/data/asn-usia/2026-11-01.parquet")
    );
    for path in [
        "/data/asn-usia/2026-11-02.csv",
        "/data/asn-usia/2026-11-01.xml",
        "/data/asn-usia/terbaru.xml",
        "/data/asn-usia/x",
        "/data/tiada/2026-11-01.csv",
        "/data/tiada",
    ] {
        assert_eq!(
            browser.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

/// Two versions, or two datasets, with the same rows are not one another.
#[tokio::test]
async fn a_file_says_whose_and_of_which_day_it_is() {
    let site = site(false).await;
    let (one, other) = ("id,nama\n1,Islam\n", "id,nama\n1,Islam\n2,Kristen\n");
    for (day, text) in [(1, one), (2, other), (3, one)] {
        let mut writer = site.store.begin().await.unwrap();
        let raw = RawHasher::of(text.as_bytes()).unwrap();
        writer.keep_raw(&raw, text.as_bytes()).await.unwrap();
        let names = ["kode-agama", "kode-lain"];
        let release = Release {
            version: date(2026, 11, day),
            by: "walidata".to_owned(),
            datasets: names.map(|name| (name.to_owned(), raw.clone())).into(),
        };
        writer.append(&Entry::Release(release)).await.unwrap();
        writer.commit().await.unwrap();
    }
    let mut browser = Browser::new(&site);
    for name in ["kode-agama", "kode-lain"] {
        for day in 1..=3 {
            let file = browser
                .get(&format!("/data/{name}/2026-11-0{day}.json"))
                .await;
            let told: serde_json::Value = serde_json::from_str(&file.body).unwrap();
            assert_eq!(told["dataset"], name);
            assert_eq!(told["version"], format!("2026-11-0{day}"));
        }
    }
}

#[tokio::test]
async fn what_is_large_is_packed_for_who_can_unpack() {
    let site = site(false).await;
    released(&site.store).await;
    let mut browser = Browser::new(&site);
    let path = "/data/catalog.ttl";
    let plain = browser.get(path).await;
    assert_eq!(plain.header("content-encoding"), None);
    let packed = asked(&mut browser, path, ("accept-encoding", "br, gzip;q=0.5")).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.header("vary").unwrap().contains("Accept-Encoding"));
    assert_ne!(packed.header("etag"), plain.header("etag"));
    for unable in ["gzip;q=0", "br", "identity"] {
        let answer = asked(&mut browser, path, ("accept-encoding", unable)).await;
        assert_eq!(answer.header("content-encoding"), None, "{unable}");
    }
}

#[tokio::test]
async fn a_program_is_led_to_the_triples_and_a_person_to_the_page() {
    let site = site(false).await;
    released(&site.store).await;
    let mut browser = Browser::new(&site);
    for (accept, to) in [
        ("text/turtle", Some("ttl")),
        ("application/ld+json, text/turtle;q=0.5", Some("jsonld")),
        ("text/html,application/xhtml+xml,*/*;q=0.8", None),
        ("*/*", None),
    ] {
        for (path, file) in [
            ("/data", "/data/catalog."),
            ("/data/asn-usia", "/data/asn-usia/dcat."),
        ] {
            let answer = asked(&mut browser, path, ("accept", accept)).await;
            let wanted = to.map(|ending| format!("{file}{ending}"));
            assert_eq!(
                answer.header("location"),
                wanted.as_deref(),
                "{path} {accept}"
            );
            assert_eq!(answer.status.is_success(), to.is_none());
        }
    }
    let page = browser.get("/data/asn-usia").await;
    assert!(page.body.contains("1 November 2026") && page.body.contains("kelompok usia"));
    let national = page.body.split("id=\"nasional\"").nth(1).unwrap();
    let line = national
        .split("<tbody>")
        .nth(1)
        .unwrap()
        .split("</tr>")
        .next()
        .unwrap();
    assert!(
        line.contains("Semua ASN")
            && line.contains("<span>40</span>")
            && line.contains("<span>90</span>"),
        "{line}"
    );
    browser.get("/bahasa/en").await;
    let page = browser.get("/data/asn-usia").await;
    assert!(page.body.contains("by agency, sex and age band"));
    assert!(!page.body.contains("action=\"/data/rilis\""));
}

#[tokio::test]
async fn ckan_answers_by_get_and_by_post_alike() {
    let site = site(false).await;
    released(&site.store).await;
    let asked = async |path: &str, kind: &str, body: Option<&str>| {
        let method = body.map_or(Method::GET, |_| Method::POST);
        let path = format!("/api/3/action/{path}");
        let headers = [("content-type", kind)];
        let body = body.unwrap_or_default().as_bytes().to_vec();
        let answer = asked_with(&site, method, &path, &headers, body).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        (answer.status.as_u16(), answer.body)
    };
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    for (get, post, body) in [
        ("package_list", "package_list", ""),
        ("package_list", "package_list", " {} "),
        (
            "package_show?id=kode-agama",
            "package_show",
            "{\"id\":\"kode-agama\"}",
        ),
        (
            "package_show?id=tiada",
            "package_show",
            "{\"name_or_id\":\"tiada\"}",
        ),
        ("package_show", "package_show", "{\"id\":\"\"}"),
        (
            "package_search?q=*:*&start=1&rows=1",
            "package_search",
            "{\"q\":\"*:*\",\"start\":1,\"rows\":1}",
        ),
        (
            "package_search?rows=x",
            "package_search",
            "{\"rows\":\"x\"}",
        ),
    ] {
        let told = asked(get, json, None).await;
        for kind in [json, form] {
            assert_eq!(asked(post, kind, Some(body)).await, told, "{body}");
        }
    }
    let told = asked("package_show?id=kode-agama", json, None).await;
    assert_eq!(
        asked("package_show", form, Some("id=kode-agama")).await,
        told
    );
    // ckan/views/api.py: `_finish_bad_request` sends a text as JSON, no document.
    for (action, kind, wrong, why) in [
        (
            "package_show",
            json,
            "{",
            "JSON Error: Error decoding JSON data",
        ),
        (
            "package_show",
            form,
            "{",
            "JSON Error: Error decoding JSON data",
        ),
        (
            "package_show",
            json,
            "id=kode-agama",
            "JSON Error: Error decoding JSON data",
        ),
        (
            "package_show",
            json,
            "[]",
            "JSON Error: Request data JSON decoded to [] but",
        ),
        (
            "package_buang",
            json,
            "{",
            "Action name not known: package_buang",
        ),
    ] {
        let (status, told) = asked(action, kind, Some(wrong)).await;
        let told: String = serde_json::from_str(&told).unwrap();
        assert!(told.starts_with(&format!("Bad request - {why}")), "{told}");
        assert_eq!(status, 400);
    }
}

#[tokio::test]
async fn sdmx_faults_are_told_in_sdmx() {
    let site = site(false).await;
    released(&site.store).await;
    let mut browser = Browser::new(&site);
    let wrong = browser.get("/sdmx/2.1/data/ASN_USIA/A").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(
        wrong.body.contains("<mes:ErrorMessage code=\"140\">"),
        "{}",
        wrong.body
    );
    let hidden = asked(
        &mut browser,
        "/sdmx/2.1/data/ASN_USIA/_O..",
        ("accept", "text/csv"),
    )
    .await;
    assert!(
        hidden
            .body
            .ends_with("\nSATU:ASN_USIA(1.0),_O,L,Y25T29,2026-11-01,,Q,C\n"),
        "{}",
        hidden.body
    );
    let refused = asked(&mut browser, "/sdmx/2.1/dataflow", ("accept", "image/png")).await;
    assert_eq!(refused.status, StatusCode::NOT_ACCEPTABLE);
    let path = "/sdmx/2.1/availableconstraint/ASN_USIA/_O..";
    let occurring = browser.get(path).await;
    let code = "<com:KeyValue id=\"KELOMPOK_USIA\"><com:Value>Y25T29</com:Value></com:KeyValue>";
    assert!(occurring.body.contains(code), "{}", occurring.body);
    let refused = asked(&mut browser, path, ("accept", "text/csv")).await;
    assert_eq!(refused.status, StatusCode::NOT_ACCEPTABLE);
    let path = "/sdmx/2.1/contentconstraint/SATU/ASN_USIA/1.0";
    let whole = browser.get(path).await;
    let codes = "<com:Value>Y25T29</com:Value><com:Value>_T</com:Value>";
    assert!(whole.body.contains(codes), "{}", whole.body);
    assert_eq!(browser.get(path).await.body, whole.body);
    let none = browser
        .get("/sdmx/2.1/contentconstraint/SATU/ASN_JABATAN")
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let none = browser
        .get("/sdmx/2.1/availableconstraint/ASN_JABATAN")
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let none = browser.get("/sdmx/2.1/data/ASN_JABATAN").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_the_central_officer_releases_and_is_told_why_not() {
    let site = site(false).await;
    let mut browser = Browser::new(&site);
    browser.sign_in("walidata", PASSWORD, "/data").await;
    let page = browser.get("/data").await;
    assert!(page.body.contains("Belum ada rilis") && page.body.contains("action=\"/data/rilis\""));
    let mark = hidden(&page.body, "tanda");
    let told = browser.post("/data/rilis", &[("tanda", &mark)]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        told.body.contains("Belum cukup banyak ASN"),
        "{}",
        told.body
    );
    assert_eq!(site.store.last_release().await.unwrap(), 0);
    let mut browser = Browser::new(&site);
    browser.sign_in("petugas", PASSWORD, "/data").await;
    assert!(
        !browser
            .get("/data")
            .await
            .body
            .contains("action=\"/data/rilis\"")
    );
}
