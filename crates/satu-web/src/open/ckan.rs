//! CKAN's action API, for harvesters: the same by GET with parameters and by POST with a JSON object.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use satu_open::ckan::{Action, Asked, answer};
use serde_json::Value;

use super::publisher;
use crate::app::App;
use crate::page::{Answer, Failure};

async fn answered(app: &App, request: Request, action: Action) -> Answer {
    let known = app.open().known().await?;
    let publisher = publisher(app, request.headers());
    let asked = read(request).await;
    let (status, document) = answer(action, asked, &known.catalogue, &publisher);
    let status = StatusCode::from_u16(status).map_err(|_| Failure::Fault(status.to_string()))?;
    Ok((status, Json(document)).into_response())
}

/// What is asked with, or why that cannot be read. The kind of a body is not looked at: `curl -d` calls
/// JSON a form, and CKAN takes it.
async fn read(request: Request) -> Result<Asked, String> {
    if request.method() != Method::POST {
        let query = request.uri().query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let asked = pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())));
        return Ok(asked.collect());
    }
    let body = Bytes::from_request(request, &()).await;
    let body = body.map_err(|error| error.body_text())?;
    if body.trim_ascii().is_empty() {
        return Ok(Asked::new());
    }
    serde_json::from_slice(&body).map_err(|error| error.to_string())
}

pub async fn list(State(app): State<App>, request: Request) -> Answer {
    answered(&app, request, Action::List).await
}

pub async fn show(State(app): State<App>, request: Request) -> Answer {
    answered(&app, request, Action::Show).await
}

pub async fn search(State(app): State<App>, request: Request) -> Answer {
    answered(&app, request, Action::Search).await
}
