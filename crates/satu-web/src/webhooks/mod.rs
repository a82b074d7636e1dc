//! Telling addresses of changes: one call a change, in the order of the feed, signed, tried again
//! with longer and longer waits, and put aside when it is tried in vain too often.
//!
//! How far an address has come is written down after it took what it was told. A worker that is
//! killed in between tells the last of it again; nothing is passed over.

pub mod fault;
pub mod sign;
pub mod target;
pub mod wanted;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderName, Method, StatusCode, Uri, header};
use jiff::{SignedDuration, Timestamp};
use satu_store::changes::{Change, ChangeKind, Cursor};
use satu_store::clients::Right;
use satu_store::webhooks::{Webhook, Webhooks};
use satu_store::{Store, StoreError};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::api::changes;
use crate::outgoing::{Line, Outgoing, OutgoingError, Reach};
use crate::settings::Settings;
use crate::totp::Key;
use fault::Fault;

/// Addresses that are told at a time.
const WORKERS: usize = 8;
/// Pause when nothing is to be told, and where no address is.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(3)];
/// How long a worker keeps an address to itself; and how long it goes on telling it.
const HOLD: SignedDuration = SignedDuration::from_mins(2);
const TURN: Duration = Duration::from_secs(30);
/// Changes read at a time, and told before it is written down.
const PAGE: i64 = 200;
const NOTED: i64 = 50;
/// Longest answer that is taken, and longest wait for it.
const ANSWER: usize = 64 << 10;
const WAIT: Duration = Duration::from_secs(15);
/// How often a change is tried, and how many in a row are put aside before an address is left alone.
const TRIES: i64 = 12;
const LOST: i64 = 20;
/// First wait after a fault, which doubles with each, and the longest, in milliseconds.
const BACKOFF: [i64; 2] = [5_000, 3_600_000];

/// What the workers share.
struct Post {
    store: Store,
    hooks: Webhooks,
    out: Outgoing,
    settings: Settings,
    key: Key,
}

/// How a call went.
enum Called {
    /// It was taken.
    Taken,
    /// Its receiver wants no more of them, ever.
    Gone,
    /// It was not taken: why, and how long its receiver wants to be left alone.
    Refused(Fault, Option<i64>),
}

/// Tells addresses of changes until it is dropped.
pub async fn run(store: Store, settings: Settings) {
    let hooks = store.webhooks();
    // Without an address there is nothing to read a key or certificates for.
    while !hooks.any().await.unwrap_or(false) {
        tokio::time::sleep(PAUSES[1]).await;
    }
    let post = match Post::new(store, settings) {
        Ok(post) => Arc::new(post),
        Err(error) => {
            tracing::error!(%error, "no address is told of changes");
            return;
        }
    };
    let places = Arc::new(Semaphore::new(WORKERS));
    let mut workers = JoinSet::new();
    loop {
        while workers.try_join_next().is_some() {}
        // An error means that the semaphore was closed, which nobody does.
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        match post.hooks.claim(Timestamp::now(), HOLD).await {
            Ok(Some(hook)) => {
                let post = post.clone();
                workers.spawn(async move {
                    let _place = place;
                    post.take(&hook).await;
                });
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "whom to tell of changes is not known"),
        }
        drop(place);
        tokio::time::sleep(PAUSES[0]).await;
    }
}

impl Post {
    fn new(store: Store, settings: Settings) -> std::io::Result<Post> {
        let key = Key::of(&store).map_err(std::io::Error::other)?;
        let reach = if settings.private_webhooks {
            Reach::Any
        } else {
            Reach::Open
        };
        Ok(Post {
            hooks: store.webhooks(),
            store,
            out: Outgoing::new(reach)?,
            key,
            settings,
        })
    }

    /// Takes a turn at an address that is held, and lets go of it.
    async fn take(&self, hook: &Webhook) {
        if let Err(error) = self.serve(hook).await {
            tracing::warn!(%error, webhook = hook.id, "telling an address failed");
        }
        if let Err(error) = self.hooks.release(hook.id, Timestamp::now()).await {
            tracing::warn!(%error, webhook = hook.id, "an address is still held");
        }
    }

    /// Tells an address what it was not told yet, for a turn.
    async fn serve(&self, hook: &Webhook) -> Result<(), StoreError> {
        // What the program may see has changed since it was added: it is told nothing.
        if !hook.client.rights.has(Right::ChangesRead) {
            let next = Timestamp::now() + SignedDuration::from_mins(10);
            return self.hooks.failed(hook.id, &Fault::Right.kept(), next).await;
        }
        if !self.store.has_place(hook.place).await? {
            let newest = self.store.newest_change().await?;
            let fault = Fault::Feed.kept();
            tracing::warn!(
                webhook = hook.id,
                "an address lost its place in the changes"
            );
            return self.hooks.lose_place(hook.id, newest, &fault).await;
        }
        let mut line = None;
        self.serve_dead(hook, &mut line).await?;
        if hook.stopped {
            return Ok(());
        }
        let (began, mut told) = (Instant::now(), hook.place);
        let (mut tries, mut noted) = (hook.tries, hook.place.id);
        // Whether it has taken a call: else its faults stay counted.
        let mut taken = false;
        'turn: while began.elapsed() < TURN {
            let scope = hook.client.role.scope();
            let page = self.store.changes(&scope, told, PAGE, false).await?;
            for change in &page.changes {
                if began.elapsed() >= TURN {
                    break 'turn;
                }
                if wants(&hook.kinds, change.kind) {
                    match self.call(hook, &mut line, change).await {
                        Called::Taken => (tries, taken) = (0, true),
                        called => {
                            // What was told before it is written down first.
                            self.come_to(hook, told, taken).await?;
                            let hook = Webhook {
                                tries,
                                ..hook.clone()
                            };
                            return self.in_vain(&hook, change.cursor(), called).await;
                        }
                    }
                }
                told = change.cursor();
                if told.id - noted >= NOTED {
                    self.come_to(hook, told, taken).await?;
                    noted = told.id;
                }
            }
            told = page.cursor;
            if !page.more {
                break;
            }
        }
        self.come_to(hook, told, taken).await
    }

    /// Writes down how far an address has come, and whether it has taken a call on the way.
    async fn come_to(&self, hook: &Webhook, place: Cursor, taken: bool) -> Result<(), StoreError> {
        if taken {
            self.hooks.told(hook.id, place).await
        } else {
            self.hooks.passed(hook.id, place).await
        }
    }

    /// Tells an address once more what was put aside and is wanted again.
    async fn serve_dead(&self, hook: &Webhook, line: &mut Option<Line>) -> Result<(), StoreError> {
        let (began, mut after) = (Instant::now(), 0);
        loop {
            let letters = self.hooks.dead(hook.id, after, PAGE).await?;
            let Some(last) = letters.last() else {
                return Ok(());
            };
            after = last.change;
            for letter in letters.iter().filter(|one| one.again) {
                if began.elapsed() >= TURN {
                    return Ok(());
                }
                let scope = hook.client.role.scope();
                let page = self
                    .store
                    .changes(&scope, letter.change - 1, 1, false)
                    .await?;
                let change = page.changes.first().filter(|one| one.id == letter.change);
                let fault = match change {
                    // Out of reach by now: nothing is left to tell.
                    None => None,
                    Some(change) => match self.call(hook, line, change).await {
                        Called::Taken => None,
                        Called::Gone => Some(Fault::Gone),
                        Called::Refused(fault, _) => Some(fault),
                    },
                };
                let fault = fault.map(|fault| fault.kept());
                self.hooks
                    .settled(hook.id, letter.change, fault.as_deref())
                    .await?;
            }
        }
    }

    async fn in_vain(
        &self,
        hook: &Webhook,
        change: Cursor,
        called: Called,
    ) -> Result<(), StoreError> {
        let now = Timestamp::now();
        let (fault, wait, most) = match called {
            Called::Taken => return Ok(()),
            Called::Gone => (Fault::Gone, None, 0),
            Called::Refused(fault, wait) => (fault, wait, LOST),
        };
        let fault = fault.kept();
        tracing::info!(webhook = hook.id, fault, "an address was told in vain");
        if most == 0 || hook.tries + 1 >= TRIES {
            return self.hooks.give_up(hook, change, &fault, most, now).await;
        }
        let wait = wait.unwrap_or(0).max(backoff(hook.tries, random()));
        let next = now.saturating_add(SignedDuration::from_millis(wait.min(BACKOFF[1])));
        self.hooks
            .failed(hook.id, &fault, next.unwrap_or(Timestamp::MAX))
            .await
    }

    /// One call.
    async fn call(&self, hook: &Webhook, line: &mut Option<Line>, change: &Change) -> Called {
        match self.tried(hook, line, change).await {
            Ok(called) => called,
            Err(error) => {
                *line = None;
                Called::Refused(Fault::Outgoing(error), None)
            }
        }
    }

    async fn tried(
        &self,
        hook: &Webhook,
        held: &mut Option<Line>,
        change: &Change,
    ) -> Result<Called, OutgoingError> {
        let to: Uri = target::read(&hook.url, self.settings.private_webhooks)
            .map_err(|_| OutgoingError::Address)?;
        let body = changes::event(&self.settings, change).map_err(std::io::Error::from)?;
        let now = Timestamp::now();
        let id = format!("satu-{}-{}", hook.id, change.cursor());
        let [nonce, before] = &hook.nonces;
        let mut secrets = vec![sign::secret(&self.key, nonce)?];
        if !before.is_empty() && hook.before_until > now {
            secrets.push(sign::secret(&self.key, before)?);
        }
        let seconds = now.as_second();
        let headers = [
            (header::CONTENT_TYPE, changes::EVENT.to_owned()),
            (header::USER_AGENT, "satu".to_owned()),
            (
                HeaderName::from_static("webhook-signature"),
                sign::signed(&secrets, &id, seconds, &body)?,
            ),
            (HeaderName::from_static("webhook-id"), id),
            (
                HeaderName::from_static("webhook-timestamp"),
                seconds.to_string(),
            ),
        ];
        let path = to.path_and_query().map_or("/", |path| path.as_str());
        let body = Bytes::from(body);
        let send = async |line: &mut Line| {
            let bounds = (ANSWER, WAIT);
            line.send(Method::POST, path, &headers, body.clone(), bounds)
                .await
        };
        let mut answer = None;
        if let Some(line) = held.as_mut().filter(|line| line.is_open()) {
            // A connection that was left open may have been closed at the other end meanwhile.
            match send(line).await {
                Err(OutgoingError::Broken(_)) => {}
                told => answer = Some(told?),
            }
        }
        let answer = match answer {
            Some(answer) => answer,
            None => send(held.insert(self.out.connect(&to).await?)).await?,
        };
        Ok(match answer.status {
            status if status.is_success() => Called::Taken,
            StatusCode::GONE => Called::Gone,
            status => {
                let wait = answer.headers.get(header::RETRY_AFTER);
                let wait = wait.and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
                Called::Refused(
                    Fault::Answered(status),
                    wait.map(|wait| wait.saturating_mul(1_000)),
                )
            }
        })
    }
}

/// Whether an address is told of a kind.
pub fn wants(kinds: &str, kind: ChangeKind) -> bool {
    kinds.is_empty() || kinds.split(' ').any(|one| one == kind.name())
}

/// The wait after a fault, in milliseconds: doubled with each, between half of it and one and a half,
/// so that not all come again at once. `chance` is any number.
fn backoff(tries: i64, chance: u32) -> i64 {
    let doubled = BACKOFF[0].saturating_mul(1 << tries.clamp(0, 20));
    let wait = doubled.min(BACKOFF[1]);
    wait / 2 + wait * i64::from(chance % 1_000) / 1_000
}

fn random() -> u32 {
    getrandom::u32().unwrap_or(500)
}

#[cfg(test)]
mod tests {
    use satu_store::changes::ChangeKind;

    use super::{BACKOFF, backoff, wants};

    #[test]
    fn waits_grow_and_differ_and_end() {
        for tries in 0..30 {
            let (least, most) = (backoff(tries, 0), backoff(tries, 999));
            assert!(least < most && most < 3 * least, "{tries}");
            assert!(least >= BACKOFF[0] / 2 && most <= BACKOFF[1] * 3 / 2);
            assert!(tries == 0 || least >= backoff(tries - 1, 0));
        }
    }

    #[test]
    fn an_address_is_told_of_the_kinds_it_wants() {
        assert!(wants("", ChangeKind::Merged));
        assert!(wants("person.created person.merged", ChangeKind::Merged));
        assert!(!wants("person.created", ChangeKind::Merged));
    }
}
