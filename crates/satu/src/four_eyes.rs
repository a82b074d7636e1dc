//! `satu four-eyes`: which decisions need a second person.

use std::process::ExitCode;

use clap::Subcommand;
use satu_registry::four_eyes::{Grant, OPERATOR, Taken, propose_grant, set};
use satu_registry::review::ReviewError;
use satu_store::Store;
use satu_store::accounts::Role;
use satu_store::entry::FourEyes;
use satu_store::proposals::RECORDS;

use crate::database::{Database, refused};
use crate::{Failure, print};

/// Which decisions need a second person.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    database: Database,
}

#[derive(Subcommand)]
enum Command {
    /// Say what is set.
    Show,
    /// Ask a second person for changes of status, roles, wide programs, new secrets of programs, and merges
    /// and splits of many records. Once on, this setting too is changed by two.
    On {
        /// So many records one person may move at once.
        #[arg(long, default_value_t = RECORDS)]
        records: u64,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Ask for no second person any more: a proposal, which a central account approves.
    Off {
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

/// Runs it.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.database.with_existing(async |store| {
        let (on, records, reason) = match &args.command {
            Command::Show => {
                let set = store.four_eyes().await.map_err(|error| refused(&error))?;
                print(&shown(&set));
                return Ok(ExitCode::SUCCESS);
            }
            Command::On { records, reason } => (true, *records, reason),
            Command::Off { reason } => (false, 0, reason),
        };
        let by = OPERATOR.to_owned();
        let choice = FourEyes { on, records, by };
        match set(&store, choice.clone(), reason)
            .await
            .map_err(|error| failed(&error))?
        {
            Taken::Done(_) => print(&shown(&choice)),
            Taken::Proposed(number) => print(&waiting(number)),
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn shown(set: &FourEyes) -> String {
    if set.on {
        format!(
            "on: a second person for more than {} records\n",
            set.records
        )
    } else {
        "off\n".to_owned()
    }
}

/// What is said where something waits.
pub fn waiting(number: i64) -> String {
    format!("proposal {number} waits for a second person: /usulan/{number}\n")
}

/// Why it could not be done.
pub fn failed(error: &ReviewError) -> Failure {
    let hint = match error {
        ReviewError::Store(error) => error.hint(),
        ReviewError::Account(error) => error.hint(),
        ReviewError::Client(error) => error.hint(),
        ReviewError::NoReason => "Give --reason.",
        ReviewError::Alone => "Invite another central officer first: `satu account invite`.",
        _ => "`/usulan` on the site shows what waits.",
    };
    Failure::new(error, hint)
}

/// Proposes a role where it needs a second person; what to say of it.
pub async fn proposed(
    store: &Store,
    [login, name]: [&str; 2],
    (role, nip): (&Role, &str),
    reason: &str,
) -> Result<Option<String>, Failure> {
    let named = [login, name];
    let checked = store.accounts().checked(named, role, nip).await;
    checked.map_err(|error| failed(&error.into()))?;
    let grant = Grant {
        login,
        name,
        role,
        nip,
    };
    let taken = propose_grant(store, &grant, OPERATOR, reason).await;
    let taken = taken.map_err(|error| failed(&error))?;
    Ok(taken.map(|taken| waiting(taken.number())))
}
