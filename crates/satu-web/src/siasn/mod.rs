//! The service that agencies' programs know as SIASN, at its own addresses and in its own forms, over
//! the same register. What the operations are is in `satu-siasn`; here they meet HTTP.

mod asking;
mod body;
mod documents;
mod gathered;
mod known;
mod read;
mod sso;
mod write;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use satu_siasn::{Does, Method, NOTHING, operation};
use satu_store::StoreError;
use serde_json::Value;
use tokio::time::timeout;

use crate::app::App;
use crate::caller::Caller;
use asking::Asking;

pub use known::Known;
pub use sso::sign_in;

/// Largest body of one request, in bytes: a document and what is said of it.
const MOST: usize = 20 << 20;

/// An answer: what was asked for, or why not.
type Answer = Result<Response, Failed>;

/// What a handler gives back.
type Answered = axum::response::Result<Response>;

/// Why a program is not answered, in the service's own forms.
#[derive(Debug)]
enum Failed {
    /// The gateway token is none.
    Gateway,
    /// The personal token is none.
    Personal,
    /// The two tokens belong to different parties.
    Mismatch,
    /// The program may not do this.
    Forbidden,
    /// There is nothing, or not within reach; in which words.
    Nothing(&'static str),
    /// The request does not fit: why.
    Bad(String),
    /// What it is about was changed meanwhile, again and again.
    Overtaken,
    /// There is no such operation, or not by this method.
    Unknown(StatusCode),
    /// The site itself does not answer: with which status, and why.
    Site(StatusCode, &'static str),
    /// Our fault.
    Fault,
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Failed {
        if matches!(error, StoreError::Overtaken) {
            return Failed::Overtaken;
        }
        tracing::error!(%error, "a program was not answered");
        Failed::Fault
    }
}

impl Failed {
    /// The status and the body of the answer.
    fn told(self) -> (StatusCode, Value) {
        let gateway = |code: &str, message: &str, description: &str| serde_json::json!({ "code": code, "message": message, "description": description });
        let told = |why: &str| satu_siasn::refused(why);
        match self {
            Failed::Gateway => (
                StatusCode::UNAUTHORIZED,
                gateway(
                    "900901",
                    "Invalid Credentials",
                    "Invalid Credentials. Make sure you have provided the correct security credentials",
                ),
            ),
            Failed::Personal => (StatusCode::UNAUTHORIZED, told("invalid or expired jwt")),
            Failed::Mismatch => (StatusCode::UNAUTHORIZED, told("Token SSO mismatch")),
            Failed::Forbidden => (
                StatusCode::FORBIDDEN,
                told("Program tidak berhak atas operasi ini"),
            ),
            Failed::Nothing(words) => (StatusCode::NOT_FOUND, told(words)),
            Failed::Bad(why) => (StatusCode::BAD_REQUEST, told(&why)),
            Failed::Overtaken => (
                StatusCode::CONFLICT,
                told("Data ini diubah pihak lain ketika disimpan: baca lagi, lalu kirim ulang"),
            ),
            Failed::Unknown(status) => (
                status,
                gateway(
                    "404",
                    "Not Found",
                    "The requested resource is not available.",
                ),
            ),
            Failed::Site(status, why) => (status, told(why)),
            Failed::Fault => (
                StatusCode::INTERNAL_SERVER_ERROR,
                told("Terjadi kesalahan pada server"),
            ),
        }
    }

    /// The answer to one who looks at two fields in capitals too, as after a success.
    fn in_capitals(self) -> Response {
        let (status, mut body) = self.told();
        body["Error"] = "true".into();
        body["Message"] = body["message"].clone();
        (status, Json(body)).into_response()
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let (status, body) = self.told();
        (status, Json(body)).into_response()
    }
}

fn good(body: Value) -> Response {
    Json(body).into_response()
}

/// Where the operations are.
const OPERATIONS: [&str; 2] = ["/apisiasn/1.0/", "/api/1.0/"];

/// Where the code lists are.
const LISTS: [&str; 1] = ["/referensi_siasn/1/"];

/// Where programs get their tokens.
const TOKENS: [&str; 2] = [
    "/oauth2/token",
    "/auth/realms/public-siasn/protocol/openid-connect/token",
];

/// What is said of a request that the site cannot read.
const UNREAD: &str = "Permintaan tidak dapat dibaca";

/// Whether a path is one of this service's.
pub fn serves(path: &str) -> bool {
    let mut bases = OPERATIONS.iter().chain(&LISTS);
    bases.any(|base| path.starts_with(base))
}

/// Whether programs of this service call a path, at whatever port they know. They bring a token and no
/// cookie, and are given no link.
pub fn called(path: &str) -> bool {
    serves(path) || TOKENS.contains(&path)
}

/// Gives a failure of the site itself the form that programs of this service know.
pub fn dressed(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let told = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if told || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let failed = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Failed::Unknown(status),
        StatusCode::REQUEST_TIMEOUT => Failed::Site(status, "Jawaban terlalu lama; coba lagi"),
        StatusCode::TOO_MANY_REQUESTS => {
            Failed::Site(status, "Terlalu banyak permintaan; tunggu, lalu coba lagi")
        }
        StatusCode::UNPROCESSABLE_ENTITY => Failed::Bad(UNREAD.to_owned()),
        status if status.is_client_error() => Failed::Site(status, UNREAD),
        _ => Failed::Fault,
    };
    let mut answer = failed.into_response();
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// A parameter of the query; none where it is empty.
fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(one, _)| one.eq_ignore_ascii_case(name));
    found
        .map(|(_, value)| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}

/// Which part of a list is wanted: how many to pass over, and how many to give. A limit of nothing
/// stands for everything from the start: some programs send their two settings the wrong way round.
fn part(uri: &Uri) -> (usize, Option<usize>) {
    let number = |name| asked(uri, name).and_then(|text| text.parse::<usize>().ok());
    match number("limit") {
        Some(0) => (0, None),
        limit => (number("offset").unwrap_or(0), limit),
    }
}

fn within(uri: &Uri, rows: Vec<Value>) -> Vec<Value> {
    let (offset, limit) = part(uri);
    let rows = rows.into_iter().skip(offset);
    rows.take(limit.unwrap_or(usize::MAX)).collect()
}

/// The operation that a path names, with what the path says beside it.
fn named(method: Method, uri: &Uri) -> Result<(Does, Option<String>), Failed> {
    let mut below = OPERATIONS
        .iter()
        .filter_map(|base| uri.path().strip_prefix(base));
    let below = below.next();
    match operation(method, below.unwrap_or_default()) {
        Ok((operation, part)) => Ok((operation.does, part)),
        Err(true) => Err(Failed::Unknown(StatusCode::METHOD_NOT_ALLOWED)),
        Err(false) => Err(Failed::Unknown(StatusCode::NOT_FOUND)),
    }
}

/// The program that asks, where its token is good.
type Program = Option<Extension<Caller>>;

fn caller(program: Program) -> Option<Caller> {
    program.map(|Extension(caller)| caller)
}

pub async fn get(
    State(app): State<App>,
    program: Program,
    headers: HeaderMap,
    uri: Uri,
) -> Answered {
    let named = named(Method::Get, &uri);
    let capitals = matches!(&named, Ok((Does::Sync, _)));
    let answer = async {
        let asking = Asking::with(&app, caller(program), &headers).await?;
        let (does, part) = named?;
        read::answered(&app, &asking, does, part.as_deref(), &uri).await
    };
    match answer.await {
        Err(failed) if capitals => Ok(failed.in_capitals()),
        answer => Ok(answer?),
    }
}

pub async fn post(
    State(app): State<App>,
    program: Program,
    headers: HeaderMap,
    uri: Uri,
    body: Body,
) -> Answered {
    let asking = Asking::with(&app, caller(program), &headers).await;
    let body = to_bytes(body, MOST);
    // Programs look at no answer before they have sent all; but of whoever is not let in, it is not waited
    // for as long as a slow line takes.
    let body = if asking.is_ok() {
        body.await.ok()
    } else {
        let answer = app.settings().patience.answer;
        timeout(answer, body).await.ok().and_then(Result::ok)
    };
    let asking = asking?;
    let (does, _) = named(Method::Post, &uri)?;
    let most = MOST >> 20;
    let told = format!("Isi permintaan melebihi {most} MiB atau terputus");
    let body = body.ok_or(Failed::Bad(told))?;
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    Ok(write::answered(&app, &asking, does, kind, &body, &uri).await?)
}

pub async fn delete(
    State(app): State<App>,
    program: Program,
    headers: HeaderMap,
    uri: Uri,
) -> Answered {
    let asking = Asking::with(&app, caller(program), &headers).await?;
    let (does, part) = named(Method::Delete, &uri)?;
    let Does::Delete(histories) = does else {
        return Err(Failed::Unknown(StatusCode::METHOD_NOT_ALLOWED).into());
    };
    Ok(write::deleted(
        &app,
        &asking,
        histories,
        part.as_deref().unwrap_or_default(),
    )
    .await?)
}

/// A code list. Programs bring the gateway token to it, some the personal one too, which counts for
/// nothing here.
pub async fn list(
    State(app): State<App>,
    program: Program,
    Path(name): Path<String>,
    uri: Uri,
) -> Answered {
    let caller = caller(program).ok_or(Failed::Gateway)?;
    let known = app.siasn().codes(app.store(&caller)).await?;
    let (offset, limit) = part(&uri);
    let found = satu_siasn::code_list(&name, &known.codes, &known.agencies, offset, limit);
    Ok(found.map(good).ok_or(Failed::Nothing(NOTHING))?)
}
