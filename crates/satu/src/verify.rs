//! `satu verify`: rebuild the projections from the ledger and compare.

use std::process::ExitCode;

use crate::database::{Database, refused};
use crate::{Failure, print};

/// Rebuild everything from the ledger and compare. Exit code: 0 identical, 1 differs.
#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
}

/// Verifies.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.database.with_existing(async |store| {
        let folder = tempfile::tempdir().map_err(|error| {
            Failure::new(&error, "Make room in the folder for temporary files.")
        })?;
        let verdict = store
            .verify(&folder.path().join("rebuilt.db"))
            .await
            .map_err(|error| refused(&error))?;
        if args.json {
            let document = serde_json::json!({
                "entries": verdict.entries,
                "rows": verdict.rows,
                "files": verdict.files,
                "differences": verdict.differences,
            });
            print(&format!("{document}\n"));
        } else {
            for difference in &verdict.differences {
                print(&format!("differs: {difference}\n"));
            }
            print(&format!(
                "{} ledger entries replayed; {} rows and the bytes of {} files compared; {}\n",
                verdict.entries,
                verdict.rows,
                verdict.files,
                if verdict.differences.is_empty() {
                    "all identical"
                } else {
                    "NOT identical"
                }
            ));
        }
        Ok(ExitCode::from(u8::from(!verdict.differences.is_empty())))
    })
}
