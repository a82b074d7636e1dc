//! `/permintaan`: what civil servants ask about their own data, for the officers who answer.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use satu_store::Scope;
use satu_store::privacy::Asked;
use serde::Deserialize;

use crate::app::App;
use crate::form::Posted;
use crate::page::{self, Answer, Failure, Officer};
use crate::pager::{PAGE, Pager};

/// Longest answer, in letters.
const LONGEST: usize = 4_000;

#[derive(Template)]
#[template(path = "requests.html")]
struct List<'a> {
    page: &'a Officer,
    waiting: i64,
    asked: Vec<Asked>,
    pager: Pager,
    done: bool,
    now: Timestamp,
}

#[derive(Template)]
#[template(path = "request.html")]
struct Shown<'a> {
    page: &'a Officer,
    one: Asked,
    person: Option<i64>,
    /// Whether it is the viewer's own.
    own: bool,
    form: &'a Form,
    problem: bool,
    now: Timestamp,
}

#[derive(Deserialize)]
pub struct Filter {
    #[serde(default)]
    hal: i64,
    selesai: Option<String>,
}

#[derive(Deserialize, Default)]
pub struct Form {
    #[serde(default)]
    putusan: String,
    #[serde(default)]
    jawaban: String,
}

pub async fn list(State(app): State<App>, viewer: Officer, Query(filter): Query<Filter>) -> Answer {
    let (store, scope) = (app.store(&viewer), viewer.scope());
    let (total, waiting, _) = store.requests(&scope, 0, 0).await?;
    let pager = Pager::new(total, filter.hal, "/permintaan", &[]);
    let (_, _, asked) = store.requests(&scope, pager.skip(), PAGE).await?;
    page::show(&List {
        page: &viewer,
        waiting,
        asked,
        pager,
        done: filter.selesai.is_some(),
        now: Timestamp::now(),
    })
}

pub async fn show(State(app): State<App>, viewer: Officer, Path(id): Path<i64>) -> Answer {
    shown(&app, &viewer, id, &Form::default(), false).await
}

async fn shown(app: &App, viewer: &Officer, id: i64, form: &Form, problem: bool) -> Answer {
    let (store, scope) = (app.store(viewer), viewer.scope());
    let one = store.request(&scope, id).await?.ok_or(Failure::NotFound)?;
    let persons = store.find(&scope, "nip", &one.nip).await?;
    let own = is_own(app, viewer, &one).await?;
    page::show(&Shown {
        page: viewer,
        one,
        person: persons.first().copied(),
        own,
        form,
        problem,
        now: Timestamp::now(),
    })
}

/// Whether a request is of who holds the viewer's account, by this NIP or another that their records state:
/// nobody answers their own.
async fn is_own(app: &App, viewer: &Officer, one: &Asked) -> Result<bool, Failure> {
    let (store, login) = (app.store(viewer), &viewer.account().login);
    let persons = store.find(&Scope::whole(), "nip", &one.nip).await?;
    Ok(app.accounts().is_of(login, &one.nip).await? || store.is_among(login, &persons).await?)
}

/// Answers a request, once.
pub async fn answer(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Posted(form): Posted<Form>,
) -> Answer {
    let answer = form.jawaban.trim();
    let fits = !answer.is_empty() && answer.chars().count() <= LONGEST;
    let granted = match form.putusan.as_str() {
        "kabul" => true,
        "tolak" => false,
        _ => return refused(&app, &viewer, id, &form).await,
    };
    if !fits {
        return refused(&app, &viewer, id, &form).await;
    }
    let (store, scope, by) = (app.store(&viewer), viewer.scope(), &viewer.account().login);
    let one = store.request(&scope, id).await?.ok_or(Failure::NotFound)?;
    if is_own(&app, &viewer, &one).await? {
        return Err(Failure::Forbidden);
    }
    if !store.answer(&scope, id, granted, answer, by).await? {
        return Err(Failure::NotFound);
    }
    Ok(Redirect::to("/permintaan?selesai").into_response())
}

async fn refused(app: &App, viewer: &Officer, id: i64, form: &Form) -> Answer {
    let again = shown(app, viewer, id, form, true).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}
