//! Code lists: the small ones that ship, and those a folder of CSV files adds.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

const CORE: [(&str, &str); 13] = [
    ("agama", include_str!("../../../reference/agama.csv")),
    ("eselon", include_str!("../../../reference/eselon.csv")),
    ("golongan", include_str!("../../../reference/golongan.csv")),
    (
        "jenis_diklat",
        include_str!("../../../reference/jenis_diklat.csv"),
    ),
    (
        "jenis_hukuman",
        include_str!("../../../reference/jenis_hukuman.csv"),
    ),
    (
        "jenis_jabatan",
        include_str!("../../../reference/jenis_jabatan.csv"),
    ),
    (
        "jenis_kenaikan_pangkat",
        include_str!("../../../reference/jenis_kenaikan_pangkat.csv"),
    ),
    (
        "jenis_pegawai",
        include_str!("../../../reference/jenis_pegawai.csv"),
    ),
    (
        "kedudukan_hukum",
        include_str!("../../../reference/kedudukan_hukum.csv"),
    ),
    (
        "kuadran_kinerja",
        include_str!("../../../reference/kuadran_kinerja.csv"),
    ),
    (
        "nilai_perilaku_dan_hasil",
        include_str!("../../../reference/nilai_perilaku_dan_hasil.csv"),
    ),
    (
        "penghargaan",
        include_str!("../../../reference/penghargaan.csv"),
    ),
    (
        "status_kawin",
        include_str!("../../../reference/status_kawin.csv"),
    ),
];

/// Longest code or name that is looked up, in bytes; a longer cell is in no list.
const LONGEST: usize = 256;

/// The columns that hold the name of a code, as the lists of the national service have them.
const NAMES: [&str; 4] = ["nama", "jenis", "detail_layanan_nama", "jabatan"];

/// Code lists by name; a value is looked up by code or by name, in any case.
#[derive(Debug, Default)]
pub struct CodeLists {
    lists: FxHashMap<String, FxHashSet<String>>,
}

/// Why a code list could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum CodeListError {
    /// The folder or a file cannot be read.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is no code list.
    #[error("{path} is not a code list: {source}")]
    NoList {
        /// Which.
        path: PathBuf,
        /// Why.
        source: NoCodeList,
    },
}

/// Why a text is no code list.
#[derive(Debug, thiserror::Error)]
pub enum NoCodeList {
    /// Not CSV, or not UTF-8.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The columns are others than those of a code list.
    #[error(
        "its first column must be id, and one of the others {}; its columns are {}",
        NAMES.join(" or "),
        shown(headers)
    )]
    Headers {
        /// The columns there are.
        headers: Vec<String>,
    },
    /// A header and nothing below it.
    #[error("it has no code")]
    NoCode,
}

/// The first headers, shortened: whatever file this is, the message fits a screen.
fn shown(headers: &[String]) -> String {
    let few = headers.iter().take(8);
    let mut text = few
        .map(|header| header.chars().take(30).collect())
        .collect::<Vec<String>>()
        .join(", ");
    if headers.len() > 8 {
        text += ", ...";
    }
    text
}

impl CodeLists {
    /// The CSV text of each list that ships with the product, by name.
    pub fn shipped() -> &'static [(&'static str, &'static str)] {
        &CORE
    }

    /// The lists that ship with the product.
    pub fn core() -> CodeLists {
        let mut lists = CodeLists::default();
        for (name, text) in CORE {
            // The shipped files are well formed: `every_core_list_reads` holds them to it.
            let _ = lists.add(name, text.as_bytes());
        }
        lists
    }

    /// Adds every `*.csv` of a folder; a list of the same name is replaced. Returns each name with
    /// its file.
    pub fn load_dir(&mut self, folder: &Path) -> Result<Vec<(String, PathBuf)>, CodeListError> {
        let io = |path: &Path, source| CodeListError::Io {
            path: path.to_owned(),
            source,
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|e| io(folder, e))? {
            let path = entry.map_err(|e| io(folder, e))?.path();
            if path
                .extension()
                .is_none_or(|e| !e.eq_ignore_ascii_case("csv"))
            {
                continue;
            }
            let Some(name) = path.file_stem().and_then(|n| n.to_str()) else {
                continue;
            };
            let file = std::fs::File::open(&path).map_err(|e| io(&path, e))?;
            self.add(name, std::io::BufReader::new(file))
                .map_err(|source| CodeListError::NoList {
                    path: path.clone(),
                    source,
                })?;
            names.push((name.to_owned(), path));
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The codes of a list and what each stands for, from its CSV text: the code in the first column,
    /// `id`, the name in the column `nama` (some lists call it otherwise).
    pub fn rows(text: impl std::io::Read) -> Result<Vec<(String, String)>, NoCodeList> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
        let headers: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let called = NAMES
            .iter()
            .find_map(|name| headers.iter().position(|header| header == name));
        let (Some("id"), Some(at)) = (headers.first().map(String::as_str), called) else {
            return Err(NoCodeList::Headers { headers });
        };
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record?;
            let cell = |at: usize| record.get(at).unwrap_or_default().trim().to_owned();
            rows.push((cell(0), cell(at)));
        }
        Ok(rows)
    }

    /// Adds a list from its CSV text. A list of the same name is replaced.
    pub fn add(&mut self, name: &str, text: impl std::io::Read) -> Result<(), NoCodeList> {
        let mut values = FxHashSet::default();
        for (code, name) in CodeLists::rows(text)? {
            values.extend([code.to_uppercase(), name.to_uppercase()]);
        }
        values.remove("");
        if values.is_empty() {
            return Err(NoCodeList::NoCode);
        }
        self.lists.insert(name.to_owned(), values);
        Ok(())
    }

    /// Whether a value is a code or a name of the list; true where the list is not loaded.
    pub fn allows(&self, list: &str, value: &str) -> bool {
        let Some(values) = self.lists.get(list) else {
            return true;
        };
        if value.is_ascii() && value.len() <= LONGEST {
            let mut buffer = [0u8; LONGEST];
            let upper = &mut buffer[..value.len()];
            upper.copy_from_slice(value.as_bytes());
            upper.make_ascii_uppercase();
            std::str::from_utf8(upper).is_ok_and(|text| values.contains(text))
        } else {
            values.contains(&value.to_uppercase())
        }
    }

    /// Whether the list is loaded.
    pub fn has(&self, list: &str) -> bool {
        self.lists.contains_key(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_core_list_reads() {
        for (name, text) in CORE {
            let mut lists = CodeLists::default();
            lists.add(name, text.as_bytes()).unwrap();
            assert!(lists.lists[name].len() >= 3, "{name}");
        }
    }

    #[test]
    fn what_is_no_code_list_is_refused_with_its_headers() {
        let refused = |text: &str| {
            let error = CodeLists::default().add("x", text.as_bytes());
            error.err().unwrap().to_string()
        };
        assert!(refused("nip,nama\n1,Contoh\n").contains("nip, nama"));
        assert!(refused("id,kode\n1,2\n").contains("id, kode"));
        assert!(refused("nama,id\nContoh,1\n").contains("must be id"));
        assert!(refused("id;nama\n1;Contoh\n").contains("id;nama"));
        assert!(refused("").contains("must be id"));
        assert!(refused("id,nama\n,\n").contains("no code"));
        assert!(refused(&"panjang,".repeat(1_000)).len() < 400);
        let mut lists = CodeLists::default();
        for text in ["\u{feff}id,lain,nama\n7,8,Tujuh\n", "id,jenis\n7,Tujuh\n"] {
            lists.add("x", text.as_bytes()).unwrap();
            assert!(lists.allows("x", "7") && lists.allows("x", "tujuh"));
            assert!(!lists.allows("x", "8"));
        }
    }

    #[test]
    fn a_value_is_found_by_code_and_by_name() {
        let lists = CodeLists::core();
        assert!(lists.allows("agama", "1") && lists.allows("agama", "islam"));
        assert!(!lists.allows("agama", "Jedi") && !lists.allows("agama", ""));
        assert!(lists.allows("instansi", "a list that is not loaded allows everything"));
    }
}
