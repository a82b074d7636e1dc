//! `POST /oauth2/token`: a program's key and secret for a token (RFC 6749 section 4.4).
//!
//! Taken in each form that programs send: key and secret by HTTP Basic or as fields, the fields as a
//! form or as a JSON body.

use std::time::Instant;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use satu_store::clients::{Rights, TOKEN};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::asker::Asker;
use crate::problem::Problem;
use crate::slow::{Key, waits};
use crate::token::Token;

/// The fields of a request, as far as they count.
#[derive(Deserialize, Default, Debug, PartialEq, Eq)]
struct Asked {
    #[serde(default)]
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    scope: Option<String>,
}

/// Why there is no token, in the form of RFC 6749 section 5.2.
fn refused(status: StatusCode, error: &str, description: &str) -> Response {
    let body = Json(json!({ "error": error, "error_description": description }));
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::UNAUTHORIZED {
        let basic = HeaderValue::from_static("Basic realm=\"satu\"");
        headers.insert(header::WWW_AUTHENTICATE, basic);
    }
    response
}

fn unknown() -> Response {
    let told = "The program's key or secret is wrong.";
    refused(StatusCode::UNAUTHORIZED, "invalid_client", told)
}

pub async fn give(
    State(app): State<App>,
    asker: Asker,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let Some(asked) = read(&body) else {
        let told = "The body is neither a form nor JSON.";
        return Ok(refused(StatusCode::BAD_REQUEST, "invalid_request", told));
    };
    if asked.grant_type != "client_credentials" {
        let told = "grant_type must be client_credentials.";
        let error = if asked.grant_type.is_empty() {
            "invalid_request"
        } else {
            "unsupported_grant_type"
        };
        return Ok(refused(StatusCode::BAD_REQUEST, error, told));
    }
    let fields = asked.client_id.zip(asked.client_secret);
    let Some((key, secret)) = basic(&headers).or(fields) else {
        return Ok(unknown());
    };
    // No text holds a null character, and no database keeps one.
    if key.contains('\0') {
        return Ok(unknown());
    }
    let place = asker.place();
    let keys = [Key::Login(key.clone(), place), Key::Address(place)];
    let began = Instant::now();
    let left = app.slow().left(&keys, began);
    if !left.is_zero() {
        let told = "Too many wrong secrets; wait.";
        let response = refused(StatusCode::TOO_MANY_REQUESTS, "invalid_client", told);
        return Ok(waits(response, left));
    }
    let now = Timestamp::now();
    let Some(client) = app.clients().proven(&key, &secret).await? else {
        app.slow().failed(&keys, began);
        // A key that is no program's may be a secret in the wrong field.
        let known = app.clients().named(&key).await.ok();
        tracing::info!(target: "security",
            client = known.map(|known| known.key),
            address = asker.address_text(),
            "wrong secret of a program"
        );
        return Ok(unknown());
    };
    // A scope that the program does not have is left out, and the answer says so (section 3.3).
    let wanted = match asked.scope.as_deref().map(str::trim) {
        None | Some("" | "default" | "am_application_scope default") => client.rights.clone(),
        Some(names) => match Rights::parse(names) {
            Ok(wanted) => client.rights.within(&wanted),
            Err(name) => {
                let told = format!("There is no scope {name:?}.");
                return Ok(refused(StatusCode::BAD_REQUEST, "invalid_scope", &told));
            }
        },
    };
    let token = Token::new().map_err(|error| {
        tracing::error!(%error, "no randomness");
        Problem::Fault
    })?;
    let until = now + TOKEN;
    let issued = app
        .clients()
        .issue(&client, &secret, token.as_str(), &wanted, until, now);
    if !issued.await? {
        return Ok(unknown());
    }
    tracing::info!(target: "security",
        client = key,
        address = asker.address_text(),
        rights = %wanted,
        "gave a program a token"
    );
    let body = json!({
        "access_token": token.as_str(),
        "token_type": "Bearer",
        "expires_in": TOKEN.as_secs(),
        "scope": wanted.to_string(),
    });
    let unkept = [(header::CACHE_CONTROL, "no-store")];
    Ok((unkept, Json(body)).into_response())
}

/// The fields of a form or of a JSON object, whatever the body says it is; neither is `None`.
fn read(body: &[u8]) -> Option<Asked> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') {
        return serde_json::from_slice(body).ok();
    }
    let mut asked = Asked::default();
    for (name, value) in form_urlencoded::parse(body) {
        match name.as_ref() {
            "grant_type" => asked.grant_type = value.into_owned(),
            "client_id" => asked.client_id = Some(value.into_owned()),
            "client_secret" => asked.client_secret = Some(value.into_owned()),
            "scope" => asked.scope = Some(value.into_owned()),
            _ => {}
        }
    }
    Some(asked)
}

/// Key and secret of an `Authorization: Basic` header (RFC 7617).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (key, secret) = text.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};

    use super::{Asked, basic, read};

    #[test]
    fn a_request_is_read_in_each_form() {
        let whole = Asked {
            grant_type: "client_credentials".into(),
            client_id: Some("a b".into()),
            client_secret: Some("c&d".into()),
            scope: None,
        };
        let form = b"grant_type=client_credentials&client_id=a+b&client_secret=c%26d&token_type=x";
        assert_eq!(read(form), Some(whole));
        let json = br#" {"grant_type":"client_credentials","lain":1}"#;
        assert_eq!(read(json).unwrap().grant_type, "client_credentials");
        assert_eq!(read(b"{"), None);
        assert_eq!(read(b"").unwrap(), Asked::default());
        assert_eq!(read(b"\xff\x00=%zz").unwrap(), Asked::default());
    }

    #[test]
    fn a_basic_header_is_read() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
            basic(&headers)
        };
        // printf 'kunci:rahasia:x' | base64
        assert_eq!(
            of("Basic a3VuY2k6cmFoYXNpYTp4"),
            Some(("kunci".into(), "rahasia:x".into()))
        );
        for wrong in [
            "Basic",
            "Basic !!",
            "Bearer a3VuY2k6cmFoYXNpYTp4",
            "Basic a3VuY2k=",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
