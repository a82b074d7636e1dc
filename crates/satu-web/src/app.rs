//! What all requests share.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;

use satu_registry::matching::Matcher;
use satu_store::accounts::Accounts;
use satu_store::clients::Clients;
use satu_store::{Store, StoreError};
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinError;

use crate::arriving::Arrivals;
use crate::comparisons::Comparisons;
use crate::feed::Feed;
use crate::oidc::Provider;
use crate::open::Open;
use crate::openings::Openings;
use crate::page::{Failure, Viewer};
use crate::password::Passwords;
use crate::rate::Rate;
use crate::settings::Settings;
use crate::siasn::Known;
use crate::slow::Slow;
use crate::standing::{Standing, Standings};
use crate::totp::Key;
use crate::uploads::Uploads;

/// Somebody who was let in, and so has a scope to ask the register with: a person who is signed in,
/// or a program with a token.
pub trait Asks {}

/// Whether a linkage run waits to begin.
#[derive(Default)]
pub struct Links(AtomicBool);

impl Links {
    /// Asks for a run; whether none was waiting, so that the asker must see to it.
    pub fn wanted(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }

    /// A run begins: what is asked for from now on needs another.
    pub fn begun(&self) {
        self.0.store(false, Ordering::Release);
    }
}

/// What all requests share.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    store: Store,
    accounts: Accounts,
    clients: Clients,
    passwords: Passwords,
    slow: Slow,
    rate: Rate,
    standings: Standings,
    uploads: Uploads,
    arrivals: Arrivals,
    comparisons: Comparisons,
    feed: Feed,
    open: Open,
    openings: Openings,
    turns: Arc<Semaphore>,
    writing: Mutex<()>,
    links: Links,
    siasn: Known,
    matcher: Matcher,
    provider: Option<Provider>,
    settings: Settings,
}

impl App {
    pub fn new(store: Store, settings: Settings) -> App {
        App(Arc::new(Shared {
            accounts: store.accounts(),
            clients: store.clients(),
            open: Open::new(store.clone()),
            openings: Openings::new(store.clone()),
            store,
            passwords: Passwords::new(settings.passwords.clone()),
            slow: Slow::default(),
            rate: Rate::default(),
            standings: Standings::default(),
            uploads: Uploads::default(),
            arrivals: Arrivals::default(),
            comparisons: Comparisons::default(),
            feed: Feed::default(),
            turns: Arc::new(Semaphore::new(
                available_parallelism().map_or(1, NonZero::get),
            )),
            writing: Mutex::new(()),
            links: Links::default(),
            siasn: Known::default(),
            matcher: Matcher::default(),
            provider: settings.oidc.clone().map(Provider::new),
            settings,
        }))
    }

    /// The register, for somebody who was let in.
    pub fn store(&self, _: &impl Asks) -> &Store {
        &self.0.store
    }

    /// The key from which secrets of second factors and signatures are worked out.
    pub fn key(&self) -> Result<Key, StoreError> {
        Key::of(&self.0.store)
    }

    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    pub fn clients(&self) -> &Clients {
        &self.0.clients
    }

    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub fn slow(&self) -> &Slow {
        &self.0.slow
    }

    pub fn rate(&self) -> &Rate {
        &self.0.rate
    }

    /// How the viewer's part of the register stands.
    pub async fn standing(&self, viewer: &Viewer) -> Result<Arc<Standing>, Failure> {
        self.0.standings.of(&self.0.store, &viewer.scope()).await
    }

    /// The same, or how it stood before, where that takes long to say.
    pub async fn standing_soon(&self, viewer: &Viewer) -> Result<Arc<Standing>, Failure> {
        self.0.standings.soon(&self.0.store, &viewer.scope()).await
    }

    /// Files that wait for their senders.
    pub fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    /// Files of programs that arrive in parts.
    pub fn arrivals(&self) -> &Arrivals {
        &self.0.arrivals
    }

    /// What was found when files were held against the golden records.
    pub fn comparisons(&self) -> &Comparisons {
        &self.0.comparisons
    }

    /// Who waits for changes.
    pub fn feed(&self) -> &Feed {
        &self.0.feed
    }

    /// What was released for everyone.
    pub fn open(&self) -> &Open {
        &self.0.open
    }

    /// Records that were opened masked and are to go on the record of looks.
    pub fn openings(&self) -> &Openings {
        &self.0.openings
    }

    /// Waits for a turn at work that keeps a processor busy; the turn ends with what is returned.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // An error means that the semaphore was closed, which nobody does.
        self.0.turns.clone().acquire_owned().await.ok()
    }

    /// Does such work on a thread of its own once it has a turn, which ends with the work: whoever waits for it
    /// no longer, as when a connection breaks, gives no turn to others before.
    ///
    /// # Errors
    ///
    /// Where the work panics.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let turn = self.turn().await;
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        work.await
    }

    /// Waits until no other file is being written to the ledger.
    pub async fn writing(&self) -> MutexGuard<'_, ()> {
        self.0.writing.lock().await
    }

    /// Linkage runs that wait.
    pub fn links(&self) -> &Links {
        &self.0.links
    }

    /// What the service of SIASN keeps between requests.
    pub fn siasn(&self) -> &Known {
        &self.0.siasn
    }

    /// What compares single records.
    pub fn matcher(&self) -> &Matcher {
        &self.0.matcher
    }

    /// Whether roles need a second person.
    pub async fn four_eyes(&self) -> Result<bool, Failure> {
        Ok(self.0.store.four_eyes().await?.on)
    }

    /// The provider through which people sign in too.
    pub fn provider(&self) -> Option<&Provider> {
        self.0.provider.as_ref()
    }

    /// What it is called.
    pub fn provider_name(&self) -> Option<&str> {
        Some(self.provider()?.settings().name.as_str())
    }

    /// Whether browsers reach the site by HTTPS.
    pub fn secure(&self) -> bool {
        self.0.settings.secure
    }

    /// What the operator says of the site.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use satu_store::{KeyPlace, Store};
    use tokio::time::timeout;

    use super::{App, NonZero, available_parallelism};
    use crate::Settings;

    /// Who breaks off has no more at work than who waits.
    #[tokio::test]
    async fn work_that_nobody_waits_for_keeps_its_turn() {
        let folder = tempfile::tempdir().unwrap();
        let [file, key] = ["satu.db", "key"].map(|name| folder.path().join(name));
        let key = KeyPlace::File(key);
        let store = Store::open(file.to_str().unwrap(), &key).await.unwrap();
        let app = App::new(store, Settings::default());
        let (began, begun) = channel();
        let mut ends = Vec::new();
        let soon = Duration::from_millis(200);
        for _ in 0..available_parallelism().map_or(1, NonZero::get) {
            let (end, ended) = channel::<()>();
            let began = began.clone();
            let work = app.work(move || {
                began.send(()).unwrap();
                let _ = ended.recv();
            });
            assert!(timeout(soon, work).await.is_err());
            begun.recv().unwrap();
            ends.push(end);
        }
        let mut next = Box::pin(app.work(|| "done"));
        assert!(timeout(soon, &mut next).await.is_err());
        ends.pop();
        assert_eq!(next.await.unwrap(), "done");
    }
}
