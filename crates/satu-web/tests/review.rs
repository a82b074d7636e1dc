//! A doubt as an officer answers it.

use axum::http::StatusCode;
use satu_store::Scope;

use crate::PETUGAS;
use crate::browser::{Browser, NIPS, doubt, site, two_persons};

/// The boxes of a page that are ticked.
fn ticked(page: &str) -> Vec<String> {
    let boxes = page.split("type=\"checkbox\" name=\"").skip(1);
    boxes
        .filter(|rest| rest.split('>').next().unwrap().ends_with(" checked"))
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_unticked_stays_so_when_an_answer_is_not_taken() {
    let site = site(false).await;
    two_persons(&site).await;
    let id = doubt(&site.store, NIPS).await;
    let mut officer = Browser::of(&site, PETUGAS).await;
    let path = format!("/tinjau/{id}");
    let all = ticked(&officer.get(&path).await.body);
    assert_eq!(all.len(), 2);
    // By the enter key, and by a button; without a reason at all.
    for (answer, reason) in [("", "akta"), ("sama", "akta"), ("sama", " "), ("", "")] {
        let fields = [("jawaban", answer), ("alasan", reason), (&all[1], "1")];
        let again = officer.sent(&path, &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("role=\"alert\""));
        assert_eq!(ticked(&again.body), all[1..], "{answer:?}, {reason:?}");
    }
    assert_eq!(site.store.totals(&Scope::whole()).await.unwrap().persons, 2);
}
