//! One record in, ranked persons with reasons out.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use satu_domain::Kind;
use satu_linkage::{Explanation, Model, explain};
use satu_store::entry::Statement;
use satu_store::neighbours::{Known, Moment, Neighbours};
use satu_store::{OPEN, Scope, Store, StoreError};
use tokio::sync::RwLock;

use crate::link::{Held, LinkError, assign, number};
use crate::part::{Engine, gather};

/// Person numbers above this one are nobody's.
const NOBODY: i64 = i64::MAX / 2;

/// A person that a record may speak of.
#[derive(Debug, Clone)]
pub struct Match {
    /// The person's number in this register.
    pub person: i64,
    /// Whether the next linkage run would give the record to this person, were it sent now. At most
    /// one person is; none where it speaks of somebody new, or an officer would have to look.
    pub linked: bool,
    /// The statement of that person to which the record is most like.
    pub statement: i64,
    /// How like the two are, field by field, by what is not hidden. Its values are whole: who may not see
    /// a NIK sees it not here either.
    pub evidence: Explanation,
}

/// Compares records with those of the register, by the newest model, which it keeps in memory.
#[derive(Default)]
pub struct Matcher(RwLock<Option<(String, Arc<Engine>)>>);

impl Matcher {
    /// Persons within reach that a `data_utama` row (cells in the order of its columns) may speak of,
    /// first the one to whom a linkage run would give it, then by evidence; up to `most`. Judged as
    /// a whole run with the kept model would judge it, the exceptions of [`crate::link_new`] aside.
    /// Empty where nothing was ever linked. Of persons out of reach the answer tells nothing, and the
    /// evidence nothing of hidden columns, as if both records lacked them.
    pub async fn matches(
        &self,
        store: &Store,
        scope: &Scope,
        (row, most): (&[String], usize),
        hidden: impl Fn(&str) -> bool,
    ) -> Result<Vec<Match>, LinkError> {
        let mut moment = store.moment().await?;
        let found = self.found(store, &mut moment, scope, (row, most), &hidden);
        // A connection that read beside may be broken too: it was kept outside the pool, which tests its own.
        if let (Ok(found), Ok(false)) = (found.await, moment.is_past().await) {
            return Ok(found);
        }
        let mut moment = store.moment_alone().await?;
        let found = self.found(store, &mut moment, scope, (row, most), &hidden);
        found.await
    }

    async fn found(
        &self,
        store: &Store,
        moment: &mut Moment,
        scope: &Scope,
        (row, most): (&[String], usize),
        hidden: &impl Fn(&str) -> bool,
    ) -> Result<Vec<Match>, LinkError> {
        let mut neighbours = moment.neighbours();
        let Some(engine) = self.engine(store, &mut neighbours).await? else {
            return Ok(Vec::new());
        };
        let asked = Known {
            seq: OPEN,
            kind: Kind::DataUtama,
            source: String::new(),
            person: None,
            judged: false,
            statement: Statement {
                submission: 0,
                row: 0,
                fact: String::new(),
                cells: row.to_vec(),
                unknown: Vec::new(),
            },
        };
        let part = gather(&mut neighbours, &engine, vec![asked]).await?;
        let mut sources = FxHashMap::default();
        let (mut inside, mut clusters, mut own) = (Vec::<Held>::new(), Vec::new(), 0);
        let mut place = 0;
        for (at, row) in part.rows.iter().enumerate().filter(|(_, row)| row.inside) {
            if row.known.seq == OPEN {
                (own, place) = (inside.len(), at);
            }
            inside.push(number(&row.known, &mut sources));
            clusters.push(part.settled.clusters[at]);
        }
        let linked = assign(&inside, &clusters, NOBODY).get(own).copied();
        let mut best: FxHashMap<i64, (f32, usize)> = FxHashMap::default();
        for pair in &part.pairs {
            let other = match (pair.a as usize == place, pair.b as usize == place) {
                (true, _) => pair.b as usize,
                (_, true) => pair.a as usize,
                _ => continue,
            };
            if let Some(person) = part.rows[other].known.person {
                let most = best.entry(person).or_insert((pair.weight, other));
                if pair.weight > most.0 {
                    *most = (pair.weight, other);
                }
            }
        }
        if let Some(person) = linked
            && !best.contains_key(&person)
            && let Some(other) = part.rows.iter().position(|row| row.known.person == linked)
        {
            // Tied to that person by an officer's word only.
            best.insert(person, (0.0, other));
        }
        let mut ranked: Vec<(i64, f32, usize)> = best
            .into_iter()
            .map(|(person, (weight, other))| (person, weight, other))
            .collect();
        ranked.sort_by(|a, b| {
            let first = |one: &(i64, f32, usize)| linked != Some(one.0);
            first(a)
                .cmp(&first(b))
                .then(b.1.total_cmp(&a.1))
                .then(a.0.cmp(&b.0))
        });
        let persons: Vec<i64> = ranked.iter().map(|(person, ..)| *person).collect();
        let within = neighbours.within(scope, &persons).await?;
        let asked = engine.cells(row);
        let found = ranked
            .into_iter()
            .filter(|(person, ..)| within.contains(person))
            .take(most)
            .map(|(person, _, other)| {
                let known = &part.rows[other].known;
                let cells = engine.cells(&known.statement.cells);
                Match {
                    person,
                    linked: linked == Some(person),
                    statement: known.seq,
                    evidence: evidence(&engine, &asked, &cells, hidden),
                }
            });
        Ok(found.collect())
    }

    async fn engine(
        &self,
        store: &Store,
        neighbours: &mut Neighbours<'_>,
    ) -> Result<Option<Arc<Engine>>, LinkError> {
        let Some(newest) = neighbours.newest_model().await? else {
            return Ok(None);
        };
        if let Some((hash, engine)) = &*self.0.read().await
            && *hash == newest
        {
            return Ok(Some(engine.clone()));
        }
        let mut text = Vec::new();
        store.read_raw(&newest, &mut text).await?;
        let fault = |source| StoreError::Entry { seq: 0, source };
        let model: Model = serde_json::from_slice(&text).map_err(fault)?;
        let Some(engine) = Engine::new(model)?.map(Arc::new) else {
            return Ok(None);
        };
        *self.0.write().await = Some((newest, engine.clone()));
        Ok(Some(engine))
    }
}

/// What two records' cells say, but for what hidden columns do: of those the values alone are told.
fn evidence<'a>(
    engine: &Engine,
    asked: &[&'a str],
    known: &[&'a str],
    hidden: impl Fn(&str) -> bool,
) -> Explanation {
    let (spec, model) = (&engine.spec, &engine.model);
    let bare = |cells: &[&'a str]| -> Vec<&'a str> {
        let fields = spec.fields().iter().zip(cells);
        let cell = fields.map(|(field, cell)| if hidden(&field.name) { "" } else { cell });
        cell.collect()
    };
    let whole = explain(spec, model, asked, known);
    if !spec.fields().iter().any(|field| hidden(&field.name)) {
        return whole;
    }
    let mut told = explain(spec, model, &bare(asked), &bare(known));
    for (field, whole) in told.fields.iter_mut().zip(whole.fields) {
        (field.a, field.b) = (whole.a, whole.b);
    }
    told
}
