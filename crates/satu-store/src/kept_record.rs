//! The text in which `person` keeps a golden record, sealed: a fifth of the record's own JSON, because each
//! statement, source and day stands there once, and columns and reasons by their numbers.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use satu_domain::Kind;
use satu_domain::resolve::{Field, GoldenRecord, Offer, Reason};
use serde::de::{Error, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::context::Context;
use crate::golden::Said;
use crate::keys::{Place, Ring};

/// A reason's number is its place here; never change the order.
const REASONS: [Reason; 6] = [
    Reason::Unopposed,
    Reason::Ruling,
    Reason::Authority,
    Reason::Agreement,
    Reason::Recency,
    Reason::Tie,
];

/// A value, and who says it, by place in `by`.
type Offered<'a> = (Cow<'a, str>, Vec<usize>);

#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    /// Who speaks: statement, source, the day spoken for.
    #[serde(rename = "by", borrow)]
    speakers: Vec<(i64, Cow<'a, str>, Date)>,
    /// Column, reason, and the offers, best first.
    #[serde(rename = "is", borrow)]
    fields: Vec<(usize, usize, Vec<Offered<'a>>)>,
}

impl Context {
    /// Writes the text of a record that was made from these statements.
    pub fn keep(
        &self,
        said: &[Said],
        record: &GoldenRecord,
        into: &mut Vec<u8>,
    ) -> Result<(), serde_json::Error> {
        let speakers: Vec<_> = said
            .iter()
            .filter_map(|one| {
                let (delivery, source) = self.origin(one)?;
                (one.kind == Kind::DataUtama)
                    .then(|| (one.seq, Cow::from(&source.code), delivery.stated_on))
            })
            .collect();
        // The fields stand in the order of the columns.
        let mut columns = Kind::DataUtama.columns().iter().enumerate();
        let mut fields = Vec::with_capacity(record.fields.len());
        for field in &record.fields {
            let column = columns.find(|(_, name)| **name == field.name);
            let reason = REASONS.iter().position(|reason| *reason == field.reason);
            let offers = std::iter::once(&field.winner).chain(&field.losers);
            let offers = offers
                .map(|offer| {
                    let by = offer.statements.iter();
                    let by = by.filter_map(|seq| speakers.iter().position(|(at, ..)| at == seq));
                    (Cow::from(&offer.value), by.collect())
                })
                .collect();
            let placed = column.zip(reason);
            fields.extend(placed.map(|((at, _), why)| (at, why, offers)));
        }
        serde_json::to_writer(into, &Kept { speakers, fields })
    }
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
    unpack(text).map_err(|source| StoreError::Entry {
        seq: person,
        source,
    })
}

/// The values that stand in some columns of a person's record, and nothing else of it.
pub(crate) fn read_values<'a, const N: usize>(
    person: i64,
    text: &'a [u8],
    columns: &[Option<usize>; N],
) -> Result<[Cow<'a, str>; N], StoreError> {
    let standing: Standing<'a> =
        serde_json::from_slice(text).map_err(|source| StoreError::Entry {
            seq: person,
            source,
        })?;
    let mut found = std::array::from_fn(|_| Cow::Borrowed(""));
    for (column, _, offers) in standing.fields {
        let at = columns.iter().position(|one| *one == Some(column));
        if let (Some(at), Some((Text(value), _))) = (at, offers.into_iter().next()) {
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
    pub fn standing<'a>(&'a self) -> Result<Vec<(&'static str, Cow<'a, str>)>, StoreError> {
        let one = |(column, _, offers): Read<'a>| {
            let name = Kind::DataUtama.columns().get(column);
            let offer = offers.into_iter().next();
            let (name, (Text(value), _)) = name.zip(offer).ok_or_else(missing)?;
            Ok((*name, value))
        };
        let standing = serde_json::from_slice(&self.text)
            .and_then(|standing: Standing<'a>| standing.fields.into_iter().map(one).collect());
        standing.map_err(|source| StoreError::Entry {
            seq: self.person,
            source,
        })
    }
}

/// A column, the reason, and the offers without who makes them.
type Read<'a> = (usize, IgnoredAny, Vec<(Text<'a>, IgnoredAny)>);

/// Of a kept record what stands in each column.
#[derive(Deserialize)]
struct Standing<'a> {
    #[serde(rename = "is", borrow)]
    fields: Vec<Read<'a>>,
}

/// A text of which nothing is copied where that can be.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

fn missing() -> serde_json::Error {
    serde_json::Error::custom("the record names a column, reason or statement that is not there")
}

fn unpack(text: &[u8]) -> Result<GoldenRecord, serde_json::Error> {
    let kept: Kept<'_> = serde_json::from_slice(text)?;
    let speakers = kept.speakers.into_iter();
    let speakers: Vec<(i64, Arc<str>, Date)> = speakers
        .map(|(seq, code, day)| (seq, code.into(), day))
        .collect();
    let offer = |(value, by): Offered<'_>| {
        let mut offer = Offer {
            value: value.into_owned(),
            statements: Vec::with_capacity(by.len()),
            sources: Vec::with_capacity(by.len()),
            stated_on: None,
        };
        for at in by {
            let (seq, code, day) = speakers.get(at).ok_or_else(missing)?;
            offer.statements.push(*seq);
            offer.sources.push(code.clone());
            offer.stated_on = offer.stated_on.max(Some(*day));
        }
        offer.sources.sort_unstable();
        offer.sources.dedup();
        Ok(offer)
    };
    let mut fields = Vec::with_capacity(kept.fields.len());
    for (column, reason, offers) in kept.fields {
        let mut offers = offers.into_iter().map(offer);
        fields.push(Field {
            name: Kind::DataUtama.columns().get(column).ok_or_else(missing)?,
            winner: offers.next().ok_or_else(missing)??,
            reason: *REASONS.get(reason).ok_or_else(missing)?,
            losers: offers.collect::<Result<_, serde_json::Error>>()?,
        });
    }
    Ok(GoldenRecord { fields })
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
            prop_assert_eq!(&*name, record.value("nama").unwrap_or_default());
            prop_assert_eq!(&*nik, record.value("nik").unwrap_or_default());
            prop_assert_eq!(&*nothing, "");
            let ring = Ring::new(&[(1, [7; 32])]).unwrap();
            let sealed = ring.seal(Place::record(1), &text).unwrap();
            let opened = Opened::open(&ring, 1, sealed).unwrap();
            let winners: Vec<_> = record.fields.iter().map(|one| (one.name, one.winner.value.as_str().into())).collect();
            prop_assert_eq!(opened.standing().unwrap(), winners);
            prop_assert_eq!(read_record(1, &text).unwrap(), record);
        }
    }

    #[test]
    fn a_record_that_names_what_is_not_there_is_an_error() {
        for text in [
            r#"{"by":[],"is":[[0,0,[["x",[0]]]]]}"#,
            r#"{"by":[],"is":[[99,0,[["x",[]]]]]}"#,
            r#"{"by":[],"is":[[0,9,[["x",[]]]]]}"#,
            r#"{"by":[],"is":[[0,0,[]]]}"#,
        ] {
            assert!(
                matches!(
                    read_record(7, text.as_bytes()),
                    Err(StoreError::Entry { seq: 7, .. })
                ),
                "{text}"
            );
        }
    }
}
