//! What pages are drawn with: compiled in, named after its content, kept by browsers for a year.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use satu_store::hex;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("../../assets/gaya.css");
const REVIEW: &str = include_str!("../../assets/tinjau.js");
const ICON: &str = include_str!("../../assets/tanda.svg");

static STYLE_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/aset/gaya.css?{}", &hex(&Sha256::digest(STYLE))[..12]));

/// The style sheet's address, which changes with its content.
pub fn style_path() -> &'static str {
    &STYLE_PATH
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, text)
}

pub fn style() -> impl IntoResponse {
    file("text/css; charset=utf-8", STYLE)
}

pub fn script() -> impl IntoResponse {
    file("text/javascript; charset=utf-8", REVIEW)
}

pub fn icon() -> impl IntoResponse {
    file("image/svg+xml; charset=utf-8", ICON)
}
