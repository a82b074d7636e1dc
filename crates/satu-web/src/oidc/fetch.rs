//! The crate's requests over our own calls: bounded, no redirect followed, and by TLS but for this
//! very machine where that is allowed.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

use super::settings::is_loopback;
use crate::outgoing::{HeaderName, Outgoing, OutgoingError, Reach, header};

/// Longest answer of a provider: its keys and what it says of itself are a few KB.
const MOST: usize = 256 * 1024;
/// Longest a call takes in all. Three of them, one after the other, take less than a page may.
const TIME: Duration = Duration::from_secs(8);

/// Why the provider was not asked, or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// This machine has no roots to trust.
    #[error("no root certificates: {0}")]
    Roots(String),
    /// The provider names an address that is not called.
    #[error("{0} is not called: it is not https")]
    Plain(String),
    /// The call failed.
    #[error(transparent)]
    Call(#[from] OutgoingError),
    /// The answer cannot be handed on.
    #[error("the answer cannot be read: {0}")]
    Answer(#[from] axum::http::Error),
}

/// Who calls the provider.
pub struct Fetch {
    outgoing: Result<Outgoing, String>,
    loopback: bool,
}

impl Fetch {
    /// `loopback`: whether plain HTTP to this very machine will do.
    pub fn new(loopback: bool) -> Fetch {
        Fetch {
            // The operator names the provider: it may well stand inside their own network.
            outgoing: Outgoing::new(Reach::Any).map_err(|error| error.to_string()),
            loopback,
        }
    }

    async fn fetched(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        let outgoing = match &self.outgoing {
            Ok(outgoing) => outgoing,
            Err(error) => return Err(FetchError::Roots(error.clone())),
        };
        let (parts, body) = request.into_parts();
        let here = self.loopback && parts.uri.host().is_some_and(is_loopback);
        if parts.uri.scheme_str() != Some("https") && !here {
            return Err(FetchError::Plain(parts.uri.to_string()));
        }
        let headers = parts.headers.iter().filter_map(|(name, value)| {
            let value = value.to_str().ok()?.to_owned();
            Some((name.clone(), value))
        });
        let headers: Vec<(HeaderName, String)> =
            headers.filter(|(name, _)| *name != header::HOST).collect();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut line = outgoing.connect(&parts.uri).await?;
        let answer = line
            .send(parts.method, path, &headers, body, (MOST, TIME))
            .await?;
        let mut response = axum::http::Response::builder().status(answer.status);
        for (name, value) in &answer.headers {
            response = response.header(name, value);
        }
        Ok(response.body(answer.body.to_vec())?)
    }
}

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async {
            let fetched = tokio::time::timeout(TIME, self.fetched(request));
            fetched.await.unwrap_or(Err(OutgoingError::Late.into()))
        })
    }
}
