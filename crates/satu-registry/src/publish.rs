//! Releasing open data: the statistics of a day with the code lists and the standard of that day.

use jiff::SignedDuration;
use jiff::civil::Date;
use satu_open::population::{COLUMNS, Population};
use satu_open::protect::Rule;
use satu_open::reference::{code_list_dataset, standard_columns, standard_rules};
use satu_open::release::{Told, TooFew, statistics};
use satu_rules::CodeLists;
use satu_store::entry::Release;
use satu_store::{Entry, RawHasher, Scope, Store, StoreError};

/// Days between two releases at least. Who compares two releases learns of what changed in between,
/// so there must be enough of that for nobody to stand out.
pub const APART: i32 = 28;

/// What was released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The ledger number of the release.
    pub entry: i64,
    /// Datasets in it.
    pub datasets: usize,
    /// How its statistics came about.
    pub told: Told,
}

/// Why nothing was released.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The last release is too near.
    #[error("the last release was on {last}; the next can be on {next} at the earliest")]
    TooSoon {
        /// Its day.
        last: Date,
        /// The first day on which there can be another.
        next: Date,
    },
    /// Too few persons for any statistics.
    #[error(transparent)]
    TooFew(#[from] TooFew),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PublishError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            PublishError::TooSoon { .. } => {
                "Nothing was released. Releases lie apart so that nobody stands out in the difference between two of them."
            }
            PublishError::TooFew(_) => {
                "Nothing was released. Take in and link what the agencies sent first."
            }
            PublishError::Store(error) => error.hint(),
        }
    }
}

/// Releases open data as of a day. It stays as it is: no release is ever altered or withdrawn.
pub async fn publish(store: &Store, by: &str, today: Date) -> Result<Outcome, PublishError> {
    let newest = store.releases().await?.first().map(|one| one.version);
    not_too_soon(newest, today)?;
    let mut population = Population::new(today);
    store
        .tally(&Scope::whole(), COLUMNS, |values| population.count(values))
        .await?;
    let statistics = statistics(&population, Rule::default())?;
    let mut datasets = statistics.datasets;
    let loaded = store.code_lists().await?;
    for (name, text) in CodeLists::shipped() {
        if !loaded.iter().any(|(loaded, _)| loaded == name) {
            datasets.push((code_list_dataset(name), (*text).to_owned()));
        }
    }
    for (name, raw) in &loaded {
        let mut bytes = Vec::new();
        store.read_raw(raw, &mut bytes).await?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        datasets.push((code_list_dataset(name), text));
    }
    datasets.push(standard_columns());
    datasets.push(standard_rules());

    let mut writer = store.begin().await?;
    not_too_soon(writer.released_on().await?, today)?;
    let mut released = Vec::with_capacity(datasets.len());
    for (name, text) in datasets {
        let mut hasher = RawHasher::default();
        hasher.update(text.as_bytes());
        let raw = hasher.finish();
        writer.keep_raw(&raw, text.as_bytes()).await?;
        released.push((name, raw));
    }
    released.sort_unstable();
    released.dedup_by(|one, other| one.0 == other.0);
    let count = released.len();
    let release = Release {
        version: today,
        by: by.to_owned(),
        datasets: released,
    };
    let entry = writer.append(&Entry::Release(release)).await?;
    writer.commit().await?;
    Ok(Outcome {
        entry,
        datasets: count,
        told: statistics.told,
    })
}

fn not_too_soon(last: Option<Date>, today: Date) -> Result<(), PublishError> {
    let Some(last) = last else { return Ok(()) };
    let next = last.saturating_add(SignedDuration::from_hours(24 * i64::from(APART)));
    if today < next {
        return Err(PublishError::TooSoon { last, next });
    }
    Ok(())
}
