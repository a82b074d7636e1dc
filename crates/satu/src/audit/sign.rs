//! What the keeper of the register does: make a key, sign, prove.

use std::fs::{create_dir_all, read_dir};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use satu_audit::{Checkpoint, File, SigningKey, VerifierKey, base64};
use satu_store::Log;
use satu_store::audit::ProofError;
use serde_json::json;

use super::files::{Readers, about, read, signing_keys, write, write_new, wrong};
use crate::database::Address;
use crate::{Failure, print};

/// Make a key, or print the verifier keys of one.
///
/// Prints the two verifier keys, of the ledger and of the record of looks, which outsiders check
/// with: publish them where you cannot take them back. Whoever has the key's file can sign any
/// history: keep it apart from the database, readable by you only.
#[derive(clap::Args)]
pub struct KeyArgs {
    /// The key's file.
    file: PathBuf,
    /// Make the file, for a register of this name, such as your agency's internet domain.
    #[arg(long, value_name = "NAME")]
    new: Option<String>,
}

/// Sign both logs as they stand now.
///
/// Writes ledger-SIZE.checkpoint and access-SIZE.checkpoint. Give them away: to other agencies, to
/// auditors, to the public. They hold no personal data. Both logs are read from their start; nothing
/// is signed that contradicts a checkpoint in the folder.
#[derive(clap::Args)]
pub struct CheckpointArgs {
    /// The folder of checkpoints.
    folder: PathBuf,
    /// The key's file.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Address,
}

/// Prove that a log holds an entry, or that it only grew.
///
/// The checkpoint says which log is meant. The proof of an entry contains the entry: of the ledger
/// sealed, of the record of looks open, so give that to nobody but who may see it.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true)))]
pub struct ProveArgs {
    /// The checkpoint to prove it to.
    #[arg(long, value_name = "FILE")]
    checkpoint: PathBuf,
    /// Prove that the entry of this number is in it; the first is 1.
    #[arg(long, value_name = "NUMBER", group = "what")]
    entry: Option<u64>,
    /// Prove that it begins with what this earlier checkpoint signed.
    #[arg(long, value_name = "FILE", group = "what")]
    since: Option<PathBuf>,
    /// The proof's file, which must not exist.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    database: Address,
}

/// Makes a key or prints its verifier keys.
pub fn key(args: &KeyArgs) -> Result<ExitCode, Failure> {
    if let Some(name) = &args.new {
        let mut lines = String::new();
        for log in Log::ALL {
            let mut seed = [0; 32];
            getrandom::fill(&mut seed).map_err(|error| Failure {
                message: format!("the machine gives no random numbers: {error}"),
                hint: "No key was made.".to_owned(),
            })?;
            let key = SigningKey::of_seed(&format!("{name}/{}", log.name()), seed)
                .map_err(|error| Failure::new(&error, "Give a name such as contoh.go.id."))?;
            lines.extend([key.secret(), "\n".to_owned()]);
        }
        write_new(&args.file, &lines, Readers::Owner)?;
    }
    for key in signing_keys(&args.file)? {
        print(&format!("{}\n", key.verifier()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Signs.
pub fn checkpoint(args: &CheckpointArgs) -> Result<ExitCode, Failure> {
    let keys = signing_keys(&args.key)?;
    args.database.sealed(async |store| {
        let folder = &args.folder;
        create_dir_all(folder).map_err(|error| about(folder, &error, "Name another folder."))?;
        let verifiers: Vec<VerifierKey> = keys.iter().map(SigningKey::verifier).collect();
        let before = kept(folder, &verifiers)?;
        let mut signed = Vec::new();
        for (key, verifier) in keys.iter().zip(&verifiers) {
            let name = verifier.name();
            let log = Log::of_origin(name)
                .ok_or_else(|| refused(&ProofError::Origin(name.to_owned())))?;
            let note = store.sign(log, key, &before).await;
            let note = note.map_err(|error| refused(&error))?;
            let checkpoint = Checkpoint::read(&note).map_err(|error| wrong(folder, &error))?;
            let path = folder.join(format!("{}-{}.checkpoint", log.name(), checkpoint.size));
            signed.push((log, checkpoint, path, note));
        }
        for (_, _, path, note) in &signed {
            // One of this size that is there was found right, and may have more signatures.
            write(path, note, Readers::All)?;
        }
        if args.json {
            let told = |(log, checkpoint, path, _): &(Log, Checkpoint, PathBuf, String)| {
                json!({
                    "log": log.name(),
                    "origin": checkpoint.origin,
                    "size": checkpoint.size,
                    "root": base64(&checkpoint.root),
                    "file": path.display().to_string(),
                })
            };
            let told: Vec<_> = signed.iter().map(told).collect();
            print(&format!("{}\n", json!({ "checkpoints": told })));
        } else {
            for (_, checkpoint, path, _) in &signed {
                let Checkpoint { origin, size, root } = checkpoint;
                let (path, root) = (path.display(), base64(root));
                print(&format!(
                    "{path}: {origin} holds {size} entries with the root {root}\n"
                ));
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Every checkpoint in a folder, each of which the keys must have signed.
fn kept(folder: &Path, keys: &[VerifierKey]) -> Result<Vec<Checkpoint>, Failure> {
    let unread = |error: std::io::Error| about(folder, &error, "Check the folder.");
    let mut kept = Vec::new();
    for file in read_dir(folder).map_err(unread)? {
        let path = file.map_err(unread)?.path();
        if path.extension().is_some_and(|end| end == "checkpoint") {
            let opened = Checkpoint::open(&read(&path)?, keys);
            let opened = opened.map_err(|error| {
                about(&path, &error, "Only checkpoints of this key may be in the folder; name another for a new key.")
            })?;
            kept.push(opened);
        }
    }
    Ok(kept)
}

/// Proves.
pub fn prove(args: &ProveArgs) -> Result<ExitCode, Failure> {
    let opened = |path: &Path| {
        let note = read(path)?;
        let checkpoint = Checkpoint::read(&note).map_err(|error| wrong(path, &error))?;
        Ok((note, checkpoint))
    };
    let (note, checkpoint) = opened(&args.checkpoint)?;
    let old = args.since.as_deref().map(opened).transpose()?;
    args.database.sealed(async |store| {
        let origin = &checkpoint.origin;
        let (file, readers, told) = if let Some((_, old)) = &old {
            let proof = store.prove_extension(old, &checkpoint, &note).await;
            let proof = proof.map_err(|error| refused(&error))?;
            let told = format!(
                "the {} entries of {origin} begin with the {} before",
                checkpoint.size, old.size
            );
            (File::Consistency(proof), Readers::All, told)
        } else {
            let number = args.entry.unwrap_or_default();
            let proof = store.prove_entry(number, &checkpoint, &note).await;
            let proof = proof.map_err(|error| refused(&error))?;
            let told = format!(
                "entry {number} is among the {} of {origin}",
                checkpoint.size
            );
            (File::Inclusion(proof), Readers::Owner, told)
        };
        write_new(&args.out, &file.to_string(), readers)?;
        print(&format!("{}: proof that {told}\n", args.out.display()));
        Ok(ExitCode::SUCCESS)
    })
}

/// A failure to sign or prove, with what to do about it.
pub fn refused(error: &ProofError) -> Failure {
    Failure::new(error, error.hint())
}
