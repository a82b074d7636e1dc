//! `/.well-known/security.txt` (RFC 9116): where to report a weakness, if the operator says it.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp, Unit};

use crate::app::App;

/// How long what it says may be taken for true: less than a year, as section 2.5.5 advises.
const HOLDS: SignedDuration = SignedDuration::from_hours(24 * 180);

pub async fn show(State(app): State<App>) -> Response {
    let settings = app.settings();
    let until = (Timestamp::now() + HOLDS).round(Unit::Second);
    let (Some(contact), Ok(until)) = (&settings.contact, until) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let site = settings.site.as_ref().map(|site| {
        let base = site.base();
        format!("Canonical: {base}/.well-known/security.txt\n")
    });
    let text = format!(
        "Contact: {contact}\nExpires: {until}\nPreferred-Languages: id, en\n{}",
        site.unwrap_or_default()
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
