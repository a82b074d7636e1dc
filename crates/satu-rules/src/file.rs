//! What the reader of a file finds before any rule can see a row.

use crate::Severity;

/// A rule that the reader holds a row of any kind to; a breach is a finding like any other.
#[derive(Debug)]
pub struct FileRule {
    /// Stable id; never reused.
    pub id: &'static str,
    /// How grave a breach is.
    pub severity: Severity,
    /// What is wrong and what to do, in Indonesian.
    pub message_id: &'static str,
    /// The same in English.
    pub message_en: &'static str,
    /// What it rests on.
    pub source: &'static str,
}

impl FileRule {
    /// More or fewer cells than the header.
    pub const RAGGED: FileRule = FileRule {
        id: "BR-001",
        severity: Severity::Error,
        message_id: "Jumlah sel baris ini tidak sama dengan kepala tabel: cari pemisah di dalam nilai tanpa tanda kutip, atau baris yang terpotong.",
        message_en: "This row has more or fewer cells than the header: look for a separator inside an unquoted value, or a line broken in two.",
        source: "RFC 4180 section 2",
    };

    /// A line that is no JSON object.
    pub const NOT_AN_OBJECT: FileRule = FileRule {
        id: "BR-002",
        severity: Severity::Error,
        message_id: "Baris ini bukan objek JSON: tulis satu objek utuh pada setiap baris.",
        message_en: "This line is no JSON object: write one whole object on each line.",
        source: "RFC 8259 section 4",
    };

    /// A number of more digits than a spreadsheet keeps.
    pub const DIGITS_LOST: FileRule = FileRule {
        id: "BR-003",
        severity: Severity::Error,
        message_id: "Excel menyimpan nomor ini sebagai bilangan dan angka akhirnya hilang: format kolom sebagai teks lalu isi ulang.",
        message_en: "Excel keeps this number as a quantity and has lost its last digits: format the column as text and enter it again.",
        source: "IEEE 754: 15 digits",
    };

    /// A formula that failed.
    pub const FORMULA_FAILED: FileRule = FileRule {
        id: "BR-004",
        severity: Severity::Error,
        message_id: "Rumus di sel ini gagal: isi dengan nilainya.",
        message_en: "The formula in this cell failed: enter the value itself.",
        source: "ECMA-376 part 1, 18.18.11",
    };

    /// A character that no text holds.
    pub const NUL: FileRule = FileRule {
        id: "BR-005",
        severity: Severity::Error,
        message_id: "Baris ini memuat karakter kosong (U+0000) yang bukan teks: simpan ulang berkas sebagai CSV UTF-8 atau XLSX.",
        message_en: "This row holds a null character (U+0000), which is no text: save the file anew as CSV UTF-8 or XLSX.",
        source: "Unicode 16.0 section 23.1",
    };

    /// All of them, by id.
    pub const ALL: [FileRule; 5] = [
        FileRule::RAGGED,
        FileRule::NOT_AN_OBJECT,
        FileRule::DIGITS_LOST,
        FileRule::FORMULA_FAILED,
        FileRule::NUL,
    ];
}
