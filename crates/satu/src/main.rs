//! `satu`: one trusted record per Indonesian civil servant.

mod account;
mod audit;
mod backup;
mod check;
mod client;
mod database;
mod demo;
mod export;
mod four_eyes;
mod guests;
mod intake;
mod key;
mod link;
mod link_files;
mod log;
mod person;
mod publish;
mod pull;
mod push;
mod reconcile;
mod reference;
mod remote;
mod serve;
mod standard;
mod unfinished;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

// What one thread allocates another frees, row by row: linking takes half the time with this one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One trusted record per Indonesian civil servant.
#[derive(Parser)]
#[command(name = "satu", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Who may sign in to the site.
    Account(account::Args),
    /// Sign the logs, prove what they hold, and check such proofs.
    Audit(audit::Args),
    /// Write the whole register into one file.
    Backup(backup::BackupArgs),
    /// Hold files against the data standard. Exit code: 0 clean, 1 errors found, 2 unusable.
    Check(check::Args),
    /// The programs that may ask over the API.
    Client(client::Args),
    /// Make a synthetic country, take it in, link it, say what was found, and serve the site.
    Demo(demo::Args),
    /// Write the whole register as tables for other programs.
    Export(export::Args),
    FourEyes(four_eyes::Args),
    /// Take files into the ledger. Exit code: 0 clean, 1 rows rejected, 2 unusable.
    Intake(intake::Args),
    /// The keys that the register is sealed by.
    Key(key::Args),
    /// Link all statements into persons and refresh the golden records.
    Link(link::Args),
    /// Link the rows of any files, without a database.
    LinkFiles(link_files::Args),
    /// Copy the register into another, empty database.
    Move(backup::MoveArgs),
    /// Show one golden record. Exit code: 0 found, 1 not found.
    Person(person::Args),
    /// Fetch the changes in a register on another machine into files.
    Pull(pull::Args),
    /// Check a file, and send it to a register on another machine.
    Push(push::Args),
    /// Hold an agency's extract against its golden records. Exit code: 0 agree, 1 differ, 2 unusable.
    Reconcile(reconcile::Args),
    /// Release open data: statistics, code lists and the standard as of today.
    Publish(publish::Args),
    /// The code lists of the register.
    Reference(reference::Args),
    /// Serve the site.
    Serve(serve::Args),
    /// Fill an empty database from a backup.
    Restore(backup::RestoreArgs),
    /// Rebuild everything from the ledger and compare. Exit code: 0 identical, 1 differs.
    Verify(verify::Args),
    /// List the rules of the data standard.
    Standard(standard::Args),
}

/// What went wrong, in one line, and what to do about it.
struct Failure {
    message: String,
    hint: String,
}

impl Failure {
    fn new(error: &dyn std::error::Error, hint: &str) -> Failure {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !message.contains(&text) {
                message = format!("{message}: {text}");
            }
            cause = error.source();
        }
        Failure {
            message,
            hint: hint.to_owned(),
        }
    }
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Account(args) => account::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Backup(args) => backup::backup(&args),
        Command::Check(args) => check::run(&args),
        Command::Client(args) => client::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Export(args) => export::run(&args),
        Command::FourEyes(args) => four_eyes::run(&args),
        Command::Intake(args) => intake::run(&args),
        Command::Key(args) => key::run(&args),
        Command::Link(args) => link::run(&args),
        Command::LinkFiles(args) => link_files::run(&args),
        Command::Move(args) => backup::copy(&args),
        Command::Person(args) => person::run(&args),
        Command::Pull(args) => pull::run(&args),
        Command::Push(args) => push::run(&args),
        Command::Reconcile(args) => reconcile::run(&args),
        Command::Publish(args) => publish::run(&args),
        Command::Reference(args) => reference::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Restore(args) => backup::restore(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Standard(args) => Ok(standard::run(&args)),
    };
    result.unwrap_or_else(|failure| {
        eprintln!("satu: {}", failure.message);
        if !failure.hint.is_empty() {
            eprintln!("  {}", failure.hint);
        }
        ExitCode::from(2)
    })
}

/// Prints to standard output; a reader that has gone away (`| head`) is no error.
fn print(text: &str) {
    use std::io::Write;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
