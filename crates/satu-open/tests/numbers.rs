//! Random numbers that are the same in every run, and populations made with them.

use jiff::civil::date;
use satu_open::population::Population;

pub struct Random(pub u64);

impl Random {
    /// A number below `most` (SplitMix64).
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }

    /// One of a list, the first ones more often.
    fn often<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let most = list.len() as u64;
        let at = self.below(most).min(self.below(most));
        list[at as usize]
    }
}

/// Governments: two of one province, and others.
const REGIONAL: [&str; 4] = [
    "PEMERINTAH KAB. BOGOR",
    "PEMERINTAH KOTA BANDUNG",
    "PEMERINTAH KOTA SURABAYA",
    "PEMERINTAH KOTA JAYAPURA",
];

/// Persons of some agencies, of sizes that differ much: central ones with persons in several provinces, and
/// regional governments in one each.
pub fn population(seed: u64, agencies: u64, persons: u64) -> Population {
    let mut random = Random(seed);
    let mut population = Population::new(date(2026, 11, 25));
    for _ in 0..persons {
        let number = random.below(agencies).min(random.below(agencies));
        let agency = match REGIONAL.get(number as usize / 2) {
            Some(name) if number % 2 == 1 => (*name).to_owned(),
            _ => format!("BADAN CONTOH {number}"),
        };
        let kind = random.often(&["PNS", "PPPK", "PNS", "CPNS"]);
        let rank = if kind == "PPPK" {
            random.often(&["IX", "VII", "X", "V", "I"])
        } else {
            random.often(&[
                "III/a", "III/b", "III/c", "II/c", "IV/a", "II/a", "I/b", "IV/e",
            ])
        };
        let born = format!("{}-03-04", 1960 + random.below(45));
        population.count(&[
            "AKTIF",
            random.often(&["P", "L"]),
            &agency,
            kind,
            rank,
            &born,
            random.often(&["S-1", "S-2", "D-III", "SLTA", "S-3", "SD"]),
            random.often(&["FUNGSIONAL", "PELAKSANA", "STRUKTURAL"]),
            random.often(&[
                "JAKARTA",
                "KOTA BANDUNG",
                "Surabaya",
                "",
                "Kab. Sleman",
                "Medan",
            ]),
        ]);
    }
    population
}
