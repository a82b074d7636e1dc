//! How fast one account, or one address without an account, may ask: enough for anyone who reads,
//! too little to copy the register page by page or to keep the site busy.
//!
//! Each has a bucket of requests that fills again by the second. Work that is dearer has bounds of
//! its own: signing in ([`crate::slow`]), uploads ([`crate::uploads`]), hashing ([`crate::password`]).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Most buckets remembered.
const MOST: usize = 20_000;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Somebody who is signed in, from wherever.
    Account(i64),
    /// A program with a token, from wherever.
    Client(i64),
    /// Nobody who is known, from an address.
    Place(Option<IpAddr>),
}

impl Who {
    /// Requests at once, and requests a second after that. A program does in a minute what a
    /// hundred readers do.
    fn bounds(self) -> (f64, f64) {
        match self {
            Who::Account(_) | Who::Place(_) => (600.0, 10.0),
            Who::Client(_) => (60_000.0, 1_000.0),
        }
    }
}

/// What came of a request's taking its turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Whether it may go on.
    pub allowed: bool,
    /// How long until there is a turn again, where there is none.
    pub wait: Duration,
    left: f64,
    bounds: (f64, f64),
}

impl Turn {
    /// `RateLimit-Policy`: how many requests in how many seconds.
    pub fn policy(&self) -> String {
        let (burst, per_second) = self.bounds;
        let window = (burst / per_second).ceil() as u64;
        format!("\"default\";q={};w={window}", burst as u64)
    }

    /// `RateLimit`: what is left, and in how many seconds all is there again.
    pub fn left(&self) -> String {
        let (burst, per_second) = self.bounds;
        let again = ((burst - self.left) / per_second).ceil() as u64;
        format!("\"default\";r={};t={again}", self.left as u64)
    }
}

/// What is left in each bucket, and when that was so.
#[derive(Default)]
pub struct Rate(Mutex<HashMap<Who, (f64, Instant)>>);

fn filled(who: Who, (left, at): (f64, Instant), now: Instant) -> f64 {
    let (burst, per_second) = who.bounds();
    let since = now.saturating_duration_since(at).as_secs_f64();
    (left + since * per_second).min(burst)
}

impl Rate {
    /// Takes a request out of a bucket; whether there was one.
    pub fn allows(&self, who: Who, now: Instant) -> bool {
        self.take(who, now).allowed
    }

    /// Takes a request out of a bucket; what came of it.
    pub fn take(&self, who: Who, now: Instant) -> Turn {
        let bounds = who.bounds();
        let turn = |allowed: bool, left: f64| Turn {
            allowed,
            wait: Duration::from_secs_f64(((1.0 - left) / bounds.1).max(0.0)),
            left,
            bounds,
        };
        let Ok(mut all) = self.0.lock() else {
            return turn(false, 0.0);
        };
        if all.len() >= MOST && !all.contains_key(&who) {
            all.retain(|who, bucket| filled(*who, *bucket, now) < who.bounds().0);
        }
        let before = all
            .get(&who)
            .map_or(bounds.0, |bucket| filled(who, *bucket, now));
        let allowed = before >= 1.0;
        let left = if allowed { before - 1.0 } else { before };
        if all.len() < MOST || all.contains_key(&who) {
            all.insert(who, (left, now));
        }
        turn(allowed, left)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{MOST, Rate, Who};

    /// Of an account or an address.
    const BURST: f64 = 600.0;
    const PER_SECOND: f64 = 10.0;

    #[test]
    fn who_asks_too_much_waits_alone_and_not_for_long() {
        let (rate, now) = (Rate::default(), Instant::now());
        let one = Who::Account(1);
        let count = |who, at| (0..2_000).take_while(|_| rate.allows(who, at)).count();
        assert_eq!(count(one, now), BURST as usize);
        assert_eq!(count(one, now), 0);
        for other in [
            Who::Account(2),
            Who::Place(None),
            Who::Place("192.0.2.1".parse().ok()),
        ] {
            assert!(rate.allows(other, now), "{other:?}");
        }
        let later = now + Duration::from_secs(3);
        assert_eq!(count(one, later), 3 * PER_SECOND as usize);
        assert_eq!(count(one, now + Duration::from_hours(1)), BURST as usize);
    }

    #[test]
    fn a_program_is_told_what_is_left() {
        let (rate, now) = (Rate::default(), Instant::now());
        let one = Who::Client(1);
        let turn = rate.take(one, now);
        assert!(turn.allowed);
        assert_eq!(turn.policy(), "\"default\";q=60000;w=60");
        assert_eq!(turn.left(), "\"default\";r=59999;t=1");
        let refused = (0..60_000).map(|_| rate.take(one, now)).last().unwrap();
        assert!(!refused.allowed && refused.wait <= Duration::from_millis(1));
        assert_eq!(refused.left(), "\"default\";r=0;t=60");
    }

    #[test]
    fn many_addresses_do_not_fill_the_memory() {
        let (rate, now) = (Rate::default(), Instant::now());
        for number in 0..MOST as i64 + 9 {
            assert!(rate.allows(Who::Account(number), now));
        }
        assert_eq!(rate.0.lock().unwrap().len(), MOST);
        assert!(rate.allows(Who::Account(-1), now + Duration::from_secs(1)));
        assert_eq!(rate.0.lock().unwrap().len(), 1);
    }
}
