//! `/program/{id}`: one program, its secrets, and their end.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use satu_registry::four_eyes::Taken;
use satu_registry::program_secret::{give_secret, secret_approved};
use satu_registry::review::ReviewError;
use satu_store::clients::{Client, ClientError, Listed, Right};
use serde::Deserialize;

use super::password::still_theirs;
use super::programs::Line;
use super::proposals::onward;
use super::sign_in::machine;
use crate::app::App;
use crate::asker::Asker;
use crate::form::{Nothing, Posted};
use crate::page::{self, Administrator, Answer, Failure};

#[derive(Template)]
#[template(path = "program.html")]
struct Shown<'a> {
    page: &'a Administrator,
    line: Line,
    /// When each secret was made and last used, the newest first.
    secrets: Vec<(String, Option<String>)>,
    /// What was done to it, the first act first: when, by whom, what.
    history: Vec<(String, String, String)>,
    /// Whether the account has a password to ask for.
    password: bool,
    /// Whether a second person approved a secret for the asker to take.
    approved: bool,
    /// What the asker wrote why.
    said: &'a str,
    done: Option<&'static str>,
    problem: Option<String>,
}

/// A secret, shown here alone: what is kept is its hash, and to whom it was shown.
#[derive(Template)]
#[template(path = "program_secret.html")]
pub(super) struct Issued<'a> {
    pub page: &'a Administrator,
    pub title: String,
    pub client: &'a Client,
    pub secret: String,
    /// Whether the one before is good too.
    pub both: bool,
}

impl Issued<'_> {
    /// The page. Whom it is shown to could act as the program from then on.
    pub async fn show(&self, app: &App) -> Answer {
        let by = &self.page.account().login;
        app.accounts().shown_secret(self.client.id, by).await?;
        page::show(self)
    }
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    sandi: String,
    /// Why, where it needs a second person.
    #[serde(default)]
    alasan: String,
}

#[derive(Deserialize)]
pub struct Told {
    lama: Option<String>,
    tutup: Option<String>,
}

/// The program of a number, if the asker looks after it.
async fn governed(app: &App, viewer: &Administrator, id: i64) -> Result<Listed, Failure> {
    let one = app.clients().one(id).await?.ok_or(Failure::NotFound)?;
    let by = &viewer.account().role;
    if !app.accounts().governs(by, &one.client.role).await? {
        return Err(Failure::NotFound);
    }
    Ok(one)
}

/// What the register says to an act on a program that was there a moment ago.
fn told(done: Result<(), ClientError>) -> Result<(), Failure> {
    match done {
        Ok(()) => Ok(()),
        Err(ClientError::Store(error)) => Err(error.into()),
        Err(_) => Err(Failure::NotFound),
    }
}

pub async fn show(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Query(told): Query<Told>,
) -> Answer {
    let one = governed(&app, &viewer, id).await?;
    let done = match (told.lama, told.tutup) {
        (Some(_), _) => Some(viewer.t.program_old_dropped()),
        (None, Some(_)) => Some(viewer.t.program_closed()),
        (None, None) => None,
    };
    shown(&app, &viewer, one, done, None, "").await
}

async fn shown(
    app: &App,
    viewer: &Administrator,
    one: Listed,
    done: Option<&'static str>,
    problem: Option<String>,
    said: &str,
) -> Answer {
    let (t, account) = (viewer.t, viewer.account());
    let approved = app.four_eyes().await? && {
        let (store, now) = (app.store(viewer), Timestamp::now());
        let proposal = secret_approved(store, &one.client, &account.login, now);
        proposal.await?.is_some()
    };
    let secrets = one.secrets.iter().map(|secret| {
        let used = secret.used_at.map(|at| t.moment(at));
        (t.moment(secret.made_at), used)
    });
    let history = app.store(viewer).program_history(&one.client.key).await?;
    let history = history.into_iter().map(|one| {
        let what = t.program_act(&one.act.done);
        (t.moment(one.at), t.program_actor(one.act.by), what)
    });
    page::show(&Shown {
        page: viewer,
        secrets: secrets.collect(),
        history: history.collect(),
        line: Line::of(t, one),
        password: app.accounts().has_password(account.id).await?,
        approved,
        said,
        done,
        problem,
    })
}

/// Gives the program a new secret, or proposes it where that needs a second person; the one before stays
/// good.
pub async fn rotate(
    State(app): State<App>,
    viewer: Administrator,
    asker: Asker,
    Path(id): Path<i64>,
    Posted(typed): Posted<Asked>,
) -> Answer {
    let one = governed(&app, &viewer, id).await?;
    let again = async |one: Listed, problem: String| -> Answer {
        let page = shown(&app, &viewer, one, None, Some(problem), &typed.alasan).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    if let Err(problem) = still_theirs(&app, &viewer, &asker, typed.sandi.clone()).await? {
        return again(one, problem).await;
    }
    let (client, secret) = (&one.client, crate::secret().map_err(machine)?);
    let (store, by) = (app.store(&viewer), &viewer.account().login);
    match give_secret(store, client, &secret, by, &typed.alasan).await {
        Ok(Taken::Done(_)) => {}
        Ok(waits) => return Ok(onward(waits, "/program")),
        Err(ReviewError::NoReason) => {
            return again(one, viewer.t.reason_missing().to_owned()).await;
        }
        Err(error) => return Err(error.into()),
    }
    tracing::info!(target: "security", client = client.key, by, "gave a program a new secret");
    let issued = Issued {
        page: &viewer,
        title: viewer.t.program_turned(&client.name),
        client,
        secret,
        both: !one.secrets.is_empty(),
    };
    issued.show(&app).await
}

/// Makes all secrets but the newest, and all tokens, useless.
pub async fn drop_old(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let Client { key, .. } = governed(&app, &viewer, id).await?.client;
    let by = &viewer.account().login;
    told(app.clients().drop_old(&key, by).await)?;
    tracing::info!(target: "security", client = key, by, "dropped a program's old secrets");
    Ok(Redirect::to(&format!("/program/{id}?lama")).into_response())
}

/// Closes the program.
pub async fn close(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let Client { key, .. } = governed(&app, &viewer, id).await?.client;
    let by = &viewer.account().login;
    told(app.clients().close(&key, by).await)?;
    tracing::info!(target: "security", client = key, by, "closed a program");
    Ok(Redirect::to(&format!("/program/{id}?tutup")).into_response())
}
