//! What is still open, as persons and decisions stand.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use satu_domain::Kind;
use satu_store::entry::{Doubt, DoubtPair, RecordKey, Verdict};
use satu_store::neighbours::Known;
use satu_store::{Entry, StoreError, Writer};

use super::ReviewError;
use crate::link::{constraints, grouped, write_doubts};
use crate::link_new::hanging;

/// A group for each of these persons: those that decisions which stand would make one are of one group.
/// As a rule each is its own, for a run obeys such decisions; until it does, nobody contradicts them.
pub(super) async fn groups(
    writer: &mut Writer,
    persons: &[i64],
) -> Result<BTreeMap<i64, i64>, StoreError> {
    let mut groups = BTreeMap::new();
    for first in persons {
        let mut next = vec![*first];
        while let Some(person) = next.pop() {
            if groups.contains_key(&person) {
                continue;
            }
            groups.insert(person, *first);
            let records = records_of(writer, &[person]).await?;
            for (_, verdict) in writer.neighbours().rulings_on(&records).await? {
                let Verdict::Same { records } = verdict else {
                    continue;
                };
                for record in &records {
                    next.extend(having(writer, record).await?);
                }
            }
        }
    }
    Ok(groups)
}

/// The main records of these persons, as they stand.
async fn records_of(writer: &mut Writer, persons: &[i64]) -> Result<Vec<RecordKey>, StoreError> {
    let members = writer.neighbours().members(persons).await?.into_iter();
    let main = members.filter(|known| known.kind == Kind::DataUtama);
    Ok(main.map(|known| known.record()).collect())
}

/// The person who has a record, if it stands.
async fn having(writer: &mut Writer, record: &RecordKey) -> Result<Option<i64>, StoreError> {
    let versions = writer.neighbours().versions(record).await?;
    match versions.last() {
        Some(current) => writer.person_of(*current).await,
        None => Ok(None),
    }
}

/// Whether decisions that stand tell any records of these persons apart, or any of those whom other
/// decisions make one with them.
pub(super) async fn told_apart(writer: &mut Writer, persons: &[i64]) -> Result<bool, StoreError> {
    let mut rulings = BTreeMap::new();
    let mut keys: FxHashMap<RecordKey, u32> = FxHashMap::default();
    let mut known: FxHashSet<i64> = persons.iter().copied().collect();
    let mut next = records_of(writer, persons).await?;
    while !next.is_empty() {
        for record in &next {
            let at = keys.len() as u32;
            keys.entry(record.clone()).or_insert(at);
        }
        let found = writer.neighbours().rulings_on(&next).await?;
        next.clear();
        let mut persons = Vec::new();
        for (id, verdict) in found {
            if let Verdict::Same { records } = &verdict {
                for record in records {
                    persons.extend(having(writer, record).await?);
                }
                next.extend_from_slice(records);
            }
            rulings.insert(id, verdict);
        }
        persons.retain(|person| known.insert(*person));
        next.extend(records_of(writer, &persons).await?);
        next.retain(|record| !keys.contains_key(record));
    }
    let rulings: Vec<(i64, Verdict)> = rulings.into_iter().collect();
    Ok(!constraints(&rulings, &keys).not_same.is_empty())
}

/// Writes anew the doubts that hang together with these pairs and statements, these pairs among them,
/// where they are others than stand: of the records as they stand now.
pub(super) async fn look_again(
    writer: &mut Writer,
    pairs: Vec<DoubtPair>,
    mut statements: FxHashSet<i64>,
) -> Result<(), ReviewError> {
    statements.extend(pairs.iter().flat_map(|pair| [pair.a, pair.b]));
    let mut pairs = renewed(writer, pairs).await?;
    let mut standing = hanging(&mut writer.neighbours(), &statements, &pairs).await?;
    let others = standing.values().flat_map(|doubt| doubt.pairs.clone());
    pairs.extend(renewed(writer, others.collect()).await?);
    pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
    pairs.dedup_by_key(|pair| (pair.a, pair.b));
    undecided(writer, &mut pairs).await?;
    let open: FxHashSet<(i64, i64)> = pairs.iter().map(|pair| (pair.a, pair.b)).collect();
    let whole = |doubt: &Doubt| {
        let mut pairs = doubt.pairs.iter();
        pairs.all(|pair| open.contains(&(pair.a, pair.b)))
    };
    for (doubt, _) in standing.iter().filter(|(_, doubt)| !whole(doubt)) {
        let doubt = *doubt;
        writer.append(&Entry::Withdrawn { doubt }).await?;
    }
    standing.retain(|_, doubt| whole(doubt));
    let standing = standing.into_iter();
    let standing = standing.map(|(id, doubt)| (id, doubt.statements));
    write_doubts(writer, grouped(pairs), standing).await?;
    Ok(())
}

/// These pairs, of the records as they stand now; those of which one stands no more are left out.
async fn renewed(writer: &mut Writer, pairs: Vec<DoubtPair>) -> Result<Vec<DoubtPair>, StoreError> {
    let statements: Vec<i64> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    let current = writer.neighbours().current(&statements).await?;
    let pairs = pairs.into_iter().filter_map(|pair| {
        let (a, b) = (*current.get(&pair.a)?, *current.get(&pair.b)?);
        let (a, b) = (a.min(b), a.max(b));
        Some(DoubtPair { a, b, ..pair })
    });
    Ok(pairs.collect())
}

/// Leaves the pairs that are still in doubt: of two persons, whom no decision that stands tells apart.
async fn undecided(writer: &mut Writer, pairs: &mut Vec<DoubtPair>) -> Result<(), StoreError> {
    let mut statements: Vec<i64> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    statements.sort_unstable();
    statements.dedup();
    let known: Vec<Known> = writer.neighbours().statements(&statements).await?;
    let records: Vec<RecordKey> = known.iter().map(Known::record).collect();
    let rulings = writer.neighbours().rulings_on(&records).await?;
    let keys: FxHashMap<RecordKey, u32> = records.into_iter().zip(0..).collect();
    let apart: FxHashSet<(u32, u32)> = constraints(&rulings, &keys)
        .not_same
        .into_iter()
        .flat_map(|(a, b)| [(a, b), (b, a)])
        .collect();
    let place = |statement: i64| known.binary_search_by_key(&statement, |one| one.seq).ok();
    pairs.retain(|pair| {
        let (Some(a), Some(b)) = (place(pair.a), place(pair.b)) else {
            return false;
        };
        known[a].person != known[b].person && !apart.contains(&(a as u32, b as u32))
    });
    Ok(())
}
