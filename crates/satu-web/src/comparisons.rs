//! Files that are held against the golden records: what was found is kept for an hour, for whoever
//! sent the file alone, and not beyond a restart.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use satu_intake::{IntakeError, MapFile, Options};
use satu_registry::reconcile::{
    Extract, Line, ReconcileError, ReconcileReport, Reconciled, Status, reconcile,
};
use satu_registry::report::ReportError;
use satu_store::{Scope, Store};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::app::App;
use crate::export::Ending;
use crate::mask;
use crate::token::Token;

/// How long a result is kept.
const KEPT: Duration = Duration::from_hours(1);
/// Results of one account, and of all.
const MOST: [usize; 2] = [3, 40];
/// Lines shown on a page.
pub const SHOWN: usize = 100;

/// How far a comparison has come.
#[derive(Clone)]
pub enum State {
    /// It is under way.
    Working,
    /// It is done: the counts, and the first lines that are not the same.
    Done(Arc<(Reconciled, Vec<Line>)>),
    /// The file is no table of persons.
    Unreadable(Arc<IntakeError>),
    /// Nobody speaks for the agency.
    NoAgency,
    /// Something failed on our side.
    Failed,
}

/// One file held against an agency's golden records.
pub struct Comparison {
    /// The account that sent it.
    pub owner: i64,
    /// Whose extract it is.
    pub agency: String,
    /// Who looks, and for which purpose, where what is sensitive is compared too.
    pub look: Option<(String, String)>,
    /// The text of its map file.
    pub map: Option<String>,
    /// Where it stands, under its own name.
    pub path: PathBuf,
    /// The private folder, which goes with it.
    pub folder: TempDir,
    /// Lines that are done.
    pub lines: AtomicU64,
    since: Instant,
    state: Mutex<State>,
}

impl Comparison {
    pub fn new(
        owner: i64,
        agency: String,
        look: Option<(String, String)>,
        map: Option<String>,
        (path, folder): (PathBuf, TempDir),
    ) -> Comparison {
        Comparison {
            owner,
            agency,
            look,
            map,
            path,
            folder,
            lines: AtomicU64::new(0),
            since: Instant::now(),
            state: Mutex::new(State::Working),
        }
    }

    /// The file's name.
    pub fn file(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    pub fn state(&self) -> State {
        self.state
            .lock()
            .map_or(State::Failed, |state| state.clone())
    }

    fn set(&self, new: State) {
        if let Ok(mut state) = self.state.lock() {
            *state = new;
        }
    }

    /// Where the whole result stands.
    pub fn report(&self, ending: Ending) -> PathBuf {
        self.folder.path().join(format!(".hasil.{}", ending.name()))
    }
}

/// All comparisons that are kept.
#[derive(Clone, Default)]
pub struct Comparisons(Arc<Mutex<HashMap<String, Arc<Comparison>>>>);

impl Comparisons {
    /// Keeps one; what it is asked for by. An account's oldest gives way; none where there is no
    /// room.
    pub fn keep(&self, one: Arc<Comparison>) -> std::io::Result<Option<String>> {
        let token = Token::new()?.as_str().to_owned();
        let Ok(mut held) = self.0.lock() else {
            return Ok(None);
        };
        held.retain(|_, one| one.since.elapsed() < KEPT);
        let own = |held: &HashMap<String, Arc<Comparison>>| {
            let own = held.iter().filter(|(_, held)| held.owner == one.owner);
            let mut own: Vec<_> = own
                .map(|(token, held)| (held.since, token.clone(), held.clone()))
                .collect();
            own.sort_by_key(|(since, ..)| *since);
            own
        };
        let mine = own(&held);
        if mine.len() >= MOST[0] {
            let idle = mine
                .iter()
                .find(|(.., held)| !matches!(held.state(), State::Working));
            let Some((_, oldest, _)) = idle else {
                return Ok(None);
            };
            held.remove(oldest);
        }
        if held.len() >= MOST[1] {
            return Ok(None);
        }
        held.insert(token.clone(), one);
        drop(held);
        let (all, forgotten) = (self.clone(), token.clone());
        tokio::spawn(async move {
            tokio::time::sleep(KEPT).await;
            if let Ok(mut held) = all.0.lock() {
                held.remove(&forgotten);
            }
        });
        Ok(Some(token))
    }

    /// The one that an account sent.
    pub fn of(&self, token: &str, owner: i64) -> Option<Arc<Comparison>> {
        let held = self.0.lock().ok()?;
        held.get(token).filter(|one| one.owner == owner).cloned()
    }
}

/// Holds a file against the golden records, in the background.
pub fn compare(app: &App, store: Store, scope: Scope, one: Arc<Comparison>) {
    let app = app.clone();
    tokio::spawn(async move {
        let _turn = app.turn().await;
        // The reading keeps a processor busy: on a thread of its own it holds up no page.
        let (runtime, file) = (Handle::current(), one.clone());
        let work =
            tokio::task::spawn_blocking(move || runtime.block_on(compared(&store, &scope, &file)));
        let failed = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "a comparison failed");
            State::Failed
        };
        one.set(match work.await {
            Ok(Ok(done)) => State::Done(Arc::new(done)),
            Ok(Err(ReconcileError::Intake(error))) => State::Unreadable(Arc::new(error)),
            Ok(Err(ReconcileError::NoAgency(_))) => State::NoAgency,
            Ok(Err(error)) => failed(&error),
            Err(error) => failed(&error),
        });
        let _ = std::fs::remove_file(&one.path);
    });
}

async fn compared(
    store: &Store,
    scope: &Scope,
    one: &Comparison,
) -> Result<(Reconciled, Vec<Line>), ReconcileError<ReportError>> {
    let map = one.map.as_deref().map(MapFile::parse).transpose();
    let create = |ending| ReconcileReport::create(&one.report(ending));
    let mut reports = [Ending::Csv, Ending::Xlsx]
        .map(create)
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .map_err(ReconcileError::Sink)?;
    let (mut first, mut opened) = (Vec::new(), Vec::new());
    let extract = Extract {
        path: &one.path,
        options: Options {
            map: map.map_err(IntakeError::Map)?,
            ..Options::default()
        },
        agency: &one.agency,
        may: mask::compared(one.look.is_some()),
    };
    let sink = |line: &Line| {
        one.lines.fetch_add(1, Ordering::Relaxed);
        if line.status != Status::Same && first.len() < SHOWN {
            first.push(line.clone());
        }
        if line.opened {
            opened.extend(&line.persons);
        }
        reports.iter_mut().try_for_each(|report| report.line(line))
    };
    let done = reconcile(store, scope, extract, sink).await?;
    if let Some((by, purpose)) = &one.look {
        store
            .note_access(&opened, by, purpose, Timestamp::now())
            .await?;
    }
    for report in reports {
        report.finish(&done).map_err(ReconcileError::Sink)?;
    }
    Ok((done, first))
}
