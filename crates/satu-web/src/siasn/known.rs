//! What is kept between requests: the code lists, and by agency the names that ids stand for.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use satu_registry::reference::{standard, texts};
use satu_rules::Standard;
use satu_siasn::{Codes, digits, named};
use satu_store::{Scope, Store, StoreError};
use tokio::sync::Mutex;

use super::Failed;
use super::gathered::Gathered;
use crate::work::today;

/// How long names are kept.
const FRESH: Duration = Duration::from_mins(10);

/// How long somebody waits for them to be gathered anew. Of the nation it takes most of a minute.
const PATIENCE: Duration = Duration::from_secs(5);

/// Persons read at a time.
const PART: i64 = 1_000;

/// The code lists as they are now.
pub(super) struct Lists {
    loaded: Vec<(String, String)>,
    day: Date,
    pub codes: Codes,
    pub standard: Standard,
    /// The agencies that any source or list names.
    pub agencies: Vec<String>,
}

/// Names that an agency's persons have, by the ids under which programs know them.
#[derive(Default)]
pub(super) struct Names {
    /// Agency and unit.
    pub units: BTreeSet<(String, String)>,
    by_id: HashMap<String, String>,
}

impl Names {
    /// The name that an id of a list stands for.
    pub fn name(&self, id: &str) -> Option<String> {
        self.by_id.get(&digits(id)?).cloned()
    }

    fn add(&mut self, list: &str, name: &str) {
        if let Some(id) = digits(&named(list, name)).filter(|_| !name.is_empty()) {
            self.by_id.entry(id).or_insert_with(|| name.to_owned());
        }
    }
}

/// The column of the main record, and the lists whose ids its values get.
const NAMED: [(&str, &[&str]); 9] = [
    ("unor", &["unor"]),
    ("satuan_kerja", &["satuan_kerja"]),
    ("instansi_kerja", &["instansi"]),
    ("instansi_induk", &["instansi"]),
    ("lokasi_kerja", &["lokasi"]),
    ("tempat_lahir", &["lokasi"]),
    ("pendidikan", &["pendidikan"]),
    (
        "jabatan",
        &["jabatan_fungsional", "jabatan_fungsional_umum"],
    ),
    ("jabatan", &["jabatan_struktural"]),
];

/// What is kept between requests.
pub struct Known {
    lists: Mutex<Option<Arc<Lists>>>,
    names: Gathered<Scope, Names>,
}

impl Default for Known {
    fn default() -> Known {
        Known {
            lists: Mutex::default(),
            names: Gathered::new(FRESH, PATIENCE),
        }
    }
}

impl Known {
    /// The code lists as they are now.
    pub(super) async fn codes(&self, store: &Store) -> Result<Arc<Lists>, Failed> {
        let (loaded, day) = (store.code_lists().await?, today());
        let agencies: BTreeSet<String> = store
            .sources(&Scope::whole())
            .await?
            .into_iter()
            .map(|source| source.instansi)
            .filter(|name| !name.is_empty())
            .collect();
        let mut kept = self.lists.lock().await;
        if let Some(lists) = kept.as_ref()
            && lists.loaded == loaded
            && lists.day == day
            && agencies.iter().eq(&lists.agencies)
        {
            return Ok(lists.clone());
        }
        let all = texts(store).await?;
        let codes = Codes::read(
            all.iter()
                .map(|(name, text)| (name.as_str(), text.as_slice())),
        );
        let standard = standard(store, day).await.map_err(|error| {
            tracing::error!(%error, "the code lists cannot be read");
            Failed::Fault
        })?;
        let lists = Arc::new(Lists {
            loaded,
            day,
            codes,
            standard,
            agencies: agencies.into_iter().collect(),
        });
        *kept = Some(lists.clone());
        Ok(lists)
    }

    /// The names within a reach.
    pub(super) async fn names(&self, store: &Store, scope: &Scope) -> Result<Arc<Names>, Failed> {
        let (store, reach) = (store.clone(), scope.clone());
        let gather = move || async move { gathered(&store, &reach).await };
        self.names.of(scope, gather).await
    }
}

/// The names that the persons within a reach have.
async fn gathered(store: &Store, scope: &Scope) -> Result<Names, StoreError> {
    let mut names = Names::default();
    let mut after = 0;
    loop {
        let part = store.people(scope, after, PART).await?;
        let Some((last, _)) = part.last() else { break };
        after = *last;
        for (_, record) in &part {
            let value = |column: &str| record.value(column).unwrap_or_default();
            for (column, lists) in NAMED {
                for list in lists {
                    names.add(list, value(column));
                }
            }
            if !value("unor").is_empty() {
                let unit = (value("instansi_kerja").to_owned(), value("unor").to_owned());
                names.units.insert(unit);
            }
        }
    }
    for source in store.sources(&Scope::whole()).await? {
        names.add("instansi", &source.instansi);
    }
    Ok(names)
}
