//! Golongan: rank of a PNS (PP 99/2000, 12/2002) and grade of a PPPK (Perpres 98/2020, 11/2024).

use std::fmt;

/// A rank. PNS ranks order from I/a to IV/e; PPPK grades from I to XVII. The two scales do not
/// compare with each other, so `Golongan` has no order of its own: use [`Golongan::pns_code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Golongan {
    /// Golongan 1-4 and ruang 1-5 (`a`-`e`).
    Pns {
        /// 1 to 4.
        golongan: u8,
        /// 1 to 4, or to 5 in golongan IV.
        ruang: u8,
    },
    /// Grade 1 to 17.
    Pppk(u8),
}

const ROMAN: [&str; 17] = [
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV",
    "XVI", "XVII",
];

impl Golongan {
    /// Reads `III/a`, `III-a`, `IIIa`, `3a`, the code `31`, or a PPPK grade `IX`, in any case.
    ///
    /// A bare Arabic number is a PNS code, never a PPPK grade.
    pub fn parse(text: &str) -> Option<Golongan> {
        let bytes = text.as_bytes();
        if bytes.len() == 2 && bytes.iter().all(u8::is_ascii_digit) {
            return Golongan::pns(bytes[0] - b'0', bytes[1] - b'0');
        }
        if let Some(grade) = ROMAN
            .iter()
            .position(|roman| roman.eq_ignore_ascii_case(text))
        {
            return Some(Golongan::Pppk(grade as u8 + 1));
        }
        let (last, head) = bytes.split_last()?;
        let ruang = last.to_ascii_lowercase();
        if !(b'a'..=b'e').contains(&ruang) {
            return None;
        }
        let head = text
            .get(..head.len())?
            .trim_end_matches(['/', '-', '.', ' ']);
        let golongan = ROMAN[..4]
            .iter()
            .position(|roman| roman.eq_ignore_ascii_case(head))
            .map(|at| at as u8 + 1)
            .or_else(|| head.parse().ok())?;
        Golongan::pns(golongan, ruang - b'a' + 1)
    }

    fn pns(golongan: u8, ruang: u8) -> Option<Golongan> {
        let top = if golongan == 4 { 5 } else { 4 };
        ((1..=4).contains(&golongan) && (1..=top).contains(&ruang))
            .then_some(Golongan::Pns { golongan, ruang })
    }

    /// The code of a PNS rank, 11 to 45; the codes order as the ranks do.
    pub fn pns_code(self) -> Option<u8> {
        match self {
            Golongan::Pns { golongan, ruang } => Some(golongan * 10 + ruang),
            Golongan::Pppk(_) => None,
        }
    }

    /// Whether the rank is a PPPK grade.
    pub fn is_pppk(self) -> bool {
        matches!(self, Golongan::Pppk(_))
    }
}

impl fmt::Display for Golongan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Golongan::Pns { golongan, ruang } => {
                let letter = char::from(b'a' + ruang - 1);
                write!(f, "{}/{letter}", ROMAN[usize::from(*golongan) - 1])
            }
            Golongan::Pppk(grade) => f.write_str(ROMAN[usize::from(*grade) - 1]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Golongan;
    use proptest::prelude::*;

    #[test]
    fn reads_each_way_a_rank_is_written() {
        let want = Golongan::Pns {
            golongan: 3,
            ruang: 1,
        };
        for text in [
            "III/a", "iii/A", "III-a", "IIIa", "III a", "3a", "3/a", "31",
        ] {
            assert_eq!(Golongan::parse(text), Some(want), "{text}");
        }
        assert_eq!(Golongan::parse("IX"), Some(Golongan::Pppk(9)));
        assert_eq!(
            Golongan::parse("IV/e").and_then(Golongan::pns_code),
            Some(45)
        );
    }

    #[test]
    fn refuses_ranks_that_do_not_exist() {
        for text in [
            "", "III/e", "V/a", "XVIII", "15", "46", "9", "III/f", "a", "/a", "é",
        ] {
            assert_eq!(Golongan::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_rank_round_trips() {
        let mut count = 0;
        for code in 0..100 {
            if let Some(rank) = Golongan::parse(&format!("{code:02}")) {
                assert_eq!(Golongan::parse(&rank.to_string()), Some(rank));
                assert_eq!(rank.pns_code(), Some(code));
                count += 1;
            }
        }
        // 17 ranks: PP 99/2000, lampiran.
        assert_eq!(count, 17);
        for grade in 1..=17 {
            let rank = Golongan::Pppk(grade);
            assert_eq!(Golongan::parse(&rank.to_string()), Some(rank));
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,12}") {
            let _ = Golongan::parse(&text);
        }
    }
}
