//! Taking a form: the one way to a changed state.

use axum::body::Bytes;
use axum::extract::{Form, FromRequest, Request};
use axum::http::{HeaderMap, Method, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::page::{Failure, Page};

/// A form that the very browser it was shown to has sent from a page of this site.
pub struct Posted<T>(pub T);

/// A form without fields of its own.
#[derive(Deserialize)]
pub struct Nothing {}

#[derive(Deserialize)]
struct Marked {
    #[serde(default)]
    tanda: String,
}

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Posted<T>, Failure> {
        let page = Page::of(request.extensions())?;
        if !from_here(request.headers()) {
            return Err(Failure::Forbidden);
        }
        let headers = request.headers().clone();
        let bytes =
            Bytes::from_request(request, app)
                .await
                .map_err(|error| match error.status() {
                    axum::http::StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
                    _ => Failure::BadRequest,
                })?;
        // No text holds a null character, and no database keeps one.
        if bytes.windows(3).any(|three| three == b"%00") || bytes.contains(&0) {
            return Err(Failure::BadRequest);
        }
        let marked: Marked = parsed(&headers, bytes.clone()).await?;
        if !page.marked(&marked.tanda) {
            return Err(Failure::Forbidden);
        }
        Ok(Posted(parsed(&headers, bytes).await?))
    }
}

async fn parsed<T: DeserializeOwned>(headers: &HeaderMap, body: Bytes) -> Result<T, Failure> {
    let mut request = Request::new(body.into());
    *request.method_mut() = Method::POST;
    *request.headers_mut() = headers.clone();
    match Form::from_request(request, &()).await {
        Ok(Form(form)) => Ok(form),
        Err(_) => Err(Failure::BadRequest),
    }
}

/// Whether a browser says that a page of this site sent the request. Browsers that say nothing
/// (before 2020) are held to the form's mark alone.
pub fn from_here(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or("?"))
    };
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    match (text(header::ORIGIN.as_str()), text(header::HOST.as_str())) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    #[test]
    fn requests_of_other_sites_are_told_apart() {
        let told = |pairs: &[(&'static str, &'static str)]| {
            let headers: HeaderMap = pairs
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            super::from_here(&headers)
        };
        let host = ("host", "satu.example");
        assert!(told(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(!told(&[host, ("sec-fetch-site", "same-site")]));
        assert!(!told(&[
            host,
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://satu.example")
        ]));
        assert!(told(&[host, ("origin", "https://satu.example")]));
        assert!(!told(&[
            host,
            ("origin", "https://satu.example.evil.example")
        ]));
        assert!(!told(&[host, ("origin", "null")]));
        assert!(!told(&[("origin", "https://satu.example")]));
        assert!(told(&[host]));
    }
}
