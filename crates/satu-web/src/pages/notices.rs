//! `/pemberitahuan`: the addresses that programs have told of changes, and what could not be told. For
//! officers, and for administrators of places, who see no more of it than where changes go and how.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use satu_store::webhooks::{DeadLetter, Webhook, Webhooks};
use serde::Deserialize;

use crate::Lang;
use crate::app::App;
use crate::form::{Nothing, Posted};
use crate::page::{self, Answer, Failure, Second, Viewer};
use crate::webhooks::fault::told;

/// Lines of a page.
const PAGE: i64 = 100;

#[derive(Template)]
#[template(path = "notices.html")]
struct Shown<'a> {
    page: &'a Viewer,
    lines: Vec<Line>,
    /// Whether one was just ended.
    ended: bool,
}

#[derive(Deserialize)]
pub struct Told {
    akhiri: Option<String>,
}

struct Line {
    hook: Webhook,
    state: &'static str,
    /// Why the last try was in vain; empty after one that was not.
    fault: String,
    /// Whether it needs somebody.
    bad: bool,
    behind: String,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct One<'a> {
    page: &'a Viewer,
    line: Line,
    letters: Vec<Letter>,
    /// Whether the viewer may end it and turn its secret, and has a password to ask for.
    manages: bool,
    password: bool,
    problem: Option<String>,
    /// The change to go on after, where there are more.
    next: Option<i64>,
    done: Option<String>,
}

struct Letter {
    dead: DeadLetter,
    fault: String,
    at: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    /// Dead letters after this change.
    sesudah: i64,
    /// How many were just taken up again.
    ulang: Option<u64>,
    /// Whether it was just set going again.
    lanjut: Option<String>,
}

#[derive(Deserialize)]
pub struct Again {
    /// The change; all where it is empty.
    #[serde(default)]
    perubahan: String,
}

fn line(t: Lang, hook: Webhook, last: i64) -> Line {
    let (state, bad) = match (hook.stopped, hook.tries > 0) {
        (true, _) => (t.notice_stopped(), true),
        (false, true) => (t.notice_waiting(), true),
        (false, false) => (t.notice_active(), false),
    };
    Line {
        state,
        fault: told(t, &hook.fault),
        bad,
        behind: t.number((last - hook.place.id).max(0)),
        hook,
    }
}

pub(super) fn hooks(app: &App, viewer: &Viewer) -> Webhooks {
    app.store(viewer).webhooks()
}

/// Those whose programs reach no further than the viewer's places.
async fn reached(app: &App, viewer: &Viewer) -> Result<Vec<Webhook>, Failure> {
    let ground = viewer.account().role.ground();
    Ok(hooks(app, viewer).within(&ground).await?)
}

/// The one of a number, if its program's reach is within the viewer's.
async fn within(app: &App, viewer: &Viewer, id: i64) -> Result<Webhook, Failure> {
    let all = reached(app, viewer).await?;
    let found = all.into_iter().find(|one| one.id == id);
    found.ok_or(Failure::NotFound)
}

pub async fn list(State(app): State<App>, viewer: Second, Query(told): Query<Told>) -> Answer {
    let all = reached(&app, &viewer).await?;
    let last = app.store(&viewer).last_change().await?;
    let t = viewer.t;
    page::show(&Shown {
        page: &viewer,
        lines: all.into_iter().map(|hook| line(t, hook, last)).collect(),
        ended: told.akhiri.is_some(),
    })
}

pub async fn show(
    State(app): State<App>,
    viewer: Second,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Answer {
    let hook = within(&app, &viewer, id).await?;
    shown(&app, &viewer, hook, &asked, None).await
}

/// The page of one.
pub(super) async fn shown(
    app: &App,
    viewer: &Viewer,
    hook: Webhook,
    asked: &Asked,
    problem: Option<String>,
) -> Answer {
    let letters = hooks(app, viewer)
        .dead(hook.id, asked.sesudah, PAGE)
        .await?;
    let last = app.store(viewer).last_change().await?;
    let (t, account) = (viewer.t, viewer.account());
    let next = letters.last().filter(|_| letters.len() as i64 == PAGE);
    let done = match (asked.ulang, &asked.lanjut) {
        (Some(count), _) => Some(t.notice_replayed(t.number(count as i64))),
        (None, Some(_)) => Some(t.notice_resumed().to_owned()),
        (None, None) => None,
    };
    let (accounts, role) = (app.accounts(), &hook.client.role);
    page::show(&One {
        page: viewer,
        manages: accounts.governs(&account.role, role).await?,
        password: accounts.has_password(account.id).await?,
        problem,
        next: next.map(|letter| letter.change),
        line: line(t, hook, last),
        letters: letters
            .into_iter()
            .map(|letter| Letter {
                at: t.moment(letter.at),
                fault: told(t, &letter.fault),
                dead: letter,
            })
            .collect(),
        done,
    })
}

/// Has what could not be told tried again.
pub async fn replay(
    State(app): State<App>,
    viewer: Second,
    Path(id): Path<i64>,
    Posted(again): Posted<Again>,
) -> Answer {
    let hook = within(&app, &viewer, id).await?;
    let change = match again.perubahan.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure::BadRequest)?),
    };
    let count = hooks(&app, &viewer).again(hook.id, change).await?;
    Ok(Redirect::to(&format!("/pemberitahuan/{id}?ulang={count}")).into_response())
}

/// Sets one going again that was stopped, or that waits.
pub async fn resume(
    State(app): State<App>,
    viewer: Second,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let hook = within(&app, &viewer, id).await?;
    hooks(&app, &viewer).resume(hook.id).await?;
    Ok(Redirect::to(&format!("/pemberitahuan/{id}?lanjut")).into_response())
}
