//! Sign-ins under way: each is bound to the browser that began it, comes back once, and soon.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use openidconnect::{Nonce, PkceCodeVerifier, RedirectUrl};
use satu_store::accounts::hashed;

use crate::token::{Token, same};

/// How long somebody may take at the provider.
const LASTS: Duration = Duration::from_mins(10);
/// Most that are under way; then the oldest goes.
pub(super) const MOST: usize = 20_000;

/// What a sign-in is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// To sign in.
    SigningIn,
    /// To link the account of this number, which is signed in.
    Linking(i64),
}

/// A sign-in that went to the provider.
#[derive(Debug)]
pub struct Begun {
    /// What it is for.
    pub purpose: For,
    /// What its ID token must hold.
    pub nonce: Nonce,
    /// By what its code is redeemed (RFC 7636).
    pub verifier: PkceCodeVerifier,
    /// To where it comes back.
    pub redirect: RedirectUrl,
    /// The path to go to afterwards.
    pub back: String,
}

/// Sign-ins under way, by the hash of their state.
#[derive(Default)]
pub struct Pending(Mutex<HashMap<String, Kept>>);

struct Kept {
    begun: Begun,
    /// The hash of the token of the browser that began it.
    browser: String,
    at: Instant,
}

/// Where there are as many as may be, lets the oldest go.
pub(super) fn make_room<T>(all: &mut HashMap<String, T>, since: impl Fn(&T) -> Instant) {
    if all.len() >= MOST {
        let oldest = all.iter().min_by_key(|(_, kept)| since(kept));
        if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
            all.remove(&oldest);
        }
    }
}

impl Pending {
    /// Keeps one that a browser begins.
    pub fn begin(&self, state: &str, browser: &Token, begun: Begun, now: Instant) {
        let Ok(mut all) = self.0.lock() else { return };
        if all.len() >= MOST {
            all.retain(|_, kept| now.saturating_duration_since(kept.at) < LASTS);
        }
        make_room(&mut all, |kept| kept.at);
        let kept = Kept {
            begun,
            browser: hashed(browser.as_str()),
            at: now,
        };
        all.insert(hashed(state), kept);
    }

    /// Takes the one of a state, which is used up, whoever brings it; none where it is not this
    /// browser's or took too long.
    pub fn take(&self, state: &str, browser: Option<&Token>, now: Instant) -> Option<Begun> {
        let kept = self.0.lock().ok()?.remove(&hashed(state))?;
        let browser = hashed(browser?.as_str());
        let fits = same(&kept.browser, &browser) && now.saturating_duration_since(kept.at) < LASTS;
        fits.then_some(kept.begun)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use openidconnect::{Nonce, PkceCodeChallenge, RedirectUrl};

    use super::{Begun, For, LASTS, MOST, Pending};
    use crate::token::Token;

    fn begun(back: &str) -> Begun {
        let (_, verifier) = PkceCodeChallenge::new_random_sha256();
        Begun {
            purpose: For::SigningIn,
            nonce: Nonce::new("n".into()),
            verifier,
            redirect: RedirectUrl::new("http://localhost/".into()).unwrap(),
            back: back.to_owned(),
        }
    }

    #[test]
    fn one_comes_back_once_in_its_browser_and_in_time() {
        let (pending, now) = (Pending::default(), Instant::now());
        let (own, other) = (Token::new().unwrap(), Token::new().unwrap());
        let begin = |state: &str| pending.begin(state, &own, begun("/saya"), now);
        begin("a");
        assert_eq!(pending.take("a", Some(&own), now).unwrap().back, "/saya");
        assert!(pending.take("a", Some(&own), now).is_none());
        for (browser, later) in [(Some(&other), now), (None, now), (Some(&own), now + LASTS)] {
            begin("b");
            assert!(pending.take("b", browser, later).is_none());
            assert!(pending.take("b", Some(&own), now).is_none(), "used up");
        }
        assert!(pending.take("c", Some(&own), now).is_none());
    }

    #[test]
    fn a_flood_does_not_fill_the_memory() {
        let (pending, now) = (Pending::default(), Instant::now());
        let own = Token::new().unwrap();
        for number in 0..=MOST {
            let at = now + std::time::Duration::from_millis(number as u64);
            pending.begin(&number.to_string(), &own, begun("/"), at);
        }
        assert_eq!(pending.0.lock().unwrap().len(), MOST);
        let later = now + std::time::Duration::from_secs(20);
        assert!(
            pending.take("0", Some(&own), later).is_none(),
            "the oldest went"
        );
        assert!(pending.take("1", Some(&own), later).is_some());
    }
}
