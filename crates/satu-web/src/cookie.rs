//! The cookies: the browser's token, by what it is known from an earlier sign-in, its language.

use axum::http::{HeaderMap, HeaderValue, header};

use satu_store::accounts::KNOWN;

use crate::Lang;
use crate::token::Token;

/// On HTTPS the name itself forbids other hosts and plain connections to set it.
const SECURE: &str = "__Host-satu";
const PLAIN: &str = "satu";
const KNOWN_SECURE: &str = "__Host-kenal";
const KNOWN_PLAIN: &str = "kenal";
const LANGUAGE_SECURE: &str = "__Host-bahasa";
const LANGUAGE_PLAIN: &str = "bahasa";

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
    read(headers, if secure { SECURE } else { PLAIN }).and_then(Token::parse)
}

/// By what a browser is known from an earlier sign-in.
pub fn known(headers: &HeaderMap, secure: bool) -> Option<Token> {
    let name = if secure { KNOWN_SECURE } else { KNOWN_PLAIN };
    read(headers, name).and_then(Token::parse)
}

/// Makes a browser known for as long as it is remembered.
pub fn set_known(token: &Token, secure: bool) -> Option<HeaderValue> {
    let (name, flag) = if secure {
        (KNOWN_SECURE, "; Secure")
    } else {
        (KNOWN_PLAIN, "")
    };
    let text = format!(
        "{name}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{flag}",
        token.as_str(),
        KNOWN.as_secs()
    );
    HeaderValue::try_from(text).ok()
}

/// The language that a request asks for; Indonesian where it asks for none.
pub fn language(headers: &HeaderMap, secure: bool) -> Lang {
    let name = if secure {
        LANGUAGE_SECURE
    } else {
        LANGUAGE_PLAIN
    };
    read(headers, name)
        .and_then(Lang::parse)
        .unwrap_or_default()
}

/// Gives the browser a token, until it is closed.
pub fn set_token(token: &Token, secure: bool) -> Option<HeaderValue> {
    let (name, flag) = if secure {
        (SECURE, "; Secure")
    } else {
        (PLAIN, "")
    };
    let text = format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Lax{flag}",
        token.as_str()
    );
    HeaderValue::try_from(text).ok()
}

/// Takes the token away.
pub fn forget_token(secure: bool) -> HeaderValue {
    HeaderValue::from_static(if secure {
        "__Host-satu=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    } else {
        "satu=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    })
}

/// Remembers a language for a year.
pub fn set_language(lang: Lang, secure: bool) -> Option<HeaderValue> {
    let (name, flag) = if secure {
        (LANGUAGE_SECURE, "; Secure")
    } else {
        (LANGUAGE_PLAIN, "")
    };
    let tag = lang.tag();
    let text = format!("{name}={tag}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{flag}");
    HeaderValue::try_from(text).ok()
}
