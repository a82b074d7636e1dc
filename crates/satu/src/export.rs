//! `satu export`: the register as tables for other programs.

use std::fmt::Write;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use satu_domain::Kind;
use satu_registry::typed::{self, Cell, Column, Table};
use satu_store::snapshot::Snapshot;

use crate::database::{Database, refused};
use crate::{Failure, print, unfinished};

/// Write the whole register as tables for other programs.
///
/// This is the operator's whole register: personal data of everybody in it, without any limit of
/// role or agency. Keep it as you keep the database, and delete it when it has served.
///
/// golden_records holds one row for each person; one table for each kind of history holds what the
/// sources now state; findings and submissions hold what was found in which delivery.
#[derive(clap::Args)]
pub struct Args {
    /// The folder, which must not exist or be empty.
    folder: PathBuf,
    /// How the tables are written.
    #[arg(long, value_enum)]
    format: Format,
    #[command(flatten)]
    database: Database,
}

/// How the tables are written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    /// Columnar and typed, for analysis.
    Parquet,
    /// Text for any program. What a spreadsheet would run as a formula (a value, or what stands in it
    /// behind a semicolon, a tab or a line's end, begins with = + - @, a tab or a carriage return)
    /// has an apostrophe before it.
    Csv,
}

impl From<Format> for typed::Format {
    fn from(format: Format) -> typed::Format {
        match format {
            Format::Parquet => typed::Format::Parquet,
            Format::Csv => typed::Format::Csv,
        }
    }
}

const NO_ROOM: &str = "Make room on the disk, and check that the folder can be written.";

/// A table that could not be written.
pub fn unwritten(error: &dyn std::error::Error) -> Failure {
    Failure::new(error, NO_ROOM)
}

/// Rows read at a time.
const PAGE: i64 = 2_000;

/// Exports.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = &args.folder;
    let no_room = |error: &std::io::Error| Failure {
        message: format!("{}: {error}", folder.display()),
        hint: "Check that the folder above it can be written.".to_owned(),
    };
    if folder.exists()
        && folder
            .read_dir()
            .map_err(|error| no_room(&error))?
            .next()
            .is_some()
    {
        return Err(Failure {
            message: format!("{}: the folder holds files", folder.display()),
            hint: "Name another folder; an export overwrites nothing.".to_owned(),
        });
    }
    args.database.with_existing(async |store| {
        // Readable by the owner only, and under its own name once it is whole.
        let unfinished = unfinished::folder(unfinished::above(folder));
        let (unfinished, _lock) = unfinished.map_err(|error| no_room(&error))?;
        let snapshot = store.snapshot().await.map_err(|error| refused(&error))?;
        let mut export = Export {
            snapshot,
            folder: unfinished.path(),
            format: args.format.into(),
            told: String::new(),
        };
        export.golden().await?;
        for kind in Kind::ALL {
            if kind != Kind::DataUtama {
                export.history(kind).await?;
            }
        }
        export.findings().await?;
        export.submissions().await?;
        let told = export.told;
        std::fs::rename(unfinished.path(), folder).map_err(|error| no_room(&error))?;
        // It has moved away: nothing is left to be deleted under the old name.
        let _ = unfinished.keep();
        print(&told);
        Ok(ExitCode::SUCCESS)
    })
}

struct Export<'a> {
    snapshot: Snapshot,
    folder: &'a Path,
    format: typed::Format,
    told: String,
}

impl Export<'_> {
    fn table(&self, name: &str, columns: &[Column<'_>]) -> Result<Table<File>, Failure> {
        let file = format!("{name}.{}", self.format.extension());
        let file = File::create(self.folder.join(file));
        let file = file.map_err(|error| unwritten(&error))?;
        Table::new(file, self.format, columns).map_err(|error| unwritten(&error))
    }

    fn finish(&mut self, name: &str, table: Table<File>, rows: u64) -> Result<(), Failure> {
        let written = table
            .finish()
            .map_err(|error| unwritten(&error))?
            .sync_all();
        written.map_err(|error| unwritten(&error))?;
        let extension = self.format.extension();
        let _ = writeln!(self.told, "{name}.{extension}: {rows} rows");
        Ok(())
    }

    /// One row for each person: number, conflicts, and every column of `data_utama`.
    async fn golden(&mut self) -> Result<(), Failure> {
        let names = Kind::DataUtama.columns();
        let mut columns = vec![Column::Int("person_id"), Column::Int("conflicts")];
        columns.extend(names.iter().map(|name| Column::Text(name)));
        let mut table = self.table("golden_records", &columns)?;
        let (mut rows, mut after) = (0, 0);
        loop {
            let page = self.snapshot.golden(after, PAGE).await;
            let page = page.map_err(|error| refused(&error))?;
            let Some(last) = page.last() else { break };
            after = last.person;
            rows += page.len() as u64;
            for one in &page {
                let mut cells = vec![Cell::Int(Some(one.person)), Cell::Int(Some(one.conflicts))];
                // The fields stand in the order of the columns, without those nobody states.
                let mut fields = one.record.fields.iter().peekable();
                cells.extend(names.iter().map(|name| {
                    let field = fields.next_if(|field| field.name == *name);
                    Cell::Text(field.map_or("", |field| &field.winner.value))
                }));
                table.push(&cells).map_err(|error| unwritten(&error))?;
            }
        }
        self.finish("golden_records", table, rows)
    }

    /// One row for each current statement of a kind.
    async fn history(&mut self, kind: Kind) -> Result<(), Failure> {
        let mut columns = vec![
            Column::Int("person_id"),
            Column::Int("statement"),
            Column::Int("submission"),
            Column::Int("row"),
            Column::Text("source"),
        ];
        columns.extend(kind.columns().iter().map(|name| Column::Text(name)));
        let mut table = self.table(kind.name(), &columns)?;
        let (mut rows, mut after) = (0, 0);
        loop {
            let page = self.snapshot.statements(kind, after, PAGE).await;
            let page = page.map_err(|error| refused(&error))?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            rows += page.len() as u64;
            for one in &page {
                let mut cells = vec![
                    Cell::Int(one.person),
                    Cell::Int(Some(one.seq)),
                    Cell::Int(Some(one.statement.submission)),
                    Cell::Int(Some(one.statement.row as i64)),
                    Cell::Text(&one.source),
                ];
                cells.extend(
                    (0..kind.columns().len()).map(|at| {
                        Cell::Text(one.statement.cells.get(at).map_or("", String::as_str))
                    }),
                );
                table.push(&cells).map_err(|error| unwritten(&error))?;
            }
        }
        self.finish(kind.name(), table, rows)
    }

    async fn findings(&mut self) -> Result<(), Failure> {
        let columns = [
            Column::Int("submission"),
            Column::Int("row"),
            Column::Text("rule"),
            Column::Text("severity"),
            Column::Text("column"),
            Column::Text("value"),
        ];
        let mut table = self.table("findings", &columns)?;
        let (mut rows, mut after) = (0, (0, 0, 0));
        loop {
            let page = self.snapshot.findings(after, PAGE).await;
            let page = page.map_err(|error| refused(&error))?;
            let Some(last) = page.last() else { break };
            after = (last.0, last.1, last.2);
            rows += page.len() as u64;
            for (submission, row, _, found) in &page {
                table
                    .push(&[
                        Cell::Int(Some(*submission)),
                        Cell::Int(Some(*row)),
                        Cell::Text(&found.rule),
                        Cell::Text(&found.severity),
                        Cell::Text(&found.column),
                        Cell::Text(&found.value),
                    ])
                    .map_err(|error| unwritten(&error))?;
            }
        }
        self.finish("findings", table, rows)
    }

    async fn submissions(&mut self) -> Result<(), Failure> {
        let texts = ["source", "file", "kind", "stated_on"];
        let counts = ["rows", "accepted", "accepted_with_warnings", "rejected"];
        let mut columns = vec![Column::Int("submission")];
        columns.extend(texts.map(Column::Text));
        columns.push(Column::Text("received_at"));
        columns.extend(counts.map(Column::Int));
        let mut table = self.table("submissions", &columns)?;
        let page = self.snapshot.submissions().await;
        let page = page.map_err(|error| refused(&error))?;
        for one in &page {
            let received = Timestamp::from_microsecond(one.received_at)
                .map_or_else(|_| String::new(), |at| at.to_string());
            let mut cells = vec![Cell::Int(Some(one.id))];
            cells.extend(one.texts.iter().map(|text| Cell::Text(text)));
            cells.push(Cell::Text(&received));
            cells.extend(one.counts.map(|count| Cell::Int(Some(count))));
            table.push(&cells).map_err(|error| unwritten(&error))?;
        }
        self.finish("submissions", table, page.len() as u64)
    }
}
