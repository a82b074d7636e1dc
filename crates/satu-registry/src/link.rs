//! Linking: all current identity rows into persons, with what officers decided obeyed.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};
use satu_domain::{Kind, canonical};
use satu_linkage::{Constraints, Model, Pair, Records, Spec, SpecError, link};
use satu_store::entry::{Doubt, DoubtPair, Linked, RecordKey, Verdict};
use satu_store::neighbours::Known;
use satu_store::{Entry, RawHasher, Store, StoreError, Writer};
use serde::Serialize;

/// Why linking could not be done. Nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The specification cannot be used.
    #[error("the linkage specification cannot be used: {0}")]
    Spec(#[from] SpecError),
    /// The specification compares a field that `data_utama` does not have.
    #[error("the linkage specification names {0:?}, which is no column of data_utama")]
    Field(String),
}

/// What a run concluded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Identity rows looked at.
    pub records: u64,
    /// Persons they are.
    pub persons: u64,
    /// Rows beyond the first that one source has of one person.
    pub duplicates: u64,
    /// Rows that are now another person's than before, new rows included; not a row that came in
    /// another's place and is still of that person.
    pub moved: u64,
    /// Groups of records that a person must look at.
    pub doubts: u64,
}

/// Statements read at a time, and moves of one ledger entry.
const PAGE: usize = 10_000;

/// A doubt about more records than this is told pair by pair: nobody can judge it at one glance.
const MOST_IN_DOUBT: usize = 8;

/// One current identity row, in the order of the records handed to the engine.
pub(crate) struct Held {
    pub statement: i64,
    pub source: u32,
    pub person: Option<i64>,
    /// Whether a linkage run said whose it is.
    pub judged: bool,
}

/// Every current statement, as far as linking needs it.
struct Gathered {
    /// Where each field of the specification stands.
    columns: Vec<usize>,
    /// Records that officers' decisions name.
    wanted: BTreeSet<RecordKey>,
    sources: FxHashMap<String, u32>,
    /// Identity rows, and what the engine reads of them.
    held: Vec<Held>,
    records: Records,
    /// Where among them the records stand that decisions name.
    keys: FxHashMap<RecordKey, u32>,
    /// Where among them a NIP stands.
    by_nip: FxHashMap<String, Vec<u32>>,
    /// Rows of histories, with the NIP that they speak of.
    histories: Vec<(Held, String)>,
}

impl Gathered {
    fn new(spec: &Spec, wanted: BTreeSet<RecordKey>) -> Result<Gathered, LinkError> {
        Ok(Gathered {
            columns: columns_of(spec)?,
            wanted,
            sources: FxHashMap::default(),
            held: Vec::new(),
            records: Records::new(spec),
            keys: FxHashMap::default(),
            by_nip: FxHashMap::default(),
            histories: Vec::new(),
        })
    }

    fn take(&mut self, page: Vec<Known>) {
        let mut rows: Vec<Vec<String>> = Vec::with_capacity(page.len());
        for known in page {
            let one = number(&known, &mut self.sources);
            let nip = nip_of(&known.statement.cells);
            if known.kind != Kind::DataUtama {
                self.histories.push((one, nip));
                continue;
            }
            let at = self.held.len() as u32;
            let key = RecordKey {
                source: known.source,
                fact: known.statement.fact,
            };
            if self.wanted.contains(&key) {
                self.keys.insert(key, at);
            }
            self.held.push(one);
            rows.push(known.statement.cells);
            if !nip.is_empty() {
                self.by_nip.entry(nip).or_default().push(at);
            }
        }
        let columns = &self.columns;
        self.records.extend(rows.len(), |row, field| {
            let cell = rows[row].get(columns[field]);
            cell.map_or("", String::as_str)
        });
    }
}

/// By which weights a run judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Learnt anew from all rows, and kept.
    Learnt,
    /// Those kept by the newest run that learnt; learnt anew where there are none.
    Kept,
}

/// Links every current statement, writes what changed as decisions, and refreshes the golden
/// records of the persons that changed. Run again on the same statements, it changes nothing.
pub async fn link_all(store: &Store) -> Result<Outcome, LinkError> {
    link_all_by(store, Weights::Learnt).await
}

/// Links as [`link_all`] does, by weights learnt anew or by those that are kept.
pub async fn link_all_by(store: &Store, weights: Weights) -> Result<Outcome, LinkError> {
    let kept = match weights {
        Weights::Learnt => None,
        Weights::Kept => kept_model(store).await?,
    };
    let spec = Spec::parse(satu_linkage::ASN_SPEC)?;
    let mut writer = store.begin().await?;
    let rulings = writer.rulings().await?;
    let gathered = Gathered::new(&spec, records_ruled(&rulings))?;
    let Gathered {
        records,
        held,
        histories,
        keys,
        by_nip,
        ..
    } = writer
        .gather_current(PAGE as i64, gathered, Gathered::take)
        .await?;
    let constraints = constraints(&rulings, &keys);
    let linked = link(&records, &spec, &constraints, kept.as_ref());
    let persons = assign(&held, &linked.clusters, writer.last_person().await?);

    let mut moves = Moves::default();
    for (one, person) in held.iter().zip(&persons) {
        moves.judge(one, *person);
    }
    for (one, nip) in histories {
        let candidates = by_nip.get(&nip).map_or(&[][..], Vec::as_slice);
        let own = candidates
            .iter()
            .find(|at| held[**at as usize].source == one.source);
        if let Some(at) = own.or_else(|| candidates.first()) {
            moves.judge(&one, persons[*at as usize]);
        }
    }
    let mut outcome = Outcome {
        records: held.len() as u64,
        moved: moves.write(&mut writer).await?,
        ..Outcome::default()
    };
    let doubts = grouped(doubted(&linked.review, &held, &persons, &constraints));
    outcome.doubts = doubts.len() as u64;
    let standing = writer.doubts().await?;
    write_doubts(&mut writer, doubts, standing.into_iter()).await?;
    if kept.as_ref() != Some(&linked.model) {
        keep_model(&mut writer, &linked.model).await?;
    }
    let distinct: FxHashSet<i64> = persons.iter().copied().collect();
    let of_source: FxHashSet<(i64, u32)> = persons
        .iter()
        .zip(&held)
        .map(|(person, one)| (*person, one.source))
        .collect();
    outcome.persons = distinct.len() as u64;
    outcome.duplicates = (held.len() - of_source.len()) as u64;
    // Making the golden records takes memory of its own.
    drop((records, linked, held, persons, by_nip, distinct, of_source));
    writer.commit().await?;
    Ok(outcome)
}

/// What a run must write: statements and the persons they are of.
#[derive(Default)]
pub(crate) struct Moves {
    told: Vec<(i64, i64)>,
    moved: u64,
}

impl Moves {
    /// A statement is of this person: that is said where it is new or was another's, and of one
    /// that came in another's place, so that it counts as judged.
    pub fn judge(&mut self, one: &Held, person: i64) {
        let moved = one.person != Some(person);
        self.moved += u64::from(moved);
        if moved || !one.judged {
            self.told.push((one.statement, person));
        }
    }

    /// Writes them, and returns how many are now of another person than before.
    pub async fn write(mut self, writer: &mut Writer) -> Result<u64, LinkError> {
        self.told.sort_unstable();
        for part in self.told.chunks(PAGE) {
            let moved = part.to_vec();
            writer.append(&Entry::Linked(Linked { moved })).await?;
        }
        Ok(self.moved)
    }
}

/// A statement as the engine's lists hold it, its source numbered.
pub(crate) fn number(known: &Known, sources: &mut FxHashMap<String, u32>) -> Held {
    let count = sources.len() as u32;
    Held {
        statement: known.seq,
        source: *sources.entry(known.source.clone()).or_insert(count),
        person: known.person,
        judged: known.judged,
    }
}

/// The employee number that a statement speaks of, in its one written form.
pub(crate) fn nip_of(cells: &[String]) -> String {
    let nip = cells.first();
    nip.map_or_else(String::new, |cell| canonical("nip", cell))
}

/// The model that the newest run kept.
pub(crate) async fn kept_model(store: &Store) -> Result<Option<Model>, LinkError> {
    let Some(text) = store.model().await? else {
        return Ok(None);
    };
    let fault = |source| StoreError::Entry { seq: 0, source };
    Ok(Some(serde_json::from_slice(&text).map_err(fault)?))
}

/// Where each field of a specification stands in a `data_utama` row.
pub(crate) fn columns_of(spec: &Spec) -> Result<Vec<usize>, LinkError> {
    let position = |name: &str| {
        Kind::DataUtama
            .position(name)
            .ok_or_else(|| LinkError::Field(name.to_owned()))
    };
    spec.fields()
        .iter()
        .map(|field| position(&field.name))
        .collect()
}

/// Keeps what was learnt, where it differs from what was learnt before, so that a pair can be
/// explained later with the weights it was judged by.
async fn keep_model(writer: &mut Writer, model: &Model) -> Result<(), LinkError> {
    let text = serde_json::to_vec(model).map_err(StoreError::Encode)?;
    let mut hasher = RawHasher::default();
    hasher.update(&text);
    let blob = hasher.finish();
    if writer.neighbours().newest_model().await?.as_ref() != Some(&blob) {
        writer.keep_raw(&blob, &text[..]).await?;
        writer.append(&Entry::Model { blob }).await?;
    }
    Ok(())
}

pub(crate) fn records_ruled(rulings: &[(i64, Verdict)]) -> BTreeSet<RecordKey> {
    rulings
        .iter()
        .flat_map(|(_, verdict)| match verdict {
            Verdict::Same { records } | Verdict::NotSame { records, .. } => records.as_slice(),
            Verdict::Value { .. } => &[],
        })
        .cloned()
        .collect()
}

pub(crate) fn constraints(
    rulings: &[(i64, Verdict)],
    keys: &FxHashMap<RecordKey, u32>,
) -> Constraints {
    let mut constraints = Constraints::default();
    for (_, verdict) in rulings {
        let (records, groups, into) = match verdict {
            Verdict::Same { records } => (records, &[][..], &mut constraints.same),
            Verdict::NotSame { records, groups } => {
                (records, &groups[..], &mut constraints.not_same)
            }
            Verdict::Value { .. } => continue,
        };
        let groups = groups.iter().map(Some).chain(std::iter::repeat(None));
        let at: Vec<(u32, Option<&i64>)> = records
            .iter()
            .zip(groups)
            .filter_map(|(key, group)| Some((*keys.get(key)?, group)))
            .collect();
        for (index, (a, group)) in at.iter().enumerate() {
            let others = at[index + 1..].iter();
            let others = others.filter(|(_, other)| group.is_none() || other != group);
            into.extend(others.map(|(b, _)| (*a, *b)));
        }
    }
    constraints
}

/// The person of each record. A cluster keeps the person whom most of its records are already of;
/// a person goes to one cluster only; what is left over gets a new number.
pub(crate) fn assign<H: std::borrow::Borrow<Held>>(
    held: &[H],
    clusters: &[u32],
    last: i64,
) -> Vec<i64> {
    let mut votes: FxHashMap<(u32, i64), u32> = FxHashMap::default();
    for (one, cluster) in held.iter().zip(clusters) {
        if let Some(person) = one.borrow().person {
            *votes.entry((*cluster, person)).or_default() += 1;
        }
    }
    let mut votes: Vec<_> = votes.into_iter().collect();
    votes.sort_unstable_by_key(|((cluster, person), count)| {
        (std::cmp::Reverse(*count), *person, *cluster)
    });
    let mut of_cluster: FxHashMap<u32, i64> = FxHashMap::default();
    let mut given: FxHashSet<i64> = FxHashSet::default();
    for ((cluster, person), _) in votes {
        if !of_cluster.contains_key(&cluster) && given.insert(person) {
            of_cluster.insert(cluster, person);
        }
    }
    let mut next = last;
    clusters
        .iter()
        .map(|cluster| {
            *of_cluster.entry(*cluster).or_insert_with(|| {
                next += 1;
                next
            })
        })
        .collect()
}

/// Pairs in doubt: those of one person, or that an officer told apart, are none.
pub(crate) fn doubted(
    review: &[Pair],
    held: &[Held],
    persons: &[i64],
    constraints: &Constraints,
) -> Vec<DoubtPair> {
    let decided: FxHashSet<(u32, u32)> = constraints
        .not_same
        .iter()
        .map(|(a, b)| (*a.min(b), *a.max(b)))
        .collect();
    let statement = |at: u32| held[at as usize].statement;
    review
        .iter()
        .filter(|pair| persons[pair.a as usize] != persons[pair.b as usize])
        .filter(|pair| !decided.contains(&(pair.a.min(pair.b), pair.a.max(pair.b))))
        .map(|pair| DoubtPair {
            a: statement(pair.a).min(statement(pair.b)),
            b: statement(pair.a).max(statement(pair.b)),
            weight: (f64::from(pair.weight) * 1e3).round() as i64,
            probability: (f64::from(pair.probability) * 1e6).round() as i64,
        })
        .collect()
}

/// Pairs in doubt, gathered into groups that hang together.
pub(crate) fn grouped(mut pairs: Vec<DoubtPair>) -> Vec<Doubt> {
    pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
    let mut root: FxHashMap<i64, i64> = FxHashMap::default();
    for pair in &pairs {
        let (a, b) = (find(&mut root, pair.a), find(&mut root, pair.b));
        root.insert(a.max(b), a.min(b));
    }
    let mut groups: BTreeMap<i64, Vec<DoubtPair>> = BTreeMap::new();
    for pair in pairs {
        let group = groups.entry(find(&mut root, pair.a)).or_default();
        group.push(pair);
    }
    let doubt = |pairs: Vec<DoubtPair>| {
        let statements: BTreeSet<i64> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
        Doubt {
            statements: statements.into_iter().collect(),
            pairs,
        }
    };
    let mut found = Vec::new();
    for pairs in groups.into_values() {
        let whole = doubt(pairs);
        if whole.statements.len() <= MOST_IN_DOUBT {
            found.push(whole);
        } else {
            found.extend(whole.pairs.into_iter().map(|pair| doubt(vec![pair])));
        }
    }
    found
}

/// Writes the doubts that do not stand yet, and withdraws those that stand no more.
pub(crate) async fn write_doubts(
    writer: &mut Writer,
    doubts: Vec<Doubt>,
    standing: impl Iterator<Item = (i64, Vec<i64>)>,
) -> Result<(), LinkError> {
    let mut open: BTreeMap<Vec<i64>, i64> = standing.map(|(id, held)| (held, id)).collect();
    for doubt in doubts {
        if open.remove(&doubt.statements).is_none() {
            writer.append(&Entry::Doubt(doubt)).await?;
        }
    }
    for doubt in open.into_values() {
        writer.append(&Entry::Withdrawn { doubt }).await?;
    }
    Ok(())
}

fn find(root: &mut FxHashMap<i64, i64>, mut at: i64) -> i64 {
    while let Some(above) = root.get(&at).copied().filter(|above| *above != at) {
        at = above;
    }
    root.entry(at).or_insert(at);
    at
}
