//! Whose turn it is with files of programs that arrive in parts (`satu_store::arrivals`).

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use tokio::sync::MutexGuard;

/// The files with which something is being done in this process.
#[derive(Clone, Default)]
pub struct Arrivals(Arc<Held>);

#[derive(Default)]
struct Held {
    tokens: Mutex<HashSet<String>>,
    writing: tokio::sync::Mutex<()>,
}

/// The turn of one who adds to a file or takes it in.
pub struct Turn {
    arrivals: Arrivals,
    token: String,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Ok(mut tokens) = self.arrivals.0.tokens.lock() {
            tokens.remove(&self.token);
        }
    }
}

impl Arrivals {
    /// A turn with a file; none while somebody else has it.
    pub fn turn(&self, token: &str) -> Option<Turn> {
        let mut tokens = self.0.tokens.lock().ok()?;
        tokens.insert(token.to_owned()).then(|| Turn {
            arrivals: self.clone(),
            token: token.to_owned(),
        })
    }

    /// Waits until no other part is being kept: while a long write holds the database, the parts of many
    /// files wait here, and one of them alone with a connection that pages need.
    pub async fn writing(&self) -> MutexGuard<'_, ()> {
        self.0.writing.lock().await
    }
}

#[cfg(test)]
mod tests {
    use super::Arrivals;

    #[test]
    fn one_at_a_time_has_a_turn_with_a_file() {
        let arrivals = Arrivals::default();
        let turn = arrivals.turn("satu");
        assert!(turn.is_some() && arrivals.turn("satu").is_none());
        assert!(arrivals.turn("dua").is_some());
        drop(turn);
        assert!(arrivals.turn("satu").is_some());
    }
}
