//! Files that were sent and are not recorded yet: checked, looked at, then sent on or discarded.
//! They are kept for an hour, for whoever sent them alone, and not beyond a restart; sealed, once they
//! have been checked, by a key that is in memory alone.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use jiff::civil::Date;
use satu_intake::IntakeError;
use satu_registry::check::{Found, Summary};
use satu_store::Waiting;
use satu_store::entry::Source;
use tempfile::TempDir;

use crate::token::Token;

/// How long a file waits for its sender.
const KEPT: Duration = Duration::from_hours(1);
/// Files of one account.
const MOST_EACH: usize = 5;
/// Files of all accounts.
const MOST: usize = 40;

/// What a check found.
pub struct Checked {
    pub summary: Summary,
    /// The first findings, with their rows.
    pub first: Vec<(u64, Found)>,
    /// Findings by rule, severity and column.
    pub counts: BTreeMap<(&'static str, &'static str, &'static str), i64>,
}

/// How far a file has come.
#[derive(Clone)]
pub enum State {
    /// It is being held against the standard.
    Checking,
    /// It is no table.
    Unreadable(Arc<IntakeError>),
    /// It waits for its sender's word.
    Checked(Arc<Checked>),
    /// It is being written to the ledger.
    Sending(Arc<Checked>),
    /// It is in the ledger; who the persons are is being worked out.
    Linking,
    /// It is done: the ledger number.
    Sent(i64),
    /// It is in the ledger under this number, but could not be linked.
    NotLinked(i64),
    /// The same bytes are in the ledger under this number.
    Already(i64),
    /// Something failed on our side, and nothing was written.
    Failed,
}

impl State {
    /// Whether something is under way.
    pub fn works(&self) -> bool {
        matches!(self, State::Checking | State::Sending(_) | State::Linking)
    }
}

/// One file.
pub struct Upload {
    /// The account that sent it.
    pub owner: i64,
    /// For whom it speaks.
    pub source: Source,
    /// The day for which it speaks.
    pub stated_on: Date,
    /// The text of its map file.
    pub map: Option<String>,
    /// Where it stands, under its own name.
    pub path: PathBuf,
    /// The private folder, which goes with it.
    pub folder: TempDir,
    /// What it is sealed by, once it is.
    sealed: OnceLock<Waiting>,
    /// Rows that the work under way has done.
    pub rows: AtomicU64,
    since: Instant,
    state: Mutex<State>,
}

impl Upload {
    pub fn new(
        owner: i64,
        source: Source,
        stated_on: Date,
        map: Option<String>,
        (path, folder): (PathBuf, TempDir),
    ) -> Upload {
        Upload {
            owner,
            source,
            stated_on,
            map,
            path,
            folder,
            sealed: OnceLock::new(),
            rows: AtomicU64::new(0),
            since: Instant::now(),
            state: Mutex::new(State::Checking),
        }
    }

    /// Seals it until its sender's word comes.
    pub fn seal(&self) -> std::io::Result<()> {
        let _ = self.sealed.set(Waiting::seal(&self.path)?);
        Ok(())
    }

    /// The file as it was sent, in a folder that goes with what is returned.
    pub fn opened(&self) -> std::io::Result<(PathBuf, TempDir)> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join(self.file());
        match self.sealed.get() {
            Some(sealed) => sealed.open_to(&self.path, &path)?,
            None => return Err(std::io::Error::other("the file was never checked")),
        }
        Ok((path, folder))
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

    pub fn set(&self, new: State) {
        if let Ok(mut state) = self.state.lock() {
            *state = new;
        }
    }

    /// Takes the sender's word, once: what waited is now being sent.
    pub fn begin_sending(&self) -> bool {
        let Ok(mut state) = self.state.lock() else {
            return false;
        };
        let State::Checked(checked) = &*state else {
            return false;
        };
        *state = State::Sending(checked.clone());
        true
    }
}

#[derive(Default)]
struct Held {
    kept: HashMap<String, Arc<Upload>>,
    /// The accounts whose files are being received.
    receiving: Vec<i64>,
}

impl Held {
    fn forget_old(&mut self, now: Instant) {
        self.kept.retain(|_, one| {
            one.state().works() || now.saturating_duration_since(one.since) < KEPT
        });
    }

    fn count(&self, owner: i64) -> usize {
        let kept = self.kept.values().filter(|one| one.owner == owner).count();
        kept + self.receiving.iter().filter(|one| **one == owner).count()
    }

    fn oldest_idle(&self, owner: i64) -> Option<String> {
        self.kept
            .iter()
            .filter(|(_, one)| one.owner == owner && !one.state().works())
            .min_by_key(|(_, one)| one.since)
            .map(|(token, _)| token.clone())
    }
}

/// All files that wait.
#[derive(Clone, Default)]
pub struct Uploads(Arc<Mutex<Held>>);

/// Room for one file that is being received.
pub struct Room {
    uploads: Uploads,
    owner: i64,
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Ok(mut held) = self.uploads.0.lock()
            && let Some(at) = held.receiving.iter().position(|one| *one == self.owner)
        {
            held.receiving.swap_remove(at);
        }
    }
}

impl Uploads {
    /// Room for a file of an account: its oldest file that nothing is done with gives way. None
    /// where there is no room.
    pub fn room(&self, owner: i64, now: Instant) -> Option<Room> {
        let mut held = self.0.lock().ok()?;
        held.forget_old(now);
        while held.count(owner) >= MOST_EACH {
            let oldest = held.oldest_idle(owner)?;
            held.kept.remove(&oldest);
        }
        if held.kept.len() + held.receiving.len() >= MOST {
            return None;
        }
        held.receiving.push(owner);
        Some(Room {
            uploads: self.clone(),
            owner,
        })
    }

    /// Keeps a file that was received; what it is asked for by.
    pub fn keep(&self, room: Room, upload: Arc<Upload>) -> std::io::Result<String> {
        let token = Token::new()?.as_str().to_owned();
        drop(room);
        if let Ok(mut held) = self.0.lock() {
            held.kept.insert(token.clone(), upload);
        }
        let (uploads, forgotten) = (self.clone(), token.clone());
        tokio::spawn(async move {
            tokio::time::sleep(KEPT).await;
            uploads.forget(&forgotten);
        });
        Ok(token)
    }

    /// The file, for the account that sent it.
    pub fn of(&self, token: &str, owner: i64) -> Option<Arc<Upload>> {
        let held = self.0.lock().ok()?;
        let found = held.kept.get(token).filter(|one| one.owner == owner);
        found.cloned()
    }

    /// Forgets a file. What is under way with it goes on.
    pub fn forget(&self, token: &str) {
        if let Ok(mut held) = self.0.lock() {
            held.kept.remove(token);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use jiff::civil::date;
    use satu_domain::resolve::SourceKind;
    use satu_store::entry::Source;

    use super::{KEPT, MOST_EACH, State, Upload, Uploads};

    fn upload(owner: i64) -> Arc<Upload> {
        let folder = tempfile::tempdir().unwrap();
        let source = Source {
            code: "contoh".to_owned(),
            name: "Contoh".to_owned(),
            kind: SourceKind::Agency,
            instansi: String::new(),
        };
        let path = folder.path().join("contoh.csv");
        let day = date(2026, 1, 1);
        Arc::new(Upload::new(owner, source, day, None, (path, folder)))
    }

    #[tokio::test]
    async fn an_account_has_so_much_room_and_no_more() {
        let (uploads, now) = (Uploads::default(), Instant::now());
        let mut tokens = Vec::new();
        for _ in 0..MOST_EACH {
            let room = uploads.room(1, now).unwrap();
            tokens.push(uploads.keep(room, upload(1)).unwrap());
        }
        assert!(uploads.room(1, now).is_none(), "all are being checked");
        assert!(uploads.room(2, now).is_some());
        let idle = uploads.of(&tokens[2], 1).unwrap();
        idle.set(State::Failed);
        assert!(uploads.of(&tokens[2], 2).is_none());
        assert!(uploads.room(1, now).is_some(), "an idle one gives way");
        assert!(uploads.of(&tokens[2], 1).is_none());
        let other = uploads.of(&tokens[0], 1).unwrap();
        other.set(State::Failed);
        uploads.room(2, now + 2 * KEPT);
        assert!(uploads.of(&tokens[0], 1).is_none(), "kept beyond its time");
        assert!(uploads.of(&tokens[1], 1).is_some(), "work was cut off");
    }
}
