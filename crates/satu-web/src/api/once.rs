//! `Idempotency-Key`: what is sent again under the same key happens once
//! (draft-ietf-httpapi-idempotency-key-header).

use axum::body::to_bytes;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use satu_store::hex;
use satu_store::once::{Answered, Once};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;

/// Longest key.
const KEY: usize = 255;
/// Longest answer that is kept, in bytes; those of these addresses are far shorter.
const MOST: usize = 64 << 10;
/// Says that an answer was given before.
const AGAIN: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The key of a request: a string of RFC 8941 in quotes, or the same without.
fn key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or("").trim();
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let fits =
        (1..=KEY).contains(&inner.len()) && inner.bytes().all(|byte| byte.is_ascii_graphic());
    let wrong = || Problem::invalid("Idempotency-Key", |t| t.why_key(KEY));
    fits.then_some(Some(inner)).ok_or_else(wrong)
}

/// Does what a request asks for, or answers as it was answered before. `asked` is the path and
/// `body` the body. What is refused may be sent again under the same key.
pub async fn once(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    (asked, body): (&str, &[u8]),
    work: impl Future<Output = Result<Response, Problem>> + Send + 'static,
) -> Result<Response, Problem> {
    let Some(key) = key(headers)? else {
        return work.await;
    };
    let print = Sha256::new()
        .chain_update(asked)
        .chain_update([0])
        .chain_update(body)
        .finalize();
    let (clients, id) = (app.clients(), caller.client().id);
    // A file that is being written holds the one place of the small database to write.
    let turn = app.writing().await;
    let known = clients
        .once(id, key, &hex(&print), Timestamp::now())
        .await?;
    drop(turn);
    match known {
        Once::Fresh => {}
        Once::UnderWay => return Err(Problem::Conflict),
        Once::Other => return Err(Problem::Reused),
        Once::Answered(answered) => return Ok(again(answered)),
    }
    // Once it is begun it ends, and its answer is kept, though the program hang up.
    let (app, key) = (app.clone(), key.to_owned());
    let work = tokio::spawn(async move {
        let outcome = kept(&app, id, &key, work.await).await;
        if outcome.is_err() {
            let _turn = app.writing().await;
            app.clients().undone(id, &key).await?;
        }
        outcome
    });
    work.await.map_err(|error| {
        tracing::error!(%error, "a request was not ended");
        Problem::Fault
    })?
}

/// Keeps the answer to a request that was done.
async fn kept(
    app: &App,
    client: i64,
    key: &str,
    outcome: Result<Response, Problem>,
) -> Result<Response, Problem> {
    let (parts, body) = outcome?.into_parts();
    let body = to_bytes(body, MOST).await.map_err(|_| Problem::Fault)?;
    let place = parts.headers.get(header::LOCATION);
    let place = place.and_then(|place| place.to_str().ok()).unwrap_or("");
    let answered = Answered {
        status: parts.status.as_u16(),
        place: place.to_owned(),
        body: String::from_utf8(body.to_vec()).map_err(|_| Problem::Fault)?,
    };
    let _turn = app.writing().await;
    app.clients().done(client, key, answered).await?;
    Ok(Response::from_parts(parts, body.into()))
}

fn again(answered: Answered) -> Response {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK);
    let headers = [(header::CONTENT_TYPE, "application/json"), (AGAIN, "true")];
    let mut response = (status, headers, answered.body).into_response();
    if let Ok(place) = answered.place.parse()
        && !answered.place.is_empty()
    {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{KEY, key};

    #[test]
    fn a_key_is_read_with_and_without_quotes() {
        let of = |text: &str| {
            let value = HeaderValue::from_bytes(text.as_bytes()).unwrap();
            let headers = HeaderMap::from_iter([("idempotency-key".parse().unwrap(), value)]);
            key(&headers).map(|key| key.map(str::to_owned))
        };
        assert_eq!(key(&HeaderMap::new()), Ok(None));
        assert_eq!(of("\"8e03978e\""), Ok(Some("8e03978e".into())));
        assert_eq!(of("8e03978e"), Ok(Some("8e03978e".into())));
        for wrong in ["", "\"\"", "a b", "é", &"x".repeat(KEY + 1)] {
            assert!(of(wrong).is_err(), "{wrong:?}");
        }
    }
}
