//! Code lists: the ones that ship, and those that were loaded into the register.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jiff::civil::Date;
use satu_domain::canonical;
use satu_rules::{CodeListError, CodeLists, NoCodeList, Standard, standard_markdown};
use satu_store::entry::{Unit, Units};
use satu_store::{Entry, RawHasher, Store, StoreError, UNITS};

/// Why code lists could not be loaded. Nothing of them is left behind.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// A file is no code list.
    #[error(transparent)]
    List(#[from] CodeListError),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder has no CSV file.
    #[error("{0} has no code list (no file that ends in .csv)")]
    Nothing(PathBuf),
    /// A kept list cannot be read.
    #[error("the kept code list {name} cannot be read: {source}")]
    Kept {
        /// Which.
        name: String,
        /// Why.
        source: NoCodeList,
    },
}

/// Loads every `*.csv` of a folder as a code list, all or none. Returns the names of those that
/// are new or differ from what was loaded before.
pub async fn load(store: &Store, folder: &Path) -> Result<Vec<String>, ReferenceError> {
    // Read once as lists first: a file that is none is refused before anything is written.
    let lists = CodeLists::core().load_dir(folder)?;
    if lists.is_empty() {
        return Err(ReferenceError::Nothing(folder.to_owned()));
    }
    let mut writer = store.begin().await?;
    let known = store.code_lists().await?;
    let mut changed = Vec::new();
    for (name, path) in lists {
        let bytes = std::fs::read(&path).map_err(|source| CodeListError::Io { path, source })?;
        let mut hasher = RawHasher::default();
        hasher.update(&bytes);
        let blob = hasher.finish();
        if known.contains(&(name.clone(), blob.clone())) {
            continue;
        }
        writer.keep_raw(&blob, bytes.as_slice()).await?;
        let entry = Entry::CodeList {
            name: name.clone(),
            blob,
        };
        writer.append(&entry).await?;
        if name == UNITS {
            for tree in trees(&bytes).map_err(NoCodeList::from).map_err(|source| {
                let path = folder.join(format!("{name}.csv"));
                CodeListError::NoList { path, source }
            })? {
                writer.append(&Entry::Units(tree)).await?;
            }
        }
        changed.push(name);
    }
    writer.commit().await?;
    Ok(changed)
}

/// The units of each agency that a list of units tells of. A row that names no agency is a code and
/// stands in no tree.
fn trees(text: &[u8]) -> Result<Vec<Units>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let headers = reader.headers()?.clone();
    let columns = ["id", "nama", "diatasan_id", "instansi"];
    let columns = columns.map(|column| headers.iter().position(|header| header == column));
    let mut found: BTreeMap<String, Units> = BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        let [id, name, above, instansi] = columns.map(|at| {
            let cell = at.and_then(|at| record.get(at));
            cell.unwrap_or_default().trim().to_owned()
        });
        let agency = canonical("instansi_induk", &instansi.replace(char::is_control, " "));
        if agency.is_empty() {
            continue;
        }
        let units = Vec::new();
        let tree = found.entry(agency).or_insert(Units { instansi, units });
        tree.units.push(Unit { id, name, above });
    }
    Ok(found.into_values().collect())
}

/// The CSV text of every list by name: those that ship, and in their place or beside them those that
/// were loaded.
pub async fn texts(store: &Store) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
    let shipped = CodeLists::shipped().iter();
    let mut all: BTreeMap<String, Vec<u8>> = shipped
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
        .collect();
    for (name, blob) in store.code_lists().await? {
        let mut text = Vec::new();
        store.read_raw(&blob, &mut text).await?;
        all.insert(name, text);
    }
    Ok(all)
}

/// The edition of the standard that the register judges by: the hash of its rules as the page tells them, of
/// the lists that ship, and of those that were loaded.
pub async fn edition(store: &Store) -> Result<String, StoreError> {
    let mut hasher = RawHasher::default();
    hasher.update(SHIPPED.as_bytes());
    for (name, blob) in store.code_lists().await? {
        hasher.update(format!("{name} {blob}\n").as_bytes());
    }
    Ok(hasher.finish())
}

/// The hash of what ships of the standard.
static SHIPPED: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = RawHasher::default();
    let rules = standard_markdown(&Standard::new(CodeLists::default(), Date::ZERO));
    hasher.update(rules.as_bytes());
    for (name, text) in CodeLists::shipped() {
        hasher.update(format!("{name}\n{text}\n").as_bytes());
    }
    hasher.finish()
});

/// The standard with the lists that ship and those of the register, as of a day.
pub async fn standard(store: &Store, today: Date) -> Result<Standard, ReferenceError> {
    let mut lists = CodeLists::core();
    for (name, blob) in store.code_lists().await? {
        let mut text = Vec::new();
        store.read_raw(&blob, &mut text).await?;
        lists
            .add(&name, text.as_slice())
            .map_err(|source| ReferenceError::Kept { name, source })?;
    }
    Ok(Standard::new(lists, today))
}
