//! What is sent: statements, and whole files.

use axum::http::StatusCode;
use satu_rules::Standard;
use satu_store::Scope;
use satu_web::Settings;
use serde_json::Value;

use super::{ANI, HEAD, country, country_on, get, json, post, post_with, program, token};
use crate::browser::site_on_postgres;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_goes_the_road_of_every_file() {
    let site = country().await;
    program(
        &site,
        "kota",
        true,
        "people.read people.sensitive statements.write",
    )
    .await;
    let token = token(&site, "kota").await;
    let batch = r#"{"source":"sendiri","kind":"golongan","stated_on":"2026-08-01","statements":[
        {"nip":"198503172010012005","golongan":"III/b","tmt_golongan":"2014-04-01","sk_nomor":"12/K","sk_tanggal":"2014-03-20"},
        {"nip":"salah","golongan":"III/b","tmt_golongan":"2014-04-01"}]}"#;
    let answer = post(&site, &token, "/api/v1/statements", batch).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let told = json(&answer);
    assert_eq!(
        (&told["kind"], &told["rows"], &told["rejected"]),
        (&"golongan".into(), &2.into(), &1.into())
    );
    let place = answer.header("location").unwrap();
    let again = post(&site, &token, "/api/v1/statements", batch).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(
        (&json(&again)["id"], &json(&again)["already"]),
        (&told["id"], &true.into())
    );

    // What is wrong is told; what is sensitive of it is not, whatever the program may see.
    let wrong = r#"{"source":"sendiri","kind":"data_utama","stated_on":"2026-08-01","statements":[
        {"nip":"198503172010012005","nik":"3273015703850099999","nama":"ANI CONTOH","tanggal_lahir":"1985-03-17"}]}"#;
    let answer = post(&site, &token, "/api/v1/statements", wrong).await;
    let path = format!("{}/findings?limit=1000", answer.header("location").unwrap());
    let answer = get(&site, &token, &path, &[]).await;
    let rows = json(&answer)["data"].as_array().unwrap().clone();
    let nik = rows.iter().find(|row| row["column"] == "nik");
    assert_eq!(nik.unwrap()["value"], "••••••99", "{}", answer.body);
    assert!(!answer.body.contains("3273015703850099999"));

    let findings = json(&get(&site, &token, &format!("{place}/findings?limit=1"), &[]).await);
    assert_eq!(findings["data"][0]["row"], 2);
    let rest = findings["next"].as_str().map(str::to_owned);
    if let Some(rest) = rest {
        let path = format!("{place}/findings?cursor={rest}");
        assert!(
            !json(&get(&site, &token, &path, &[]).await)["data"]
                .as_array()
                .unwrap()
                .is_empty()
        );
    }
    let first = json(&get(&site, &token, "/api/v1/submissions?limit=1", &[]).await);
    let path = format!(
        "/api/v1/submissions?limit=1&cursor={}",
        first["next"].as_str().unwrap()
    );
    let second = json(&get(&site, &token, &path, &[]).await);
    assert_eq!(second["data"][0]["id"], told["id"]);
    assert!(second["next"].is_string(), "the file before is left");

    // Linked after the answer, the statement stands in the person's histories.
    let id = site.store.find(&Scope::whole(), "nip", ANI).await.unwrap()[0];
    let path = format!("/api/v1/people/{id}/histories?kind=golongan");
    let mut found = Value::Null;
    for _ in 0..200 {
        found = json(&get(&site, &token, &path, &[]).await);
        if found["data"]
            .as_array()
            .is_some_and(|rows| !rows.is_empty())
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(found["data"][0]["values"]["golongan"], "III/b", "{found}");

    // A file, and what is no file.
    let csv = [
        HEAD,
        "199203042019031002,3273010403920001,CITRA CONTOH,1992-03-04,L,citra@contoh.id\n",
    ]
    .concat();
    let path = "/api/v1/submissions?source=sendiri&file=baru.csv&stated_on=2026-08-02";
    let answer = post(&site, &token, path, &csv).await;
    assert_eq!(
        (answer.status, &json(&answer)["file"]),
        (StatusCode::CREATED, &"baru.csv".into())
    );
    for (path, body, field) in [
        (
            "/api/v1/submissions?source=sendiri&file=kosong.csv",
            "",
            "body",
        ),
        ("/api/v1/submissions?source=lain&file=a.csv", &csv, "source"),
        (
            "/api/v1/submissions?source=sendiri&file=../a.csv",
            &csv,
            "file",
        ),
        (
            "/api/v1/submissions?source=sendiri&file=a.csv&stated_on=2999-01-01",
            &csv,
            "stated_on",
        ),
        (
            "/api/v1/submissions?source=sendiri&file=a.csv&kind=lain",
            &csv,
            "kind",
        ),
        ("/api/v1/statements", "[", "body"),
        (
            "/api/v1/statements",
            r#"{"source":"sendiri","kind":"","statements":[{}]}"#,
            "kind",
        ),
        (
            "/api/v1/statements",
            r#"{"source":"sendiri","kind":"golongan","statements":[]}"#,
            "statements",
        ),
    ] {
        let answer = post(&site, &token, path, body).await;
        // What can be read and does not fit is told from what cannot be read.
        let unread = body == "[" || ["kind", "statements"].contains(&field);
        let status = if unread { 400 } else { 422 };
        assert_eq!(
            (answer.status.as_u16(), &json(&answer)["field"]),
            (status, &field.into()),
            "{path}"
        );
        assert!(!answer.body.contains("/tmp"), "{}", answer.body);
    }
}

/// A file of rows that are all broken in two ways; a value of one is long.
fn broken(rows: usize) -> String {
    let row = |number: usize| {
        let name = "X".repeat(if number == 0 { 9_000 } else { 10 });
        format!("bukan{number},3273015703850004,{name},1985-03-17,Q,ani@contoh.id\n")
    };
    HEAD.to_owned() + &(0..rows).map(row).collect::<String>()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_answered_with_its_findings() {
    let postgres = site_on_postgres(Settings::default()).await;
    for site in [country().await, country_on(postgres).await] {
        program(&site, "kota", true, "statements.write").await;
        let token = token(&site, "kota").await;
        let batch = r#"{"source":"sendiri","kind":"golongan","statements":[
            {"nip":"198503172010012005","golongan":"III/b","tmt_golongan":"2014-04-01","sk_nomor":"12/K","sk_tanggal":"2014-03-20"},
            {"nip":"198503172010012005","golongan":"III/b"}]}"#;
        let [indonesian, english] = Standard::sentence("GOL-005").unwrap();
        for (language, sentence) in [("id", indonesian), ("en", english)] {
            let headers = [("accept-language", language), ("idempotency-key", language)];
            let path = "/api/v1/statements";
            let answer = post_with(&site, &token, path, &headers, batch.into()).await;
            let told = json(&answer);
            let found = told["findings"].as_array().unwrap();
            assert_eq!(found.len(), 2, "{told}");
            assert_eq!(
                (&found[0]["row"], &found[0]["rule"], &found[0]["column"]),
                (&2.into(), &"GOL-005".into(), &"tmt_golongan".into())
            );
            assert_eq!(found[0]["message"], sentence);
            assert_eq!(told["more"], Value::Null);
            // What is told of it later, and what is answered again, is the same.
            let place = answer.header("location").unwrap();
            let path = format!("{place}/findings");
            let later = get(&site, &token, &path, &headers[..1]).await;
            assert_eq!(json(&later)["data"], told["findings"]);
            let later = json(&get(&site, &token, place, &headers[..1]).await);
            assert_eq!(later["findings"], told["findings"]);
            let path = "/api/v1/statements";
            let again = post_with(&site, &token, path, &headers, batch.into()).await;
            assert_eq!(json(&again), told);
        }

        // There is a bound, and a way to the rest.
        let path = "/api/v1/submissions?source=sendiri&file=rusak.csv";
        let answer = post(&site, &token, path, &broken(400)).await;
        assert!(answer.body.len() < 60 << 10, "{}", answer.body.len());
        let told = json(&answer);
        let mut all = told["findings"].as_array().unwrap().clone();
        assert!(all.len() > 50, "{}", all.len());
        let long = all.iter().map(|one| one["value"].as_str().unwrap());
        assert!(long.clone().all(|value| value.chars().count() <= 201));
        let mut next = told["more"].as_str().map(str::to_owned);
        while let Some(path) = next {
            let part = json(&get(&site, &token, &path, &[]).await);
            all.extend(part["data"].as_array().unwrap().clone());
            let place = path.split('?').next().unwrap();
            next = part["next"]
                .as_str()
                .map(|next| format!("{place}?cursor={next}"));
        }
        let path = format!("{}/findings?limit=1000", answer.header("location").unwrap());
        assert_eq!(
            Value::from(all),
            json(&get(&site, &token, &path, &[]).await)["data"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_are_kept_and_not_checked_are_told() {
    let postgres = site_on_postgres(Settings::default()).await;
    for site in [country().await, country_on(postgres).await] {
        program(&site, "kota", true, "statements.write").await;
        let token = token(&site, "kota").await;
        let batch = r#"{"source":"sendiri","kind":"data_utama","statements":[
            {"nip":"198503172010012005","nama":"ANI CONTOH","tanggal_lahir":"1985-03-17","tmt_cpnss":"2010-01-01"},
            {"nip":"198603172010012006","nama":"CITRA CONTOH","tanggal_lahir":"1986-03-17","warna":null}]}"#;
        let answer = post(&site, &token, "/api/v1/statements", batch).await;
        let told = json(&answer);
        let columns = Value::from(vec!["tmt_cpnss", "warna"]);
        assert_eq!(told["other_columns"], columns, "{told}");
        let later = get(&site, &token, answer.header("location").unwrap(), &[]).await;
        assert_eq!(json(&later)["other_columns"], columns);
        let list = json(&get(&site, &token, "/api/v1/submissions?limit=1", &[]).await);
        assert_eq!(list["data"][0]["other_columns"], columns);

        // A file that has more of them than an answer holds.
        let more: Vec<String> = (0..3_000).map(|at| format!("kolom_{at}")).collect();
        let rows = format!("{},{}\n", HEAD.trim(), more.join(","));
        let path = "/api/v1/submissions?source=sendiri&file=lebar.csv";
        let answer = post(&site, &token, path, &rows).await;
        let told = json(&answer);
        let columns = told["other_columns"].as_array().unwrap();
        assert_eq!((columns.len(), &columns[99]), (100, &"kolom_99".into()));
        let none = json(&post(&site, &token, path, HEAD).await);
        assert_eq!(none["other_columns"], Value::Array(Vec::new()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_read_by_who_sends_or_reads() {
    let site = country().await;
    for (key, rights) in [
        ("kirim", "statements.write"),
        ("baca", "people.read"),
        ("ubah", "changes.read"),
        ("tinjau", "review.write"),
    ] {
        program(&site, key, true, rights).await;
    }
    let path = "/api/v1/submissions?source=sendiri&file=rusak.csv";
    let sends = token(&site, "kirim").await;
    let sent = post(&site, &sends, path, &broken(2)).await;
    let place = sent.header("location").unwrap();
    for path in ["/api/v1/submissions", place, &format!("{place}/findings")] {
        for (key, status) in [
            ("kirim", 200),
            ("baca", 200),
            ("ubah", 403),
            ("tinjau", 403),
        ] {
            let token = token(&site, key).await;
            let answer = get(&site, &token, path, &[]).await;
            assert_eq!(answer.status.as_u16(), status, "{path} as {key}");
            if status == 403 {
                assert_eq!(json(&answer)["right"], "people.read");
                assert!(!answer.body.contains("bukan"));
            }
        }
    }
}
