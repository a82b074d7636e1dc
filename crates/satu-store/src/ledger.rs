//! Appending to the ledger and reading it from the start.

use jiff::Timestamp;
use sqlx::{Any, AnyConnection, Row, Transaction};

use crate::bulk::{self, Cell};
use crate::merkle::{Frontier, leaf};
use crate::projection::Projector;
use crate::{Entry, Store, StoreError, hex};

/// Entries that wait in memory before they are written.
const BATCH: usize = 5_000;

/// Rows that a transaction writes before PostgreSQL must look at its tables anew: it plans by what
/// it last saw there, and comes by itself only a minute later.
const MANY: usize = 5_000;

/// The one writer: holds the ledger from [`Store::begin`] to [`Writer::commit`]. Dropped before,
/// it leaves nothing behind.
pub struct Writer {
    pub(crate) tx: Transaction<'static, Any>,
    frontier: Frontier,
    recorded_at: Timestamp,
    waiting: Vec<Cell>,
    /// Rows written, in round numbers.
    rows: usize,
    projector: Projector,
}

/// The state of the ledger.
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
        let mut tx = self.pool.begin().await?;
        // The first statement takes the write lock, on either engine, before anything is read.
        sqlx::query("UPDATE ledger_head SET size = size WHERE id = 1")
            .execute(&mut *tx)
            .await?;
        if tx.backend_name() == "SQLite" {
            // Up to a gigabyte: a large write touches indexes all over, and a page that does not
            // fit is written to the log again each time it changes.
            sqlx::query("PRAGMA cache_size=-1000000")
                .execute(&mut *tx)
                .await?;
        }
        let row = sqlx::query("SELECT size, peaks FROM ledger_head WHERE id = 1")
            .fetch_one(&mut *tx)
            .await?;
        let (size, peaks): (i64, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        let frontier = Frontier::unpack(size as u64, &peaks).ok_or_else(|| {
            sqlx::Error::Protocol("the ledger head does not fit its size".to_owned())
        })?;
        Ok(Writer {
            projector: Projector::load(&mut tx).await?,
            tx,
            frontier,
            recorded_at: Timestamp::now(),
            waiting: Vec::new(),
            rows: 0,
        })
    }

    /// Where the ledger stands.
    pub async fn head(&self) -> Result<Head, StoreError> {
        head_of(&mut *self.pool.acquire().await?).await
    }

    /// The entry of a ledger number, if it is written.
    pub async fn entry(&self, seq: i64) -> Result<Option<Entry>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT body FROM ledger WHERE seq = $1")
            .bind(seq)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|(body,)| read(seq, &body)).transpose()
    }

    /// Up to `count` entries after a ledger number: number, microseconds of recording, JSON text.
    pub async fn entries(
        &self,
        after: i64,
        count: i64,
    ) -> Result<Vec<(i64, i64, String)>, StoreError> {
        entries_of(&mut *self.pool.acquire().await?, after, count).await
    }
}

pub(crate) async fn head_of(connection: &mut AnyConnection) -> Result<Head, StoreError> {
    let row = sqlx::query("SELECT size, root FROM ledger_head WHERE id = 1")
        .fetch_one(connection)
        .await?;
    Ok(Head {
        size: row.try_get(0)?,
        root: row.try_get(1)?,
    })
}

pub(crate) async fn entries_of(
    connection: &mut AnyConnection,
    after: i64,
    count: i64,
) -> Result<Vec<(i64, i64, String)>, StoreError> {
    let sql = "SELECT seq, recorded_at, body FROM ledger WHERE seq > $1 ORDER BY seq LIMIT $2";
    Ok(sqlx::query_as(sql)
        .bind(after)
        .bind(count)
        .fetch_all(connection)
        .await?)
}

/// Reads an entry's JSON text.
pub(crate) fn read(seq: i64, body: &str) -> Result<Entry, StoreError> {
    serde_json::from_str(body).map_err(|source| StoreError::Entry { seq, source })
}

/// The bytes that are hashed: when, then what.
pub(crate) fn hashed(recorded_at: i64, body: &str) -> crate::merkle::Hash {
    leaf(format!("{recorded_at}\n{body}").as_bytes())
}

impl Writer {
    /// The number that the next entry gets.
    pub fn next(&self) -> i64 {
        self.frontier.size() as i64 + 1
    }

    /// Appends an entry and returns its ledger number.
    pub async fn append(&mut self, entry: &Entry) -> Result<i64, StoreError> {
        let body = serde_json::to_string(entry).map_err(StoreError::Encode)?;
        self.append_as_written(self.recorded_at, entry, body).await
    }

    /// Appends an entry with the text and the moment that another ledger has for it.
    pub(crate) async fn append_as_written(
        &mut self,
        recorded_at: Timestamp,
        entry: &Entry,
        body: String,
    ) -> Result<i64, StoreError> {
        let seq = self.next();
        let at = recorded_at.as_microsecond();
        self.frontier.push(hashed(at, &body));
        self.waiting
            .extend([Cell::Int(seq), Cell::Int(at), Cell::Text(body)]);
        self.rows += match entry {
            Entry::Linked(linked) => linked.moved.len(),
            _ => 1,
        };
        self.projector.apply(&mut self.tx, seq, at, entry).await?;
        if self.waiting.len() >= 3 * BATCH {
            self.flush().await?;
        }
        Ok(seq)
    }

    /// Where the ledger will stand once what is appended is committed.
    pub(crate) fn head(&self) -> Head {
        Head {
            size: self.frontier.size() as i64,
            root: hex(&self.frontier.root()),
        }
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

    /// Makes everything appended durable; after it returns, it survives a power cut.
    pub async fn commit(mut self) -> Result<Head, StoreError> {
        self.flush().await?;
        if self.rows >= MANY && self.tx.backend_name() == "PostgreSQL" {
            sqlx::query("ANALYZE ledger, statement, member")
                .execute(&mut *self.tx)
                .await?;
        }
        self.projector.refresh(&mut self.tx).await?;
        let head = self.head();
        sqlx::query("UPDATE ledger_head SET size = $1, peaks = $2, root = $3 WHERE id = 1")
            .bind(head.size)
            .bind(self.frontier.pack())
            .bind(head.root.clone())
            .execute(&mut *self.tx)
            .await?;
        self.tx.commit().await?;
        Ok(head)
    }
}
