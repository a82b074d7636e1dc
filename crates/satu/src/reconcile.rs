//! `satu reconcile`: an agency's extract against its golden records.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use satu_domain::resolve::Reason;
use satu_intake::{MapFile, Options};
use satu_registry::reconcile::{
    Extract, Line, May, ReconcileError, ReconcileReport, Status, reconcile,
};
use satu_registry::report::ReportError;
use satu_store::Scope;
use serde_json::json;

use crate::database::{Database, refused};
use crate::unfinished::Whole;
use crate::{Failure, print};

/// Lines shown.
const SHOWN: usize = 20;

/// Hold an agency's extract against its golden records. Exit code: 0 they agree, 1 they differ, 2
/// unusable.
///
/// A row finds its person by NIP, else NIK, else old NIP. Nothing is recorded.
#[derive(clap::Args)]
pub struct Args {
    /// The file: CSV, XLSX, Parquet or JSON lines.
    file: PathBuf,
    /// The agency whose extract it is, as written in `instansi_induk`.
    #[arg(long, value_name = "NAME")]
    instansi: String,
    /// Write every line to a file ending in .xlsx, .csv or .json.
    #[arg(long)]
    report: Option<PathBuf>,
    /// A map file (TOML): which header is which column, constants, values, date format.
    #[arg(long)]
    map: Option<PathBuf>,
    /// The sheet of a workbook; else the first.
    #[arg(long)]
    sheet: Option<String>,
    /// Write NIK, contact and family values in full, and not masked.
    #[arg(long)]
    unmasked: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
}

/// Reconciles.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let map = args.map.as_deref().map(MapFile::read).transpose();
    let options = Options {
        map: map.map_err(|error| Failure::new(&error, "Correct the map file."))?,
        sheet: args.sheet.clone(),
        kind: None,
    };
    if let (Some(Ok(report)), Ok(file)) = (
        args.report.as_deref().map(std::path::Path::canonicalize),
        args.file.canonicalize(),
    ) && report == file
    {
        return Err(Failure {
            message: format!("the report would overwrite {}", file.display()),
            hint: "Choose another place for --report.".to_owned(),
        });
    }
    let no_report =
        |error: &ReportError| Failure::new(error, "Choose another place or ending for --report.");
    args.database.with_existing(async |store| {
        let mut report = args
            .report
            .as_deref()
            .map(|place| -> Result<_, ReportError> {
                let whole = Whole::at(place)?;
                let report = ReconcileReport::create(&whole.path())?;
                Ok((whole, report))
            })
            .transpose()
            .map_err(|error| no_report(&error))?;
        let mut shown = Vec::new();
        let extract = Extract {
            path: &args.file,
            options,
            agency: &args.instansi,
            may: May {
                sensitive: |_| false,
                open: true,
                shown: if args.unmasked {
                    |_, value| value.to_owned()
                } else {
                    |column, value| satu_web::masked(column, value).into_owned()
                },
            },
        };
        let sink = |line: &Line| -> Result<(), ReportError> {
            if line.status != Status::Same && shown.len() < SHOWN {
                shown.push(line.clone());
            }
            let report = report.as_mut();
            report.map_or(Ok(()), |(_, report)| report.line(line))
        };
        let done = reconcile(&store, &Scope::whole(), extract, sink).await;
        let done = done.map_err(|error| failed(&error))?;
        if let Some((whole, report)) = report {
            let finished = report.finish(&done);
            let put = finished.and_then(|()| Ok(whole.put()?));
            put.map_err(|error| no_report(&error))?;
        }
        if args.json {
            let told = json!({ "file": args.file, "instansi": args.instansi, "counts": done });
            print(&format!("{told}\n"));
        } else {
            print(&format!(
                "{} rows: {} same, {} different, {} only here, {} ambiguous, {} unreadable; {} only in the register\n",
                done.rows,
                done.same,
                done.different,
                done.only_here,
                done.ambiguous,
                done.unreadable,
                done.only_there
            ));
            for (field, count) in &done.by_field {
                print(&format!("  {field}  {count}\n"));
            }
            for line in &shown {
                print(&told(line));
            }
            let all = done.rows - done.same + done.only_there;
            if all > shown.len() as u64 {
                print("  ... --report writes every line\n");
            }
        }
        Ok(ExitCode::from(u8::from(!done.agrees())))
    })
}

fn failed(error: &ReconcileError<ReportError>) -> Failure {
    match error {
        ReconcileError::Store(error) => refused(error),
        ReconcileError::Intake(inner) => Failure::new(error, inner.hint()),
        ReconcileError::NoAgency(_) => Failure::new(
            error,
            "Write the agency as it stands in instansi_induk, for instance \"Pemerintah Kota Contoh\".",
        ),
        ReconcileError::Sink(_) => {
            Failure::new(error, "Choose another place or ending for --report.")
        }
    }
}

/// A line for people.
fn told(line: &Line) -> String {
    let row = line
        .row
        .map_or_else(String::new, |row| format!("row {row}, "));
    let mut text = format!("  {}: {row}{} {}", line.status.name(), line.nip, line.nama);
    if let Some(first) = line.first_row {
        let _ = write!(text, " (the person of row {first})");
    } else if line.status == Status::Ambiguous {
        let _ = write!(text, " (persons {:?})", line.persons);
    }
    text.push('\n');
    for one in &line.differences {
        let why = one.reason.map_or("nobody says it", |reason| match reason {
            Reason::Unopposed => "nobody says otherwise",
            Reason::Ruling => "an officer decided",
            Reason::Authority => "the field's authority",
            Reason::Agreement => "most sources",
            Reason::Recency => "said last",
            Reason::Tie => "a draw, by the alphabet",
        });
        let _ = writeln!(
            text,
            "    {}: {:?} here, {:?} there ({why}: {})",
            one.field,
            one.here,
            one.there,
            one.sources.join(", ")
        );
    }
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect()
}
