//! What became of each person when entries were written as one: the rows of the change feed.
//!
//! They are made where the golden records are, in the same transaction, and numbered without a gap
//! under the ledger's write lock: whoever has read up to a number has seen all that was written
//! before it. A record that is made anew and says the same makes none.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};
use satu_domain::Kind;
use satu_domain::resolve::GoldenRecord;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::StoreError;
use crate::bulk::{self, Cell};
use crate::changes::ChangeKind;
use crate::kept_record::open_record;
use crate::keys::Ring;
use crate::projection::{AT_ONCE, places};

/// How persons stood before.
pub(crate) struct Before(FxHashMap<i64, (Vec<u8>, BTreeSet<String>)>);

/// How a person stands now, against before.
pub(crate) struct Became {
    person: i64,
    /// Whether there was no such person before.
    new: bool,
    /// The columns of `data_utama` whose golden value is another one, a bit each.
    fields: i64,
    gained: Vec<String>,
    lost: Vec<String>,
}

/// A row without its number: person, kind, fields, other, and the place that alone is told.
type ChangeRow = (i64, ChangeKind, i64, i64, String);

/// Rows that wait to be written.
pub(crate) struct ChangeRows {
    last: i64,
    cells: Vec<Cell>,
    /// How many statements moved, from whom to whom.
    moved: BTreeMap<(i64, i64), i64>,
    /// Of a person who lost statements, who has most of them now.
    into: FxHashMap<i64, i64>,
    /// The same, where that is a new person.
    into_new: FxHashMap<i64, i64>,
    /// Of a new person, whose most of their statements were.
    from: FxHashMap<i64, i64>,
}

impl Before {
    /// How these persons stand; whoever is no person yet is left out.
    pub async fn of(connection: &mut AnyConnection, persons: &[i64]) -> Result<Before, StoreError> {
        let mut found = FxHashMap::default();
        let holes = places(1, persons.len());
        let sql = format!("SELECT person_id, record FROM person WHERE person_id IN ({holes})");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for person in persons {
            query = query.bind(*person);
        }
        for row in query.fetch_all(&mut *connection).await? {
            found.insert(row.try_get(0)?, (row.try_get(1)?, BTreeSet::new()));
        }
        if found.is_empty() {
            return Ok(Before(found));
        }
        let sql = format!("SELECT person_id, place FROM person_place WHERE person_id IN ({holes})");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for person in persons {
            query = query.bind(*person);
        }
        for row in query.fetch_all(connection).await? {
            if let Some((_, agencies)) = found.get_mut(&row.try_get(0)?) {
                agencies.insert(row.try_get(1)?);
            }
        }
        Ok(Before(found))
    }

    /// How a person stands now against before.
    pub fn against(
        &self,
        ring: &Ring,
        person: i64,
        record: &GoldenRecord,
        agencies: &BTreeSet<String>,
    ) -> Result<Became, StoreError> {
        let Some((sealed, before)) = self.0.get(&person) else {
            return Ok(Became {
                person,
                new: true,
                fields: 0,
                gained: Vec::new(),
                lost: Vec::new(),
            });
        };
        Ok(Became {
            person,
            new: false,
            fields: changed(&open_record(ring, person, sealed.clone())?, record),
            gained: agencies.difference(before).cloned().collect(),
            lost: before.difference(agencies).cloned().collect(),
        })
    }
}

/// The columns of `data_utama` in which two records have other values, a bit each.
fn changed(before: &GoldenRecord, now: &GoldenRecord) -> i64 {
    // The fields stand in the order of the columns, without those nobody states.
    let (mut before, mut now) = (
        before.fields.iter().peekable(),
        now.fields.iter().peekable(),
    );
    let mut fields = 0;
    for (at, column) in Kind::DataUtama.columns().iter().enumerate() {
        let old = before.next_if(|field| field.name == *column);
        let new = now.next_if(|field| field.name == *column);
        if old.map(|field| &field.winner.value) != new.map(|field| &field.winner.value) {
            fields |= 1 << at;
        }
    }
    fields
}

impl ChangeRows {
    pub async fn load(connection: &mut AnyConnection) -> Result<ChangeRows, StoreError> {
        let (last,): (i64,) = sqlx::query_as("SELECT COALESCE(MAX(id), 0) FROM change")
            .fetch_one(connection)
            .await?;
        Ok(ChangeRows {
            last,
            cells: Vec::new(),
            moved: BTreeMap::new(),
            into: FxHashMap::default(),
            into_new: FxHashMap::default(),
            from: FxHashMap::default(),
        })
    }

    /// A statement that was one person's is another's now.
    pub fn moved(&mut self, from: i64, to: i64) {
        if from != to {
            *self.moved.entry((from, to)).or_default() += 1;
        }
    }

    /// A doubt is there, or settled.
    pub fn doubt(&mut self, seq: i64, kind: ChangeKind, doubt: i64) {
        self.push(seq, (0, kind, 0, doubt, String::new()));
    }

    /// Works out who came from whom, before the persons are made anew.
    pub async fn prepare(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        let moved = std::mem::take(&mut self.moved);
        self.into.clear();
        self.into_new.clear();
        self.from.clear();
        let to: BTreeSet<i64> = moved.keys().map(|(_, to)| *to).collect();
        let to: Vec<i64> = to.into_iter().collect();
        let mut known = FxHashSet::default();
        for chunk in to.chunks(AT_ONCE) {
            let sql = format!(
                "SELECT person_id FROM person WHERE person_id IN ({})",
                places(1, chunk.len())
            );
            let mut query = sqlx::query_as::<_, (i64,)>(AssertSqlSafe(sql));
            for person in chunk {
                query = query.bind(*person);
            }
            known.extend(
                query
                    .fetch_all(&mut *connection)
                    .await?
                    .iter()
                    .map(|row| row.0),
            );
        }
        let mut moved: Vec<((i64, i64), i64)> = moved.into_iter().collect();
        // The first that is met counts: most statements first, then the lowest number.
        moved.sort_by_key(|(pair, count)| (-count, *pair));
        for ((from, to), _) in moved {
            self.into.entry(from).or_insert(to);
            if !known.contains(&to) {
                self.into_new.entry(from).or_insert(to);
                self.from.entry(to).or_insert(from);
            }
        }
        Ok(())
    }

    /// Takes in how some persons became, ascending; those of `before` that are not among them are
    /// gone.
    pub fn became(&mut self, seq: i64, now: Vec<Became>, before: Before) {
        let mut gone = before.0;
        let mut rows: Vec<ChangeRow> = Vec::new();
        for one in now {
            let person = one.person;
            gone.remove(&person);
            if one.new {
                let from = self.from.get(&person).copied().unwrap_or(0);
                rows.push((person, ChangeKind::Created, 0, from, String::new()));
                continue;
            }
            let told = |kind, agency| (person, kind, 0, 0, agency);
            let gained = one.gained.into_iter();
            rows.extend(gained.map(|agency| told(ChangeKind::Entered, agency)));
            if let Some(into) = self.into_new.get(&person) {
                rows.push((person, ChangeKind::Split, one.fields, *into, String::new()));
            } else if one.fields != 0 {
                rows.push((person, ChangeKind::Changed, one.fields, 0, String::new()));
            }
            let lost = one.lost.into_iter();
            rows.extend(lost.map(|agency| told(ChangeKind::Withdrawn, agency)));
        }
        for (person, (_, agencies)) in gone {
            let (kind, into) = match self.into.get(&person) {
                Some(into) => (ChangeKind::Merged, *into),
                None => (ChangeKind::Withdrawn, 0),
            };
            for agency in std::iter::once(String::new()).chain(agencies) {
                rows.push((person, kind, 0, into, agency));
            }
        }
        rows.sort_unstable();
        for row in rows {
            self.push(seq, row);
        }
    }

    fn push(&mut self, seq: i64, (person, kind, fields, other, agency): ChangeRow) {
        self.last += 1;
        self.cells.extend([
            Cell::Int(self.last),
            Cell::Int(person),
            Cell::Int(seq),
            Cell::Int(kind.code()),
            Cell::Int(fields),
            Cell::Int(other),
            Cell::Text(agency),
        ]);
    }

    /// Writes what waits.
    pub async fn write(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        let into = "change (id, person_id, seq, kind, fields, other, agency)";
        bulk::insert(connection, into, 7, &mut self.cells).await
    }
}
