//! The OpenAPI document, the page made from it, and the page that explains problems.

mod reference;
mod rules;

use std::sync::LazyLock;

use askama::Template;
use axum::extract::{MatchedPath, Path, Query, Request, State};
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::ParameterIn;
use utoipa::{OpenApi, ToSchema};

pub use reference::reference;
use rules::Rules;

use super::{changes, doubts, lists, matching, people, reconcile, submissions, uploads, webhooks};
use crate::app::App;
use crate::page::{self, Answer, Failure, Page};
use crate::problem::Problem;

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

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Satu Data ASN", description = "One trusted record per Indonesian civil servant.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    modifiers(&Rules),
    components(schemas(ProblemTold)),
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
