//! What was released, as the pages know it: read once after each release.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use satu_open::Both;
use satu_open::dataset::{Catalogue, Dataset, Version};
use satu_open::dcat::Format;
use satu_open::dimension::Code;
use satu_open::population::Table;
use satu_open::release::AGENCIES;
use satu_store::release::Released;
use satu_store::{Store, StoreError};

use super::answer::Body;

/// Bytes of files that are held ready to be sent.
const READY: usize = 64 << 20;

/// The way to what was released, and only to that.
pub struct Open {
    store: Store,
    known: Mutex<Option<Arc<Known>>>,
    ready: Mutex<HashMap<Which, Body>>,
}

/// Which file: of which dataset and day, in which format. Other days may have the same rows.
pub type Which = (String, Date, Format);

/// Everything that was released up to a ledger number.
pub struct Known {
    entry: i64,
    pub catalogue: Catalogue,
    /// Every agency that any release names.
    pub agencies: Vec<Code>,
    constraints: Mutex<HashMap<Table, String>>,
}

impl Known {
    /// The constraint of a table's flow, if it was asked for before.
    pub fn constraint(&self, table: Table) -> Option<String> {
        self.constraints.lock().ok()?.get(&table).cloned()
    }

    /// Keeps a constraint for the next who asks.
    pub fn keep_constraint(&self, table: Table, made: String) {
        if let Ok(mut constraints) = self.constraints.lock() {
            constraints.insert(table, made);
        }
    }
}

impl Open {
    pub fn new(store: Store) -> Open {
        Open {
            store,
            known: Mutex::default(),
            ready: Mutex::default(),
        }
    }

    /// What there is now.
    pub async fn known(&self) -> Result<Arc<Known>, StoreError> {
        let entry = self.store.last_release().await?;
        let kept = self.known.lock().ok().and_then(|known| known.clone());
        if let Some(known) = kept.filter(|known| known.entry == entry) {
            return Ok(known);
        }
        let known = Arc::new(self.read(entry).await?);
        if let Ok(mut kept) = self.known.lock() {
            *kept = Some(known.clone());
        }
        Ok(known)
    }

    /// The CSV text that is kept under a hash.
    pub async fn text(&self, hash: &str) -> Result<String, StoreError> {
        let mut bytes = Vec::new();
        self.store.read_raw(hash, &mut bytes).await?;
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// A file that was made before.
    pub fn ready(&self, which: &Which) -> Option<Body> {
        self.ready.lock().ok()?.get(which).cloned()
    }

    /// Keeps a file for the next who asks.
    pub fn keep(&self, which: Which, body: &Body) {
        let Ok(mut ready) = self.ready.lock() else {
            return;
        };
        let held: usize = ready.values().map(Body::size).sum();
        if held + body.size() > READY {
            ready.clear();
        }
        if body.size() <= READY {
            ready.insert(which, body.clone());
        }
    }

    async fn read(&self, entry: i64) -> Result<Known, StoreError> {
        let mut datasets: Vec<Dataset> = Vec::new();
        let mut agencies: Vec<Code> = Vec::new();
        // The newest release comes first.
        for Released {
            version,
            dataset,
            raw,
            released_at,
            ..
        } in self.store.releases().await?
        {
            if dataset == AGENCIES {
                let text = self.text(&raw).await?;
                let mut reader = csv::Reader::from_reader(text.as_bytes());
                for line in reader.records().flatten() {
                    let (Some(code), Some(name)) = (line.get(0), line.get(1)) else {
                        continue;
                    };
                    if !agencies.iter().any(|(known, _)| known == code) {
                        agencies.push((code.to_owned(), Both::same(name)));
                    }
                }
            }
            let version = Version {
                day: version,
                released_at,
                hash: raw,
            };
            if let Some(known) = datasets.iter_mut().find(|one| one.name == dataset) {
                known.add_older(version);
                continue;
            }
            let text = self.text(&version.hash).await?;
            let mut made = Dataset::described(&dataset, &Dataset::columns_of(&text));
            made.add_older(version);
            datasets.push(made);
        }
        datasets.sort_by(|one, other| one.name.cmp(&other.name));
        agencies.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(Known {
            entry,
            catalogue: Catalogue { datasets },
            agencies,
            constraints: Mutex::default(),
        })
    }
}
