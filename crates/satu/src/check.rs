//! `satu check`: files against the data standard; no database.

use std::error::Error;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use satu_domain::dates::today;
use satu_intake::{MapFile, Options};
use satu_registry::check::{CheckError, Event, Found, Progress, Summary, check_file};
use satu_registry::report::{Report, ReportError};
use satu_rules::{CodeLists, CrossRow, Standard};

use crate::unfinished::Whole;
use crate::{Failure, print};

/// Findings shown for each file.
const SHOWN: usize = 20;

/// Hold files against the data standard.
#[derive(clap::Args)]
pub struct Args {
    /// Write the findings to a file ending in .xlsx (a marked copy), .csv or .json.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// A map file (TOML): which header is which column, constants, values, date format.
    #[arg(long)]
    map: Option<PathBuf>,
    /// The sheet of a workbook; else the first.
    #[arg(long)]
    sheet: Option<String>,
    /// The files: CSV, XLSX, Parquet or JSON lines.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Checks every file; the exit code says the worst that was found.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let standard = Standard::new(CodeLists::core(), today());
    let map = args.map.as_deref().map(MapFile::read).transpose();
    let options = Options {
        map: map.map_err(|error| Failure::new(&error, "Correct the map file."))?,
        sheet: args.sheet.clone(),
        kind: None,
    };
    if let Some(report) = args.report.as_deref().and_then(|p| p.canonicalize().ok())
        && let Some(file) = args
            .files
            .iter()
            .find(|file| file.canonicalize().is_ok_and(|file| file == report))
    {
        return Err(Failure {
            message: format!("the report would overwrite {}", file.display()),
            hint: "Choose another place for --report.".to_owned(),
        });
    }
    let mut report = args.report.as_deref().map(begun).transpose()?;
    let mut summaries = Vec::new();
    let (mut unusable, mut broken) = (Vec::new(), false);
    for path in &args.files {
        let mut cross = CrossRow::default();
        let name = path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let mut shown: Vec<(u64, Found)> = Vec::new();
        let mut read = false;
        let bar = bar(path, args.json);
        let result = check_file(path, &options, &standard, &mut cross, |file, event| {
            if let Event::Row(row) = &event
                && shown.len() < SHOWN
            {
                let room = SHOWN - shown.len();
                let found = row.findings.iter().take(room).cloned();
                shown.extend(found.map(|found| (row.number, found)));
            }
            read |= matches!(event, Event::Begin(_));
            match (report.as_mut(), event) {
                (_, Event::Progress(progress)) => {
                    advance(&bar, progress);
                    Ok(())
                }
                (None, _) => Ok(()),
                (Some((_, report)), Event::Begin(mapping)) => report.begin_file(file, mapping),
                (Some((_, report)), Event::Row(row)) => report.row(file, row),
            }
        });
        bar.finish_and_clear();
        match result {
            Ok(summary) => {
                if !args.json {
                    print(&told(&summary, &shown));
                }
                summaries.push(summary);
            }
            Err(CheckError::Intake(error)) => {
                eprintln!("satu: {error}\n  {}", error.hint());
                unusable.push(name);
                broken |= read;
            }
            Err(CheckError::Sink(error)) => return Err(unwritten(&error)),
        }
    }
    match report {
        // What it says of a file that breaks off would look like all there is to say.
        Some(_) if broken => {
            eprintln!("satu: no report was written: a file could not be read to its end");
        }
        Some((whole, report)) => {
            report
                .finish(&summaries)
                .map_err(|error| unwritten(&error))?;
            whole.put().map_err(|error| unwritten(&error))?;
        }
        None => {}
    }
    if args.json {
        print(&format!(
            "{}\n",
            serde_json::json!({ "files": summaries, "unusable": unusable })
        ));
    }
    let errors: u64 = summaries.iter().map(|s| s.errors).sum();
    Ok(ExitCode::from(if unusable.is_empty() {
        u8::from(errors > 0)
    } else {
        2
    }))
}

/// Begins a report that will stand at a place.
fn begun(place: &Path) -> Result<(Whole, Report), Failure> {
    let report = Whole::at(place).map_err(ReportError::Io).and_then(|whole| {
        let report = Report::create(&whole.path())?;
        Ok((whole, report))
    });
    report.map_err(|error| unwritten(&error))
}

fn unwritten(error: &dyn Error) -> Failure {
    Failure::new(error, "Choose another place or ending for --report.")
}

/// How far the reading of a file has come, on standard error; nothing where that is no terminal or
/// a program reads the output.
pub fn bar(path: &Path, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let size = path.metadata().map_or(0, |file| file.len());
    let name = path.file_name().map(|name| plain(&name.to_string_lossy()));
    let style = ProgressStyle::with_template(
        "{prefix} {bar:30} {bytes}/{total_bytes}, {msg} baris, {eta} lagi",
    );
    ProgressBar::new(size)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_prefix(name.unwrap_or_default())
        .with_message("0")
}

/// Moves the bar on.
pub fn advance(bar: &ProgressBar, progress: Progress) {
    if !bar.is_hidden() {
        bar.set_message(progress.rows.to_string());
        bar.set_position(progress.bytes);
    }
}

/// What was taken for what, the first findings, the counts.
pub fn told(summary: &Summary, shown: &[(u64, Found)]) -> String {
    let [rows, accepted, warned, rejected] = summary.outcomes();
    let mut lines = vec![
        format!("{} ({})", summary.file, summary.kind),
        format!(
            "  {rows} baris = {accepted} diterima + {warned} dengan catatan + {rejected} ditolak"
        ),
    ];
    if summary.blank_rows > 0 {
        lines.push(format!("  {} baris kosong dilewati", summary.blank_rows));
    }
    let taken: Vec<_> = summary
        .columns
        .iter()
        .map(|(column, header)| format!("{column} <- {}", plain(header)))
        .collect();
    lines.push(format!("  Kolom: {}", taken.join(", ")));
    if !summary.unknown_columns.is_empty() {
        let unknown: Vec<_> = summary.unknown_columns.iter().map(|h| plain(h)).collect();
        lines.push(format!(
            "  Kolom lain (disimpan, tidak diperiksa): {}",
            unknown.join(", ")
        ));
    }
    if !shown.is_empty() {
        lines.push("  Temuan:".to_owned());
    }
    for (row, found) in shown {
        lines.push(format!(
            "    baris {row}, {}, \"{}\": {} [{}, {}]",
            found.column,
            plain(&found.value),
            found.message_id,
            found.rule,
            found.severity_name()
        ));
    }
    let more = summary.errors + summary.warnings - shown.len() as u64;
    if more > 0 {
        lines.push(format!(
            "    ... dan {more} temuan lain; `satu check --report` menulis semuanya"
        ));
    }
    for (rule, count) in &summary.by_rule {
        lines.push(format!("  {rule}  {count}"));
    }
    lines.join("\n") + "\n"
}

/// Short, on one line, and without characters that command a terminal.
pub fn plain(value: &str) -> String {
    let short = value.chars().take(60);
    short
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
