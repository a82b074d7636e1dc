//! `/api/v1/sources` and `/api/v1/reference`: who delivers, and what codes stand for.

use axum::Json;
use axum::extract::{Path, State};
use satu_registry::reference;
use satu_rules::CodeLists;
use satu_store::hex;
use sha2::{Digest, Sha256};

use super::answers::{Code, CodeList, Page, SourceTold};
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;

/// The sources within reach.
#[utoipa::path(get, path = "/api/v1/sources", tag = "sources", security(("oauth" = [])),
    responses((status = 200, body = Page<SourceTold>, description = "Sources")))]
pub async fn sources(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Page<SourceTold>>, Problem> {
    let found = app.store(&caller).sources(&caller.scope()).await?;
    let data = found.into_iter().map(SourceTold::new).collect();
    Ok(Json(Page { data, next: None }))
}

/// The code lists: those that ship, and in their place or beside them those that were loaded.
#[utoipa::path(get, path = "/api/v1/reference", tag = "reference", security(("oauth" = [])),
    responses((status = 200, body = Page<CodeList>, description = "Code lists")))]
pub async fn lists(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Page<CodeList>>, Problem> {
    let texts = reference::texts(app.store(&caller)).await?;
    let list = |(name, text): (String, Vec<u8>)| CodeList {
        name,
        sha256: hex(&Sha256::digest(&text)),
    };
    let data = texts.into_iter().map(list).collect();
    Ok(Json(Page { data, next: None }))
}

/// The codes of a list.
#[utoipa::path(get, path = "/api/v1/reference/{name}", tag = "reference", security(("oauth" = [])),
    params(("name" = String, Path, description = "The list's name")),
    responses((status = 200, body = Page<Code>, description = "Codes")))]
pub async fn codes(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Page<Code>>, Problem> {
    let mut texts = reference::texts(app.store(&caller)).await?;
    let text = texts.remove(&name).ok_or(Problem::NotFound)?;
    let data = CodeLists::rows(text.as_slice()).map_err(|error| {
        tracing::error!(%error, name, "a kept code list cannot be read");
        Problem::Fault
    })?;
    let code = |(id, nama)| Code { id, nama };
    let data = data.into_iter().map(code).collect();
    Ok(Json(Page { data, next: None }))
}
