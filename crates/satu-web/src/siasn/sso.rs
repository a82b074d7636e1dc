//! The personal token: an account's login and password for a token of half a day, at the address and
//! in the form of the single sign-on of SIASN.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use satu_store::accounts::PERSONAL;
use serde_json::{Value, json};

use crate::app::App;
use crate::asker::Asker;
use crate::problem::Problem;
use crate::slow::{Key, waits};
use crate::token::Token;
use crate::trying::{Tried, tried};

fn refused(status: StatusCode, error: &str, description: &str) -> Response {
    let body = json!({ "error": error, "error_description": description });
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// The fields of a form or of a JSON object; others than these are passed over.
fn read(body: &[u8]) -> [String; 3] {
    let names = ["grant_type", "username", "password"];
    if let Ok(Value::Object(all)) = serde_json::from_slice(body) {
        return names.map(|name| {
            let text = all.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        });
    }
    let pairs: Vec<_> = form_urlencoded::parse(body).collect();
    names.map(|name| {
        let found = pairs.iter().find(|(one, _)| one == name);
        found.map_or_else(String::new, |(_, value)| value.to_string())
    })
}

/// Takes login and password.
pub async fn sign_in(
    State(app): State<App>,
    asker: Asker,
    body: Bytes,
) -> Result<Response, Problem> {
    let [grant, login, password] = read(&body);
    if grant != "password" {
        let error = if grant.is_empty() {
            "invalid_request"
        } else {
            "unsupported_grant_type"
        };
        let told = "grant_type must be password";
        return Ok(refused(StatusCode::BAD_REQUEST, error, told));
    }
    let login = login.trim().to_lowercase();
    let place = asker.place();
    let keys = [Key::Address(place), Key::Login(login.clone(), place)];
    let account = match tried(&app, &keys, &login, password).await? {
        Tried::Right(account) => account,
        Tried::Waits(left) => {
            let told = "Too many wrong passwords; wait";
            let response = refused(StatusCode::TOO_MANY_REQUESTS, "invalid_grant", told);
            return Ok(waits(response, left));
        }
        Tried::Busy => {
            let (error, told) = ("temporarily_unavailable", "Too many sign in; try again");
            return Ok(refused(StatusCode::SERVICE_UNAVAILABLE, error, told));
        }
        Tried::Wrong(login) => {
            let address = asker.address_text();
            tracing::info!(target: "security", login, address, "refused a password of a program");
            let told = "Invalid user credentials";
            return Ok(refused(StatusCode::UNAUTHORIZED, "invalid_grant", told));
        }
    };
    let second = app.accounts().second(account.id).await?;
    if second.is_some() || app.settings().asks_factor(&account.role) {
        // A program cannot type a code; its owner makes a token that lasts.
        let told = "Account requires a second factor: use a token made on /akun/token or with `satu account token`";
        return Ok(refused(StatusCode::UNAUTHORIZED, "invalid_grant", told));
    }
    let fault = |error: std::io::Error| {
        tracing::error!(%error, "no randomness");
        Problem::Fault
    };
    let token = Token::new().map_err(fault)?;
    let now = Timestamp::now();
    app.accounts()
        .issue_personal(account.id, token.as_str(), now + PERSONAL, now)
        .await?;
    tracing::info!(target: "security",
        login = account.login,
        address = asker.address_text(),
        "gave a token for a password"
    );
    let lasts = PERSONAL.as_secs();
    let body = json!({
        "access_token": token.as_str(),
        "expires_in": lasts,
        "refresh_expires_in": 0,
        "refresh_token": "",
        "token_type": "Bearer",
        "not-before-policy": 0,
        "session_state": "",
        "scope": "email profile",
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_request_is_read_in_either_form_and_with_fields_too_many() {
        let whole = ["password", "a", "b c"].map(str::to_owned);
        let form =
            b"client_id=x&grant_type=password&username=a&password=b+c&token_type=y&access_token=";
        assert_eq!(super::read(form), whole);
        let json = br#"{"grant_type":"password","username":"a","password":"b c"}"#;
        assert_eq!(super::read(json), whole);
        assert_eq!(super::read(b"\xff"), ["", "", ""].map(str::to_owned));
    }
}
