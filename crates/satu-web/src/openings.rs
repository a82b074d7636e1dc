//! Records that were opened masked, on their way to the record of looks. On SQLite whoever writes keeps
//! all others from it, for as long as a large file takes; a page that masks does not wait for that. So
//! openings wait here, and are written together.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use satu_store::access::Opening;
use satu_store::{Store, StoreError};

/// Between two times at which what waits is written.
const PAUSE: Duration = Duration::from_secs(3);
/// Most that wait.
const MOST: usize = 10_000;

/// Openings that wait to be written.
pub struct Openings {
    store: Store,
    most: usize,
    /// Whose record, by whom and on which day, with the first opening.
    waiting: Mutex<HashMap<(i64, String, i64), Opening>>,
    /// Whoever writes: of those who wait for the database, one alone has a connection, which reads need.
    writing: tokio::sync::Mutex<()>,
}

impl Openings {
    pub fn new(store: Store) -> Openings {
        Openings {
            store,
            most: MOST,
            waiting: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
        }
    }

    /// Keeps an opening, which is written soon. Where as many wait as may, this waits until they are
    /// written, as for a look at what is not masked: nothing is shown that is not kept.
    pub async fn note(&self, opening: Opening) -> Result<(), StoreError> {
        while !self.kept(&opening) {
            self.write().await?;
        }
        Ok(())
    }

    /// Writes what waits.
    pub async fn write(&self) -> Result<(), StoreError> {
        let _turn = self.writing.lock().await;
        let mut openings: Vec<Opening> = self.waiting().values().cloned().collect();
        if openings.is_empty() {
            return Ok(());
        }
        openings.sort_by_key(|one| one.at);
        self.store.note_openings(&openings).await?;
        let mut waiting = self.waiting();
        for one in openings {
            waiting.remove(&one.key());
        }
        Ok(())
    }

    /// Writes what waits, now and then, for ever.
    pub async fn go_on(&self) {
        loop {
            tokio::time::sleep(PAUSE).await;
            if let Err(error) = self.write().await {
                let waiting = self.waiting().len();
                tracing::warn!(%error, waiting, "records that were opened are not on the record of looks yet");
            }
        }
    }

    fn kept(&self, opening: &Opening) -> bool {
        let mut waiting = self.waiting();
        let full = waiting.len() >= self.most;
        match waiting.entry(opening.key()) {
            Entry::Occupied(_) => true,
            Entry::Vacant(_) if full => false,
            Entry::Vacant(place) => {
                place.insert(opening.clone());
                true
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<(i64, String, i64), Opening>> {
        // What is kept is whole, whoever panicked.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use satu_store::access::Opening;
    use satu_store::{KeyPlace, Scope, Store};
    use tokio::time::timeout;

    use super::Openings;

    /// Nothing is lost where more are opened than may wait: the page waits.
    #[tokio::test]
    async fn who_opens_while_somebody_writes_waits_only_where_too_many_wait() {
        let folder = tempfile::tempdir().unwrap();
        let [file, key] = ["satu.db", "key"].map(|name| folder.path().join(name));
        let store = Store::open(file.to_str().unwrap(), &KeyPlace::File(key)).await;
        let store = store.unwrap();
        let openings = Openings {
            most: 2,
            ..Openings::new(store.clone())
        };
        let opening = |person| Opening {
            person,
            by: "petugas".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
        let writer = store.begin().await.unwrap();
        for person in [1, 2, 1] {
            openings.note(opening(person)).await.unwrap();
        }
        let short = Duration::from_millis(200);
        let third = timeout(short, openings.note(opening(3))).await;
        assert!(third.is_err(), "it did not wait");
        assert_eq!(openings.waiting().len(), 2);
        drop(writer);
        openings.note(opening(3)).await.unwrap();
        assert_eq!(openings.waiting().len(), 1);
        openings.write().await.unwrap();
        assert!(openings.waiting().is_empty());
        for person in [1, 2, 3] {
            let looks = store.accesses(&Scope::whole(), person, 9).await.unwrap();
            assert_eq!(looks.len(), 1, "{person}");
        }
    }
}
