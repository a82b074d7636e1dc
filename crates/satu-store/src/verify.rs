//! Rebuilding the projections from the ledger and comparing them to the live ones.

use std::path::Path;

use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Column, Row, ValueRef};

use crate::accounts::moment_of;
use crate::block_key::page_after;
use crate::keys::{Place, Ring};
use crate::ledger::Head;
use crate::log::{Log, head_of, whole};
use crate::snapshot::Snapshot;
use crate::{Scope, Store, StoreError, hex};

/// Each projection, its columns and the key that orders it.
const PROJECTIONS: [(&str, &str); 28] = [
    ("source", "code"),
    ("code_list", "name"),
    ("submission", "id"),
    ("finding", "submission, row_number, number"),
    ("statement", "seq"),
    ("member", "person_id, statement, since"),
    ("unjudged", "statement"),
    ("person", "person_id"),
    ("person_place", "person_id, place"),
    ("unit_below", "above, place"),
    ("lookup", "person_id, field, value"),
    ("name_word", "near, word"),
    ("doubt", "id"),
    ("doubt_record", "doubt, statement"),
    ("model", "id"),
    ("ruling", "id"),
    ("ruling_record", "source, fact, ruling"),
    ("four_eyes", "id"),
    ("proposal", "id"),
    ("proposal_person", "proposal, person_id"),
    ("credential", "id"),
    ("privacy_request", "id"),
    ("breach", "id"),
    ("breach_person", "breach, person_id"),
    ("document", "id"),
    ("document_statement", "document, statement"),
    ("change", "id"),
    ("released", "version, dataset"),
];

/// Rows compared at a time.
const PAGE: i64 = 10_000;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Ledger entries read.
    pub entries: i64,
    /// Rows of projections compared.
    pub rows: u64,
    /// Files (submissions and code lists) whose kept bytes still have their hash.
    pub files: u64,
    /// What differs, in words; empty when all is well.
    pub differences: Vec<String>,
}

impl Store {
    /// Folds the whole ledger into a fresh database at `scratch` and compares: the Merkle root,
    /// every row of every projection, and the hash of every kept file. The record of looks is held
    /// to its own root. All is read as it stood when this began, whoever writes meanwhile.
    pub async fn verify(&self, scratch: &Path) -> Result<Verdict, StoreError> {
        let mut live = self.snapshot().await?;
        let ring = self.keys.ring()?;
        let rebuilt = Store::open_beside(&scratch.to_string_lossy(), ring.clone()).await?;
        let mut verdict = Verdict {
            entries: 0,
            rows: 0,
            files: 0,
            differences: Vec::new(),
        };
        let mut writer = rebuilt.begin().await?;
        loop {
            let page = live.entries(verdict.entries, PAGE).await?;
            if page.is_empty() {
                break;
            }
            for (seq, at, body) in page {
                if seq != verdict.entries + 1 {
                    verdict
                        .differences
                        .push(format!("ledger: entry {} is missing", verdict.entries + 1));
                    return Ok(verdict);
                }
                let at = moment_of(at);
                let entry = match ring.entry(seq, body.clone()) {
                    Err(StoreError::Sealed { .. }) => {
                        let told = format!("ledger: entry {seq} is not as it was sealed");
                        verdict.differences.push(told);
                        return Ok(verdict);
                    }
                    entry => entry?,
                };
                writer.append_as_written(at, &entry, body).await?;
                verdict.entries = seq;
            }
        }
        let again = writer.commit().await?;
        let head = live.head();
        if again != *head {
            verdict.differences.push(format!(
                "ledger: {} entries with root {} where the head says {} with {}",
                again.size, again.root, head.size, head.root
            ));
        }
        let looks = Head::of(&whole(&mut live.tx, Log::Access).await?);
        let head = head_of(&mut live.tx, Log::Access).await?;
        if looks != head {
            verdict.differences.push(format!(
                "looks: {} with root {} where their head says {} with {}",
                looks.size, looks.root, head.size, head.root
            ));
        }
        for (table, key) in PROJECTIONS {
            live.compare(&rebuilt, table, key, &mut verdict).await?;
        }
        live.compare_keys(&rebuilt, &mut verdict).await?;
        // What is kept is never changed: more of it than there was when this began is no fault.
        drop(live);
        let sent = self.submissions(&Scope::whole()).await?.into_iter();
        let sent = sent.map(|one| {
            let id = one.receipt.submission;
            (format!("submission {id}"), one.submission.blob)
        });
        let lists = self.code_lists().await?.into_iter();
        let lists = lists.map(|(name, blob)| (format!("code list {name}"), blob));
        let models: Vec<(i64, String)> = sqlx::query_as("SELECT id, raw FROM model ORDER BY id")
            .fetch_all(&self.pool)
            .await?;
        let models = models
            .into_iter()
            .map(|(id, blob)| (format!("linkage model {id}"), blob));
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as("SELECT id, told FROM document ORDER BY id")
            .fetch_all(&self.pool)
            .await?;
        let mut documents = Vec::with_capacity(rows.len());
        for (id, told) in rows {
            // One that does not open differs from what the ledger gives, as was told above.
            if let Ok((_, blob)) = crate::documents::told(&ring, id, told) {
                documents.push((format!("document {id}"), blob));
            }
        }
        let released = self.releases().await?.into_iter();
        let released = released.map(|one| {
            let what = format!("release {} of {}", one.version, one.dataset);
            (what, one.raw)
        });
        let given = documents.into_iter().chain(released);
        for (what, blob) in sent.chain(lists).chain(models).chain(given) {
            let mut bytes = Sha256::new();
            let kept = match self.read_raw(&blob, &mut bytes).await {
                Err(StoreError::Sealed { .. } | StoreError::Blob { .. }) => false,
                kept => kept?,
            };
            if kept && hex(&bytes.finalize()) == blob {
                verdict.files += 1;
            } else {
                let told = format!("{what}: its bytes are not those that were sent");
                verdict.differences.push(told);
            }
        }
        Ok(verdict)
    }
}

impl Snapshot {
    /// The index of blocking keys, many times as long as any other table, page after page by its key.
    async fn compare_keys(
        &mut self,
        other: &Store,
        verdict: &mut Verdict,
    ) -> Result<(), StoreError> {
        let mut after = (i64::MIN, i64::MIN);
        loop {
            let live = page_after(&mut self.tx, after, PAGE).await?;
            let rebuilt = page_after(&mut *other.pool.acquire().await?, after, PAGE).await?;
            verdict.rows += live.len() as u64;
            if live != rebuilt {
                verdict.differences.push(format!(
                    "block_key: not what the ledger gives (after hash {}, statement {})",
                    after.0, after.1
                ));
                return Ok(());
            }
            match live.last() {
                Some(last) => after = *last,
                None => return Ok(()),
            }
        }
    }

    async fn compare(
        &mut self,
        other: &Store,
        table: &str,
        key: &str,
        verdict: &mut Verdict,
    ) -> Result<(), StoreError> {
        let ring = self.keys.ring()?;
        for page in 0.. {
            let sql = format!(
                "SELECT * FROM {table} ORDER BY {key} LIMIT {PAGE} OFFSET {}",
                page * PAGE
            );
            let rows = || sqlx::query(AssertSqlSafe(sql.clone()));
            let live = rows().fetch_all(&mut *self.tx).await?;
            let rebuilt = rows().fetch_all(&other.pool).await?;
            if live.len() != rebuilt.len() {
                verdict.differences.push(format!(
                    "{table}: {} rows where the ledger gives {} (from row {} on)",
                    live.len(),
                    rebuilt.len(),
                    page * PAGE
                ));
            }
            for (one, two) in live.iter().zip(&rebuilt) {
                let (one, two) = (written(&ring, table, one)?, written(&ring, table, two)?);
                if one != two && verdict.differences.len() < 20 {
                    verdict
                        .differences
                        .push(format!("{table}: {one} where the ledger gives {two}"));
                }
                verdict.rows += 1;
            }
            if live.len() < PAGE as usize {
                break;
            }
        }
        Ok(())
    }
}

/// Where a sealed column's value stands, by the row's numbers.
fn place(table: &str, column: &str, row: &sqlx::any::AnyRow) -> Result<Place, sqlx::Error> {
    let number = |at: usize| row.try_get::<i64, _>(at);
    Ok(match (table, column) {
        ("finding", _) => Place::finding(number(0)?, number(1)?, number(2)?),
        ("person", _) => Place::record(number(0)?),
        ("ruling", "verdict") => Place::verdict(number(0)?),
        ("ruling", _) => Place::reason(number(0)?),
        ("document", _) => Place::document(number(0)?),
        _ => {
            let told = format!("column {column} of {table} holds bytes that are not compared");
            return Err(sqlx::Error::Protocol(told));
        }
    })
}

/// A row as text, each column with its name; what is sealed is opened.
fn written(ring: &Ring, table: &str, row: &sqlx::any::AnyRow) -> Result<String, StoreError> {
    let mut text = Vec::new();
    for column in row.columns() {
        let at = column.ordinal();
        let value = if row.try_get_raw(at)?.is_null() {
            "null".to_owned()
        } else if let Ok(sealed) = row.try_get::<Vec<u8>, _>(at) {
            let place = place(table, column.name(), row)?;
            match ring.text(place, sealed) {
                Ok(text) => format!("{text:?}"),
                Err(error) => error.to_string(),
            }
        } else if let Ok(number) = row.try_get::<i64, _>(at) {
            number.to_string()
        } else {
            format!("{:?}", row.try_get::<String, _>(at)?)
        };
        text.push(format!("{}={value}", column.name()));
    }
    Ok(text.join(" "))
}
