//! `/api/v1/uploads`: a large file in parts, each from where the one before broke off. The protocol is
//! tus 1.0.0 (tus.io/protocols/resumable-upload, with creation, termination and expiration), which
//! programs in every language speak.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::rfc2822::DateTimePrinter;
use satu_domain::Kind;
use satu_registry::intake::Taken;
use satu_registry::reference::edition;
use satu_store::arrivals::{About, Arrival, Outcome, Room};
use satu_store::clients::{Clients, Listed, Right};
use satu_store::deliveries::Sent;
use satu_store::entry::{Source, Way};
use satu_store::{Store, StoreError};
use serde::Serialize;
use tokio::runtime::Handle;
use utoipa::ToSchema;

use super::received::Parts;
use super::schema;
use super::taking::{self, Received, day, fault, kind_of, map_of, name_of, source};
use crate::Lang;
use crate::app::App;
use crate::arriving::Turn;
use crate::caller::Caller;
use crate::problem::{Problem, Reason};
use crate::token::Token;
use crate::work::{self, today};

/// Largest file, in bytes.
const MOST: u64 = 2 << 30;
/// How often it is seen to that old files go.
const EXPIRY: Duration = Duration::from_hours(1);
/// The version that is spoken.
const TUS: &str = "1.0.0";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const VERSION: HeaderName = HeaderName::from_static("tus-version");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");

/// A file that arrives in parts.
#[derive(Serialize, ToSchema)]
pub struct Upload {
    /// Where its parts go.
    pub location: String,
    /// The code of the source that speaks.
    pub source: String,
    /// The file's name.
    pub file: String,
    /// The day for which it speaks, where its program told; else it speaks for that on which it began.
    #[schema(value_type = Option<schema::Day>)]
    pub stated_on: Option<Date>,
    /// The kind of its rows, where its program told.
    #[schema(value_type = Option<schema::KindName>)]
    pub kind: Option<&'static str>,
    /// SHA-256 of the whole, as its program told; empty where it did not.
    pub sha256: String,
    /// Bytes of the whole.
    pub length: u64,
    /// Bytes that are there.
    pub offset: u64,
    /// `receiving`, `taking-in`, `taken` or `refused`.
    pub state: &'static str,
    /// The delivery that it became.
    pub submission: Option<i64>,
    /// Whether the same had been taken in before it began and still stands, so that nothing was written.
    pub already: bool,
    /// Why it was refused: the part of the request that does not fit.
    pub field: Option<String>,
    /// Why it was refused, in the language asked for.
    pub reason: Option<String>,
}

/// The files of a program.
#[derive(Serialize, ToSchema)]
pub struct Uploads {
    /// Those that are arriving, or whose outcome is kept.
    pub data: Vec<Upload>,
}

impl Upload {
    fn new(t: Lang, one: Arrival) -> Upload {
        let (location, offset) = (place(&one.token), there(&one));
        let whole = one.is_whole();
        let mut told = Upload {
            location,
            source: one.about.source,
            file: one.about.file,
            stated_on: one.about.stated_on,
            kind: one.about.kind.map(Kind::name),
            sha256: one.about.sha256,
            length: one.length,
            offset,
            state: if whole { "taking-in" } else { "receiving" },
            submission: None,
            already: false,
            field: None,
            reason: None,
        };
        match one.outcome {
            None => {}
            Some(Outcome::Taken {
                submission,
                already,
            }) => {
                told.state = "taken";
                (told.submission, told.already) = (Some(submission), already);
            }
            Some(Outcome::Refused { field, reason }) => {
                told.state = "refused";
                let [indonesian, english] = reason;
                let reason = match t {
                    Lang::Id => indonesian,
                    Lang::En => english,
                };
                (told.field, told.reason) = (field, Some(reason));
            }
            Some(Outcome::Unreadable) => {
                told.state = "refused";
                told.field = Some("body".to_owned());
                told.reason = Some(t.why_unreadable().to_owned());
            }
        }
        told
    }
}

/// Bytes of a file that are there, be it from before it began.
fn there(arrival: &Arrival) -> u64 {
    if arrival.is_known() {
        arrival.length
    } else {
        arrival.came
    }
}

fn place(token: &str) -> String {
    format!("/api/v1/uploads/{token}")
}

/// Whether files arrive at a path.
pub fn are_at(path: &str) -> bool {
    path == "/api/v1/uploads" || path.starts_with("/api/v1/uploads/")
}

/// Says on any answer which version of the protocol is spoken; on one that refuses another, which are.
pub fn speak(response: &mut Response) {
    let refused = response.status() == StatusCode::PRECONDITION_FAILED;
    let (headers, spoken) = (response.headers_mut(), HeaderValue::from_static(TUS));
    if refused {
        headers.insert(VERSION, spoken.clone());
    }
    headers.insert(RESUMABLE, spoken);
}

/// An answer that says how much of a file is there, and until when it is kept.
fn spoken(mut response: Response, offset: u64, arrival: &Arrival) -> Response {
    let headers = response.headers_mut();
    headers.insert(OFFSET, HeaderValue::from(offset));
    let until = arrival.until();
    let until = until.and_then(|until| {
        DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&until)
            .ok()
    });
    if let Some(until) = until.and_then(|until| until.parse().ok()) {
        headers.insert(EXPIRES, until);
    }
    response
}

/// A problem where a program speaks another version.
fn version(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(RESUMABLE) {
        Some(version) if version == TUS => Ok(()),
        _ => Err(Problem::TusVersion),
    }
}

fn number(headers: &HeaderMap, name: HeaderName, told: &'static str) -> Result<u64, Problem> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    let value = value.and_then(|value| value.parse().ok());
    value.ok_or_else(|| Problem::invalid(told, Lang::why_whole))
}

/// What is said of a file: pairs of a name and a value in base64, with commas between.
fn metadata(headers: &HeaderMap) -> Result<BTreeMap<String, String>, Problem> {
    let wrong = || Problem::unfit("Upload-Metadata", Lang::why_metadata);
    let text = headers.get(METADATA).ok_or_else(wrong)?;
    let text = text.to_str().map_err(|_| wrong())?;
    let pairs = text.split(',').filter(|pair| !pair.trim().is_empty());
    let pair = |pair: &str| {
        let (name, value) = pair.trim().split_once(' ').unwrap_or((pair.trim(), ""));
        let value = STANDARD.decode(value.trim()).map_err(|_| wrong())?;
        let value = String::from_utf8(value).map_err(|_| wrong())?;
        if value.contains('\0') {
            return Err(wrong());
        }
        Ok((name.to_owned(), value))
    };
    pairs.map(pair).collect()
}

/// The same as it was written.
fn as_told(headers: &HeaderMap) -> String {
    let text = headers.get(METADATA).and_then(|value| value.to_str().ok());
    text.unwrap_or_default().to_owned()
}

/// Which version of the protocol is spoken here, and how large a file may be.
#[utoipa::path(options, path = "/api/v1/uploads", tag = "submissions",
    responses((status = 204, description = "It is told in `Tus-Version`, `Tus-Extension` and `Tus-Max-Size`")))]
pub async fn options() -> Response {
    let headers = [
        ("tus-version", TUS.to_owned()),
        (
            "tus-extension",
            "creation,termination,expiration".to_owned(),
        ),
        ("tus-max-size", MOST.to_string()),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Begins a file that arrives in parts. `Upload-Metadata` says of it what the parameters of
/// `/api/v1/submissions` say: `source`, `file` (or `filename`), `stated_on`, `kind`; and `sha256`, by which
/// a program finds it again and which is checked at the end. Bytes that were taken in before, and
/// would change nothing, need not come again: `Upload-Offset` is then all of them, at once. What came is kept for a day after the last part
/// (`Upload-Expires`), for this program alone, be the register restarted meanwhile. A program has five on the way at most: the one of
/// which nothing came for the longest, an hour at least, gives way to another.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "submissions", security(("oauth" = ["statements.write"])),
    params(("Tus-Resumable" = inline(schema::Version), Header, description = "The version of the protocol"), ("Upload-Length" = u64, Header, description = "Bytes of the whole"),
        ("Upload-Metadata" = String, Header, description = "What is said of the file")),
    responses((status = 201, description = "Where its parts go is in `Location`, how many bytes are there in `Upload-Offset`")))]
pub async fn begin(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.may(Right::StatementsWrite)?;
    version(&headers)?;
    let length = number(&headers, LENGTH, "Upload-Length")?;
    if length > MOST {
        return Err(Problem::TooLarge);
    }
    let told = metadata(&headers)?;
    let of = |name: &str| {
        told.get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    };
    let (store, scope) = (app.store(&caller), caller.scope());
    let source = source(store, &scope, of("source").unwrap_or("")).await?;
    let file = name_of(of("file").or(of("filename")).unwrap_or(""))?;
    let about = About {
        file: file.to_owned(),
        stated_on: day(of("stated_on"))?,
        begun_on: Some(today()),
        kind: kind_of(of("kind"))?,
        sha256: of("sha256").unwrap_or("").to_lowercase(),
        source: source.code,
        metadata: as_told(&headers),
    };
    let mut known = None;
    if !about.sha256.is_empty() {
        let (map, standard) = (map_of(about.kind), edition(store).await?);
        let sent = Sent {
            source: &about.source,
            sha256: &about.sha256,
            map: map.as_deref(),
            sheet: None,
            stated_on: about.stated_on,
            way: Way::File,
            standard: &standard,
        };
        known = store.said_before(&scope, &sent).await?;
    }
    let (clients, owner, now) = (app.clients(), caller.client().id, Timestamp::now());
    let token = Token::new().map_err(|error| fault(&error))?;
    let token = token.as_str();
    let begun = clients.arrival_begun(owner, token, &about, length, now);
    match begun.await? {
        Room::Free => {}
        Room::Own => return Err(Problem::Uploads),
        Room::All => return Err(Problem::TooMany),
    }
    if let Some(submission) = known {
        let already = Outcome::Taken {
            submission,
            already: true,
        };
        clients.arrival_settled(token, &already, now).await?;
    }
    let arrival = clients.arrival(owner, token, now).await?;
    let arrival = arrival.ok_or(Problem::Fault)?;
    let place = [(header::LOCATION, place(token))];
    let response = (StatusCode::CREATED, place).into_response();
    let response = spoken(response, there(&arrival), &arrival);
    if length == 0
        && let Some(turn) = app.arrivals().turn(token)
    {
        whole(&app, store, arrival, turn);
    }
    Ok(response)
}

/// The program's files that are arriving, or whose outcome is kept.
#[utoipa::path(get, path = "/api/v1/uploads", tag = "submissions", security(("oauth" = ["statements.write"])),
    responses((status = 200, body = Uploads, description = "Files")))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Extension(t): Extension<Lang>,
) -> Result<Json<Uploads>, Problem> {
    caller.may(Right::StatementsWrite)?;
    let all = app.clients().arrivals(caller.client().id, Timestamp::now());
    let data = all
        .await?
        .into_iter()
        .map(|one| Upload::new(t, one))
        .collect();
    Ok(Json(Uploads { data }))
}

async fn own(app: &App, caller: &Caller, token: &str) -> Result<Arrival, Problem> {
    caller.may(Right::StatementsWrite)?;
    let (owner, now) = (caller.client().id, Timestamp::now());
    let found = app.clients().arrival(owner, token, now).await?;
    found.ok_or(Problem::NotFound)
}

/// How far a file has come, and what became of it.
#[utoipa::path(get, path = "/api/v1/uploads/{token}", tag = "submissions", security(("oauth" = ["statements.write"])),
    params(("token" = String, Path, description = "From its `Location`")),
    responses((status = 200, body = Upload, description = "The file; how many bytes are there is in `Upload-Offset`, too")))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Extension(t): Extension<Lang>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let arrival = own(&app, &caller, &token).await?;
    let told = Json(Upload::new(t, arrival.clone())).into_response();
    let mut response = spoken(told, there(&arrival), &arrival);
    let headers = response.headers_mut();
    headers.insert(LENGTH, HeaderValue::from(arrival.length));
    if let Ok(metadata) = HeaderValue::try_from(arrival.about.metadata) {
        headers.insert(METADATA, metadata);
    }
    Ok(response)
}

/// The next part of a file, from `Upload-Offset` on. With the last one it is taken in, as a file sent
/// at once would be.
#[utoipa::path(patch, path = "/api/v1/uploads/{token}", tag = "submissions", security(("oauth" = ["statements.write"])),
    params(("token" = String, Path, description = "From its `Location`"), ("Tus-Resumable" = inline(schema::Version), Header, description = "The version of the protocol"),
        ("Upload-Offset" = u64, Header, description = "Bytes that are there")),
    request_body(content = schema::Bytes, content_type = "application/offset+octet-stream", description = "The part"),
    responses((status = 204, description = "How many bytes are there is in `Upload-Offset`")))]
pub async fn part(
    State(app): State<App>,
    caller: Caller,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let known = own(&app, &caller, &token).await?;
    version(&headers)?;
    let kind = headers.get(header::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind != "application/offset+octet-stream") {
        return Err(Problem::MediaType);
    }
    let from = number(&headers, OFFSET, "Upload-Offset")?;
    if known.is_known() {
        return passed(&known, from, body).await;
    }
    // Somebody has it who writes another part, or the same one over a connection that is not known to
    // be dead yet; or it is being taken in.
    let turn = app.arrivals().turn(&token).ok_or(Problem::Conflict)?;
    let mut arrival = own(&app, &caller, &token).await?;
    if from != arrival.came || arrival.outcome.is_some() {
        return Err(Problem::Conflict);
    }
    // What came is kept although the connection goes, and this request with it.
    let work = tokio::spawn(async move {
        let written = written(&app, &mut arrival, body).await;
        let response = spoken(
            StatusCode::NO_CONTENT.into_response(),
            arrival.came,
            &arrival,
        );
        // It may be whole although its last part broke off.
        if arrival.is_whole() {
            whole(&app, app.store(&caller), arrival, turn);
        }
        written.map(|()| response)
    });
    work.await.map_err(|error| fault(&error))?
}

/// Passes over a part of a file of which nothing need come: most programs send it from the beginning, and
/// do not ask first.
async fn passed(arrival: &Arrival, from: u64, body: Body) -> Result<Response, Problem> {
    let left = arrival.length.checked_sub(from).ok_or(Problem::Conflict)?;
    let mut parts = Parts::new(body, usize::try_from(left).unwrap_or(usize::MAX));
    let mut offset = from;
    while let Some(part) = parts.next().await? {
        offset += part.len() as u64;
    }
    Ok(spoken(
        StatusCode::NO_CONTENT.into_response(),
        offset,
        arrival,
    ))
}

/// Writes a part behind what is there; what came before it broke off stays.
async fn written(app: &App, arrival: &mut Arrival, body: Body) -> Result<(), Problem> {
    let left = usize::try_from(arrival.length - arrival.came).unwrap_or(usize::MAX);
    let mut parts = Parts::new(body, left);
    let mut piece = Vec::new();
    let done = loop {
        match parts.next().await {
            Ok(Some(bytes)) => piece.extend_from_slice(&bytes),
            Ok(None) => break Ok(()),
            Err(problem) => break Err(problem),
        }
        while piece.len() >= arrival.room() {
            let after = piece.split_off(arrival.room());
            keep(app, arrival, &piece).await?;
            piece = after;
        }
    };
    if !piece.is_empty() {
        keep(app, arrival, &piece).await?;
    }
    done
}

async fn keep(app: &App, arrival: &mut Arrival, piece: &[u8]) -> Result<(), Problem> {
    let _writing = app.arrivals().writing().await;
    let kept = app.clients().arrived(arrival, piece, Timestamp::now());
    match kept.await {
        Ok(true) => Ok(()),
        // It was given up, or another process of this register added to it.
        Ok(false) => Err(Problem::Conflict),
        Err(error @ StoreError::Sealed { .. }) => {
            fault(&error);
            let (lost, now) = (Outcome::Unreadable, Timestamp::now());
            let settled = app.clients().arrival_settled(&arrival.token, &lost, now);
            settled.await?;
            Err(Problem::Conflict)
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes in what has arrived whole, in the background. It stands open only while it is taken in. After a
/// fault of ours it stays whole, and [`go_on`] tries again.
fn whole(app: &App, store: &Store, arrival: Arrival, turn: Turn) {
    let (clients, token, since) = (app.clients().clone(), arrival.token.clone(), arrival.since);
    let (reading, sources) = (clients.clone(), store.clone());
    let work = taking::take(app, store.clone(), move || {
        let folder = tempfile::tempdir().map_err(|error| fault(&error))?;
        let path = folder.path().join(&arrival.about.file);
        let file = File::create_new(&path).map_err(|error| fault(&error))?;
        let mut file = BufWriter::new(file);
        let runtime = Handle::current();
        let unfit = |why: fn(Lang) -> &'static str| Err(Problem::unfit("body", why));
        match runtime.block_on(reading.read_arrival(&arrival, &mut file)) {
            Ok(true) => {}
            Ok(false) => return unfit(Lang::why_part_gone),
            Err(error @ StoreError::Sealed { .. }) => {
                fault(&error);
                return unfit(Lang::why_unreadable);
            }
            Err(error) => return Err(error.into()),
        }
        file.flush().map_err(|error| fault(&error))?;
        let source = runtime.block_on(speaks(&sources, &reading, &arrival))?;
        let about = arrival.about;
        let received = Received {
            source,
            delivery: taking::delivery(path, about.kind, about.stated_on, Way::File),
            sha256: about.sha256,
            day: about.begun_on.unwrap_or_else(today),
        };
        Ok((received, folder))
    });
    let (app, store) = (app.clone(), store.clone());
    tokio::spawn(async move {
        let _turn = turn;
        let outcome = match work.await {
            Ok(Ok(Taken::New(submission, _))) => Outcome::Taken {
                submission,
                already: false,
            },
            Ok(Ok(Taken::Already(submission))) => {
                let already = submission <= since;
                if !already {
                    // Most likely by this road, and the site was killed before it could link.
                    work::link_soon(&app, store);
                }
                Outcome::Taken {
                    submission,
                    already,
                }
            }
            // It is in the log; or the site stops.
            Ok(Err(Problem::Fault)) | Err(_) => return,
            Ok(Err(problem)) => refused(problem),
        };
        // The bytes are kept with the ledger; who sent them may still ask what became of them.
        let settled = clients.arrival_settled(&token, &outcome, Timestamp::now());
        if let Err(error) = settled.await {
            fault(&error);
        }
    });
}

/// The source for which a file speaks, as it is now: it may have changed while the file arrived, or be
/// out of the program's reach, or the program be closed.
async fn speaks(store: &Store, clients: &Clients, arrival: &Arrival) -> Result<Source, Problem> {
    let program = clients.one(arrival.client).await?;
    let may =
        |one: &Listed| !one.secrets.is_empty() && one.client.rights.has(Right::StatementsWrite);
    let lost = || Problem::unfit("source", Lang::why_may_not_send);
    let program = program.filter(may).ok_or_else(lost)?;
    source(store, &program.client.role.scope(), &arrival.about.source).await
}

fn refused(problem: Problem) -> Outcome {
    let (field, reason) = match problem {
        Problem::Invalid(field, why) | Problem::Unfit(field, why) => (Some(field.into()), why),
        problem => (None, Reason::of(|t| problem.told(t).0)),
    };
    let reason = reason.texts();
    Outcome::Refused { field, reason }
}

/// Sees to the files that arrive: takes in what is whole and nobody takes in, be it of before the site was
/// started, of another process that died, or after a fault; refuses what no longer opens; and forgets every
/// hour what no part came of for too long.
pub async fn go_on(app: App, store: Store) {
    let mut expiry = Instant::now();
    loop {
        if let Err(error) = due(&app, &store).await {
            tracing::error!(%error, "files that have arrived cannot be read");
        }
        if expiry <= Instant::now() {
            expiry += EXPIRY;
            if let Err(error) = app.clients().arrivals_expired(Timestamp::now()).await {
                tracing::error!(%error, "files that were given up cannot be forgotten");
            }
        }
        tokio::time::sleep(app.settings().patience.again).await;
    }
}

async fn due(app: &App, store: &Store) -> Result<(), StoreError> {
    let (clients, now) = (app.clients(), Timestamp::now());
    for found in clients.arrivals_due(now).await? {
        let Some(turn) = app.arrivals().turn(&found.token) else {
            continue;
        };
        if let Some(lost) = found.outcome {
            let client = found.client;
            tracing::error!(
                client,
                "a file of a program no longer opens, and is refused"
            );
            clients.arrival_settled(&found.token, &lost, now).await?;
            continue;
        }
        // Whoever had the turn before may have taken it in.
        let present = clients.arrival(found.client, &found.token, now).await?;
        if let Some(arrival) = present.filter(|one| one.outcome.is_none()) {
            whole(app, store, arrival, turn);
        }
    }
    Ok(())
}

/// Gives a file up; what is in the ledger stays there.
#[utoipa::path(delete, path = "/api/v1/uploads/{token}", tag = "submissions", security(("oauth" = ["statements.write"])),
    params(("token" = String, Path, description = "From its `Location`"), ("Tus-Resumable" = inline(schema::Version), Header, description = "The version of the protocol")),
    responses((status = 204, description = "Given up")))]
pub async fn forget(
    State(app): State<App>,
    caller: Caller,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    own(&app, &caller, &token).await?;
    version(&headers)?;
    let owner = caller.client().id;
    app.clients().arrival_forgotten(owner, &token).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::metadata;

    #[test]
    fn what_is_said_of_a_file_is_read() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("upload-metadata", text.parse().unwrap());
            metadata(&headers)
        };
        // printf 'pusat' | base64
        let told = of("source cHVzYXQ=, kosong ,lain").unwrap();
        assert_eq!(
            (told["source"].as_str(), told["lain"].as_str()),
            ("pusat", "")
        );
        assert_eq!(told.len(), 3);
        assert!(
            of("source !!").is_err() && of("source /w==").is_err() && of("source AA==").is_err()
        );
        assert!(metadata(&HeaderMap::new()).is_err());
    }
}
