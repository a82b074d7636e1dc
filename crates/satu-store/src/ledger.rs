//! Appending to the ledger and reading it from the start.

use std::sync::Arc;

use jiff::Timestamp;
use satu_audit::{Frontier, hex};
use sqlx::{Any, Transaction};
use tokio::sync::OwnedMutexGuard;

use crate::bulk::{self, Cell};
use crate::entry::{Privacy, PrivacyAct};
use crate::keys::{Place, Ring};
use crate::log::{Log, entries_of, hashed, head_of, lock, set_head};
use crate::projection::Projector;
use crate::{Entry, Store, StoreError};

/// Entries that wait in memory before they are written.
const BATCH: usize = 5_000;

/// Bytes that an entry has at most, mostly.
const ROOM: usize = 768;

/// Rows that a transaction writes before PostgreSQL must look at its tables anew: it plans by what
/// it last saw there, and comes by itself only a minute later.
const MANY: usize = 5_000;

/// The one writer: holds the ledger from [`Store::begin`] to [`Writer::commit`]. Dropped before,
/// it leaves nothing behind.
pub struct Writer {
    pub(crate) tx: Transaction<'static, Any>,
    pub(crate) ring: Arc<Ring>,
    frontier: Frontier,
    recorded_at: Timestamp,
    /// The moment of the entry appended last: entries of one moment were written as one.
    last_at: Option<Timestamp>,
    waiting: Vec<Cell>,
    /// Rows written, in round numbers.
    rows: usize,
    projector: Projector,
    _turn: OwnedMutexGuard<()>,
}

/// The state of a log: the ledger, or the record of looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Entries.
    pub size: i64,
    /// The Merkle root, hexadecimal.
    pub root: String,
}

impl Store {
    /// Waits until no other writer is at work, and begins to write.
    pub async fn begin(&self) -> Result<Writer, StoreError> {
        self.begin_with(self.keys.ring()?).await
    }

    /// The same, with these keys.
    pub(crate) async fn begin_with(&self, ring: Arc<Ring>) -> Result<Writer, StoreError> {
        let turn = Arc::clone(&self.turns).lock_owned().await;
        let mut tx = self.pool.begin().await?;
        let frontier = lock(&mut tx, Log::Ledger).await?;
        if tx.backend_name() == "SQLite" {
            // Up to a gigabyte: a large write touches indexes all over, and a page that does not
            // fit is written to the log again each time it changes.
            sqlx::query("PRAGMA cache_size=-1000000")
                .execute(&mut *tx)
                .await?;
        }
        // Later than all before, so that what was written as one can be told apart when it is read.
        let last: Option<(i64,)> =
            sqlx::query_as("SELECT recorded_at FROM ledger ORDER BY seq DESC LIMIT 1")
                .fetch_optional(&mut *tx)
                .await?;
        let next = last.and_then(|(at,)| Timestamp::from_microsecond(at.saturating_add(1)).ok());
        Ok(Writer {
            projector: Projector::load(&mut tx, ring.clone()).await?,
            tx,
            ring,
            frontier,
            recorded_at: next.map_or_else(Timestamp::now, |next| next.max(Timestamp::now())),
            last_at: None,
            waiting: Vec::new(),
            rows: 0,
            _turn: turn,
        })
    }

    /// Where the ledger stands.
    pub async fn head(&self) -> Result<Head, StoreError> {
        head_of(&mut *self.pool.acquire().await?, Log::Ledger).await
    }

    /// The entry of a ledger number, if it is written.
    pub async fn entry(&self, seq: i64) -> Result<Option<Entry>, StoreError> {
        let ring = self.keys.ring()?;
        let row: Option<(Vec<u8>,)> = sqlx::query_as("SELECT body FROM ledger WHERE seq = $1")
            .bind(seq)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|(body,)| ring.entry(seq, body)).transpose()
    }

    /// Up to `count` entries after a ledger number: number, microseconds of recording, the text as it
    /// is stored: sealed.
    pub async fn entries(
        &self,
        after: i64,
        count: i64,
    ) -> Result<Vec<(i64, i64, Vec<u8>)>, StoreError> {
        entries_of(&mut *self.pool.acquire().await?, Log::Ledger, after, count).await
    }
}

impl Head {
    pub(crate) fn of(frontier: &Frontier) -> Head {
        Head {
            size: frontier.size() as i64,
            root: hex(&frontier.root()),
        }
    }
}

impl Writer {
    /// The number that the next entry gets.
    pub fn next(&self) -> i64 {
        self.frontier.size() as i64 + 1
    }

    /// Appends an entry and returns its ledger number.
    pub async fn append(&mut self, entry: &Entry) -> Result<i64, StoreError> {
        let place = Place::entry(self.next());
        let body = self.ring.seal_written(place, ROOM, |bytes| {
            serde_json::to_writer(bytes, entry).map_err(StoreError::Encode)
        })?;
        self.append_as_written(self.recorded_at, entry, body).await
    }

    /// Appends an entry with the sealed text and the moment that another ledger has for it.
    pub(crate) async fn append_as_written(
        &mut self,
        recorded_at: Timestamp,
        entry: &Entry,
        body: Vec<u8>,
    ) -> Result<i64, StoreError> {
        if self.last_at.is_some_and(|last| last != recorded_at) {
            self.settle().await?;
        }
        self.last_at = Some(recorded_at);
        let seq = self.next();
        let at = recorded_at.as_microsecond();
        self.frontier.push(hashed(at, &body));
        self.waiting
            .extend([Cell::Int(seq), Cell::Int(at), Cell::Bytes(body)]);
        self.rows += match entry {
            Entry::Linked(linked) => linked.moved.len(),
            Entry::Privacy(Privacy {
                act: PrivacyAct::BreachTouches { persons, .. },
                ..
            }) => persons.len(),
            _ => 1,
        };
        self.projector.apply(&mut self.tx, seq, at, entry).await?;
        if self.waiting.len() >= 3 * BATCH {
            self.flush().await?;
        }
        Ok(seq)
    }

    /// Goes on with the register's own keys, once they are in the database.
    pub(crate) fn adopt(&mut self, ring: Arc<Ring>) {
        self.projector.adopt(ring.clone());
        self.ring = ring;
    }

    /// Where the ledger will stand once what is appended is committed.
    pub(crate) fn head(&self) -> Head {
        Head::of(&self.frontier)
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        bulk::insert(
            &mut self.tx,
            "ledger (seq, recorded_at, body)",
            3,
            &mut self.waiting,
        )
        .await?;
        self.projector.flush(&mut self.tx).await
    }

    /// Makes the golden records of the persons whom the entries written as one speak of, and says
    /// what changed.
    async fn settle(&mut self) -> Result<(), StoreError> {
        self.flush().await?;
        let many = self.rows >= MANY && self.tx.backend_name() == "PostgreSQL";
        if many {
            sqlx::query("ANALYZE ledger, statement, member")
                .execute(&mut *self.tx)
                .await?;
            self.rows = 0;
        }
        let seq = self.frontier.size() as i64;
        self.projector.refresh(&mut self.tx, seq).await?;
        if many {
            sqlx::query("ANALYZE person, person_place, lookup, change, breach_person")
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    /// Makes everything appended durable; after it returns, it survives a power cut.
    pub async fn commit(mut self) -> Result<Head, StoreError> {
        self.settle().await?;
        let head = set_head(&mut self.tx, Log::Ledger, &self.frontier).await?;
        self.tx.commit().await?;
        Ok(head)
    }
}
