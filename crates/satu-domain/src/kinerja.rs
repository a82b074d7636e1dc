//! Assessment of performance.

/// How a work result or a behaviour stands to what was expected (PermenPANRB 6/2022; BKN code list
/// `nilai_perilaku_dan_hasil`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ekspektasi {
    /// Above (code 1).
    DiAtas,
    /// At (code 2).
    Sesuai,
    /// Below (code 3).
    DiBawah,
}

impl Ekspektasi {
    /// Reads a code, or the words as the regulation or as the code list spells them (`DIATAS
    /// ESPEKTASI`), in any case.
    pub fn parse(text: &str) -> Option<Ekspektasi> {
        let is = |word: &&str| {
            let letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
            letters
                .map(|byte| byte.to_ascii_uppercase())
                .eq(word.bytes())
        };
        if ["1", "DIATASEKSPEKTASI", "DIATASESPEKTASI"].iter().any(is) {
            Some(Ekspektasi::DiAtas)
        } else if ["2", "SESUAIEKSPEKTASI", "SESUAIESPEKTASI"].iter().any(is) {
            Some(Ekspektasi::Sesuai)
        } else if ["3", "DIBAWAHEKSPEKTASI", "DIBAWAHESPEKTASI"]
            .iter()
            .any(is)
        {
            Some(Ekspektasi::DiBawah)
        } else {
            None
        }
    }

    /// Its code in the list.
    pub fn code(self) -> &'static str {
        match self {
            Ekspektasi::DiAtas => "1",
            Ekspektasi::Sesuai => "2",
            Ekspektasi::DiBawah => "3",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ekspektasi::{self, DiAtas, DiBawah, Sesuai};

    #[test]
    fn expectations_read_by_code_and_by_either_spelling() {
        for (text, meant) in [
            ("1", Some(DiAtas)),
            ("Di Atas Ekspektasi", Some(DiAtas)),
            ("DIATAS ESPEKTASI", Some(DiAtas)),
            ("sesuai  ekspektasi", Some(Sesuai)),
            ("SESUAI ESPEKTASI", Some(Sesuai)),
            ("dibawah ekspektasi", Some(DiBawah)),
            ("Di Bawah Espektasi", Some(DiBawah)),
            ("4", None),
            ("Ekspektasi", None),
            ("", None),
        ] {
            assert_eq!(Ekspektasi::parse(text), meant, "{text}");
        }
        for one in [DiAtas, Sesuai, DiBawah] {
            assert_eq!(Ekspektasi::parse(one.code()), Some(one));
        }
    }
}
