//! Makes one table of a country for benchmarks: `flatten COUNTRY OUT` reads every `data_utama` file
//! of a folder that `generate` wrote, whatever its layout, and writes `OUT/rows.csv` (`row_id` and
//! the identity columns as filed) and `OUT/truth.csv` (`row_id,file,person,fault`).

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{File, create_dir_all};
use std::io::BufWriter;
use std::path::Path;

use satu_domain::Kind;
use satu_domain::schema::data_utama as du;
use satu_intake::Options;

/// What tells a person.
const IDENTITY: [usize; 12] = [
    du::nip,
    du::nip_lama,
    du::nik,
    du::nama,
    du::tempat_lahir,
    du::tanggal_lahir,
    du::jenis_kelamin,
    du::nama_ibu_kandung,
    du::email,
    du::nomor_hp,
    du::npwp,
    du::tmt_cpns,
];

/// Of one file: the person and the faults' place in the list of labels, by row.
type Rows = BTreeMap<u64, (u64, usize)>;

/// The rows of each file, and the list of labels.
type Truth = (BTreeMap<String, Rows>, Vec<String>);

fn truth(country: &Path) -> Result<Truth, Box<dyn Error>> {
    let mut files: BTreeMap<String, Rows> = BTreeMap::new();
    let mut labels: Vec<String> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for row in satu_synth::read_truth(&country.join("truth.csv"))? {
        let row = row?;
        let label = *places.entry(row.fault).or_insert_with_key(|fault| {
            labels.push(fault.clone());
            labels.len() - 1
        });
        if let Some(rows) = files.get_mut(&row.file) {
            rows.insert(row.row, (row.person, label));
        } else {
            files.insert(row.file, Rows::from([(row.row, (row.person, label))]));
        }
    }
    Ok((files, labels))
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [country, out] = words.as_slice() else {
        return Err("usage: flatten COUNTRY OUT".into());
    };
    let (country, out) = (Path::new(country), Path::new(out));
    create_dir_all(out)?;
    let writer = |name: &str| -> Result<_, std::io::Error> {
        let file = BufWriter::with_capacity(1 << 18, File::create(out.join(name))?);
        Ok(csv::Writer::from_writer(file))
    };
    let (mut rows, mut answers) = (writer("rows.csv")?, writer("truth.csv")?);
    let columns = Kind::DataUtama.columns();
    rows.write_record(std::iter::once("row_id").chain(IDENTITY.map(|at| columns[at])))?;
    answers.write_record(["row_id", "file", "person", "fault"])?;
    let (files, labels) = truth(country)?;
    let mut number = 0u64;
    for (file, known) in &files {
        let options = Options {
            kind: Some(Kind::DataUtama),
            ..Options::default()
        };
        let mut reader = satu_intake::open(&country.join(file), &options)?;
        while let Some(row) = reader.next_row()? {
            let (person, label) = known
                .get(&row.number)
                .ok_or_else(|| format!("{file}, row {}: not in truth.csv", row.number))?;
            number += 1;
            let id = number.to_string();
            rows.write_record(std::iter::once(id.as_str()).chain(IDENTITY.map(|at| row.cell(at))))?;
            answers.write_record([&id, file, &person.to_string(), &labels[*label]])?;
        }
    }
    rows.flush()?;
    answers.flush()?;
    println!("{number} rows of {} files", files.len());
    Ok(())
}
