//! The bytes in which `person` keeps a golden record, sealed: a seventh of the record's own JSON, because each
//! statement, source and day stands there once, as does each set of them that says a value, and columns and
//! reasons by their numbers.

use std::sync::Arc;

use jiff::civil::Date;
use satu_domain::Kind;
use satu_domain::resolve::{Field, GoldenRecord, Offer, Reason, Speakers};
use serde::de::Error;
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::context::Context;
use crate::golden::Said;
use crate::keys::{Place, Ring};

/// A value, and which of the sets says it.
type Offered<'a> = (&'a str, usize);

/// A record as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    /// Who speaks: statement, source, the day spoken for.
    #[serde(borrow)]
    speakers: Vec<(i64, &'a str, Date)>,
    /// Those who say the same values, by place in `speakers`.
    sets: Vec<Vec<usize>>,
    /// Column, reason, the offer that stands, and those that lost, best first.
    #[serde(borrow)]
    fields: Vec<(usize, Reason, Offered<'a>, Vec<Offered<'a>>)>,
}

impl Context {
    /// Adds the bytes of a record that was made from these statements.
    pub fn keep<'a>(
        &'a self,
        said: &[Said],
        record: &'a GoldenRecord,
        into: &mut Vec<u8>,
    ) -> Result<(), serde_json::Error> {
        let spoke = said.iter().filter(|one| one.kind == Kind::DataUtama);
        let speakers: Vec<_> = spoke
            .filter_map(|one| {
                let (delivery, source) = self.origin(one)?;
                Some((one.seq, &*source.code, delivery.stated_on))
            })
            .collect();
        let mut sets: Vec<&[i64]> = Vec::new();
        let mut offered = |offer: &'a Offer| {
            let set = &*offer.by.statements;
            let at = sets.iter().position(|one| *one == set).unwrap_or_else(|| {
                sets.push(set);
                sets.len() - 1
            });
            (&*offer.value, at)
        };
        let fields = record.fields.iter();
        let fields = fields.filter_map(|field| {
            let column = Kind::DataUtama.position(field.name)?;
            let losers = field.losers.iter().map(&mut offered).collect();
            Some((column, field.reason, offered(&field.winner), losers))
        });
        let fields = fields.collect();
        let among = |set: &[i64]| {
            let places = speakers.iter().enumerate();
            let places = places.filter(|(_, (seq, ..))| set.contains(seq));
            places.map(|(at, _)| at).collect()
        };
        let sets = sets.into_iter().map(among).collect();
        let kept = Kept {
            speakers,
            sets,
            fields,
        };
        *into = postcard::to_extend(&kept, std::mem::take(into)).map_err(Error::custom)?;
        Ok(())
    }
}

impl<'a> Kept<'a> {
    fn read(person: i64, text: &'a [u8]) -> Result<Kept<'a>, StoreError> {
        postcard::from_bytes(text).map_err(|error| wrong(person, error))
    }

    fn record(&self) -> Option<GoldenRecord> {
        let said = |at: &usize| self.speakers.get(*at).copied();
        let sets = self.sets.iter().map(|set| {
            let said: Option<Vec<_>> = set.iter().map(said).collect();
            Some(Arc::new(Speakers::of(said?)))
        });
        let sets: Vec<_> = sets.collect::<Option<_>>()?;
        let offer = |(value, by): &Offered<'_>| {
            let (value, by) = ((*value).to_owned(), sets.get(*by)?.clone());
            Some(Offer { value, by })
        };
        let fields = self.fields.iter().map(|(column, reason, winner, losers)| {
            Some(Field {
                name: Kind::DataUtama.columns().get(*column)?,
                winner: offer(winner)?,
                reason: *reason,
                losers: losers.iter().map(offer).collect::<Option<_>>()?,
            })
        });
        let fields = fields.collect::<Option<_>>()?;
        Some(GoldenRecord { fields })
    }
}

fn wrong(person: i64, why: impl std::fmt::Display) -> StoreError {
    StoreError::Entry {
        seq: person,
        source: serde_json::Error::custom(why),
    }
}

fn missing(person: i64) -> StoreError {
    wrong(
        person,
        "the record names a column or statement that is not there",
    )
}

/// Opens a person's record and reads it.
pub(crate) fn open_record(
    ring: &Ring,
    person: i64,
    mut sealed: Vec<u8>,
) -> Result<GoldenRecord, StoreError> {
    read_record(person, ring.open(Place::record(person), &mut sealed)?)
}

/// Reads a person's record as [`Context::keep`] wrote it.
fn read_record(person: i64, text: &[u8]) -> Result<GoldenRecord, StoreError> {
    Kept::read(person, text)?
        .record()
        .ok_or_else(|| missing(person))
}

/// The values that stand in some columns of a person's record, and nothing else of it.
pub(crate) fn read_values<'a, const N: usize>(
    person: i64,
    text: &'a [u8],
    columns: &[Option<usize>; N],
) -> Result<[&'a str; N], StoreError> {
    let mut found = [""; N];
    for (column, _, (value, _), _) in Kept::read(person, text)?.fields {
        if let Some(at) = columns.iter().position(|one| *one == Some(column)) {
            found[at] = value;
        }
    }
    Ok(found)
}

/// A person's record, opened and not yet read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    person: i64,
    text: Vec<u8>,
}

impl Opened {
    pub fn open(ring: &Ring, person: i64, mut sealed: Vec<u8>) -> Result<Opened, StoreError> {
        let text = ring.open(Place::record(person), &mut sealed)?.to_vec();
        Ok(Opened { person, text })
    }

    /// The values that stand in it, by column, in the order of `data_utama`.
    pub fn standing(&self) -> Result<Vec<(&'static str, &str)>, StoreError> {
        let fields = Kept::read(self.person, &self.text)?.fields.into_iter();
        let standing = fields.map(|(column, _, (value, _), _)| {
            let name = Kind::DataUtama.columns().get(column)?;
            Some((*name, value))
        });
        let standing: Option<_> = standing.collect();
        standing.ok_or_else(|| missing(self.person))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::context::Delivery;
    use crate::entry::{RecordKey, Source, Statement};
    use jiff::civil::date;
    use proptest::prelude::*;
    use satu_domain::resolve::{Ruling, SourceKind};
    use satu_domain::schema::data_utama as du;

    fn context() -> Context {
        let mut context = Context::default();
        for (at, kind) in SourceKind::ALL.into_iter().enumerate() {
            let code = kind.name().to_owned();
            let source = Source {
                code: code.clone(),
                name: "Sumber Contoh".to_owned(),
                kind,
                instansi: String::new(),
            };
            Arc::make_mut(&mut context.sources).insert(code.clone(), source);
            for day in 0..2 {
                let delivery = Delivery {
                    source: code.clone(),
                    file: "contoh.csv".to_owned(),
                    kind: Kind::DataUtama,
                    stated_on: date(2026, 1, 1 + 9 * day),
                };
                let id = i64::from(day) * 3 + at as i64;
                context.deliveries.insert(id, Arc::new(delivery));
            }
        }
        context
    }

    proptest! {
        #[test]
        fn a_record_is_read_as_it_was_kept(
            rows in prop::collection::vec((0i64..6, "[ab]{0,1}", "[\\PC\n]{0,3}"), 0..6),
            ruled in prop::option::of("[abc]"),
        ) {
            let mut context = context();
            let said: Vec<Said> = rows
                .into_iter()
                .enumerate()
                .map(|(at, (submission, nik, nama))| {
                    let mut cells = vec![String::new(); Kind::DataUtama.columns().len()];
                    (cells[du::nik], cells[du::nama]) = (nik, nama);
                    let statement = Statement { submission, row: at as u64, fact: at.to_string(), cells, unknown: Vec::new() };
                    Said { seq: 10 * at as i64, kind: Kind::DataUtama, statement }
                })
                .collect();
            if let (Some(value), Some(first)) = (ruled, said.first()) {
                let source = context.origin(first).unwrap().1.code.clone();
                let ruling = Ruling { decision: 99, field: "nik".to_owned(), value };
                context.values.insert(RecordKey { source, fact: "0".to_owned() }, vec![ruling]);
            }
            let record = context.record(&said, None);
            let mut text = Vec::new();
            context.keep(&said, &record, &mut text).unwrap();
            let columns = [Some(du::nama), None, Some(du::nik)];
            let [name, nothing, nik] = read_values(1, &text, &columns).unwrap();
            prop_assert_eq!(name, record.value("nama").unwrap_or_default());
            prop_assert_eq!(nik, record.value("nik").unwrap_or_default());
            prop_assert_eq!(nothing, "");
            let ring = Ring::new(&[(1, [7; 32])]).unwrap();
            let sealed = ring.seal(Place::record(1), &text).unwrap();
            let opened = Opened::open(&ring, 1, sealed).unwrap();
            let winners: Vec<_> = record.fields.iter().map(|one| (one.name, one.winner.value.as_str())).collect();
            prop_assert_eq!(opened.standing().unwrap(), winners);
            prop_assert_eq!(read_record(1, &text).unwrap(), record);
        }
    }

    #[test]
    fn a_record_that_names_what_is_not_there_is_an_error() {
        // Nobody speaks, one set of nobody, and the NIP (column 0), unopposed, with the value x of that set.
        let whole = [0, 1, 0, 1, 0, 0, 1, b'x', 0, 0];
        assert_eq!(read_record(7, &whole).unwrap().value("nip"), Some("x"));
        let wrong = |at: usize, number: u8| {
            let mut text = whole;
            text[at] = number;
            text.to_vec()
        };
        let wrong = [
            wrong(4, 99),
            wrong(5, 9),
            wrong(7, 0xff),
            wrong(8, 1),
            vec![0, 1, 1, 0, 0],
        ];
        let cut = (0..whole.len()).map(|length| whole[..length].to_vec());
        for text in wrong.into_iter().chain(cut) {
            assert!(
                matches!(read_record(7, &text), Err(StoreError::Entry { seq: 7, .. })),
                "{text:?}"
            );
        }
    }
}
