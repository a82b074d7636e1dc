//! What officers decide: same person, not the same, cannot tell, this value stands; and taking a
//! decision back. A decision takes effect at once and binds every later linkage run.

mod back;
mod standing;

use rustc_hash::FxHashSet;
use satu_domain::{Kind, can_be, canonical};
use satu_linkage::{Explanation, Model, Spec, explain};
use satu_store::accounts::AccountError;
use satu_store::clients::ClientError;
use satu_store::entry::{Act, DoubtPair, Linked, RecordKey, Ruling, Verdict};
use satu_store::review::{Decided, OpenDoubt};
use satu_store::{Entry, OPEN, Scope, Store, StoreError, Writer};

use crate::four_eyes::{Effect, Taken, mass, propose, status};
use crate::link::{LinkError, columns_of};
use back::going_back;
use standing::{groups, look_again, told_apart};

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
    /// Only records of different persons are told apart; what a decision joined comes apart by taking it
    /// back.
    #[error(
        "these records are one person already: take back the decision that made them one, or correct the data at their source"
    )]
    OnePerson,
    /// Nor are records joined that a decision tells apart.
    #[error("a decision says that these records are different persons: take it back first")]
    ToldApart,
    /// What was proposed no longer touches what it was to touch.
    #[error("what this is about has changed since it was proposed")]
    Moved,
    /// Nobody is the second person of what they proposed, or of what they are to be given.
    #[error("this needs another person than the one who proposed it, or who gets it")]
    Own,
    /// Only who proposed something takes it back.
    #[error("only who proposed this can take it back")]
    NotOwn,
    /// One person alone could never approve anything.
    #[error("a second person needs two central accounts of two persons that can sign in")]
    Alone,
    /// The account that is to be made or changed.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The program that is to be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The field is not one of `data_utama`, or the value is empty.
    #[error("{0:?} is no field, or the value is empty")]
    Field(String),
    /// The value is no date, number, rank or sex, as its field holds.
    #[error("the value cannot be one of {0}")]
    Value(String),
}

/// What an officer says of records in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// One person.
    Same,
    /// Different persons, but for records that are one person already.
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
    pub(crate) fn reason(&self) -> Result<String, ReviewError> {
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

/// Decides a doubt about the chosen records, or proposes it where that needs a second person. Pairs of it
/// that the answer leaves open stay in doubt.
pub async fn decide(
    store: &Store,
    decider: &Decider<'_>,
    doubt: i64,
    chosen: &[i64],
    answer: Answer,
) -> Result<Taken, ReviewError> {
    let reason = decider.reason()?;
    let mut writer = store.begin().await?;
    // Read under the write lock: of two officers who decide at once, the second is told.
    if answer == Answer::NotSure {
        let open = store.doubt(decider.scope, doubt).await?;
        open.ok_or(ReviewError::NotThere(doubt))?;
        let by = decider.by.to_owned();
        let seq = writer
            .append(&Entry::Deferred { doubt, by, reason })
            .await?;
        writer.commit().await?;
        return Ok(Taken::Done(seq));
    }
    let merge = Merge::of(store, &mut writer, decider.scope, doubt, chosen).await?;
    if answer == Answer::Same && mass(&store.four_eyes().await?, &merge.effect()) {
        joinable(&mut writer, &merge).await?;
        let chosen = merge.chosen.clone();
        let act = Act::Merge { doubt, chosen };
        return propose(store, writer, act, decider.by, reason, merge.effect()).await;
    }
    let ruling = settled(&mut writer, decider, &merge, answer).await?;
    writer.commit().await?;
    Ok(Taken::Done(ruling))
}

/// Records of a doubt, and what becomes of them if they are of one person.
pub(crate) struct Merge {
    doubt: i64,
    pairs: Vec<DoubtPair>,
    /// The statements by which they were chosen, ascending.
    chosen: Vec<i64>,
    /// The records, and of whom each is.
    records: Vec<(RecordKey, i64)>,
    persons: Vec<i64>,
    /// Statements and the person whose they would be.
    moved: Vec<(i64, i64)>,
}

impl Merge {
    pub async fn of(
        store: &Store,
        writer: &mut Writer,
        scope: &Scope,
        doubt: i64,
        chosen: &[i64],
    ) -> Result<Merge, ReviewError> {
        let open = store.doubt(scope, doubt).await?;
        let open = open.ok_or(ReviewError::NotThere(doubt))?;
        let mut taken = Vec::new();
        let mut records = Vec::new();
        for record in open.records {
            // A record that stands no more is of nobody.
            let Some(person) = record.person.filter(|_| chosen.contains(&record.number)) else {
                continue;
            };
            taken.push(record.number);
            let (source, fact) = (record.source, record.statement.fact);
            records.push((RecordKey { source, fact }, person));
        }
        if records.len() < 2 {
            return Err(ReviewError::TooFew);
        }
        taken.sort_unstable();
        let mut persons: Vec<i64> = records.iter().map(|(_, person)| *person).collect();
        persons.sort_unstable();
        persons.dedup();
        let mut moved = Vec::new();
        for other in persons.iter().skip(1) {
            for statement in writer.statements_of(*other).await? {
                moved.push((statement, persons[0]));
            }
        }
        moved.sort_unstable();
        Ok(Merge {
            doubt,
            pairs: open.doubt.pairs,
            chosen: taken,
            records,
            persons,
            moved,
        })
    }

    pub fn effect(&self) -> Effect {
        Effect {
            persons: self.persons.clone(),
            records: self.moved.len() as u64,
        }
    }
}

/// That no decision which stands contradicts that the persons whose the records are, are one.
async fn joinable(writer: &mut Writer, merge: &Merge) -> Result<(), ReviewError> {
    if told_apart(writer, &merge.persons).await? {
        return Err(ReviewError::ToldApart);
    }
    Ok(())
}

/// Writes what was decided of records in doubt; the decision's ledger number.
pub(crate) async fn settled(
    writer: &mut Writer,
    decider: &Decider<'_>,
    merge: &Merge,
    answer: Answer,
) -> Result<i64, ReviewError> {
    let records: Vec<RecordKey> = merge.records.iter().map(|(key, _)| key.clone()).collect();
    let verdict = if answer == Answer::Same {
        joinable(writer, merge).await?;
        Verdict::Same { records }
    } else {
        let groups = groups(writer, &merge.persons).await?;
        let of = |(_, person): &(_, i64)| groups.get(person).copied().unwrap_or(*person);
        let groups: Vec<i64> = merge.records.iter().map(of).collect();
        if groups.iter().all(|group| *group == groups[0]) {
            return Err(ReviewError::OnePerson);
        }
        Verdict::NotSame { records, groups }
    };
    let ruling = writer
        .append(&Entry::Ruling(Ruling {
            verdict,
            by: decider.by.to_owned(),
            reason: decider.reason()?,
        }))
        .await?;
    let mut touched = FxHashSet::default();
    if answer == Answer::Same {
        let moved = merge.moved.clone();
        touched = moved.iter().map(|(statement, _)| *statement).collect();
        writer.append(&Entry::Linked(Linked { moved })).await?;
    }
    let doubt = merge.doubt;
    writer.append(&Entry::Withdrawn { doubt }).await?;
    look_again(writer, merge.pairs.clone(), touched).await?;
    Ok(ruling)
}

/// Takes a decision back, or proposes it where that needs a second person: records that it joined and
/// that nothing has moved since, whatever their sources have said again, go back to the persons they were
/// of, and with them what came since under their numbers alone; what it settled is in doubt again.
pub async fn undo(store: &Store, decider: &Decider<'_>, ruling: i64) -> Result<Taken, ReviewError> {
    let reason = decider.reason()?;
    let mut writer = store.begin().await?;
    let (decided, effect) = undoing(store, &mut writer, decider.scope, ruling).await?;
    let set = store.four_eyes().await?;
    let of_status = match &decided.verdict {
        Verdict::Value { field, .. } => status(&set, field),
        _ => false,
    };
    if of_status || mass(&set, &effect) {
        let act = Act::Undo { ruling };
        return propose(store, writer, act, decider.by, reason, effect).await;
    }
    let number = undone(store, &mut writer, decider, &decided).await?;
    writer.commit().await?;
    Ok(Taken::Done(number))
}

/// A decision that stands, and what taking it back would touch.
pub(crate) async fn undoing(
    store: &Store,
    writer: &mut Writer,
    scope: &Scope,
    ruling: i64,
) -> Result<(Decided, Effect), ReviewError> {
    let decided = store.decision(scope, ruling).await?;
    let decided = decided
        .filter(|decided| !decided.undone)
        .ok_or(ReviewError::NotThere(ruling))?;
    let mut persons = writer.persons_of_ruling(ruling).await?;
    let mut records = 1;
    if matches!(decided.verdict, Verdict::Same { .. }) {
        let written = store.written_with(ruling).await?;
        let back = going_back(writer, &written).await?;
        records = back.len() as u64;
        for (statement, _) in back {
            persons.extend(writer.person_of(statement).await?);
        }
    }
    persons.sort_unstable();
    persons.dedup();
    Ok((decided, Effect { persons, records }))
}

/// Writes that a decision is taken back; the number of the entry.
pub(crate) async fn undone(
    store: &Store,
    writer: &mut Writer,
    decider: &Decider<'_>,
    decided: &Decided,
) -> Result<i64, ReviewError> {
    let (ruling, by, reason) = (decided.id, decider.by.to_owned(), decider.reason()?);
    let number = writer.append(&Entry::Undone { ruling, by, reason }).await?;
    if !matches!(decided.verdict, Verdict::Value { .. }) {
        take_apart(store, writer, decided).await?;
    }
    Ok(number)
}

/// Undoes what was written with a decision on a doubt.
async fn take_apart(
    store: &Store,
    writer: &mut Writer,
    decided: &Decided,
) -> Result<(), ReviewError> {
    let written = store.written_with(decided.id).await?;
    let moved = going_back(writer, &written).await?;
    if !moved.is_empty() {
        writer.append(&Entry::Linked(Linked { moved })).await?;
    }
    let mut pairs = Vec::new();
    for (_, entry) in written {
        if let Entry::Withdrawn { doubt } = entry
            && let Some(Entry::Doubt(doubt)) = store.entry(doubt).await?
        {
            pairs.extend(doubt.pairs);
        }
    }
    look_again(writer, pairs, FxHashSet::default()).await
}

/// Lets a value stand for a field of a person, whatever the sources say; or proposes it where that needs
/// a second person.
pub async fn set_value(
    store: &Store,
    decider: &Decider<'_>,
    person: i64,
    field: &str,
    value: &str,
) -> Result<Taken, ReviewError> {
    let reason = decider.reason()?;
    let value = canonical(field, value.trim());
    if Kind::DataUtama.position(field).is_none() || value.is_empty() {
        return Err(ReviewError::Field(field.to_owned()));
    }
    if !can_be(field, &value) {
        return Err(ReviewError::Value(field.to_owned()));
    }
    let mut writer = store.begin().await?;
    if status(&store.four_eyes().await?, field) {
        anchor(store, decider.scope, person).await?;
        let act = Act::Value {
            person,
            field: field.to_owned(),
            value,
        };
        let effect = Effect {
            persons: vec![person],
            records: 1,
        };
        return propose(store, writer, act, decider.by, reason, effect).await;
    }
    let ruling = valued(store, &mut writer, decider, person, field, &value).await?;
    writer.commit().await?;
    Ok(Taken::Done(ruling))
}

/// The record by which a person within reach is named in a decision.
async fn anchor(store: &Store, scope: &Scope, person: i64) -> Result<RecordKey, ReviewError> {
    let found = store.person(scope, person, None, OPEN).await?;
    let found = found.ok_or(ReviewError::NotThere(person))?;
    let anchor = found
        .evidence
        .into_iter()
        .find(|one| one.kind == Kind::DataUtama)
        .ok_or(ReviewError::NotThere(person))?;
    Ok(RecordKey {
        source: anchor.source,
        fact: anchor.fact,
    })
}

/// Writes that a value stands; the decision's ledger number.
pub(crate) async fn valued(
    store: &Store,
    writer: &mut Writer,
    decider: &Decider<'_>,
    person: i64,
    field: &str,
    value: &str,
) -> Result<i64, ReviewError> {
    let verdict = Verdict::Value {
        record: anchor(store, decider.scope, person).await?,
        field: field.to_owned(),
        value: value.to_owned(),
    };
    let ruling = Ruling {
        verdict,
        by: decider.by.to_owned(),
        reason: decider.reason()?,
    };
    Ok(writer.append(&Entry::Ruling(ruling)).await?)
}
