//! What all requests share.

use std::sync::Arc;

use satu_store::Store;
use satu_store::accounts::Accounts;

use crate::page::{Failure, Viewer};
use crate::password::Passwords;
use crate::slow::Slow;
use crate::standing::{Standing, Standings};

/// What all requests share.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    store: Store,
    accounts: Accounts,
    passwords: Passwords,
    slow: Slow,
    standings: Standings,
    secure: bool,
}

impl App {
    pub fn new(store: Store, secure: bool) -> App {
        App(Arc::new(Shared {
            accounts: store.accounts(),
            store,
            passwords: Passwords::default(),
            slow: Slow::default(),
            standings: Standings::default(),
            secure,
        }))
    }

    /// The register, for somebody who is signed in.
    pub fn store(&self, _: &Viewer) -> &Store {
        &self.0.store
    }

    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub fn slow(&self) -> &Slow {
        &self.0.slow
    }

    /// How the viewer's part of the register stands.
    pub async fn standing(&self, viewer: &Viewer) -> Result<Arc<Standing>, Failure> {
        self.0.standings.of(&self.0.store, &viewer.scope()).await
    }

    /// Whether browsers reach the site by HTTPS.
    pub fn secure(&self) -> bool {
        self.0.secure
    }
}
