//! Files of programs that arrive in parts. They are kept for a day after their last part, for the
//! program that sends them alone, sealed by a key that is in memory alone, and not beyond a restart.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::civil::Date;
use satu_store::Growing;
use satu_store::entry::Source;
use tempfile::TempDir;

use crate::problem::Problem;
use crate::token::Token;

/// How long a file waits for its next part.
pub const KEPT: Duration = Duration::from_hours(24);
/// Files of one program that have not arrived whole, or whose outcome was not fetched.
const MOST_EACH: usize = 5;
/// Files of all programs.
const MOST: usize = 40;

/// What became of a file.
#[derive(Clone)]
pub enum State {
    /// Parts are missing.
    Receiving,
    /// It is being held against the standard and written to the ledger.
    TakingIn,
    /// It is in the ledger under this number; whether it was before.
    Taken(i64, bool),
    /// It was not taken in.
    Refused(Problem),
}

/// What its program says of a file.
pub struct About {
    /// For whom it speaks.
    pub source: Source,
    /// Its name.
    pub file: String,
    /// The day for which it speaks.
    pub stated_on: Date,
    /// The text of its map file.
    pub map: Option<String>,
    /// SHA-256 of the whole, hexadecimal; empty where it is not told.
    pub sha256: String,
    /// Bytes of the whole.
    pub length: u64,
}

/// One file.
pub struct Arriving {
    /// The program that sends it.
    pub owner: i64,
    pub about: About,
    /// The private folder, which goes with it.
    folder: TempDir,
    offset: AtomicU64,
    /// What came, held by who writes a part; none once it is whole.
    pub part: tokio::sync::Mutex<Option<Growing>>,
    touched: Mutex<Instant>,
    state: Mutex<State>,
}

impl Arriving {
    /// A new one, in a private folder of its own.
    pub fn new(owner: i64, about: About) -> std::io::Result<Arriving> {
        let folder = tempfile::tempdir()?;
        let growing = Growing::new(&folder.path().join(&about.file))?;
        Ok(Arriving {
            owner,
            about,
            folder,
            offset: AtomicU64::new(0),
            part: tokio::sync::Mutex::new(Some(growing)),
            touched: Mutex::new(Instant::now()),
            state: Mutex::new(State::Receiving),
        })
    }

    /// Where its bytes stand, sealed.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(&self.about.file)
    }

    /// Bytes that are there.
    pub fn offset(&self) -> u64 {
        self.offset.load(Ordering::Acquire)
    }

    /// More bytes are there.
    pub fn came(&self, offset: u64) {
        self.offset.store(offset, Ordering::Release);
        if let Ok(mut touched) = self.touched.lock() {
            *touched = Instant::now();
        }
    }

    pub fn state(&self) -> State {
        let fault = |_| State::Refused(Problem::Fault);
        self.state.lock().map_or_else(fault, |state| state.clone())
    }

    pub fn set(&self, new: State) {
        if let Ok(mut state) = self.state.lock() {
            *state = new;
        }
    }

    fn is_old(&self, now: Instant) -> bool {
        let touched = self.touched.lock().map_or(now, |touched| *touched);
        !matches!(self.state(), State::TakingIn) && now.saturating_duration_since(touched) >= KEPT
    }
}

/// All files that arrive.
#[derive(Clone, Default)]
pub struct Arrivals(Arc<Mutex<HashMap<String, Arc<Arriving>>>>);

impl Arrivals {
    /// Keeps a new file; what it is asked for by. None where there is no room: of a program's files,
    /// those whose outcome is known give way.
    pub fn keep(&self, arriving: Arc<Arriving>, now: Instant) -> std::io::Result<Option<String>> {
        let token = Token::new()?.as_str().to_owned();
        let Ok(mut kept) = self.0.lock() else {
            return Ok(None);
        };
        kept.retain(|_, one| !one.is_old(now));
        let done = |one: &Arriving| matches!(one.state(), State::Taken(..) | State::Refused(_));
        let own = |one: &Arriving| one.owner == arriving.owner;
        if kept.values().filter(|one| own(one)).count() >= MOST_EACH {
            kept.retain(|_, one| !(own(one) && done(one)));
        }
        let count = kept.values().filter(|one| own(one)).count();
        if count >= MOST_EACH || kept.len() >= MOST {
            return Ok(None);
        }
        kept.insert(token.clone(), arriving);
        Ok(Some(token))
    }

    /// Forgets a file when it is old.
    pub fn forget_later(&self, token: String) {
        let arrivals = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(KEPT / 24).await;
                let Ok(mut kept) = arrivals.0.lock() else {
                    return;
                };
                if kept
                    .get(&token)
                    .is_none_or(|one| one.is_old(Instant::now()))
                {
                    kept.remove(&token);
                    return;
                }
            }
        });
    }

    /// The file, for the program that sends it.
    pub fn of(&self, token: &str, owner: i64) -> Option<Arc<Arriving>> {
        let kept = self.0.lock().ok()?;
        let found = kept.get(token).filter(|one| one.owner == owner);
        found.cloned()
    }

    /// The files of a program.
    pub fn all(&self, owner: i64) -> Vec<(String, Arc<Arriving>)> {
        let Ok(kept) = self.0.lock() else {
            return Vec::new();
        };
        let own = kept.iter().filter(|(_, one)| one.owner == owner);
        let mut own: Vec<_> = own
            .map(|(token, one)| (token.clone(), one.clone()))
            .collect();
        own.sort_by(|a, b| a.0.cmp(&b.0));
        own
    }

    /// Forgets a file. What is under way with it goes on.
    pub fn forget(&self, token: &str) {
        if let Ok(mut kept) = self.0.lock() {
            kept.remove(token);
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

    use super::{About, Arrivals, Arriving, KEPT, MOST, MOST_EACH, State};

    fn arriving(owner: i64) -> Arc<Arriving> {
        let about = About {
            source: Source {
                code: "contoh".to_owned(),
                name: "Contoh".to_owned(),
                kind: SourceKind::Agency,
                instansi: String::new(),
            },
            file: "contoh.csv".to_owned(),
            stated_on: date(2026, 1, 1),
            map: None,
            sha256: String::new(),
            length: 1,
        };
        Arc::new(Arriving::new(owner, about).unwrap())
    }

    #[test]
    fn a_program_has_so_much_room_and_no_more() {
        let (arrivals, now) = (Arrivals::default(), Instant::now());
        let keep = |owner| arrivals.keep(arriving(owner), now).unwrap();
        let tokens: Vec<_> = (0..MOST_EACH).filter_map(|_| keep(1)).collect();
        assert_eq!(tokens.len(), MOST_EACH);
        assert!(keep(1).is_none(), "all are being received");
        assert!(arrivals.of(&tokens[0], 2).is_none());
        let done = arrivals.of(&tokens[0], 1).unwrap();
        done.set(State::Taken(7, false));
        let last = keep(1).expect("what is done gives way");
        assert!(arrivals.of(&tokens[0], 1).is_none());
        let working = arrivals.of(&last, 1).unwrap();
        working.set(State::TakingIn);
        assert!(
            arrivals
                .keep(arriving(2), now + 2 * KEPT)
                .unwrap()
                .is_some()
        );
        assert_eq!(arrivals.all(1).len(), 1, "work was cut off, or old kept");
        let owners = (0..).take(MOST).map(|owner| keep(100 + owner));
        assert_eq!(owners.flatten().count(), MOST - 2);
    }
}
