//! Made-up people with typing mistakes, in the shape of the FEBRL sets; and what a result is worth.

use std::collections::HashMap;

/// A small random generator (splitmix), the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.draw() % count as u64) as usize
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        ((self.draw() >> 11) as f64) < probability * (1u64 << 53) as f64
    }

    pub fn word(&mut self) -> String {
        let syllables = [
            "ka", "ri", "mo", "ten", "sa", "lu", "bar", "ni", "do", "wes", "pa", "gi",
        ];
        let count = 2 + self.below(2);
        (0..count)
            .map(|_| syllables[self.below(syllables.len())])
            .collect()
    }
}

/// Rows in the order of the FEBRL specification's fields, and whose each is.
pub fn people(count: usize, seed: u64) -> (Vec<Vec<String>>, Vec<usize>) {
    let mut random = Random::new(seed);
    let mut rows = Vec::new();
    let mut truth = Vec::new();
    let suburbs: Vec<(String, usize)> = (0..60)
        .map(|_| (random.word(), 2000 + random.below(7000)))
        .collect();
    for person in 0..count {
        let (suburb, postcode) = suburbs[random.below(suburbs.len())].clone();
        let own = vec![
            format!("{} {}", random.word(), random.word()),
            (1 + random.below(200)).to_string(),
            format!("{} street", random.word()),
            random.word(),
            suburb,
            postcode.to_string(),
            ["nsw", "vic", "qld", "wa"][random.below(4)].to_owned(),
            format!(
                "{}{:02}{:02}",
                1920 + random.below(80),
                1 + random.below(12),
                1 + random.below(28)
            ),
            format!("{:07}", random.below(10_000_000)),
        ];
        let copies = random.below(4);
        for _ in 0..copies {
            let mut copy = own.clone();
            for _ in 0..=random.below(4) {
                let at = random.below(copy.len());
                copy[at] = spoil(&mut random, &copy[at]);
            }
            rows.push(copy);
            truth.push(person);
        }
        rows.push(own);
        truth.push(person);
    }
    (rows, truth)
}

fn spoil(random: &mut Random, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.is_empty() || random.chance(0.15) {
        return String::new();
    }
    let at = random.below(letters.len());
    match random.below(4) {
        0 => letters[at] = (b'0' + random.below(10) as u8) as char,
        1 => {
            letters.remove(at);
        }
        2 if at > 0 => letters.swap(at - 1, at),
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

/// How good a clustering is, by pairs.
pub struct Worth {
    pub precision: f64,
    pub recall: f64,
    pub both: f64,
}

/// Pairwise precision and recall of clusters.
pub fn f1(clusters: &[u32], truth: &[usize]) -> Worth {
    fn pairs<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> f64 {
        let mut counts: HashMap<K, f64> = HashMap::new();
        for key in keys {
            *counts.entry(key).or_default() += 1.0;
        }
        counts
            .values()
            .map(|count| count * (count - 1.0) / 2.0)
            .sum()
    }
    let both = pairs(clusters.iter().zip(truth));
    let precision = both / pairs(clusters.iter());
    let recall = both / pairs(truth.iter());
    Worth {
        precision,
        recall,
        both: 2.0 * precision * recall / (precision + recall),
    }
}
