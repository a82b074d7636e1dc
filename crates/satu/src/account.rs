//! `satu account`: who may sign in to the site.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use satu_store::accounts::{AccountError, Role};
use satu_web::password;

use crate::database::{Database, refused};
use crate::{Failure, print};

/// Who may sign in to the site.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    database: Database,
}

#[derive(Subcommand)]
enum Command {
    /// Make an account; its password is asked for, or read from standard input.
    Add {
        /// What is typed to sign in.
        login: String,
        /// What it is for.
        #[arg(long)]
        role: RoleName,
        /// A data officer's agency, as its records state it.
        #[arg(long, default_value = "", required_if_eq("role", "officer"))]
        instansi: String,
        /// A civil servant's NIP.
        #[arg(long, default_value = "", required_if_eq("role", "asn"))]
        nip: String,
        /// The name to greet by.
        #[arg(long)]
        name: String,
    },
    /// List the accounts.
    List,
    /// Give an account a new password and end its sessions.
    Password {
        /// Whose.
        login: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    /// The central data officer: sees everyone.
    Walidata,
    /// The data officer of one agency.
    Officer,
    /// A civil servant: sees the own record.
    Asn,
}

/// Makes, lists or changes accounts.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    match &args.command {
        Command::Add {
            login,
            role,
            instansi,
            nip,
            name,
        } => {
            let role = match role {
                RoleName::Walidata => Role::Walidata,
                RoleName::Officer => Role::Officer {
                    instansi: instansi.clone(),
                },
                RoleName::Asn => Role::Asn { nip: nip.clone() },
            };
            args.database.with(async |store| {
                let hash = password_hash()?;
                let made = store.accounts().add(login, name, role.clone(), &hash).await;
                let account = made.map_err(|error| failed(&error))?;
                print(&format!(
                    "{} ({}) may sign in\n",
                    account.login,
                    account.role.name()
                ));
                Ok(ExitCode::SUCCESS)
            })
        }
        Command::List => args.database.with_existing(async |store| {
            for account in store
                .accounts()
                .list()
                .await
                .map_err(|error| refused(&error))?
            {
                let of = match &account.role {
                    Role::Walidata => "",
                    Role::Officer { instansi } => instansi,
                    Role::Asn { nip } => nip,
                };
                let role = account.role.name();
                let line = format!("{:20}  {role:8}  {}  {of}", account.login, account.name);
                print(&format!("{}\n", line.trim_end()));
            }
            Ok(ExitCode::SUCCESS)
        }),
        Command::Password { login } => args.database.with_existing(async |store| {
            let hash = password_hash()?;
            let changed = store.accounts().set_password(login, &hash).await;
            changed.map_err(|error| failed(&error))?;
            print("the password is changed, and every session ended\n");
            Ok(ExitCode::SUCCESS)
        }),
    }
}

fn failed(error: &AccountError) -> Failure {
    Failure::new(error, error.hint())
}

/// A new password's hash: asked for twice without echo, or one line of standard input.
fn password_hash() -> Result<String, Failure> {
    let unread = |error: std::io::Error| Failure::new(&error, "Type the password, or pipe it in.");
    let typed = if std::io::stdin().is_terminal() {
        let once = rpassword::prompt_password("Password: ").map_err(unread)?;
        if once != rpassword::prompt_password("The same again: ").map_err(unread)? {
            return Err(Failure {
                message: "the two passwords differ".to_owned(),
                hint: "Nothing was changed; try again.".to_owned(),
            });
        }
        once
    } else {
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(unread)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    password::hash(&typed).map_err(|error| Failure::new(&error, error.hint()))
}
