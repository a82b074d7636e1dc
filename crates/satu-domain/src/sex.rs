//! Sex as Indonesian personnel files write it.

use serde::{Deserialize, Serialize};

/// Jenis kelamin: `L` (laki-laki, man) or `P` (perempuan, woman).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sex {
    /// Laki-laki.
    #[serde(rename = "L")]
    Man,
    /// Perempuan.
    #[serde(rename = "P")]
    Woman,
}

impl Sex {
    /// Reads the codes and words in use: `L`/`P`, `M`/`F`, `1`/`2`, and the words of both
    /// languages, in any case.
    pub fn parse(text: &str) -> Option<Sex> {
        const MAN: [&str; 7] = ["L", "M", "1", "LAKI-LAKI", "LAKI LAKI", "PRIA", "MALE"];
        const WOMAN: [&str; 6] = ["P", "F", "2", "PEREMPUAN", "WANITA", "FEMALE"];
        let is = |word: &&str| word.eq_ignore_ascii_case(text);
        if MAN.iter().any(is) {
            Some(Sex::Man)
        } else if WOMAN.iter().any(is) {
            Some(Sex::Woman)
        } else {
            None
        }
    }

    /// The standard's one-letter code.
    pub fn code(self) -> &'static str {
        match self {
            Sex::Man => "L",
            Sex::Woman => "P",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sex;

    #[test]
    fn reads_each_code_in_use() {
        for text in ["L", "l", "M", "1", "Pria", "laki-laki"] {
            assert_eq!(Sex::parse(text), Some(Sex::Man), "{text}");
        }
        for text in ["P", "f", "2", "WANITA", "Perempuan"] {
            assert_eq!(Sex::parse(text), Some(Sex::Woman), "{text}");
        }
        for text in ["", "3", "X", "Laki"] {
            assert_eq!(Sex::parse(text), None, "{text}");
        }
    }
}
