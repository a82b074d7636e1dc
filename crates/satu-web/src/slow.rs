//! Guessing slowed: each failure of a login from an address makes that login wait from that
//! address, and nobody else.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Failures that cost nothing: fingers slip.
const FREE: u32 = 4;
/// The longest wait.
const LONGEST: Duration = Duration::from_mins(15);
/// A failure this old is forgotten.
const FORGOTTEN: Duration = Duration::from_hours(1);
/// Most pairs remembered; an attacker with more logins than this is slowed by the hashing alone.
const MOST: usize = 20_000;

type Failures = HashMap<(String, Option<IpAddr>), (u32, Instant)>;

/// Who failed how often, and when last.
#[derive(Default)]
pub struct Slow(Mutex<Failures>);

fn wait(failures: u32) -> Duration {
    if failures <= FREE {
        return Duration::ZERO;
    }
    Duration::from_secs(1 << (failures - FREE).min(10)).min(LONGEST)
}

impl Slow {
    /// How long a login must still wait at an address.
    pub fn left(&self, login: &str, from: Option<IpAddr>, now: Instant) -> Duration {
        let Ok(all) = self.0.lock() else {
            return LONGEST;
        };
        all.get(&(login.to_owned(), from))
            .map_or(Duration::ZERO, |(failures, last)| {
                (*last + wait(*failures)).saturating_duration_since(now)
            })
    }

    /// Remembers a failure.
    pub fn failed(&self, login: &str, from: Option<IpAddr>, now: Instant) {
        let Ok(mut all) = self.0.lock() else { return };
        if all.len() >= MOST {
            all.retain(|_, (_, last)| now.saturating_duration_since(*last) < FORGOTTEN);
        }
        if all.len() >= MOST {
            return;
        }
        let one = all.entry((login.to_owned(), from)).or_insert((0, now));
        if now.saturating_duration_since(one.1) >= FORGOTTEN {
            one.0 = 0;
        }
        *one = (one.0.saturating_add(1), now);
    }

    /// Forgets the failures of somebody who got in.
    pub fn succeeded(&self, login: &str, from: Option<IpAddr>) {
        if let Ok(mut all) = self.0.lock() {
            all.remove(&(login.to_owned(), from));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    use super::{FORGOTTEN, FREE, LONGEST, MOST, Slow};

    #[test]
    fn a_guesser_waits_longer_each_time_and_alone() {
        let (slow, now) = (Slow::default(), Instant::now());
        let here: Option<IpAddr> = "192.0.2.1".parse().ok();
        let there: Option<IpAddr> = "192.0.2.2".parse().ok();
        for _ in 0..FREE {
            slow.failed("satu", here, now);
            assert_eq!(slow.left("satu", here, now), Duration::ZERO);
        }
        for seconds in [2, 4, 8] {
            slow.failed("satu", here, now);
            assert_eq!(slow.left("satu", here, now), Duration::from_secs(seconds));
        }
        assert_eq!(slow.left("satu", there, now), Duration::ZERO);
        assert_eq!(slow.left("dua", here, now), Duration::ZERO);
        assert_eq!(
            slow.left("satu", here, now + Duration::from_secs(8)),
            Duration::ZERO
        );
        for _ in 0..50 {
            slow.failed("satu", here, now);
        }
        assert_eq!(slow.left("satu", here, now), LONGEST);
        slow.failed("satu", here, now + FORGOTTEN);
        assert_eq!(slow.left("satu", here, now + FORGOTTEN), Duration::ZERO);
        for _ in 0..=FREE {
            slow.failed("satu", here, now);
        }
        slow.succeeded("satu", here);
        assert_eq!(slow.left("satu", here, now), Duration::ZERO);
    }

    #[test]
    fn a_flood_of_logins_does_not_fill_the_memory() {
        let (slow, now) = (Slow::default(), Instant::now());
        for number in 0..=MOST {
            slow.failed(&number.to_string(), None, now);
        }
        assert_eq!(slow.0.lock().unwrap().len(), MOST);
        slow.failed("late", None, now + FORGOTTEN);
        assert_eq!(slow.0.lock().unwrap().len(), 1);
    }
}
