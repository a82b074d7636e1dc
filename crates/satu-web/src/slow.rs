//! Guessing slowed, in a way that keeps nobody else out.
//!
//! A lock on an account after so many failures would be a gift to whoever wants to keep its owner
//! out. Here nothing is ever locked; what has failed waits, longer each time, and who waits is
//! chosen so that the waiting falls on the guesser:
//!
//! - a login **at one address** ([`Key::Login`]): guesses from elsewhere do not slow its owner;
//! - **an address** with many failures of any logins ([`Key::Address`]): one password tried on all;
//! - a **browser that is known**, as the login has signed in there before, counts on its own
//!   ([`Key::Browser`]) and waits for neither of these: not even a guesser in the same office, whom
//!   the network shows under the same address, keeps the owner out of their own browser (OWASP
//!   calls it a device cookie);
//! - the **codes** of a second factor are six digits, so they count for the account from everywhere
//!   ([`Key::Code`]); only somebody who has the password already can make its owner wait there, for a
//!   quarter of an hour at most, and a recovery code is taken meanwhile.
//!
//! What is remembered is forgotten after an hour and at a restart.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use satu_store::accounts::LONGEST_LOGIN;

/// A failure this old is forgotten.
const FORGOTTEN: Duration = Duration::from_hours(1);
/// Most keys remembered; an attacker with more logins than this is slowed by the address and the
/// hashing alone.
const MOST: usize = 20_000;

/// What failed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// Anything at an address.
    Address(Option<IpAddr>),
    /// A login at an address.
    Login(String, Option<IpAddr>),
    /// A login in a browser that is known, by the name its token is kept under.
    Browser(String, String),
    /// A code of an account.
    Code(i64),
}

impl Key {
    /// Whether it is remembered: a login that is longer than any account's is not, as it may be of any
    /// length; what fails with it fails at its address.
    fn kept(&self) -> bool {
        !matches!(self, Key::Login(login, _) if login.len() > LONGEST_LOGIN)
    }

    /// Failures that cost nothing: fingers slip, and many may share an address.
    fn free(&self) -> u32 {
        match self {
            Key::Address(_) => 50,
            _ => 4,
        }
    }

    /// The longest wait.
    fn longest(&self) -> Duration {
        match self {
            Key::Address(_) => Duration::from_mins(1),
            _ => Duration::from_mins(15),
        }
    }

    fn wait(&self, failures: u32) -> Duration {
        match failures.checked_sub(self.free()) {
            None | Some(0) => Duration::ZERO,
            Some(more) => Duration::from_secs(1 << more.min(10)).min(self.longest()),
        }
    }
}

/// What failed how often, and when last.
#[derive(Default)]
pub struct Slow(Mutex<HashMap<Key, (u32, Instant)>>);

impl Slow {
    /// How long the slowest of these must still wait.
    pub fn left(&self, keys: &[Key], now: Instant) -> Duration {
        let Ok(all) = self.0.lock() else {
            return FORGOTTEN;
        };
        let left = keys.iter().filter_map(|key| {
            let (failures, last) = all.get(key)?;
            Some((*last + key.wait(*failures)).saturating_duration_since(now))
        });
        left.max().unwrap_or_default()
    }

    /// Remembers a failure of each.
    pub fn failed(&self, keys: &[Key], now: Instant) {
        self.counted(keys, now);
    }

    /// Counts a try of each as failed until it is known what came of it, so that others that are sent
    /// meanwhile wait for it.
    pub fn trying<'a>(&'a self, keys: &'a [Key], now: Instant) -> Trying<'a> {
        Trying {
            before: self.counted(keys, now),
            slow: self,
            now,
        }
    }

    /// Remembers a failure of each that is kept; when each had failed last before.
    fn counted<'a>(&self, keys: &'a [Key], now: Instant) -> Vec<(&'a Key, Instant)> {
        let mut before = Vec::new();
        let Ok(mut all) = self.0.lock() else {
            return before;
        };
        for key in keys.iter().filter(|key| key.kept()) {
            if all.len() >= MOST {
                all.retain(|_, (_, last)| now.saturating_duration_since(*last) < FORGOTTEN);
            }
            if all.len() >= MOST && !all.contains_key(key) {
                continue;
            }
            let one = all.entry(key.clone()).or_insert((0, now));
            if now.saturating_duration_since(one.1) >= FORGOTTEN {
                one.0 = 0;
            }
            before.push((key, one.1));
            *one = (one.0.saturating_add(1), now);
        }
        before
    }
}

/// A try that counts as failed as long as this is there; where nothing is said of it, because it was broken off or
/// could not be judged, all is as it was before.
#[must_use]
pub struct Trying<'a> {
    slow: &'a Slow,
    /// When each had failed last before.
    before: Vec<(&'a Key, Instant)>,
    now: Instant,
}

impl Trying<'_> {
    /// It failed.
    pub fn wrong(mut self) {
        self.before.clear();
    }

    /// It was right: forgets the failures of before too, but not of an address, which many share.
    pub fn right(self) {
        let Ok(mut all) = self.slow.0.lock() else {
            return;
        };
        for (key, _) in &self.before {
            if !matches!(key, Key::Address(_)) {
                all.remove(key);
            }
        }
    }
}

impl Drop for Trying<'_> {
    fn drop(&mut self) {
        let Ok(mut all) = self.slow.0.lock() else {
            return;
        };
        for (key, last) in &self.before {
            match all.get_mut(key) {
                Some((0 | 1, _)) => _ = all.remove(key),
                Some(one) => {
                    one.0 -= 1;
                    // Unless another failed meanwhile.
                    if one.1 == self.now {
                        one.1 = *last;
                    }
                }
                None => {}
            }
        }
    }
}

/// An answer to whoever must still wait so long.
pub fn waits(mut response: Response, left: Duration) -> Response {
    let wait = HeaderValue::from(left.as_secs().max(1));
    response.headers_mut().insert(RETRY_AFTER, wait);
    response
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    use super::{FORGOTTEN, Key, MOST, Slow};

    const ZERO: Duration = Duration::ZERO;

    fn at(place: &str) -> Option<IpAddr> {
        place.parse().ok()
    }

    #[test]
    fn a_guesser_waits_longer_each_time_and_alone() {
        let (slow, now) = (Slow::default(), Instant::now());
        let guesser = [
            Key::Address(at("192.0.2.1")),
            Key::Login("satu".into(), at("192.0.2.1")),
        ];
        for _ in 0..4 {
            slow.failed(&guesser, now);
            assert_eq!(slow.left(&guesser, now), ZERO);
        }
        for seconds in [2, 4, 8] {
            slow.failed(&guesser, now);
            assert_eq!(slow.left(&guesser, now), Duration::from_secs(seconds));
        }
        // Nobody else waits: not the owner elsewhere, not a colleague, not the owner's browser.
        for other in [
            [
                Key::Address(at("192.0.2.2")),
                Key::Login("satu".into(), at("192.0.2.2")),
            ],
            [
                Key::Address(at("192.0.2.1")),
                Key::Login("dua".into(), at("192.0.2.1")),
            ],
        ] {
            assert_eq!(slow.left(&other, now), ZERO);
        }
        let known = [Key::Browser("satu".into(), "hash".into())];
        assert_eq!(slow.left(&known, now), ZERO);
        assert_eq!(slow.left(&guesser, now + Duration::from_secs(8)), ZERO);
        for _ in 0..60 {
            slow.failed(&guesser, now);
        }
        assert_eq!(slow.left(&guesser, now), Duration::from_mins(15));
        slow.failed(&guesser, now + FORGOTTEN);
        assert_eq!(slow.left(&guesser, now + FORGOTTEN), ZERO);
        for _ in 0..5 {
            slow.failed(&guesser, now);
        }
        slow.trying(&guesser, now).right();
        assert_eq!(slow.left(&guesser, now), ZERO);
    }

    #[test]
    fn a_try_that_came_to_nothing_leaves_all_as_it_was() {
        let (slow, now) = (Slow::default(), Instant::now());
        let place = at("192.0.2.1");
        let keys = [Key::Address(place), Key::Login("satu".into(), place)];
        drop(slow.trying(&keys, now));
        assert!(slow.0.lock().unwrap().is_empty());
        for _ in 0..6 {
            slow.trying(&keys, now).wrong();
        }
        let later = now + Duration::from_secs(4);
        assert_eq!(slow.left(&keys, later), ZERO);
        let begun = slow.trying(&keys, later);
        assert_eq!(slow.left(&keys, later), Duration::from_secs(8));
        drop(begun);
        assert_eq!(slow.left(&keys, later), ZERO);
        // What failed meanwhile stays.
        let one = slow.trying(&keys, later);
        let later = later + Duration::from_secs(1);
        slow.trying(&keys, later).wrong();
        drop(one);
        assert_eq!(slow.left(&keys, later), Duration::from_secs(8));
        slow.trying(&keys, later).right();
        let all = slow.0.lock().unwrap();
        assert_eq!(all.len(), 1, "only the address is remembered");
        assert_eq!(all[&keys[0]].0, 7);
    }

    #[test]
    fn a_login_that_is_too_long_for_one_is_not_remembered() {
        let (slow, now) = (Slow::default(), Instant::now());
        let login = |length| Key::Login("x".repeat(length), None);
        for length in [64, 65, 250_000] {
            slow.failed(&[Key::Address(None), login(length)], now);
        }
        let all = slow.0.lock().unwrap();
        assert!(all.len() == 2 && all.contains_key(&login(64)));
        assert_eq!(all[&Key::Address(None)].0, 3);
    }

    #[test]
    fn one_password_tried_on_every_login_slows_the_address_a_little() {
        let (slow, now) = (Slow::default(), Instant::now());
        let place = at("192.0.2.1");
        for number in 0..200 {
            slow.failed(
                &[Key::Address(place), Key::Login(number.to_string(), place)],
                now,
            );
        }
        assert_eq!(
            slow.left(&[Key::Address(place)], now),
            Duration::from_mins(1)
        );
        // Who signs in rightly there leaves no trace.
        let office = [Key::Address(at("192.0.2.9"))];
        for _ in 0..200 {
            slow.trying(&office, now).right();
        }
        assert_eq!(slow.left(&office, now), ZERO);
    }

    #[test]
    fn a_flood_of_logins_does_not_fill_the_memory() {
        let (slow, now) = (Slow::default(), Instant::now());
        for number in 0..=MOST {
            slow.failed(&[Key::Login(number.to_string(), None)], now);
        }
        assert_eq!(slow.0.lock().unwrap().len(), MOST);
        // What is remembered already is still counted.
        let first = [Key::Login("0".into(), None)];
        (0..9).for_each(|_| slow.failed(&first, now));
        assert!(slow.left(&first, now) > ZERO);
        slow.failed(&[Key::Login("late".into(), None)], now + FORGOTTEN);
        assert_eq!(slow.0.lock().unwrap().len(), 1);
    }
}
