//! The database that most commands work on.

use satu_store::{Store, StoreError};

use crate::Failure;

/// Where the register is kept.
#[derive(clap::Args)]
pub struct Database {
    /// The database: a file, or postgres://...
    #[arg(long = "db", env = "SATU_DB", default_value = "satu.db", global = true)]
    pub address: String,
}

impl Database {
    /// Runs a task on the database, which is made where it is missing.
    pub fn with<T>(
        &self,
        task: impl AsyncFnOnce(Store) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        blocking(async {
            let store = Store::open(&self.address).await;
            task(store.map_err(|error| refused(&error))?).await
        })
    }

    /// Runs a task on the database, which must be there.
    pub fn with_existing<T>(
        &self,
        task: impl AsyncFnOnce(Store) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        blocking(async {
            let store = Store::open_existing(&self.address).await;
            task(store.map_err(|error| refused(&error))?).await
        })
    }
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
