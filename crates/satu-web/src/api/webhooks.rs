//! `/api/v1/webhooks`: the addresses that a program has told of changes.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use satu_store::changes::ChangeKind;
use satu_store::clients::Right;
use satu_store::webhooks::{DeadLetter, Webhook};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::{cursor, read, schema};
use crate::Lang;
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::webhooks::fault;
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
    #[schema(value_type = Option<schema::ChangeNumber>)]
    change: Option<String>,
}

impl std::convert::From<WantedError> for Problem {
    fn from(error: WantedError) -> Problem {
        match error {
            WantedError::Target(_) | WantedError::Many => Problem::Unfit("url", error.to_string()),
            WantedError::Kind => {
                let names = ChangeKind::ALL.map(ChangeKind::name).join(", ");
                Problem::Invalid("types", format!("any of {names}"))
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
fn told(hook: &Webhook) -> Value {
    let types: Vec<&str> = hook.kinds.split_whitespace().collect();
    json!({
        "id": hook.id,
        "url": hook.url,
        "types": types,
        "cursor": hook.place.to_string(),
        "state": if hook.stopped { "stopped" } else if hook.tries > 0 { "waiting" } else { "active" },
        "tries": hook.tries,
        "fault": Some(&hook.fault).filter(|fault| !fault.is_empty()).map(|fault| fault::told(Lang::En, fault)),
        "next_at": (hook.tries > 0).then_some(hook.next_at),
        "dead_letters": hook.dead,
    })
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
    responses((status = 200, body = Object, description = "The addresses"), super::doc::Problems))]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Right::ChangesRead)?;
    let hooks = app.store(&caller).webhooks();
    let all = hooks.of(caller.client().id).await?;
    let all: Vec<Value> = all.iter().map(told).collect();
    Ok(Json(json!({ "webhooks": all })).into_response())
}

/// Adds an address; the answer holds its secret, which is not shown again.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = Wanted, security(("oauth" = ["changes.read"])),
    responses((status = 201, body = Object, description = "The address, with its secret"), super::doc::Problems))]
pub async fn add(State(app): State<App>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    caller.may(Right::ChangesRead)?;
    let wanted: Wanted = read(&body)?;
    let (hooks, client) = (app.store(&caller).webhooks(), caller.client().id);
    let kinds = wanted.types.iter().map(String::as_str);
    let (id, secret) = add_wanted(&app, &hooks, client, &wanted.url, kinds).await?;
    let hook = hooks.one(id).await?.ok_or(Problem::NotFound)?;
    tracing::info!(target: "security", client = caller.client().key, webhook = id, "an address is told of changes");
    let mut body = told(&hook);
    body["secret"] = json!(secret);
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = i64, Path, description = "Its number")), security(("oauth" = ["changes.read"])),
    responses((status = 200, body = Object, description = "The address"), super::doc::Problems))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let hook = own(&app, &caller, &id).await?;
    Ok(Json(told(&hook)).into_response())
}

/// Ends one.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = i64, Path, description = "Its number")), security(("oauth" = ["changes.read"])),
    responses((status = 204, description = "It is told nothing any more"), super::doc::Problems))]
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
    responses((status = 200, body = Object, description = "The new secret"), super::doc::Problems))]
pub async fn rotate(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let hook = own(&app, &caller, &id).await?;
    let hooks = app.store(&caller).webhooks();
    let (secret, until) = turn(&app, &hooks, hook.id).await?;
    let body = json!({ "secret": secret, "previous_until": until });
    Ok(Json(body).into_response())
}

/// Tries one at once that was stopped, or that waits.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/resume", tag = "webhooks", params(("id" = i64, Path, description = "Its number")), security(("oauth" = ["changes.read"])),
    responses((status = 204, description = "It is tried at once"), super::doc::Problems))]
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
    responses((status = 200, body = Object, description = "What could not be told"), super::doc::Problems))]
pub async fn dead(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, Problem> {
    let hook = own(&app, &caller, &id).await?;
    let hooks = app.store(&caller).webhooks();
    let after = cursor("after", from.after.as_deref())?.unwrap_or(0);
    let letters = hooks.dead(hook.id, after, PAGE).await?;
    let one = |letter: &DeadLetter| {
        json!({
            "change": letter.change.to_string(),
            "tries": letter.tries,
            "fault": fault::told(Lang::En, &letter.fault),
            "at": letter.at,
            "replaying": letter.again,
        })
    };
    let letters: Vec<Value> = letters.iter().map(one).collect();
    Ok(Json(json!({ "dead_letters": letters })).into_response())
}

/// Has what could not be told tried again: one change, or all.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/dead-letters/replay", tag = "webhooks", request_body = Which, params(("id" = i64, Path, description = "Its number")), security(("oauth" = ["changes.read"])),
    responses((status = 202, body = Object, description = "How many are tried again"), super::doc::Problems))]
pub async fn replay(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let hook = own(&app, &caller, &id).await?;
    let which: Which = read(&body)?;
    let change = which.change.map(|text| text.parse()).transpose();
    let change =
        change.map_err(|_| Problem::Invalid("change", "the number of a change".to_owned()))?;
    let hooks = app.store(&caller).webhooks();
    let count = hooks.again(hook.id, change).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "replaying": count }))).into_response())
}
