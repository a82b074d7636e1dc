//! A program that asks: by its token, which is all that is known of it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use satu_store::clients::{Client, Right};
use satu_store::{Scope, StoreError};

use crate::Lang;
use crate::api::{doc, uploads};
use crate::app::{App, Asks};
use crate::problem::{Problem, dressed, language};
use crate::rate::Who;
use crate::refusal::Attempt;
use crate::siasn;
use crate::slow::waits;

/// A program whose token is good: the only way of the API to the register.
#[derive(Clone)]
pub struct Caller {
    client: Arc<Client>,
    token: Arc<str>,
}

impl Caller {
    /// The program.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The part of the register that answers to it may speak of.
    pub fn scope(&self) -> Scope {
        self.client.role.scope()
    }

    /// Whether the program and its token have a right; a problem where they have not.
    pub fn may(&self, right: Right) -> Result<(), Problem> {
        if self.client.rights.has(right) {
            Ok(())
        } else {
            Err(Problem::Right(right))
        }
    }

    /// Whether it may read deliveries and what was found in them, which holds names and numbers of persons: who
    /// sends or reads persons may; a problem where it may neither.
    pub fn may_read_deliveries(&self) -> Result<(), Problem> {
        let sends = self.may(Right::StatementsWrite);
        sends.or_else(|_| self.may(Right::PeopleRead))
    }

    /// Whether the token is good still, with the same rights and reach: what is answered for long, and a
    /// program that is closed meanwhile, asks before each part.
    pub async fn stands(&self, app: &App) -> Result<bool, StoreError> {
        let now = app
            .clients()
            .of_token(&self.token, Timestamp::now())
            .await?;
        Ok(now.is_some_and(|client| client == self.client))
    }

    /// By what the record of looks and decisions names it.
    pub fn login(&self) -> String {
        format!("program:{}", self.client.key)
    }
}

impl Asks for Caller {}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Problem> {
        parts
            .extensions
            .get::<Caller>()
            .cloned()
            .ok_or(Problem::Unauthorized)
    }
}

/// The token that a request brings: `Authorization: Bearer TOKEN` (RFC 6750).
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The layer that finds out which program asks, keeps it to its rate, and gives every failure the
/// form of a problem, or that of SIASN's service.
pub async fn met(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let t = language(request.headers());
    let attempt = Attempt::of(&request, &app);
    let known = siasn::serves(request.uri().path());
    let dressed = |response| {
        if known {
            siasn::dressed(response)
        } else {
            dressed(t, response)
        }
    };
    let is_upload = uploads::are_at(request.uri().path());
    let caller = match bearer(request.headers()) {
        None => None,
        Some(token) => match app.clients().of_token(token, Timestamp::now()).await {
            Ok(client) => client.map(|client| Caller {
                client,
                token: token.into(),
            }),
            Err(error) => return dressed(Problem::from(error).into_response()),
        },
    };
    let who = if let Some(caller) = &caller {
        Who::Client(caller.client.id)
    } else {
        Who::Place(attempt.place())
    };
    let key = caller.as_ref().map(|caller| caller.client.key.clone());
    let turn = attempt.turn(&app, who, key.as_deref());
    let mut response = if turn.allowed {
        if let Some(name) = doc::unknown(&request) {
            dressed(Problem::Unknown(name).into_response())
        } else if let Some(part) = not_text(request.uri()) {
            dressed(Problem::unfit(part, Lang::why_text).into_response())
        } else {
            request.extensions_mut().insert(t);
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            let response = dressed(next.run(request).await);
            attempt.told(key.as_deref(), response.status());
            response
        }
    } else {
        waits(dressed(Problem::TooMany.into_response()), turn.wait)
    };
    if is_upload {
        uploads::speak(&mut response);
    }
    // draft-ietf-httpapi-ratelimit-headers: what may be asked, and what is left of it.
    for (name, text) in [
        ("ratelimit-policy", turn.policy()),
        ("ratelimit", turn.left()),
    ] {
        if let Ok(value) = HeaderValue::try_from(text) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The part of an address that is no text, or holds a null character, which no database keeps: `path`, or
/// the name of a parameter.
fn not_text(uri: &Uri) -> Option<String> {
    let bad = |text: &str| text.contains(['\0', char::REPLACEMENT_CHARACTER]);
    let parts = |text: &'_ str| {
        let pairs = form_urlencoded::parse(text.as_bytes()).into_owned();
        let mut bad = pairs.filter(|(name, value)| bad(name) || bad(value));
        bad.next().map(|(name, _)| name)
    };
    let path = parts(uri.path()).map(|_| "path".to_owned());
    path.or_else(|| parts(uri.query().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};

    #[test]
    fn only_a_bearer_token_is_taken() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
            super::bearer(&headers).map(str::to_owned)
        };
        assert_eq!(of("Bearer abc"), Some("abc".to_owned()));
        assert_eq!(of("bearer  abc "), Some("abc".to_owned()));
        assert_eq!(of("Basic abc"), None);
        assert_eq!(of("Bearer"), None);
        assert_eq!(super::bearer(&HeaderMap::new()), None);
    }
}
