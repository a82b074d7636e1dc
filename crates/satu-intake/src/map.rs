//! Map files: how a file of any layout fits the standard.
//!
//! ```toml
//! kind = "data_utama"
//! date_format = "DD/MM/YY"
//! [columns]
//! nip = "NIP BARU PEG"
//! [constants]
//! instansi_induk = "Pemerintah Kota Contoh"
//! [values.jenis_kelamin]
//! "Laki" = "L"
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use satu_domain::Kind;
use serde::Deserialize;

/// Largest map file, in bytes.
const LARGEST: u64 = 1 << 20;

/// A map file, checked against the standard.
#[derive(Debug, Clone, Default)]
pub struct MapFile {
    /// The kind of the rows, where the map says it.
    pub kind: Option<Kind>,
    /// Our column and the header that holds it.
    pub columns: BTreeMap<String, String>,
    /// Our column and the value that every row has.
    pub constants: BTreeMap<String, String>,
    /// Our column, and for each of its values in the file the value to take.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// How dates are written.
    pub(crate) dates: Option<DateFormat>,
}

/// Why a map file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// The file system said no.
    #[error("the map {path} cannot be read: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not TOML, or a key that maps do not have.
    #[error("the map is not well formed: {0}")]
    Toml(String),
    /// No such kind.
    #[error("the map's kind {name:?} is none of {}", Kind::ALL.map(Kind::name).join(", "))]
    Kind {
        /// The name.
        name: String,
    },
    /// No such column.
    #[error("the map's [{section}] names {column:?}, which is no column of {kind}")]
    Column {
        /// Which part of the map.
        section: &'static str,
        /// The name.
        column: String,
        /// The kind meant, or "the standard" where the map names none.
        kind: &'static str,
    },
    /// A date format that cannot be read.
    #[error("the map's date_format {0:?} is not made of DD, MM or MMM, and YY or YYYY, once each")]
    DateFormat(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: Option<String>,
    date_format: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
}

impl MapFile {
    /// Reads a map file.
    pub fn read(path: &Path) -> Result<MapFile, MapError> {
        let io = |source| MapError::Io {
            path: path.to_owned(),
            source,
        };
        if std::fs::metadata(path).map_err(io)?.len() > LARGEST {
            return Err(io(std::io::ErrorKind::FileTooLarge.into()));
        }
        MapFile::parse(&std::fs::read_to_string(path).map_err(io)?)
    }

    /// Reads a map from its text.
    pub fn parse(text: &str) -> Result<MapFile, MapError> {
        let text = text.trim_start_matches('\u{feff}');
        let written: Written = toml::from_str(text).map_err(|e| MapError::Toml(e.to_string()))?;
        let kind = match written.kind {
            Some(name) => Some(Kind::from_name(&name).ok_or(MapError::Kind { name })?),
            None => None,
        };
        let known = |column: &str| match kind {
            Some(kind) => kind.position(column).is_some(),
            None => Kind::ALL.iter().any(|k| k.position(column).is_some()),
        };
        let named = [
            ("columns", written.columns.keys().collect::<Vec<_>>()),
            ("constants", written.constants.keys().collect()),
            ("values", written.values.keys().collect()),
        ];
        for (section, names) in named {
            if let Some(column) = names.into_iter().find(|name| !known(name)) {
                return Err(MapError::Column {
                    section,
                    column: column.clone(),
                    kind: kind.map_or("the standard", Kind::name),
                });
            }
        }
        let dates = match written.date_format {
            Some(text) => Some(DateFormat::parse(&text).ok_or(MapError::DateFormat(text))?),
            None => None,
        };
        Ok(MapFile {
            kind,
            columns: written.columns,
            constants: written.constants,
            values: written.values,
            dates,
        })
    }
}

/// The order of day, month and year; what stands between them is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateFormat {
    order: [Part; 3],
    short_year: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
}

/// Month names, Indonesian first, then English where it differs.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb", "peb"],
    &["mar"],
    &["apr"],
    &["mei", "may"],
    &["jun"],
    &["jul"],
    &["agu", "agt", "aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov", "nop"],
    &["des", "dec"],
];

impl DateFormat {
    fn parse(text: &str) -> Option<DateFormat> {
        let upper = text.to_uppercase();
        let day = upper.find("DD")?;
        let month = upper.find("MM")?;
        let year = upper.find("YY")?;
        let mut order = [(day, Part::Day), (month, Part::Month), (year, Part::Year)];
        order.sort_unstable_by_key(|(at, _)| *at);
        let count = |letter: char| upper.matches(letter).count();
        let fits = count('D') == 2 && (2..=4).contains(&count('M')) && matches!(count('Y'), 2 | 4);
        fits.then(|| DateFormat {
            order: order.map(|(_, part)| part),
            short_year: count('Y') == 2,
        })
    }

    /// The date as `YYYY-MM-DD`; none where the text does not fit, and it is then left as it stands.
    ///
    /// A year of two digits is taken as 1930 to 2029: nobody born before 1930 serves.
    pub(crate) fn read(self, text: &str) -> Option<String> {
        let mut parts = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty());
        let solid: [&str; 3];
        let parts: [&str; 3] = match (parts.next()?, parts.next(), parts.next()) {
            (a, Some(b), Some(c)) => [a, b, c],
            (all, None, None) if all.bytes().all(|b| b.is_ascii_digit()) => {
                let mut rest = all;
                let mut cut = [""; 3];
                for (part, place) in self.order.iter().zip(&mut cut) {
                    let width = if *part == Part::Year && !self.short_year {
                        4
                    } else {
                        2
                    };
                    (*place, rest) = rest.split_at_checked(width)?;
                }
                solid = cut;
                if !rest.is_empty() {
                    return None;
                }
                solid
            }
            _ => return None,
        };
        let (mut year, mut month, mut day) = (0u16, 0u8, 0u8);
        for (part, text) in self.order.iter().zip(parts) {
            match part {
                Part::Day => day = text.parse().ok()?,
                Part::Month => month = text.parse().ok().or_else(|| month_named(text))?,
                Part::Year if text.len() == 2 => {
                    let short: u16 = text.parse().ok()?;
                    year = if short < 30 {
                        2000 + short
                    } else {
                        1900 + short
                    };
                }
                Part::Year => year = text.parse().ok()?,
            }
        }
        ((1..=31).contains(&day) && (1..=12).contains(&month))
            .then(|| format!("{year:04}-{month:02}-{day:02}"))
    }
}

fn month_named(text: &str) -> Option<u8> {
    let lower = text.to_lowercase();
    let at = MONTHS
        .iter()
        .position(|names| names.iter().any(|name| lower.starts_with(name)))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_the_map_says() {
        let read = |format: &str, text: &str| DateFormat::parse(format).unwrap().read(text);
        let want = Some("1985-03-07".to_owned());
        assert_eq!(read("DD/MM/YY", "07/03/85"), want);
        assert_eq!(read("DD/MM/YYYY", "7/3/1985"), want);
        assert_eq!(read("DD MMM YYYY", "7 Maret 1985"), want);
        assert_eq!(read("YYYYMMDD", "19850307"), want);
        assert_eq!(read("MM-DD-YYYY", "03-07-1985"), want);
        assert_eq!(read("DD/MM/YYYY", "kemarin"), None);
        assert_eq!(read("DDMMYY", "0703855"), None);
        assert_eq!(read("DD/MM/YYYY", "7/13/1985"), None);
        for format in ["", "DD/MM", "hari", "DD/MM/YYYYY"] {
            assert_eq!(DateFormat::parse(format), None, "{format}");
        }
    }

    #[test]
    fn what_is_no_map_is_named() {
        let refused = |text: &str| MapFile::parse(text).err().unwrap().to_string();
        assert!(refused("kind = \"gaji\"").contains("gaji"));
        assert!(refused("[columns]\nnipp = \"X\"").contains("nipp"));
        assert!(refused("kind = \"golongan\"\n[constants]\nagama = \"1\"").contains("golongan"));
        assert!(refused("[kolom]\n").contains("kolom"));
        assert!(refused("date_format = \"hari\"").contains("hari"));
    }
}
