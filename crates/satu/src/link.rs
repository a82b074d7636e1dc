//! `satu link`: all statements into persons.

use std::process::ExitCode;

use satu_registry::link::link_all;

use crate::database::Database;
use crate::{Failure, print};

/// Link all statements into persons and refresh the golden records.
#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
}

/// Links.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.database.with_existing(async |store| {
        let outcome = link_all(&store)
            .await
            .map_err(|error| Failure::new(&error, "Nothing was written; run it again."))?;
        if args.json {
            print(&format!("{}\n", serde_json::json!(outcome)));
        } else {
            print(&format!(
                "{} identity rows are {} persons; {} rows moved, {} duplicates inside a source, {} doubts to look at\n",
                outcome.records, outcome.persons, outcome.moved, outcome.duplicates, outcome.doubts
            ));
        }
        Ok(ExitCode::SUCCESS)
    })
}
