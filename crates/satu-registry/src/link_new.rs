//! Linking what came in since the last run, in time proportional to it and not to the register.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};
use satu_domain::Kind;
use satu_linkage::Keys;
use satu_store::entry::{Doubt, DoubtPair};
use satu_store::neighbours::{Known, Neighbours};
use satu_store::{Store, Writer};

use crate::link::{
    Held, LinkError, Moves, Outcome, assign, doubted, grouped, kept_model, link_all, nip_of,
    number, write_doubts,
};
use crate::part::{Engine, Part, gather};

/// Statements read at a time.
const PAGE: i64 = 10_000;

/// Of so many rows that a model was learnt from, one may be new for it to go on speaking for all.
const OLD_FOR_A_NEW_ONE: u64 = 5;

/// Links the statements that no run has judged, by the weights that the newest run learnt: compares
/// them to those rows that share a blocking key, settles anew every cluster that they touch, and
/// writes the same decisions as a whole run by those weights would. The outcome speaks of the rows
/// looked at. [`link_all`] instead where no model is kept, and where the new rows are more than a
/// fifth of those it was learnt from: it would no longer speak for what stands, and a whole run
/// costs little more then.
pub async fn link_new(store: &Store) -> Result<Outcome, LinkError> {
    let engine = match kept_model(store).await? {
        Some(model) => Engine::new(model)?,
        None => None,
    };
    let Some(engine) = engine else {
        return link_all(store).await;
    };
    let most = engine.model.records / OLD_FOR_A_NEW_ONE;
    let mut writer = store.begin().await?;
    let (mut seeds, mut histories) = (Vec::new(), Vec::new());
    let mut after = 0;
    loop {
        let page = writer.unjudged(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = *last;
        for known in writer.neighbours().statements(&page).await? {
            match known.kind {
                Kind::DataUtama => seeds.push(known),
                _ => histories.push(known),
            }
        }
        if seeds.len() as u64 > most {
            drop(writer);
            return link_all(store).await;
        }
    }
    let replaced = replaced(&mut writer.neighbours(), &seeds).await?;
    let part = gather(&mut writer.neighbours(), &engine, seeds).await?;
    let mut sources = FxHashMap::default();
    let held: Vec<Held> = part
        .rows
        .iter()
        .map(|row| number(&row.known, &mut sources))
        .collect();
    let last = writer.last_person().await?;
    let persons = persons(&part, &held, last);
    let mut moves = Moves::default();
    for (at, row) in part.rows.iter().enumerate() {
        if row.inside {
            moves.judge(&held[at], persons[at]);
        }
    }
    histories.extend(part.histories.iter().cloned());
    place_histories(&mut writer, &engine, &part, &persons, histories, &mut moves).await?;
    let inside = || part.rows.iter().zip(&persons).filter(|(row, _)| row.inside);
    let distinct: FxHashSet<i64> = inside().map(|(_, person)| *person).collect();
    let of_source: FxHashSet<(i64, &str)> = inside()
        .map(|(row, person)| (*person, row.known.source.as_str()))
        .collect();
    let records = inside().count();
    let pairs = doubted(&part.settled.review, &held, &persons, &part.constraints);
    let settled: FxHashSet<i64> = inside()
        .map(|(row, _)| row.known.seq)
        .chain(replaced)
        .collect();
    let standing = hanging(&mut writer.neighbours(), &settled, &pairs).await?;
    let kept = standing
        .values()
        .flat_map(|doubt| doubt.pairs.iter().cloned())
        .filter(|pair| !settled.contains(&pair.a) && !settled.contains(&pair.b));
    let mut all: Vec<DoubtPair> = pairs.iter().cloned().chain(kept).collect();
    all.sort_unstable_by_key(|pair| (pair.a, pair.b));
    all.dedup_by_key(|pair| (pair.a, pair.b));
    let doubts = grouped(all);
    let outcome = Outcome {
        records: records as u64,
        persons: distinct.len() as u64,
        duplicates: (records - of_source.len()) as u64,
        moved: moves.write(&mut writer).await?,
        doubts: doubts.len() as u64,
    };
    let standing = standing
        .into_iter()
        .map(|(id, doubt)| (id, doubt.statements));
    write_doubts(&mut writer, doubts, standing).await?;
    writer.commit().await?;
    Ok(outcome)
}

/// The person of each row: as settled inside, as it stands outside.
fn persons(part: &Part, held: &[Held], last: i64) -> Vec<i64> {
    let inside: Vec<usize> = (0..part.rows.len())
        .filter(|at| part.rows[*at].inside)
        .collect();
    let votes: Vec<&Held> = inside.iter().map(|at| &held[*at]).collect();
    let clusters: Vec<u32> = inside.iter().map(|at| part.settled.clusters[*at]).collect();
    let mut persons: Vec<i64> = held.iter().map(|one| one.person.unwrap_or(0)).collect();
    for (at, person) in inside.iter().zip(assign(&votes, &clusters, last)) {
        persons[*at] = person;
    }
    persons
}

/// The statements in whose place these came.
async fn replaced(neighbours: &mut Neighbours<'_>, seeds: &[Known]) -> Result<Vec<i64>, LinkError> {
    let mut found = Vec::new();
    for known in seeds.iter().filter(|known| known.person.is_some()) {
        let versions = neighbours.versions(&known.record()).await?;
        found.extend(versions.into_iter().filter(|seq| *seq != known.seq));
    }
    Ok(found)
}

/// The doubts that stand and hang together with these statements and pairs.
pub(crate) async fn hanging(
    neighbours: &mut Neighbours<'_>,
    settled: &FxHashSet<i64>,
    pairs: &[DoubtPair],
) -> Result<BTreeMap<i64, Doubt>, LinkError> {
    let mut known: BTreeSet<i64> = settled.iter().copied().collect();
    known.extend(pairs.iter().flat_map(|pair| [pair.a, pair.b]));
    let mut ask: Vec<i64> = known.iter().copied().collect();
    let mut found = BTreeMap::new();
    while !ask.is_empty() {
        let doubts = neighbours.doubts_on(&ask).await?;
        let statements = doubts.iter().flat_map(|(_, doubt)| &doubt.statements);
        ask = statements
            .copied()
            .filter(|one| known.insert(*one))
            .collect();
        found.extend(doubts);
    }
    Ok(found)
}

/// Says of whom histories are: those that no run has judged, those of the persons inside, and those
/// of other persons who bear a number that somebody inside bears.
async fn place_histories(
    writer: &mut Writer,
    engine: &Engine,
    part: &Part,
    persons: &[i64],
    mut histories: Vec<Known>,
    moves: &mut Moves,
) -> Result<(), LinkError> {
    let rows = part.rows.iter().zip(persons);
    let mut by_nip: FxHashMap<String, BTreeMap<i64, (String, i64)>> = FxHashMap::default();
    let inside = part.rows.iter().filter(|row| row.inside);
    let nips: FxHashSet<String> = inside
        .map(|row| nip_of(&row.known.statement.cells))
        .collect();
    let mut elsewhere: Vec<i64> = Vec::new();
    for (row, person) in rows {
        let nip = nip_of(&row.known.statement.cells);
        if nip.is_empty() {
            continue;
        }
        if !row.inside && nips.contains(&nip) {
            elsewhere.push(*person);
        }
        let stated = (row.known.source.clone(), *person);
        by_nip.entry(nip).or_default().insert(row.known.seq, stated);
    }
    elsewhere.sort_unstable();
    elsewhere.dedup();
    for known in writer.neighbours().members(&elsewhere).await? {
        if known.kind != Kind::DataUtama && nips.contains(&nip_of(&known.statement.cells)) {
            histories.push(known);
        }
    }
    // Whose numbers nobody inside bears: who bears them is asked of the index.
    let others = histories.iter().map(|known| nip_of(&known.statement.cells));
    let others: FxHashSet<String> = others
        .filter(|nip| !nip.is_empty() && !nips.contains(nip))
        .collect();
    let mut keys = Keys::new(&engine.spec);
    let number = |nip: &String| {
        let mut row = vec![String::new(); Kind::DataUtama.columns().len()];
        row[0].clone_from(nip);
        row
    };
    let wanted: Vec<u64> = others
        .iter()
        .flat_map(|nip| keys.of(&engine.cells(&number(nip))))
        .filter(|key| *key != 0)
        .collect();
    let most = engine.spec.block_cap();
    let found = writer.neighbours().having(&wanted, most).await?;
    let found: BTreeSet<i64> = found.into_values().flatten().collect();
    let found: Vec<i64> = found.into_iter().collect();
    for known in writer.neighbours().statements(&found).await? {
        let nip = nip_of(&known.statement.cells);
        if let (true, Some(person)) = (others.contains(&nip), known.person) {
            let stated = (known.source, person);
            by_nip.entry(nip).or_default().insert(known.seq, stated);
        }
    }
    let settled: FxHashMap<i64, i64> = part
        .rows
        .iter()
        .zip(persons)
        .map(|(row, person)| (row.known.seq, *person))
        .collect();
    let mut sources = FxHashMap::default();
    let mut told = FxHashSet::default();
    for known in histories {
        let Some(candidates) = by_nip.get(&nip_of(&known.statement.cells)) else {
            continue;
        };
        let own = candidates
            .iter()
            .find(|(_, (source, _))| *source == known.source);
        if let Some((seq, (_, person))) = own.or_else(|| candidates.iter().next())
            && told.insert(known.seq)
        {
            let person = settled.get(seq).unwrap_or(person);
            moves.judge(&crate::link::number(&known, &mut sources), *person);
        }
    }
    Ok(())
}
