//! The whole register as it stood at one moment, read page by page while others write.

use satu_domain::Kind;
use satu_domain::resolve::GoldenRecord;
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Any, AssertSqlSafe, Column, Row, Transaction, TypeInfo, ValueRef};

use crate::entry::{Found, Statement};
use crate::kept_record::open_record;
use crate::keys::{Keys, Place};
use crate::ledger::Head;
use crate::log::{entries_of, head_of};
use crate::{Entry, Log, OPEN, Store, StoreError};

/// One read transaction: what is written after it began is not seen.
pub struct Snapshot {
    pub(crate) tx: Transaction<'static, Any>,
    pub(crate) keys: Keys,
    head: Head,
}

/// A person's golden record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Golden {
    /// The person's number in this register.
    pub person: i64,
    /// Fields in which sources disagree and nobody has ruled.
    pub conflicts: i64,
    /// The record.
    pub record: GoldenRecord,
}

/// A statement that none supersedes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// Its ledger number.
    pub seq: i64,
    /// Who says it.
    pub source: String,
    /// Of whom, once linked.
    pub person: Option<i64>,
    /// What.
    pub statement: Statement,
}

/// A finding: its delivery, the row in the file, its number in the row, and what was found.
pub type Finding = (i64, i64, i64, Found);

/// A row of any table: each column's name and value.
pub(crate) type TableRow = Vec<(String, Value)>;

/// A value of any column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Store {
    /// Holds the register as it stands now.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut tx = self.reading().await?;
        let head = head_of(&mut tx, Log::Ledger).await?;
        let keys = self.keys.clone();
        Ok(Snapshot { tx, keys, head })
    }

    /// A transaction that sees the register as it stands at its first question.
    pub(crate) async fn reading(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        let mut tx = self.pool.begin().await?;
        if tx.backend_name() != "SQLite" {
            sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx)
    }
}

impl Snapshot {
    /// Where the ledger stands.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Up to `count` entries after a ledger number: number, microseconds of recording, the text as it
    /// is stored: sealed.
    pub async fn entries(
        &mut self,
        after: i64,
        count: i64,
    ) -> Result<Vec<(i64, i64, Vec<u8>)>, StoreError> {
        entries_of(&mut self.tx, Log::Ledger, after, count).await
    }

    /// Up to `count` golden records after a person's number.
    pub async fn golden(&mut self, after: i64, count: i64) -> Result<Vec<Golden>, StoreError> {
        let sql = "SELECT person_id, conflicts, record FROM person WHERE person_id > $1 \
                   ORDER BY person_id LIMIT $2";
        let rows: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(sql)
            .bind(after)
            .bind(count)
            .fetch_all(&mut *self.tx)
            .await?;
        let ring = self.keys.ring()?;
        let golden = |(person, conflicts, sealed): (i64, i64, Vec<u8>)| {
            let record = open_record(&ring, person, sealed)?;
            Ok(Golden {
                person,
                conflicts,
                record,
            })
        };
        rows.into_iter().map(golden).collect()
    }

    /// Up to `count` current statements of a kind after a ledger number.
    pub async fn statements(
        &mut self,
        kind: Kind,
        after: i64,
        count: i64,
    ) -> Result<Vec<Current>, StoreError> {
        // Said of each table: PostgreSQL merges them, and would read the others from their beginning.
        let sql = "SELECT s.seq, s.source, m.person_id, l.body FROM statement s JOIN ledger l ON l.seq = s.seq \
                   LEFT JOIN member m ON m.statement = s.seq AND m.until = $3 AND m.statement > $1 \
                   WHERE s.kind = $4 AND s.seq > $1 AND l.seq > $1 AND s.superseded_by = $3 ORDER BY s.seq LIMIT $2";
        let rows: Vec<(i64, String, Option<i64>, Vec<u8>)> = sqlx::query_as(sql)
            .bind(after)
            .bind(count)
            .bind(OPEN)
            .bind(kind.name())
            .fetch_all(&mut *self.tx)
            .await?;
        let ring = self.keys.ring()?;
        let mut found = Vec::with_capacity(rows.len());
        for (seq, source, person, body) in rows {
            if let Entry::Statement(statement) = ring.entry(seq, body)? {
                found.push(Current {
                    seq,
                    source,
                    person,
                    statement,
                });
            }
        }
        Ok(found)
    }

    /// Up to `count` findings after a delivery, a row in it and a number in that row.
    pub async fn findings(
        &mut self,
        after: (i64, i64, i64),
        count: i64,
    ) -> Result<Vec<Finding>, StoreError> {
        let sql = "SELECT submission, row_number, number, rule, severity, field, value FROM finding \
                   WHERE (submission, row_number, number) > ($1, $2, $3) \
                   ORDER BY submission, row_number, number LIMIT $4";
        let rows = sqlx::query(sql)
            .bind(after.0)
            .bind(after.1)
            .bind(after.2)
            .bind(count)
            .fetch_all(&mut *self.tx)
            .await?;
        let ring = self.keys.ring()?;
        let finding = |row: &AnyRow| -> Result<Finding, StoreError> {
            let place = Place::finding(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let found = Found {
                rule: row.try_get(3)?,
                severity: row.try_get(4)?,
                column: row.try_get(5)?,
                value: ring.text(place, row.try_get(6)?)?,
            };
            Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, found))
        };
        rows.iter().map(finding).collect()
    }

    /// Every delivery: number, source, file, kind, day it speaks for, microseconds of its
    /// recording, and rows received, accepted, with warnings, rejected.
    pub async fn submissions(&mut self) -> Result<Vec<Delivered>, StoreError> {
        let sql = "SELECT id, source, file, kind, stated_on, received_at, row_count, accepted, warned, rejected \
                   FROM submission ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(&mut *self.tx).await?;
        let delivered = |row: &AnyRow| -> Result<Delivered, sqlx::Error> {
            Ok(Delivered {
                id: row.try_get(0)?,
                texts: [
                    row.try_get(1)?,
                    row.try_get(2)?,
                    row.try_get(3)?,
                    row.try_get(4)?,
                ],
                received_at: row.try_get(5)?,
                counts: [
                    row.try_get(6)?,
                    row.try_get(7)?,
                    row.try_get(8)?,
                    row.try_get(9)?,
                ],
            })
        };
        Ok(rows.iter().map(delivered).collect::<Result<_, _>>()?)
    }

    /// Up to `count` rows of a table in the order of its key, from a row on.
    pub(crate) async fn rows(
        &mut self,
        table: &str,
        key: &str,
        from: i64,
        count: i64,
    ) -> Result<Vec<TableRow>, StoreError> {
        let sql = format!("SELECT * FROM {table} ORDER BY {key} LIMIT $1 OFFSET $2");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(count)
            .bind(from)
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(rows.iter().map(values).collect::<Result<_, _>>()?)
    }
}

/// A delivery as it stands in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Its ledger number.
    pub id: i64,
    /// Source, file, kind, and the day it speaks for.
    pub texts: [String; 4],
    /// Microseconds since 1970 of its recording.
    pub received_at: i64,
    /// Rows received, accepted, accepted with warnings, rejected.
    pub counts: [i64; 4],
}

fn values(row: &AnyRow) -> Result<TableRow, sqlx::Error> {
    let mut found = Vec::with_capacity(row.len());
    for column in row.columns() {
        let at = column.ordinal();
        let raw = row.try_get_raw(at)?;
        let kind = raw.type_info().kind();
        let value = match kind {
            _ if raw.is_null() => Value::Null,
            AnyTypeInfoKind::Text => Value::Text(row.try_get(at)?),
            AnyTypeInfoKind::Blob => Value::Bytes(row.try_get(at)?),
            AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
                Value::Int(row.try_get(at)?)
            }
            _ => {
                let told = format!(
                    "column {} holds a {}, which no backup carries",
                    column.name(),
                    raw.type_info().name()
                );
                return Err(sqlx::Error::Protocol(told));
            }
        };
        found.push((column.name().to_owned(), value));
    }
    Ok(found)
}
