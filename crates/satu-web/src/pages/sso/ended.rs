//! `POST /keluar/sso/penyedia`: the provider says that somebody has signed out there (OpenID Connect
//! Back-Channel Logout 1.0).

use std::time::Instant;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;
use crate::asker::Asker;
use crate::oidc::Provider;
use crate::oidc::logout::SignedOut;
use crate::oidc::provider::ProviderError;
use crate::page::Failure;
use crate::problem::Problem;
use crate::slow::{Key, waits};

const UNKEPT: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

fn refused(status: StatusCode, told: &str) -> Response {
    let body = json!({ "error": "invalid_request", "error_description": told });
    (status, UNKEPT, Json(body)).into_response()
}

/// Takes a logout token, and ends the sessions of whom it speaks. It bears its own proof: no mark of a
/// browser is asked for, and no cookie looked at.
pub async fn take(State(app): State<App>, asker: Asker, body: Bytes) -> Result<Response, Problem> {
    let provider = app.provider().ok_or(Problem::NotFound)?;
    let mut fields = form_urlencoded::parse(&body);
    let Some((_, token)) = fields.find(|(name, _)| name == "logout_token") else {
        return Ok(refused(
            StatusCode::BAD_REQUEST,
            "There is no logout_token.",
        ));
    };
    // As with passwords: who brings many that do not hold waits.
    let keys = [Key::Address(asker.place())];
    let left = app.slow().left(&keys, Instant::now());
    if !left.is_zero() {
        let told = "Too many tokens that do not hold; wait.";
        let response = refused(StatusCode::TOO_MANY_REQUESTS, told);
        return Ok(waits(response, left));
    }
    let address = asker.address_text();
    let (who, jti) = match provider.signed_out(&token).await {
        Ok(told) => told,
        Err(error) => {
            if let ProviderError::Token(_) = error {
                app.slow().failed(&keys, Instant::now());
            }
            tracing::info!(target: "security", %error, address, "refused a logout token");
            return Ok(refused(StatusCode::BAD_REQUEST, "The token does not hold."));
        }
    };
    ended(&app, provider, &who, &address).await?;
    provider.take(jti);
    Ok((StatusCode::OK, UNKEPT).into_response())
}

/// Ends the sessions. Whoever has none here, or no account, is signed out already.
async fn ended(
    app: &App,
    provider: &Provider,
    who: &SignedOut,
    address: &str,
) -> Result<(), Failure> {
    let mut account = None;
    if let Some(subject) = &who.subject {
        let found = app.accounts().of_identity(provider.issuer(), subject);
        let Some(found) = found.await? else {
            return Ok(());
        };
        account = Some(found.account);
    }
    let (id, sid) = (account.as_ref().map(|one| one.id), who.sid.as_deref());
    let ended = app.accounts().end_provider_sessions(id, sid).await?;
    let login = account.map(|account| account.login);
    tracing::info!(target: "security", login, ended, address, "signed out by the provider");
    Ok(())
}
