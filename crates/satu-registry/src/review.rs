//! What officers decide: same person, not the same, cannot tell, this value stands; and taking a
//! decision back. A decision takes effect at once and binds every later linkage run.

use satu_domain::{Kind, canonical};
use satu_linkage::{Explanation, Model, Spec, explain};
use satu_store::entry::{Doubt, DoubtPair, Linked, RecordKey, Ruling, Verdict};
use satu_store::review::{Decided, DoubtRecord, OpenDoubt};
use satu_store::{Entry, OPEN, Scope, Store, StoreError, Writer};

use crate::link::{LinkError, columns_of};

/// Why a decision could not be taken. Nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The specification or the model cannot be used.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// It is gone, decided by somebody else, or not within the asker's reach.
    #[error("{0} is not there to be decided: it was decided already, or belongs to another agency")]
    NotThere(i64),
    /// A reason is part of every decision.
    #[error("a decision needs a reason")]
    NoReason,
    /// Same or not the same is said of at least two records of the doubt.
    #[error("choose at least two records of the doubt")]
    TooFew,
    /// The field is not one of `data_utama`, or the value is empty.
    #[error("{0:?} is no field, or the value is empty")]
    Field(String),
}

/// What an officer says of records in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// One person.
    Same,
    /// All different persons.
    NotSame,
    /// Cannot tell: the doubt stays, behind those nobody has looked at.
    NotSure,
}

/// Who decides, and why.
#[derive(Debug, Clone, Copy)]
pub struct Decider<'a> {
    /// What is within their reach.
    pub scope: &'a Scope,
    /// Their login; it stands in the ledger.
    pub by: &'a str,
    /// The reason.
    pub reason: &'a str,
}

impl Decider<'_> {
    fn reason(&self) -> Result<String, ReviewError> {
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(ReviewError::NoReason);
        }
        Ok(reason.to_owned())
    }
}

/// The evidence of each pair in doubt, in the order of `doubt.pairs`, field by field, with the
/// model of the newest linkage run. Empty where no model is kept.
pub async fn evidence(store: &Store, open: &OpenDoubt) -> Result<Vec<Explanation>, ReviewError> {
    let Some(text) = store.model().await? else {
        return Ok(Vec::new());
    };
    let model: Model = serde_json::from_slice(&text).map_err(|source| StoreError::Entry {
        seq: open.id,
        source,
    })?;
    let spec = Spec::parse(satu_linkage::ASN_SPEC).map_err(LinkError::from)?;
    let columns = columns_of(&spec)?;
    let cells = |number: i64| -> Option<Vec<&str>> {
        let record = open.records.iter().find(|record| record.number == number)?;
        let cell = |at: &usize| record.statement.cells.get(*at).map_or("", String::as_str);
        Some(columns.iter().map(cell).collect())
    };
    let explained = open
        .doubt
        .pairs
        .iter()
        .filter_map(|pair| Some(explain(&spec, &model, &cells(pair.a)?, &cells(pair.b)?)));
    Ok(explained.collect())
}

/// Decides a doubt about the chosen records. Pairs of it that the answer leaves open stay in doubt.
/// Returns the decision's ledger number.
pub async fn decide(
    store: &Store,
    decider: &Decider<'_>,
    doubt: i64,
    chosen: &[i64],
    answer: Answer,
) -> Result<i64, ReviewError> {
    let reason = decider.reason()?;
    let mut writer = store.begin().await?;
    // Read under the write lock: of two officers who decide at once, the second is told.
    let open = store.doubt(decider.scope, doubt).await?;
    let open = open.ok_or(ReviewError::NotThere(doubt))?;
    let by = decider.by.to_owned();
    if answer == Answer::NotSure {
        let seq = writer
            .append(&Entry::Deferred { doubt, by, reason })
            .await?;
        writer.commit().await?;
        return Ok(seq);
    }
    let chosen: Vec<&DoubtRecord> = open
        .records
        .iter()
        .filter(|record| chosen.contains(&record.number))
        .collect();
    if chosen.len() < 2 {
        return Err(ReviewError::TooFew);
    }
    let records = chosen
        .iter()
        .map(|record| RecordKey {
            source: record.source.clone(),
            fact: record.statement.fact.clone(),
        })
        .collect();
    let verdict = match answer {
        Answer::Same => Verdict::Same { records },
        _ => Verdict::NotSame { records },
    };
    let ruling = writer
        .append(&Entry::Ruling(Ruling {
            verdict,
            by,
            reason,
        }))
        .await?;
    if answer == Answer::Same {
        let mut persons: Vec<i64> = chosen.iter().filter_map(|record| record.person).collect();
        persons.sort_unstable();
        persons.dedup();
        let mut moved = Vec::new();
        for other in persons.iter().skip(1) {
            for statement in writer.statements_of(*other).await? {
                moved.push((statement, persons[0]));
            }
        }
        moved.sort_unstable();
        writer.append(&Entry::Linked(Linked { moved })).await?;
    }
    writer.append(&Entry::Withdrawn { doubt }).await?;
    let decided = |number: i64| chosen.iter().any(|record| record.number == number);
    let left: Vec<DoubtPair> = open
        .doubt
        .pairs
        .iter()
        .filter(|pair| !(decided(pair.a) && decided(pair.b)))
        .cloned()
        .collect();
    if !left.is_empty() {
        writer.append(&Entry::Doubt(doubt_of(left))).await?;
    }
    writer.commit().await?;
    Ok(ruling)
}

fn doubt_of(pairs: Vec<DoubtPair>) -> Doubt {
    let mut statements: Vec<i64> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    statements.sort_unstable();
    statements.dedup();
    Doubt { statements, pairs }
}

/// Takes a decision back: records that it joined and that nothing has moved since go back to the
/// persons they were of; the doubt that it settled stands again.
pub async fn undo(store: &Store, decider: &Decider<'_>, ruling: i64) -> Result<(), ReviewError> {
    let reason = decider.reason()?;
    let mut writer = store.begin().await?;
    let decided = store.decision(decider.scope, ruling).await?;
    let decided = decided
        .filter(|decided| !decided.undone)
        .ok_or(ReviewError::NotThere(ruling))?;
    let by = decider.by.to_owned();
    writer.append(&Entry::Undone { ruling, by, reason }).await?;
    if !matches!(decided.verdict, Verdict::Value { .. }) {
        take_apart(store, &mut writer, &decided).await?;
    }
    writer.commit().await?;
    Ok(())
}

/// Undoes what a decision on a doubt wrote: it stands right behind the decision in the ledger.
async fn take_apart(
    store: &Store,
    writer: &mut Writer,
    decided: &Decided,
) -> Result<(), ReviewError> {
    let behind = decided.id + 1;
    let mut next = store.entry(behind).await?;
    let joined = matches!(decided.verdict, Verdict::Same { .. });
    if joined && matches!(next, Some(Entry::Linked(_))) {
        let back = writer.moved_by(behind).await?.into_iter();
        let moved = back
            .filter(|(_, _, stands)| *stands)
            .map(|(statement, before, _)| (statement, before))
            .collect();
        writer.append(&Entry::Linked(Linked { moved })).await?;
        next = store.entry(behind + 1).await?;
    }
    let Some(Entry::Withdrawn { doubt: settled }) = next else {
        return Ok(());
    };
    let Some(Entry::Doubt(doubt)) = store.entry(settled).await? else {
        return Ok(());
    };
    // Pairs that the decision left open were put into a doubt of their own: that one goes.
    for (id, statements) in writer.doubts().await? {
        if statements.iter().all(|one| doubt.statements.contains(one)) {
            writer.append(&Entry::Withdrawn { doubt: id }).await?;
        }
    }
    writer.append(&Entry::Doubt(doubt)).await?;
    Ok(())
}

/// Lets a value stand for a field of a person, whatever the sources say. Returns the decision's
/// ledger number.
pub async fn set_value(
    store: &Store,
    decider: &Decider<'_>,
    person: i64,
    field: &str,
    value: &str,
) -> Result<i64, ReviewError> {
    let reason = decider.reason()?;
    let value = canonical(field, value.trim());
    if Kind::DataUtama.position(field).is_none() || value.is_empty() {
        return Err(ReviewError::Field(field.to_owned()));
    }
    let mut writer = store.begin().await?;
    let found = store.person(decider.scope, person, None, OPEN).await?;
    let found = found.ok_or(ReviewError::NotThere(person))?;
    let anchor = found
        .evidence
        .iter()
        .find(|one| one.kind == Kind::DataUtama)
        .ok_or(ReviewError::NotThere(person))?;
    let verdict = Verdict::Value {
        record: RecordKey {
            source: anchor.source.clone(),
            fact: anchor.fact.clone(),
        },
        field: field.to_owned(),
        value,
    };
    let by = decider.by.to_owned();
    let ruling = writer
        .append(&Entry::Ruling(Ruling {
            verdict,
            by,
            reason,
        }))
        .await?;
    writer.commit().await?;
    Ok(ruling)
}
