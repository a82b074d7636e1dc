//! The service that agencies' programs know as SIASN, at its own addresses and in its own forms, over
//! the same register. What the operations are is in `satu-siasn`; here they meet HTTP.

mod asking;
mod body;
mod documents;
mod known;
mod read;
mod sso;
mod write;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use satu_siasn::{Does, Method, NOTHING, operation};
use satu_store::StoreError;
use serde_json::Value;

use crate::app::App;
use crate::caller::Caller;
use asking::Asking;

pub use known::Known;
pub use sso::sign_in;

/// Largest body of one request, in bytes: a document and what is said of it.
pub const MOST: usize = 20 << 20;

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
    let path = uri.path();
    let below = path
        .strip_prefix("/apisiasn/1.0/")
        .or_else(|| path.strip_prefix("/api/1.0/"));
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
    body: Result<Bytes, BytesRejection>,
) -> Answered {
    let asking = Asking::with(&app, caller(program), &headers).await?;
    let (does, _) = named(Method::Post, &uri)?;
    let most = MOST >> 20;
    let told = format!("Isi permintaan melebihi {most} MiB atau terputus");
    let body = body.map_err(|_| Failed::Bad(told))?;
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
