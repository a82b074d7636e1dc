//! How the data of each source and of each agency stands: worked out once for each state of the
//! ledger, kept for whoever asks next.

use std::sync::{Arc, Mutex};

use satu_store::ask::Totals;
use satu_store::deliveries::{AgencyState, SourceState};
use satu_store::{Scope, Store, StoreError};
use tokio::sync::OnceCell;

use crate::page::Failure;

/// Reaches of whose answers one is kept: more than there are agencies.
const MOST: usize = 1_000;

/// What the register holds within a reach.
pub struct Standing {
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
}

/// The answers that are kept, the newest last.
#[derive(Default)]
pub struct Standings(Mutex<Vec<Kept>>);

impl Standings {
    /// How things stand within a reach, as of the ledger's last entry. The work goes on where
    /// whoever asked for it leaves, so that it is done when they ask again.
    pub async fn of(&self, store: &Store, scope: &Scope) -> Result<Arc<Standing>, Failure> {
        let root = store.head().await?.root;
        let cell = self.cell(scope, root);
        let (store, scope) = (store.clone(), scope.clone());
        let work = tokio::spawn(async move {
            let found = cell.get_or_try_init(async || worked_out(&store, &scope).await);
            found.await.cloned()
        });
        let done = work.await;
        Ok(done.map_err(|error| Failure::Fault(error.to_string()))??)
    }

    fn cell(&self, scope: &Scope, root: String) -> Cell {
        let Ok(mut kept) = self.0.lock() else {
            return Cell::default();
        };
        if let Some(one) = kept.iter().find(|k| k.scope == *scope && k.root == root) {
            return one.cell.clone();
        }
        kept.retain(|one| one.scope != *scope);
        if kept.len() >= MOST {
            kept.remove(0);
        }
        let cell = Cell::default();
        kept.push(Kept {
            scope: scope.clone(),
            root,
            cell: cell.clone(),
        });
        cell
    }
}

async fn worked_out(store: &Store, scope: &Scope) -> Result<Arc<Standing>, StoreError> {
    Ok(Arc::new(Standing {
        totals: store.totals(scope).await?,
        sources: store.source_states(scope).await?,
        agencies: store.agency_states(scope).await?,
    }))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use satu_store::Scope;

    use super::{MOST, Standings};

    #[test]
    fn an_answer_is_kept_until_the_ledger_moves_on() {
        let kept = Standings::default();
        let (whole, one) = (Scope::whole(), Scope::agency("Kota Contoh"));
        let first = kept.cell(&whole, "a".to_owned());
        assert!(Arc::ptr_eq(&first, &kept.cell(&whole, "a".to_owned())));
        assert!(!Arc::ptr_eq(&first, &kept.cell(&one, "a".to_owned())));
        assert!(!Arc::ptr_eq(&first, &kept.cell(&whole, "b".to_owned())));
        for number in 0..=MOST {
            kept.cell(&Scope::agency(&format!("Kota {number}")), "b".to_owned());
        }
        assert_eq!(kept.0.lock().unwrap().len(), MOST);
    }
}
