//! The document tells of what is answered: held against every answer that a test of these gets.

use axum::http::{HeaderMap, Method};
use serde_json::Value;

use crate::browser::Answer;

/// Headers of answers that a program goes by.
const ANSWERED: [&str; 17] = [
    "allow",
    "content-language",
    "etag",
    "idempotent-replayed",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "tus-extension",
    "tus-max-size",
    "tus-resumable",
    "tus-version",
    "upload-expires",
    "upload-length",
    "upload-metadata",
    "upload-offset",
    "www-authenticate",
];

/// Headers of requests that an answer may hang on.
const ASKED: [&str; 9] = [
    "accept-language",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "tus-resumable",
    "upload-length",
    "upload-metadata",
    "upload-offset",
];

/// The address of the document that a path is of.
fn address<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    let path = path.split('?').next().unwrap();
    let fits = |address: &str| {
        let (mut parts, mut given) = (address.split('/'), path.split('/'));
        let same = |(part, given): (&str, &str)| {
            part == given || (part.starts_with('{') && !given.is_empty())
        };
        address.split('/').count() == path.split('/').count()
            && std::iter::from_fn(|| Some((parts.next()?, given.next()?))).all(same)
    };
    let all = document["paths"].as_object().unwrap();
    // One that is written out goes before one with a part in braces.
    let exact = all.get(path);
    exact.or_else(|| all.iter().find(|(one, _)| fits(one)).map(|(_, item)| item))
}

/// Status, media type and headers of an answer stand in the document, and the headers it was asked with.
pub fn stands(
    document: &Value,
    (method, path): (&Method, &str),
    asked: &HeaderMap,
    answer: &Answer,
) {
    if path.contains("openapi.json") {
        return;
    }
    let status = answer.status.as_u16();
    let name = method.as_str().to_lowercase();
    let Some(operation) = address(document, path).and_then(|item| item.get(&name)) else {
        assert!(
            [401, 404, 405].contains(&status),
            "{method} {path}: {status}"
        );
        return;
    };
    let at = format!("{method} {path}: {status}");
    let told = &operation["responses"][status.to_string()];
    assert!(told.is_object(), "{at} is not told");
    let kind = answer.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap();
    if !answer.bytes.is_empty() {
        assert!(told["content"].get(kind).is_some(), "{at}: {kind}");
    }
    for header in ANSWERED {
        if answer.header(header).is_some() {
            let mut all = told["headers"].as_object().into_iter().flatten();
            let named = all.any(|(name, _)| name.eq_ignore_ascii_case(header));
            assert!(named, "{at}: {header} is not told");
        }
    }
    for header in ASKED {
        if asked.contains_key(header) && answer.status.is_success() {
            let mut all = operation["parameters"].as_array().into_iter().flatten();
            let named = all.any(|one| {
                one["in"] == "header" && one["name"].as_str().unwrap().eq_ignore_ascii_case(header)
            });
            assert!(named, "{at}: {header} may not be asked with");
        }
    }
}
