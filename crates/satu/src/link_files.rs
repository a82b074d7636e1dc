//! `satu link-files`: the linkage engine on any files; no database.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use satu_linkage::{Constraints, Linked, Pair, Records, Spec, link};

use crate::{Failure, print};

/// Find which rows of any files speak of the same person.
#[derive(clap::Args)]
pub struct Args {
    /// What to link and how: a TOML file; `specs/asn.toml` and `specs/febrl.toml` are examples.
    #[arg(long)]
    spec: PathBuf,
    /// Where to write the clusters: CSV with `file,row_id,cluster_id`.
    #[arg(long)]
    out: PathBuf,
    /// Where to write the pairs: CSV with both rows, the weight in bits and the probability.
    #[arg(long)]
    pairs: Option<PathBuf>,
    /// Print one JSON document, with the learnt model.
    #[arg(long)]
    json: bool,
    /// The files: CSV with a header row; comma, semicolon or tab.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Rows read and numbered together.
const BATCH: usize = 16_384;

/// Reads, links, writes.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = std::fs::read_to_string(&args.spec)
        .map_err(|error| failure(&args.spec, &error, "Give a specification with --spec."))?;
    let spec = Spec::parse(&text).map_err(|error| {
        let hint = "specs/asn.toml and specs/febrl.toml show every setting.";
        failure(&args.spec, &error, hint)
    })?;
    let mut records = Records::new(&spec);
    let mut rows = Rows::default();
    for path in &args.files {
        read(path, &spec, &mut records, &mut rows)?;
    }
    let linked = link(&records, &spec, &Constraints::default(), None);
    let hint = "Choose another place for --out or --pairs.";
    write_clusters(&args.out, &args.files, &rows, &linked)
        .map_err(|error| failure(&args.out, &error, hint))?;
    if let Some(path) = &args.pairs {
        write_pairs(path, &args.files, &rows, &linked)
            .map_err(|error| failure(path, &error, hint))?;
    }
    tell(args, &rows, &linked);
    Ok(ExitCode::SUCCESS)
}

fn failure(path: &Path, error: &dyn std::error::Error, hint: &str) -> Failure {
    let mut failure = Failure::new(error, hint);
    failure.message = format!("{}: {}", path.display(), failure.message);
    failure
}

/// Which file each record came from and what its row is called.
#[derive(Default)]
struct Rows {
    /// Per file, the number of records up to its end.
    file_ends: Vec<u32>,
    /// Names of the rows of files with a `row_id` column, one behind the other.
    names: String,
    name_ends: Vec<u64>,
    /// Per file, how many rows were named before it, and whether its own are.
    named: Vec<(usize, bool)>,
}

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

/// Cells of many rows, one behind the other: no allocation per cell.
#[derive(Default)]
struct Batch {
    text: String,
    ends: Vec<usize>,
    rows: usize,
}

impl Batch {
    fn cell(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }
}

fn read(path: &Path, spec: &Spec, records: &mut Records, rows: &mut Rows) -> Result<(), Failure> {
    let unreadable = "Check that the file is there and is CSV with a header row.";
    let file = File::open(path).map_err(|error| failure(path, &error, unreadable))?;
    let mut input = BufReader::with_capacity(1 << 18, file);
    let start = input
        .fill_buf()
        .map_err(|error| failure(path, &error, unreadable))?;
    if start.starts_with(b"PAR1") || start.starts_with(b"PK") {
        return Err(Failure {
            message: format!("{}: not a CSV file", path.display()),
            hint: "Export it as CSV first.".to_owned(),
        });
    }
    if start.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    let separator = sniff(input.buffer());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_reader(input);
    let headers: Vec<String> = reader
        .byte_headers()
        .map_err(|error| failure(path, &error, unreadable))?
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim().to_lowercase())
        .collect();
    let place = |name: &str| {
        headers
            .iter()
            .position(|header| *header == name.to_lowercase())
    };
    let places: Vec<Vec<usize>> = spec
        .fields()
        .iter()
        .map(|field| {
            field
                .columns()
                .iter()
                .filter_map(|name| place(name))
                .collect()
        })
        .collect();
    if places.iter().all(Vec::is_empty) {
        return Err(Failure {
            message: format!(
                "{}: none of its columns is in the specification",
                path.display()
            ),
            hint: format!(
                "The file has: {}. The specification reads: {}.",
                headers.join(", "),
                spec.fields()
                    .iter()
                    .flat_map(|field| field.columns())
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        });
    }
    let names = place("row_id");
    rows.named.push((rows.name_ends.len(), names.is_some()));
    let mut next = fill(&mut reader, &places, names, rows)
        .map_err(|error| failure(path, &error, unreadable))?;
    while next.rows > 0 {
        let batch = next;
        let width = places.len();
        let (read, ()) = rayon::join(
            || fill(&mut reader, &places, names, rows),
            || records.extend(batch.rows, |row, field| batch.cell(row * width + field)),
        );
        next = read.map_err(|error| failure(path, &error, unreadable))?;
    }
    rows.file_ends.push(records.len() as u32);
    Ok(())
}

fn fill<R: Read>(
    reader: &mut csv::Reader<R>,
    places: &[Vec<usize>],
    names: Option<usize>,
    rows: &mut Rows,
) -> Result<Batch, csv::Error> {
    let mut batch = Batch::default();
    let mut record = csv::ByteRecord::new();
    while batch.rows < BATCH && reader.read_byte_record(&mut record)? {
        for columns in places {
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    batch.text.push(' ');
                }
                push_text(&mut batch.text, record.get(*column).unwrap_or(b""));
            }
            batch.ends.push(batch.text.len());
        }
        if let Some(column) = names {
            push_text(&mut rows.names, record.get(column).unwrap_or(b""));
            rows.name_ends.push(rows.names.len() as u64);
        }
        batch.rows += 1;
    }
    Ok(batch)
}

fn push_text(text: &mut String, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(cell) => text.push_str(cell),
        Err(_) => text.push_str(&String::from_utf8_lossy(bytes)),
    }
}

/// The separator that the header row has most of.
fn sniff(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or(start);
    let count = |separator: u8| line.iter().filter(|byte| **byte == separator).count();
    [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
}

fn write_clusters(
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

fn write_pairs(
    path: &Path,
    files: &[PathBuf],
    rows: &Rows,
    linked: &Linked,
) -> std::io::Result<()> {
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

fn tell(args: &Args, rows: &Rows, linked: &Linked) {
    let records = linked.clusters.len();
    let clusters = linked
        .clusters
        .iter()
        .enumerate()
        .filter(|(record, cluster)| *record == **cluster as usize)
        .count();
    if args.json {
        let mut before = 0;
        let files: Vec<_> = args
            .files
            .iter()
            .zip(&rows.file_ends)
            .map(|(file, end)| {
                let count = end - before;
                before = *end;
                serde_json::json!({ "file": file.to_string_lossy(), "rows": count })
            })
            .collect();
        let document = serde_json::json!({
            "records": records,
            "clusters": clusters,
            "links": linked.links.len(),
            "review": linked.review.len(),
            "files": files,
            "blocking": linked.blocking,
            "model": linked.model,
        });
        print(&format!("{document}\n"));
        return;
    }
    let mut text = format!(
        "{records} rows = {clusters} persons; {} pairs linked, {} for a person to look at\n",
        linked.links.len(),
        linked.review.len()
    );
    for block in &linked.blocking {
        text.push_str(&format!(
            "  {}: {} pairs in {} groups",
            block.name, block.pairs, block.blocks
        ));
        if block.capped > 0 {
            text.push_str(&format!(", {} too large and split", block.capped));
        }
        text.push('\n');
    }
    print(&text);
}
