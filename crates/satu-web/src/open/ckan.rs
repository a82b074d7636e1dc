//! CKAN's action API, for harvesters.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use satu_open::ckan::{Action, MOST, answer};
use serde::Deserialize;

use super::publisher;
use crate::app::App;
use crate::page::Answer;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    id: String,
    name_or_id: String,
    q: String,
    start: usize,
    rows: Option<usize>,
}

async fn answered(app: &App, headers: &HeaderMap, action: Action<'_>) -> Answer {
    let known = app.open().known().await?;
    let (found, document) = answer(action, &known.catalogue, &publisher(app, headers));
    let status = if found {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    let response: Response = (status, Json(document)).into_response();
    Ok(response)
}

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Answer {
    answered(&app, &headers, Action::List).await
}

pub async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Answer {
    let id = if asked.id.is_empty() {
        &asked.name_or_id
    } else {
        &asked.id
    };
    answered(&app, &headers, Action::Show(id)).await
}

pub async fn search(
    State(app): State<App>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Answer {
    let action = Action::Search {
        query: &asked.q,
        start: asked.start,
        // CKAN's own default.
        rows: asked.rows.unwrap_or(10).min(MOST),
    };
    answered(&app, &headers, action).await
}
