//! Why a program is not answered: which part of what it asks, and why, in the language it asks for.

use axum::http::Method;

use super::{country, get, json, post_with, program, token};
use crate::browser::asked;

const RIGHTS: &str = "people.read people.sensitive statements.write review.write changes.read";

#[tokio::test(flavor = "multi_thread")]
async fn every_reason_names_its_part_in_both_languages() {
    let site = country().await;
    program(&site, "semua", false, RIGHTS).await;
    let token = token(&site, "semua").await;
    let batch = |more: &str| format!(r#"{{"source":"sendiri","kind":"golongan"{more}}}"#);
    let rows = r#","statements":[{"nip":"1"}]"#;
    let file = "/api/v1/submissions?source=sendiri&file=a.csv";
    let cases: Vec<(&str, String, &str)> = [
        ("/api/v1/people?limit=0", "limit"),
        ("/api/v1/people?limit=x", "limit"),
        ("/api/v1/people?limit=1&limit=2", "limit"),
        ("/api/v1/people?cursor=x", "cursor"),
        ("/api/v1/people?fields=lain", "fields"),
        ("/api/v1/people?q=a&nip=1", "q"),
        ("/api/v1/people?q=%FF", "q"),
        ("/api/v1/people/%FF", "path"),
        ("/api/v1/people/1?as_of=besok", "as_of"),
        ("/api/v1/people/1/histories?kind=lain", "kind"),
        ("/api/v1/people/1/histories?kind=", "kind"),
        ("/api/v1/changes?values=x", "values"),
        ("/api/v1/changes?wait=99", "wait"),
        ("/api/v1/changes?after=x", "after"),
    ]
    .map(|(path, field)| (path, String::new(), field))
    .into_iter()
    .chain(
        [
            ("/api/v1/submissions?source=sendiri", "", "file"),
            ("/api/v1/submissions?source=lain_&file=a.csv", "", "source"),
            (file, "a,b\n1,2\n", "body"),
            (file, "%PDF-1.7", "body"),
            ("/api/v1/reconcile", "a", "instansi"),
            (
                "/api/v1/reconcile?instansi=Pemerintah+Kota+Contoh",
                "a,b\n1,2\n",
                "body",
            ),
            (
                "/api/v1/reconcile?instansi=Pemerintah+Kota+Contoh&map=%3D",
                "a",
                "map",
            ),
            (
                "/api/v1/reconcile?instansi=Pemerintah+Kota+Contoh&format=x",
                "a",
                "format",
            ),
            ("/api/v1/match", r#"[{"nama":"ANI"},2]"#, "body"),
            ("/api/v1/match", r#"{"record":{"lain":"ANI"}}"#, "record"),
            ("/api/v1/match", r#"{"record":{}}"#, "record"),
            ("/api/v1/match", r#"{"record":{"nama":1}}"#, "record.nama"),
            (
                "/api/v1/match",
                r#"{"record":{"nama":"ANI"},"limit":51}"#,
                "limit",
            ),
            ("/api/v1/match", r#"{"limit":5}"#, "record"),
            ("/api/v1/match", r#"{"record":"#, "body"),
            ("/api/v1/match", r#"{"record":{"nama":"ANI"}} {}"#, "body"),
            (
                "/api/v1/doubts/1",
                r#"{"answer":"ya","reason":"x"}"#,
                "answer",
            ),
            ("/api/v1/webhooks", r#"{"url":"x"}"#, "url"),
            ("/api/v1/webhooks", r#"{"url":"http://contoh.id"}"#, "url"),
            ("/api/v1/webhooks", r#"{"url":"https://10.0.0.1/"}"#, "url"),
            (
                "/api/v1/webhooks",
                r#"{"url":"https://contoh.id","types":["x"]}"#,
                "types",
            ),
            (
                "/api/v1/statements",
                r#"["sendiri","golongan",null,[{"nip":"1"}]]"#,
                "body",
            ),
        ]
        .map(|(path, body, field)| (path, body.to_owned(), field)),
    )
    .chain(
        [
            (String::new(), "statements"),
            (r#","statements":[]"#.to_owned(), "statements"),
            (format!(r#"{rows},"dry_run":true"#), "dry_run"),
            (format!(r#"{rows},"stated_on":"x""#), "stated_on"),
            (format!(r#"{rows},"stated_on":"2999-01-01""#), "stated_on"),
            (r#","statements":[1]"#.to_owned(), "statements[0]"),
        ]
        .map(|(more, field)| ("/api/v1/statements", batch(&more), field)),
    )
    .collect();
    for (path, body, field) in &cases {
        let mut reasons = Vec::new();
        for language in ["id", "en"] {
            let headers = [("accept-language", language)];
            let answer = if *field == "file" || !body.is_empty() || path.contains("file=") {
                post_with(&site, &token, path, &headers, body.clone().into()).await
            } else {
                get(&site, &token, path, &headers).await
            };
            let told = json(&answer);
            assert!(
                [400, 422].contains(&answer.status.as_u16()),
                "{path} {told}"
            );
            assert_eq!(answer.header("content-language"), Some(language));
            assert_eq!(told["field"], *field, "{path} {body} {told}");
            let reason = told["reason"].as_str().unwrap();
            assert!(!reason.contains("--map") && !reason.is_empty(), "{told}");
            reasons.push(reason.to_owned());
        }
        assert_ne!(reasons[0], reasons[1], "{path} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_address_of_the_api_is_a_problem() {
    let site = country().await;
    program(&site, "kota", true, "people.read").await;
    let token = token(&site, "kota").await;
    for path in [
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/people/",
        "/api/v1/a/b?c=d",
    ] {
        for answer in [
            get(&site, &token, path, &[("accept", "text/html")]).await,
            asked(&site, Method::DELETE, path, &[], "").await,
        ] {
            assert_eq!(answer.status.as_u16(), 404, "{path}");
            assert_eq!(
                answer.header("content-type"),
                Some("application/problem+json")
            );
            assert_eq!(json(&answer)["type"], "/api/problems/not-found");
            assert!(answer.header("ratelimit").is_some());
        }
    }
}
