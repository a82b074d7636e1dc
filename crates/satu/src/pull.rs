//! `satu pull`: what became of whom in a register on another machine, into files.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use satu_domain::Kind;
use satu_registry::typed::{self, Cell, Column, Table};
use satu_store::changes::Cursor;
use satu_web::outgoing::{Bytes, Method, StatusCode};
use serde_json::{Value, json};

use crate::database::blocking;
use crate::export::unwritten;
use crate::remote::{self, Program, Remote};
use crate::{Failure, print, unfinished};

/// Fetch the changes since the last time into files.
///
/// Into a folder: a file of changes a time, `changes-PLACE.csv`, named by the place after which it
/// begins. Into a file that ends in .csv or .parquet: that one, which must have been taken in and
/// removed since. How far it has come is kept beside, in `cursor` or FILE.cursor, and is written
/// when the changes are on disk: a run that is killed leaves no half file, and the next one goes on
/// from there, so that a change may come twice but is never missed. Where the register was restored from a
/// backup of before that place, nothing is fetched, and it is told how to begin anew.
#[derive(clap::Args)]
pub struct Args {
    /// The register: https://HOST (by plain HTTP only on this machine).
    #[arg(long, value_name = "URL")]
    from: String,
    #[command(flatten)]
    program: Program,
    /// The folder or the file.
    #[arg(long, value_name = "DIR|FILE")]
    to: PathBuf,
    /// How files in a folder are written.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Fetch who changed and in which fields alone, without golden values.
    #[arg(long)]
    without_values: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// How files in a folder are written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// Columnar and typed, for analysis.
    Parquet,
    /// Text for programs, values as they stand: a spreadsheet would run one that begins with = + - @ as a
    /// formula.
    Csv,
}

impl From<Format> for typed::Format {
    fn from(format: Format) -> typed::Format {
        match format {
            Format::Parquet => typed::Format::Parquet,
            Format::Csv => typed::Format::Plain,
        }
    }
}

/// Changes of a page, and of a file.
const PAGE: usize = 5_000;
const FILE: u64 = 200_000;

/// Columns of every change, before those of `data_utama`.
const COLUMNS: [Column<'static>; 10] = [
    Column::Int("id"),
    Column::Text("type"),
    Column::Text("time"),
    Column::Int("ledger"),
    Column::Int("person"),
    Column::Text("nip"),
    Column::Int("into"),
    Column::Int("from"),
    Column::Int("doubt"),
    Column::Text("fields"),
];

/// Where changes go, and how far they have come.
struct Place {
    folder: PathBuf,
    /// The one file; none where each run adds one to the folder.
    file: Option<PathBuf>,
    cursor: PathBuf,
    format: typed::Format,
}

fn io(path: &Path, error: &std::io::Error) -> Failure {
    Failure {
        message: format!("{}: {error}", path.display()),
        hint: "Check that the folder can be written and that the disk has room.".to_owned(),
    }
}

impl Place {
    fn of(args: &Args) -> Result<Place, Failure> {
        let ending = args.to.extension().and_then(|ending| ending.to_str());
        let format = match ending {
            Some("csv") => Some(Format::Csv),
            Some("parquet") => Some(Format::Parquet),
            _ => None,
        };
        let Some(format) = format.filter(|_| !args.to.is_dir()) else {
            std::fs::create_dir_all(&args.to).map_err(|error| io(&args.to, &error))?;
            return Ok(Place {
                folder: args.to.clone(),
                file: None,
                cursor: args.to.join("cursor"),
                format: args.format.into(),
            });
        };
        if args.to.exists() {
            return Err(Failure {
                message: format!("{} is still there", args.to.display()),
                hint: "Take it in and remove it; then the next changes are fetched.".to_owned(),
            });
        }
        let above = args
            .to
            .parent()
            .filter(|above| !above.as_os_str().is_empty());
        let mut cursor = args.to.clone().into_os_string();
        cursor.push(".cursor");
        Ok(Place {
            folder: above.unwrap_or(Path::new(".")).to_owned(),
            file: Some(args.to.clone()),
            cursor: cursor.into(),
            format: format.into(),
        })
    }

    /// Holds the place against another run at the same time; the hold ends with the process.
    fn hold(&self) -> Result<File, Failure> {
        let mut path = self.cursor.clone().into_os_string();
        path.push(".lock");
        let path = PathBuf::from(path);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| io(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(_) => Err(Failure {
                message: format!("another run fetches into {}", self.folder.display()),
                hint: "Let it end.".to_owned(),
            }),
        }
    }

    fn read(&self) -> Result<String, Failure> {
        let text = match std::fs::read_to_string(&self.cursor) {
            Ok(text) => text.trim().to_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => "0".to_owned(),
            Err(error) => return Err(io(&self.cursor, &error)),
        };
        if text.parse::<Cursor>().is_ok() {
            return Ok(text);
        }
        Err(Failure {
            message: format!("{} holds no cursor", self.cursor.display()),
            hint: "Remove it to begin anew.".to_owned(),
        })
    }

    /// What to do where the register does not know a place any more.
    fn lost(&self) -> Failure {
        Failure {
            message: format!(
                "the register does not know the place in {}: it was restored from a backup, or is another",
                self.cursor.display()
            ),
            hint: format!(
                "Begin anew: remove {} and whatever was fetched and not taken in yet, run the same command again, take in \
                 what it fetches, which is everybody, and drop whoever you hold that is not in it.",
                self.cursor.display()
            ),
        }
    }

    /// Where a file stands whose changes begin after a place.
    fn named(&self, after: &str) -> PathBuf {
        let ending = self.format.extension();
        let part = || {
            let number = numbered(after);
            self.folder.join(format!("changes-{number:0>15}.{ending}"))
        };
        self.file.clone().unwrap_or_else(part)
    }

    /// Puts a whole file in its place; a kill before leaves nothing there.
    fn put(&self, unfinished: tempfile::TempPath, path: &Path) -> Result<(), Failure> {
        unfinished
            .persist(path)
            .map_err(|error| io(path, &error.error))?;
        self.settled()
    }

    fn settled(&self) -> Result<(), Failure> {
        let folder = File::open(&self.folder).map_err(|error| io(&self.folder, &error))?;
        folder.sync_all().map_err(|error| io(&self.folder, &error))
    }

    fn unfinished(&self) -> Result<tempfile::NamedTempFile, Failure> {
        unfinished::file(&self.folder).map_err(|error| io(&self.folder, &error))
    }

    fn write(&self, cursor: &str) -> Result<(), Failure> {
        let mut file = self.unfinished()?;
        writeln!(file, "{cursor}")
            .and_then(|()| file.as_file().sync_all())
            .map_err(|error| io(&self.cursor, &error))?;
        let (_held, path) = file.into_parts();
        self.put(path, &self.cursor)
    }
}

/// Fetches.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let place = Place::of(args)?;
    let _held = place.hold()?;
    blocking(async {
        let mut remote = args.program.remote(&args.from).await?;
        let mut cursor = place.read()?;
        let (mut changes, mut files) = (0, Vec::new());
        loop {
            let part = fetched(&mut remote, &place, &cursor, !args.without_values).await?;
            changes += part.changes;
            if let Some(file) = part.file {
                files.push(file);
            }
            if part.cursor != cursor {
                place.write(&part.cursor)?;
            }
            cursor = part.cursor;
            if !part.more || place.file.is_some() {
                break;
            }
        }
        if args.json {
            print(&format!(
                "{}\n",
                json!({ "changes": changes, "cursor": cursor, "files": files })
            ));
        } else {
            for file in &files {
                print(&format!("{}\n", file.display()));
            }
            print(&format!("{changes} changes, up to {cursor}\n"));
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// What one file holds.
struct Part {
    changes: u64,
    file: Option<PathBuf>,
    cursor: String,
    more: bool,
}

/// Fetches what comes after a place into one file.
async fn fetched(
    remote: &mut Remote,
    place: &Place,
    after: &str,
    values: bool,
) -> Result<Part, Failure> {
    let (file, unfinished) = place.unfinished()?.into_parts();
    let table = Table::new(file, place.format, &columns(values));
    let mut table = table.map_err(|error| unwritten(&error))?;
    let mut part = Part {
        changes: 0,
        file: None,
        cursor: after.to_owned(),
        more: true,
    };
    while part.more && (part.changes < FILE || place.file.is_some()) {
        let path = format!(
            "/api/v1/changes?after={}&limit={PAGE}&values={values}",
            part.cursor
        );
        let answer = remote.ask(&Method::GET, &path, &[], Bytes::new()).await?;
        if answer.status == StatusCode::GONE {
            return Err(place.lost());
        }
        let page = remote::document(&answer)?;
        let strange = || Failure {
            message: "the answer of the register is no page of changes".to_owned(),
            hint: "Is this the address of a register of this version?".to_owned(),
        };
        let list = page["changes"].as_array().ok_or_else(strange)?;
        for change in list {
            let fields = listed(&change["fields"]);
            let pushed = table.push(&row(change, &fields, values));
            pushed.map_err(|error| unwritten(&error))?;
        }
        part.changes += list.len() as u64;
        let cursor = page["cursor"]
            .as_str()
            .filter(|text| text.parse::<Cursor>().is_ok());
        cursor.ok_or_else(strange)?.clone_into(&mut part.cursor);
        part.more = page["more"].as_bool().ok_or_else(strange)?;
    }
    let written = table.finish().map_err(|error| unwritten(&error))?;
    written.sync_all().map_err(|error| unwritten(&error))?;
    if part.changes > 0 {
        let path = place.named(after);
        place.put(unfinished, &path)?;
        part.file = Some(path);
    }
    Ok(part)
}

/// The number of a place, which may have a mark behind it.
fn numbered(place: &str) -> &str {
    place.split('.').next().unwrap_or(place)
}

/// The columns of a file.
fn columns(values: bool) -> Vec<Column<'static>> {
    let golden = golden().filter(|_| values).map(Column::Text);
    COLUMNS.into_iter().chain(golden).collect()
}

/// The columns of golden values: those of `data_utama`, but for the NIP, which stands before them.
fn golden() -> impl Iterator<Item = &'static str> {
    let columns = Kind::DataUtama.columns().iter().copied();
    columns.filter(|name| *name != "nip")
}

/// A change as a row.
fn row<'a>(change: &'a Value, fields: &'a str, values: bool) -> Vec<Cell<'a>> {
    let text = |name: &str| Cell::Text(change[name].as_str().unwrap_or_default());
    let number = |name: &str| Cell::Int(change[name].as_i64());
    let mut cells: Vec<Cell<'a>> = COLUMNS
        .iter()
        .map(|column| match column {
            Column::Int("id") => Cell::Int(
                change["id"]
                    .as_str()
                    .and_then(|id| numbered(id).parse().ok()),
            ),
            Column::Int(name) => number(name),
            Column::Text("fields") => Cell::Text(fields),
            Column::Text(name) => text(name),
        })
        .collect();
    if values {
        let held = &change["values"];
        cells.extend(golden().map(|name| Cell::Text(held[name].as_str().unwrap_or_default())));
    }
    cells
}

/// Names with blanks between.
fn listed(names: &Value) -> String {
    let names = names.as_array().into_iter().flatten();
    let names: Vec<&str> = names.filter_map(Value::as_str).collect();
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use satu_registry::typed::Column;
    use serde_json::json;

    use super::{columns, row};

    /// Readers that go by name take the last of two columns, or refuse the file.
    #[test]
    fn no_column_is_there_twice() {
        let change = json!({ "id": "1", "nip": "198503172010012005", "values": { "nama": "ANI" } });
        for values in [false, true] {
            let columns = columns(values);
            let names = columns
                .iter()
                .map(|(Column::Int(name) | Column::Text(name))| *name);
            let distinct: BTreeSet<&str> = names.clone().collect();
            assert_eq!(
                distinct.len(),
                columns.len(),
                "{:?}",
                names.collect::<Vec<_>>()
            );
            assert_eq!(row(&change, "", values).len(), columns.len());
        }
    }
}
