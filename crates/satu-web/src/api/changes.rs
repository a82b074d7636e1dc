//! `/api/v1/changes`: what became of whom, in the order of the ledger.
//!
//! A reader's place is the number of the last change it has dealt with. A reader that ends anywhere
//! goes on from there: it gets every change at least once, those of a person in their order.

use std::fmt::Write;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use jiff::Timestamp;
use satu_domain::resolve::GoldenRecord;
use satu_store::changes::{Change, ChangeKind, ChangePage};
use satu_store::clients::Right;
use satu_store::{Scope, Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::app::App;
use crate::caller::Caller;
use crate::feed::{Feed, Seat};
use crate::mask;
use crate::problem::Problem;
use crate::settings::{Settings, SiteAddress};

/// Most changes of a page, and how many there are where nothing is said.
const MOST: i64 = 5_000;
const USUAL: i64 = 1_000;
/// Changes that a stream sends in one piece.
const PIECE: i64 = 200;
/// Longest wait for a change; longer, and the request would meet its bound.
const LONGEST: Duration = Duration::from_secs(25);
/// How often a stream without changes says that it is still there.
const BEAT: Duration = Duration::from_secs(15);
/// How long a stream lasts: then its reader comes again, and shows its token anew.
const STREAM: Duration = Duration::from_mins(5);

/// What a reader asks for.
#[derive(Deserialize)]
pub struct Asked {
    /// The place: changes after it.
    #[serde(default)]
    after: String,
    limit: Option<i64>,
    /// Seconds to wait for a change where there is none.
    wait: Option<u64>,
    /// Whether golden values come with the changes.
    #[serde(default)]
    values: bool,
}

/// A change on the wire.
#[derive(Serialize)]
struct Told<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    time: Timestamp,
    ledger: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<i64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    nip: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    fields: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    into: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Map<String, Value>>,
}

/// What a change is told by, as CloudEvents 1.0 have it: structured, as JSON.
pub const EVENT: &str = "application/cloudevents+json; charset=utf-8";

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
struct Event<'a> {
    specversion: &'static str,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    time: Timestamp,
    datacontenttype: &'static str,
    data: Told<'a>,
}

/// A change as an event; its data are what the feed says, without values.
pub fn event(settings: &Settings, change: &Change) -> Result<String, serde_json::Error> {
    let base = settings.site.as_ref().map(SiteAddress::base);
    serde_json::to_string(&Event {
        specversion: "1.0",
        id: change.id.to_string(),
        source: format!("{}/api/v1/changes", base.unwrap_or_default()),
        kind: change.kind.name(),
        subject: change.person.map(|person| person.to_string()),
        time: change.at,
        datacontenttype: "application/json",
        data: told(change, None),
    })
}

/// A change as it is told, with values or without.
fn told(change: &Change, values: Option<Map<String, Value>>) -> Told<'_> {
    let of = |kinds: &[ChangeKind]| change.other.filter(|_| kinds.contains(&change.kind));
    Told {
        id: change.id.to_string(),
        kind: change.kind.name(),
        time: change.at,
        ledger: change.seq,
        person: change.person,
        nip: &change.nip,
        fields: &change.fields,
        into: of(&[ChangeKind::Merged, ChangeKind::Split]),
        from: of(&[ChangeKind::Created]),
        doubt: of(&[ChangeKind::DoubtOpened, ChangeKind::DoubtClosed]),
        values,
    }
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
    fn of(caller: &Caller, asked: &Asked) -> Result<Sight, Problem> {
        caller.may(Right::ChangesRead)?;
        if asked.values {
            caller.may(Right::PeopleRead)?;
        }
        let open = asked.values && caller.may(Right::PeopleSensitive).is_ok();
        Ok(Sight {
            scope: caller.scope(),
            values: asked.values,
            open: open.then(|| (caller.login(), caller.client().purpose.clone())),
        })
    }

    /// A page of changes; looks at what is sensitive are put on the record first.
    async fn page(&self, store: &Store, after: i64, count: i64) -> Result<ChangePage, StoreError> {
        let page = store
            .changes(&self.scope, after, count, self.values)
            .await?;
        if let Some((login, purpose)) = &self.open {
            let shown = page.changes.iter().filter(|one| shows_sensitive(one));
            let mut persons: Vec<i64> = shown.filter_map(|one| one.person).collect();
            persons.sort_unstable();
            persons.dedup();
            if !persons.is_empty() {
                store
                    .note_access(&persons, login, purpose, Timestamp::now())
                    .await?;
            }
        }
        Ok(page)
    }

    fn told<'a>(&self, change: &'a Change) -> Told<'a> {
        let values = change.record.as_ref();
        told(change, values.map(|record| self.values(change, record)))
    }

    /// The golden values as they stand now: of a change those that changed, else all. One that
    /// nobody states any more is null.
    fn values(&self, change: &Change, record: &GoldenRecord) -> Map<String, Value> {
        let value = |field: &str, value: &str| {
            let value = if self.open.is_some() {
                value.to_owned()
            } else {
                mask::masked(field, value)
            };
            (field.to_owned(), Value::String(value))
        };
        if matches!(change.kind, ChangeKind::Changed | ChangeKind::Split) {
            let one = |field: &&'static str| {
                record
                    .value(field)
                    .map_or(((*field).to_owned(), Value::Null), |held| {
                        value(field, held)
                    })
            };
            return change.fields.iter().map(one).collect();
        }
        let fields = record.fields.iter();
        fields
            .map(|field| value(&field.name, &field.winner.value))
            .collect()
    }
}

/// Whether the values that come with a change are sensitive.
fn shows_sensitive(change: &Change) -> bool {
    let Some(record) = &change.record else {
        return false;
    };
    match change.kind {
        ChangeKind::Changed | ChangeKind::Split => {
            change.fields.iter().any(|field| mask::is_sensitive(field))
        }
        _ => record
            .fields
            .iter()
            .any(|field| mask::is_sensitive(&field.name)),
    }
}

/// The place that a reader names: the beginning where it names none.
async fn place(store: &Store, text: &str) -> Result<i64, Problem> {
    match text {
        "" => Ok(0),
        "latest" => Ok(store.last_change().await?),
        text => text
            .parse()
            .ok()
            .filter(|place| *place >= 0)
            .ok_or_else(|| Problem::Invalid("after", "no cursor of this feed".to_owned())),
    }
}

/// A page of changes.
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let sight = Sight::of(&caller, &asked)?;
    let store = app.store(&caller);
    let after = place(store, &asked.after).await?;
    let limit = asked.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        let why = format!("from 1 to {MOST}");
        return Err(Problem::Invalid("limit", why));
    }
    let mut page = sight.page(store, after, limit).await?;
    let wait = Duration::from_secs(asked.wait.unwrap_or(0)).min(LONGEST);
    if page.changes.is_empty() && !page.more && !wait.is_zero() {
        let _seat = app
            .feed()
            .seat(caller.client().id)
            .ok_or(Problem::TooMany)?;
        let waited = tokio::time::timeout(wait, async {
            // What is out of reach wakes a reader too, who then waits on.
            while page.changes.is_empty() {
                app.feed().later(store, page.cursor).await;
                page = sight.page(store, page.cursor, limit).await?;
            }
            Ok::<_, Problem>(())
        });
        // An error means that the time is over: then the page is what there is.
        if let Ok(answer) = waited.await {
            answer?;
        }
    }
    let mut body = String::with_capacity(64 + 160 * page.changes.len());
    body.push_str("{\"changes\":[");
    for (at, change) in page.changes.iter().enumerate() {
        if at > 0 {
            body.push_str(",\n");
        }
        body.push_str(&written(&sight, change)?);
    }
    let _ = write!(
        body,
        "],\"cursor\":\"{}\",\"more\":{}}}",
        page.cursor, page.more
    );
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

fn written(sight: &Sight, change: &Change) -> Result<String, Problem> {
    serde_json::to_string(&sight.told(change)).map_err(|error| {
        tracing::error!(%error, "a change cannot be written");
        Problem::Fault
    })
}

/// A stream of changes (Server-Sent Events): each has its number as id, so that a reader that comes
/// again with `Last-Event-ID` goes on where it was.
pub async fn stream(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let sight = Sight::of(&caller, &asked)?;
    let store = app.store(&caller).clone();
    let last = headers.get("last-event-id");
    let last = last.and_then(|value| value.to_str().ok());
    let at = place(&store, last.unwrap_or(&asked.after)).await?;
    let seat = app
        .feed()
        .seat(caller.client().id)
        .ok_or(Problem::TooMany)?;
    let reader = Reader {
        sight,
        store,
        feed: app.feed().clone(),
        at,
        until: tokio::time::Instant::now() + STREAM,
        begun: false,
        _seat: seat,
    };
    let pieces = try_unfold(reader, async |mut reader| {
        let piece = reader.next().await?;
        Ok::<_, std::io::Error>(piece.map(|piece| (piece, reader)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// One who follows.
struct Reader {
    sight: Sight,
    store: Store,
    feed: Feed,
    at: i64,
    until: tokio::time::Instant,
    begun: bool,
    _seat: Seat,
}

impl Reader {
    /// The next piece of the stream; none at its end. Asked for only when the one before was taken,
    /// so that a slow reader holds one piece.
    async fn next(&mut self) -> std::io::Result<Option<String>> {
        if !std::mem::replace(&mut self.begun, true) {
            return Ok(Some("retry: 2000\n\n".to_owned()));
        }
        loop {
            let now = tokio::time::Instant::now();
            if now >= self.until {
                return Ok(None);
            }
            let page = self.sight.page(&self.store, self.at, PIECE).await;
            let page = page.map_err(std::io::Error::other)?;
            self.at = page.cursor;
            if page.changes.is_empty() {
                if page.more {
                    continue;
                }
                let quiet = (now + BEAT).min(self.until);
                let later = self.feed.later(&self.store, self.at);
                if tokio::time::timeout_at(quiet, later).await.is_err() {
                    // The place moves on past what is out of reach.
                    return Ok(Some(format!(": \nid: {}\n\n", self.at)));
                }
                continue;
            }
            let mut piece = String::with_capacity(240 * page.changes.len());
            for change in &page.changes {
                let data = serde_json::to_string(&self.sight.told(change))?;
                let (id, kind) = (change.id, change.kind.name());
                let _ = write!(piece, "id: {id}\nevent: {kind}\ndata: {data}\n\n");
            }
            return Ok(Some(piece));
        }
    }
}
