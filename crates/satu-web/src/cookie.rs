//! The cookies: the browser's token, by what it is known from an earlier sign-in, its language.

use axum::http::{HeaderMap, HeaderValue, header};

use satu_store::accounts::KNOWN;

use crate::Lang;
use crate::token::Token;

const TOKEN: &str = "satu";
const KNOWN_BY: &str = "kenal";
const LANGUAGE: &str = "bahasa";

/// On HTTPS the name itself forbids other hosts and plain connections to set it.
fn named(name: &str, secure: bool) -> String {
    format!("{}{name}", if secure { "__Host-" } else { "" })
}

/// A cookie for the whole site that no script reads; `lasts` and `SameSite` as they are written.
fn cookie(
    name: &str,
    value: &str,
    lasts: &str,
    same_site: &str,
    secure: bool,
) -> Option<HeaderValue> {
    let name = named(name, secure);
    let flag = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; {lasts}HttpOnly; SameSite={same_site}{flag}");
    HeaderValue::try_from(text).ok()
}

fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The token that a request brings.
pub fn token(headers: &HeaderMap, secure: bool) -> Option<Token> {
    read(headers, &named(TOKEN, secure)).and_then(Token::parse)
}

/// By what a browser is known from an earlier sign-in.
pub fn known(headers: &HeaderMap, secure: bool) -> Option<Token> {
    read(headers, &named(KNOWN_BY, secure)).and_then(Token::parse)
}

/// The language that a request asks for; Indonesian where it asks for none.
pub fn language(headers: &HeaderMap, secure: bool) -> Lang {
    read(headers, &named(LANGUAGE, secure))
        .and_then(Lang::parse)
        .unwrap_or_default()
}

/// Gives the browser a token, until it is closed.
pub fn set_token(token: &Token, secure: bool) -> Option<HeaderValue> {
    cookie(TOKEN, token.as_str(), "", "Lax", secure)
}

/// Takes the token away.
pub fn forget_token(secure: bool) -> Option<HeaderValue> {
    cookie(TOKEN, "", "Max-Age=0; ", "Lax", secure)
}

/// Makes a browser known for as long as it is remembered.
pub fn set_known(token: &Token, secure: bool) -> Option<HeaderValue> {
    let lasts = format!("Max-Age={}; ", KNOWN.as_secs());
    cookie(KNOWN_BY, token.as_str(), &lasts, "Strict", secure)
}

/// Remembers a language for a year.
pub fn set_language(lang: Lang, secure: bool) -> Option<HeaderValue> {
    cookie(LANGUAGE, lang.tag(), "Max-Age=31536000; ", "Lax", secure)
}
