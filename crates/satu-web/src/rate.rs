//! How fast one account, or one address without an account, may ask: enough for anyone who reads,
//! too little to copy the register page by page or to keep the site busy.
//!
//! Each has a bucket of requests that fills again by the second. Work that is dearer has bounds of
//! its own: signing in ([`crate::slow`]), uploads ([`crate::uploads`]), hashing ([`crate::password`]).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Instant;

/// Requests at once.
const BURST: f64 = 600.0;
/// Requests a second after that.
const PER_SECOND: f64 = 10.0;
/// Most buckets remembered.
const MOST: usize = 20_000;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Somebody who is signed in, from wherever.
    Account(i64),
    /// Nobody who is signed in, from an address.
    Place(Option<IpAddr>),
}

/// What is left in each bucket, and when that was so.
#[derive(Default)]
pub struct Rate(Mutex<HashMap<Who, (f64, Instant)>>);

fn filled((left, at): (f64, Instant), now: Instant) -> f64 {
    let since = now.saturating_duration_since(at).as_secs_f64();
    (left + since * PER_SECOND).min(BURST)
}

impl Rate {
    /// Takes a request out of a bucket; whether there was one.
    pub fn allows(&self, who: Who, now: Instant) -> bool {
        let Ok(mut all) = self.0.lock() else {
            return false;
        };
        if all.len() >= MOST && !all.contains_key(&who) {
            all.retain(|_, bucket| filled(*bucket, now) < BURST);
        }
        let before = all.get(&who).map_or(BURST, |bucket| filled(*bucket, now));
        let allowed = before >= 1.0;
        if all.len() < MOST || all.contains_key(&who) {
            all.insert(who, (if allowed { before - 1.0 } else { before }, now));
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{BURST, MOST, PER_SECOND, Rate, Who};

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
