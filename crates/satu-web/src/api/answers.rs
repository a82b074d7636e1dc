//! What the API answers with, as types: the OpenAPI document is made from them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use satu_domain::Kind;
use satu_domain::resolve::{Field, GoldenRecord, Offer, Reason};
use satu_store::ask::Evidence;
use satu_store::deliveries::{Delivered, FoundAt};
use satu_store::entry::Source;
use satu_store::review::OpenDoubt;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::{Lang, mask};

/// A part of a list, and how to come to the next.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// What to give as `cursor` for the next part; none at the end.
    pub next: Option<String>,
}

/// A golden record: one person.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonTold<'a> {
    /// The person's number in this register.
    pub id: i64,
    /// Each field of `data_utama` that anybody states.
    #[schema(value_type = BTreeMap<String, FieldTold>)]
    pub fields: FieldsTold<'a>,
}

/// The wanted fields of a golden record; made one by one as they are written.
pub struct FieldsTold<'a> {
    /// By name.
    fields: Vec<&'a Field>,
    open: bool,
}

impl Serialize for FieldsTold<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let fields = self.fields.iter();
        to.collect_map(fields.map(|field| (field.name, FieldTold::new(field, self.open))))
    }
}

/// A field of a golden record.
#[derive(Serialize, ToSchema)]
#[schema(as = Field)]
pub struct FieldTold<'a> {
    /// The value that stands.
    #[serde(flatten)]
    pub offer: OfferTold<'a>,
    /// Why it stands: `unopposed`, `ruling`, `authority`, `agreement`, `recency` or `tie`.
    pub reason: &'static str,
    /// Whether values are masked, as the program lacks the right `people.sensitive`.
    pub masked: bool,
    /// The values that lost, best first.
    pub others: Vec<OfferTold<'a>>,
}

/// A value, and who states it.
#[derive(Serialize, ToSchema)]
#[schema(as = Offer)]
pub struct OfferTold<'a> {
    /// The value.
    #[schema(value_type = String)]
    pub value: Cow<'a, str>,
    /// The codes of the sources that state it.
    #[schema(value_type = Vec<String>)]
    pub sources: &'a [Arc<str>],
    /// The last day it was stated for.
    #[schema(value_type = Option<String>)]
    pub stated_on: Option<Date>,
}

/// A person in a list: the values that stand.
#[derive(Serialize, ToSchema)]
pub struct PersonRow {
    /// The person's number in this register.
    pub id: i64,
    /// The values, by field; those that are sensitive masked without the right.
    pub values: BTreeMap<&'static str, String>,
}

/// One statement of a person's histories.
#[derive(Serialize, ToSchema)]
pub struct History {
    /// Its ledger number.
    pub statement: i64,
    /// The kind: `golongan`, `jabatan`, ...
    pub kind: &'static str,
    /// The code of the source that states it.
    pub source: String,
    /// The file it came in, and its row there.
    pub file: String,
    /// The row; the header is row 1.
    pub row: u64,
    /// The day for which the source spoke.
    pub stated_on: String,
    /// What it states, by column of the kind.
    pub values: BTreeMap<&'static str, String>,
}

/// A delivery and its counts: `rows` = `accepted` + `accepted_with_warnings` + `rejected`.
#[derive(Serialize, ToSchema)]
#[schema(as = Submission)]
pub struct SubmissionTold {
    /// Its ledger number.
    pub id: i64,
    /// The code of the source.
    pub source: String,
    /// The file's name.
    pub file: String,
    /// The kind of its rows.
    pub kind: &'static str,
    /// The day for which it speaks.
    pub stated_on: String,
    /// When it was taken in (RFC 3339).
    pub received_at: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Rows received.
    pub rows: u64,
    /// Rows without a finding.
    pub accepted: u64,
    /// Rows with warnings only.
    pub accepted_with_warnings: u64,
    /// Rows with an error.
    pub rejected: u64,
    /// Columns that the data standard does not have: kept, not checked. The first hundred, or fewer where they
    /// are long. A column that is misspelt stands here.
    pub other_columns: Vec<String>,
    /// Whether the same had been taken in before and still stands, so that nothing was written.
    pub already: bool,
}

/// A delivery, and what was found in it.
#[derive(Serialize, ToSchema)]
#[schema(as = SubmissionWithFindings)]
pub struct DeliveryTold {
    /// The delivery and its counts.
    #[serde(flatten)]
    pub submission: SubmissionTold,
    /// What was found, by row: the first hundred, or fewer where they are long.
    pub findings: Vec<Finding>,
    /// The address at which the other findings are; none where there are no others.
    pub more: Option<String>,
}

/// One finding.
#[derive(Serialize, ToSchema)]
pub struct Finding {
    /// The row in the file, in which the header is row 1; of statements, which of them, from 1.
    pub row: i64,
    /// The rule, as the data standard names it.
    pub rule: String,
    /// `error` (the row was rejected) or `warning`.
    pub severity: String,
    /// The column.
    pub column: String,
    /// The value, cut after 200 characters; what is sensitive masked, for row and column tell the sender
    /// where it stands.
    pub value: String,
    /// What is wrong and what to do, in the language asked for.
    pub message: String,
}

/// A system that delivers.
#[derive(Serialize, ToSchema)]
#[schema(as = Source)]
pub struct SourceTold {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `central`, `agency`, `payroll` or `person`.
    pub kind: &'static str,
    /// The agency it speaks for; empty for none.
    pub instansi: String,
}

/// Records of which it is not certain whether they are one person.
#[derive(Serialize, ToSchema)]
#[schema(as = Doubt)]
pub struct DoubtTold {
    /// Its ledger number.
    pub id: i64,
    /// How likely the likeliest pair is one person, from 0 to 1.
    pub probability: f64,
    /// The records.
    pub records: Vec<DoubtRow>,
}

/// One record in doubt.
#[derive(Serialize, ToSchema)]
pub struct DoubtRow {
    /// The statement's ledger number, by which an answer names it.
    pub statement: i64,
    /// The person it is of now.
    pub person: Option<i64>,
    /// The code of the source.
    pub source: String,
    /// What it states; what is sensitive masked without the right.
    pub values: BTreeMap<&'static str, String>,
}

/// An extract held against the golden records, as the registry writes it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
pub struct Comparison {
    /// What is not the same, line by line.
    lines: Vec<ComparedLine>,
    /// The counts.
    counts: ComparedCounts,
}

/// A row of the file, or a golden record without one.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
pub struct ComparedLine {
    /// `different`, `only_here`, `only_there`, `ambiguous` or `unreadable`.
    status: String,
    /// The row in the file.
    row: Option<u64>,
    /// The NIP: of the golden record, else of the file.
    nip: String,
    /// The name: of the golden record, else of the file.
    nama: String,
    /// The column by which the row found its person.
    matched_by: Option<String>,
    /// The person's number in this register; of an ambiguous row, all that are meant.
    persons: Vec<i64>,
    /// The row before that is of the same person.
    first_row: Option<u64>,
    /// Where they differ.
    differences: Vec<ComparedField>,
}

/// A field in which file and golden record differ.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
pub struct ComparedField {
    /// The column of `data_utama`.
    field: String,
    /// What the file says.
    here: String,
    /// The golden value; empty where nobody says anything.
    there: String,
    /// Why the golden value stands.
    reason: Option<String>,
    /// The sources that say it.
    sources: Vec<String>,
    /// The last day it was stated for.
    stated_on: Option<String>,
}

/// The counts: `rows` is the sum of all but `only_there`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
pub struct ComparedCounts {
    /// Rows of the file.
    rows: u64,
    /// Rows that agree with their golden record.
    same: u64,
    /// Rows that do not.
    different: u64,
    /// Rows without a golden record of the agency.
    only_here: u64,
    /// Golden records of the agency without a row.
    only_there: u64,
    /// Rows that cannot be matched to one person.
    ambiguous: u64,
    /// Rows that cannot be read.
    unreadable: u64,
    /// Rows that differ in a field, by field.
    by_field: BTreeMap<String, u64>,
}

/// A code list.
#[derive(Serialize, ToSchema)]
pub struct CodeList {
    /// Its name.
    pub name: String,
    /// SHA-256 of its CSV text; it changes when the list does.
    pub sha256: String,
}

/// A code.
#[derive(Serialize, ToSchema)]
pub struct Code {
    /// The code; leading zeros count.
    pub id: String,
    /// What it stands for.
    pub nama: String,
}

pub(super) fn shown<'a>(column: &str, value: &'a str, open: bool) -> Cow<'a, str> {
    if open {
        Cow::Borrowed(value)
    } else {
        mask::masked(column, value)
    }
}

fn wants(wanted: &[&str], name: &str) -> bool {
    wanted.is_empty() || wanted.contains(&name)
}

/// The word for why a value stands.
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Unopposed => "unopposed",
        Reason::Ruling => "ruling",
        Reason::Authority => "authority",
        Reason::Agreement => "agreement",
        Reason::Recency => "recency",
        Reason::Tie => "tie",
    }
}

impl<'a> PersonTold<'a> {
    /// The wanted fields of a record; all where none is named.
    pub fn new(id: i64, record: &'a GoldenRecord, wanted: &[&str], open: bool) -> PersonTold<'a> {
        let fields = record.fields.iter();
        let mut fields: Vec<&Field> = fields.filter(|field| wants(wanted, field.name)).collect();
        fields.sort_unstable_by_key(|field| field.name);
        PersonTold {
            id,
            fields: FieldsTold { fields, open },
        }
    }

    /// Whether it shows anything sensitive.
    pub fn is_open(&self) -> bool {
        let FieldsTold { fields, open } = &self.fields;
        *open && fields.iter().any(|field| mask::is_sensitive(field.name))
    }
}

impl<'a> FieldTold<'a> {
    fn new(field: &'a Field, open: bool) -> FieldTold<'a> {
        let offer = |offer: &'a Offer| OfferTold {
            value: shown(field.name, &offer.value, open),
            sources: &offer.by.sources,
            stated_on: offer.by.stated_on,
        };
        FieldTold {
            offer: offer(&field.winner),
            reason: reason(field.reason),
            masked: !open && mask::is_sensitive(field.name),
            others: field.losers.iter().map(offer).collect(),
        }
    }
}

impl PersonRow {
    /// The wanted values of a record; all where none is named.
    pub fn new(id: i64, record: &GoldenRecord, wanted: &[&str], open: bool) -> PersonRow {
        let fields = record
            .fields
            .iter()
            .filter(|field| wants(wanted, field.name));
        let value = |field: &Field| {
            let value = shown(field.name, &field.winner.value, open);
            (field.name, value.into_owned())
        };
        PersonRow {
            id,
            values: fields.map(value).collect(),
        }
    }

    /// Whether it shows anything sensitive, given that the program may see it.
    pub fn has_sensitive(&self) -> bool {
        self.values.keys().any(|name| mask::is_sensitive(name))
    }
}

/// The filled cells of a statement, by column.
fn values(kind: Kind, cells: &[String], open: bool) -> BTreeMap<&'static str, String> {
    let pairs = kind.columns().iter().zip(cells);
    pairs
        .filter(|(_, value)| !value.is_empty())
        .map(|(column, value)| (*column, shown(column, value, open).into_owned()))
        .collect()
}

impl History {
    /// A statement of a history.
    pub fn new(one: &Evidence, open: bool) -> History {
        History {
            statement: one.statement,
            kind: one.kind.name(),
            source: one.source.clone(),
            file: one.file.clone(),
            row: one.row,
            stated_on: one.stated_on.to_string(),
            values: values(one.kind, &one.cells, open),
        }
    }
}

impl SubmissionTold {
    /// Bytes that other columns have at most as JSON.
    const COLUMNS: usize = 8 << 10;

    /// A delivery.
    pub fn new(one: Delivered, already: bool) -> SubmissionTold {
        let others = one.submission.unknown.into_iter().take(100);
        let first = others.map(cut).collect();
        SubmissionTold {
            id: one.receipt.submission,
            source: one.submission.source,
            file: one.submission.file,
            kind: one.submission.kind.name(),
            stated_on: one.submission.stated_on.to_string(),
            received_at: one.received_at.to_string(),
            sha256: one.submission.blob,
            rows: one.receipt.rows,
            accepted: one.receipt.accepted,
            accepted_with_warnings: one.receipt.accepted_with_warnings,
            rejected: one.receipt.rejected,
            other_columns: fitting(first, SubmissionTold::COLUMNS),
            already,
        }
    }
}

impl DeliveryTold {
    /// Findings that are read for it, and the bytes that they have at most as JSON: an answer that is kept
    /// for who asks again has a bound.
    pub const FINDINGS: i64 = 100;
    const ROOM: usize = 40 << 10;

    /// A delivery with the first of its findings, of which there are so many in all.
    pub fn new(submission: SubmissionTold, first: Vec<Finding>, total: i64) -> DeliveryTold {
        let findings = fitting(first, DeliveryTold::ROOM);
        let (id, shown) = (submission.id, findings.len() as i64);
        let more = || format!("/api/v1/submissions/{id}/findings?cursor={shown}");
        DeliveryTold {
            more: (shown < total).then(more),
            submission,
            findings,
        }
    }
}

/// The first that have no more bytes than this as JSON.
fn fitting<T: Serialize>(all: Vec<T>, mut room: usize) -> Vec<T> {
    let fits = |one: &T| {
        let size = serde_json::to_vec(one).map_or(usize::MAX, |text| text.len());
        let left = room.checked_sub(size);
        room = left.unwrap_or(0);
        left.is_some()
    };
    all.into_iter().take_while(fits).collect()
}

impl Finding {
    /// A finding in a delivery of a kind, in a language.
    pub fn new(t: Lang, kind: Kind, found: FoundAt) -> Finding {
        Finding {
            value: cut(mask::found(kind, &found)),
            message: t.sentence(&found.rule).to_owned(),
            row: found.row,
            rule: found.rule,
            severity: found.severity,
            column: found.column,
        }
    }
}

/// A text, cut after 200 characters.
fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(200) {
        text.truncate(at);
        text.push('…');
    }
    text
}

impl SourceTold {
    /// A source.
    pub fn new(source: Source) -> SourceTold {
        SourceTold {
            kind: source.kind.name(),
            code: source.code,
            name: source.name,
            instansi: source.instansi,
        }
    }
}

impl DoubtTold {
    /// A doubt with its records.
    pub fn new(open: OpenDoubt, unmasked: bool) -> DoubtTold {
        let likeliest = open.doubt.pairs.iter().map(|pair| pair.probability).max();
        let row = |record: satu_store::review::DoubtRecord| DoubtRow {
            statement: record.number,
            person: record.person,
            source: record.source,
            values: values(Kind::DataUtama, &record.statement.cells, unmasked),
        };
        DoubtTold {
            id: open.id,
            probability: likeliest.unwrap_or_default() as f64 / 1e6,
            records: open.records.into_iter().map(row).collect(),
        }
    }
}
