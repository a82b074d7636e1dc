//! How a file goes over a link that is slow or breaks: how much at once, and how often it is tried.

use std::time::Duration;

/// Bytes of a part: at first, and at least.
const PART: u64 = 4 << 20;
const LEAST: u64 = 256 << 10;
/// Times that it is tried again when nothing comes of it.
const AGAIN: u32 = 8;

/// The pace of a file.
pub struct Pace {
    part: u64,
    idle: u32,
}

impl Pace {
    /// At first.
    pub fn new() -> Pace {
        Pace {
            part: PART,
            idle: 0,
        }
    }

    /// Bytes of the next part.
    pub fn part(&self) -> u64 {
        self.part
    }

    /// More of the file is there than was.
    pub fn came(&mut self) {
        self.idle = 0;
    }

    /// A part had no answer in time, or is too large for what stands between, which may hand on whole ones
    /// alone: the next ones are smaller. False where they are no smaller than these.
    pub fn smaller(&mut self) -> bool {
        let before = self.part;
        self.part = (before / 2).max(LEAST);
        self.part < before
    }

    /// How long to wait before it is tried again; none where it was often enough.
    pub fn wait(&mut self) -> Option<Duration> {
        if self.idle == AGAIN {
            return None;
        }
        let wait = Duration::from_secs(1 << self.idle.min(5));
        self.idle += 1;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_forward_is_not_given_up_and_what_is_late_goes_in_smaller_parts() {
        let mut pace = Pace::new();
        for _ in 0..100 {
            assert_eq!(pace.wait(), Some(Duration::from_secs(1)));
            pace.smaller();
            pace.came();
        }
        assert_eq!(pace.part(), LEAST);
        assert!(!pace.smaller());
        let waits: Vec<_> = std::iter::from_fn(|| pace.wait()).collect();
        assert_eq!(waits.len(), 8);
        assert!(waits.is_sorted() && waits[7] == Duration::from_secs(32));
    }
}
