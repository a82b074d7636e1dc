//! The index in which the records are found that a new one must be compared to: a keyed hash of each
//! blocking key of each current identity row that is of a person, and the row.
//!
//! It is written with the golden records, in the order of the hash, and covered by
//! [`crate::Store::verify`] like every projection.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use satu_domain::Kind;
use satu_linkage::{Keys, Spec};
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::bulk::{self, Cell};
use crate::golden::Said;
use crate::keys::Ring;
use crate::listed::{MOST, in_numbers, listed, number_rows};
use crate::{Entry, StoreError};

/// Entries that wait in memory, 16 bytes each: the more are sorted together, the fewer pages of
/// the index are touched twice. The nation has 123 million.
const WAITING: usize = 50_000_000;

/// The keys of identity rows.
#[derive(Clone)]
struct RowKeys {
    keys: Keys,
    /// Where each field of the specification stands in a `data_utama` row.
    columns: Vec<usize>,
    ring: Arc<Ring>,
}

impl RowKeys {
    fn new(ring: Arc<Ring>) -> Result<RowKeys, StoreError> {
        let spec = Spec::parse(satu_linkage::ASN_SPEC)?;
        let column = |name: &str| Kind::DataUtama.position(name).unwrap_or(usize::MAX);
        Ok(RowKeys {
            keys: Keys::new(&spec),
            columns: spec.fields().iter().map(|one| column(&one.name)).collect(),
            ring,
        })
    }

    fn of(&mut self, seq: i64, cells: &[String], into: &mut Vec<(i64, i64)>) {
        let cell = |at: &usize| cells.get(*at).map_or("", String::as_str);
        let cells: Vec<&str> = self.columns.iter().map(cell).collect();
        let keys = self.keys.of(&cells).into_iter().filter(|key| *key != 0);
        into.extend(keys.map(|key| (self.ring.blind_key(key), seq)));
    }
}

/// What the index must still be told.
pub(crate) struct KeyIndex {
    ring: Arc<Ring>,
    /// Statements that came to a person and are not in the index.
    fresh: FxHashSet<i64>,
    /// Superseded statements that are.
    gone: Vec<i64>,
    waiting: Vec<(i64, i64)>,
}

impl KeyIndex {
    pub fn new(ring: Arc<Ring>) -> KeyIndex {
        KeyIndex {
            ring,
            fresh: FxHashSet::default(),
            gone: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Goes on with other keys, while nothing waits.
    pub fn adopt(&mut self, ring: Arc<Ring>) {
        self.ring = ring;
    }

    /// A statement is of a person now, and was of none.
    pub fn add(&mut self, statement: i64) {
        self.fresh.insert(statement);
    }

    /// A statement that was of a person is superseded.
    pub fn remove(&mut self, statement: i64) {
        if !self.fresh.remove(&statement) {
            self.gone.push(statement);
        }
    }

    /// What came to persons, and how its keys are made; `None` where nothing came.
    pub fn fresh(&mut self) -> Result<Option<Arc<Fresh>>, StoreError> {
        if self.fresh.is_empty() {
            return Ok(None);
        }
        Ok(Some(Arc::new(Fresh {
            rows: RowKeys::new(self.ring.clone())?,
            statements: std::mem::take(&mut self.fresh),
        })))
    }

    /// Takes in keys that were made.
    pub async fn take(
        &mut self,
        connection: &mut AnyConnection,
        made: Vec<(i64, i64)>,
    ) -> Result<(), StoreError> {
        self.waiting.extend(made);
        if self.waiting.len() >= WAITING {
            self.write(connection).await?;
        }
        Ok(())
    }

    async fn write(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        self.waiting.par_sort_unstable();
        self.waiting.dedup();
        let mut cells = Vec::new();
        for part in self.waiting.chunks(bulk::MOST / 2) {
            let pair = |(hash, statement): &(i64, i64)| [Cell::Int(*hash), Cell::Int(*statement)];
            cells.extend(part.iter().flat_map(pair));
            bulk::insert(connection, "block_key (hash, statement)", 2, &mut cells).await?;
        }
        self.waiting.clear();
        Ok(())
    }

    /// Writes what waits, and takes out what is superseded.
    pub async fn finish(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        self.write(connection).await?;
        if self.gone.is_empty() {
            return Ok(());
        }
        let mut rows = RowKeys::new(self.ring.clone())?;
        for statement in std::mem::take(&mut self.gone) {
            let body = sqlx::query("SELECT body FROM ledger WHERE seq = $1")
                .bind(statement)
                .fetch_one(&mut *connection)
                .await?;
            let Entry::Statement(said) = self.ring.entry(statement, body.try_get(0)?)? else {
                continue;
            };
            // Of a history these are keys that the index does not hold.
            let mut keys = Vec::new();
            rows.of(statement, &said.cells, &mut keys);
            if keys.is_empty() {
                continue;
            }
            let sql = format!(
                "DELETE FROM block_key WHERE statement = $1 AND hash {}",
                in_numbers(connection, 2)
            );
            sqlx::query(AssertSqlSafe(sql))
                .bind(statement)
                .bind(listed(keys.into_iter().map(|(hash, _)| hash)))
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

/// Statements that came to a person and are not in the index.
pub(crate) struct Fresh {
    rows: RowKeys,
    statements: FxHashSet<i64>,
}

impl Fresh {
    /// The keys of those among these persons' statements, on all cores.
    pub fn keys(&self, said: &[(i64, Vec<Said>)]) -> Vec<(i64, i64)> {
        let of_some = |rows: &mut RowKeys, persons: &[(i64, Vec<Said>)]| {
            let mut found = Vec::new();
            let said = persons.iter().flat_map(|(_, said)| said);
            for one in said.filter(|one| one.kind == Kind::DataUtama) {
                if self.statements.contains(&one.seq) {
                    rows.of(one.seq, &one.statement.cells, &mut found);
                }
            }
            found
        };
        said.par_chunks(32)
            .map_with(self.rows.clone(), of_some)
            .flatten_iter()
            .collect()
    }
}

/// For each of these keys the first `most` statements that have it, by number.
pub(crate) async fn having(
    connection: &mut AnyConnection,
    ring: &Ring,
    keys: &[u64],
    most: usize,
) -> Result<Vec<(u64, Vec<i64>)>, StoreError> {
    let mut found: FxHashMap<u64, Vec<i64>> = keys.iter().map(|key| (*key, Vec::new())).collect();
    let blinded: FxHashMap<i64, u64> = keys
        .iter()
        .map(|key| (ring.blind_key(*key), *key))
        .collect();
    // A limit for each key: a number that half the nation fills in costs no more than another. One
    // row for each key: handing rows over one by one takes longer than finding them.
    let sql = format!(
        "SELECT k.value, (SELECT string_agg(CAST(b.statement AS TEXT), ',') FROM (SELECT statement FROM block_key \
         WHERE hash = k.value ORDER BY statement LIMIT {most}) AS b) FROM {} AS k",
        number_rows(connection, 1)
    );
    let hashes: Vec<i64> = blinded.keys().copied().collect();
    for part in hashes.chunks(MOST) {
        let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(listed(part.iter().copied()));
        for row in query.fetch_all(&mut *connection).await? {
            let (hash, Some(list)): (i64, Option<String>) = (row.try_get(0)?, row.try_get(1)?)
            else {
                continue;
            };
            if let Some(into) = blinded.get(&hash).and_then(|key| found.get_mut(key)) {
                into.extend(list.split(',').filter_map(|one| one.parse::<i64>().ok()));
                into.sort_unstable();
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Up to `count` entries of the index after this one, in its order.
pub(crate) async fn page_after(
    connection: &mut AnyConnection,
    after: (i64, i64),
    count: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let sql = "SELECT hash, statement FROM block_key WHERE hash >= $1 AND (hash > $1 OR statement > $2) \
               ORDER BY hash, statement LIMIT $3";
    Ok(sqlx::query_as(sql)
        .bind(after.0)
        .bind(after.1)
        .bind(count)
        .fetch_all(connection)
        .await?)
}
