//! `satu check`: files against the data standard; no database.

use std::path::PathBuf;
use std::process::ExitCode;

use jiff::civil::Date;
use satu_registry::check::{CheckError, Event, Summary, check_file};
use satu_registry::report::Report;
use satu_rules::{CodeLists, CrossRow, Standard};

use crate::{Failure, print};

/// Hold files against the data standard.
#[derive(clap::Args)]
pub struct Args {
    /// Write the findings to a file ending in .xlsx (a marked copy), .csv or .json.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// The files: CSV.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Today, where this machine stands.
pub fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}

/// Checks every file; the exit code says the worst that was found.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let standard = Standard::new(CodeLists::core(), today());
    let mut report = args
        .report
        .as_deref()
        .map(Report::create)
        .transpose()
        .map_err(|error| Failure::new(&error, "Choose another place or ending for --report."))?;
    let mut summaries = Vec::new();
    let mut unusable = Vec::new();
    for path in &args.files {
        let mut cross = CrossRow::default();
        let name = path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let result = check_file(path, &standard, &mut cross, |file, event| {
            match (report.as_mut(), event) {
                (None, _) => Ok(()),
                (Some(report), Event::Begin(headers)) => report.begin_file(file, headers),
                (Some(report), Event::Row(row)) => report.row(file, row),
            }
        });
        match result {
            Ok(summary) => summaries.push(summary),
            Err(CheckError::Intake(error)) => {
                eprintln!("satu: {error}\n  {}", error.hint());
                unusable.push(name);
            }
            Err(CheckError::Sink(error)) => {
                return Err(Failure::new(&error, "The report is incomplete."));
            }
        }
    }
    if let Some(report) = report {
        report
            .finish(&summaries)
            .map_err(|error| Failure::new(&error, "The report is incomplete."))?;
    }
    if args.json {
        print(&format!(
            "{}\n",
            serde_json::json!({ "files": summaries, "unusable": unusable })
        ));
    } else {
        summaries.iter().for_each(tell);
    }
    let errors: u64 = summaries.iter().map(|s| s.errors).sum();
    Ok(ExitCode::from(if !unusable.is_empty() {
        2
    } else {
        u8::from(errors > 0)
    }))
}

fn tell(summary: &Summary) {
    let [rows, accepted, warned, rejected] = summary.outcomes();
    let mut text = format!(
        "{}: {rows} rows of {} = {accepted} accepted + {warned} with warnings + {rejected} rejected\n",
        summary.file, summary.kind
    );
    for (rule, count) in &summary.by_rule {
        text.push_str(&format!("  {rule}  {count}\n"));
    }
    for column in &summary.unknown_columns {
        text.push_str(&format!(
            "  column {column:?} is not in the standard: kept, not checked\n"
        ));
    }
    print(&text);
}
