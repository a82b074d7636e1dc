//! `/api/v1/changes`: what became of whom, in the order of the ledger.
//!
//! A reader's place is the number of the last change it has dealt with, with that change's mark. A reader
//! that ends anywhere goes on from there: it gets every change at least once, those of a person in their
//! order. After a restore a place that is not there any more is answered 410.

mod told;

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use jiff::Timestamp;
use satu_store::changes::{Change, Cursor};
use satu_store::clients::Right;
use satu_store::{Scope, Store, StoreError};
use serde::Deserialize;
use utoipa::IntoParams;

use told::Values;
pub use told::{EVENT, Listed, Told, event, told};

use super::{Query, limit, number, schema};
use crate::Lang;
use crate::app::App;
use crate::caller::Caller;
use crate::feed::Seat;
use crate::problem::Problem;

/// Most changes of a page, and how many there are where nothing is said.
const MOST: i64 = 5_000;
const USUAL: i64 = 1_000;
/// Changes that a stream sends in one piece.
const PIECE: i64 = 200;
/// Changes that are read at a time.
const PART: i64 = 500;
/// Longest wait for a change; longer, and the request would meet its bound.
const LONGEST: Duration = Duration::from_secs(25);
/// How often a stream without changes says that it is still there.
const BEAT: Duration = Duration::from_secs(15);
/// How long a stream lasts: then its reader comes again. It ends before where its token is good no more.
const STREAM: Duration = Duration::from_mins(5);

/// What a reader asks for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The reader's place: the `cursor` of the page before, or the `id` of the last change dealt
    /// with. Without it from the beginning; `latest` is the end.
    #[serde(default)]
    #[param(value_type = Option<schema::Place>, inline, required = false)]
    after: String,
    /// Changes of a page: 1 to 5000; unsaid, 1000.
    #[param(value_type = Option<schema::UpTo5000>, inline)]
    limit: Option<String>,
    /// Seconds to wait for a change where there is none: up to 25.
    #[param(value_type = Option<schema::Wait>, inline)]
    wait: Option<String>,
    /// `true`: golden values as they stand now come with the changes; needs the right `people.read`.
    #[param(value_type = Option<schema::Flag>, inline)]
    values: Option<String>,
}

/// What a reader of a stream asks for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Following {
    /// The reader's place: the `id` of the last change dealt with. Without it from the beginning; `latest` is
    /// the end.
    #[serde(default)]
    #[param(value_type = Option<schema::Place>, inline, required = false)]
    after: String,
    /// `true`: golden values as they stand now come with the changes; needs the right `people.read`.
    #[param(value_type = Option<schema::Flag>, inline)]
    values: Option<String>,
    /// Seconds after which it ends; at most, and unsaid, 300.
    #[param(value_type = Option<schema::Lasts>, inline)]
    lasts: Option<String>,
}

/// How much of a person a reader sees.
#[derive(Clone)]
pub struct Sight {
    scope: Scope,
    values: bool,
    /// By whom and for what what is sensitive is seen, where it is.
    open: Option<(String, String)>,
}

impl Sight {
    fn of(caller: &Caller, values: Option<&str>) -> Result<Sight, Problem> {
        caller.may(Right::ChangesRead)?;
        let values = match values {
            None | Some("" | "false") => false,
            Some("true") => true,
            Some(_) => return Err(Problem::invalid("values", |t| t.why_one_of("true, false"))),
        };
        if values {
            caller.may(Right::PeopleRead)?;
        }
        let open = values && caller.may(Right::PeopleSensitive).is_ok();
        Ok(Sight {
            scope: caller.scope(),
            values,
            open: open.then(|| (caller.login(), caller.client().purpose.clone())),
        })
    }

    /// A page of changes; looks at what is sensitive are put on the record first. It is read in parts,
    /// and each is written by another thread while the next is read.
    async fn page(
        &self,
        store: &Store,
        after: Cursor,
        count: i64,
        write: Write,
    ) -> Result<Page, Problem> {
        let open = self.open.is_some();
        let (mut left, mut cursor) = (count, after);
        let mut written = Vec::new();
        let more = loop {
            let part = left.min(PART);
            let page = store
                .changes(&self.scope, cursor, part, self.values)
                .await?;
            cursor = page.cursor;
            let found = page.changes.len() as i64;
            left -= found;
            if found > 0 {
                let write = move || Part::written(&page.changes, open, write);
                written.push(tokio::task::spawn_blocking(write));
            }
            if found < part || left == 0 {
                break page.more;
            }
        };
        let (mut texts, mut seen) = (Vec::with_capacity(written.len()), Vec::new());
        for part in written {
            let part = part.await.map_err(|error| fault(&error))??;
            texts.push(part.text);
            seen.extend(part.seen);
        }
        if let Some((login, purpose)) = &self.open
            && !seen.is_empty()
        {
            seen.sort_unstable();
            seen.dedup();
            store
                .note_access(&seen, login, purpose, Timestamp::now())
                .await?;
        }
        Ok(Page {
            text: texts.concat(),
            cursor,
            more,
        })
    }
}

fn fault(error: &tokio::task::JoinError) -> Problem {
    tracing::error!(%error, "changes could not be written");
    Problem::Fault
}

/// How a change is written.
type Write = fn(&Told<'_>, &mut Vec<u8>) -> Result<(), serde_json::Error>;

/// Changes as they are written.
struct Page {
    text: Vec<u8>,
    cursor: Cursor,
    more: bool,
}

/// Some of them, and of whom something sensitive is seen there.
struct Part {
    text: Vec<u8>,
    seen: Vec<i64>,
}

impl Part {
    fn written(changes: &[Change], open: bool, write: Write) -> Result<Part, StoreError> {
        let (mut text, mut seen) = (Vec::new(), Vec::new());
        for change in changes {
            let values = Values::of(change, open)?;
            let sensitive = values.as_ref().is_some_and(Values::show_sensitive);
            seen.extend(change.person.filter(|_| sensitive));
            write(&told(change, values), &mut text).map_err(StoreError::Encode)?;
        }
        Ok(Part { text, seen })
    }
}

/// In a list of JSON, each behind a comma.
fn listed(change: &Told<'_>, text: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    text.push(b',');
    serde_json::to_writer(text, change)
}

/// In a stream of server-sent events.
fn streamed(change: &Told<'_>, text: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    text.extend(format!("id: {}\nevent: {}\ndata: ", change.id, change.kind).as_bytes());
    serde_json::to_writer(&mut *text, change)?;
    text.extend(b"\n\n");
    Ok(())
}

/// The place that a reader names: the beginning where it names none.
async fn place(store: &Store, text: &str) -> Result<Cursor, Problem> {
    match text {
        "" => Ok(Cursor::BEGINNING),
        "latest" => Ok(store.newest_change().await?),
        text => {
            let read = text.parse::<Cursor>();
            read.map_err(|_| Problem::invalid("after", Lang::why_place))
        }
    }
}

/// A page of changes: what became of whom, in the order of the ledger.
#[utoipa::path(get, path = "/api/v1/changes", tag = "changes", params(Asked), security(("oauth" = ["changes.read"])),
    responses((status = 200, body = Listed, description = "Changes after the place")))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let sight = Sight::of(&caller, asked.values.as_deref())?;
    let store = app.store(&caller);
    let after = place(store, &asked.after).await?;
    let limit = match number("limit", asked.limit.as_deref())? {
        None => USUAL,
        Some(_) => limit(asked.limit.as_deref(), MOST)?,
    };
    let mut page = sight.page(store, after, limit, listed).await?;
    let wait = seconds("wait", asked.wait.as_deref(), LONGEST)?.unwrap_or_default();
    if page.text.is_empty() && !page.more && !wait.is_zero() {
        let _seat = app
            .feed()
            .seat(caller.client().id)
            .ok_or(Problem::TooMany)?;
        let waited = tokio::time::timeout(wait, async {
            // What is out of reach wakes a reader too, who then waits on.
            while page.text.is_empty() {
                app.feed().later(store, page.cursor.id).await;
                if !caller.stands(&app).await? {
                    return Err(Problem::Unauthorized);
                }
                page = sight.page(store, page.cursor, limit, listed).await?;
            }
            Ok::<_, Problem>(())
        });
        // An error means that the time is over: then the page is what there is.
        if let Ok(answer) = waited.await {
            answer?;
        }
    }
    let around = serde_json::to_string(&Listed {
        changes: Vec::new(),
        cursor: page.cursor.to_string(),
        more: page.more,
    })
    .map_err(StoreError::Encode)?;
    let (before, after) = around.split_once(']').unwrap_or_default();
    let changes = page.text.get(1..).unwrap_or_default();
    let body = [before.as_bytes(), changes, b"]", after.as_bytes()].concat();
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// A time of a query, of at most so long.
fn seconds(
    field: &'static str,
    text: Option<&str>,
    most: Duration,
) -> Result<Option<Duration>, Problem> {
    let Some(count) = number(field, text)? else {
        return Ok(None);
    };
    let time = u64::try_from(count).map(Duration::from_secs);
    let wrong = || Problem::invalid(field, |t| t.why_range(0, most.as_secs()));
    let time = time.ok().filter(|time| *time <= most).ok_or_else(wrong)?;
    Ok(Some(time))
}

/// A stream of changes (Server-Sent Events): each has its number and mark as id, so that a reader that comes
/// again with `Last-Event-ID` goes on where it was.
#[utoipa::path(get, path = "/api/v1/changes/stream", tag = "changes", params(Following), security(("oauth" = ["changes.read"])),
    responses((status = 200, body = String, content_type = "text/event-stream", description = "Changes as they happen")))]
pub async fn stream(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Following>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let sight = Sight::of(&caller, asked.values.as_deref())?;
    let store = app.store(&caller).clone();
    let last = headers.get("last-event-id");
    let last = last.and_then(|value| value.to_str().ok());
    let at = place(&store, last.unwrap_or(&asked.after)).await?;
    if !store.has_place(at).await? {
        return Err(Problem::OtherFeed);
    }
    let lasts = seconds("lasts", asked.lasts.as_deref(), STREAM)?.unwrap_or(STREAM);
    let seat = app
        .feed()
        .seat(caller.client().id)
        .ok_or(Problem::TooMany)?;
    let reader = Reader {
        app,
        caller,
        sight,
        store,
        at,
        until: tokio::time::Instant::now() + lasts,
        begun: false,
        _seat: seat,
    };
    let pieces = try_unfold(reader, async |mut reader| {
        let piece = reader.next().await?;
        Ok::<_, std::io::Error>(piece.map(|piece| (piece, reader)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx keeps an answer until it has a buffer full, unless it is told so.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// One who follows.
struct Reader {
    app: App,
    caller: Caller,
    sight: Sight,
    store: Store,
    at: Cursor,
    until: tokio::time::Instant,
    begun: bool,
    _seat: Seat,
}

impl Reader {
    /// The next piece of the stream; none at its end. Asked for only when the one before was taken,
    /// so that a slow reader holds one piece.
    async fn next(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        if !std::mem::replace(&mut self.begun, true) {
            return Ok(Some(b"retry: 2000\n\n".to_vec()));
        }
        loop {
            let now = tokio::time::Instant::now();
            if now >= self.until {
                return Ok(None);
            }
            let failed = |_| std::io::Error::other("the changes cannot be read");
            let stands = self.caller.stands(&self.app).await;
            if !stands.map_err(Problem::from).map_err(failed)? {
                return Ok(None);
            }
            let page = self.sight.page(&self.store, self.at, PIECE, streamed);
            let page = page.await.map_err(failed)?;
            self.at = page.cursor;
            if page.text.is_empty() {
                if page.more {
                    continue;
                }
                let quiet = (now + BEAT).min(self.until);
                let later = self.app.feed().later(&self.store, self.at.id);
                if tokio::time::timeout_at(quiet, later).await.is_err() {
                    // The place moves on past what is out of reach.
                    return Ok(Some(format!(": \nid: {}\n\n", self.at).into_bytes()));
                }
                continue;
            }
            return Ok(Some(page.text));
        }
    }
}
