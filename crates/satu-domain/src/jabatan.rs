//! Kinds of position, of employment, and of legal state.

/// Jenis jabatan (UU 20/2023 art. 13; BKN code list `jenis_jabatan`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JenisJabatan {
    /// Structural: JPT, administrator, pengawas (code 1).
    Struktural,
    /// Functional (code 2).
    Fungsional,
    /// Pelaksana, formerly "fungsional umum" (code 4).
    Pelaksana,
}

impl JenisJabatan {
    /// Reads a code or one of the names in use, in any case.
    pub fn parse(text: &str) -> Option<JenisJabatan> {
        let is = |word: &&str| word.eq_ignore_ascii_case(text);
        if [
            "1",
            "Struktural",
            "Jabatan Struktural",
            "JPT",
            "Administrator",
            "Pengawas",
            "Manajerial",
        ]
        .iter()
        .any(is)
        {
            Some(JenisJabatan::Struktural)
        } else if [
            "2",
            "Fungsional",
            "Fungsional Tertentu",
            "Jabatan Fungsional",
            "Jabatan Fungsional Tertentu",
            "JF",
            "JFT",
        ]
        .iter()
        .any(is)
        {
            Some(JenisJabatan::Fungsional)
        } else if [
            "4",
            "Pelaksana",
            "Jabatan Pelaksana",
            "Fungsional Umum",
            "Jabatan Fungsional Umum",
            "JFU",
        ]
        .iter()
        .any(is)
        {
            Some(JenisJabatan::Pelaksana)
        } else {
            None
        }
    }
}

/// Kind of employment (UU 20/2023 art. 5): PNS, its probation CPNS, or PPPK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JenisPegawai {
    /// Permanent civil servant.
    Pns,
    /// Civil servant on probation.
    Cpns,
    /// Employed under a work agreement.
    Pppk,
}

impl JenisPegawai {
    /// Reads the short words; the long names of the code list are looked up there.
    pub fn parse(text: &str) -> Option<JenisPegawai> {
        let is = |word: &str| word.eq_ignore_ascii_case(text);
        if is("PNS") {
            Some(JenisPegawai::Pns)
        } else if is("CPNS") {
            Some(JenisPegawai::Cpns)
        } else if is("PPPK") || is("P3K") || is("PPPK Paruh Waktu") {
            Some(JenisPegawai::Pppk)
        } else {
            None
        }
    }
}

/// Kedudukan hukum: legal state, a two-digit code 01 to 99 (BKN code list `kedudukan_hukum`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KedudukanHukum(u8);

impl KedudukanHukum {
    /// In active service.
    pub const AKTIF: KedudukanHukum = KedudukanHukum(1);
    /// Reached retirement age (BUP).
    pub const BUP: KedudukanHukum = KedudukanHukum(98);
    /// Pensioned.
    pub const PENSIUN: KedudukanHukum = KedudukanHukum(99);

    /// Reads a code of one or two digits, or the words `Aktif` and `Pensiun`.
    pub fn parse(text: &str) -> Option<KedudukanHukum> {
        if text.eq_ignore_ascii_case("aktif") {
            return Some(KedudukanHukum::AKTIF);
        }
        if text.eq_ignore_ascii_case("pensiun") {
            return Some(KedudukanHukum::PENSIUN);
        }
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits
            .then(|| text.parse().ok())
            .flatten()
            .filter(|code| *code > 0)
            .map(KedudukanHukum)
    }

    /// The code, 1 to 99.
    pub fn code(self) -> u8 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_position_read_by_code_and_name() {
        assert_eq!(JenisJabatan::parse("1"), Some(JenisJabatan::Struktural));
        assert_eq!(
            JenisJabatan::parse("jabatan fungsional tertentu"),
            Some(JenisJabatan::Fungsional)
        );
        assert_eq!(JenisJabatan::parse("4"), Some(JenisJabatan::Pelaksana));
        assert_eq!(JenisJabatan::parse("3"), None);
    }

    #[test]
    fn kinds_of_employment_read() {
        assert_eq!(JenisPegawai::parse("pns"), Some(JenisPegawai::Pns));
        assert_eq!(JenisPegawai::parse("P3K"), Some(JenisPegawai::Pppk));
        assert_eq!(JenisPegawai::parse("honorer"), None);
    }

    #[test]
    fn legal_states_read_by_code() {
        assert_eq!(KedudukanHukum::parse("01"), Some(KedudukanHukum::AKTIF));
        assert_eq!(KedudukanHukum::parse("1"), Some(KedudukanHukum::AKTIF));
        assert_eq!(KedudukanHukum::parse("99"), Some(KedudukanHukum::PENSIUN));
        assert_eq!(KedudukanHukum::parse("00"), None);
        assert_eq!(KedudukanHukum::parse("100"), None);
    }
}
