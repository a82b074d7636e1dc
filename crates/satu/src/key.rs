//! `satu key`: the keys that the register is sealed by.

use std::process::ExitCode;

use clap::Subcommand;
use satu_store::{KeysShown, Store};
use serde_json::json;

use crate::database::{Database, refused};
use crate::{Failure, print};

/// The keys that the register is sealed by.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    database: Database,
}

#[derive(Subcommand)]
enum Command {
    /// Say which keys there are and what they are for; no secret is shown.
    Show {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Make a new master key and wrap the data keys by it.
    ///
    /// Nothing that is stored is sealed anew, so it takes no time, and the site goes on meanwhile. The
    /// old key stays in the file: backups of before need it. Take a new copy of the file.
    Rotate,
    /// Take a master key that is no longer in use out of the file. Backups of when it was cannot be
    /// restored by the file any more.
    Drop {
        /// Its name, as `satu key show` tells it.
        master: String,
    },
}

/// Shows or changes them.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.database.with_existing(async |store| {
        match &args.command {
            Command::Show { json } => {
                let shown = shown(&store).await?;
                print(&if *json {
                    format!("{}\n", document(&shown))
                } else {
                    lines(&shown)
                });
            }
            Command::Rotate => {
                let new = store.rotate_key().await;
                let new = new.map_err(|error| refused(&error))?;
                let file = shown(&store).await?.file;
                print(&format!(
                    "{new} is the master key from now on, first in {}: take a new copy of the file\n",
                    file.display()
                ));
            }
            Command::Drop { master } => {
                let dropped = store.drop_key(master).await;
                dropped.map_err(|error| refused(&error))?;
                print(&format!("{master} is not in the file any more\n"));
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn shown(store: &Store) -> Result<KeysShown, Failure> {
    store.keys_shown().await.map_err(|error| refused(&error))
}

fn document(shown: &KeysShown) -> serde_json::Value {
    let master = |(id, wraps): &(String, Vec<i64>)| json!({ "id": id, "wraps": wraps });
    json!({
        "register": shown.register,
        "file": shown.file.display().to_string(),
        "masters": shown.masters.iter().map(master).collect::<Vec<_>>(),
    })
}

fn lines(shown: &KeysShown) -> String {
    let mut lines = vec![
        format!("register {}", shown.register),
        format!("key file {}", shown.file.display()),
    ];
    for (id, wraps) in &shown.masters {
        let wraps: Vec<String> = wraps.iter().map(i64::to_string).collect();
        lines.push(if wraps.is_empty() {
            format!("master key {id}: not in use; backups of before may need it")
        } else {
            format!("master key {id}: wraps data key {}", wraps.join(", "))
        });
    }
    lines.join("\n") + "\n"
}
