//! What is read to compare one record, or one file, with those that the register holds: whole
//! records of whomever they are. It belongs to `satu-registry`, which links by it, and gives out of
//! it only what [`Neighbours::within`] lets through.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt, try_join, try_join_all};
use rustc_hash::FxHashMap;
use satu_domain::Kind;
use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row, Transaction};
use tokio::sync::OwnedMutexGuard;

use crate::block_key::having;
use crate::entry::{Doubt, RecordKey, Statement, Verdict};
use crate::keys::Ring;
use crate::listed::{MOST, in_numbers, listed};
use crate::projection::{FACT, verdict};
use crate::{Entry, OPEN, Scope, Store, StoreError, Writer};

/// A current statement and where it stands.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its ledger number.
    pub seq: i64,
    /// What it speaks of.
    pub kind: Kind,
    /// Whose source says it.
    pub source: String,
    /// Of whom it is, once linked.
    pub person: Option<i64>,
    /// Whether a linkage run said so. If not, it came in the place of a row of that person.
    pub judged: bool,
    /// What it says.
    pub statement: Statement,
}

impl Known {
    /// The record that it is of.
    pub fn record(&self) -> RecordKey {
        RecordKey {
            source: self.source.clone(),
            fact: self.statement.fact.clone(),
        }
    }
}

/// The columns that [`known`] reads, and the tables they come from; `$1` is [`OPEN`].
pub(crate) const KNOWN: &str = "s.seq, s.kind, s.source, m.person_id, m.since, l.body \
     FROM statement s JOIN ledger l ON l.seq = s.seq \
     LEFT JOIN member m ON m.statement = s.seq AND m.until = $1";

/// Reads a row of [`KNOWN`]; none where it is no statement.
pub(crate) fn known(ring: &Ring, row: &AnyRow) -> Result<Option<Known>, StoreError> {
    let (seq, kind): (i64, &str) = (row.try_get(0)?, row.try_get(1)?);
    let (Some(kind), Entry::Statement(statement)) =
        (Kind::from_name(kind), ring.entry(seq, row.try_get(5)?)?)
    else {
        return Ok(None);
    };
    let since: Option<i64> = row.try_get(4)?;
    Ok(Some(Known {
        seq,
        kind,
        source: row.try_get(2)?,
        person: row.try_get(3)?,
        judged: since.is_some_and(|since| since != seq),
        statement,
    }))
}

/// Connections that read beside the one that asks, so that pages which are not in memory come several at a
/// time.
const BESIDE: usize = 3;
/// Fewest rows, or keys, that are worth a connection.
const WORTH: usize = 4;

/// What is found for a part of a list.
type Answers<'a, R> = BoxFuture<'a, Result<Vec<R>, StoreError>>;

/// The questions, asked through one connection; long lists through those beside it, too.
pub struct Neighbours<'a> {
    own: &'a mut AnyConnection,
    ring: &'a Ring,
    beside: Option<&'a mut Vec<AnyConnection>>,
}

/// A moment of the register to ask about.
pub struct Moment {
    own: Transaction<'static, Any>,
    ring: Arc<Ring>,
    /// None while another has them: then the disk is not idle.
    beside: Option<OwnedMutexGuard<Vec<AnyConnection>>>,
}

impl Moment {
    /// The questions that can be asked.
    pub fn neighbours(&mut self) -> Neighbours<'_> {
        Neighbours {
            own: &mut self.own,
            ring: &self.ring,
            beside: self.beside.as_deref_mut(),
        }
    }

    /// Whether something was written since it began: what was read beside it may be of later then.
    pub async fn is_past(&mut self) -> Result<bool, StoreError> {
        let now = self.beside.as_deref_mut().and_then(|all| all.first_mut());
        let Some(now) = now else {
            return Ok(false);
        };
        let sql = "SELECT MAX(seq) FROM ledger";
        let (then, now): (Option<i64>, Option<i64>) = try_join(
            sqlx::query_scalar(sql).fetch_one(&mut *self.own),
            sqlx::query_scalar(sql).fetch_one(now),
        )
        .await?;
        Ok(then != now)
    }
}

impl Store {
    /// The register as it stands now, while others write. It is read by several connections where they are
    /// free: what is found is of that moment only if it [`Moment::is_past`] not in the end.
    pub async fn moment(&self) -> Result<Moment, StoreError> {
        let mut beside = self.beside.clone().try_lock_owned().ok();
        if let Some(beside) = &mut beside {
            while beside.len() < BESIDE {
                beside.push(self.pool.acquire().await?.detach());
            }
        }
        let alone = self.moment_alone().await?;
        Ok(Moment { beside, ..alone })
    }

    /// The register as it stands now, read by one connection.
    pub async fn moment_alone(&self) -> Result<Moment, StoreError> {
        Ok(Moment {
            own: self.reading().await?,
            ring: self.keys.ring()?,
            beside: None,
        })
    }
}

impl Writer {
    /// The same questions, under the ledger's write lock.
    pub fn neighbours(&mut self) -> Neighbours<'_> {
        Neighbours {
            own: &mut self.tx,
            ring: &self.ring,
            beside: None,
        }
    }

    /// Up to `count` statements after a ledger number that no linkage run has judged: new ones, those
    /// that came in another's place, and histories of whom nobody knows the person.
    pub async fn unjudged(&mut self, after: i64, count: i64) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT statement FROM unjudged WHERE statement > $1 ORDER BY statement LIMIT $2";
        let rows: Vec<(i64,)> = sqlx::query_as(sql)
            .bind(after)
            .bind(count)
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(rows.into_iter().map(|(statement,)| statement).collect())
    }
}

impl Neighbours<'_> {
    /// For each of these blocking keys the first `most` identity rows that have it and are of a
    /// person, by ledger number.
    pub async fn having(
        &mut self,
        keys: &[u64],
        most: usize,
    ) -> Result<FxHashMap<u64, Vec<i64>>, StoreError> {
        let found = self
            .spread(keys, move |connection, ring, part| {
                having(connection, ring, part, most).boxed()
            })
            .await?;
        Ok(found.into_iter().collect())
    }

    /// These statements, those that are current; ascending.
    pub async fn statements(&mut self, numbers: &[i64]) -> Result<Vec<Known>, StoreError> {
        let among = in_numbers(self.own, 2);
        let condition = format!("s.superseded_by = $1 AND s.seq {among}");
        self.known(&condition, numbers).await
    }

    /// What these statements say, whose ever they are; ascending, where they are given so.
    pub async fn texts(&mut self, numbers: &[i64]) -> Result<Vec<(i64, Statement)>, StoreError> {
        self.spread(numbers, |connection, ring, part| {
            texts(connection, ring, part).boxed()
        })
        .await
    }

    /// Asks for a list in parts, one for each connection.
    async fn spread<T: Sync, R: Send>(
        &mut self,
        all: &[T],
        ask: impl for<'c> Fn(&'c mut AnyConnection, &'c Ring, &'c [T]) -> Answers<'c, R>,
    ) -> Result<Vec<R>, StoreError> {
        // They come back only from where nothing failed.
        let beside = self.beside.as_deref_mut().map(std::mem::take);
        let mut beside = beside.unwrap_or_default();
        let len = all.len().div_ceil(1 + beside.len()).max(WORTH);
        let connections = std::iter::once(&mut *self.own).chain(&mut beside);
        let parts = connections.zip(all.chunks(len));
        let asked = parts.map(|(connection, part)| ask(connection, self.ring, part));
        let found = try_join_all(asked).await?;
        if let Some(kept) = self.beside.as_deref_mut() {
            *kept = beside;
        }
        Ok(found.into_iter().flatten().collect())
    }

    /// All current statements of these persons; ascending.
    pub async fn members(&mut self, persons: &[i64]) -> Result<Vec<Known>, StoreError> {
        let among = in_numbers(self.own, 2);
        let of_them =
            format!("SELECT statement FROM member WHERE until = $1 AND person_id {among}");
        let condition = format!("s.seq IN ({of_them})");
        self.known(&condition, persons).await
    }

    async fn known(&mut self, condition: &str, numbers: &[i64]) -> Result<Vec<Known>, StoreError> {
        // Sorted, not read in order: the driver wakes a thread for each row that it has to wait for.
        let sql = format!("SELECT {KNOWN} WHERE {condition} ORDER BY +s.seq");
        let mut found = Vec::with_capacity(numbers.len());
        for part in numbers.chunks(MOST) {
            let query = sqlx::query(AssertSqlSafe(sql.clone()))
                .bind(OPEN)
                .bind(listed(part.iter().copied()));
            for row in query.fetch_all(&mut *self.own).await? {
                found.extend(known(self.ring, &row)?);
            }
        }
        found.sort_unstable_by_key(|one: &Known| one.seq);
        Ok(found)
    }

    /// The officers' decisions that stand about any of these records, by ledger number.
    pub async fn rulings_on(
        &mut self,
        records: &[RecordKey],
    ) -> Result<Vec<(i64, Verdict)>, StoreError> {
        const PARTS: usize = 100;
        let mut found: Vec<(i64, Verdict)> = Vec::new();
        for chunk in records.chunks(PARTS) {
            let one = |at: usize| {
                format!(
                    "SELECT ruling FROM ruling_record WHERE source = ${} AND fact = ${}",
                    2 * at + 2,
                    2 * at + 3
                )
            };
            let parts: Vec<String> = (0..chunk.len()).map(one).collect();
            let sql = format!(
                "SELECT id, verdict FROM ruling WHERE undone_by = $1 AND id IN ({})",
                parts.join(" UNION ALL ")
            );
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(OPEN);
            for record in chunk {
                query = query
                    .bind(record.source.clone())
                    .bind(self.ring.blind(FACT, &record.fact));
            }
            for row in query.fetch_all(&mut *self.own).await? {
                let id: i64 = row.try_get(0)?;
                found.push((id, verdict(self.ring, id, row.try_get(1)?)?));
            }
        }
        found.sort_unstable_by_key(|(id, _)| *id);
        found.dedup_by_key(|(id, _)| *id);
        Ok(found)
    }

    /// The statements with which a source has said this record: the current one last.
    pub async fn versions(&mut self, record: &RecordKey) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT seq FROM statement WHERE source = $1 AND kind = 'data_utama' AND fact = $2 ORDER BY seq";
        let rows: Vec<(i64,)> = sqlx::query_as(sql)
            .bind(record.source.clone())
            .bind(self.ring.blind(FACT, &record.fact))
            .fetch_all(&mut *self.own)
            .await?;
        Ok(rows.into_iter().map(|(seq,)| seq).collect())
    }

    /// The statements in whose place no other came, of the records that these are of; of a record that
    /// its source ended there is none.
    pub async fn current(&mut self, numbers: &[i64]) -> Result<FxHashMap<i64, i64>, StoreError> {
        let sql = format!(
            "SELECT s.seq, n.seq FROM statement s JOIN statement n ON n.source = s.source AND n.kind = s.kind \
             AND n.fact = s.fact AND n.superseded_by = $1 WHERE s.seq {}",
            in_numbers(self.own, 2)
        );
        let mut found = FxHashMap::default();
        for part in numbers.chunks(MOST) {
            let query = sqlx::query_as::<_, (i64, i64)>(AssertSqlSafe(sql.clone()))
                .bind(OPEN)
                .bind(listed(part.iter().copied()));
            found.extend(query.fetch_all(&mut *self.own).await?);
        }
        Ok(found)
    }

    /// The doubts that stand about any of these statements, by ledger number.
    pub async fn doubts_on(&mut self, statements: &[i64]) -> Result<Vec<(i64, Doubt)>, StoreError> {
        let sql = format!(
            "SELECT id, statements, pairs FROM doubt WHERE withdrawn_by = $1 AND id IN \
             (SELECT doubt FROM doubt_record WHERE statement {}) ORDER BY id",
            in_numbers(self.own, 2)
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(OPEN)
            .bind(listed(statements.iter().copied()));
        let mut found = Vec::new();
        for row in query.fetch_all(&mut *self.own).await? {
            let id: i64 = row.try_get(0)?;
            let fault = |source| StoreError::Entry { seq: id, source };
            let doubt = Doubt {
                statements: serde_json::from_str(row.try_get(1)?).map_err(fault)?,
                pairs: serde_json::from_str(row.try_get(2)?).map_err(fault)?,
            };
            found.push((id, doubt));
        }
        Ok(found)
    }

    /// Those of the persons who are within reach.
    pub async fn within(
        &mut self,
        scope: &Scope,
        persons: &[i64],
    ) -> Result<BTreeSet<i64>, StoreError> {
        if persons.is_empty() {
            return Ok(BTreeSet::new());
        }
        let sql = format!(
            "SELECT p.person_id FROM person p WHERE {} AND p.person_id {}",
            scope.persons("p.person_id", "$1"),
            in_numbers(self.own, 2)
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(listed(persons.iter().copied()));
        let rows = query.fetch_all(&mut *self.own).await?;
        let found = rows.iter().map(|row| row.try_get(0));
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The hash of the newest linkage model's text.
    pub async fn newest_model(&mut self) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT raw FROM model ORDER BY id DESC LIMIT 1")
            .fetch_optional(&mut *self.own)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }
}

/// What these statements say.
pub(crate) async fn texts(
    connection: &mut AnyConnection,
    ring: &Ring,
    numbers: &[i64],
) -> Result<Vec<(i64, Statement)>, StoreError> {
    let sql = format!(
        "SELECT seq, body FROM ledger WHERE seq {} ORDER BY +seq",
        in_numbers(connection, 1)
    );
    let mut found = Vec::with_capacity(numbers.len());
    for part in numbers.chunks(MOST) {
        let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(listed(part.iter().copied()));
        for row in query.fetch_all(&mut *connection).await? {
            let seq = row.try_get(0)?;
            if let Entry::Statement(statement) = ring.entry(seq, row.try_get(1)?)? {
                found.push((seq, statement));
            }
        }
    }
    Ok(found)
}
