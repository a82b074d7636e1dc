//! Making golden records anew. While some are made, the database reads what the next are made from
//! and writes those before.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::aside::Aside;
use crate::block_key::Fresh;
use crate::change_rows::Before;
use crate::context::{Context, Contexts};
use crate::golden::Said;
use crate::keys::Ring;
use crate::listed::{in_numbers, listed};
use crate::person_rows::PersonRows;
use crate::scope::holder;
use crate::{Entry, OPEN, Scope, StoreError, units};

use super::{AT_ONCE, Projector};

/// So many times [`AT_ONCE`] persons are written together: some 50 MB in memory.
const CHUNKS_WRITTEN: usize = 40;

/// What the golden records of some persons are made from.
struct Old {
    persons: Vec<i64>,
    /// Whether any of them may have rows from before.
    known: bool,
    before: Before,
    rows: Vec<AnyRow>,
    context: Context,
}

/// What was made of it.
struct Made {
    old: Old,
    rows: PersonRows,
    keys: Vec<(i64, i64)>,
}

impl Old {
    /// Makes the records, on all cores.
    fn make(mut self, ring: &Ring, fresh: Option<&Fresh>) -> Result<Made, StoreError> {
        let context = &self.context;
        let rows = std::mem::take(&mut self.rows);
        let opened = rows
            .par_iter()
            .filter_map(|row| opened(ring, context, row).transpose())
            .collect::<Result<_, _>>()?;
        let said = by_person(opened);
        let made: Vec<PersonRows> = said
            .par_chunks(32)
            .map(|persons| context.rows_of(ring, persons, &self.before))
            .collect::<Result<_, _>>()?;
        let mut rows = PersonRows::default();
        for more in made {
            rows.append(more);
        }
        let gone = |person: &&i64| said.binary_search_by_key(*person, |(one, _)| *one).is_err();
        for person in self.persons.iter().filter(gone) {
            let had = self.before.record(ring, *person)?;
            rows.find(ring, *person, had.as_ref(), None);
        }
        Ok(Made {
            old: self,
            keys: fresh.map_or_else(Vec::new, |fresh| fresh.keys(&said)),
            rows,
        })
    }
}

impl Projector {
    /// Makes the golden records of the persons that changed; everything else must be flushed.
    /// `seq` is the last ledger number of the entries written as one.
    pub async fn refresh(
        &mut self,
        connection: &mut AnyConnection,
        seq: i64,
    ) -> Result<(), StoreError> {
        let stale = std::mem::take(&mut self.stale);
        // Asked before the records are made anew: those persons are told of there.
        let mut moved = BTreeSet::new();
        if self.trees {
            moved = units::moved_persons(connection).await?;
        }
        let moved: Vec<i64> = moved.difference(&stale).copied().collect();
        let stale: Vec<i64> = stale.into_iter().collect();
        let mut last = 0;
        if !stale.is_empty() {
            let sql = "SELECT COALESCE(MAX(person_id), 0) FROM person";
            (last,) = sqlx::query_as(sql).fetch_one(&mut *connection).await?;
        }
        self.changes.prepare(connection).await?;
        let mut rows = PersonRows::default();
        let mut chunks = stale.chunks(AT_ONCE);
        let fresh = self.keys.fresh()?;
        let first = self.read(connection, chunks.next(), last).await?;
        let mut making = self.begin_to_make(fresh.as_ref(), first);
        let mut at = 0;
        while let Some(made) = making {
            let next = self.read(connection, chunks.next(), last).await?;
            let Made {
                old,
                rows: more,
                keys,
            } = made.ended().await?;
            making = self.begin_to_make(fresh.as_ref(), next);
            let tables = ["person", "person_place"];
            for table in tables.iter().filter(|_| old.known) {
                let among = in_numbers(connection, 1);
                let sql = format!("DELETE FROM {table} WHERE person_id {among}");
                sqlx::query(AssertSqlSafe(sql))
                    .bind(listed(old.persons.iter().copied()))
                    .execute(&mut *connection)
                    .await?;
            }
            rows.append(more);
            let became = rows.take_became();
            self.changes
                .became(connection, seq, became, old.before, self.trees)
                .await?;
            self.keys.take(connection, keys).await?;
            at += 1;
            if at % CHUNKS_WRITTEN == 0 {
                if rows.many_lookups() {
                    rows.write(connection).await?;
                } else {
                    rows.write_records(connection).await?;
                }
                self.changes.write(connection).await?;
            }
        }
        self.keys.finish(connection).await?;
        rows.write(connection).await?;
        for chunk in moved.chunks(AT_ONCE) {
            self.changes.replaced(connection, seq, chunk).await?;
            self.changes.write(connection).await?;
        }
        if std::mem::take(&mut self.trees) {
            units::drop_aside(connection).await?;
        }
        self.changes.write(connection).await
    }

    fn begin_to_make(
        &self,
        fresh: Option<&Arc<Fresh>>,
        old: Option<Old>,
    ) -> Option<Aside<Result<Made, StoreError>>> {
        let (ring, fresh) = (self.ring.clone(), fresh.cloned());
        old.map(|old| Aside::begin(move || old.make(&ring, fresh.as_deref())))
    }

    async fn read(
        &mut self,
        connection: &mut AnyConnection,
        persons: Option<&[i64]>,
        last: i64,
    ) -> Result<Option<Old>, StoreError> {
        let Some(persons) = persons else {
            return Ok(None);
        };
        let rows = rows_said(connection, persons, OPEN, &Scope::whole()).await?;
        let statements = statements(&rows)?;
        let context = self.contexts.of(connection, &self.ring, &statements, OPEN);
        let mut old = Old {
            persons: persons.to_vec(),
            known: persons.first().is_some_and(|first| *first <= last),
            before: Before::default(),
            context: context.await?,
            rows,
        };
        if old.known {
            old.before = Before::of(connection, persons).await?;
        }
        Ok(Some(old))
    }
}

/// The statements of a person within reach as known at a ledger number, ascending, and what is around
/// them; without those that are of somebody out of reach by now.
pub(crate) async fn said_of(
    connection: &mut AnyConnection,
    ring: &Ring,
    scope: &Scope,
    person: i64,
    known: i64,
) -> Result<(Context, Vec<Said>), StoreError> {
    let rows = rows_said(connection, &[person], known, scope).await?;
    let statements = statements(&rows)?;
    let mut contexts = Contexts::default();
    let context = contexts.of(connection, ring, &statements, known).await?;
    let opened = rows
        .iter()
        .filter_map(|row| opened(ring, &context, row).transpose());
    let said = opened.map(|one| one.map(|(_, said)| said));
    let said = said.collect::<Result<_, _>>()?;
    Ok((context, said))
}

/// Person, statement, its sealed text, its delivery.
async fn rows_said(
    connection: &mut AnyConnection,
    persons: &[i64],
    known: i64,
    scope: &Scope,
) -> Result<Vec<AnyRow>, StoreError> {
    // What is current is of the persons asked about, who are within reach.
    let all = scope.is_whole() || known == OPEN;
    let within = if all {
        String::new()
    } else {
        format!(" AND {}", scope.persons(&holder("m.statement"), "$3"))
    };
    // What is open has no end; what is known at n began at n or before and ended after n.
    let sql = format!(
        "SELECT m.person_id, m.statement, l.body, s.submission FROM member m \
         JOIN ledger l ON l.seq = m.statement JOIN statement s ON s.seq = m.statement WHERE m.person_id {} AND m.since <= $1 AND (m.until > $1 OR m.until = {OPEN}){within} \
         ORDER BY m.person_id, m.statement",
        in_numbers(connection, 2)
    );
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(known)
        .bind(listed(persons.iter().copied()));
    if !all {
        query = query.bind(scope.value());
    }
    Ok(query.fetch_all(connection).await?)
}

/// Each statement with its delivery.
fn statements(rows: &[AnyRow]) -> Result<Vec<(i64, i64)>, StoreError> {
    let one = |row: &AnyRow| Ok((row.try_get(1)?, row.try_get(3)?));
    rows.iter().map(one).collect()
}

fn by_person(opened: Vec<(i64, Said)>) -> Vec<(i64, Vec<Said>)> {
    let mut found: Vec<(i64, Vec<Said>)> = Vec::new();
    for (person, said) in opened {
        match found.last_mut() {
            Some((last, list)) if *last == person => list.push(said),
            _ => found.push((person, vec![said])),
        }
    }
    found
}

fn opened(ring: &Ring, context: &Context, row: &AnyRow) -> Result<Option<(i64, Said)>, StoreError> {
    let (person, seq): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let Entry::Statement(statement) = ring.entry(seq, row.try_get(2)?)? else {
        return Ok(None);
    };
    let said = context
        .deliveries
        .get(&statement.submission)
        .map(|delivery| Said {
            seq,
            kind: delivery.kind,
            statement,
        });
    Ok(said.map(|said| (person, said)))
}
