//! What comes twice, and what changed meanwhile.

use satu_store::{Entry, Scope};

use super::{ANI, BUDI, country, get, json, post_with, program, token};
use crate::browser::{Site, doubt, site_on_postgres};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_under_a_key_is_given_once() {
    repeated(country().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_twice_on_postgresql() {
    let site = super::country_on(site_on_postgres(satu_web::Settings::default()).await).await;
    repeated(site).await;
}

async fn repeated(site: Site) {
    for key in ["pusat", "lain"] {
        program(&site, key, false, "people.read review.write").await;
    }
    let (token, other) = (token(&site, "pusat").await, token(&site, "lain").await);
    let path = format!("/api/v1/doubts/{}", doubt(&site.store, [ANI, BUDI]).await);
    let body = r#"{"answer":"not_same","reason":"dua orang"}"#;
    let key = ("idempotency-key", "\"k-1\"");

    // What is refused may be sent again, mended.
    let wrong = post_with(&site, &token, &path, &[key], b"{}".to_vec()).await;
    assert_eq!(wrong.status.as_u16(), 400);
    let first = post_with(&site, &token, &path, &[key], body.into()).await;
    assert_eq!(first.status.as_u16(), 200, "{}", first.body);
    assert_eq!(first.header("idempotent-replayed"), None);
    let decisions = site.store.head().await.unwrap();
    let again = post_with(
        &site,
        &token,
        &path,
        &[("idempotency-key", "k-1")],
        body.into(),
    )
    .await;
    assert_eq!(again.status.as_u16(), 200);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(json(&again), json(&first));
    assert_eq!(site.store.head().await.unwrap(), decisions);

    // The key stands for that request alone, and for that program.
    let changed = body.replace("dua orang", "lain");
    let answer = post_with(&site, &token, &path, &[key], changed.into()).await;
    assert_eq!(
        (answer.status.as_u16(), &json(&answer)["type"]),
        (422, &"/api/problems/idempotency-key-reused".into())
    );
    let answer = post_with(&site, &other, &path, &[key], body.into()).await;
    assert_eq!(answer.header("idempotent-replayed"), None);
    let answer = post_with(
        &site,
        &token,
        &path,
        &[("idempotency-key", "")],
        body.into(),
    )
    .await;
    assert_eq!(
        (answer.status.as_u16(), &json(&answer)["field"]),
        (400, &"Idempotency-Key".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_under_a_key_are_one() {
    let site = country().await;
    program(&site, "pusat", false, "people.read review.write").await;
    let token = token(&site, "pusat").await;
    let path = format!("/api/v1/doubts/{}", doubt(&site.store, [ANI, BUDI]).await);
    let body = r#"{"answer":"not_same","reason":"dua orang"}"#;
    let key = [("idempotency-key", "k-2")];
    let one = || post_with(&site, &token, &path, &key, body.into());
    let (a, b, c) = tokio::join!(one(), one(), one());
    let mut statuses = [a, b, c].map(|answer| answer.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(
        statuses.iter().all(|status| [200, 409].contains(status)),
        "{statuses:?}"
    );
    let decided = site.store.decisions(&Scope::whole(), 9).await.unwrap();
    assert_eq!(decided.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_since_it_was_read_is_not_decided_on() {
    let site = country().await;
    program(&site, "pusat", false, "people.read review.write").await;
    let token = token(&site, "pusat").await;
    let path = format!("/api/v1/doubts/{}", doubt(&site.store, [ANI, BUDI]).await);
    let read = get(&site, &token, &path, &[]).await;
    let tag = read.header("etag").unwrap();
    let body = r#"{"answer":"not_same","reason":"dua orang"}"#;
    let weak = format!("W/{tag}");
    for wrong in ["\"lain\"", &weak] {
        let answer = post_with(&site, &token, &path, &[("if-match", wrong)], body.into()).await;
        assert_eq!(
            (answer.status.as_u16(), &json(&answer)["type"]),
            (412, &"/api/problems/precondition".into())
        );
    }
    let same = get(&site, &token, &path, &[("if-none-match", tag)]).await;
    assert_eq!(same.status.as_u16(), 304);
    let answer = post_with(&site, &token, &path, &[("if-match", tag)], body.into()).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_while_they_read_meets_every_doubt() {
    let site = country().await;
    program(&site, "pusat", false, "people.read review.write").await;
    let token = token(&site, "pusat").await;
    let [first, second, third] = [
        doubt(&site.store, [ANI, BUDI]).await,
        doubt(&site.store, [ANI, BUDI]).await,
        doubt(&site.store, [ANI, BUDI]).await,
    ];
    let part = async |cursor: &str| {
        let path = format!("/api/v1/doubts?limit=1&cursor={cursor}");
        let told = json(&get(&site, &token, &path, &[]).await);
        let id = told["data"][0]["id"].as_i64().unwrap();
        (id, told["next"].as_str().unwrap_or_default().to_owned())
    };
    let (id, next) = part("").await;
    assert_eq!(id, first);
    let mut writer = site.store.begin().await.unwrap();
    let gone = Entry::Withdrawn { doubt: first };
    writer.append(&gone).await.unwrap();
    writer.commit().await.unwrap();
    let (id, next) = part(&next).await;
    assert_eq!(id, second, "a doubt was passed over");
    // Put aside, it comes again behind the others.
    let path = format!("/api/v1/doubts/{second}");
    let body = r#"{"answer":"not_sure","reason":"arsip belum lengkap"}"#;
    let aside = post_with(&site, &token, &path, &[], body.into()).await;
    assert_eq!(aside.status.as_u16(), 200, "{}", aside.body);
    let (id, next) = part(&next).await;
    assert_eq!(id, third);
    assert_eq!(part(&next).await, (second, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_is_not_told_apart() {
    let site = country().await;
    program(&site, "pusat", false, "people.read review.write").await;
    let token = token(&site, "pusat").await;
    for (answer, status) in [("same", 200), ("not_same", 422)] {
        let path = format!("/api/v1/doubts/{}", doubt(&site.store, [ANI, BUDI]).await);
        let body = format!(r#"{{"answer":"{answer}","reason":"akta"}}"#);
        let answer = post_with(&site, &token, &path, &[], body.into()).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    }
}
