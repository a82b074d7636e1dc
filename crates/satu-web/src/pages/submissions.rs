//! `/kiriman`: what was sent, the newest first.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use satu_store::deliveries::Delivered;
use satu_store::entry::Source;
use serde::Deserialize;

use crate::app::App;
use crate::page::{self, Answer, Officer, Viewer};
use crate::pager::{PAGE, Pager};

#[derive(Template)]
#[template(path = "submissions.html")]
struct Shown<'a> {
    page: &'a Viewer,
    sources: &'a [Source],
    source: &'a str,
    lines: Vec<Line>,
    pager: Pager,
}

struct Line {
    id: i64,
    received: String,
    source: String,
    file: String,
    kind: &'static str,
    stated_on: String,
    rows: i64,
    accepted: i64,
    warned: i64,
    rejected: i64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    /// A source's code.
    sumber: String,
    hal: i64,
}

pub async fn list(State(app): State<App>, viewer: Officer, Query(asked): Query<Asked>) -> Answer {
    let (store, scope) = (app.store(&viewer), viewer.scope());
    let sources = store.sources(&scope).await?;
    let names: BTreeMap<&str, &str> = sources
        .iter()
        .map(|source| (source.code.as_str(), source.name.as_str()))
        .collect();
    let of = asked.sumber.as_str();
    let count = store.submission_count(&scope, of).await?;
    let pager = Pager::new(count, asked.hal, "/kiriman", &[("sumber", of)]);
    let delivered = store.submissions_page(&scope, of, pager.skip(), PAGE);
    let delivered = delivered.await?;
    page::show(&Shown {
        page: &viewer,
        sources: &sources,
        source: of,
        lines: delivered
            .iter()
            .map(|one| line(&viewer, &names, one))
            .collect(),
        pager,
    })
}

fn line(viewer: &Viewer, names: &BTreeMap<&str, &str>, one: &Delivered) -> Line {
    let (submission, receipt) = (&one.submission, &one.receipt);
    let name = names.get(submission.source.as_str());
    Line {
        id: receipt.submission,
        received: viewer.t.moment(one.received_at),
        source: (*name.unwrap_or(&submission.source.as_str())).to_owned(),
        file: submission.file.clone(),
        kind: viewer.t.kind_named(submission.kind),
        stated_on: viewer.t.date(submission.stated_on),
        rows: receipt.rows as i64,
        accepted: receipt.accepted as i64,
        warned: receipt.accepted_with_warnings as i64,
        rejected: receipt.rejected as i64,
    }
}
