//! Questions that many requests ask at the same time, answered by one query: what asks in the meantime
//! waits for the next. A query begins after all the questions that it answers were asked, so that each
//! answer is as true as that of a query of its own.

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard};

use sqlx::{AnyConnection, AnyPool};
use tokio::sync::oneshot;

use crate::StoreError;

/// Most questions of a query: its rows fit what the driver sends before it waits (50).
const MOST: usize = 32;
/// Most queries of one kind at a time, and so connections kept for them beside those of the pool.
const QUERIES: usize = 2;

/// A question about one row.
pub(crate) trait Question: Clone + Debug + Send + Sync + 'static {
    /// What answers it.
    type Answer: Debug + Send + 'static;
    /// What a connection's queries leave for its later ones.
    type Memory: Default + Send + 'static;

    /// Whether one query answers both.
    fn goes_with(&self, other: &Self) -> bool;

    /// The answers to questions that all go with the first, in their order.
    fn answers(
        connection: &mut AnyConnection,
        memory: &mut Self::Memory,
        asked: &[Self],
    ) -> impl Future<Output = Result<Vec<Self::Answer>, StoreError>> + Send;
}

/// The questions of one kind that wait.
pub(crate) struct Together<Q: Question>(Arc<Mutex<Waiting<Q>>>);

struct Waiting<Q: Question> {
    asked: Vec<Asked<Q>>,
    queries: usize,
    /// Connections that no query has now, each with what it alone has use for.
    kept: Vec<Kept<Q>>,
}

type Asked<Q> = (Q, oneshot::Sender<<Q as Question>::Answer>);
type Kept<Q> = (AnyConnection, <Q as Question>::Memory);

impl<Q: Question> Clone for Together<Q> {
    fn clone(&self) -> Self {
        Together(self.0.clone())
    }
}

impl<Q: Question> Default for Together<Q> {
    fn default() -> Self {
        Together(Arc::new(Mutex::new(Waiting {
            asked: Vec::new(),
            queries: 0,
            kept: Vec::new(),
        })))
    }
}

impl<Q: Question> Debug for Together<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Together").finish_non_exhaustive()
    }
}

impl<Q: Question> Together<Q> {
    /// The answer to a question.
    pub async fn ask(&self, pool: &AnyPool, question: Q) -> Result<Q::Answer, StoreError> {
        let (tell, told) = oneshot::channel();
        if let Ok(mut waiting) = self.0.lock() {
            waiting.asked.push((question.clone(), tell));
            // A second query, beside one that takes long, where it is full at once.
            let full = waiting.asked.len() >= MOST && waiting.queries < QUERIES;
            if waiting.queries == 0 || full {
                waiting.queries += 1;
                tokio::spawn(Asking(Some(self.clone())).run(pool.clone()));
            }
        }
        if let Ok(answer) = told.await {
            return Ok(answer);
        }
        // The query failed: it asks alone, and gets the error that is its own.
        let mut connection = pool.acquire().await?;
        let memory = &mut Q::Memory::default();
        let mut answers = Q::answers(&mut connection, memory, &[question]).await?;
        answers.pop().ok_or_else(|| sqlx::Error::RowNotFound.into())
    }
}

/// One who asks for all, until nobody waits; then for nobody any more.
struct Asking<Q: Question>(Option<Together<Q>>);

impl<Q: Question> Asking<Q> {
    async fn run(mut self, pool: AnyPool) {
        // Whoever is about to ask comes along.
        tokio::task::yield_now().await;
        let mut kept = match self.waiting().and_then(|mut waiting| waiting.kept.pop()) {
            Some(kept) => kept,
            None => match pool.acquire().await {
                // Nobody waits for it to come back.
                Ok(connection) => (connection.detach(), Q::Memory::default()),
                Err(_) => return,
            },
        };
        while let Some((asked, back)) = self.next(kept) {
            kept = back;
            let (asked, tell): (Vec<Q>, Vec<_>) = asked.into_iter().unzip();
            // After an error the connection may be of no use any more.
            let Ok(answers) = Q::answers(&mut kept.0, &mut kept.1, &asked).await else {
                return;
            };
            for (tell, answer) in tell.into_iter().zip(answers) {
                // An error means that nobody waits for it any more.
                let _ = tell.send(answer);
            }
        }
    }

    fn waiting(&self) -> Option<MutexGuard<'_, Waiting<Q>>> {
        self.0.as_ref()?.0.lock().ok()
    }

    /// The questions for the next query. Where there are none, this has ended in the same moment, and the connection is kept: whoever
    /// asks then starts another.
    fn next(&mut self, kept: Kept<Q>) -> Option<(Vec<Asked<Q>>, Kept<Q>)> {
        let mut waiting = self.waiting()?;
        let Some((first, _)) = waiting.asked.first() else {
            waiting.queries -= 1;
            waiting.kept.push(kept);
            drop(waiting);
            self.0 = None;
            return None;
        };
        let first = first.clone();
        let mut count = 0;
        let fits = |(one, _): &mut Asked<Q>| {
            let fits = count < MOST && one.goes_with(&first);
            count += usize::from(fits);
            fits
        };
        Some((waiting.asked.extract_if(.., fits).collect(), kept))
    }
}

impl<Q: Question> Drop for Asking<Q> {
    /// However it ends, nobody is left to wait for a query that does not come.
    fn drop(&mut self) {
        if let Some(mut waiting) = self.waiting() {
            waiting.queries -= 1;
            if waiting.queries == 0 {
                waiting.asked.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    static CONNECTIONS: AtomicUsize = AtomicUsize::new(0);

    /// Asks nothing of the database; what it leaves with a connection counts the connections.
    #[derive(Clone, Debug)]
    struct Nothing;

    struct Counted;

    impl Default for Counted {
        fn default() -> Counted {
            CONNECTIONS.fetch_add(1, Relaxed);
            Counted
        }
    }

    impl Question for Nothing {
        type Answer = ();
        type Memory = Counted;

        fn goes_with(&self, _: &Nothing) -> bool {
            true
        }

        async fn answers(
            _: &mut AnyConnection,
            _: &mut Counted,
            asked: &[Nothing],
        ) -> Result<Vec<()>, StoreError> {
            Ok(vec![(); asked.len()])
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_who_comes_as_a_query_ends_asks_alone() {
        sqlx::any::install_default_drivers();
        let pool = AnyPool::connect("sqlite::memory:").await.unwrap();
        let together = Together::default();
        let all = (0..4).map(|_| {
            let (together, pool) = (together.clone(), pool.clone());
            tokio::spawn(async move {
                for _ in 0..50_000 {
                    together.ask(&pool, Nothing).await.unwrap();
                }
            })
        });
        for one in all.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        assert!(CONNECTIONS.load(Relaxed) <= QUERIES);
    }
}
