//! `/api/v1/webhooks`: the addresses that a program has told of changes.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use satu_store::changes::{ChangeKind, Cursor};
use satu_store::clients::Right;
use satu_store::webhooks::{DeadLetter, MOST, Webhook};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Query, cursor, read, schema};
use crate::Lang;
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::webhooks::fault;
use crate::webhooks::target::TargetError;
use crate::webhooks::wanted::{WantedError, add as add_wanted, turn};

/// Dead letters of a page.
const PAGE: i64 = 500;

/// An address to be told of changes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookWanted)]
pub struct Wanted {
    /// The address, by https.
    url: String,
    /// The kinds of changes; all where it is empty.
    #[serde(default)]
    #[schema(value_type = schema::ChangeKinds)]
    types: Vec<String>,
}

/// Where the part before ended.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// The change of the last dead letter of the part before.
    #[param(value_type = Option<schema::Cursor>, inline)]
    after: Option<String>,
}

/// What is told again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Replay)]
pub struct Which {
    /// The change; all where none is named.
    #[schema(value_type = Option<schema::ChangeId>)]
    change: Option<String>,
}

impl std::convert::From<WantedError> for Problem {
    fn from(error: WantedError) -> Problem {
        match error {
            WantedError::Target(TargetError::Form) => Problem::unfit("url", Lang::why_no_url),
            WantedError::Target(TargetError::Scheme) => Problem::unfit("url", Lang::why_only_https),
            WantedError::Target(TargetError::Private) => Problem::unfit("url", Lang::why_private),
            WantedError::Many => Problem::unfit("url", |t| t.why_many(MOST)),
            WantedError::Kind => {
                let names = ChangeKind::ALL.map(ChangeKind::name).join(", ");
                Problem::invalid("types", |t| t.why_one_of(&names))
            }
            WantedError::Secret(_) => {
                tracing::error!(%error, "an address has no secret");
                Problem::Fault
            }
            WantedError::Store(error) => error.into(),
        }
    }
}

/// An address as its program sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct Told {
    /// Its number.
    id: i64,
    /// Where changes are told.
    url: String,
    /// The kinds of changes; all where it is empty.
    types: Vec<String>,
    /// The last change that was told.
    cursor: String,
    /// `active`, `waiting` after a call that was in vain, or `stopped`.
    state: &'static str,
    /// Calls in vain, one after the other.
    tries: i64,
    /// Why the last one was.
    fault: Option<String>,
    /// When it is called again.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// Changes that could not be told.
    dead_letters: i64,
}

/// A new address.
#[derive(Serialize, ToSchema)]
#[schema(as = NewWebhook)]
pub struct Made {
    /// The address.
    #[serde(flatten)]
    hook: Told,
    /// By which calls are signed; it is not shown again.
    secret: String,
}

/// The addresses of a program.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhooks)]
pub struct All {
    /// The addresses.
    webhooks: Vec<Told>,
}

/// A new secret.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookSecret)]
pub struct Turned {
    /// By which calls are signed; it is not shown again.
    secret: String,
    /// Until when the one before signs, too.
    #[schema(value_type = String, format = DateTime)]
    previous_until: Timestamp,
}

/// What could not be told.
#[derive(Serialize, ToSchema)]
pub struct DeadLetters {
    /// Change by change.
    dead_letters: Vec<Dead>,
}

/// A change that could not be told.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadLetter)]
pub struct Dead {
    /// The change.
    change: String,
    /// How often it was tried.
    tries: i64,
    /// Why the last call was in vain.
    fault: String,
    /// When it was given up.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whether it is tried again.
    replaying: bool,
}

/// What is tried again.
#[derive(Serialize, ToSchema)]
pub struct Replaying {
    /// How many changes.
    #[schema(value_type = i64)]
    replaying: u64,
}

impl Told {
    fn new(hook: &Webhook) -> Told {
        let fault = Some(&hook.fault).filter(|fault| !fault.is_empty());
        Told {
            id: hook.id,
            url: hook.url.clone(),
            types: hook.kinds.split_whitespace().map(str::to_owned).collect(),
            cursor: hook.place.to_string(),
            state: match (hook.stopped, hook.tries) {
                (true, _) => "stopped",
                (false, 0) => "active",
                (false, _) => "waiting",
            },
            tries: hook.tries,
            fault: fault.map(|fault| fault::told(Lang::En, fault)),
            next_at: (hook.tries > 0).then_some(hook.next_at),
            dead_letters: hook.dead,
        }
    }
}

/// The program's own address of a number.
async fn own(app: &App, caller: &Caller, id: &str) -> Result<Webhook, Problem> {
    caller.may(Right::ChangesRead)?;
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let found = app.store(caller).webhooks().one(id).await?;
    found
        .filter(|hook| hook.client.id == caller.client().id)
        .ok_or(Problem::NotFound)
}

/// Those of the program.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", security(("oauth" = ["changes.read"])),
    responses((status = 200, body = All, description = "The addresses")))]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<All>, Problem> {
    caller.may(Right::ChangesRead)?;
    let hooks = app.store(&caller).webhooks();
    let all = hooks.of(caller.client().id).await?;
    let webhooks = all.iter().map(Told::new).collect();
    Ok(Json(All { webhooks }))
}

/// Adds an address; the answer holds its secret, which is not shown again.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = Wanted, security(("oauth" = ["changes.read"])),
    responses((status = 201, body = Made, description = "The address, with its secret")))]
pub async fn add(State(app): State<App>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    caller.may(Right::ChangesRead)?;
    let wanted: Wanted = read(&body)?;
    let (hooks, client) = (app.store(&caller).webhooks(), caller.client().id);
    let kinds = wanted.types.iter().map(String::as_str);
    let (id, secret) = add_wanted(&app, &hooks, client, &wanted.url, kinds).await?;
    let hook = hooks.one(id).await?.ok_or(Problem::NotFound)?;
    tracing::info!(target: "security", client = caller.client().key, webhook = id, "an address is told of changes");
    let place = [(header::LOCATION, format!("/api/v1/webhooks/{id}"))];
    let hook = Told::new(&hook);
    Ok((StatusCode::CREATED, place, Json(Made { hook, secret })).into_response())
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = i64, Path, description = "Its number")), security(("oauth" = ["changes.read"])),
    responses((status = 200, body = Told, description = "The address")))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Told>, Problem> {
    let hook = own(&app, &caller, &id).await?;
    Ok(Json(Told::new(&hook)))
}

/// Ends one.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = i64, Path, description = "Its number")), security(("oauth" = ["changes.read"])),
    responses((status = 204, description = "It is told nothing any more")))]
pub async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let hook = own(&app, &caller, &id).await?;
    app.store(&caller).webhooks().remove(hook.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Gives one a new secret; the one before signs beside it for a day.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/secret", tag = "webhooks", params(("id" = i64, Path, description = "Its number")), security(("oauth" = ["changes.read"])),
    responses((status = 200, body = Turned, description = "The new secret")))]
pub async fn rotate(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Turned>, Problem> {
    let hook = own(&app, &caller, &id).await?;
    let hooks = app.store(&caller).webhooks();
    let (secret, previous_until) = turn(&app, &hooks, hook.id).await?;
    Ok(Json(Turned {
        secret,
        previous_until,
    }))
}

/// Tries one at once that was stopped, or that waits.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/resume", tag = "webhooks", params(("id" = i64, Path, description = "Its number")), security(("oauth" = ["changes.read"])),
    responses((status = 204, description = "It is tried at once")))]
pub async fn resume(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let hook = own(&app, &caller, &id).await?;
    app.store(&caller).webhooks().resume(hook.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What could not be told.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/dead-letters", tag = "webhooks", params(("id" = i64, Path, description = "Its number"), From), security(("oauth" = ["changes.read"])),
    responses((status = 200, body = DeadLetters, description = "What could not be told")))]
pub async fn dead(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> Result<Json<DeadLetters>, Problem> {
    let hook = own(&app, &caller, &id).await?;
    let hooks = app.store(&caller).webhooks();
    let after = cursor("after", from.after.as_deref())?.unwrap_or(0);
    let letters = hooks.dead(hook.id, after, PAGE).await?;
    let one = |letter: DeadLetter| Dead {
        change: letter.change.to_string(),
        tries: letter.tries,
        fault: fault::told(Lang::En, &letter.fault),
        at: letter.at,
        replaying: letter.again,
    };
    let dead_letters = letters.into_iter().map(one).collect();
    Ok(Json(DeadLetters { dead_letters }))
}

/// Has what could not be told tried again: one change, or all.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/dead-letters/replay", tag = "webhooks", request_body = Which, params(("id" = i64, Path, description = "Its number")), security(("oauth" = ["changes.read"])),
    responses((status = 202, body = Replaying, description = "How many are tried again")))]
pub async fn replay(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Replaying>), Problem> {
    let hook = own(&app, &caller, &id).await?;
    let which: Which = read(&body)?;
    let change = which.change.map(|text| text.parse::<Cursor>()).transpose();
    let change = change.map_err(|_| Problem::invalid("change", Lang::why_place))?;
    let hooks = app.store(&caller).webhooks();
    let replaying = hooks.again(hook.id, change.map(|change| change.id)).await?;
    Ok((StatusCode::ACCEPTED, Json(Replaying { replaying })))
}
