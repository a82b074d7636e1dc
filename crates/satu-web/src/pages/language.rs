//! `/bahasa/{code}`: the other language, and back to the same page.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use crate::app::App;
use crate::page::{Answer, Failure, safe};
use crate::{Lang, cookie};

#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    kembali: String,
}

pub async fn choose(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(back): Query<Back>,
) -> Answer {
    let lang = Lang::parse(&code).ok_or(Failure::NotFound)?;
    let cookie = cookie::set_language(lang, app.secure()).ok_or(Failure::NotFound)?;
    let chosen = [(header::SET_COOKIE, cookie)];
    Ok((chosen, Redirect::to(safe(&back.kembali))).into_response())
}
