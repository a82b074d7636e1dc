//! The rows of a person's histories one by one, each with a number that outlives its corrections.

use jiff::Timestamp;
use satu_domain::Kind;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::accounts::moment;
use crate::entry::Way;
use crate::keys::Ring;
use crate::projection::FACT;
use crate::{Entry, OPEN, Scope, Store, StoreError};

/// A fact key that its sender gave begins so.
pub const GIVEN: &str = "id:";

/// A statement that stands, with the number of the first that said the same fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// The person it is of.
    pub person: i64,
    /// The ledger number.
    pub statement: i64,
    /// The ledger number of the first statement of this fact by this source: it stays when the
    /// row is corrected.
    pub first: i64,
    /// The kind of fact.
    pub kind: Kind,
    /// The source's code.
    pub source: String,
    /// The fact's key inside its source and kind.
    pub fact: String,
    /// What it states, in the order of the kind's columns.
    pub cells: Vec<String>,
    /// Columns outside the standard: header and value.
    pub unknown: Vec<(String, String)>,
    /// When the first was recorded.
    pub made_at: Timestamp,
    /// When this one was recorded.
    pub changed_at: Timestamp,
}

const FIRST: &str = "(SELECT MIN(o.seq) FROM statement o WHERE o.source = s.source AND o.kind = s.kind AND o.fact = s.fact)";

fn row(ring: &Ring, row: &AnyRow) -> Result<Option<HistoryRow>, StoreError> {
    let (statement, kind): (i64, &str) = (row.try_get(1)?, row.try_get(3)?);
    let (Entry::Statement(said), Some(kind)) = (
        ring.entry(statement, row.try_get(5)?)?,
        Kind::from_name(kind),
    ) else {
        return Ok(None);
    };
    Ok(Some(HistoryRow {
        person: row.try_get(0)?,
        statement,
        first: row.try_get(2)?,
        kind,
        source: row.try_get(4)?,
        fact: said.fact,
        cells: said.cells,
        unknown: said.unknown,
        made_at: moment(row, 6)?,
        changed_at: moment(row, 7)?,
    }))
}

impl Store {
    /// The statements about a person that stand, in the order of their first saying.
    pub async fn rows_of(&self, scope: &Scope, person: i64) -> Result<Vec<HistoryRow>, StoreError> {
        let sql = format!(
            "SELECT r.person_id, r.seq, r.first, r.kind, r.source, l.body, f.recorded_at, l.recorded_at \
             FROM (SELECT m.person_id, s.seq, {FIRST} AS first, s.kind, s.source FROM member m \
             JOIN statement s ON s.seq = m.statement WHERE m.person_id = $2 AND m.until = {OPEN} AND {}) r \
             JOIN ledger l ON l.seq = r.seq JOIN ledger f ON f.seq = r.first ORDER BY r.first",
            scope.persons("m.person_id", "$1")
        );
        self.rows(sql, scope, person).await
    }

    /// What a program saved last under each key of a person's main record, whatever files its source sent
    /// since, the oldest first.
    pub async fn main_saves_of(
        &self,
        scope: &Scope,
        person: i64,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        let sql = format!(
            "SELECT r.person_id, r.seq, r.seq, r.kind, r.source, l.body, l.recorded_at, l.recorded_at \
             FROM (SELECT m.person_id, MAX(o.seq) AS seq, s.kind, s.source FROM member m \
             JOIN statement s ON s.seq = m.statement AND s.kind = 'data_utama' \
             JOIN statement o ON o.source = s.source AND o.kind = s.kind AND o.fact = s.fact \
             JOIN submission b ON b.id = o.submission AND b.way = {} \
             WHERE m.person_id = $2 AND m.until = {OPEN} AND {} \
             GROUP BY m.person_id, s.kind, s.source, s.fact) r \
             JOIN ledger l ON l.seq = r.seq ORDER BY r.seq",
            Way::Save as i64,
            scope.persons("m.person_id", "$1")
        );
        self.rows(sql, scope, person).await
    }

    /// The rows that a query tells of a person within reach.
    async fn rows(
        &self,
        sql: String,
        scope: &Scope,
        person: i64,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(person)
            .fetch_all(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        let found = rows.iter().map(|one| row(&ring, one));
        found.filter_map(Result::transpose).collect()
    }

    /// The person of whom the row is that began with a ledger number, if both are within reach.
    pub async fn person_of_row(
        &self,
        scope: &Scope,
        first: i64,
    ) -> Result<Option<i64>, StoreError> {
        let sql = format!(
            "SELECT m.person_id FROM statement o \
             JOIN statement s ON s.source = o.source AND s.kind = o.kind AND s.fact = o.fact \
             JOIN member m ON m.statement = s.seq AND m.until = {OPEN} WHERE o.seq = $2 AND {}",
            scope.persons("m.person_id", "$1")
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(first)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// The persons of whom a row is that has this id from its sender, whatever the reach: an id
    /// that one agency gave is not another's to give.
    pub async fn persons_of_given(
        &self,
        scope: &Scope,
        given: &str,
    ) -> Result<Vec<(i64, bool)>, StoreError> {
        let kinds: Vec<String> = Kind::ALL
            .iter()
            .map(|kind| format!("'{}'", kind.name()))
            .collect();
        let sql = format!(
            "SELECT m.person_id, CAST(CASE WHEN {} THEN 1 ELSE 0 END AS BIGINT) FROM statement s \
             JOIN member m ON m.statement = s.seq AND m.until = {OPEN} \
             WHERE s.source IN (SELECT code FROM source) AND s.kind IN ({}) AND s.fact = $2",
            scope.persons("m.person_id", "$1"),
            kinds.join(", ")
        );
        let rows: Vec<(i64, i64)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(self.keys.ring()?.blind(FACT, &format!("{GIVEN}{given}")))
            .fetch_all(&self.pool)
            .await?;
        let told = |(person, within)| (person, within == 1);
        Ok(rows.into_iter().map(told).collect())
    }
}
