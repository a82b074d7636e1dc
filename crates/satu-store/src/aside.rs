//! Work on another thread while the database is asked for the next.

use tokio::task::{JoinHandle, spawn_blocking};

/// Work that was begun.
pub(crate) struct Aside<T>(JoinHandle<T>);

impl<T: Send + 'static> Aside<T> {
    /// Begins it.
    pub fn begin(work: impl FnOnce() -> T + Send + 'static) -> Aside<T> {
        Aside(spawn_blocking(work))
    }

    /// Waits for its end.
    pub async fn ended(self) -> T {
        // It is never called off, so it ended by itself or panicked.
        let ended = self.0.await;
        ended.unwrap_or_else(|fault| std::panic::resume_unwind(fault.into_panic()))
    }
}
