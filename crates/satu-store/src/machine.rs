//! What the machine itself reads while it writes: everything, under the ledger's write lock.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use satu_domain::Kind;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::aside::Aside;
use crate::deliveries::{NEWEST, Sent, said_before, says_same};
use crate::entry::{Linked, Statement, Verdict, Way};
use crate::listed::{MOST, in_numbers, listed};
use crate::neighbours::{KNOWN, Known, known, texts};
use crate::projection::{FACT, verdict};
use crate::{OPEN, Scope, StoreError, Writer};

/// Facts of which a save stands, by their keys as they are kept; of each the statement that was before it.
#[derive(Debug, Default)]
pub struct SavedSince(FxHashMap<String, i64>);

impl Writer {
    /// The delivery that said this before, if to take it in would change nothing.
    pub async fn said_before(&mut self, sent: &Sent<'_>) -> Result<Option<i64>, StoreError> {
        said_before(&mut self.tx, &self.ring, &Scope::whole(), sent).await
    }

    /// The facts of a source of which what stands came by another way than this and those that say more at
    /// once, over what had come by one of these.
    pub async fn saved_since(
        &mut self,
        source: &str,
        kind: Kind,
        way: Way,
    ) -> Result<SavedSince, StoreError> {
        // The statements of a delivery stand soon after it: each row has a finding at most beside its own.
        let sql = format!(
            "SELECT s.fact, {NEWEST} FROM submission d CROSS JOIN statement s WHERE d.source = $1 AND d.kind = $2 AND d.way > $3 \
             AND s.seq > d.id AND s.seq <= d.id + 1 + 2 * d.row_count AND s.submission = d.id AND s.superseded_by = $4"
        );
        let rows: Vec<(String, Option<i64>)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(source.to_owned())
            .bind(kind.name())
            .bind(way as i64)
            .bind(OPEN)
            .fetch_all(&mut *self.tx)
            .await?;
        let told = rows.into_iter();
        Ok(SavedSince(
            told.filter_map(|(fact, newest)| Some((fact, newest?)))
                .collect(),
        ))
    }

    /// Whether this says again what was said before a save that stands.
    pub async fn says_again(
        &mut self,
        since: &SavedSince,
        said: &Statement,
    ) -> Result<bool, StoreError> {
        if since.0.is_empty() {
            return Ok(false);
        }
        let Some(before) = since.0.get(&self.ring.blind(FACT, &said.fact)) else {
            return Ok(false);
        };
        let before = texts(&mut self.tx, &self.ring, &[*before]).await?;
        Ok(before.iter().all(|(_, before)| says_same(before, said)))
    }

    /// Gathers all current statements by ledger number, so many at a time: some are opened, on all
    /// cores, and taken in while the database reads the next.
    pub async fn gather_current<T: Send + 'static>(
        &mut self,
        count: i64,
        mut gathered: T,
        take: fn(&mut T, Vec<Known>),
    ) -> Result<T, StoreError> {
        let mut rows = self.current_after(0, count).await?;
        while let Some(last) = rows.last() {
            let (after, ring) = (last.try_get(0)?, self.ring.clone());
            let taking = Aside::begin(move || {
                let opened = rows
                    .par_iter()
                    .filter_map(|row| known(&ring, row).transpose());
                take(&mut gathered, opened.collect::<Result<_, _>>()?);
                Ok::<T, StoreError>(gathered)
            });
            rows = self.current_after(after, count).await?;
            gathered = taking.ended().await?;
        }
        Ok(gathered)
    }

    async fn current_after(&mut self, after: i64, count: i64) -> Result<Vec<AnyRow>, StoreError> {
        // Said of each table: PostgreSQL merges them, and would read the others from their beginning.
        let sql = format!(
            "SELECT {KNOWN} AND m.statement > $2 WHERE s.seq > $2 AND l.seq > $2 AND s.superseded_by = $1 \
             ORDER BY s.seq LIMIT $3"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(OPEN);
        let query = query.bind(after).bind(count);
        Ok(query.fetch_all(&mut *self.tx).await?)
    }

    /// The highest person number ever given.
    pub async fn last_person(&mut self) -> Result<i64, StoreError> {
        let sql = "SELECT COALESCE(MAX(person_id), 0) FROM member";
        Ok(sqlx::query(sql)
            .fetch_one(&mut *self.tx)
            .await?
            .try_get(0)?)
    }

    /// The officers' decisions that stand, by ledger number.
    pub async fn rulings(&mut self) -> Result<Vec<(i64, Verdict)>, StoreError> {
        let sql = "SELECT id, verdict FROM ruling WHERE undone_by = $1 ORDER BY id";
        let mut found = Vec::new();
        for row in sqlx::query(sql).bind(OPEN).fetch_all(&mut *self.tx).await? {
            let id: i64 = row.try_get(0)?;
            found.push((id, verdict(&self.ring, id, row.try_get(1)?)?));
        }
        Ok(found)
    }

    /// The doubts that stand: ledger number and statements.
    pub async fn doubts(&mut self) -> Result<Vec<(i64, Vec<i64>)>, StoreError> {
        let sql = "SELECT id, statements FROM doubt WHERE withdrawn_by = $1 ORDER BY id";
        let mut found = Vec::new();
        for row in sqlx::query(sql).bind(OPEN).fetch_all(&mut *self.tx).await? {
            let (id, text): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            let statements = serde_json::from_str(&text)
                .map_err(|source| StoreError::Entry { seq: id, source })?;
            found.push((id, statements));
        }
        Ok(found)
    }

    /// What an entry moved and nothing has moved since: the statements as they stand now, also those in
    /// whose place others came, and the persons whose they were before.
    pub async fn moved_by(
        &mut self,
        entry: i64,
        linked: &Linked,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = format!(
            "SELECT n.seq, b.person_id FROM member b \
             JOIN member a ON a.statement = b.statement AND a.since = $1 \
             JOIN statement s ON s.seq = b.statement \
             JOIN statement n ON n.source = s.source AND n.kind = s.kind AND n.fact = s.fact AND n.superseded_by = {OPEN} \
             JOIN member h ON h.statement = n.seq AND h.until = {OPEN} \
             WHERE b.statement {} AND b.until = $1 AND NOT EXISTS (SELECT 1 FROM statement v \
             JOIN member w ON w.statement = v.seq WHERE v.source = s.source AND v.kind = s.kind AND v.fact = s.fact \
             AND w.since > $1 AND w.person_id <> a.person_id) ORDER BY n.seq",
            in_numbers(&self.tx, 2)
        );
        let mut found = Vec::new();
        for part in linked.moved.chunks(MOST) {
            let query = sqlx::query_as::<_, (i64, i64)>(AssertSqlSafe(sql.clone()))
                .bind(entry)
                .bind(listed(part.iter().map(|(statement, _)| *statement)));
            found.extend(query.fetch_all(&mut *self.tx).await?);
        }
        Ok(found)
    }

    /// The statements of a person as they stand whose records were not theirs when an entry was written,
    /// and not before; ascending.
    pub async fn came_since(&mut self, person: i64, entry: i64) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT s.seq FROM member m JOIN statement s ON s.seq = m.statement \
                   WHERE m.person_id = $1 AND m.until = $3 AND NOT EXISTS (SELECT 1 FROM statement v \
                   JOIN member w ON w.statement = v.seq WHERE v.source = s.source AND v.kind = s.kind AND v.fact = s.fact \
                   AND w.person_id = $1 AND w.since <= $2) ORDER BY s.seq";
        let query = sqlx::query_scalar(sql).bind(person).bind(entry).bind(OPEN);
        Ok(query.fetch_all(&mut *self.tx).await?)
    }

    /// The person of whom a statement is that stands.
    pub async fn person_of(&mut self, statement: i64) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT person_id FROM member WHERE statement = $1 AND until = $2";
        let row = sqlx::query(sql)
            .bind(statement)
            .bind(OPEN)
            .fetch_optional(&mut *self.tx)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// The statement that stands under a source's key, if one does.
    pub async fn under(
        &mut self,
        source: &str,
        kind: Kind,
        fact: &str,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT seq FROM statement WHERE source = $1 AND kind = $2 AND fact = $3 AND superseded_by = $4";
        let row = sqlx::query(sql)
            .bind(source.to_owned())
            .bind(kind.name())
            .bind(self.ring.blind(FACT, fact))
            .bind(OPEN)
            .fetch_optional(&mut *self.tx)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// The persons who have the records of a decision now, ascending.
    pub async fn persons_of_ruling(&mut self, ruling: i64) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT DISTINCT m.person_id FROM ruling_record k \
                   JOIN statement s ON s.source = k.source AND s.kind = 'data_utama' AND s.fact = k.fact AND s.superseded_by = $2 \
                   JOIN member m ON m.statement = s.seq AND m.until = $2 \
                   WHERE k.ruling = $1 ORDER BY m.person_id";
        let rows: Vec<(i64,)> = sqlx::query_as(sql)
            .bind(ruling)
            .bind(OPEN)
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(rows.into_iter().map(|(person,)| person).collect())
    }

    /// All current statements of a person.
    pub async fn statements_of(&mut self, person: i64) -> Result<Vec<i64>, StoreError> {
        let sql =
            "SELECT statement FROM member WHERE person_id = $1 AND until = $2 ORDER BY statement";
        let rows: Vec<(i64,)> = sqlx::query_as(sql)
            .bind(person)
            .bind(OPEN)
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(rows.into_iter().map(|(statement,)| statement).collect())
    }
}
