//! The database that most commands work on.

use satu_store::{Store, StoreError};

use crate::Failure;

/// Where the register is kept.
#[derive(clap::Args)]
pub struct Database {
    /// The database: a file, or postgres://...
    #[arg(long = "db", env = "SATU_DB", default_value = "satu.db")]
    address: String,
}

impl Database {
    /// Runs a task on the opened database.
    pub fn with<T>(
        &self,
        task: impl AsyncFnOnce(Store) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new(&error, "The machine gives no threads."))?;
        runtime.block_on(async {
            let store = Store::open(&self.address)
                .await
                .map_err(|error| refused(&error))?;
            task(store).await
        })
    }
}

/// A failure of the store, with what to do about it.
pub fn refused(error: &StoreError) -> Failure {
    Failure::new(error, error.hint())
}
