//! `satu client`: the programs that may ask.

use std::process::ExitCode;

use clap::Subcommand;
use jiff::Timestamp;
use satu_registry::four_eyes::{OPERATOR, Taken, propose_program};
use satu_registry::program_secret::give_secret;
use satu_store::accounts::Role;
use satu_store::clients::{Client, ClientError, Rights};
use satu_store::credentials::Recorded;
use satu_store::entry::Done;
use satu_store::place::Places;

use crate::account::places;
use crate::database::{Database, refused};
use crate::four_eyes::{failed, waiting};
use crate::{Failure, print};

/// The programs that may ask over the API.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    database: Database,
}

#[derive(Subcommand)]
enum Command {
    /// Make a program; prints its key and its secret, which is not shown again.
    Add {
        /// Its name for people.
        #[arg(long)]
        name: String,
        /// Whose people it may see, as records state it: AGENCY, or "AGENCY > UNIT". May be given
        /// several times.
        #[arg(
            long,
            required_unless_present = "walidata",
            conflicts_with = "walidata"
        )]
        instansi: Vec<String>,
        /// It may see everyone.
        #[arg(long)]
        walidata: bool,
        /// What it may do, with blanks between: people.read, people.sensitive, statements.write,
        /// review.write, changes.read.
        #[arg(long, value_parser = rights)]
        rights: Rights,
        /// What it sees sensitive data for; goes on the record of looks.
        #[arg(long, default_value = "")]
        purpose: String,
        /// The login of the account that answers for it: what the program proposes, they cannot approve.
        #[arg(long, default_value = "")]
        owner: String,
        /// Why, where it needs a second person (`satu four-eyes`).
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// List the programs: key, name, reach, rights, state, and when each secret was last used, the newest
    /// first.
    List,
    /// Say which account answers for a program.
    Own {
        /// Its key.
        key: String,
        /// The login.
        owner: String,
    },
    /// Give a program a new secret; the one before it stays good until the next, or until
    /// `drop-old`. While four eyes are on it waits for a second person; once approved, the same command
    /// prints it.
    Rotate {
        /// Its key.
        key: String,
        /// Why, where it needs a second person (`satu four-eyes`).
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Make all secrets but the newest, and all tokens, useless at once.
    DropOld {
        /// Its key.
        key: String,
    },
    /// Print what was done to a program, and by whom, as the ledger has it.
    History {
        /// Its key.
        key: String,
    },
    /// Close a program: its secrets and tokens are useless at once.
    Close {
        /// Its key.
        key: String,
    },
}

fn rights(names: &str) -> Result<Rights, String> {
    Rights::parse(names).map_err(|name| format!("there is no right {name:?}"))
}

fn told(error: ClientError) -> Failure {
    match error {
        ClientError::Store(error) => refused(&error),
        error => Failure::new(&error, error.hint()),
    }
}

fn random() -> Result<String, Failure> {
    let hint = "The machine gives no randomness; try again.";
    satu_web::secret().map_err(|error| Failure::new(&error, hint))
}

/// Runs it.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.database.with_existing(async |store| {
        let (clients, now) = (store.clients(), Timestamp::now());
        match &args.command {
            Command::Add {
                name,
                instansi,
                rights,
                purpose,
                owner,
                reason,
                ..
            } => {
                let role = if instansi.is_empty() {
                    Role::Walidata
                } else {
                    let places = places(instansi);
                    Role::Officer { places }
                };
                if !owner.is_empty() {
                    let named = store.accounts().named(owner).await;
                    named.map_err(|error| failed(&error.into()))?;
                }
                let key = random()?[..20].to_owned();
                let secret = random()?;
                let client = Client {
                    id: 0,
                    key,
                    name: name.clone(),
                    role,
                    rights: rights.clone(),
                    purpose: purpose.clone(),
                };
                let waits = propose_program(&store, &client, owner, OPERATOR, reason).await;
                if let Some(taken) = waits.map_err(|error| failed(&error))? {
                    print(&waiting(taken.number()));
                    eprintln!(
                        "Once approved, `satu client rotate {}` gives its secret.",
                        client.key
                    );
                    return Ok(ExitCode::SUCCESS);
                }
                let made = clients.add(client, owner, &secret, OPERATOR, now);
                let made = made.await.map_err(told)?;
                print(&format!("{} {secret}\n", made.key));
                eprintln!(
                    "Key and secret of {}; the secret is not shown again.",
                    made.name
                );
            }
            Command::List => {
                let all = clients.list().await.map_err(|error| refused(&error))?;
                for one in all {
                    let client = one.client;
                    let places = client.role.places();
                    let reach = places.map_or("*".to_owned(), Places::to_string);
                    let open = match one.secrets.len() {
                        0 => "closed",
                        1 => "open",
                        _ => "open, two secrets",
                    };
                    let used = one.secrets.iter().map(|secret| match secret.used_at {
                        Some(at) => at.to_string(),
                        None => "never".to_owned(),
                    });
                    let used = used.collect::<Vec<_>>().join(", ");
                    print(&format!(
                        "{}\t{}\t{reach}\t{}\t{open}\t{used}\n",
                        client.key, client.name, client.rights
                    ));
                }
            }
            Command::Rotate { key, reason } => {
                let client = clients.named(key).await.map_err(told)?;
                let secret = random()?;
                let given = give_secret(&store, &client, &secret, OPERATOR, reason).await;
                match given.map_err(|error| failed(&error))? {
                    Taken::Done(_) => print(&format!("{secret}\n")),
                    Taken::Proposed(number) => {
                        print(&waiting(number));
                        eprintln!("Once approved, the same command gives the secret.");
                    }
                }
            }
            Command::Own { key, owner } => {
                let owned = clients.set_owner(key, owner, OPERATOR);
                owned.await.map_err(told)?;
            }
            Command::DropOld { key } => clients.drop_old(key, OPERATOR).await.map_err(told)?,
            Command::History { key } => {
                let client = clients.named(key).await.map_err(told)?;
                let all = store.program_history(&client.key).await;
                print(&lines(&all.map_err(|error| refused(&error))?));
            }
            Command::Close { key } => clients.close(key, OPERATOR).await.map_err(told)?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// What was done to programs or tokens, an act a line: its ledger number, when, who, what.
pub fn lines(all: &[Recorded]) -> String {
    let line = |one: &Recorded| {
        let what = what(&one.act.done);
        format!("{}\t{}\t{}\t{what}\n", one.id, one.at, one.act.by)
    };
    all.iter().map(line).collect()
}

fn what(done: &Done) -> String {
    match done {
        Done::ProgramMade {
            name,
            rights,
            places,
            owner,
            ..
        } => {
            let reach = match places.as_str() {
                "" => "*".to_owned(),
                places => places.replace('\n', ", "),
            };
            let owner = match owner.as_str() {
                "" => "nobody",
                owner => owner,
            };
            format!("made {name:?} for {reach}, with {rights}; {owner} answers for it")
        }
        Done::ProgramOwned { owner, .. } => format!("{owner} answers for it"),
        Done::ProgramTurned { proposal: None, .. } => "new secret".to_owned(),
        Done::ProgramTurned {
            proposal: Some(id), ..
        } => format!("new secret, by proposal {id}"),
        Done::ProgramOldDropped { .. } => "old secrets and all tokens ended".to_owned(),
        Done::ProgramClosed { .. } => "closed".to_owned(),
        Done::TokenMade { name, until, .. } => format!("made {name:?}, good until {until}"),
        Done::TokenEnded { name, .. } => format!("ended {name:?}"),
        Done::TokensEnded { count, .. } => format!("ended all {count}"),
    }
}
