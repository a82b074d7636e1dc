//! `/saya/hak`: a civil servant's copy of their data, their requests, and breaches that touch them.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use satu_domain::Kind;
use satu_registry::table::Cell;
use satu_store::OPEN;
use satu_store::accounts::Role;
use satu_store::ask::Person;
use satu_store::privacy::{About, Asked, Breach, Told};
use serde::Deserialize;

use super::person::reason;
use crate::app::App;
use crate::columns;
use crate::export::{self, Ending, texts};
use crate::form::Posted;
use crate::page::{self, Answer, Failure, Viewer};

/// Longest text of a request, in letters.
const LONGEST: usize = 2_000;
/// Requests of one civil servant that may wait at a time.
const MOST_WAITING: i64 = 20;
/// Requests listed.
const MOST: i64 = 1_000;

#[derive(Template)]
#[template(path = "rights.html")]
struct Shown<'a> {
    page: &'a Viewer,
    asked: Vec<Asked>,
    breaches: Vec<Breach>,
    form: &'a Form,
    problem: bool,
    sent: bool,
    now: Timestamp,
}

#[derive(Deserialize, Default)]
pub struct Form {
    #[serde(default)]
    tentang: String,
    #[serde(default)]
    uraian: String,
}

#[derive(Deserialize)]
pub struct Sent {
    selesai: Option<String>,
}

/// The NIP of a civil servant; the pages below are theirs alone.
fn nip(viewer: &Viewer) -> Result<&str, Failure> {
    match &viewer.account().role {
        Role::Asn { nip } => Ok(nip),
        _ => Err(Failure::Forbidden),
    }
}

pub async fn show(State(app): State<App>, viewer: Viewer, Query(sent): Query<Sent>) -> Answer {
    shown(
        &app,
        &viewer,
        &Form::default(),
        false,
        sent.selesai.is_some(),
    )
    .await
}

async fn shown(app: &App, viewer: &Viewer, form: &Form, problem: bool, sent: bool) -> Answer {
    nip(viewer)?;
    let store = app.store(viewer);
    let scope = viewer.scope();
    let (_, _, asked) = store.requests(&scope, 0, MOST).await?;
    let mut breaches = store.breaches(&scope).await?;
    breaches.retain(|breach| breach.told(Told::Persons).is_some());
    page::show(&Shown {
        page: viewer,
        asked,
        breaches,
        form,
        problem,
        sent,
        now: Timestamp::now(),
    })
}

/// Puts a request on the register.
pub async fn ask(State(app): State<App>, viewer: Viewer, Posted(form): Posted<Form>) -> Answer {
    let nip = nip(&viewer)?;
    let store = app.store(&viewer);
    let (_, waiting, _) = store.requests(&viewer.scope(), 0, 0).await?;
    if waiting >= MOST_WAITING {
        return Err(Failure::TooMany);
    }
    let (about, text) = (About::parse(&form.tentang), form.uraian.trim());
    match about {
        Some(about) if !text.is_empty() && text.chars().count() <= LONGEST => {
            let by = &viewer.account().login;
            store.ask(nip, about, text, by).await?;
            Ok(Redirect::to("/saya/hak?selesai").into_response())
        }
        _ => {
            let again = shown(&app, &viewer, &form, true, false).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
    }
}

pub async fn csv(app: State<App>, viewer: Viewer) -> Answer {
    copy(&app, &viewer, Ending::Csv).await
}

pub async fn xlsx(app: State<App>, viewer: Viewer) -> Answer {
    copy(&app, &viewer, Ending::Xlsx).await
}

/// All that is held about the civil servant (UU 27/2022 art. 7 and 13): each value with its origin,
/// each statement as it came, each look.
async fn copy(app: &App, viewer: &Viewer, ending: Ending) -> Answer {
    let nip = nip(viewer)?;
    let (store, scope, t) = (app.store(viewer), viewer.scope(), viewer.t);
    let mut rows = Vec::new();
    let mut line = |cells: [&str; 5]| rows.push(texts(cells.map(str::to_owned).to_vec()));
    for id in store.find(&scope, "nip", nip).await? {
        let Some(person) = store.person(&scope, id, None, OPEN).await? else {
            continue;
        };
        golden(t, &person, &mut line);
        stated(t, &person, &mut line);
        for look in store.accesses(&scope, id, i64::MAX).await? {
            let purpose = t.purpose_named(&look.purpose);
            line([t.who_looked(), &look.by, purpose, "", &t.moment(look.at)]);
        }
    }
    let head = [
        t.kind_of_statement(),
        t.field(),
        t.value(),
        t.origin(),
        t.when(),
    ];
    let head = head.map(str::to_owned).to_vec();
    let rows: Vec<Vec<Cell>> = rows;
    export::whole("data-saya", ending, head, rows).await
}

fn golden(t: crate::Lang, person: &Person, line: &mut impl FnMut([&str; 5])) {
    for field in &person.record.fields {
        let title = columns::title(t, field.name);
        let dated = field.winner.by.stated_on.map(|day| t.date(day));
        let origin = format!(
            "{}: {}",
            reason(t, field.reason),
            field.winner.by.sources.join(", ")
        );
        let value = t.date_text(&field.winner.value);
        line([
            t.golden_record(),
            title,
            &value,
            &origin,
            &dated.unwrap_or_default(),
        ]);
    }
}

fn stated(t: crate::Lang, person: &Person, line: &mut impl FnMut([&str; 5])) {
    for one in &person.evidence {
        let kind: Kind = one.kind;
        let origin = format!("{}, {}, {} {}", one.source, one.file, t.row(), one.row);
        for (column, value) in kind.columns().iter().zip(&one.cells) {
            if !value.is_empty() {
                let (named, title) = (t.kind_named(kind), columns::title(t, column));
                line([
                    named,
                    title,
                    &t.date_text(value),
                    &origin,
                    &t.date(one.stated_on),
                ]);
            }
        }
    }
}
