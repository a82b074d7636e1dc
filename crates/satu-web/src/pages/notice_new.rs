//! `/pemberitahuan/baru`: an address that a program is to have told of changes, its secret, and its end. For
//! whoever looks after the program.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use satu_store::changes::ChangeKind;
use satu_store::clients::{Client, Right};
use satu_store::webhooks::Webhook;
use serde::Deserialize;

use super::notices::{self, hooks};
use super::password::{Again, still_theirs};
use super::sign_in::machine;
use crate::Lang;
use crate::app::App;
use crate::asker::Asker;
use crate::form::{Nothing, Posted};
use crate::page::{self, Administrator, Answer, Failure};
use crate::webhooks::target::TargetError;
use crate::webhooks::wanted::{self, WantedError};

/// What a box is called, before the name of a kind of change.
const BOX: &str = "jenis-";

#[derive(Template)]
#[template(path = "notice_new.html")]
struct New<'a> {
    page: &'a Administrator,
    /// Programs that may follow changes.
    programs: Vec<Client>,
    form: &'a Asked,
    /// Whether the account has a password to ask for.
    password: bool,
    problem: Option<String>,
}

/// A secret, shown here alone.
#[derive(Template)]
#[template(path = "notice_secret.html")]
struct Issued<'a> {
    page: &'a Administrator,
    id: i64,
    url: &'a str,
    secret: String,
    /// Until when the one before signs too.
    both: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    /// The number of the program.
    program: String,
    alamat: String,
    sandi: String,
    /// A box for each kind of change chosen.
    #[serde(flatten)]
    boxes: BTreeMap<String, String>,
}

impl Asked {
    fn has(&self, kind: ChangeKind) -> bool {
        self.boxes.contains_key(&format!("{BOX}{}", kind.name()))
    }
}

impl Lang {
    /// Why an address is not added.
    fn wanted_problem(self, error: &WantedError) -> Option<&'static str> {
        match error {
            WantedError::Target(TargetError::Form) => Some(self.notice_wrong_address()),
            WantedError::Target(TargetError::Scheme) => Some(self.notice_not_https()),
            WantedError::Target(TargetError::Private) => Some(self.notice_inside()),
            WantedError::Many => Some(self.notice_too_many()),
            WantedError::Kind | WantedError::Secret(_) | WantedError::Store(_) => None,
        }
    }

    /// What a kind of change is.
    fn change_named(self, kind: ChangeKind) -> &'static str {
        match kind {
            ChangeKind::Created => self.change_created(),
            ChangeKind::Entered => self.change_entered(),
            ChangeKind::Changed => self.change_changed(),
            ChangeKind::Split => self.change_split(),
            ChangeKind::Merged => self.change_merged(),
            ChangeKind::Withdrawn => self.change_withdrawn(),
            ChangeKind::DoubtOpened => self.change_doubt_opened(),
            ChangeKind::DoubtClosed => self.change_doubt_closed(),
        }
    }
}

/// The form, for one program or any.
pub async fn ask(
    State(app): State<App>,
    viewer: Administrator,
    Query(form): Query<Asked>,
) -> Answer {
    asked(&app, &viewer, &form, None).await
}

/// The programs that the viewer looks after and that may follow changes.
async fn programs(app: &App, viewer: &Administrator) -> Result<Vec<Client>, Failure> {
    let by = &viewer.account().role;
    let mut found = Vec::new();
    for one in app.clients().list().await? {
        let may = one.client.rights.has(Right::ChangesRead) && !one.secrets.is_empty();
        if may && app.accounts().governs(by, &one.client.role).await? {
            found.push(one.client);
        }
    }
    Ok(found)
}

async fn asked(app: &App, viewer: &Administrator, form: &Asked, problem: Option<String>) -> Answer {
    page::show(&New {
        page: viewer,
        programs: programs(app, viewer).await?,
        form,
        password: app.accounts().has_password(viewer.account().id).await?,
        problem,
    })
}

/// Adds an address, and shows its secret.
pub async fn add(
    State(app): State<App>,
    viewer: Administrator,
    asker: Asker,
    Posted(form): Posted<Asked>,
) -> Answer {
    let again = async |problem: String| {
        let page = asked(&app, &viewer, &form, Some(problem)).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let known = programs(&app, &viewer).await?;
    let chosen = known.iter().find(|one| one.id.to_string() == form.program);
    let Some(client) = chosen else {
        return again(viewer.t.notice_no_program().to_owned()).await;
    };
    if let Err(problem) = still_theirs(&app, &viewer, &asker, form.sandi.clone()).await? {
        return again(problem).await;
    }
    let (hooks, url) = (hooks(&app, &viewer), form.alamat.trim());
    let kinds = form.boxes.keys().filter_map(|name| name.strip_prefix(BOX));
    let (id, secret) = match wanted::add(&app, &hooks, client.id, url, kinds).await {
        Ok(added) => added,
        Err(error) => {
            return match viewer.t.wanted_problem(&error) {
                Some(problem) => again(problem.to_owned()).await,
                None => Err(failed(error)),
            };
        }
    };
    let by = &viewer.account().login;
    tracing::info!(target: "security", client = client.key, webhook = id, by, "an address is told of changes");
    page::show(&Issued {
        page: &viewer,
        id,
        url,
        secret,
        both: None,
    })
}

fn failed(error: WantedError) -> Failure {
    match error {
        WantedError::Store(error) => error.into(),
        WantedError::Secret(error) => machine(error),
        WantedError::Target(_) | WantedError::Kind | WantedError::Many => Failure::BadRequest,
    }
}

/// The address of a number, if the viewer looks after its program.
async fn governed(app: &App, viewer: &Administrator, id: i64) -> Result<Webhook, Failure> {
    let hook = hooks(app, viewer).one(id).await?.ok_or(Failure::NotFound)?;
    let by = &viewer.account().role;
    if !app.accounts().governs(by, &hook.client.role).await? {
        return Err(Failure::NotFound);
    }
    Ok(hook)
}

/// Gives an address a new secret; the one before signs beside it for a day.
pub async fn turn(
    State(app): State<App>,
    viewer: Administrator,
    asker: Asker,
    Path(id): Path<i64>,
    Posted(typed): Posted<Again>,
) -> Answer {
    let hook = governed(&app, &viewer, id).await?;
    if let Err(problem) = still_theirs(&app, &viewer, &asker, typed.sandi).await? {
        let asked = notices::Asked::default();
        let page = notices::shown(&app, &viewer, hook, &asked, Some(problem)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let turned = wanted::turn(&app, &hooks(&app, &viewer), id).await;
    let (secret, until) = turned.map_err(failed)?;
    let by = &viewer.account().login;
    tracing::info!(target: "security", client = hook.client.key, webhook = id, by, "gave an address a new secret");
    page::show(&Issued {
        page: &viewer,
        id,
        url: &hook.url,
        secret,
        both: Some(viewer.t.moment(until)),
    })
}

/// Tells an address nothing any more.
pub async fn end(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let hook = governed(&app, &viewer, id).await?;
    hooks(&app, &viewer).remove(id).await?;
    let by = &viewer.account().login;
    tracing::info!(target: "security", client = hook.client.key, webhook = id, by, "an address is told nothing any more");
    Ok(Redirect::to("/pemberitahuan?akhiri").into_response())
}
