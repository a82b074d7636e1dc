//! ETags (RFC 9110 section 8.8.3): an answer that the asker has is not sent again, and what changed
//! since it was read is not decided on.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use satu_store::hex;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// Bytes that most answers have room in.
const USUAL: usize = 8 * 1024;

fn written(told: &impl Serialize) -> Result<(Vec<u8>, String), Problem> {
    let mut text = Vec::with_capacity(USUAL);
    serde_json::to_writer(&mut text, told).map_err(|_| Problem::Fault)?;
    let tag = format!("\"{}\"", &hex(&Sha256::digest(&text))[..32]);
    Ok((text, tag))
}

/// Whether a header names a tag, or all; `weak` ones count where a copy is only looked at.
fn names(headers: &HeaderMap, header: HeaderName, tag: &str, weak: bool) -> Option<bool> {
    let known = headers.get(header)?.to_str().ok()?;
    let one = |one: &str| {
        let one = one.trim();
        let one = if weak {
            one.trim_start_matches("W/")
        } else {
            one
        };
        one == tag || one == "*"
    };
    Some(known.split(',').any(one))
}

/// An answer with its ETag; without a body where the asker has it.
pub fn tagged(headers: &HeaderMap, told: &impl Serialize) -> Result<Response, Problem> {
    let (text, tag) = written(told)?;
    let same = names(headers, header::IF_NONE_MATCH, &tag, true) == Some(true);
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], text).into_response()
    };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    let private = HeaderValue::from_static("private, no-cache");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, private);
    Ok(response)
}

/// A problem where `If-Match` names another state than this one.
pub fn unchanged(headers: &HeaderMap, told: &impl Serialize) -> Result<(), Problem> {
    let (_, tag) = written(told)?;
    match names(headers, header::IF_MATCH, &tag, false) {
        Some(false) => Err(Problem::Precondition),
        _ => Ok(()),
    }
}
