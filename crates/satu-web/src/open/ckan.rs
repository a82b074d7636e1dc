//! CKAN's action API, for harvesters: the same by GET with parameters and by POST with a JSON object or a
//! form.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::IntoResponse;
use satu_open::ckan::{Asked, answer};
use serde_json::Value;

use super::publisher;
use crate::app::App;
use crate::page::{Answer, Failure};

pub async fn act(State(app): State<App>, Path(action): Path<String>, request: Request) -> Answer {
    let known = app.open().known().await?;
    let publisher = publisher(&app, request.headers());
    let asked = read(request).await;
    let (status, document) = answer(&action, asked, &known.catalogue, &publisher);
    let status = StatusCode::from_u16(status).map_err(|_| Failure::Fault(status.to_string()))?;
    Ok((status, Json(document)).into_response())
}

/// What is asked with, or why that cannot be read. JSON that calls itself a form, as `curl -d` sends it, is
/// taken as what it is.
async fn read(request: Request) -> Result<Asked, String> {
    if request.method() != Method::POST {
        let query = request.uri().query().unwrap_or_default();
        return Ok(pairs(query.as_bytes()));
    }
    let kind = request.headers().get(header::CONTENT_TYPE);
    let form = kind.is_some_and(|kind| {
        let kind = kind.as_bytes().to_ascii_lowercase();
        kind.starts_with(b"application/x-www-form-urlencoded")
    });
    let body = Bytes::from_request(request, &()).await;
    let body = body.map_err(|error| error.body_text())?;
    if body.trim_ascii().is_empty() {
        return Ok(Asked::new());
    }
    match serde_json::from_slice(&body) {
        Ok(Value::Object(asked)) => Ok(asked),
        Ok(other) => Err(format!(
            "Request data JSON decoded to {other} but it needs to be a dictionary."
        )),
        Err(_) if form && body.contains(&b'=') => Ok(pairs(&body)),
        Err(error) => Err(format!("Error decoding JSON data. Error: {error}")),
    }
}

/// The parameters of an address or a form.
fn pairs(text: &[u8]) -> Asked {
    let pairs = form_urlencoded::parse(text);
    let asked = pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())));
    asked.collect()
}
