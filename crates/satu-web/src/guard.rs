//! What stands around every page: the site's names, size, time, headers, log.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::caller;
use crate::serving::hurried;
use crate::siasn;

/// Largest body of a form, in bytes.
const BODY: usize = 256 * 1024;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; object-src 'none'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    // Not `no-referrer`: browsers would then send `Origin: null` with the site's own forms.
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    ),
];

/// Puts the bounds on size and time around pages; those that take or give large files have bounds
/// of their own.
pub fn bounded<S: Clone + Send + Sync + 'static>(pages: Router<S>, answer: Duration) -> Router<S> {
    let timed = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, answer);
    pages.layer((timed, DefaultBodyLimit::max(BODY)))
}

/// Finds out which program asks; packs answers and unpacks what is sent (gzip, zstd). What bears an
/// ETag goes as it is, for its tag is that of these bytes (RFC 9110 section 8.8.3).
pub fn programs(pages: Router<App>, app: App) -> Router<App> {
    let worth = DefaultPredicate::new()
        .and(NotForContentType::const_new(
            "application/vnd.apache.parquet",
        ))
        .and(
            |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
                !headers.contains_key(header::ETAG)
            },
        );
    pages.layer((
        from_fn_with_state(app, caller::met),
        RequestDecompressionLayer::new(),
        CompressionLayer::new().compress_when(worth),
    ))
}

/// Puts the bound on slow bodies, the check of the host, headers and log around all pages.
pub fn around(pages: Router, app: App) -> Router {
    // One layer, as those above are: axum copies for each request whatever lies below one.
    pages.layer(from_fn_with_state(app, guarded))
}

async fn guarded(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = if named(&app, &request) {
        next.run(hurried(request, app.settings().patience.body))
            .await
    } else {
        let told = "This site does not answer to that name; its operator says which with --site.\n";
        (StatusCode::MISDIRECTED_REQUEST, told).into_response()
    };
    dress(response.headers_mut(), app.secure());
    // One line a request, with the route in place of the address: a NIP in a path is not logged.
    tracing::info!(
        %method,
        route = route.as_ref().map_or("-", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = began.elapsed().as_millis() as u64,
        "answered"
    );
    response
}

/// Whether a request is for the site's own names: no other may stand in a link, and no other site's
/// name server may make a browser take this one for its own.
fn named(app: &App, request: &Request) -> bool {
    let header = request.headers().get(header::HOST);
    let host = match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => header.and_then(|host| host.to_str().ok()),
    };
    let settings = app.settings();
    host.is_some_and(|host| {
        if siasn::called(request.uri().path()) {
            settings.is_ours_at_any_port(host)
        } else {
            settings.is_ours(host)
        }
    })
}

/// Says to browsers what they may do with an answer.
fn dress(headers: &mut HeaderMap, secure: bool) {
    headers.reserve(HEADERS.len() + 2);
    for (name, value) in HEADERS {
        headers.insert(name, value);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}
