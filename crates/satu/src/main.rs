//! `satu`: one trusted record per Indonesian civil servant.

mod check;
mod standard;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// One trusted record per Indonesian civil servant.
#[derive(Parser)]
#[command(name = "satu", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Hold files against the data standard. Exit code: 0 clean, 1 errors found, 2 unusable.
    Check(check::Args),
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
        Command::Check(args) => check::run(&args),
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
