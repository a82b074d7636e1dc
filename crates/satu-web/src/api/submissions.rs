//! `/api/v1/submissions` and `/api/v1/statements`: what programs send goes the road of every file.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json};
use satu_store::clients::Right;
use satu_store::deliveries::FindingFilter;
use satu_store::entry::Way;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::answers::{DeliveryTold, Finding, Page, SubmissionTold};
use super::once::once;
use super::taking::{Received, day, delivery, fault, kind_of, name_of, source, taken, told};
use super::{Query, cursor, limit, read, received, schema};
use crate::Lang;
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::work::today;

/// Largest file of one request, in bytes; larger ones come in parts.
pub const MOST: usize = 256 << 20;
/// Largest body of a batch of statements, in bytes.
const BATCH: usize = 16 << 20;

/// What is said of a file.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct About {
    /// The code of the source that speaks.
    source: String,
    /// The file's name; its ending tells what it is: .csv, .xlsx, .parquet, .jsonl.
    file: String,
    /// The day for which it speaks (YYYY-MM-DD); unsaid, today.
    #[param(value_type = Option<schema::Day>, inline)]
    stated_on: Option<String>,
    /// The kind of its rows, where its headers do not tell: `data_utama`, `golongan`, ...
    #[param(value_type = Option<schema::KindName>, inline)]
    kind: Option<String>,
}

/// Statements of one kind by one source.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The code of the source that speaks.
    source: String,
    /// The kind of the statements: `data_utama`, `golongan`, ...
    #[schema(value_type = schema::KindName)]
    kind: String,
    /// The day for which it speaks (YYYY-MM-DD); unsaid, today.
    #[schema(value_type = Option<schema::Day>)]
    stated_on: Option<String>,
    /// The statements: values by column.
    #[schema(value_type = schema::StatementList)]
    statements: Vec<Map<String, Value>>,
}

/// Which deliveries, or which findings of one.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Where the part before ended: its `next`.
    #[param(value_type = Option<schema::Cursor>, inline)]
    cursor: Option<String>,
    /// Rows of a part: 1 to 1,000; unsaid, 100.
    #[param(value_type = Option<schema::UpTo1000>, inline)]
    limit: Option<String>,
}

/// Takes a file in: it is held against the standard, and every accepted row becomes a statement. The
/// same bytes from the same source, to be read the same way, change nothing unless another delivery said something else since
/// of a row of theirs. Without a day, a row that only says again what the source's files said last takes back nothing that was posted or
/// saved since. Persons are linked after the answer.
#[utoipa::path(post, path = "/api/v1/submissions", tag = "submissions", params(About), security(("oauth" = ["statements.write"])),
    request_body(content = schema::Bytes, content_type = "application/octet-stream", description = "The file"),
    responses((status = 201, body = DeliveryTold, description = "Taken in; with what was found"),
        (status = 200, body = DeliveryTold, description = "Taken in before; with what was found then")))]
pub async fn file(
    State(app): State<App>,
    caller: Caller,
    Extension(t): Extension<Lang>,
    Query(about): Query<About>,
    body: Body,
) -> Result<Response, Problem> {
    caller.may(Right::StatementsWrite)?;
    let source = source(app.store(&caller), &caller.scope(), &about.source).await?;
    let (name, stated_on) = (name_of(&about.file)?, day(about.stated_on.as_deref())?);
    let kind = kind_of(about.kind.as_deref())?;
    let folder = tempfile::tempdir().map_err(|error| fault(&error))?;
    let path = folder.path().join(name);
    received::file(body, &path, MOST).await?;
    let received = Received {
        source,
        delivery: delivery(path, kind, stated_on, Way::File),
        sha256: String::new(),
        day: today(),
    };
    taken(&app, (&caller, t), received, folder).await
}

/// Takes statements in, as a file of JSON lines would be.
#[utoipa::path(post, path = "/api/v1/statements", tag = "submissions", request_body = Batch, security(("oauth" = ["statements.write"])),
    responses((status = 201, body = DeliveryTold, description = "Taken in; with what was found"),
        (status = 200, body = DeliveryTold, description = "Taken in before; with what was found then")))]
pub async fn statements(
    State(app): State<App>,
    caller: Caller,
    Extension(t): Extension<Lang>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.may(Right::StatementsWrite)?;
    let body = received::whole(body, BATCH).await?;
    let body = Bytes::from(body);
    let work = stated(app.clone(), (caller.clone(), t), body.clone());
    once(&app, &caller, &headers, ("/api/v1/statements", &body), work).await
}

async fn stated(app: App, (caller, t): (Caller, Lang), body: Bytes) -> Result<Response, Problem> {
    let batch: Batch = read(&body)?;
    let source = source(app.store(&caller), &caller.scope(), &batch.source).await?;
    let stated_on = day(batch.stated_on.as_deref())?;
    let kind = kind_of(Some(&batch.kind))?;
    if batch.statements.is_empty() {
        return Err(Problem::invalid("statements", Lang::why_empty));
    }
    let mut text = Vec::new();
    for one in &batch.statements {
        serde_json::to_writer(&mut text, one).map_err(|error| fault(&error))?;
        text.push(b'\n');
    }
    let folder = tempfile::tempdir().map_err(|error| fault(&error))?;
    let path = folder.path().join(format!("{}.jsonl", batch.kind));
    tokio::fs::write(&path, &text)
        .await
        .map_err(|error| fault(&error))?;
    let received = Received {
        source,
        delivery: delivery(path, kind, stated_on, Way::Statements),
        sha256: String::new(),
        day: today(),
    };
    taken(&app, (&caller, t), received, folder).await
}

/// The deliveries within reach, the newest first.
#[utoipa::path(get, path = "/api/v1/submissions", tag = "submissions", params(Part), security(("oauth" = ["people.read"]), ("oauth" = ["statements.write"])),
    responses((status = 200, body = Page<SubmissionTold>, description = "Deliveries")))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(part): Query<Part>,
) -> Result<Json<Page<SubmissionTold>>, Problem> {
    caller.may_read_deliveries()?;
    let count = limit(part.limit.as_deref(), 1_000)?;
    let before = cursor("cursor", part.cursor.as_deref())?.unwrap_or(i64::MAX);
    let store = app.store(&caller);
    let mut data = store
        .newest_submissions(&caller.scope(), before, count + 1)
        .await?;
    let more = data.len() as i64 > count;
    data.truncate(count as usize);
    let next = data
        .last()
        .filter(|_| more)
        .map(|one| one.receipt.submission.to_string());
    let data = data
        .into_iter()
        .map(|one| SubmissionTold::new(one, false))
        .collect();
    Ok(Json(Page { data, next }))
}

/// One delivery, and what was found in it.
#[utoipa::path(get, path = "/api/v1/submissions/{id}", tag = "submissions", security(("oauth" = ["people.read"]), ("oauth" = ["statements.write"])),
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, body = DeliveryTold, description = "The delivery")))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Extension(t): Extension<Lang>,
    Path(id): Path<String>,
) -> Result<Json<DeliveryTold>, Problem> {
    caller.may_read_deliveries()?;
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let (store, scope) = (app.store(&caller), caller.scope());
    let found = told(store, &scope, t, (id, false)).await?;
    found.map(Json).ok_or(Problem::NotFound)
}

/// What was found in a delivery, by row.
#[utoipa::path(get, path = "/api/v1/submissions/{id}/findings", tag = "submissions", security(("oauth" = ["people.read"]), ("oauth" = ["statements.write"])),
    params(("id" = i64, Path, description = "Its number"), Part),
    responses((status = 200, body = Page<Finding>, description = "Findings")))]
pub async fn findings(
    State(app): State<App>,
    caller: Caller,
    Extension(t): Extension<Lang>,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<Page<Finding>>, Problem> {
    caller.may_read_deliveries()?;
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let count = limit(part.limit.as_deref(), 1_000)?;
    let skip = cursor("cursor", part.cursor.as_deref())?.unwrap_or(0);
    let (store, scope) = (app.store(&caller), caller.scope());
    let one = store.submission(&scope, id).await?;
    let kind = one.ok_or(Problem::NotFound)?.submission.kind;
    let filter = FindingFilter::default();
    let (total, found) = store.findings(&scope, id, &filter, skip, count).await?;
    let end = skip + found.len() as i64;
    let next = (end < total).then(|| end.to_string());
    let finding = |found| Finding::new(t, kind, found);
    let data = found.into_iter().map(finding).collect();
    Ok(Json(Page { data, next }))
}
