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

use crate::bulk::{self, Cell};
use crate::changes::ChangeKind;
use crate::kept_record::open_record;
use crate::keys::Ring;
use crate::listed::{in_numbers, listed};
use crate::{StoreError, units};

/// How persons stood before.
#[derive(Default)]
pub(crate) struct Before(FxHashMap<i64, (Vec<u8>, BTreeSet<String>)>);

/// How a person stands now, against before.
pub(crate) struct Became {
    person: i64,
    /// Whether there was no such person before.
    new: bool,
    /// The columns of `data_utama` whose golden value is another one, a bit each.
    fields: i64,
    /// Where the person is placed, if elsewhere than before.
    placed: Option<BTreeSet<String>>,
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
        let among = in_numbers(connection, 1);
        let sql = format!("SELECT person_id, record FROM person WHERE person_id {among}");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(listed(persons.iter().copied()));
        for row in query.fetch_all(&mut *connection).await? {
            found.insert(row.try_get(0)?, (row.try_get(1)?, BTreeSet::new()));
        }
        if found.is_empty() {
            return Ok(Before(found));
        }
        for (person, placed) in placed(connection, persons).await? {
            if let Some((_, agencies)) = found.get_mut(&person) {
                *agencies = placed;
            }
        }
        Ok(Before(found))
    }

    /// The golden record that a person had; none of whoever was no person.
    pub fn record(&self, ring: &Ring, person: i64) -> Result<Option<GoldenRecord>, StoreError> {
        let sealed = self.0.get(&person).map(|(sealed, _)| sealed.clone());
        sealed
            .map(|sealed| open_record(ring, person, sealed))
            .transpose()
    }

    /// How a person stands now against before, with the record they had.
    pub fn against(
        &self,
        person: i64,
        had: Option<&GoldenRecord>,
        record: &GoldenRecord,
        agencies: &BTreeSet<String>,
    ) -> Became {
        let placed = self.0.get(&person).map(|(_, placed)| placed);
        let moved = placed.is_some_and(|placed| placed != agencies);
        Became {
            person,
            new: had.is_none(),
            fields: had.map_or(0, |had| changed(had, record)),
            placed: moved.then(|| agencies.clone()),
        }
    }
}

/// Where these persons are placed.
async fn placed(
    connection: &mut AnyConnection,
    persons: &[i64],
) -> Result<BTreeMap<i64, BTreeSet<String>>, StoreError> {
    let among = in_numbers(connection, 1);
    let sql = format!("SELECT person_id, place FROM person_place WHERE person_id {among}");
    let query = sqlx::query(AssertSqlSafe(sql)).bind(listed(persons.iter().copied()));
    let mut found: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for row in query.fetch_all(connection).await? {
        let of = found.entry(row.try_get(0)?).or_default();
        of.insert(row.try_get(1)?);
    }
    Ok(found)
}

/// What is above some places: before and now, where that is not the same.
struct Trees {
    before: Option<FxHashMap<String, Vec<String>>>,
    now: FxHashMap<String, Vec<String>>,
}

impl Trees {
    async fn over(
        connection: &mut AnyConnection,
        places: &BTreeSet<String>,
        changed: bool,
    ) -> Result<Trees, StoreError> {
        Ok(Trees {
            before: if changed {
                Some(units::above(connection, units::BEFORE, places).await?)
            } else {
                None
            },
            now: units::above(connection, units::NOW, places).await?,
        })
    }

    /// Every place that reached whoever was placed so before.
    fn before(&self, placed: &BTreeSet<String>) -> BTreeSet<String> {
        reaching(placed, self.before.as_ref().unwrap_or(&self.now))
    }

    /// The rows of a person who came into the reach of places, and left that of others.
    fn moved(&self, person: i64, was: &BTreeSet<String>, is: &BTreeSet<String>) -> Vec<ChangeRow> {
        let (was, is) = (self.before(was), reaching(is, &self.now));
        let told = |kind| move |place: &String| (person, kind, 0, 0, place.clone());
        let entered = is.difference(&was).map(told(ChangeKind::Entered));
        let left = was.difference(&is).map(told(ChangeKind::Withdrawn));
        entered.chain(left).collect()
    }
}

fn reaching(placed: &BTreeSet<String>, above: &FxHashMap<String, Vec<String>>) -> BTreeSet<String> {
    let over = placed.iter().filter_map(|place| above.get(place));
    placed.iter().chain(over.flatten()).cloned().collect()
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
        let sql = format!(
            "SELECT person_id FROM person WHERE person_id {}",
            in_numbers(connection, 1)
        );
        let query = sqlx::query_as::<_, (i64,)>(AssertSqlSafe(sql)).bind(listed(to));
        let rows = query.fetch_all(&mut *connection).await?;
        let known: FxHashSet<i64> = rows.into_iter().map(|(person,)| person).collect();
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
    /// gone. `trees`: those of units changed too.
    pub async fn became(
        &mut self,
        connection: &mut AnyConnection,
        seq: i64,
        now: Vec<Became>,
        before: Before,
        trees: bool,
    ) -> Result<(), StoreError> {
        let mut gone = before.0;
        let mut stayed = Vec::with_capacity(now.len());
        let mut asked = BTreeSet::new();
        for one in now {
            let was = gone.remove(&one.person).map(|(_, was)| was);
            let was = was.filter(|_| trees || one.placed.is_some());
            asked.extend(was.iter().chain(&one.placed).flatten().cloned());
            stayed.push((one, was));
        }
        asked.extend(gone.values().flat_map(|(_, was)| was).cloned());
        let trees = Trees::over(connection, &asked, trees).await?;
        let mut rows: Vec<ChangeRow> = Vec::new();
        for (one, was) in stayed {
            let person = one.person;
            if one.new {
                let from = self.from.get(&person).copied().unwrap_or(0);
                rows.push((person, ChangeKind::Created, 0, from, String::new()));
                continue;
            }
            if let Some(was) = was {
                let is = one.placed.as_ref().unwrap_or(&was);
                rows.extend(trees.moved(person, &was, is));
            }
            if let Some(into) = self.into_new.get(&person) {
                rows.push((person, ChangeKind::Split, one.fields, *into, String::new()));
            } else if one.fields != 0 {
                rows.push((person, ChangeKind::Changed, one.fields, 0, String::new()));
            }
        }
        for (person, (_, was)) in gone {
            let agencies = trees.before(&was);
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
        Ok(())
    }

    /// Takes in persons, ascending, of whom nothing changed but the trees above where they are placed.
    pub async fn replaced(
        &mut self,
        connection: &mut AnyConnection,
        seq: i64,
        persons: &[i64],
    ) -> Result<(), StoreError> {
        let placed = placed(connection, persons).await?;
        let asked = placed.values().flatten().cloned().collect();
        let trees = Trees::over(connection, &asked, true).await?;
        for (person, placed) in placed {
            for row in trees.moved(person, &placed, &placed) {
                self.push(seq, row);
            }
        }
        Ok(())
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
