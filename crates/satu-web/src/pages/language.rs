//! `/bahasa/{code}`: the other language, and back to the same page.

use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use crate::page::{Answer, Failure, safe};
use crate::{Lang, cookie};

#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    kembali: String,
}

pub async fn choose(Path(code): Path<String>, Query(back): Query<Back>) -> Answer {
    let lang = Lang::parse(&code).ok_or(Failure::NotFound)?;
    let chosen = [(header::SET_COOKIE, cookie::set_language(lang))];
    Ok((chosen, Redirect::to(safe(&back.kembali))).into_response())
}
