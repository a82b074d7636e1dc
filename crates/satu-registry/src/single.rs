//! One statement about a known person: checked as a file's row is, written, and the person's record
//! is anew at once, without a linkage run.

use jiff::civil::Date;
use satu_domain::Kind;
use satu_rules::{Severity, Standard};
use satu_store::entry::{
    Document, Findings, Found, Linked, Receipt, Source, Statement, Submission,
};
use satu_store::{Entry, RawHasher, Store, StoreError};

use crate::intake::declare;

/// What stood under a statement's key when it was made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// It rests on nothing that stood.
    Any,
    /// This statement, whose cells it goes on from, or none.
    Read(Option<i64>),
}

/// What is stated.
#[derive(Debug, Clone)]
pub struct Single<'a> {
    /// Who speaks.
    pub source: &'a Source,
    /// The person it is about.
    pub person: i64,
    /// What the delivery is called.
    pub name: &'a str,
    /// The bytes as they came.
    pub raw: &'a [u8],
    /// The kind of the row.
    pub kind: Kind,
    /// Its cells, in the order of the kind's columns.
    pub cells: &'a [String],
    /// Columns outside the standard.
    pub unknown: &'a [(String, String)],
    /// The fact's key inside source and kind; a statement of the source with the same key is
    /// superseded.
    pub fact: String,
    /// What stood under that key when it was made up.
    pub before: Before,
    /// The statement of another source in whose place it comes; it ends.
    pub instead_of: Option<i64>,
    /// Documents that bear it out.
    pub documents: &'a [i64],
    /// Who says it.
    pub by: &'a str,
    /// The day for which it is said.
    pub on: Date,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands under this ledger number.
    Stated(i64),
    /// It has errors: what is wrong, in Indonesian. It is kept with its findings and states nothing.
    Rejected(Vec<String>),
}

/// The hash of bytes, under which they are kept.
pub fn hash(bytes: &[u8]) -> String {
    let mut hasher = RawHasher::default();
    hasher.update(bytes);
    hasher.finish()
}

/// States one row. What it rests on was read before the ledger's lock was had, which another process may
/// have held: [`StoreError::Overtaken`] where the person has no statement any more, where the statement in
/// whose place it comes no longer stands or is of another person, or where under its key stands another than
/// was read.
pub async fn state(
    store: &Store,
    standard: &Standard,
    single: Single<'_>,
) -> Result<Outcome, StoreError> {
    let cells: Vec<&str> = single.cells.iter().map(String::as_str).collect();
    let mut findings = Vec::new();
    standard.check_row(single.kind, &cells, &mut findings);
    let wrong: Vec<String> = findings
        .iter()
        .filter(|found| found.rule.severity == Severity::Error)
        .map(|found| found.rule.message_id.to_owned())
        .collect();
    let columns = single.kind.columns();
    let found: Vec<Found> = findings
        .iter()
        .map(|found| Found {
            rule: found.rule.id.to_owned(),
            severity: match found.rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            }
            .to_owned(),
            column: columns[found.column].to_owned(),
            value: single.cells[found.column].clone(),
        })
        .collect();
    let blob = hash(single.raw);
    let mut writer = store.begin().await?;
    let standing = writer.statements_of(single.person).await?;
    let mut rests_on = Vec::from_iter(single.instead_of);
    if let Before::Read(read) = single.before {
        let now = writer.under(&single.source.code, single.kind, &single.fact);
        if now.await? != read {
            return Err(StoreError::Overtaken);
        }
        rests_on.extend(read);
    }
    if standing.is_empty() || !rests_on.iter().all(|one| standing.contains(one)) {
        return Err(StoreError::Overtaken);
    }
    writer.keep_raw(&blob, single.raw).await?;
    declare(store, &mut writer, single.source).await?;
    let submission = Submission {
        source: single.source.code.clone(),
        file: single.name.to_owned(),
        kind: single.kind,
        blob,
        stated_on: single.on,
        map: None,
        sheet: None,
        unknown: Vec::new(),
    };
    let submission = writer.append(&Entry::Submission(submission)).await?;
    let mut statement = 0;
    if wrong.is_empty() {
        if let Some(other) = single.instead_of {
            let ended = Entry::Ended {
                statement: other,
                by: single.by.to_owned(),
                reason: format!("{} {submission}", single.name),
            };
            writer.append(&ended).await?;
        }
        let said = Statement {
            submission,
            row: 1,
            fact: single.fact,
            cells: single.cells.to_vec(),
            unknown: single.unknown.to_vec(),
        };
        statement = writer.append(&Entry::Statement(said)).await?;
    }
    let receipt = Receipt {
        submission,
        rows: 1,
        accepted: u64::from(found.is_empty()),
        accepted_with_warnings: u64::from(wrong.is_empty() && !found.is_empty()),
        rejected: u64::from(!wrong.is_empty()),
    };
    if !found.is_empty() {
        let findings = Findings {
            submission,
            row: 1,
            found,
        };
        writer.append(&Entry::Findings(findings)).await?;
    }
    writer.append(&Entry::Receipt(receipt)).await?;
    if wrong.is_empty() {
        if writer.person_of(statement).await? != Some(single.person) {
            let moved = vec![(statement, single.person)];
            writer.append(&Entry::Linked(Linked { moved })).await?;
        }
        for document in single.documents {
            let attached = Entry::Attached {
                document: *document,
                statement,
            };
            writer.append(&attached).await?;
        }
    }
    writer.commit().await?;
    Ok(if wrong.is_empty() {
        Outcome::Stated(statement)
    } else {
        Outcome::Rejected(wrong)
    })
}

/// Ends a statement: it no longer stands, and nothing stands in its place. [`StoreError::Overtaken`] where
/// another already came in its place, or it ended, since it was read.
pub async fn end(store: &Store, statement: i64, by: &str, reason: &str) -> Result<(), StoreError> {
    let mut writer = store.begin().await?;
    if writer.person_of(statement).await?.is_none() {
        return Err(StoreError::Overtaken);
    }
    let ended = Entry::Ended {
        statement,
        by: by.to_owned(),
        reason: reason.to_owned(),
    };
    writer.append(&ended).await?;
    writer.commit().await?;
    Ok(())
}

/// Keeps a document, and says which statement it bears out, if any. Returns its number.
pub async fn keep(
    store: &Store,
    document: Document,
    bytes: &[u8],
    statement: Option<i64>,
) -> Result<i64, StoreError> {
    let document = Document {
        blob: hash(bytes),
        ..document
    };
    let mut writer = store.begin().await?;
    writer.keep_raw(&document.blob, bytes).await?;
    let id = writer.append(&Entry::Document(document)).await?;
    if let Some(statement) = statement {
        let attached = Entry::Attached {
            document: id,
            statement,
        };
        writer.append(&attached).await?;
    }
    writer.commit().await?;
    Ok(id)
}
