//! `satu intake`: files into the ledger, by the same check as `satu check`.

use std::path::PathBuf;
use std::process::ExitCode;

use jiff::civil::Date;
use satu_domain::dates::today;
use satu_domain::resolve::SourceKind;
use satu_registry::check::Summary;
use satu_registry::intake::{Delivery, TakeInError, Taken, take_in_telling};
use satu_registry::reference::standard;
use satu_store::Scope;
use satu_store::entry::{Source, Way};
use serde_json::json;

use crate::check;
use crate::database::{Database, refused};
use crate::{Failure, print, reference};

/// Take files into the ledger. What is there already, to be read the same way, changes nothing unless something else
/// was said since. Exit code: 0 clean, 1 rows rejected, 2 unusable.
#[derive(clap::Args)]
pub struct Args {
    /// The code of the source that delivers.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    source: String,
    /// What kind of system a new source is.
    #[arg(long, value_parser = ["central", "agency", "payroll"], default_value = "agency")]
    source_kind: String,
    /// The agency that a new source belongs to, as written in `instansi_induk`.
    #[arg(long, default_value = "")]
    instansi: String,
    /// The day for which the source speaks (YYYY-MM-DD); else today in Jakarta.
    #[arg(long)]
    stated_on: Option<Date>,
    /// A map file (TOML): which header is which column, constants, values, date format.
    #[arg(long)]
    map: Option<PathBuf>,
    /// The sheet of a workbook; else the first.
    #[arg(long)]
    sheet: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
    /// The files: CSV, XLSX, Parquet or JSON lines.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Takes every file in, each whole or not at all.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let map = args.map.as_deref().map(std::fs::read_to_string).transpose();
    let map = map.map_err(|error| Failure {
        message: format!(
            "the map file {} cannot be read: {error}",
            args.map
                .iter()
                .map(|path| path.display().to_string())
                .collect::<String>()
        ),
        hint: "Check that it exists and may be read.".to_owned(),
    })?;
    args.database.with(async |store| {
        let standard = standard(&store, today())
            .await
            .map_err(|error| reference::failed(&error))?;
        let known = store
            .sources(&Scope::whole())
            .await
            .map_err(|error| refused(&error))?;
        let source = known
            .into_iter()
            .find(|source| source.code == args.source)
            .unwrap_or_else(|| Source {
                code: args.source.clone(),
                name: args.source.clone(),
                kind: SourceKind::from_name(&args.source_kind).unwrap_or(SourceKind::Agency),
                instansi: args.instansi.clone(),
            });
        let (mut files, mut worst) = (Vec::new(), 0);
        for path in &args.files {
            let delivery = Delivery {
                path: path.clone(),
                map: map.clone(),
                sheet: args.sheet.clone(),
                stated_on: args.stated_on,
                way: Way::File,
            };
            let bar = check::bar(path, args.json);
            let tell = |progress| check::advance(&bar, progress);
            let taken = take_in_telling(&store, &source, &delivery, &standard, &tell).await;
            bar.finish_and_clear();
            match taken {
                Ok(taken) => {
                    if let Taken::New(_, summary) = &taken {
                        worst = worst.max(u8::from(summary.errors > 0));
                    }
                    files.push(told(path, &taken, args.json));
                }
                Err(TakeInError::Store(error)) => return Err(refused(&error)),
                Err(error) => {
                    eprintln!("satu: {error}\n  {}", error.hint());
                    files.push(json!({ "file": path, "unusable": error.to_string() }));
                    worst = 2;
                }
            }
        }
        if args.json {
            print(&format!("{}\n", json!({ "files": files })));
        }
        Ok(ExitCode::from(worst))
    })
}

fn told(path: &std::path::Path, taken: &Taken, quiet: bool) -> serde_json::Value {
    match taken {
        Taken::New(id, summary) => {
            let summary: &Summary = summary;
            if !quiet {
                print(&check::told(summary, &[]));
                print(&format!("  taken into the ledger as submission {id}\n"));
            }
            json!({ "file": path, "submission": id, "already": false, "summary": summary })
        }
        Taken::Already(id) => {
            if !quiet {
                print(&format!(
                    "{}: this is in the ledger already (submission {id}) and stands; nothing changed\n",
                    path.display()
                ));
            }
            json!({ "file": path, "submission": id, "already": true })
        }
    }
}
