//! Keys, checkpoints and proofs as files.

use std::fs::{Permissions, read_to_string};
use std::io::{ErrorKind, Write};
use std::path::Path;

use satu_audit::{AuditError, SigningKey, VerifierKey};

use crate::Failure;

/// Who may read a file.
#[derive(Clone, Copy)]
pub enum Readers {
    /// Its owner: a key, or a proof with personal data.
    Owner,
    /// Everybody: it is made to be given away.
    All,
}

/// Reads a text.
pub fn read(path: &Path) -> Result<String, Failure> {
    read_to_string(path).map_err(|error| about(path, &error, "Check the name of the file."))
}

/// A failure with the file that it is about.
pub fn about(path: &Path, error: &dyn std::error::Error, hint: &str) -> Failure {
    let failure = Failure::new(error, hint);
    Failure {
        message: format!("{}: {}", path.display(), failure.message),
        ..failure
    }
}

/// What is wrong with a file's content.
pub fn wrong(path: &Path, error: &AuditError) -> Failure {
    about(path, error, error.hint())
}

/// Writes a new file: whole and on the disk, or not at all. Says whether it was not there before.
pub fn write(path: &Path, text: &str, readers: Readers) -> Result<bool, Failure> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".satu-audit-");
    #[cfg(unix)]
    if let Readers::All = readers {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(Permissions::from_mode(0o644));
    }
    let written = builder.tempfile_in(folder).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(true),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error.error),
        }
    });
    written.map_err(|error| about(path, &error, "Check the folder and the room on the disk."))
}

/// As [`write`], where the file must not be there.
pub fn write_new(path: &Path, text: &str, readers: Readers) -> Result<(), Failure> {
    if write(path, text, readers)? {
        return Ok(());
    }
    Err(Failure {
        message: format!("{}: there is a file of this name", path.display()),
        hint: "Name another file; nothing is overwritten.".to_owned(),
    })
}

/// The keys to sign with, which nobody but their owner may be able to read.
pub fn signing_keys(path: &Path) -> Result<Vec<SigningKey>, Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = path
            .metadata()
            .map(|found| found.permissions().mode() & 0o077);
        if open.is_ok_and(|open| open != 0) {
            return Err(Failure {
                message: format!("{}: others may read this key", path.display()),
                hint: "Make a new key if they may have; else run `chmod 600` on it.".to_owned(),
            });
        }
    }
    let keys: Result<Vec<SigningKey>, AuditError> = read(path)?.lines().map(str::parse).collect();
    keys.map_err(|error| wrong(path, &error))
}

/// Verifier keys, one a line; empty lines and what follows a `#` at a line's start are not read.
pub fn verifier_keys(path: &Path) -> Result<Vec<VerifierKey>, Failure> {
    let text = read(path)?;
    let lines = text.lines().map(str::trim);
    let keys: Result<Vec<VerifierKey>, AuditError> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::parse)
        .collect();
    let keys = keys.map_err(|error| wrong(path, &error))?;
    if keys.is_empty() {
        return Err(Failure {
            message: format!("{}: there is no verifier key in this file", path.display()),
            hint: "Name the file with the keys that the keeper of the register has published."
                .to_owned(),
        });
    }
    Ok(keys)
}
