//! What programs send, into the ledger: by the road of every file.

use std::fs::File;
use std::path::{Path, PathBuf};

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use satu_domain::Kind;
use satu_intake::IntakeError;
use satu_registry::intake::{Delivery, TakeInError, Taken, take_in};
use satu_registry::reference::standard;
use satu_store::deliveries::FindingFilter;
use satu_store::entry::{Source, Way};
use satu_store::{RawHasher, Scope, Store, StoreError};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::answers::{DeliveryTold, Finding, SubmissionTold};
use super::kind_named;
use crate::Lang;
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::unreadable;
use crate::work::{self, today};

/// A file that has arrived whole.
pub struct Received {
    /// Who speaks.
    pub source: Source,
    /// Where it stands, and what is said of it.
    pub delivery: Delivery,
    /// SHA-256 of it as its program told, hexadecimal; empty where it did not.
    pub sha256: String,
    /// The day as of which it is judged, and for which it speaks where none is said.
    pub day: Date,
}

/// What is said of a file, or of statements that are kept as one.
pub fn delivery(path: PathBuf, kind: Option<Kind>, stated_on: Option<Date>, way: Way) -> Delivery {
    Delivery {
        path,
        map: map_of(kind),
        sheet: None,
        stated_on,
        way,
    }
}

/// A map that says the kind of the rows and no more.
pub fn map_of(kind: Option<Kind>) -> Option<String> {
    kind.map(|kind| format!("kind = \"{}\"\n", kind.name()))
}

pub fn fault(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a delivery of a program failed");
    Problem::Fault
}

/// The source of a code within reach.
pub async fn source(store: &Store, scope: &Scope, code: &str) -> Result<Source, Problem> {
    let found = store.sources(scope).await?;
    let found = found.into_iter().find(|source| source.code == code);
    let none = || Problem::unfit("source", |t| t.why_no_source(code));
    found.ok_or_else(none)
}

/// The day for which is spoken, where it is said.
pub fn day(text: Option<&str>) -> Result<Option<Date>, Problem> {
    let Some(text) = text else {
        return Ok(None);
    };
    let wrong = |_| Problem::invalid("stated_on", Lang::why_day);
    let day = text.parse().map_err(wrong)?;
    if day > today() {
        return Err(Problem::unfit("stated_on", Lang::why_late));
    }
    Ok(Some(day))
}

/// The kind of statement of a name; none where there is no name.
pub fn kind_of(name: Option<&str>) -> Result<Option<Kind>, Problem> {
    name.map(kind_named).transpose()
}

/// The name of a file, which must be one and no path.
pub fn name_of(file: &str) -> Result<&str, Problem> {
    let fits = !file.is_empty() && file.len() <= 200 && !file.starts_with('.');
    if fits && !file.contains(['/', '\\']) && !file.chars().any(char::is_control) {
        return Ok(file);
    }
    Err(Problem::unfit("file", Lang::why_file_name))
}

/// Takes in what was received, in the background: it goes on where the program does not wait for the
/// answer. `ready` puts the file in its place when its turn has come, and says what keeps it there
/// until it is taken in. Persons are linked soon after.
pub fn take<Keeper>(
    app: &App,
    store: Store,
    ready: impl FnOnce() -> Result<(Received, Keeper), Problem> + Send + 'static,
) -> JoinHandle<Result<Taken, Problem>> {
    let app = app.clone();
    tokio::spawn(async move {
        let turn = app.writing().await;
        let (runtime, ledger) = (Handle::current(), store.clone());
        let work = move || {
            let (received, _keeper) = ready()?;
            runtime.block_on(into_ledger(&ledger, &received))
        };
        let done = tokio::task::spawn_blocking(work).await;
        drop(turn);
        let done = done.map_err(|error| fault(&error))??;
        if matches!(done, Taken::New(..)) {
            work::link_soon(&app, store);
        }
        Ok(done)
    })
}

/// Takes in what was received; the delivery that it became, with its findings.
pub async fn taken(
    app: &App,
    (caller, t): (&Caller, Lang),
    received: Received,
    folder: TempDir,
) -> Result<Response, Problem> {
    let store = app.store(caller);
    let work = take(app, store.clone(), || Ok((received, folder))).await;
    let (id, already) = match work.map_err(|error| fault(&error))?? {
        Taken::Already(id) => (id, true),
        Taken::New(id, _) => (id, false),
    };
    // Whoever sent it sees it, whatever the reach of what is in it.
    let told = told(store, &Scope::whole(), t, (id, already)).await?;
    let told = Json(told.ok_or(Problem::Fault)?);
    let status = if already {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let place = [(header::LOCATION, format!("/api/v1/submissions/{id}"))];
    Ok((status, place, told).into_response())
}

/// A delivery within reach with the first of its findings.
pub async fn told(
    store: &Store,
    scope: &Scope,
    t: Lang,
    (id, already): (i64, bool),
) -> Result<Option<DeliveryTold>, StoreError> {
    let Some(found) = store.submission(scope, id).await? else {
        return Ok(None);
    };
    let kind = found.submission.kind;
    let (filter, most) = (FindingFilter::default(), DeliveryTold::FINDINGS);
    let (total, first) = store.findings(scope, id, &filter, 0, most).await?;
    let finding = |found| Finding::new(t, kind, found);
    let first = first.into_iter().map(finding).collect();
    let submission = SubmissionTold::new(found, already);
    Ok(Some(DeliveryTold::new(submission, first, total)))
}

/// The problem of a file that cannot be read as a table, and stands in a folder.
pub fn unreadable(error: &IntakeError, folder: &Path) -> Problem {
    Problem::unfit("body", |t| {
        let (text, hint) = unreadable::told(t, error, folder);
        format!("{text} {hint}")
    })
}

async fn into_ledger(store: &Store, received: &Received) -> Result<Taken, Problem> {
    let Received {
        source,
        delivery,
        day,
        ..
    } = received;
    let hash = || File::open(&delivery.path).and_then(RawHasher::of);
    if !received.sha256.is_empty() && hash().map_err(|error| fault(&error))? != received.sha256 {
        return Err(Problem::unfit("sha256", Lang::why_other_bytes));
    }
    let standard = standard(store, *day).await.map_err(|error| fault(&error))?;
    let done = take_in(store, source, delivery, &standard).await;
    done.map_err(|error| match error {
        TakeInError::Intake(error) => {
            let folder = delivery.path.parent().unwrap_or(Path::new(""));
            unreadable(&error, folder)
        }
        // The same bytes would bring the check down again.
        TakeInError::Stopped(_) => {
            fault(&error);
            Problem::unfit("body", Lang::why_stopped)
        }
        error => fault(&error),
    })
}
