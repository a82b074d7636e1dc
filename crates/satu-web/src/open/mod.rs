//! Open data for everyone: what was released, and nothing else of the register.
//!
//! These answers need no session and tell nothing of one; any page of any site may read them.

mod answer;
mod catalogue;
mod files;
mod sdmx;

pub mod ckan;
pub mod page;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use satu_open::dcat::Publisher;

use crate::app::App;
use crate::rate::Who;
use crate::refusal::Attempt;

pub use catalogue::Open;
pub use files::{catalogue_json_ld, catalogue_turtle, file};
pub use sdmx::answer as sdmx;

/// The layer around what programs read: how fast, and for whom.
pub async fn let_in(State(app): State<App>, request: Request, next: Next) -> Response {
    let attempt = Attempt::of(&request, &app);
    let who = Who::Place(attempt.place());
    let mut response = if attempt.turn(&app, who, None).allowed {
        next.run(request).await
    } else {
        let wait = [(header::RETRY_AFTER, "5")];
        (StatusCode::TOO_MANY_REQUESTS, wait, "Too many requests.\n").into_response()
    };
    let headers = response.headers_mut();
    let any = HeaderValue::from_static("*");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    let seen = HeaderValue::from_static("ETag, Link, Retry-After");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, seen);
    response
}

/// Who publishes, as the asker reaches the site.
fn publisher(app: &App, headers: &HeaderMap) -> Publisher {
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    Publisher {
        base: app.settings().base(host),
        contact: app.settings().contact.clone(),
    }
}
