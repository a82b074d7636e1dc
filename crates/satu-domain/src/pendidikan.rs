//! Tingkat pendidikan: level of formal education.

/// Level of education with the codes BKN's `pendidikan` list refers to, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TingkatPendidikan {
    /// Sekolah Dasar (05).
    Sd,
    /// SLTP (10) and SLTP Kejuruan (12).
    Sltp,
    /// SLTA (15), SLTA Kejuruan (17), SLTA Keguruan (18).
    Slta,
    /// Diploma I (20).
    D1,
    /// Diploma II (25).
    D2,
    /// Diploma III / sarjana muda (30).
    D3,
    /// Diploma IV (35).
    D4,
    /// S-1 / sarjana (40).
    S1,
    /// S-2 (45).
    S2,
    /// S-3 / doktor (50).
    S3,
}

impl TingkatPendidikan {
    /// The one written form of a level by its code or one of its names. Vocational schools (12, 17, 18) are
    /// levels of their own with BKN: these stay as they are said, as does what is no level.
    pub fn written(text: &str) -> Option<&'static str> {
        use TingkatPendidikan::{D1, D2, D3, D4, S1, S2, S3, Sd, Slta, Sltp};
        let general = |code: &str, names: [&str; 3]| {
            let text = text.trim();
            text == code || names.iter().any(|name| text.eq_ignore_ascii_case(name))
        };
        Some(match TingkatPendidikan::parse(text)? {
            Sd => "SD",
            Sltp if general("10", ["SLTP", "SMP", "MTS"]) => "SLTP",
            Slta if general("15", ["SLTA", "SMA", "MA"]) => "SLTA",
            Sltp | Slta => return None,
            D1 => "D-I",
            D2 => "D-II",
            D3 => "D-III",
            D4 => "D-IV",
            S1 => "S-1",
            S2 => "S-2",
            S3 => "S-3",
        })
    }

    /// Reads a code or one of the names in use; dashes, dots, spaces and case do not matter.
    pub fn parse(text: &str) -> Option<TingkatPendidikan> {
        use TingkatPendidikan::{D1, D2, D3, D4, S1, S2, S3, Sd, Slta, Sltp};
        let mut buffer = [0u8; 16];
        let mut length = 0;
        for byte in text
            .bytes()
            .filter(|b| !matches!(b, b'-' | b'.' | b' ' | b'/'))
        {
            *buffer.get_mut(length)? = byte.to_ascii_uppercase();
            length += 1;
        }
        Some(match &buffer[..length] {
            b"05" | b"5" | b"SD" | b"SEKOLAHDASAR" => Sd,
            b"10" | b"12" | b"SLTP" | b"SMP" | b"MTS" | b"SLTPKEJURUAN" => Sltp,
            b"15" | b"17" | b"18" | b"SLTA" | b"SMA" | b"SMK" | b"MA" | b"SLTAKEJURUAN"
            | b"SLTAKEGURUAN" => Slta,
            b"20" | b"D1" | b"DI" | b"DIPLOMAI" => D1,
            b"25" | b"D2" | b"DII" | b"DIPLOMAII" => D2,
            b"30" | b"D3" | b"DIII" | b"DIPLOMAIII" | b"SARJANAMUDA" | b"DIPLOMAIIISARJA" => D3,
            b"35" | b"D4" | b"DIV" | b"DIPLOMAIV" => D4,
            b"40" | b"S1" | b"S1SARJANA" | b"SARJANA" | b"S1D4" => S1,
            b"45" | b"S2" | b"MAGISTER" => S2,
            b"50" | b"S3" | b"DOKTOR" | b"S3DOKTOR" => S3,
            _ => return None,
        })
    }

    /// Start rank and ceiling of regular promotion as PNS codes (PP 99/2000 with PP 12/2002).
    pub fn regular_span(self) -> (u8, u8) {
        use TingkatPendidikan::{D1, D2, D3, D4, S1, S2, S3, Sd, Slta, Sltp};
        match self {
            Sd => (11, 21),
            Sltp => (13, 23),
            Slta | D1 => (21, 32),
            D2 => (22, 32),
            D3 => (23, 33),
            D4 | S1 => (31, 34),
            S2 => (32, 41),
            S3 => (33, 42),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TingkatPendidikan as T;

    #[test]
    fn reads_codes_and_names() {
        for (text, want) in [
            ("40", T::S1),
            ("S-1", T::S1),
            ("S1/D4", T::S1),
            ("D-III", T::D3),
            ("sma", T::Slta),
            ("05", T::Sd),
        ] {
            assert_eq!(T::parse(text), Some(want), "{text}");
        }
        for text in ["", "41", "S-4", "kursus menjahit yang sangat panjang"] {
            assert_eq!(T::parse(text), None, "{text}");
        }
    }

    #[test]
    fn higher_education_never_starts_lower() {
        let all = [
            T::Sd,
            T::Sltp,
            T::Slta,
            T::D1,
            T::D2,
            T::D3,
            T::D4,
            T::S1,
            T::S2,
            T::S3,
        ];
        assert!(
            all.windows(2)
                .all(|w| w[0].regular_span() <= w[1].regular_span())
        );
    }
}
