//! What takes long to gather: once for each key, on a task of its own, kept for whoever asks next.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use satu_store::StoreError;
use tokio::sync::OnceCell;

use super::Failed;

/// Keys of which something is kept.
const MOST: usize = 200;

type Cell<T> = Arc<OnceCell<Arc<T>>>;

struct Kept<K, T> {
    key: K,
    /// When it was begun.
    since: Instant,
    cell: Cell<T>,
    /// What was gathered before.
    before: Option<Arc<T>>,
}

/// What was gathered, by key; the one asked for last at the end.
pub(super) struct Gathered<K, T> {
    fresh: Duration,
    patience: Duration,
    kept: Mutex<Vec<Kept<K, T>>>,
}

impl<K: Clone + Eq, T: Send + Sync + 'static> Gathered<K, T> {
    /// Nothing yet. What was begun longer ago than `fresh` is gathered anew; whoever asks meanwhile waits
    /// for the newer with this `patience`, where there is an older.
    pub fn new(fresh: Duration, patience: Duration) -> Gathered<K, T> {
        Gathered {
            fresh,
            patience,
            kept: Mutex::default(),
        }
    }

    /// What is gathered of a key. The work goes on where whoever asked for it leaves, so that it is done
    /// when they ask again.
    pub async fn of<Work>(
        &self,
        key: &K,
        gather: impl FnOnce() -> Work + Send + 'static,
    ) -> Result<Arc<T>, Failed>
    where
        Work: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let (cell, before) = self.kept(key);
        if let Some(found) = cell.get() {
            return Ok(found.clone());
        }
        let mut work = tokio::spawn(async move {
            let gathered = async || gather().await.map(Arc::new);
            let found = cell.get_or_try_init(gathered).await.cloned();
            // Nobody may be waiting for it any more.
            found.map_err(Failed::from)
        });
        let done = match (tokio::time::timeout(self.patience, &mut work).await, before) {
            (Ok(done), _) => done,
            (Err(_), Some(before)) => return Ok(before),
            (Err(_), None) => work.await,
        };
        done.map_err(|error| {
            tracing::error!(%error, "what a program asked for could not be gathered");
            Failed::Fault
        })?
    }

    /// Where it is or comes to be, and what was gathered before. While it is gathered, it is not begun anew.
    fn kept(&self, key: &K) -> (Cell<T>, Option<Arc<T>>) {
        let Ok(mut kept) = self.kept.lock() else {
            return (Cell::default(), None);
        };
        let old = kept.iter().position(|one| one.key == *key);
        let old = old.map(|at| kept.remove(at));
        let one = match old {
            Some(old) if !old.cell.initialized() => old,
            Some(old) if old.since.elapsed() < self.fresh => Kept {
                before: None,
                ..old
            },
            old => Kept {
                key: key.clone(),
                since: Instant::now(),
                cell: Cell::default(),
                before: old.and_then(|old| old.cell.get().cloned()),
            },
        };
        let found = (one.cell.clone(), one.before.clone());
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(one);
        found
    }
}

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};
    use std::sync::Arc;
    use std::time::Duration;

    use satu_store::StoreError;
    use tokio::sync::Notify;
    use tokio::time::timeout;

    use super::{Gathered, MOST};

    const LONG: Duration = Duration::from_mins(2);
    const SHORT: Duration = Duration::from_millis(50);

    fn now(number: u8) -> Ready<Result<u8, StoreError>> {
        ready(Ok(number))
    }

    fn never() -> Ready<Result<u8, StoreError>> {
        panic!("gathered once more")
    }

    async fn once_told(told: Arc<Notify>, number: u8) -> Result<u8, StoreError> {
        told.notified().await;
        Ok(number)
    }

    #[tokio::test]
    async fn the_work_goes_on_where_whoever_asked_leaves() {
        let gathered = Gathered::new(LONG, LONG);
        let tell = Arc::new(Notify::new());
        let gather = once_told(tell.clone(), 7);
        assert!(timeout(SHORT, gathered.of(&'a', || gather)).await.is_err());
        tell.notify_one();
        let found = timeout(LONG, gathered.of(&'a', never)).await.unwrap();
        assert_eq!(*found.unwrap(), 7);
        assert_eq!(*gathered.of(&'a', never).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn nobody_waits_for_what_another_asked_for() {
        let gathered = Gathered::new(LONG, LONG);
        let tell = Arc::new(Notify::new());
        let gather = once_told(tell.clone(), 7);
        let other = async {
            let found = timeout(LONG, gathered.of(&'b', || now(8))).await;
            assert_eq!(*found.expect("waits for another's").unwrap(), 8);
        };
        tokio::select! {
            biased;
            _ = gathered.of(&'a', || gather) => panic!("not told yet"),
            () = other => {}
        }
    }

    #[tokio::test]
    async fn what_was_gathered_before_is_had_while_the_newer_takes_long() {
        let gathered = Gathered::new(Duration::ZERO, SHORT);
        assert_eq!(*gathered.of(&'a', || now(7)).await.unwrap(), 7);
        let tell = Arc::new(Notify::new());
        let gather = once_told(tell.clone(), 8);
        assert_eq!(*gathered.of(&'a', || gather).await.unwrap(), 7);
        // It is not begun once more meanwhile.
        assert_eq!(*gathered.of(&'a', never).await.unwrap(), 7);
        tell.notify_one();
        let found = timeout(LONG, async {
            loop {
                let found = *gathered.of(&'a', || now(9)).await.unwrap();
                if found != 7 {
                    return found;
                }
            }
        });
        assert!(matches!(found.await, Ok(8 | 9)));
    }

    #[tokio::test]
    async fn what_could_not_be_gathered_is_gathered_anew() {
        let gathered = Gathered::new(LONG, LONG);
        let failing = || ready(Err(StoreError::Overtaken));
        assert!(gathered.of(&'a', failing).await.is_err());
        assert_eq!(*gathered.of(&'a', || now(7)).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn the_key_asked_for_longest_ago_is_let_go() {
        let gathered = Gathered::new(LONG, LONG);
        for key in 0..MOST {
            gathered.of(&key, || now(7)).await.unwrap();
        }
        gathered.of(&0, never).await.unwrap();
        gathered.of(&MOST, || now(7)).await.unwrap();
        assert_eq!(*gathered.of(&0, never).await.unwrap(), 7);
        assert_eq!(*gathered.of(&1, || now(9)).await.unwrap(), 9);
    }
}
