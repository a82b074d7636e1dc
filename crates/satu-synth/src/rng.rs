//! A small generator of random numbers (SplitMix64, Steele, Lea and Flood 2014), the same on every machine.

/// A stream of numbers that depends on nothing but its seed.
#[derive(Clone)]
pub struct Rng(u64);

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream for one purpose about one person.
    pub fn new(seed: u64, index: u64, purpose: u64) -> Rng {
        Rng(mix(
            mix(seed ^ mix(purpose)).wrapping_add(index.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        ))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Below `limit`, which is not 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i16, high: i16) -> i16 {
        low + self.below((high - low + 1) as u64) as i16
    }

    /// True this often in a hundred thousand.
    pub fn chance(&mut self, per_100_000: u64) -> bool {
        self.below(100_000) < per_100_000
    }

    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len() as u64) as usize]
    }

    /// Picks the first of a list much more often than the last (the square of an even number).
    pub fn often<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        let length = list.len() as u64;
        let even = self.below(length * 1000);
        let at = u128::from(even) * u128::from(even) / u128::from(length) / 1_000_000;
        list[(at as usize).min(list.len() - 1)]
    }

    /// The place of a weighted list; weights need not sum to anything.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn the_stream_is_the_same_everywhere() {
        let mut a = Rng::new(1, 2, 3);
        let mut b = Rng::new(1, 2, 3);
        let first = a.next();
        assert_eq!(first, b.next());
        assert_ne!(first, Rng::new(1, 3, 3).next());
        assert!((0..1000).all(|_| a.below(7) < 7));
    }

    #[test]
    fn the_first_of_a_list_comes_most_often() {
        let mut rng = Rng::new(4, 0, 0);
        let list = ["a", "b", "c", "d"];
        let mut counts = [0; 4];
        for _ in 0..10_000 {
            let got = rng.often(&list);
            counts[list.iter().position(|x| *x == got).unwrap()] += 1;
        }
        assert!(counts[0] > counts[1] && counts[1] > counts[3] && counts[3] > 0);
    }
}
