//! The part of the register that a few records touch: themselves, whom they must be compared to,
//! and, with every record that a link ties to them, all that hangs on it.
//!
//! Pairs are those that a whole run compares, with these exceptions:
//! - a block larger than the specification's `block_cap` is left out whole, where a whole run still
//!   compares those of it that agree on the `refine` keys too. With the shipped rules that is a
//!   number, e-mail address or the like which more than `block_cap` rows hold: two rows that share it
//!   and a name that sounds the same, but neither birth date nor any other key;
//! - where new rows make a block too large, old rows that only it tied together stay together;
//! - a corrected row no longer ties others together; that is seen among the rows of its person only.

use rustc_hash::{FxHashMap, FxHashSet};
use satu_domain::Kind;
use satu_linkage::{Constraints, Keys, Model, Pair, Records, Settled, Spec, settle, weigh};
use satu_store::entry::{RecordKey, Statement, Verdict};
use satu_store::neighbours::{Known, Neighbours};

use crate::link::{LinkError, columns_of, constraints, nip_of, records_ruled};

/// What judges: the specification and a model.
pub(crate) struct Engine {
    pub spec: Spec,
    pub model: Model,
    columns: Vec<usize>,
}

impl Engine {
    /// None where the model was learnt for another specification, or by an older version.
    pub fn new(model: Model) -> Result<Option<Engine>, LinkError> {
        let spec = Spec::parse(satu_linkage::ASN_SPEC)?;
        let columns = columns_of(&spec)?;
        Ok(model.judges(&spec).then_some(Engine {
            spec,
            model,
            columns,
        }))
    }

    /// A row's cells in the order of the specification's fields.
    pub fn cells<'a>(&self, row: &'a [String]) -> Vec<&'a str> {
        let cell = |at: &usize| row.get(*at).map_or("", String::as_str);
        self.columns.iter().map(cell).collect()
    }
}

/// An identity row of the part.
pub(crate) struct Row {
    pub known: Known,
    /// Whether its cluster is settled anew. Others are only compared to.
    pub inside: bool,
}

/// The part, ascending by ledger number.
pub(crate) struct Part {
    pub rows: Vec<Row>,
    /// Histories of the persons inside.
    pub histories: Vec<Known>,
    pub constraints: Constraints,
    pub settled: Settled,
    /// The pairs that link or need a look, by index of the rows.
    pub pairs: Vec<Pair>,
}

/// Gathers the part that these rows touch, which no run has judged, and settles it.
pub(crate) async fn gather(
    neighbours: &mut Neighbours<'_>,
    engine: &Engine,
    seeds: Vec<Known>,
) -> Result<Part, LinkError> {
    let mut gathering = Gathering::new(engine);
    let seeds = seeds.into_iter().map(Read::Whole);
    let mut next: Vec<u32> = seeds.map(|read| gathering.add(read)).collect();
    for at in &next {
        gathering.make_keys(*at);
        let row = &gathering.rows[*at as usize];
        for key in row.keys.iter().filter(|key| **key != 0) {
            let fresh = gathering.fresh.entry(*key).or_default();
            fresh.push(row.seq());
        }
    }
    while !next.is_empty() {
        next = gathering.widen(neighbours, next).await?;
    }
    gathering.settle(neighbours).await
}

/// An identity row that was read.
struct Gathered {
    read: Read,
    inside: bool,
    /// Its blocking keys, once they are asked for.
    keys: Vec<u64>,
}

/// How much of a row was read. Most are only compared to, and nobody asks whose they are.
enum Read {
    Text(i64, Statement),
    Whole(Known),
}

impl Gathered {
    fn seq(&self) -> i64 {
        match &self.read {
            Read::Text(seq, _) => *seq,
            Read::Whole(known) => known.seq,
        }
    }

    fn row(&self) -> &[String] {
        match &self.read {
            Read::Text(_, statement) => &statement.cells,
            Read::Whole(known) => &known.statement.cells,
        }
    }

    fn known(&self) -> Option<&Known> {
        match &self.read {
            Read::Text(..) => None,
            Read::Whole(known) => Some(known),
        }
    }

    fn whole(self) -> Option<Row> {
        match self.read {
            Read::Text(..) => None,
            Read::Whole(known) => Some(Row {
                known,
                inside: self.inside,
            }),
        }
    }
}

struct Gathering<'a> {
    engine: &'a Engine,
    keys: Keys,
    records: Records,
    rows: Vec<Gathered>,
    places: FxHashMap<i64, u32>,
    /// Which rows of the register have a key, one more than are compared at most.
    indexed: FxHashMap<u64, Vec<i64>>,
    /// Which of the rows that no run has judged have it.
    fresh: FxHashMap<u64, Vec<i64>>,
    persons: FxHashSet<i64>,
    histories: Vec<Known>,
    rulings: FxHashMap<i64, Verdict>,
    met: FxHashSet<(u32, u32)>,
    pairs: Vec<Pair>,
}

impl Gathering<'_> {
    fn new(engine: &Engine) -> Gathering<'_> {
        Gathering {
            engine,
            keys: Keys::new(&engine.spec),
            records: Records::new(&engine.spec),
            rows: Vec::new(),
            places: FxHashMap::default(),
            indexed: FxHashMap::default(),
            fresh: FxHashMap::default(),
            persons: FxHashSet::default(),
            histories: Vec::new(),
            rulings: FxHashMap::default(),
            met: FxHashSet::default(),
            pairs: Vec::new(),
        }
    }

    /// Adds a row, or what more was read of one that is there; its place.
    fn add(&mut self, read: Read) -> u32 {
        let row = Gathered {
            read,
            inside: false,
            keys: Vec::new(),
        };
        let place = self.rows.len() as u32;
        let at = *self.places.entry(row.seq()).or_insert(place);
        if at == place {
            self.records.push(&self.engine.cells(row.row()));
            self.rows.push(row);
        } else if row.known().is_some() {
            self.rows[at as usize].read = row.read;
        }
        at
    }

    /// Reads these rows whole, where they are not.
    async fn read_whole(
        &mut self,
        neighbours: &mut Neighbours<'_>,
        rows: &[u32],
    ) -> Result<(), LinkError> {
        let rows = rows.iter().map(|at| &self.rows[*at as usize]);
        let text = rows.filter(|row| row.known().is_none());
        let numbers: Vec<i64> = text.map(Gathered::seq).collect();
        for known in neighbours.statements(&numbers).await? {
            self.add(Read::Whole(known));
        }
        Ok(())
    }

    /// Makes a row's keys, unless they are made. Most rows are only compared to, and need none.
    fn make_keys(&mut self, at: u32) {
        let row = &mut self.rows[at as usize];
        if row.keys.is_empty() {
            row.keys = self.keys.of(&self.engine.cells(row.row()));
        }
    }

    /// Takes rows inside: with their persons' other rows, what officers said of them, and all that
    /// they must be compared to. Returns those that links tie to them and that are not inside.
    async fn widen(
        &mut self,
        neighbours: &mut Neighbours<'_>,
        rows: Vec<u32>,
    ) -> Result<Vec<u32>, LinkError> {
        let mut inside = Vec::new();
        self.read_whole(neighbours, &rows).await?;
        self.enter(rows, &mut inside);
        let persons: Vec<i64> = inside
            .iter()
            .filter_map(|at| self.rows[*at as usize].known()?.person)
            .filter(|person| self.persons.insert(*person))
            .collect();
        let mut others = Vec::new();
        for known in neighbours.members(&persons).await? {
            if known.kind == Kind::DataUtama {
                others.push(self.add(Read::Whole(known)));
            } else {
                self.histories.push(known);
            }
        }
        self.enter(others, &mut inside);
        let ruled = self.ruled(neighbours, &inside).await?;
        self.look_up(neighbours, inside.iter().copied()).await?;
        let missing: FxHashSet<i64> = inside
            .iter()
            .flat_map(|at| &self.rows[*at as usize].keys)
            .flat_map(|key| self.block(*key))
            .filter(|seq| !self.places.contains_key(seq))
            .collect();
        let mut missing: Vec<i64> = missing.into_iter().collect();
        missing.sort_unstable();
        for (seq, statement) in neighbours.texts(&missing).await? {
            self.add(Read::Text(seq, statement));
        }
        let mut pairs = Vec::new();
        for at in &inside {
            for key in &self.rows[*at as usize].keys {
                for seq in self.block(*key) {
                    let Some(other) = self.places.get(&seq) else {
                        continue;
                    };
                    let pair = (*at.min(other), *at.max(other));
                    if pair.0 != pair.1 && self.met.insert(pair) {
                        pairs.push(pair);
                    }
                }
            }
        }
        let found = weigh(&self.records, &self.engine.spec, &self.engine.model, &pairs);
        let mut next: Vec<u32> = found
            .iter()
            .filter(|pair| self.engine.spec.links(pair))
            .flat_map(|pair| [pair.a, pair.b])
            .chain(ruled)
            .filter(|at| !self.rows[*at as usize].inside)
            .collect();
        next.sort_unstable();
        next.dedup();
        self.pairs.extend(found);
        Ok(next)
    }

    fn enter(&mut self, rows: Vec<u32>, inside: &mut Vec<u32>) {
        for at in rows {
            let row = &mut self.rows[at as usize];
            if !row.inside {
                row.inside = true;
                inside.push(at);
                self.make_keys(at);
            }
        }
    }

    /// What officers said of these rows; returns those that they are one person with.
    async fn ruled(
        &mut self,
        neighbours: &mut Neighbours<'_>,
        rows: &[u32],
    ) -> Result<Vec<u32>, LinkError> {
        // A record that no source has sent yet is none that anybody could speak of.
        let sent = rows
            .iter()
            .filter_map(|at| Some(self.rows[*at as usize].known()?.record()));
        let keys: Vec<RecordKey> = sent.filter(|key| !key.source.is_empty()).collect();
        let mut same = Vec::new();
        for (id, verdict) in neighbours.rulings_on(&keys).await? {
            if let Verdict::Same { records } = &verdict {
                for record in records {
                    same.extend(neighbours.versions(record).await?.last().copied());
                }
            }
            self.rulings.insert(id, verdict);
        }
        let known = neighbours.statements(&same).await?.into_iter();
        Ok(known.map(|known| self.add(Read::Whole(known))).collect())
    }

    /// Asks the index for the keys of these rows that it was not asked for yet.
    async fn look_up(
        &mut self,
        neighbours: &mut Neighbours<'_>,
        rows: impl Iterator<Item = u32>,
    ) -> Result<(), LinkError> {
        let mut keys: Vec<u64> = rows
            .flat_map(|at| &self.rows[at as usize].keys)
            .copied()
            .filter(|key| *key != 0 && !self.indexed.contains_key(key))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        let most = self.engine.spec.block_cap() + 1;
        self.indexed.extend(neighbours.having(&keys, most).await?);
        Ok(())
    }

    /// The rows that have a key, as far as they were looked up.
    fn all_having(&self, key: u64) -> Vec<i64> {
        let part = |map: &FxHashMap<u64, Vec<i64>>| map.get(&key).cloned().unwrap_or_default();
        let (mut rows, fresh) = (part(&self.indexed), part(&self.fresh));
        if !fresh.is_empty() {
            // A row that came in another's place is in the index too.
            rows.extend(fresh);
            rows.sort_unstable();
            rows.dedup();
        }
        rows
    }

    /// The rows that are compared because they have a key; none where they are too many.
    fn block(&self, key: u64) -> Vec<i64> {
        let rows = self.all_having(key);
        if key == 0 || rows.len() > self.engine.spec.block_cap() {
            return Vec::new();
        }
        rows
    }

    async fn settle(mut self, neighbours: &mut Neighbours<'_>) -> Result<Part, LinkError> {
        let spec = &self.engine.spec;
        let mut compared: Vec<u32> = self.pairs.iter().flat_map(|p| [p.a, p.b]).collect();
        // By their employee number histories find whom they are of.
        let inside = self.rows.iter().filter(|row| row.inside);
        let nips: FxHashSet<String> = inside.map(|row| nip_of(row.row())).collect();
        compared.extend((0..self.rows.len() as u32).filter(|at| {
            let row = &self.rows[*at as usize];
            row.inside || nips.contains(&nip_of(row.row()))
        }));
        compared.sort_unstable();
        compared.dedup();
        self.read_whole(neighbours, &compared).await?;
        // One may have been corrected since the index was read, where others write meanwhile.
        compared.retain(|at| self.rows[*at as usize].known().is_some());
        // Only what is paired counts from here on.
        let counted = spec.counted();
        for at in &compared {
            self.make_keys(*at);
            let row = &mut self.rows[*at as usize];
            if !row.inside {
                let rule = |rule: usize| counted.iter().any(|(_, one)| *one == rule);
                let keys = row.keys.iter_mut().enumerate();
                keys.filter(|(at, _)| !rule(*at))
                    .for_each(|(_, key)| *key = 0);
            }
        }
        self.look_up(neighbours, compared.iter().copied()).await?;
        // In the order of the ledger, in which a whole run has them.
        compared.sort_unstable_by_key(|at| self.rows[*at as usize].seq());
        let mut records = Records::new(spec);
        let mut place = vec![u32::MAX; self.rows.len()];
        for (new, at) in compared.iter().enumerate() {
            place[*at as usize] = new as u32;
            records.push(&self.engine.cells(self.rows[*at as usize].row()));
        }
        for (new, at) in compared.iter().enumerate() {
            for (field, rule) in &counted {
                let key = self.rows[*at as usize].keys[*rule];
                let held = self.all_having(key).len() as u32;
                records.held_by(new as u32, *field, held);
            }
        }
        for pair in &mut self.pairs {
            let (a, b) = (place[pair.a as usize], place[pair.b as usize]);
            (pair.a, pair.b) = (a.min(b), a.max(b));
        }
        self.pairs.retain(|pair| pair.b != u32::MAX);
        self.pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
        let mut rulings: Vec<(i64, Verdict)> = self.rulings.into_iter().collect();
        rulings.sort_unstable_by_key(|(id, _)| *id);
        let wanted = records_ruled(&rulings);
        let mut all: Vec<Option<Gathered>> = self.rows.into_iter().map(Some).collect();
        let rows = compared.iter().filter_map(|at| all[*at as usize].take());
        let rows: Vec<Row> = rows.filter_map(Gathered::whole).collect();
        let mut at = FxHashMap::default();
        for (place, row) in rows.iter().enumerate() {
            let key = row.known.record();
            if wanted.contains(&key) {
                at.insert(key, place as u32);
            }
        }
        let constraints = constraints(&rulings, &at);
        let model = &self.engine.model;
        Ok(Part {
            settled: settle(&records, spec, &constraints, model, &self.pairs),
            rows,
            histories: self.histories,
            constraints,
            pairs: self.pairs,
        })
    }
}
