//! `satu link-files`: the linkage engine on any files; no database.

mod read;
mod write;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use satu_linkage::{Constraints, Linked, Model, Records, Spec, link};

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
    /// Use this model, kept by `--save-model`, and learn nothing.
    #[arg(long)]
    model: Option<PathBuf>,
    /// Where to keep the model used: JSON.
    #[arg(long)]
    save_model: Option<PathBuf>,
    /// Print one JSON document, with the learnt model.
    #[arg(long)]
    json: bool,
    /// The files: CSV with a header row (comma, semicolon or tab), or Parquet.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Reads, links, writes.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = std::fs::read_to_string(&args.spec)
        .map_err(|error| failure(&args.spec, &error, "Give a specification with --spec."))?;
    let spec = Spec::parse(&text).map_err(|error| {
        let hint = "specs/asn.toml and specs/febrl.toml show every setting.";
        failure(&args.spec, &error, hint)
    })?;
    let model = args
        .model
        .as_deref()
        .map(|path| stored_model(path, &spec))
        .transpose()?;
    let began = Instant::now();
    let mut records = Records::new(&spec);
    let mut rows = Rows::default();
    for path in &args.files {
        read::read(path, &spec, &mut records, &mut rows)?;
    }
    let read = began.elapsed().as_secs_f64();
    let linked = link(&records, &spec, &Constraints::default(), model.as_ref());
    let hint = "Choose another place to write to.";
    write::clusters(&args.out, &args.files, &rows, &linked)
        .map_err(|error| failure(&args.out, &error, hint))?;
    if let Some(path) = &args.pairs {
        write::pairs(path, &args.files, &rows, &linked)
            .map_err(|error| failure(path, &error, hint))?;
    }
    if let Some(path) = &args.save_model {
        let text = serde_json::to_string_pretty(&linked.model)
            .map_err(|error| failure(path, &error, hint))?;
        std::fs::write(path, text + "\n").map_err(|error| failure(path, &error, hint))?;
    }
    tell(args, &rows, &linked, read);
    Ok(ExitCode::SUCCESS)
}

/// A model kept by `--save-model`, if it was learnt for fields like these.
fn stored_model(path: &Path, spec: &Spec) -> Result<Model, Failure> {
    let hint = "Give with --model what --save-model wrote for the same specification.";
    let text = std::fs::read_to_string(path).map_err(|error| failure(path, &error, hint))?;
    let model: Model = serde_json::from_str(&text).map_err(|error| failure(path, &error, hint))?;
    if model.judges(spec) {
        Ok(model)
    } else {
        Err(Failure {
            message: format!(
                "{}: a model of other fields than the specification's, or learnt by an older version",
                path.display()
            ),
            hint: hint.to_owned(),
        })
    }
}

fn failure(path: &Path, error: &dyn std::error::Error, hint: &str) -> Failure {
    let mut failure = Failure::new(error, hint);
    failure.message = format!("{}: {}", path.display(), failure.message);
    failure
}

/// Which file each record came from and what its row is called.
#[derive(Default)]
pub struct Rows {
    /// Rows read so far.
    count: usize,
    /// Per file, the number of records up to its end.
    file_ends: Vec<u32>,
    /// Names of the rows of files with a `row_id` column, one behind the other.
    names: String,
    name_ends: Vec<u64>,
    /// Per file, how many rows were named before it, and whether its own are.
    named: Vec<(usize, bool)>,
}

fn tell(args: &Args, rows: &Rows, linked: &Linked, read: f64) {
    let seconds = linked.seconds;
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
            "seconds": {
                "read": read,
                "block": seconds.block,
                "learn": seconds.learn,
                "score": seconds.score,
                "cluster": seconds.cluster,
            },
            "model": linked.model,
        });
        print(&format!("{document}\n"));
        return;
    }
    print(&format!(
        "{records} rows = {clusters} persons; {} pairs linked, {} for a person to look at\n",
        linked.links.len(),
        linked.review.len()
    ));
    for block in &linked.blocking {
        print(&format!(
            "  {}: {} pairs in {} groups, {} too large and split\n",
            block.name, block.pairs, block.blocks, block.capped
        ));
    }
    print(&format!(
        "seconds: read {read:.1}, block {:.1}, learn {:.1}, score {:.1}, cluster {:.1}\n",
        seconds.block, seconds.learn, seconds.score, seconds.cluster
    ));
}
