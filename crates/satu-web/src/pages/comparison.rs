//! `/kiriman/cocok`: an extract is held against the golden records; nothing is recorded.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use askama::Template;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use satu_intake::MapFile;
use satu_registry::reconcile::{Line, Reconciled, Status};
use satu_store::accounts::Role;

use super::person::PURPOSES;
use super::receive::{MAP, MOST_SAID, field, received, short, text};
use crate::app::App;
use crate::comparisons::{self, Comparison, State as Stage};
use crate::export::{self, Ending};
use crate::form::from_here;
use crate::page::{self, Answer, Failure, Officer, Viewer};
use crate::unreadable::told;
use crate::{Lang, columns};

#[derive(Template)]
#[template(path = "compare.html")]
struct Asked<'a> {
    page: &'a Viewer,
    agency: String,
    /// Whether the agency is the viewer's own and no other can be named.
    own: bool,
    most: &'static str,
    problem: Option<&'a str>,
}

/// Something is under way.
#[derive(Template)]
#[template(path = "working.html")]
struct Working<'a> {
    page: &'a Viewer,
    file: String,
    title: &'static str,
    progress: String,
    of: Option<(i64, i64)>,
}

#[derive(Template)]
#[template(path = "not_compared.html")]
struct NotCompared<'a> {
    page: &'a Viewer,
    file: String,
    text: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "compared.html")]
struct Compared<'a> {
    page: &'a Viewer,
    token: &'a str,
    file: String,
    agency: &'a str,
    counts: Vec<(&'static str, String)>,
    agrees: bool,
    fields: Vec<(&'a str, String)>,
    /// Whether what is sensitive was compared too.
    open: bool,
    lines: Vec<Shown<'a>>,
}

/// A line as the page shows it.
struct Shown<'a> {
    status: &'static str,
    row: String,
    /// The person's page, where there is one person.
    to: Option<String>,
    nip: &'a str,
    name: &'a str,
    note: String,
    differences: Vec<Differs<'a>>,
}

struct Differs<'a> {
    field: &'a str,
    here: String,
    there: String,
    why: &'static str,
    sources: String,
}

pub async fn ask(viewer: Officer) -> Answer {
    form(&viewer, None)
}

fn form(viewer: &Viewer, problem: Option<&str>) -> Answer {
    let own = match &viewer.account().role {
        Role::Officer { places } => places.speaks_for().map(str::to_owned),
        _ => None,
    };
    page::show(&Asked {
        page: viewer,
        own: own.is_some(),
        agency: own.unwrap_or_default(),
        most: MOST_SAID,
        problem,
    })
}

fn refused(viewer: &Viewer, status: StatusCode, problem: &str) -> Answer {
    Ok((status, form(viewer, Some(problem))?).into_response())
}

pub async fn take(
    State(app): State<App>,
    viewer: Officer,
    headers: HeaderMap,
    body: Result<Multipart, MultipartRejection>,
) -> Answer {
    if !from_here(&headers) {
        return Err(Failure::Forbidden);
    }
    let mut body = body.map_err(|_| Failure::BadRequest)?;
    match short(&mut body, "tanda").await {
        Ok(mark) if viewer.marked(&mark) => {}
        _ => return Err(Failure::Forbidden),
    }
    let t = viewer.t;
    let agency = short(&mut body, "instansi").await?;
    let scope = viewer.scope();
    if scope.of_agency(&agency).is_none() {
        return Err(Failure::NotFound);
    }
    let purpose = short(&mut body, "tujuan").await?;
    if !purpose.is_empty() && !PURPOSES.contains(&purpose.as_str()) {
        return Err(Failure::BadRequest);
    }
    let map = text(field(&mut body, "peta").await?, MAP).await?;
    // Taken to its end even where there is a problem: a browser that is cut off shows no answer.
    let file = received(field(&mut body, "berkas").await?).await?;
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(map) = map else {
        return refused(&viewer, unfit, t.map_too_large());
    };
    let map = Some(map).filter(|map| !map.trim().is_empty());
    if let Some(Err(error)) = map.as_deref().map(MapFile::parse) {
        return refused(&viewer, unfit, &t.map_problem(&error));
    }
    if file.bytes == 0 {
        return refused(&viewer, unfit, t.no_file());
    }
    let owner = viewer.account();
    let look = (!purpose.is_empty()).then(|| (owner.login.clone(), purpose));
    let one = Arc::new(Comparison::new(
        owner.id,
        agency,
        look,
        map,
        (file.path, file.folder),
    ));
    let kept = app.comparisons().keep(one.clone());
    let kept = kept.map_err(|error| Failure::Fault(error.to_string()))?;
    let Some(token) = kept else {
        return refused(&viewer, StatusCode::TOO_MANY_REQUESTS, t.too_many_uploads());
    };
    comparisons::compare(&app, app.store(&viewer).clone(), scope, one);
    Ok(Redirect::to(&format!("/kiriman/cocok/{token}")).into_response())
}

fn found(app: &App, viewer: &Viewer, token: &str) -> Result<Arc<Comparison>, Failure> {
    let found = app.comparisons().of(token, viewer.account().id);
    found.ok_or(Failure::NotFound)
}

pub async fn show(State(app): State<App>, viewer: Officer, Path(token): Path<String>) -> Answer {
    let one = found(&app, &viewer, &token)?;
    let t = viewer.t;
    let not_compared = |text: String, hint: String| NotCompared {
        page: &viewer,
        file: one.file(),
        text,
        hint,
    };
    match one.state() {
        Stage::Working => page::show(&Working {
            page: &viewer,
            file: one.file(),
            title: t.comparing(),
            progress: t.rows_so_far(t.number(one.lines.load(Ordering::Relaxed) as i64)),
            of: None,
        }),
        Stage::Unreadable(error) => {
            let (text, hint) = told(t, &error, one.folder.path());
            page::show(&not_compared(text, hint))
        }
        Stage::NoAgency => {
            let text = t.no_such_agency(&one.agency);
            page::show(&not_compared(text, t.no_such_agency_hint().to_owned()))
        }
        Stage::Failed => {
            let text = t.failed().to_owned();
            page::show(&not_compared(text, t.failed_more().to_owned()))
        }
        Stage::Done(result) => {
            let (done, lines) = &*result;
            page::show(&Compared {
                page: &viewer,
                token: &token,
                file: one.file(),
                agency: &one.agency,
                counts: counts(t, done),
                agrees: done.agrees(),
                fields: fields(t, done),
                open: one.look.is_some(),
                lines: lines.iter().map(|line| shown(t, line)).collect(),
            })
        }
    }
}

fn counts(t: Lang, done: &Reconciled) -> Vec<(&'static str, String)> {
    [
        (t.records(), done.rows),
        (titled(t, Status::Same), done.same),
        (titled(t, Status::Different), done.different),
        (titled(t, Status::OnlyHere), done.only_here),
        (titled(t, Status::OnlyThere), done.only_there),
        (titled(t, Status::Ambiguous), done.ambiguous),
        (titled(t, Status::Unreadable), done.unreadable),
    ]
    .into_iter()
    .map(|(title, count)| (title, t.number(count as i64)))
    .collect()
}

/// The fields that differ, the most frequent first.
fn fields(t: Lang, done: &Reconciled) -> Vec<(&str, String)> {
    let mut fields: Vec<_> = done.by_field.iter().collect();
    fields.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let line =
        |(field, count): (&&'static str, &u64)| (columns::title(t, field), t.number(*count as i64));
    fields.into_iter().map(line).collect()
}

fn titled(t: Lang, status: Status) -> &'static str {
    match status {
        Status::Same => t.compared_same(),
        Status::Different => t.compared_different(),
        Status::OnlyHere => t.compared_only_here(),
        Status::OnlyThere => t.compared_only_there(),
        Status::Ambiguous => t.compared_ambiguous(),
        Status::Unreadable => t.compared_unreadable(),
    }
}

fn shown(t: Lang, line: &Line) -> Shown<'_> {
    let note = match (line.status, line.first_row) {
        (Status::Ambiguous, Some(first)) => t.person_of_row(first),
        (Status::Ambiguous, None) => t.number_of_several(line.persons.len()),
        _ => line
            .matched_by
            .filter(|column| *column != "nip")
            .map_or_else(String::new, |column| {
                t.matched_by(columns::title(t, column))
            }),
    };
    let differences = line.differences.iter().map(|one| Differs {
        field: columns::title(t, one.field),
        here: t.date_text(&one.here),
        there: t.date_text(&one.there),
        why: one
            .reason
            .map_or("", |reason| super::person::reason(t, reason)),
        sources: one.sources.join(", "),
    });
    Shown {
        status: titled(t, line.status),
        row: line
            .row
            .map_or_else(String::new, |row| t.number(row as i64)),
        to: match line.persons.as_slice() {
            [person] => Some(format!("/orang/{person}")),
            _ => None,
        },
        nip: &line.nip,
        name: &line.nama,
        note,
        differences: differences.collect(),
    }
}

pub async fn csv(app: State<App>, viewer: Officer, token: Path<String>) -> Answer {
    report(&app, &viewer, &token, Ending::Csv).await
}

pub async fn xlsx(app: State<App>, viewer: Officer, token: Path<String>) -> Answer {
    report(&app, &viewer, &token, Ending::Xlsx).await
}

async fn report(app: &App, viewer: &Viewer, token: &str, ending: Ending) -> Answer {
    let one = found(app, viewer, token)?;
    if !matches!(one.state(), Stage::Done(_)) {
        return Err(Failure::NotFound);
    }
    let path = one.report(ending);
    export::file_saved("hasil-pencocokan", ending, path, one).await
}
