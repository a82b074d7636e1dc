//! Questions about doubts and officers' decisions.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AssertSqlSafe, Row};

use crate::accounts::moment_of;
use crate::entry::{Doubt, Statement, Verdict};
use crate::keys::{Place, Ring};
use crate::projection::verdict;
use crate::{Entry, OPEN, Scope, Store, StoreError};

/// A doubt with the records it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDoubt {
    /// Its ledger number.
    pub id: i64,
    /// What was said of it.
    pub doubt: Doubt,
    /// The records, in the order of `doubt.statements`.
    pub records: Vec<DoubtRecord>,
    /// Who could not tell, and why, where somebody has looked.
    pub deferred: Option<(String, String)>,
}

/// One record in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubtRecord {
    /// Its statement's ledger number.
    pub number: i64,
    /// The person it is of now, whatever its source has said of it since; none where it stands no more.
    pub person: Option<i64>,
    /// The source's code.
    pub source: String,
    /// The file.
    pub file: String,
    /// The day the source spoke for.
    pub stated_on: Date,
    /// What it states.
    pub statement: Statement,
}

/// An officer's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Its ledger number.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What was decided.
    pub verdict: Verdict,
    /// Who decided.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Whether it was taken back.
    pub undone: bool,
}

fn decided_by(scope: &Scope, which: &str) -> String {
    format!(
        "SELECT r.id, l.recorded_at, r.verdict, r.decided_by, r.reason, r.undone_by FROM ruling r \
         JOIN ledger l ON l.seq = r.id WHERE NOT EXISTS (SELECT 1 FROM ruling_record k \
         LEFT JOIN statement s ON s.source = k.source AND s.kind = 'data_utama' AND s.fact = k.fact AND s.superseded_by = {OPEN} \
         LEFT JOIN member m ON m.statement = s.seq AND m.until = {OPEN} \
         WHERE k.ruling = r.id AND NOT ({})) AND {which}",
        scope.persons("m.person_id", "$1")
    )
}

fn decided(ring: &Ring, row: &sqlx::any::AnyRow) -> Result<Decided, StoreError> {
    let (id, at): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok(Decided {
        id,
        at: moment_of(at),
        verdict: verdict(ring, id, row.try_get(2)?)?,
        by: row.try_get(3)?,
        reason: ring.text(Place::reason(id), row.try_get(4)?)?,
        undone: row.try_get::<i64, _>(5)? != OPEN,
    })
}

/// How far behind all others a doubt stands that somebody has looked at.
const BEHIND: i64 = 1 << 59;

/// The doubts `d` within reach that wait.
fn waiting(scope: &Scope) -> String {
    format!(
        "FROM doubt d WHERE d.withdrawn_by = {OPEN} AND {}",
        scope.doubts("d.id", "$1")
    )
}

/// The place of a doubt `d` among those that wait.
fn place() -> String {
    format!("d.id + CASE WHEN d.deferred_by = {OPEN} THEN 0 ELSE {BEHIND} END")
}

impl Store {
    /// The numbers of the doubts within reach that wait, those nobody has looked at first: how
    /// many there are, and up to `count` after the first `skip`.
    pub async fn queue(
        &self,
        scope: &Scope,
        skip: i64,
        count: i64,
    ) -> Result<(i64, Vec<i64>), StoreError> {
        let condition = waiting(scope);
        let (total,): (i64,) =
            sqlx::query_as(AssertSqlSafe(format!("SELECT COUNT(*) {condition}")))
                .bind(scope.value())
                .fetch_one(&self.pool)
                .await?;
        let sql = format!(
            "SELECT d.id {condition} ORDER BY {} LIMIT $2 OFFSET $3",
            place()
        );
        let rows: Vec<(i64,)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(count)
            .bind(skip)
            .fetch_all(&self.pool)
            .await?;
        Ok((total, rows.into_iter().map(|(id,)| id).collect()))
    }

    /// The places and numbers of up to `count` doubts of the same queue that stand behind a place, 0
    /// the one before all: whoever goes on from the last place misses none, though others left the
    /// queue meanwhile.
    pub async fn queue_behind(
        &self,
        scope: &Scope,
        behind: i64,
        count: i64,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        let (condition, place) = (waiting(scope), place());
        let sql =
            format!("SELECT {place}, d.id {condition} AND {place} > $2 ORDER BY {place} LIMIT $3");
        let rows = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(behind)
            .bind(count)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows)
    }

    /// A doubt that waits, if it is within reach.
    pub async fn doubt(&self, scope: &Scope, id: i64) -> Result<Option<OpenDoubt>, StoreError> {
        let ring = self.keys.ring()?;
        let mut connection = self.pool.acquire().await?;
        let sql = format!(
            "SELECT l.body, d.deferred_by FROM doubt d JOIN ledger l ON l.seq = d.id \
             WHERE d.id = $2 AND d.withdrawn_by = {OPEN} AND {}",
            scope.doubts("d.id", "$1")
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&mut *connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let deferred_by: i64 = row.try_get(1)?;
        let Entry::Doubt(doubt) = ring.entry(id, row.try_get(0)?)? else {
            return Ok(None);
        };
        let deferred = sqlx::query("SELECT body FROM ledger WHERE seq = $1")
            .bind(deferred_by)
            .fetch_optional(&mut *connection)
            .await?;
        let deferred = match deferred {
            Some(row) => match ring.entry(deferred_by, row.try_get(0)?)? {
                Entry::Deferred { by, reason, .. } => Some((by, reason)),
                _ => None,
            },
            None => None,
        };
        let mut records = Vec::with_capacity(doubt.statements.len());
        for number in &doubt.statements {
            let sql = format!(
                "SELECT l.body, o.body, m.person_id, s.submission FROM statement s JOIN ledger l ON l.seq = s.seq \
                 JOIN ledger o ON o.seq = s.submission \
                 LEFT JOIN statement n ON n.source = s.source AND n.kind = s.kind AND n.fact = s.fact AND n.superseded_by = {OPEN} \
                 LEFT JOIN member m ON m.statement = n.seq AND m.until = {OPEN} WHERE s.seq = $1"
            );
            let row = sqlx::query(AssertSqlSafe(sql))
                .bind(*number)
                .fetch_optional(&mut *connection)
                .await?;
            let Some(row) = row else { continue };
            let submission: i64 = row.try_get(3)?;
            if let (Entry::Statement(statement), Entry::Submission(sent)) = (
                ring.entry(*number, row.try_get(0)?)?,
                ring.entry(submission, row.try_get(1)?)?,
            ) {
                records.push(DoubtRecord {
                    number: *number,
                    person: row.try_get(2)?,
                    source: sent.source,
                    file: sent.file,
                    stated_on: sent.stated_on,
                    statement,
                });
            }
        }
        Ok(Some(OpenDoubt {
            id,
            doubt,
            records,
            deferred,
        }))
    }

    /// The newest decisions within reach: those whose records are all of persons within it.
    pub async fn decisions(&self, scope: &Scope, count: i64) -> Result<Vec<Decided>, StoreError> {
        let sql = decided_by(scope, "1 = 1 ORDER BY r.id DESC LIMIT $2");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(count)
            .fetch_all(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        rows.iter().map(|row| decided(&ring, row)).collect()
    }

    /// One decision, if it is within reach.
    pub async fn decision(&self, scope: &Scope, id: i64) -> Result<Option<Decided>, StoreError> {
        let row = sqlx::query(AssertSqlSafe(decided_by(scope, "r.id = $2")))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        row.as_ref().map(|row| decided(&ring, row)).transpose()
    }

    /// What was written as one with an entry, behind it, with ledger numbers.
    pub async fn written_with(&self, seq: i64) -> Result<Vec<(i64, Entry)>, StoreError> {
        let ring = self.keys.ring()?;
        let sql = "SELECT l.body FROM ledger l JOIN ledger f ON f.recorded_at = l.recorded_at \
                   WHERE f.seq = $1 AND l.seq = $2";
        let mut found = Vec::new();
        for behind in seq + 1.. {
            let row: Option<(Vec<u8>,)> = sqlx::query_as(sql)
                .bind(seq)
                .bind(behind)
                .fetch_optional(&self.pool)
                .await?;
            let Some((body,)) = row else { break };
            found.push((behind, ring.entry(behind, body)?));
        }
        Ok(found)
    }

    /// The newest linkage model's JSON text: no person's data but the hashes of common values.
    pub async fn model(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let row: Option<(String,)> =
            sqlx::query_as("SELECT raw FROM model ORDER BY id DESC LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        let Some((raw,)) = row else { return Ok(None) };
        let mut text = Vec::new();
        let kept = self.read_raw(&raw, &mut text).await?;
        Ok(kept.then_some(text))
    }
}
