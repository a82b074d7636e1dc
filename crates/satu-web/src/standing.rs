//! How the data of each source and of each agency stands: worked out once for each state of the
//! ledger, kept for whoever asks next.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use satu_store::ask::Totals;
use satu_store::deliveries::{AgencyState, SourceState};
use satu_store::{Scope, Store, StoreError};
use tokio::sync::OnceCell;

use crate::page::Failure;

/// Reaches of whose answers one is kept: more than there are agencies.
const MOST: usize = 1_000;

/// How long somebody waits for the newest answer, where there is one of before. Of the nation it takes
/// long, and programs write all the time.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the register holds within a reach.
pub struct Standing {
    /// When it was worked out.
    pub at: Timestamp,
    /// All of it in numbers.
    pub totals: Totals,
    /// By source.
    pub sources: Vec<SourceState>,
    /// By agency.
    pub agencies: Vec<AgencyState>,
}

type Cell = Arc<OnceCell<Arc<Standing>>>;

struct Kept {
    scope: Scope,
    root: String,
    cell: Cell,
    /// The answer of before.
    before: Option<Arc<Standing>>,
}

/// The answers that are kept, the newest last.
#[derive(Default)]
pub struct Standings(Mutex<Vec<Kept>>);

impl Standings {
    /// How things stand within a reach, as of the ledger's last entry. The work goes on where whoever
    /// asked for it leaves, so that it is done when they ask again.
    pub async fn of(&self, store: &Store, scope: &Scope) -> Result<Arc<Standing>, Failure> {
        self.asked(store, scope, Duration::MAX).await
    }

    /// The same, or how things stood before, while the newest takes long to work out.
    pub async fn soon(&self, store: &Store, scope: &Scope) -> Result<Arc<Standing>, Failure> {
        self.asked(store, scope, PATIENCE).await
    }

    async fn asked(
        &self,
        store: &Store,
        scope: &Scope,
        patience: Duration,
    ) -> Result<Arc<Standing>, Failure> {
        let root = store.head().await?.root;
        let (cell, before) = self.kept(scope, root);
        let (store, scope) = (store.clone(), scope.clone());
        let mut work = tokio::spawn(async move {
            let found = cell.get_or_try_init(async || worked_out(&store, &scope).await);
            let found = found.await.cloned();
            if let Err(error) = &found {
                // Nobody may be waiting for it any more.
                tracing::error!(%error, "the state of the data could not be worked out");
            }
            found
        });
        let done = match (tokio::time::timeout(patience, &mut work).await, before) {
            (Ok(done), _) => done,
            (Err(_), Some(before)) => return Ok(before),
            (Err(_), None) => work.await,
        };
        Ok(done.map_err(|error| Failure::Fault(error.to_string()))??)
    }

    /// Where the answer is or comes to be, and the one of before. While one is worked out, none is begun
    /// of what was written since.
    fn kept(&self, scope: &Scope, root: String) -> (Cell, Option<Arc<Standing>>) {
        let Ok(mut kept) = self.0.lock() else {
            return (Cell::default(), None);
        };
        let old = kept.iter().position(|one| one.scope == *scope);
        if let Some(old) = old.map(|at| &kept[at])
            && (old.root == root || !old.cell.initialized())
        {
            return (old.cell.clone(), old.before.clone());
        }
        let old = old.map(|at| kept.remove(at));
        if kept.len() >= MOST {
            kept.remove(0);
        }
        let (cell, before) = (Cell::default(), old.and_then(|old| old.cell.get().cloned()));
        kept.push(Kept {
            scope: scope.clone(),
            root,
            cell: cell.clone(),
            before: before.clone(),
        });
        (cell, before)
    }
}

async fn worked_out(store: &Store, scope: &Scope) -> Result<Arc<Standing>, StoreError> {
    Ok(Arc::new(Standing {
        at: Timestamp::now(),
        totals: store.totals(scope).await?,
        sources: store.source_states(scope).await?,
        agencies: store.agency_states(scope).await?,
    }))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use satu_store::Scope;
    use satu_store::ask::Totals;

    use super::{Cell, MOST, Standing, Standings};

    fn worked_out(cell: &Cell) {
        let standing = Standing {
            at: Timestamp::now(),
            totals: Totals::default(),
            sources: Vec::new(),
            agencies: Vec::new(),
        };
        assert!(cell.set(Arc::new(standing)).is_ok());
    }

    #[test]
    fn an_answer_is_kept_until_the_ledger_moves_on() {
        let kept = Standings::default();
        let (whole, one) = (Scope::whole(), Scope::agency("Kota Contoh"));
        let (first, before) = kept.kept(&whole, "a".to_owned());
        assert!(before.is_none());
        assert!(Arc::ptr_eq(&first, &kept.kept(&whole, "a".to_owned()).0));
        assert!(!Arc::ptr_eq(&first, &kept.kept(&one, "a".to_owned()).0));
        // Not begun anew while it is worked out.
        assert!(Arc::ptr_eq(&first, &kept.kept(&whole, "b".to_owned()).0));
        worked_out(&first);
        let (second, before) = kept.kept(&whole, "b".to_owned());
        assert!(!Arc::ptr_eq(&first, &second));
        assert!(Arc::ptr_eq(first.get().unwrap(), &before.unwrap()));
        for number in 0..=MOST {
            kept.kept(&Scope::agency(&format!("Kota {number}")), "b".to_owned());
        }
        assert_eq!(kept.0.lock().unwrap().len(), MOST);
    }
}
