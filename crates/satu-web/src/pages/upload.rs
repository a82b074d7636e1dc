//! `/kiriman/periksa/{token}`: an uploaded file is checked, looked at, and sent or discarded.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};

use super::submission::{Counts, Line, RuleLine, column};
use crate::app::App;
use crate::export::{self, Ending};
use crate::form::{Nothing, Posted};
use crate::page::{self, Answer, Failure, Officer, Viewer};
use crate::unreadable::told;
use crate::uploads::{Checked, State as Stage, Upload};
use crate::{Lang, columns, work};

/// Something is under way.
#[derive(Template)]
#[template(path = "working.html")]
struct Working<'a> {
    page: &'a Viewer,
    file: String,
    title: &'static str,
    progress: String,
    /// Rows done and rows in all, where that is known.
    of: Option<(i64, i64)>,
}

/// It did not work out.
#[derive(Template)]
#[template(path = "not_sent.html")]
struct NotSent<'a> {
    page: &'a Viewer,
    file: String,
    title: &'a str,
    text: String,
    hint: String,
    submission: Option<i64>,
}

/// It was checked.
#[derive(Template)]
#[template(path = "checked.html")]
struct Shown<'a> {
    page: &'a Viewer,
    token: &'a str,
    upload: &'a Upload,
    checked: &'a Checked,
    counts: Counts,
    rules: Vec<RuleLine>,
    lines: Vec<Line>,
    columns: Vec<(&'a str, &'a str)>,
    kind: &'a str,
    stated_on: String,
    blank_rows: i64,
}

fn found(app: &App, viewer: &Viewer, token: &str) -> Result<Arc<Upload>, Failure> {
    let found = app.uploads().of(token, viewer.account().id);
    found.ok_or(Failure::NotFound)
}

pub async fn show(State(app): State<App>, viewer: Officer, Path(token): Path<String>) -> Answer {
    let upload = found(&app, &viewer, &token)?;
    let t = viewer.t;
    let rows = upload.rows.load(Ordering::Relaxed) as i64;
    let working = |title, progress, of| Working {
        page: &viewer,
        file: upload.file(),
        title,
        progress,
        of,
    };
    let not_sent = |title, text: &str, hint: &str, submission| NotSent {
        page: &viewer,
        file: upload.file(),
        title,
        text: text.to_owned(),
        hint: hint.to_owned(),
        submission,
    };
    match upload.state() {
        Stage::Checking => {
            let progress = t.rows_so_far(t.number(rows));
            page::show(&working(t.checking(), progress, None))
        }
        Stage::Sending(checked) => {
            let all = checked.summary.rows as i64;
            let progress = t.rows_of(t.number(rows), t.number(all));
            page::show(&working(t.sending(), progress, Some((rows, all))))
        }
        Stage::Linking => page::show(&working(t.linking(), t.linking_more().to_owned(), None)),
        Stage::Unreadable(error) => {
            let (text, hint) = told(t, &error, upload.folder.path());
            page::show(&not_sent(t.unreadable(), &text, &hint, None))
        }
        Stage::Failed => page::show(&not_sent(t.not_sent(), t.not_sent_more(), "", None)),
        Stage::NotLinked(id) => page::show(&not_sent(t.not_sent(), t.not_linked(), "", Some(id))),
        Stage::Sent(id) => Ok(Redirect::to(&format!("/kiriman/{id}?baru")).into_response()),
        Stage::Already(id) => Ok(Redirect::to(&format!("/kiriman/{id}?sama")).into_response()),
        Stage::Checked(checked) => page::show(&Shown {
            page: &viewer,
            token: &token,
            upload: &upload,
            counts: Counts {
                rows: checked.summary.rows as i64,
                accepted: checked.summary.accepted as i64,
                warned: checked.summary.accepted_with_warnings as i64,
                rejected: checked.summary.rejected as i64,
            },
            rules: rules(t, &checked),
            lines: lines(t, &checked),
            columns: checked
                .summary
                .columns
                .iter()
                .map(|(ours, header)| (columns::title(t, ours), header.as_str()))
                .collect(),
            kind: satu_domain::Kind::from_name(&checked.summary.kind)
                .map_or("", |kind| t.kind_named(kind)),
            stated_on: t.date(upload.stated_on),
            blank_rows: checked.summary.blank_rows as i64,
            checked: &checked,
        }),
    }
}

fn rules(t: Lang, checked: &Checked) -> Vec<RuleLine> {
    let mut rules: Vec<RuleLine> = checked
        .counts
        .iter()
        .map(|((rule, severity, field), count)| RuleLine {
            rule: (*rule).to_owned(),
            error: *severity == "error",
            column: column(t, field).to_owned(),
            message: t.sentence(rule).to_owned(),
            count: *count,
            to: String::new(),
        })
        .collect();
    rules.sort_by_key(|one| -one.count);
    rules
}

/// The first findings, with their values: the sender's own file is not recorded yet.
fn lines(t: Lang, checked: &Checked) -> Vec<Line> {
    checked
        .first
        .iter()
        .map(|(row, found)| Line {
            row: *row as i64,
            rule: found.rule.to_owned(),
            error: found.severity_name() == "error",
            column: column(t, found.column).to_owned(),
            value: found.value.clone(),
            message: t.sentence(found.rule).to_owned(),
        })
        .collect()
}

pub async fn send(
    State(app): State<App>,
    viewer: Officer,
    Path(token): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let upload = found(&app, &viewer, &token)?;
    let store = app.store(&viewer);
    // The account's reach may have changed since the file was chosen.
    let sources = store.sources(&viewer.scope()).await?;
    if !sources.contains(&upload.source) {
        return Err(Failure::NotFound);
    }
    if upload.begin_sending() {
        work::send(&app, store.clone(), upload);
    }
    Ok(Redirect::to(&format!("/kiriman/periksa/{token}")).into_response())
}

pub async fn discard(
    State(app): State<App>,
    viewer: Officer,
    Path(token): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let upload = found(&app, &viewer, &token)?;
    if upload.state().works() {
        return Ok(Redirect::to(&format!("/kiriman/periksa/{token}")).into_response());
    }
    app.uploads().forget(&token);
    Ok(Redirect::to("/kiriman").into_response())
}

pub async fn csv(app: State<App>, viewer: Officer, token: Path<String>) -> Answer {
    report(&app, &viewer, &token, Ending::Csv).await
}

pub async fn xlsx(app: State<App>, viewer: Officer, token: Path<String>) -> Answer {
    report(&app, &viewer, &token, Ending::Xlsx).await
}

async fn report(app: &App, viewer: &Viewer, token: &str, ending: Ending) -> Answer {
    let upload = found(app, viewer, token)?;
    if !matches!(upload.state(), Stage::Checked(_)) {
        return Err(Failure::NotFound);
    }
    let folder = tempfile::tempdir().map_err(|error| Failure::Fault(error.to_string()))?;
    let path = folder.path().join(format!("laporan.{}", ending.name()));
    work::report(app, app.store(viewer), upload, &path).await?;
    export::file_saved("laporan-pemeriksaan", ending, path, folder).await
}
