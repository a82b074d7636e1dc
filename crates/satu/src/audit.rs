//! `satu audit`: what outsiders hold the register to its past with.

mod check;
mod files;
mod sign;

use std::process::ExitCode;

use clap::Subcommand;

use crate::Failure;

/// Sign the logs, prove what they hold, and check such proofs.
///
/// The register keeps two logs: the ledger (what was stated and decided) and the record of looks (who
/// saw what is sensitive). A checkpoint is the signed size and root of one of them; who has kept one
/// outside can find any later change of what it covers. See docs/audit.md.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a key, or print the verifier keys of one.
    Key(sign::KeyArgs),
    /// Sign both logs as they stand now.
    Checkpoint(sign::CheckpointArgs),
    /// Prove that a log holds an entry, or that it only grew.
    Prove(sign::ProveArgs),
    /// Check checkpoints and proofs. Exit code: 0 all proven, 1 not all, 2 unusable.
    Check(check::Args),
}

/// Signs, proves or checks.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    match &args.command {
        Command::Key(args) => sign::key(args),
        Command::Checkpoint(args) => sign::checkpoint(args),
        Command::Prove(args) => sign::prove(args),
        Command::Check(args) => check::run(args),
    }
}
