//! The database that most commands work on.

use std::path::PathBuf;
use std::time::Duration;

use satu_store::{KeyPlace, Store, StoreError};

use crate::Failure;

/// Where the register is kept.
#[derive(clap::Args)]
pub struct Address {
    /// The database: a file, or postgres://...
    #[arg(long = "db", env = "SATU_DB", default_value = "satu.db", global = true)]
    pub address: String,
}

/// Where the key of the register is kept.
#[derive(clap::Args)]
pub struct Key {
    /// The file of the key that the register is sealed by, made with a new register. Without this it
    /// stands in your data folder (~/.local/share/satu/keys), under the register's number. Keep a copy
    /// of it, apart from the database and its backups.
    #[arg(
        long = "key",
        value_name = "FILE",
        env = "SATU_KEY_FILE",
        global = true
    )]
    register_key: Option<PathBuf>,
}

/// Where the register and its key are kept.
#[derive(clap::Args)]
pub struct Database {
    #[command(flatten)]
    at: Address,
    #[command(flatten)]
    pub key: Key,
}

impl Key {
    /// Where the file is to be looked for.
    pub fn place(&self) -> KeyPlace {
        match &self.register_key {
            Some(file) => KeyPlace::File(file.clone()),
            None => KeyPlace::OfUser,
        }
    }
}

impl Key {
    /// A database with this key.
    pub fn of(&self, address: &str) -> Database {
        Database {
            at: Address {
                address: address.to_owned(),
            },
            key: Key {
                register_key: self.register_key.clone(),
            },
        }
    }
}

impl Address {
    /// Runs a task on the database, which must be there, without its key: of what is sealed nothing
    /// is opened.
    pub fn sealed<T>(
        &self,
        task: impl AsyncFnOnce(Store) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        blocking(async {
            let store = Store::open_sealed(&self.address).await;
            finished(store.map_err(|error| refused(&error))?, task).await
        })
    }
}

impl Database {
    /// Runs a task on the database, which is made where it is missing.
    pub fn with<T>(
        &self,
        task: impl AsyncFnOnce(Store) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        blocking(async {
            let store = Store::open(&self.at.address, &self.key.place()).await;
            finished(opened(store)?, task).await
        })
    }

    /// Runs a task on the database, which must be there.
    pub fn with_existing<T>(
        &self,
        task: impl AsyncFnOnce(Store) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        blocking(async {
            let store = Store::open_existing(&self.at.address, &self.key.place()).await;
            finished(opened(store)?, task).await
        })
    }

    /// Runs a task that brings a register, with its keys, into the database, which is made where it is
    /// missing.
    pub fn to_fill<T>(
        &self,
        task: impl AsyncFnOnce(Store) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        blocking(async {
            let store = Store::open_to_fill(&self.at.address, &self.key.place()).await;
            finished(store.map_err(|error| refused(&error))?, task).await
        })
    }
}

/// How long connections are waited for at the end.
const LAST: Duration = Duration::from_secs(10);

/// Runs a task on a database to its end, and closes it.
async fn finished<T>(
    store: Store,
    task: impl AsyncFnOnce(Store) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let done = task(store.clone()).await;
    // Work that was left in the background may hold one: nothing that counts is lost with it.
    let _ = tokio::time::timeout(LAST, store.close()).await;
    done
}

/// Says where the key is, once, when it is made.
fn opened(store: Result<Store, StoreError>) -> Result<Store, Failure> {
    let store = store.map_err(|error| refused(&error))?;
    if let Some(file) = store.made_key_file() {
        eprintln!(
            "A new register. Its key is {}: keep a copy apart from the database, without it nothing can be read.",
            file.display()
        );
    }
    Ok(store)
}

/// Runs a task to its end.
pub fn blocking<T>(task: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(&error, "The machine gives no threads."))?
        .block_on(task)
}

/// A failure of the store, with what to do about it.
pub fn refused(error: &StoreError) -> Failure {
    Failure::new(error, error.hint())
}
