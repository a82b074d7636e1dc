//! Questions that many requests ask at the same time, answered by one query: what asks in the meantime
//! waits for the next. A query begins after all the questions that it answers were asked, so that each
//! answer is as true as that of a query of its own.

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex};

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
                tokio::spawn(Asking(self.clone()).run(pool.clone()));
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

    /// The questions for the next query.
    fn next(&self) -> Vec<Asked<Q>> {
        let Ok(mut waiting) = self.0.lock() else {
            return Vec::new();
        };
        let Some((first, _)) = waiting.asked.first() else {
            return Vec::new();
        };
        let first = first.clone();
        let mut count = 0;
        let fits = |(one, _): &mut Asked<Q>| {
            let fits = count < MOST && one.goes_with(&first);
            count += usize::from(fits);
            fits
        };
        waiting.asked.extract_if(.., fits).collect()
    }

    fn kept(&self) -> Option<Kept<Q>> {
        self.0.lock().ok()?.kept.pop()
    }

    fn keep(&self, kept: Kept<Q>) {
        if let Ok(mut waiting) = self.0.lock() {
            waiting.kept.push(kept);
        }
    }
}

/// One who asks for all, until nobody waits.
struct Asking<Q: Question>(Together<Q>);

impl<Q: Question> Asking<Q> {
    async fn run(self, pool: AnyPool) {
        // Whoever is about to ask comes along.
        tokio::task::yield_now().await;
        let (mut connection, mut memory) = match self.0.kept() {
            Some(kept) => kept,
            None => match pool.acquire().await {
                // Nobody waits for it to come back.
                Ok(connection) => (connection.detach(), Q::Memory::default()),
                Err(_) => return,
            },
        };
        loop {
            let (asked, tell): (Vec<Q>, Vec<_>) = self.0.next().into_iter().unzip();
            if asked.is_empty() {
                break;
            }
            // After an error the connection may be of no use any more.
            let Ok(answers) = Q::answers(&mut connection, &mut memory, &asked).await else {
                return;
            };
            for (tell, answer) in tell.into_iter().zip(answers) {
                // An error means that nobody waits for it any more.
                let _ = tell.send(answer);
            }
        }
        self.0.keep((connection, memory));
    }
}

impl<Q: Question> Drop for Asking<Q> {
    /// However it ends, nobody is left to wait for a query that does not come.
    fn drop(&mut self) {
        if let Ok(mut waiting) = self.0.0.lock() {
            waiting.queries -= 1;
            if waiting.queries == 0 {
                waiting.asked.clear();
            }
        }
    }
}
