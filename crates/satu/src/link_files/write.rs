//! What linking found, as CSV.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use satu_linkage::{Linked, Pair};

use super::Rows;

impl Rows {
    fn write(&self, files: &[PathBuf], record: u32, out: &mut impl Write) -> std::io::Result<()> {
        let file = self.file_ends.partition_point(|end| *end <= record);
        let start = if file == 0 {
            0
        } else {
            self.file_ends[file - 1]
        };
        write_cell(&files[file].to_string_lossy(), out)?;
        out.write_all(b",")?;
        let at = (record - start) as usize;
        let (before, named) = self.named[file];
        if named {
            let at = before + at;
            let from = if at == 0 {
                0
            } else {
                self.name_ends[at - 1] as usize
            };
            write_cell(&self.names[from..self.name_ends[at] as usize], out)
        } else {
            write!(out, "{}", at + 1)
        }
    }
}

fn write_cell(text: &str, out: &mut impl Write) -> std::io::Result<()> {
    if text.contains([',', '"', '\n', '\r']) {
        write!(out, "\"{}\"", text.replace('"', "\"\""))
    } else {
        out.write_all(text.as_bytes())
    }
}

/// `file,row_id,cluster_id`, in the order read.
pub fn clusters(
    path: &Path,
    files: &[PathBuf],
    rows: &Rows,
    linked: &Linked,
) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
    out.write_all(b"file,row_id,cluster_id\n")?;
    for (record, cluster) in linked.clusters.iter().enumerate() {
        rows.write(files, record as u32, &mut out)?;
        writeln!(out, ",{cluster}")?;
    }
    out.flush()
}

/// Both rows, the weight in bits and the probability, in the order read.
pub fn pairs(path: &Path, files: &[PathBuf], rows: &Rows, linked: &Linked) -> std::io::Result<()> {
    let mut pairs: Vec<&Pair> = linked.links.iter().chain(&linked.review).collect();
    pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
    let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
    out.write_all(b"file_a,row_id_a,file_b,row_id_b,weight,probability\n")?;
    for pair in pairs {
        rows.write(files, pair.a, &mut out)?;
        out.write_all(b",")?;
        rows.write(files, pair.b, &mut out)?;
        writeln!(out, ",{:.3},{:.6}", pair.weight, pair.probability)?;
    }
    out.flush()
}
