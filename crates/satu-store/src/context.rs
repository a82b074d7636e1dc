//! What stands around statements: read for those at hand, however many deliveries and rulings there are.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};
use satu_domain::Kind;
use satu_domain::resolve::Ruling;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::deliveries::sources_of;
use crate::entry::{self, RecordKey, Source, Submission, Verdict};
use crate::keys::Ring;
use crate::listed::{in_numbers, listed};
use crate::{Entry, OPEN, Scope, StoreError};

/// Deliveries remembered at most. A file is one, and so is a single statement sent by a program.
const REMEMBERED: usize = 100_000;

/// Who speaks in some statements, in which delivery, and what officers ruled on their values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    pub sources: Arc<FxHashMap<String, Source>>,
    pub deliveries: FxHashMap<i64, Arc<Delivery>>,
    /// Rulings on values, by the record that anchors them.
    pub values: FxHashMap<RecordKey, Vec<Ruling>>,
}

/// What a statement's record is made of beside its own text.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub source: String,
    pub file: String,
    pub kind: Kind,
    pub stated_on: Date,
}

impl From<&Submission> for Delivery {
    fn from(submission: &Submission) -> Delivery {
        Delivery {
            source: submission.source.clone(),
            file: submission.file.clone(),
            kind: submission.kind,
            stated_on: submission.stated_on,
        }
    }
}

/// Reads contexts, and remembers what the next may need again.
#[derive(Default)]
pub(crate) struct Contexts {
    sources: Option<Arc<FxHashMap<String, Source>>>,
    deliveries: FxHashMap<i64, Arc<Delivery>>,
}

impl Contexts {
    /// A delivery came.
    pub fn add(&mut self, id: i64, submission: &Submission) {
        self.make_room(1);
        self.deliveries.insert(id, Arc::new(submission.into()));
    }

    /// A source is new, or another than it was.
    pub fn forget_sources(&mut self) {
        self.sources = None;
    }

    /// The delivery of a ledger number.
    pub async fn delivery(
        &mut self,
        connection: &mut AnyConnection,
        id: i64,
    ) -> Result<Option<Arc<Delivery>>, StoreError> {
        if !self.deliveries.contains_key(&id) {
            self.make_room(1);
            self.read(connection, &[id]).await?;
        }
        Ok(self.deliveries.get(&id).cloned())
    }

    /// The context of these statements, given with their deliveries, as known at a ledger number.
    pub async fn of(
        &mut self,
        connection: &mut AnyConnection,
        ring: &Ring,
        statements: &[(i64, i64)],
        known: i64,
    ) -> Result<Context, StoreError> {
        let needed: FxHashSet<i64> = statements.iter().map(|(_, delivery)| *delivery).collect();
        self.make_room(needed.len());
        let unread = |id: &&i64| !self.deliveries.contains_key(id);
        let missing: Vec<i64> = needed.iter().filter(unread).copied().collect();
        self.read(connection, &missing).await?;
        let sources = self.sources(connection).await?;
        let found = |id: &i64| Some((*id, Arc::clone(self.deliveries.get(id)?)));
        Ok(Context {
            sources,
            deliveries: needed.iter().filter_map(found).collect(),
            values: values_of(connection, ring, statements, known).await?,
        })
    }

    fn make_room(&mut self, more: usize) {
        if self.deliveries.len() + more > REMEMBERED {
            self.deliveries.clear();
        }
    }

    async fn sources(
        &mut self,
        connection: &mut AnyConnection,
    ) -> Result<Arc<FxHashMap<String, Source>>, StoreError> {
        if let Some(sources) = &self.sources {
            return Ok(Arc::clone(sources));
        }
        let found = sources_of(connection, &Scope::whole()).await?.into_iter();
        let found: Arc<_> = Arc::new(found.map(|one| (one.code.clone(), one)).collect());
        self.sources = Some(Arc::clone(&found));
        Ok(found)
    }

    async fn read(
        &mut self,
        connection: &mut AnyConnection,
        ids: &[i64],
    ) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "SELECT id, source, file, kind, stated_on FROM submission WHERE id {}",
            in_numbers(connection, 1)
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(listed(ids.iter().copied()));
        for row in query.fetch_all(&mut *connection).await? {
            let (kind, stated_on): (String, String) = (row.try_get(3)?, row.try_get(4)?);
            let unread = |what: &str| sqlx::Error::Decode(format!("no {what}").into());
            let delivery = Delivery {
                source: row.try_get(1)?,
                file: row.try_get(2)?,
                kind: Kind::from_name(&kind).ok_or_else(|| unread("kind"))?,
                stated_on: stated_on.parse().map_err(|_| unread("date"))?,
            };
            self.deliveries.insert(row.try_get(0)?, Arc::new(delivery));
        }
        Ok(())
    }
}

/// The rulings on values of the records that these statements are of, as known at a ledger number.
async fn values_of(
    connection: &mut AnyConnection,
    ring: &Ring,
    statements: &[(i64, i64)],
    known: i64,
) -> Result<FxHashMap<RecordKey, Vec<Ruling>>, StoreError> {
    let mut values: FxHashMap<RecordKey, Vec<Ruling>> = FxHashMap::default();
    let ruled = sqlx::query("SELECT ruling FROM ruling_record LIMIT 1")
        .fetch_optional(&mut *connection)
        .await?;
    if ruled.is_none() {
        return Ok(values);
    }
    let sql = format!(
        "SELECT seq, body FROM ledger WHERE seq IN (SELECT r.id FROM statement s \
         JOIN ruling_record k ON k.source = s.source AND k.fact = s.fact JOIN ruling r ON r.id = k.ruling \
         WHERE s.seq {} AND r.id <= $1 AND (r.undone_by > $1 OR r.undone_by = {OPEN})) ORDER BY seq",
        in_numbers(connection, 2)
    );
    let query = sqlx::query(AssertSqlSafe(sql))
        .bind(known)
        .bind(listed(statements.iter().map(|(statement, _)| *statement)));
    for row in query.fetch_all(&mut *connection).await? {
        let decision = row.try_get(0)?;
        let Entry::Ruling(entry::Ruling {
            verdict:
                Verdict::Value {
                    record,
                    field,
                    value,
                },
            ..
        }) = ring.entry(decision, row.try_get(1)?)?
        else {
            continue;
        };
        values.entry(record).or_default().push(Ruling {
            decision,
            field,
            value,
        });
    }
    Ok(values)
}
