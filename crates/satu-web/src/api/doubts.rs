//! `/api/v1/doubts`: records of which somebody must say whether they are one person.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use satu_registry::four_eyes::Taken;
use satu_registry::review::{Answer as Said, Decider, decide};
use satu_store::clients::Right;
use satu_store::review::OpenDoubt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answers::{DoubtTold, Page};
use super::once::once;
use super::tag::{tagged, unchanged};
use super::{Query, Whole, cursor, limit, people, read, schema};
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;

/// Which doubts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Where the part before ended: its `next`.
    #[param(value_type = Option<schema::Cursor>, inline)]
    cursor: Option<String>,
    /// Doubts of a part: 1 to 100; unsaid, 100.
    #[param(value_type = Option<schema::UpTo100>, inline)]
    limit: Option<String>,
}

/// What somebody says of records in doubt.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// `same`, `not_same` (but for statements that are of one person already) or `not_sure`.
    #[schema(value_type = schema::DoubtAnswer)]
    answer: String,
    /// The statements of which it is said; all of the doubt where none is named.
    #[serde(default)]
    #[schema(value_type = Vec<i64>)]
    statements: Vec<Whole>,
    /// The reason: a part of every decision.
    #[schema(min_length = 1)]
    reason: String,
}

/// A decision that was taken.
#[derive(Serialize, ToSchema)]
pub struct Decision {
    /// Its ledger number.
    pub id: i64,
}

/// A decision that waits for a second person.
#[derive(Serialize, ToSchema)]
pub struct ProposalTold {
    /// The number of the proposal.
    pub proposal: i64,
}

/// Whether the program may see what is sensitive; the look is put on the record.
async fn looked(app: &App, caller: &Caller, doubts: &[OpenDoubt]) -> Result<bool, Problem> {
    if caller.may(Right::PeopleSensitive).is_err() {
        return Ok(false);
    }
    let records = doubts.iter().flat_map(|open| &open.records);
    let persons: BTreeSet<i64> = records.filter_map(|record| record.person).collect();
    people::looked(app, caller, &Vec::from_iter(persons)).await?;
    Ok(true)
}

/// The doubts within reach that wait, those nobody has looked at first. A part begins behind the last
/// of the one before, whatever was answered meanwhile; who answers `not_sure` meets it again at the end.
#[utoipa::path(get, path = "/api/v1/doubts", tag = "review", params(Part), security(("oauth" = ["people.read"])),
    responses((status = 200, body = Page<DoubtTold>, description = "Doubts")))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(part): Query<Part>,
) -> Result<Json<Page<DoubtTold>>, Problem> {
    caller.may(Right::PeopleRead)?;
    let count = limit(part.limit.as_deref(), 100)?;
    let behind = cursor("cursor", part.cursor.as_deref())?.unwrap_or(0);
    let (store, scope) = (app.store(&caller), caller.scope());
    let mut part = store.queue_behind(&scope, behind, count + 1).await?;
    let more = part.len() as i64 > count;
    part.truncate(count as usize);
    let mut found = Vec::with_capacity(part.len());
    for (_, id) in &part {
        found.extend(store.doubt(&scope, *id).await?);
    }
    let unmasked = looked(&app, &caller, &found).await?;
    let told = found.into_iter().map(|open| DoubtTold::new(open, unmasked));
    let data = told.collect();
    let last = part.last().filter(|_| more);
    let next = last.map(|(place, _)| place.to_string());
    Ok(Json(Page { data, next }))
}

/// One doubt.
#[utoipa::path(get, path = "/api/v1/doubts/{id}", tag = "review", security(("oauth" = ["people.read"])),
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, body = DoubtTold, description = "The doubt")))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.may(Right::PeopleRead)?;
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let open = app.store(&caller).doubt(&caller.scope(), id).await?;
    let open = open.ok_or(Problem::NotFound)?;
    let unmasked = looked(&app, &caller, std::slice::from_ref(&open)).await?;
    tagged(&headers, &DoubtTold::new(open, unmasked))
}

/// Answers a doubt; the decision binds every later linkage run until it is taken back.
#[utoipa::path(post, path = "/api/v1/doubts/{id}", tag = "review", request_body = Reply, security(("oauth" = ["review.write"])),
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, body = Decision, description = "Decided"),
        (status = 202, body = ProposalTold, description = "Waits for a second person, at the address in `Location`")))]
pub async fn answer(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    caller.may(Right::ReviewWrite)?;
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let asked = format!("/api/v1/doubts/{id}");
    let asker = (app.clone(), caller.clone());
    let work = Box::pin(decided(asker, headers.clone(), id, body.clone()));
    once(&app, &caller, &headers, (&asked, &body), work).await
}

async fn decided(
    (app, caller): (App, Caller),
    headers: HeaderMap,
    id: i64,
    body: Bytes,
) -> Result<Response, Problem> {
    let reply: Reply = read(&body)?;
    let said = match reply.answer.as_str() {
        "same" => Said::Same,
        "not_same" => Said::NotSame,
        "not_sure" => Said::NotSure,
        _ => {
            let names = "same, not_same, not_sure";
            return Err(Problem::invalid("answer", |t| t.why_one_of(names)));
        }
    };
    let (store, scope) = (app.store(&caller), caller.scope());
    let open = store.doubt(&scope, id).await?.ok_or(Problem::NotFound)?;
    let unmasked = caller.may(Right::PeopleSensitive).is_ok();
    unchanged(&headers, &DoubtTold::new(open.clone(), unmasked))?;
    let chosen = if reply.statements.is_empty() {
        open.doubt.statements
    } else {
        reply.statements.into_iter().map(|Whole(one)| one).collect()
    };
    let decider = Decider {
        scope: &scope,
        by: &caller.login(),
        reason: &reply.reason,
    };
    Ok(match decide(store, &decider, id, &chosen, said).await? {
        Taken::Done(id) => Json(Decision { id }).into_response(),
        Taken::Proposed(proposal) => {
            let url = format!("/usulan/{proposal}");
            let told = Json(ProposalTold { proposal });
            (StatusCode::ACCEPTED, [(header::LOCATION, url)], told).into_response()
        }
    })
}
