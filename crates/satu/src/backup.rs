//! `satu backup`, `satu restore` and `satu move`: the whole register carried elsewhere.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use satu_store::Store;
use satu_store::backup::{Backup, BackupError, Carried};
use serde_json::json;

use crate::database::{Address, Database, Key, blocking, refused};
use crate::{Failure, print, unfinished};

/// Write the whole register into one file.
///
/// What the file says of persons is sealed, and it is restored with the key file, which is not in it:
/// keep both, apart from each other.
/// Others may go on writing meanwhile; the file holds what was committed when the backup began.
#[derive(clap::Args)]
pub struct BackupArgs {
    /// The file, which must not exist.
    file: PathBuf,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Address,
}

/// Fill an empty database from a backup.
///
/// Everything is computed anew from the backup's ledger and compared with its root. The database
/// holds all of it in the end, or nothing.
#[derive(clap::Args)]
pub struct RestoreArgs {
    /// The file that `satu backup` wrote.
    file: PathBuf,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
}

/// Copy the register into another, empty database.
///
/// As a backup that is restored at once, without a file. What is copied from stays as it is.
#[derive(clap::Args)]
pub struct MoveArgs {
    /// The database that holds the register.
    #[arg(long, value_name = "URL")]
    from: String,
    /// The empty database to be filled.
    #[arg(long, value_name = "URL")]
    to: String,
    #[command(flatten)]
    key: Key,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Backs up.
pub fn backup(args: &BackupArgs) -> Result<ExitCode, Failure> {
    args.database.sealed(async |store| {
        let path = &args.file;
        if path.symlink_metadata().is_ok() {
            return Err(Failure {
                message: format!("{}: there is a file of this name", path.display()),
                hint: "Name another file; a backup overwrites nothing.".to_owned(),
            });
        }
        let carried = written(&store, path).await.map_err(|error| told(&error))?;
        report(&carried, "in the backup", args.json);
        Ok(ExitCode::SUCCESS)
    })
}

/// Writes under another name, readable by the owner only, and gives the file its own name once it
/// is whole and on the disk.
async fn written(store: &Store, path: &Path) -> Result<Carried, BackupError> {
    let folder = unfinished::above(path);
    let mut file = unfinished::file(folder)?;
    let carried = store.backup(BufWriter::new(file.as_file_mut())).await?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    unfinished::settled(folder)?;
    Ok(carried)
}

/// Restores.
pub fn restore(args: &RestoreArgs) -> Result<ExitCode, Failure> {
    let backup = File::open(&args.file)
        .map_err(BackupError::File)
        .and_then(|file| Backup::open(BufReader::new(file)))
        .map_err(|error| {
            let failure = told(&error);
            Failure {
                message: format!("{}: {}", args.file.display(), failure.message),
                ..failure
            }
        })?;
    args.database.to_fill(async |store| {
        let carried = store.restore(backup).await.map_err(|error| told(&error))?;
        report(&carried, "restored", args.json);
        Ok(ExitCode::SUCCESS)
    })
}

/// Copies.
pub fn copy(args: &MoveArgs) -> Result<ExitCode, Failure> {
    blocking(async {
        let key = args.key.place();
        let store = Store::open_existing(&args.from, &key).await;
        let store = store.map_err(|error| refused(&error))?;
        let other = Store::open_to_fill(&args.to, &key)
            .await
            .map_err(|error| refused(&error))?;
        let carried = store.copy_to(&other).await.map_err(|error| told(&error))?;
        report(&carried, "copied", args.json);
        Ok(ExitCode::SUCCESS)
    })
}

fn told(error: &BackupError) -> Failure {
    Failure::new(error, error.hint())
}

fn report(carried: &Carried, what: &str, as_json: bool) {
    print(&if as_json {
        let document = json!({
            "entries": carried.entries,
            "root": carried.root,
            "rows": carried.rows,
        });
        format!("{document}\n")
    } else {
        format!(
            "{} ledger entries and {} other rows {what}; root {}\n",
            carried.entries, carried.rows, carried.root
        )
    });
}
