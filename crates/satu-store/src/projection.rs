//! The fold from ledger entries to the other tables. Live appends and a rebuild take the same road.

mod members;
mod refresh;

use std::collections::BTreeSet;
use std::sync::Arc;

use satu_domain::Kind;
use sqlx::{AnyConnection, Row};

use crate::block_key::KeyIndex;
use crate::bulk::{self, Cell};
use crate::change_rows::ChangeRows;
use crate::changes::ChangeKind;
use crate::context::Contexts;
use crate::credentials;
use crate::documents;
use crate::entry::{RecordKey, Ruling, Statement, Verdict};
use crate::keys::{Place, Ring};
use crate::place::key;
use crate::{Entry, OPEN, StoreError, UNITS, privacy, proposals, units};

pub(crate) use refresh::said_of;

/// Values of one `IN (...)`.
pub(crate) const AT_ONCE: usize = 500;

/// What is in the middle of being folded.
pub(crate) struct Projector {
    ring: Arc<Ring>,
    contexts: Contexts,
    /// Deliveries whose source had spoken of that kind before: only they can supersede.
    renewing: BTreeSet<i64>,
    statements: Vec<Cell>,
    unjudged: Vec<Cell>,
    findings: Vec<Cell>,
    /// Source, kind, fact and number of waiting statements that may supersede.
    renewed: Vec<(String, Kind, String, i64)>,
    /// Persons whose golden record must be made anew.
    stale: BTreeSet<i64>,
    /// Whether trees of units were put aside, because others are loaded.
    trees: bool,
    changes: ChangeRows,
    keys: KeyIndex,
}

/// What the keys of facts are hashed as, in every table that has them.
pub(crate) const FACT: &str = "fact";

/// Opens what an officer decided.
pub(crate) fn verdict(ring: &Ring, id: i64, mut sealed: Vec<u8>) -> Result<Verdict, StoreError> {
    let plain = ring.open(Place::verdict(id), &mut sealed)?;
    serde_json::from_slice(plain).map_err(|source| StoreError::Entry { seq: id, source })
}

impl Projector {
    pub async fn load(
        connection: &mut AnyConnection,
        ring: Arc<Ring>,
    ) -> Result<Projector, StoreError> {
        Ok(Projector {
            contexts: Contexts::default(),
            renewing: BTreeSet::new(),
            statements: Vec::new(),
            unjudged: Vec::new(),
            findings: Vec::new(),
            renewed: Vec::new(),
            stale: BTreeSet::new(),
            trees: false,
            changes: ChangeRows::load(connection).await?,
            keys: KeyIndex::new(ring.clone()),
            ring,
        })
    }

    /// Goes on with other keys, while nothing waits.
    pub fn adopt(&mut self, ring: Arc<Ring>) {
        self.keys.adopt(ring.clone());
        self.ring = ring;
    }

    pub async fn apply(
        &mut self,
        connection: &mut AnyConnection,
        seq: i64,
        at: i64,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        match entry {
            Entry::Statement(statement) => return self.state(connection, seq, statement).await,
            Entry::Findings(row) => {
                for (number, found) in row.found.iter().enumerate() {
                    self.findings.extend([
                        Cell::Int(row.submission),
                        Cell::Int(row.row as i64),
                        Cell::Int(number as i64),
                        Cell::Text(found.rule.clone()),
                        Cell::Text(found.severity.clone()),
                        Cell::Text(found.column.clone()),
                        Cell::Bytes(self.ring.seal(
                            Place::finding(row.submission, row.row as i64, number as i64),
                            found.value.as_bytes(),
                        )?),
                    ]);
                }
                return Ok(());
            }
            _ => self.flush(connection).await?,
        }
        match entry {
            Entry::Source(source) => {
                let sql = "INSERT INTO source (code, name, kind, instansi, agency) VALUES ($1, $2, $3, $4, $5) \
                           ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, instansi = excluded.instansi, agency = excluded.agency";
                sqlx::query(sql)
                    .bind(source.code.clone())
                    .bind(source.name.clone())
                    .bind(source.kind.name())
                    .bind(source.instansi.clone())
                    .bind(key(&source.instansi, ""))
                    .execute(connection)
                    .await?;
                self.contexts.forget_sources();
            }
            Entry::CodeList { name, blob } => {
                let sql = "INSERT INTO code_list (name, raw) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET raw = excluded.raw";
                sqlx::query(sql)
                    .bind(name.clone())
                    .bind(blob.clone())
                    .execute(&mut *connection)
                    .await?;
                if name == UNITS {
                    self.put_trees_aside(connection).await?;
                    units::forget(connection).await?;
                }
            }
            Entry::Units(tree) => {
                self.put_trees_aside(connection).await?;
                units::fold(connection, tree).await?;
            }
            Entry::Submission(submission) => {
                let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM statement WHERE source = $1 AND kind = $2 LIMIT 1) AS spoken";
                let (before,): (i64,) = sqlx::query_as(sql)
                    .bind(submission.source.clone())
                    .bind(submission.kind.name())
                    .fetch_one(&mut *connection)
                    .await?;
                if before > 0 {
                    self.renewing.insert(seq);
                }
                let sql = "INSERT INTO submission (id, source, file, kind, raw, stated_on, way, received_at, row_count, accepted, warned, rejected) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0)";
                sqlx::query(sql)
                    .bind(seq)
                    .bind(submission.source.clone())
                    .bind(submission.file.clone())
                    .bind(submission.kind.name())
                    .bind(crate::raw::name(&self.ring, &submission.blob))
                    .bind(submission.stated_on.to_string())
                    .bind(submission.way as i64)
                    .bind(at)
                    .execute(connection)
                    .await?;
                self.contexts.add(seq, submission);
            }
            Entry::Receipt(receipt) => {
                let sql = "UPDATE submission SET row_count = $2, accepted = $3, warned = $4, rejected = $5 WHERE id = $1";
                sqlx::query(sql)
                    .bind(receipt.submission)
                    .bind(receipt.rows as i64)
                    .bind(receipt.accepted as i64)
                    .bind(receipt.accepted_with_warnings as i64)
                    .bind(receipt.rejected as i64)
                    .execute(connection)
                    .await?;
            }
            Entry::Linked(linked) => self.link(connection, seq, linked).await?,
            Entry::Doubt(doubt) => {
                let text = |value: Result<String, _>| value.map_err(StoreError::Encode);
                sqlx::query("INSERT INTO doubt (id, statements, pairs, withdrawn_by, deferred_by) VALUES ($1, $2, $3, $4, $4)")
                    .bind(seq)
                    .bind(text(serde_json::to_string(&doubt.statements))?)
                    .bind(text(serde_json::to_string(&doubt.pairs))?)
                    .bind(OPEN)
                    .execute(&mut *connection)
                    .await?;
                let mut records: Vec<Cell> = doubt
                    .statements
                    .iter()
                    .flat_map(|statement| [Cell::Int(seq), Cell::Int(*statement)])
                    .collect();
                let into = "doubt_record (doubt, statement)";
                bulk::insert(connection, into, 2, &mut records).await?;
                self.changes.doubt(seq, ChangeKind::DoubtOpened, seq);
            }
            Entry::Withdrawn { doubt } => {
                sqlx::query("UPDATE doubt SET withdrawn_by = $2 WHERE id = $1")
                    .bind(*doubt)
                    .bind(seq)
                    .execute(connection)
                    .await?;
                self.changes.doubt(seq, ChangeKind::DoubtClosed, *doubt);
            }
            Entry::Deferred { doubt, .. } => {
                sqlx::query("UPDATE doubt SET deferred_by = $2 WHERE id = $1")
                    .bind(*doubt)
                    .bind(seq)
                    .execute(connection)
                    .await?;
            }
            Entry::Model { blob } => {
                sqlx::query("INSERT INTO model (id, raw) VALUES ($1, $2)")
                    .bind(seq)
                    .bind(blob.clone())
                    .execute(connection)
                    .await?;
            }
            Entry::Release(release) => crate::release::fold(connection, seq, at, release).await?,
            Entry::Ruling(ruling) => self.rule(connection, seq, ruling).await?,
            Entry::Undone { ruling, .. } => {
                let row = sqlx::query("SELECT verdict FROM ruling WHERE id = $1")
                    .bind(*ruling)
                    .fetch_optional(&mut *connection)
                    .await?;
                sqlx::query("UPDATE ruling SET undone_by = $2 WHERE id = $1")
                    .bind(*ruling)
                    .bind(seq)
                    .execute(&mut *connection)
                    .await?;
                if let Some(row) = row {
                    let verdict = verdict(&self.ring, *ruling, row.try_get(0)?)?;
                    if let Verdict::Value { record, .. } = &verdict {
                        self.mark_stale(connection, record).await?;
                    }
                }
            }
            Entry::FourEyes(_) => {
                sqlx::query("INSERT INTO four_eyes (id) VALUES ($1)")
                    .bind(seq)
                    .execute(connection)
                    .await?;
            }
            Entry::Proposed(proposal) => proposals::keep(connection, seq, proposal).await?,
            Entry::Answered(answered) => {
                proposals::settle(connection, seq, answered.proposal).await?;
            }
            Entry::Credential(act) => credentials::keep(connection, seq, act).await?,
            Entry::Privacy(done) => privacy::keep(connection, seq, at, &done.act).await?,
            Entry::Ended { statement, .. } => self.end(connection, seq, *statement).await?,
            Entry::Document(document) => {
                documents::keep(connection, &self.ring, seq, document).await?;
            }
            Entry::Attached {
                document,
                statement,
            } => documents::attach(connection, *document, *statement).await?,
            Entry::Statement(_) | Entry::Findings(_) => {}
        }
        Ok(())
    }

    async fn put_trees_aside(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        if !std::mem::replace(&mut self.trees, true) {
            units::put_aside(connection).await?;
        }
        Ok(())
    }

    async fn state(
        &mut self,
        connection: &mut AnyConnection,
        seq: i64,
        statement: &Statement,
    ) -> Result<(), StoreError> {
        let of = statement.submission;
        let delivery = self.contexts.delivery(connection, of).await?;
        let delivery =
            delivery.ok_or_else(|| StoreError::UnknownSource(format!("of statement {seq}")))?;
        let fact = self.ring.blind(FACT, &statement.fact);
        if self.renewing.contains(&statement.submission) {
            let source = delivery.source.clone();
            self.renewed
                .push((source, delivery.kind, fact.clone(), seq));
        }
        self.statements.extend([
            Cell::Int(seq),
            Cell::Int(statement.submission),
            Cell::Int(statement.row as i64),
            Cell::Text(delivery.source.clone()),
            Cell::Word(delivery.kind.name()),
            Cell::Text(fact),
            Cell::Int(OPEN),
        ]);
        self.unjudged.push(Cell::Int(seq));
        Ok(())
    }

    /// Writes what waits; the ledger rows of the waiting statements need not be written yet.
    pub async fn flush(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        for (source, kind, fact, seq) in std::mem::take(&mut self.renewed) {
            let sql = "SELECT seq FROM statement WHERE source = $1 AND kind = $2 AND fact = $3 AND superseded_by = $4 AND seq < $5";
            let old = sqlx::query(sql)
                .bind(source)
                .bind(kind.name())
                .bind(fact)
                .bind(OPEN)
                .bind(seq)
                .fetch_optional(&mut *connection)
                .await?;
            let Some(old) = old else { continue };
            let old: i64 = old.try_get(0)?;
            sqlx::query("UPDATE statement SET superseded_by = $2 WHERE seq = $1")
                .bind(old)
                .bind(seq)
                .execute(&mut *connection)
                .await?;
            sqlx::query("DELETE FROM unjudged WHERE statement = $1")
                .bind(old)
                .execute(&mut *connection)
                .await?;
            // The record stays the same person's until a linkage run says otherwise.
            self.move_member(connection, old, seq, None).await?;
        }
        let into = "statement (seq, submission, row_number, source, kind, fact, superseded_by)";
        bulk::insert(connection, into, 7, &mut self.statements).await?;
        bulk::insert(connection, "unjudged (statement)", 1, &mut self.unjudged).await?;
        let into = "finding (submission, row_number, number, rule, severity, field, value)";
        bulk::insert(connection, into, 7, &mut self.findings).await
    }

    async fn rule(
        &mut self,
        connection: &mut AnyConnection,
        seq: i64,
        ruling: &Ruling,
    ) -> Result<(), StoreError> {
        let verdict = serde_json::to_vec(&ruling.verdict).map_err(StoreError::Encode)?;
        sqlx::query("INSERT INTO ruling (id, verdict, decided_by, reason, undone_by) VALUES ($1, $2, $3, $4, $5)")
            .bind(seq)
            .bind(self.ring.seal(Place::verdict(seq), &verdict)?)
            .bind(ruling.by.clone())
            .bind(self.ring.seal(Place::reason(seq), ruling.reason.as_bytes())?)
            .bind(OPEN)
            .execute(&mut *connection)
            .await?;
        let records = match &ruling.verdict {
            Verdict::Same { records } | Verdict::NotSame { records, .. } => records.as_slice(),
            Verdict::Value { record, .. } => {
                self.mark_stale(connection, record).await?;
                std::slice::from_ref(record)
            }
        };
        for record in records {
            sqlx::query("INSERT INTO ruling_record (source, fact, ruling) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(record.source.clone())
                .bind(self.ring.blind(FACT, &record.fact))
                .bind(seq)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    async fn mark_stale(
        &mut self,
        connection: &mut AnyConnection,
        record: &RecordKey,
    ) -> Result<(), StoreError> {
        let sql = "SELECT m.person_id FROM member m JOIN statement s ON s.seq = m.statement \
                   WHERE s.source = $1 AND s.kind = 'data_utama' AND s.fact = $2 AND m.until = $3";
        let rows = sqlx::query(sql)
            .bind(record.source.clone())
            .bind(self.ring.blind(FACT, &record.fact))
            .bind(OPEN)
            .fetch_all(connection)
            .await?;
        for row in rows {
            self.stale.insert(row.try_get(0)?);
        }
        Ok(())
    }
}
