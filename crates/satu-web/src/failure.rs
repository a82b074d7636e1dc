//! Why a page is not shown.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use satu_registry::review::ReviewError;
use satu_store::StoreError;

use crate::page::encoded;

/// Why a page is not shown.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Only for those who are signed in; where to come back to.
    #[error("nobody is signed in")]
    SignIn(String),
    /// There is no such thing, or not for this viewer.
    #[error("there is no such thing")]
    NotFound,
    /// Not for this role, or not from a page of this site.
    #[error("refused")]
    Forbidden,
    /// The form or the query does not fit.
    #[error("the request cannot be understood")]
    BadRequest,
    /// The body is larger than the page takes.
    #[error("the request is too large")]
    TooLarge,
    /// Faster than anybody reads.
    #[error("too many requests")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A page's template.
    #[error(transparent)]
    Template(#[from] askama::Error),
    /// A decision was not taken.
    #[error(transparent)]
    Review(ReviewError),
    /// Anything else that is our fault.
    #[error("{0}")]
    Fault(String),
}

impl From<ReviewError> for Failure {
    fn from(error: ReviewError) -> Failure {
        match error {
            ReviewError::NotThere(_) => Failure::NotFound,
            ReviewError::NoReason
            | ReviewError::TooFew
            | ReviewError::OnePerson
            | ReviewError::ToldApart
            | ReviewError::Field(_)
            | ReviewError::Value(_) => Failure::BadRequest,
            ReviewError::Own | ReviewError::NotOwn => Failure::Forbidden,
            error => Failure::Review(error),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Failure::SignIn(back) => {
                return Redirect::to(&format!("/masuk?kembali={}", encoded(&back))).into_response();
            }
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::Forbidden => StatusCode::FORBIDDEN,
            Failure::BadRequest => StatusCode::BAD_REQUEST,
            Failure::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Failure::Store(_) | Failure::Template(_) | Failure::Review(_) | Failure::Fault(_) => {
                tracing::error!(error = %self, "a page failed");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
        .into_response()
    }
}
