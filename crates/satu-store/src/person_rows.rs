//! The rows that a person has in the projections: the golden record, the agencies that may see
//! it, and everything by which the person is found.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use satu_domain::resolve::Offer;
use satu_linkage::standard;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::StoreError;
use crate::bulk::{self, Cell};
use crate::change_rows::{Became, Before};
use crate::golden::{Context, Said};
use crate::keys::{Place, Ring};
use crate::place::key;
use crate::projection::{AT_ONCE, places};

/// The numbers by which a person is found.
pub(crate) const NUMBERS: [&str; 3] = ["nip", "nik", "nip_lama"];

/// Bytes that a golden record has at most, mostly.
const ROOM: usize = 2_048;

/// Digits of a NIK.
const NIK: usize = 16;
/// So many digits in a name are no name, but a number in the wrong column.
const MANY_DIGITS: usize = 9;

/// Look-ups that wait at most, some 400 MB in memory: they go all over their table, and each time they do
/// nearly every page of it is written anew.
const LOOKUPS: usize = 4_000_000;

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Under what a number finds a person. An employee number stands as it is, so that it is found by its
/// beginning; a NIK, or what may be one in another's place, only by a keyed hash of the whole.
pub(crate) fn shelved(ring: &Ring, field: &str, number: &str) -> String {
    let plain = match field {
        "nip" => digits(number) != NIK,
        "nip_lama" => digits(number) == 9,
        _ => false,
    };
    if plain {
        number.to_owned()
    } else {
        // No digit: none is found by the beginning of a number.
        format!("~{}", ring.blind(field, number))
    }
}

/// Rows of several persons that wait to be written.
#[derive(Default)]
pub(crate) struct PersonRows {
    persons: Vec<Cell>,
    agencies: Vec<Cell>,
    lookups: Vec<(&'static str, String, i64)>,
    words: BTreeSet<String>,
    became: Vec<Became>,
}

/// The spellings that a slip of one letter has in common with a word: itself, and itself without
/// one letter. Two words one slip apart share at least one of them (Garbe's symmetric deletion).
pub(crate) fn near(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut found = BTreeSet::from([word.to_owned()]);
    if letters.len() >= 4 {
        for gone in 0..letters.len() {
            let kept = letters.iter().enumerate().filter(|(at, _)| *at != gone);
            found.insert(kept.map(|(_, letter)| letter).collect());
        }
    }
    found
}

impl Context {
    /// The rows of some persons.
    pub fn rows_of(
        &self,
        ring: &Ring,
        persons: &[(i64, Vec<Said>)],
        before: &Before,
    ) -> Result<PersonRows, StoreError> {
        let mut rows = PersonRows::default();
        for (person, said) in persons {
            self.add_rows(ring, *person, said, before, &mut rows)?;
        }
        Ok(rows)
    }

    fn add_rows(
        &self,
        ring: &Ring,
        person: i64,
        said: &[Said],
        before: &Before,
        rows: &mut PersonRows,
    ) -> Result<(), StoreError> {
        let record = self.record(said, None);
        let text = |name: &str| record.value(name).unwrap_or_default().to_owned();
        let kept = ring.seal_written(Place::record(person), ROOM, |bytes| {
            self.keep(said, &record, bytes).map_err(StoreError::Encode)
        })?;
        let mut names = [text("nama"), text("nip")];
        if digits(&names[0]) >= MANY_DIGITS {
            names[0].clear();
        }
        if digits(&names[1]) == NIK {
            names[1].clear();
        }
        let [nama, nip] = names;
        rows.persons.extend([
            Cell::Int(person),
            Cell::Text(nama),
            Cell::Text(nip),
            Cell::Int(record.conflicts().count() as i64),
            Cell::Int(i64::from(self.is_ghost(said))),
            Cell::Bytes(kept),
        ]);
        let placed = ["instansi_induk", "instansi_kerja"].map(|name| key(&text(name), ""));
        let speaking = said
            .iter()
            .filter_map(|one| self.origin(one))
            .map(|(_, source)| key(&source.instansi, ""));
        let mut agencies: BTreeSet<String> = speaking.chain(placed).collect();
        // A unit is one of the agency where the person works.
        let works = ["instansi_kerja", "instansi_induk"].map(text);
        if let Some(works) = works.iter().find(|name| !name.is_empty()) {
            let units = ["unor", "satuan_kerja"].map(text);
            agencies.extend(units.map(|unit| key(works, &unit)));
        }
        agencies.remove("");
        rows.became
            .push(before.against(ring, person, &record, &agencies)?);
        for agency in agencies {
            rows.agencies
                .extend([Cell::Int(person), Cell::Text(agency)]);
        }
        // Every value that anybody states finds the person, not only the one that stands.
        let mut found = BTreeSet::new();
        for field in &record.fields {
            let offers = std::iter::once(&field.winner).chain(&field.losers);
            match field.name {
                "nama" => {
                    for offer in offers {
                        let name = standard::name(&offer.value);
                        let words = name.split(' ').filter(|word| !word.is_empty());
                        for word in words.filter(|word| digits(word) < MANY_DIGITS) {
                            rows.words.insert(word.to_owned());
                            found.insert(("nama", word.to_owned()));
                        }
                    }
                }
                name => {
                    if let Some(number) = NUMBERS.iter().find(|number| **number == name) {
                        let shelved = |offer: &Offer| shelved(ring, number, &offer.value);
                        found.extend(offers.map(|offer| (*number, shelved(offer))));
                    }
                }
            }
        }
        for (field, value) in found {
            rows.lookups.push((field, value, person));
        }
        Ok(())
    }
}

impl PersonRows {
    pub fn append(&mut self, mut more: PersonRows) {
        self.persons.append(&mut more.persons);
        self.agencies.append(&mut more.agencies);
        self.lookups.append(&mut more.lookups);
        self.words.append(&mut more.words);
        self.became.append(&mut more.became);
    }

    /// How the persons became, against before.
    pub fn take_became(&mut self) -> Vec<Became> {
        std::mem::take(&mut self.became)
    }

    /// Whether so many look-ups wait that they must be written.
    pub fn many_lookups(&self) -> bool {
        self.lookups.len() >= LOOKUPS
    }

    /// Writes the records that wait, not what they are found by.
    pub async fn write_records(
        &mut self,
        connection: &mut AnyConnection,
    ) -> Result<(), StoreError> {
        let into = "person (person_id, nama, nip, conflicts, ghost, record)";
        bulk::insert(connection, into, 6, &mut self.persons).await?;
        let into = "person_place (person_id, place)";
        bulk::insert(connection, into, 2, &mut self.agencies).await
    }

    /// Writes all that waits. `gone` are the words that the persons' names had before; those that
    /// nobody has any more go.
    pub async fn write(
        &mut self,
        connection: &mut AnyConnection,
        gone: BTreeSet<String>,
    ) -> Result<(), StoreError> {
        self.write_records(connection).await?;
        let into = "lookup (field, value, person_id)";
        // In the order of the key, so that many rows for one page of it come together.
        self.lookups.par_sort_unstable();
        let mut cells = Vec::new();
        let mut lookups = std::mem::take(&mut self.lookups).into_iter().peekable();
        while lookups.peek().is_some() {
            for (field, value, person) in lookups.by_ref().take(bulk::MOST / 3) {
                cells.extend([
                    Cell::Text(field.to_owned()),
                    Cell::Text(value),
                    Cell::Int(person),
                ]);
            }
            bulk::insert(connection, into, 3, &mut cells).await?;
        }
        let words = std::mem::take(&mut self.words);
        for word in gone.difference(&words) {
            let sql = "DELETE FROM name_word WHERE word = $1 \
                       AND NOT EXISTS (SELECT 1 FROM lookup WHERE field = 'nama' AND value = $1)";
            sqlx::query(sql)
                .bind(word.clone())
                .execute(&mut *connection)
                .await?;
        }
        let new: Vec<&String> = words.difference(&gone).collect();
        let mut cells = Vec::new();
        for chunk in new.chunks(AT_ONCE) {
            let sql = format!(
                "SELECT DISTINCT word FROM name_word WHERE word IN ({})",
                places(1, chunk.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for word in chunk {
                query = query.bind((*word).clone());
            }
            let mut known = FxHashSet::default();
            for row in query.fetch_all(&mut *connection).await? {
                known.insert(row.try_get::<String, _>(0)?);
            }
            for word in chunk.iter().filter(|word| !known.contains(**word)) {
                for near in near(word) {
                    cells.extend([Cell::Text((*word).clone()), Cell::Text(near)]);
                }
            }
        }
        bulk::insert(connection, "name_word (word, near)", 2, &mut cells).await
    }
}

/// The words of these persons' names, as they are found by now.
pub(crate) async fn names_of(
    connection: &mut AnyConnection,
    persons: &[i64],
) -> Result<BTreeSet<String>, StoreError> {
    // By person alone: told the field too, SQLite reads every name there is.
    let sql = format!(
        "SELECT field, value FROM lookup WHERE person_id IN ({})",
        bulk::list(connection, persons.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for person in persons {
        query = query.bind(*person);
    }
    let mut found = BTreeSet::new();
    for row in query.fetch_all(connection).await? {
        if row.try_get::<&str, _>(0)? == "nama" {
            found.insert(row.try_get(1)?);
        }
    }
    Ok(found)
}
