//! Which header means which column.

use satu_domain::Kind;

/// Common headers, folded (letters and digits only, lower case), and the column they mean.
const SYNONYMS: &[(&str, &str)] = &[
    ("nipbaru", "nip"),
    ("nomorindukpegawai", "nip"),
    ("noktp", "nik"),
    ("nomorktp", "nik"),
    ("namalengkap", "nama"),
    ("namapegawai", "nama"),
    ("tgllahir", "tanggal_lahir"),
    ("tmplahir", "tempat_lahir"),
    ("tmptlahir", "tempat_lahir"),
    ("jk", "jenis_kelamin"),
    ("lp", "jenis_kelamin"),
    ("kelamin", "jenis_kelamin"),
    ("statusperkawinan", "status_kawin"),
    ("namaibu", "nama_ibu_kandung"),
    ("ibukandung", "nama_ibu_kandung"),
    ("nohp", "nomor_hp"),
    ("telepon", "nomor_hp"),
    ("nonpwp", "npwp"),
    ("bpjs", "nomor_bpjs"),
    ("statuspegawai", "jenis_pegawai"),
    ("golruang", "golongan"),
    ("gol", "golongan"),
    ("golonganruang", "golongan"),
    ("golruangakhir", "golongan"),
    ("tmtgol", "tmt_golongan"),
    ("tmtgolakhir", "tmt_golongan"),
    ("mkth", "masa_kerja_tahun"),
    ("mktahun", "masa_kerja_tahun"),
    ("mkbln", "masa_kerja_bulan"),
    ("mkbulan", "masa_kerja_bulan"),
    ("namajabatan", "jabatan"),
    ("pendidikanterakhir", "pendidikan"),
    ("thlulus", "tahun_lulus"),
    ("unitkerja", "unor"),
    ("skpd", "unor"),
    ("opd", "unor"),
    ("instansi", "instansi_kerja"),
];

fn fold(header: &str) -> String {
    header
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What was taken for what.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The kind of the rows.
    pub kind: Kind,
    /// For each column of the kind, where it stands in the file.
    pub(crate) places: Vec<Option<usize>>,
    /// The file's headers.
    pub headers: Vec<String>,
    /// Headers taken for nothing; kept, not checked.
    pub unknown: Vec<String>,
}

impl Mapping {
    /// Finds the kind whose columns the headers name best; the earlier kind wins a draw.
    ///
    /// Returns the two headers and the column where two headers mean one column, and none of either
    /// where no header is known.
    pub(crate) fn recognise(
        headers: Vec<String>,
    ) -> Result<Mapping, Option<(&'static str, String, String)>> {
        let mut best: Option<(usize, Kind)> = None;
        for kind in Kind::ALL {
            let known = headers
                .iter()
                .filter(|h| column_of(kind, h).is_some())
                .count();
            if known > best.map_or(0, |(most, _)| most) {
                best = Some((known, kind));
            }
        }
        let (_, kind) = best.ok_or(None)?;
        let mut places = vec![None; kind.columns().len()];
        let mut unknown = Vec::new();
        for (at, header) in headers.iter().enumerate() {
            let Some(column) = column_of(kind, header) else {
                unknown.push(header.clone());
                continue;
            };
            if let Some(first) = places[column] {
                let first: &String = &headers[first];
                return Err(Some((
                    kind.columns()[column],
                    first.clone(),
                    header.clone(),
                )));
            }
            places[column] = Some(at);
        }
        Ok(Mapping {
            kind,
            places,
            headers,
            unknown,
        })
    }

    /// The positions of the columns that the file has.
    pub fn present(&self) -> impl Iterator<Item = usize> {
        self.places
            .iter()
            .enumerate()
            .filter_map(|(column, place)| place.map(|_| column))
    }

    /// Our column and the header taken for it.
    pub fn taken(&self) -> Vec<(String, String)> {
        let pair = |(column, place): (usize, &Option<usize>)| {
            place.map(|at| {
                (
                    self.kind.columns()[column].to_owned(),
                    self.headers[at].clone(),
                )
            })
        };
        self.places.iter().enumerate().filter_map(pair).collect()
    }
}

fn column_of(kind: Kind, header: &str) -> Option<usize> {
    let folded = fold(header);
    kind.columns()
        .iter()
        .position(|column| fold(column) == folded)
        .or_else(|| {
            let (_, column) = SYNONYMS.iter().find(|(synonym, _)| *synonym == folded)?;
            kind.position(column)
        })
}
