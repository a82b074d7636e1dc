//! How fast one account, or one address without an account, may ask: enough for anyone who reads,
//! too little to copy the register page by page or to keep the site busy.
//!
//! Each has a bucket of requests that fills again by the second. Work that is dearer has bounds of
//! its own: signing in ([`crate::slow`]), uploads ([`crate::uploads`]), hashing ([`crate::password`]).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How often it is said that somebody asks too fast.
const SAID: Duration = Duration::from_mins(1);
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
    /// Whether it should be said that there was none: once a minute, for a flood would fill the log.
    pub news: bool,
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

/// What is left of one's requests.
#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    /// When that was so.
    at: Instant,
    /// When it was said last that nothing was.
    said: Option<Instant>,
}

impl Bucket {
    fn filled(self, who: Who, now: Instant) -> f64 {
        let (burst, per_second) = who.bounds();
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left + since * per_second).min(burst)
    }
}

/// The buckets.
#[derive(Default)]
pub struct Rate(Mutex<HashMap<Who, Bucket>>);

impl Rate {
    /// Takes a request out of a bucket; what came of it.
    pub fn take(&self, who: Who, now: Instant) -> Turn {
        let bounds = who.bounds();
        let turn = |allowed: bool, left: f64, news: bool| Turn {
            allowed,
            news,
            wait: Duration::from_secs_f64(((1.0 - left) / bounds.1).max(0.0)),
            left,
            bounds,
        };
        let Ok(mut all) = self.0.lock() else {
            return turn(false, 0.0, false);
        };
        if all.len() >= MOST && !all.contains_key(&who) {
            all.retain(|who, bucket| bucket.filled(*who, now) < who.bounds().0);
        }
        let bucket = all.get(&who).copied();
        let before = bucket.map_or(bounds.0, |bucket| bucket.filled(who, now));
        let said = bucket.and_then(|bucket| bucket.said);
        let allowed = before >= 1.0;
        let left = if allowed { before - 1.0 } else { before };
        let long_ago = |said| now.saturating_duration_since(said) >= SAID;
        let news = !allowed && said.is_none_or(long_ago);
        if all.len() < MOST || all.contains_key(&who) {
            let said = if news { Some(now) } else { said };
            let at = now;
            all.insert(who, Bucket { left, at, said });
        }
        turn(allowed, left, news)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{MOST, Rate, SAID, Who};

    /// Of an account or an address.
    const BURST: f64 = 600.0;
    const PER_SECOND: f64 = 10.0;

    #[test]
    fn who_asks_too_much_waits_alone_and_not_for_long() {
        let (rate, now) = (Rate::default(), Instant::now());
        let one = Who::Account(1);
        let count = |who, at| {
            (0..2_000)
                .take_while(|_| rate.take(who, at).allowed)
                .count()
        };
        assert_eq!(count(one, now), BURST as usize);
        assert_eq!(count(one, now), 0);
        for other in [
            Who::Account(2),
            Who::Place(None),
            Who::Place("192.0.2.1".parse().ok()),
        ] {
            assert!(rate.take(other, now).allowed, "{other:?}");
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
    fn a_flood_is_told_once_a_minute() {
        let (rate, now) = (Rate::default(), Instant::now());
        let one = Who::Account(1);
        let news = |at| (0..2_000).filter(|_| rate.take(one, at).news).count();
        assert_eq!(news(now), 1);
        assert_eq!(news(now + Duration::from_secs(59)), 0);
        assert_eq!(news(now + SAID), 1);
    }

    #[test]
    fn many_addresses_do_not_fill_the_memory() {
        let (rate, now) = (Rate::default(), Instant::now());
        for number in 0..MOST as i64 + 9 {
            assert!(rate.take(Who::Account(number), now).allowed);
        }
        assert_eq!(rate.0.lock().unwrap().len(), MOST);
        assert!(
            rate.take(Who::Account(-1), now + Duration::from_secs(1))
                .allowed
        );
        assert_eq!(rate.0.lock().unwrap().len(), 1);
    }
}
