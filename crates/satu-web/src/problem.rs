//! Why a program is not answered: problem details (RFC 9457), in the language it asks for.

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use satu_registry::review::ReviewError;
use satu_store::StoreError;
use satu_store::clients::Right;
use serde_json::json;

use crate::Lang;
use crate::page::Failure;

/// Why something does not fit: in both languages, as it is told when the language is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason([String; 2]);

impl Reason {
    /// The one that is told so.
    pub fn of<Text: Into<String>>(told: impl Fn(Lang) -> Text) -> Reason {
        Reason(Lang::ALL.map(|t| told(t).into()))
    }

    /// In the order of [`Lang::ALL`].
    pub fn texts(self) -> [String; 2] {
        self.0
    }
}

/// Why a program is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is no token, or it is none, or it ran out.
    Unauthorized,
    /// The program lacks a right.
    Right(Right),
    /// There is no such thing, or not within reach.
    NotFound,
    /// A parameter or a field does not fit: which, and why.
    Invalid(Cow<'static, str>, Reason),
    /// The address knows no parameter of this name.
    Unknown(String),
    /// The request can be read, and does not fit what the register holds or takes: which part, and
    /// why.
    Unfit(Cow<'static, str>, Reason),
    /// The address does not take this method.
    Method,
    /// The same request is under way.
    Conflict,
    /// The program has as many files on the way as it may have.
    Uploads,
    /// An idempotency key was used for another request.
    Reused,
    /// A place in the change feed is none of this register's any more.
    OtherFeed,
    /// `If-Match` names another state than the present one.
    Precondition,
    /// Another version of tus is spoken.
    TusVersion,
    /// The body is larger than is taken.
    TooLarge,
    /// The body is of a kind that is not taken.
    MediaType,
    /// Faster than is allowed.
    TooMany,
    /// It took too long.
    TimedOut,
    /// Our fault.
    Fault,
}

impl Problem {
    /// All kinds, each once, for the page that explains them.
    pub const KINDS: [Problem; 18] = [
        Problem::Unauthorized,
        Problem::Right(Right::PeopleRead),
        Problem::NotFound,
        Problem::Invalid(Cow::Borrowed(""), Reason([String::new(), String::new()])),
        Problem::Unknown(String::new()),
        Problem::Unfit(Cow::Borrowed(""), Reason([String::new(), String::new()])),
        Problem::Method,
        Problem::Conflict,
        Problem::Uploads,
        Problem::Reused,
        Problem::OtherFeed,
        Problem::Precondition,
        Problem::TusVersion,
        Problem::TooLarge,
        Problem::MediaType,
        Problem::TooMany,
        Problem::TimedOut,
        Problem::Fault,
    ];

    /// A parameter or a field that does not fit.
    pub fn invalid<Text: Into<String>>(
        field: impl Into<Cow<'static, str>>,
        why: impl Fn(Lang) -> Text,
    ) -> Problem {
        Problem::Invalid(field.into(), Reason::of(why))
    }

    /// A part of a request that does not fit what the register holds or takes.
    pub fn unfit<Text: Into<String>>(
        field: impl Into<Cow<'static, str>>,
        why: impl Fn(Lang) -> Text,
    ) -> Problem {
        Problem::Unfit(field.into(), Reason::of(why))
    }

    /// The last part of its address, where it is explained.
    pub fn slug(&self) -> &'static str {
        match self {
            Problem::Unauthorized => "unauthorized",
            Problem::Right(_) => "missing-right",
            Problem::NotFound => "not-found",
            Problem::Invalid(..) => "invalid",
            Problem::Unknown(_) => "unknown-parameter",
            Problem::Unfit(..) => "unfit",
            Problem::Method => "method",
            Problem::Conflict => "conflict",
            Problem::Uploads => "too-many-uploads",
            Problem::Reused => "idempotency-key-reused",
            Problem::OtherFeed => "begin-anew",
            Problem::Precondition => "precondition",
            Problem::TusVersion => "tus-version",
            Problem::TooLarge => "too-large",
            Problem::MediaType => "media-type",
            Problem::TooMany => "too-many",
            Problem::TimedOut => "timed-out",
            Problem::Fault => "fault",
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Problem::Unauthorized => StatusCode::UNAUTHORIZED,
            Problem::Right(_) => StatusCode::FORBIDDEN,
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::Invalid(..) | Problem::Unknown(_) => StatusCode::BAD_REQUEST,
            Problem::Unfit(..) | Problem::Reused => StatusCode::UNPROCESSABLE_ENTITY,
            Problem::Method => StatusCode::METHOD_NOT_ALLOWED,
            Problem::Conflict | Problem::Uploads => StatusCode::CONFLICT,
            Problem::OtherFeed => StatusCode::GONE,
            Problem::Precondition | Problem::TusVersion => StatusCode::PRECONDITION_FAILED,
            Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Problem::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Problem::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Problem::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The problem that a bare status stands for.
    fn of(status: StatusCode) -> Problem {
        // Path and query are read by ourselves: what is left is a body.
        let body = || Problem::invalid("body", Lang::why_broken_off);
        if status == StatusCode::BAD_REQUEST {
            return body();
        }
        let same = |one: &Problem| one.status() == status;
        let known = Problem::KINDS.into_iter().find(same);
        known.unwrap_or_else(|| {
            if status.is_client_error() {
                body()
            } else {
                Problem::Fault
            }
        })
    }

    /// Its title and what to do.
    pub fn told(&self, t: Lang) -> (&'static str, &'static str) {
        match self {
            Problem::Unauthorized => (t.api_unauthorized(), t.api_unauthorized_more()),
            Problem::Right(_) => (t.api_right(), t.api_right_more()),
            Problem::NotFound => (t.api_not_found(), t.api_not_found_more()),
            Problem::Invalid(..) => (t.api_invalid(), t.api_invalid_more()),
            Problem::Unknown(_) => (t.api_unknown(), t.api_unknown_more()),
            Problem::Unfit(..) => (t.api_unfit(), t.api_unfit_more()),
            Problem::Method => (t.api_method(), t.api_method_more()),
            Problem::Conflict => (t.api_conflict(), t.api_conflict_more()),
            Problem::Uploads => (t.api_uploads(), t.api_uploads_more()),
            Problem::Reused => (t.api_reused(), t.api_reused_more()),
            Problem::OtherFeed => (t.api_other_feed(), t.api_other_feed_more()),
            Problem::Precondition => (t.api_precondition(), t.api_precondition_more()),
            Problem::TusVersion => (t.api_tus(), t.api_tus_more()),
            Problem::TooLarge => (t.too_large(), t.too_large_more()),
            Problem::MediaType => (t.api_media_type(), t.api_media_type_more()),
            Problem::TooMany => (t.too_many(), t.too_many_more()),
            Problem::TimedOut => (t.timed_out(), t.timed_out_more()),
            Problem::Fault => (t.failed(), t.failed_more()),
        }
    }

    fn written(&self, t: Lang, status: StatusCode) -> Response {
        let (title, detail) = self.told(t);
        let mut body = json!({
            "type": format!("/api/problems/{}", self.slug()),
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
        });
        match self {
            Problem::Right(right) => body["right"] = json!(right.name()),
            Problem::Unknown(name) => body["field"] = json!(name),
            Problem::Invalid(field, Reason(why)) | Problem::Unfit(field, Reason(why)) => {
                body["field"] = json!(field);
                body["reason"] = json!(why[t as usize]);
            }
            _ => {}
        }
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(t.tag()));
        if status == StatusCode::UNAUTHORIZED {
            let asks = HeaderValue::from_static("Bearer realm=\"satu\", error=\"invalid_token\"");
            headers.insert(header::WWW_AUTHENTICATE, asks);
        }
        response
    }
}

/// The language that a program asks for; Indonesian where it asks for neither.
pub fn language(headers: &HeaderMap) -> Lang {
    let wanted = headers.get(header::ACCEPT_LANGUAGE);
    let wanted = wanted.and_then(|value| value.to_str().ok()).unwrap_or("");
    let mut best = (Lang::Id, 0.0);
    for part in wanted.split(',') {
        let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let lang = Lang::parse(tag.trim().split('-').next().unwrap_or("").trim());
        let weight: f32 = weight.trim().parse().unwrap_or(0.0);
        if let Some(lang) = lang.filter(|_| weight > best.1) {
            best = (lang, weight);
        }
    }
    best.0
}

/// Gives an answer that failed the form of a problem.
pub fn dressed(t: Lang, response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = response.extensions().get::<Problem>().cloned();
    let has_body = response.headers().get(header::CONTENT_TYPE);
    if problem.is_none()
        && has_body.is_some_and(|kind| kind.as_bytes().starts_with(b"application/"))
    {
        return response;
    }
    let mut answer = problem
        .unwrap_or_else(|| Problem::of(status))
        .written(t, status);
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    if let Some(wait) = response.headers().get(header::RETRY_AFTER) {
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, wait.clone());
    }
    answer
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        if matches!(error, StoreError::OtherFeed) {
            return Problem::OtherFeed;
        }
        tracing::error!(error = %error, "a program was not answered");
        Problem::Fault
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Problem {
        match failure {
            Failure::NotFound => Problem::NotFound,
            Failure::SignIn(_) | Failure::Forbidden => Problem::Unauthorized,
            Failure::BadRequest => Problem::invalid("body", Lang::why_form),
            Failure::TooLarge => Problem::TooLarge,
            Failure::TooMany => Problem::TooMany,
            failure => {
                tracing::error!(error = %failure, "a program was not answered");
                Problem::Fault
            }
        }
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Problem {
        match error {
            ReviewError::NotThere(_) => Problem::NotFound,
            ReviewError::NoReason => Problem::unfit("reason", Lang::reason_missing),
            ReviewError::TooFew => Problem::unfit("statements", Lang::too_few_records),
            ReviewError::OnePerson => Problem::unfit("statements", Lang::already_one),
            ReviewError::ToldApart => Problem::unfit("statements", Lang::told_apart),
            error => {
                tracing::error!(error = %error, "a program was not answered");
                Problem::Fault
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::ACCEPT_LANGUAGE;

    use super::{Problem, language};
    use crate::Lang;

    #[test]
    fn the_language_is_the_one_asked_for_most() {
        for (asked, lang) in [
            ("", Lang::Id),
            ("en", Lang::En),
            ("en-GB,en;q=0.9", Lang::En),
            ("fr, en;q=0.3, id;q=0.8", Lang::Id),
            ("en;q=0", Lang::Id),
            ("en;q=x,,;q=", Lang::Id),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, asked.parse().unwrap());
            assert_eq!(language(&headers), lang, "{asked:?}");
        }
    }

    #[test]
    fn every_problem_has_an_address_of_its_own() {
        let slugs: std::collections::BTreeSet<_> =
            Problem::KINDS.iter().map(Problem::slug).collect();
        assert_eq!(slugs.len(), Problem::KINDS.len());
    }
}
