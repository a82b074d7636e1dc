//! Waiting for changes: one question a moment for all who wait, however many they are, because
//! another process may write too.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use satu_store::Store;
use tokio::sync::watch;

/// Between two questions for the newest change.
const PAUSE: Duration = Duration::from_millis(250);
/// Requests of one program that wait or stream at a time, and of all.
const MOST: [usize; 2] = [20, 2_000];

/// Who waits for changes.
#[derive(Clone)]
pub struct Feed(Arc<Shared>);

struct Shared {
    newest: watch::Sender<i64>,
    asking: AtomicBool,
    seats: Mutex<HashMap<i64, usize>>,
}

impl Default for Feed {
    fn default() -> Feed {
        Feed(Arc::new(Shared {
            newest: watch::Sender::new(0),
            asking: AtomicBool::new(false),
            seats: Mutex::new(HashMap::new()),
        }))
    }
}

/// A place among those who wait.
pub struct Seat {
    feed: Feed,
    client: i64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Ok(mut seats) = self.feed.0.seats.lock()
            && let Some(taken) = seats.get_mut(&self.client)
        {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.client);
            }
        }
    }
}

impl Feed {
    /// A place for a program; none where it, or all together, have too many.
    pub fn seat(&self, client: i64) -> Option<Seat> {
        let mut seats = self.0.seats.lock().ok()?;
        let all: usize = seats.values().sum();
        let taken = seats.entry(client).or_default();
        if *taken >= MOST[0] || all >= MOST[1] {
            return None;
        }
        *taken += 1;
        Some(Seat {
            feed: self.clone(),
            client,
        })
    }

    /// Waits until there is a change after this one, within anybody's reach.
    pub async fn later(&self, store: &Store, than: i64) {
        let mut newest = self.0.newest.subscribe();
        if !self.0.asking.swap(true, Ordering::SeqCst) {
            tokio::spawn(self.clone().ask(store.clone()));
        }
        // An error means that the sender is gone, and it lives as long as this.
        let _ = newest.wait_for(|newest| *newest > than).await;
    }

    /// Asks for the newest change as long as anybody waits.
    async fn ask(self, store: Store) {
        loop {
            match store.last_change().await {
                Ok(last) => {
                    self.0
                        .newest
                        .send_if_modified(|newest| std::mem::replace(newest, last) != last);
                }
                Err(error) => tracing::warn!(%error, "the newest change is not known"),
            }
            tokio::time::sleep(PAUSE).await;
            if self.0.newest.receiver_count() == 0 {
                self.0.asking.store(false, Ordering::SeqCst);
                // Whoever came in between has found somebody asking, and nobody is.
                if self.0.newest.receiver_count() == 0 || self.0.asking.swap(true, Ordering::SeqCst)
                {
                    break;
                }
            }
        }
    }
}
