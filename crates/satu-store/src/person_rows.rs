//! The rows that a person has in the projections: the golden record, the agencies that may see
//! it, and everything by which the person is found.

use std::collections::BTreeSet;
use std::fmt::Write;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use satu_domain::resolve::GoldenRecord;
use satu_linkage::standard;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::StoreError;
use crate::bulk::{self, Cell};
use crate::change_rows::{Became, Before};
use crate::context::Context;
use crate::golden::Said;
use crate::keys::{Place, Ring};
use crate::listed::{in_texts, listed};
use crate::place::key;

/// The numbers by which a person is found.
pub(crate) const NUMBERS: [&str; 3] = ["nip", "nik", "nip_lama"];

/// Bytes that a golden record has at most, mostly.
const ROOM: usize = 1_024;

/// Digits of a NIK.
const NIK: usize = 16;
/// So many digits in a name are no name, but a number in the wrong column.
const MANY_DIGITS: usize = 9;

/// Look-ups that wait at most, some 2 GB in memory: they go all over their table, and each time they do
/// nearly every page of it is written anew. The nation has 26 million.
const LOOKUPS: usize = 32_000_000;

/// Look-ups taken back by one statement.
const TAKEN_BACK: usize = 100;

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

/// A person is found by a value of a field.
type Lookup = (&'static str, Box<str>, i64);

/// What a person is found by: field and value. Every value that anybody states, not only the one that
/// stands.
fn found_by(ring: &Ring, record: &GoldenRecord) -> BTreeSet<(&'static str, Box<str>)> {
    let mut found = BTreeSet::new();
    for field in &record.fields {
        let offers = std::iter::once(&field.winner).chain(&field.losers);
        if field.name == "nama" {
            for offer in offers {
                let name = standard::name(&offer.value);
                let words = name.split(' ').filter(|word| !word.is_empty());
                let words = words.filter(|word| digits(word) < MANY_DIGITS);
                found.extend(words.map(|word| ("nama", word.into())));
            }
        } else if let Some(number) = NUMBERS.iter().find(|number| **number == field.name) {
            let shelved = offers.map(|offer| shelved(ring, number, &offer.value));
            found.extend(shelved.map(|value| (*number, value.into())));
        }
    }
    found
}

/// Rows of several persons that wait to be written.
#[derive(Default)]
pub(crate) struct PersonRows {
    persons: Vec<Cell>,
    agencies: Vec<Cell>,
    lookups: Vec<Lookup>,
    lookups_gone: Vec<Lookup>,
    /// Words of names that persons have now and did not have before, and the other way round.
    words: FxHashSet<Box<str>>,
    words_gone: FxHashSet<Box<str>>,
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
        let had = before.record(ring, person)?;
        let became = before.against(person, had.as_ref(), &record, &agencies);
        rows.became.push(became);
        rows.find(ring, person, had.as_ref(), Some(&record));
        for agency in agencies {
            rows.agencies
                .extend([Cell::Int(person), Cell::Text(agency)]);
        }
        Ok(())
    }
}

fn keep_word(words: &mut FxHashSet<Box<str>>, (field, value): &(&str, Box<str>)) {
    if *field == "nama" && !words.contains(value) {
        words.insert(value.clone());
    }
}

impl PersonRows {
    /// A person is found by what the record of now holds, and no longer by what only the one of before
    /// did.
    pub fn find(
        &mut self,
        ring: &Ring,
        person: i64,
        had: Option<&GoldenRecord>,
        has: Option<&GoldenRecord>,
    ) {
        let [had, has] = [had, has].map(|record| {
            let found = record.map(|record| found_by(ring, record));
            found.unwrap_or_default()
        });
        for one in had.difference(&has) {
            keep_word(&mut self.words_gone, one);
            self.lookups_gone.push((one.0, one.1.clone(), person));
        }
        for one in has {
            if !had.contains(&one) {
                keep_word(&mut self.words, &one);
                self.lookups.push((one.0, one.1, person));
            }
        }
    }

    pub fn append(&mut self, mut more: PersonRows) {
        self.persons.append(&mut more.persons);
        self.agencies.append(&mut more.agencies);
        self.lookups.append(&mut more.lookups);
        self.lookups_gone.append(&mut more.lookups_gone);
        self.words.extend(more.words);
        self.words_gone.extend(more.words_gone);
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

    /// Writes all that waits. Words of names that nobody has any more go.
    pub async fn write(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        self.write_records(connection).await?;
        for some in std::mem::take(&mut self.lookups_gone).chunks(TAKEN_BACK) {
            let mut sql = String::from("DELETE FROM lookup WHERE ");
            for at in 0..some.len() {
                let or = if at == 0 { "" } else { " OR " };
                let [field, value, person] = [1, 2, 3].map(|place| 3 * at + place);
                let _ = write!(
                    sql,
                    "{or}(field = ${field} AND value = ${value} AND person_id = ${person})"
                );
            }
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (field, value, person) in some {
                query = query.bind(*field).bind(value.to_string()).bind(*person);
            }
            query.execute(&mut *connection).await?;
        }
        // In the order of the key, so that many rows for one page of it come together.
        self.lookups.par_sort_unstable();
        let mut cells = Vec::new();
        let mut lookups = std::mem::take(&mut self.lookups).into_iter().peekable();
        while lookups.peek().is_some() {
            for (field, value, person) in lookups.by_ref().take(bulk::MOST / 3) {
                cells.extend([
                    Cell::Word(field),
                    Cell::Text(value.into()),
                    Cell::Int(person),
                ]);
            }
            let into = "lookup (field, value, person_id)";
            bulk::insert(connection, into, 3, &mut cells).await?;
        }
        let words = std::mem::take(&mut self.words);
        let gone = std::mem::take(&mut self.words_gone);
        for word in gone.difference(&words) {
            let sql = "DELETE FROM name_word WHERE word = $1 \
                       AND NOT EXISTS (SELECT 1 FROM lookup WHERE field = 'nama' AND value = $1)";
            sqlx::query(sql)
                .bind(word.to_string())
                .execute(&mut *connection)
                .await?;
        }
        let new: Vec<&Box<str>> = words.difference(&gone).collect();
        let sql = format!(
            "SELECT DISTINCT word FROM name_word WHERE word {}",
            in_texts(connection, 1)
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(listed(new.iter().map(|word| &***word)));
        let mut known = FxHashSet::default();
        for row in query.fetch_all(&mut *connection).await? {
            known.insert(row.try_get::<String, _>(0)?);
        }
        let mut cells = Vec::new();
        for word in new.iter().filter(|word| !known.contains(&word[..])) {
            for near in near(word) {
                cells.extend([Cell::Text(word.to_string()), Cell::Text(near)]);
            }
        }
        bulk::insert(connection, "name_word (word, near)", 2, &mut cells).await
    }
}
