//! Extracts on disk: CSV in several dialects, and workbooks.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use satu_domain::Kind;
use satu_domain::schema::data_utama as du;

use crate::SynthError;

/// How a source writes its file.
pub struct Dialect {
    pub separator: u8,
    pub bom: bool,
    pub windows: bool,
    /// 0 `YYYY-MM-DD`, 1 `DD-MM-YYYY`, 2 `DD/MM/YYYY`.
    pub dates: u64,
    pub own_headers: bool,
    pub columns: Vec<usize>,
}

fn own_header(column: &str) -> &str {
    match column {
        "nip" => "NIP Baru",
        "nik" => "No KTP",
        "nama" => "Nama Lengkap",
        "tanggal_lahir" => "Tgl Lahir",
        "tempat_lahir" => "Tmp Lahir",
        "jenis_kelamin" => "JK",
        "golongan" => "Gol/Ruang",
        "tmt_golongan" => "TMT Gol",
        "jabatan" => "Nama Jabatan",
        "unor" => "Unit Kerja",
        "nomor_hp" => "No HP",
        "nama_ibu_kandung" => "Nama Ibu",
        other => other,
    }
}

enum Body {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Workbook>),
}

/// A file being written; a workbook stays in memory until it is finished.
pub struct Output {
    pub path: PathBuf,
    pub rows: u64,
    dialect: Dialect,
    body: Body,
}

fn xlsx(path: &Path) -> impl Fn(rust_xlsxwriter::XlsxError) -> SynthError {
    let path = path.to_owned();
    move |source| SynthError::Workbook {
        path: path.clone(),
        source: Box::new(source),
    }
}

pub fn csv_error(path: &Path) -> impl Fn(csv::Error) -> SynthError {
    let path = path.to_owned();
    move |source| SynthError::Csv {
        path: path.clone(),
        source,
    }
}

impl Output {
    pub fn create(
        path: PathBuf,
        kind: Kind,
        dialect: Dialect,
        workbook: bool,
    ) -> Result<Output, SynthError> {
        let io = |source| SynthError::Io {
            path: path.clone(),
            source,
        };
        let body = if workbook {
            let mut book = Workbook::new();
            let day = ExcelDateTime::from_ymd(2025, 1, 1).map_err(xlsx(&path))?;
            book.set_properties(&DocProperties::new().set_creation_datetime(&day));
            book.add_worksheet();
            Body::Xlsx(Box::new(book))
        } else {
            let mut file = BufWriter::with_capacity(1 << 16, File::create(&path).map_err(io)?);
            if dialect.bom {
                file.write_all("\u{feff}".as_bytes()).map_err(io)?;
            }
            Body::Csv(Box::new(
                csv::WriterBuilder::new()
                    .delimiter(dialect.separator)
                    .from_writer(file),
            ))
        };
        let names: Vec<String> = dialect
            .columns
            .iter()
            .map(|c| kind.columns()[*c])
            .map(|n| {
                if dialect.own_headers {
                    own_header(n)
                } else {
                    n
                }
                .to_owned()
            })
            .collect();
        let mut output = Output {
            path,
            rows: 0,
            dialect,
            body,
        };
        output.put(&names)?;
        Ok(output)
    }

    fn put(&mut self, cells: &[String]) -> Result<(), SynthError> {
        self.rows += 1;
        match &mut self.body {
            Body::Csv(writer) if self.dialect.windows => {
                let bytes = |cell: &String| {
                    cell.chars()
                        .map(|c| match c {
                            '–' => 0x96,
                            c => u8::try_from(c as u32).unwrap_or(b'?'),
                        })
                        .collect::<Vec<u8>>()
                };
                writer
                    .write_record(cells.iter().map(bytes))
                    .map_err(csv_error(&self.path))
            }
            Body::Csv(writer) => writer.write_record(cells).map_err(csv_error(&self.path)),
            Body::Xlsx(book) => {
                let sheet = book.worksheet_from_index(0).map_err(xlsx(&self.path))?;
                for (at, cell) in cells
                    .iter()
                    .enumerate()
                    .filter(|(_, cell)| !cell.is_empty())
                {
                    sheet
                        .write_string(self.rows as u32 - 1, at as u16, cell)
                        .map_err(xlsx(&self.path))?;
                }
                Ok(())
            }
        }
    }

    /// Writes a row whose cells stand in the standard's order; returns its number (the header is 1).
    pub fn row(&mut self, cells: &[String]) -> Result<u64, SynthError> {
        let dates = [
            du::tanggal_lahir,
            du::tmt_cpns,
            du::tmt_pns,
            du::tmt_golongan,
            du::tmt_jabatan,
        ];
        let written: Vec<String> = self
            .dialect
            .columns
            .iter()
            .map(|column| {
                let cell = &cells[*column];
                match (self.dialect.dates, cell.len()) {
                    (1 | 2, 10) if cells.len() == 37 && dates.contains(column) => {
                        let mark = if self.dialect.dates == 1 { '-' } else { '/' };
                        format!("{}{mark}{}{mark}{}", &cell[8..], &cell[5..7], &cell[..4])
                    }
                    _ => cell.clone(),
                }
            })
            .collect();
        self.put(&written)?;
        Ok(self.rows)
    }

    /// Puts everything on disk.
    pub fn finish(&mut self) -> Result<(), SynthError> {
        match &mut self.body {
            Body::Csv(writer) => writer.flush().map_err(|source| SynthError::Io {
                path: self.path.clone(),
                source,
            }),
            Body::Xlsx(book) => book.save(&self.path).map_err(xlsx(&self.path)),
        }
    }
}
