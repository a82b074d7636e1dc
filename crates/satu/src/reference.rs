//! `satu reference`: the code lists of a register.

use std::path::PathBuf;
use std::process::ExitCode;

use satu_registry::reference::{ReferenceError, load};

use crate::database::{Database, refused};
use crate::{Failure, print};

/// The code lists of the register.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Load every CSV file of a folder as the code list of its name (code first, then `nama`).
    Load {
        /// The folder.
        folder: PathBuf,
        #[command(flatten)]
        database: Database,
    },
}

/// A failure with code lists, with what to do about it.
pub fn failed(error: &ReferenceError) -> Failure {
    match error {
        ReferenceError::Store(inner) => refused(inner),
        other => Failure::new(
            other,
            "A code list is a UTF-8 CSV file with commas and a header, at least id,nama; nothing was loaded.",
        ),
    }
}

/// Loads.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let Action::Load { folder, database } = &args.action;
    database.with(async |store| {
        let changed = load(&store, folder).await.map_err(|error| failed(&error))?;
        print(&format!(
            "{} code lists loaded: {}\n",
            changed.len(),
            changed.join(", ")
        ));
        Ok(ExitCode::SUCCESS)
    })
}
