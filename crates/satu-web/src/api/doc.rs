//! The OpenAPI document, the page made from it, and the page that explains problems.

use std::sync::LazyLock;

use askama::Template;
use axum::extract::{MatchedPath, Path, Query, Request, State};
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{RefOr, Required};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

use super::{changes, doubts, lists, matching, people, reconcile, submissions, uploads, webhooks};
use crate::app::App;
use crate::page::{self, Answer, Failure, Page};
use crate::problem::Problem;
use satu_store::clients::Right;

/// Why a program is not answered (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemTold {
    /// Where this kind of problem is explained.
    pub r#type: String,
    /// What is wrong, in the language asked for.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// The parameter or field that does not fit.
    pub field: Option<String>,
    /// Why it does not fit.
    pub reason: Option<String>,
    /// The right that lacks.
    pub right: Option<String>,
}

/// The problems that every address may answer with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its description is used")]
pub enum Problems {
    /// A parameter or a field does not fit.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(#[to_schema] ProblemTold),
    /// There is no good token.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(#[to_schema] ProblemTold),
    /// A right lacks.
    #[response(status = 403, content_type = "application/problem+json")]
    Right(#[to_schema] ProblemTold),
    /// There is no such thing within reach.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] ProblemTold),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] ProblemTold),
    /// It took too long.
    #[response(status = 408, content_type = "application/problem+json")]
    TimedOut(#[to_schema] ProblemTold),
    /// In conflict with the present state.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] ProblemTold),
    /// It changed since it was read, or another version of a protocol is spoken.
    #[response(status = 412, content_type = "application/problem+json")]
    Precondition(#[to_schema] ProblemTold),
    /// This kind of content is not taken.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(#[to_schema] ProblemTold),
    /// It can be read, and what it says cannot be taken.
    #[response(status = 422, content_type = "application/problem+json")]
    Unfit(#[to_schema] ProblemTold),
    /// Our fault.
    #[response(status = 500, content_type = "application/problem+json")]
    Fault(#[to_schema] ProblemTold),
    /// Too many requests.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] ProblemTold),
}

/// How a token is come by.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scopes = Right::ALL.map(|right| (right.name(), right.name()));
        let flow = ClientCredentials::new("/oauth2/token", Scopes::from_iter(scopes));
        let scheme = SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(flow)]));
        let parts = document.components.get_or_insert_with(Default::default);
        parts.add_security_scheme("oauth", scheme);
    }
}

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Satu Data ASN", description = "One trusted record per Indonesian civil servant.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    modifiers(&Tokens),
    paths(
        people::list, people::one, people::histories, matching::take,
        submissions::file, submissions::statements, submissions::list, submissions::one, submissions::findings,
        uploads::options, uploads::begin, uploads::list, uploads::one, uploads::part, uploads::forget,
        doubts::list, doubts::one, doubts::answer,
        lists::sources, lists::lists, lists::codes,
        changes::list, changes::stream, reconcile::take,
        webhooks::list, webhooks::add, webhooks::show, webhooks::remove, webhooks::rotate, webhooks::resume,
        webhooks::dead, webhooks::replay,
    )
)]
struct Document;

static DOCUMENT: LazyLock<utoipa::openapi::OpenApi> = LazyLock::new(Document::openapi);

/// The first name in the query of a request that the document does not have for its address; none where
/// it does not tell of the address.
pub fn unknown(request: &Request) -> Option<String> {
    request.uri().query().filter(|query| !query.is_empty())?;
    let path = request.extensions().get::<MatchedPath>()?;
    let item = DOCUMENT.paths.paths.get(path.as_str())?;
    let operation = match *request.method() {
        Method::GET | Method::HEAD => &item.get,
        Method::POST => &item.post,
        Method::PATCH => &item.patch,
        Method::DELETE => &item.delete,
        Method::OPTIONS => &item.options,
        _ => &None,
    };
    let known = operation.as_ref()?.parameters.as_deref().unwrap_or(&[]);
    let is_known = |name: &str| {
        known.iter().any(|one| match one {
            RefOr::T(one) => matches!(one.parameter_in, ParameterIn::Query) && one.name == name,
            RefOr::Ref(_) => false,
        })
    };
    let Query(asked) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).ok()?;
    let mut names = asked.into_iter().map(|(name, _)| name);
    names.find(|name| !is_known(name))
}

/// `/api/v1/openapi.json`.
pub async fn openapi() -> Result<Response, Failure> {
    let text = DOCUMENT.to_json();
    let text = text.map_err(|error| Failure::Fault(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

#[derive(Template)]
#[template(path = "api.html")]
struct Reference {
    page: Page,
    lines: Vec<Line>,
}

/// One address.
struct Line {
    method: &'static str,
    path: String,
    summary: String,
    parameters: Vec<(String, String, bool)>,
    rights: String,
}

/// `/api`: every address, for people.
pub async fn reference(page: Page) -> Answer {
    let mut lines = Vec::new();
    for (path, item) in DOCUMENT.paths.paths.clone() {
        for (method, operation) in [
            ("GET", item.get),
            ("POST", item.post),
            ("PATCH", item.patch),
            ("OPTIONS", item.options),
            ("DELETE", item.delete),
        ] {
            let Some(operation) = operation else { continue };
            let rights = operation.security.unwrap_or_default();
            let rights = serde_json::to_value(&rights).unwrap_or_default();
            // Any of them opens the address, with all the rights that it names.
            let doors = rights.as_array().into_iter().flatten();
            let door = |door: &serde_json::Value| {
                let all = door["oauth"].as_array().into_iter().flatten();
                all.filter_map(|one| one.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let rights: Vec<String> = doors.map(door).collect();
            let parameters = operation.parameters.unwrap_or_default().into_iter();
            lines.push(Line {
                method,
                path: path.clone(),
                summary: [operation.summary, operation.description]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" "),
                parameters: parameters
                    .filter_map(|one| match one {
                        RefOr::T(one) => Some((
                            one.name,
                            one.description.unwrap_or_default(),
                            matches!(one.required, Required::True),
                        )),
                        RefOr::Ref(_) => None,
                    })
                    .collect(),
                rights: rights.join(" / "),
            });
        }
    }
    page::show(&Reference { page, lines })
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Explained {
    page: Page,
    slug: &'static str,
    status: u16,
    title: &'static str,
    more: &'static str,
}

/// `/api/problems/{slug}`: what a problem means.
pub async fn problem(State(_): State<App>, page: Page, Path(slug): Path<String>) -> Answer {
    let known = Problem::KINDS.into_iter().find(|one| one.slug() == slug);
    let problem = known.ok_or(Failure::NotFound)?;
    let (title, more) = problem.told(page.t);
    page::show(&Explained {
        slug: problem.slug(),
        status: problem.status().as_u16(),
        title,
        more,
        page,
    })
}
