//! The two logs of a register, kept the same way: numbered entries from 1 on, of each a moment and a
//! text, and a head with the Merkle frontier over them. The ledger's texts are sealed; the tree stands
//! over them as they are stored, so that nobody needs a key to prove or check it.

use satu_audit::{Frontier, Hash, Reading, leaf};
use serde::Serialize;
use sqlx::{AnyConnection, Row};

use crate::ledger::Head;
use crate::{OPEN, StoreError};

/// Entries read at a time.
const PAGE: i64 = 10_000;

/// A log of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// What was stated and decided.
    Ledger,
    /// Who looked at whose record.
    Access,
}

impl Log {
    /// Both.
    pub const ALL: [Log; 2] = [Log::Ledger, Log::Access];

    /// Its name, with which the origin of its checkpoints ends.
    pub fn name(self) -> &'static str {
        match self {
            Log::Ledger => "ledger",
            Log::Access => "access",
        }
    }

    /// The log that a checkpoint's origin, `REGISTER/NAME`, speaks of.
    pub fn of_origin(origin: &str) -> Option<Log> {
        let (_, name) = origin.rsplit_once('/')?;
        Log::ALL.into_iter().find(|log| log.name() == name)
    }

    /// Its row among the heads.
    fn head(self) -> i64 {
        match self {
            Log::Ledger => 1,
            Log::Access => 2,
        }
    }
}

/// A look as its log's JSON text has it; like an entry of the ledger it only ever gains fields.
#[derive(Serialize)]
#[serde(tag = "t", rename = "look")]
pub(crate) struct Look<'a> {
    pub(crate) person: i64,
    pub(crate) by: &'a str,
    pub(crate) purpose: &'a str,
}

impl Look<'_> {
    pub(crate) fn body(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(StoreError::Encode)
    }
}

/// The bytes of an entry: when, then what.
pub(crate) fn bytes(recorded_at: i64, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(20 + body.len());
    bytes.extend(recorded_at.to_string().into_bytes());
    bytes.push(b'\n');
    bytes.extend(body);
    bytes
}

/// The hash of an entry.
pub(crate) fn hashed(recorded_at: i64, body: &[u8]) -> Hash {
    leaf(&bytes(recorded_at, body))
}

/// Waits until no other writer of the log is at work; then it is this transaction's, of which this
/// must be the first statement. Where the log stands.
pub(crate) async fn lock(connection: &mut AnyConnection, log: Log) -> Result<Frontier, StoreError> {
    // A write takes the lock, on either engine, before anything is read.
    sqlx::query("UPDATE ledger_head SET size = size WHERE id = $1")
        .bind(log.head())
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query("SELECT size, peaks FROM ledger_head WHERE id = $1")
        .bind(log.head())
        .fetch_one(connection)
        .await?;
    let (size, peaks): (i64, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
    Frontier::unpack(size as u64, &peaks).ok_or_else(|| {
        let told = format!("the head of the {} does not fit its size", log.name());
        sqlx::Error::Protocol(told).into()
    })
}

/// Says where the log stands from now on.
pub(crate) async fn set_head(
    connection: &mut AnyConnection,
    log: Log,
    frontier: &Frontier,
) -> Result<Head, StoreError> {
    let head = Head::of(frontier);
    sqlx::query("UPDATE ledger_head SET size = $1, peaks = $2, root = $3 WHERE id = $4")
        .bind(head.size)
        .bind(frontier.pack())
        .bind(head.root.clone())
        .bind(log.head())
        .execute(connection)
        .await?;
    Ok(head)
}

/// Where the log says it stands.
pub(crate) async fn head_of(connection: &mut AnyConnection, log: Log) -> Result<Head, StoreError> {
    let row = sqlx::query("SELECT size, root FROM ledger_head WHERE id = $1")
        .bind(log.head())
        .fetch_one(connection)
        .await?;
    Ok(Head {
        size: row.try_get(0)?,
        root: row.try_get(1)?,
    })
}

/// Up to `count` entries after a number: number, microseconds of recording, the text as it is stored.
pub(crate) async fn entries_of(
    connection: &mut AnyConnection,
    log: Log,
    after: i64,
    count: i64,
) -> Result<Vec<(i64, i64, Vec<u8>)>, StoreError> {
    let sql = match log {
        Log::Ledger => {
            "SELECT seq, recorded_at, body FROM ledger WHERE seq > $1 ORDER BY seq LIMIT $2"
        }
        Log::Access => {
            "SELECT seq, at, person_id, login, purpose FROM look WHERE seq > $1 ORDER BY seq LIMIT $2"
        }
    };
    let query = sqlx::query(sql).bind(after).bind(count);
    let entry = |row: &sqlx::any::AnyRow| {
        let body = match log {
            Log::Ledger => row.try_get(2)?,
            Log::Access => Look {
                person: row.try_get(2)?,
                by: row.try_get(3)?,
                purpose: row.try_get(4)?,
            }
            .body()?
            .into_bytes(),
        };
        Ok((row.try_get(0)?, row.try_get(1)?, body))
    };
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(entry).collect()
}

/// The frontier over all entries that a log holds, whatever its head says.
pub(crate) async fn whole(
    connection: &mut AnyConnection,
    log: Log,
) -> Result<Frontier, StoreError> {
    let mut reading = Reading::default();
    read_log(connection, log, OPEN, &mut reading).await?;
    Ok(reading.whole().clone())
}

/// Reads a log from its start to this number or its end, whichever comes first. A number that is
/// missing ends it too.
pub(crate) async fn read_log(
    connection: &mut AnyConnection,
    log: Log,
    until: i64,
    reading: &mut Reading,
) -> Result<(), StoreError> {
    let mut after = 0;
    while after < until {
        let page = entries_of(connection, log, after, PAGE.min(until - after)).await?;
        if page.is_empty() {
            break;
        }
        for (seq, at, body) in page {
            if seq != after + 1 {
                return Ok(());
            }
            reading.push(hashed(at, &body));
            after = seq;
        }
    }
    Ok(())
}
