//! The file that holds the register's master keys, outside the database.
//!
//! A text: a line for each key, `satu-key-1 ID SECRET`, both in hexadecimal digits; the first is the
//! one in use, others are of before a rotation. The ID is worked out from the secret, so that a
//! damaged line is told from a wrong key. Lines that begin with `#` say what the file is.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use ring::{hkdf, hmac};
use satu_audit::hex;

use super::error::KeyError;
use super::{SECRET, derived, random};

const WORD: &str = "satu-key-1";
const HEAD: &str = "# The key of a register kept by satu: whoever has this file and the database can read it all.\n\
     # Keep a copy away from the database and its backups. Without it the register cannot be read.\n";

/// Where the file of the master keys is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// The operator said so.
    File(PathBuf),
    /// In the folder for the user's data, under the register's number; so it is found again when
    /// the database is moved, and never lies beside it.
    OfUser,
}

impl KeyPlace {
    /// The file for a register. An error where the machine names no folder for the user's data.
    pub fn path(&self, register: &str) -> Result<PathBuf, KeyError> {
        let folder = |name: &str, below: &[&str]| {
            let set = std::env::var_os(name).filter(|set| !set.is_empty())?;
            let mut folder = PathBuf::from(set);
            folder.extend(below);
            folder.is_absolute().then_some(folder)
        };
        match self {
            KeyPlace::File(path) => Ok(path.clone()),
            KeyPlace::OfUser => folder("XDG_DATA_HOME", &[])
                .or_else(|| folder("LOCALAPPDATA", &[]))
                .or_else(|| folder("HOME", &[".local", "share"]))
                .map(|folder| {
                    folder
                        .join("satu")
                        .join("keys")
                        .join(format!("{register}.key"))
                })
                .ok_or(KeyError::NoFolder),
        }
    }
}

/// One master key.
#[derive(Clone)]
pub(super) struct Master {
    /// Worked out from the secret; no secret itself.
    pub id: String,
    secret: [u8; SECRET],
}

impl Master {
    pub fn of(secret: [u8; SECRET]) -> Master {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let id = hex(&hmac::sign(&key, b"satu master key id").as_ref()[..8]);
        Master { id, secret }
    }

    pub fn new() -> Result<Master, KeyError> {
        Ok(Master::of(random()?))
    }

    /// What wraps a register's data keys.
    pub fn wrapping(&self) -> [u8; SECRET] {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"satu master key");
        derived(&salt.extract(&self.secret), b"wrap")
    }

    fn line(&self) -> String {
        format!("{WORD} {} {}\n", self.id, hex(&self.secret))
    }

    /// The key of a line; none where it is damaged.
    fn read(line: &str) -> Option<Master> {
        let mut words = line.split_ascii_whitespace();
        let (word, id, digits) = (words.next()?, words.next()?, words.next()?);
        if word != WORD || words.next().is_some() || digits.len() != 2 * SECRET {
            return None;
        }
        let mut secret = [0; SECRET];
        for (byte, pair) in secret.iter_mut().zip(digits.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        let master = Master::of(secret);
        (master.id == id).then_some(master)
    }
}

/// What a file holds.
pub(super) struct KeyFile {
    pub path: PathBuf,
    /// At least one; the first is in use.
    pub masters: Vec<Master>,
}

impl KeyFile {
    /// Reads a file, which nobody but its owner may be able to read.
    pub fn read(path: &Path) -> Result<KeyFile, KeyError> {
        let fault = |source: std::io::Error| {
            let path = path.to_owned();
            match source.kind() {
                ErrorKind::NotFound => KeyError::Missing { path },
                ErrorKind::InvalidData => KeyError::Damaged { path, line: 1 },
                _ => KeyError::File { path, source },
            }
        };
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &path.metadata().map_err(fault)?.permissions(),
            );
            if mode & 0o077 != 0 {
                let path = path.to_owned();
                return Err(KeyError::Open {
                    path,
                    mode: mode & 0o777,
                });
            }
        }
        let text = std::fs::read_to_string(path).map_err(fault)?;
        let mut masters = Vec::new();
        let lines = text.lines().zip(1..).map(|(line, at)| (line.trim(), at));
        for (line, at) in lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#')) {
            let damaged = || KeyError::Damaged {
                path: path.to_owned(),
                line: at,
            };
            masters.push(Master::read(line).ok_or_else(damaged)?);
        }
        if masters.is_empty() {
            return Err(KeyError::Damaged {
                path: path.to_owned(),
                line: 1,
            });
        }
        Ok(KeyFile {
            path: path.to_owned(),
            masters,
        })
    }

    /// Reads a file, or makes it with a new key: for its owner's eyes alone, and on the disk before
    /// anything is sealed by it.
    pub fn read_or_make(path: &Path) -> Result<KeyFile, KeyError> {
        match KeyFile::read(path) {
            Err(KeyError::Missing { .. }) => {}
            read => return read,
        }
        let made = KeyFile {
            path: path.to_owned(),
            masters: vec![Master::new()?],
        };
        match made.put(|from, to| std::fs::hard_link(from, to)) {
            // Somebody else was first.
            Err(KeyError::File { source, .. }) if source.kind() == ErrorKind::AlreadyExists => {
                KeyFile::read(path)
            }
            put => put.map(|()| made),
        }
    }

    /// Writes the file anew: whoever reads it meanwhile, or after a power cut, finds the old or the
    /// new one, whole.
    pub fn write(&self) -> Result<(), KeyError> {
        self.put(|from, to| std::fs::rename(from, to))
    }

    fn put(&self, place: impl FnOnce(&Path, &Path) -> std::io::Result<()>) -> Result<(), KeyError> {
        let put = || {
            let folder = match self.path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            make_folder(folder)?;
            let new = folder.join(format!(
                ".{}.{}.new",
                self.path.file_name().unwrap_or_default().to_string_lossy(),
                hex(&random::<8>().map_err(|_| std::io::Error::other("no random bytes"))?)
            ));
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&new)?;
            let text = self.masters.iter().map(Master::line).collect::<String>();
            let placed = file
                .write_all(HEAD.as_bytes())
                .and_then(|()| file.write_all(text.as_bytes()))
                .and_then(|()| file.sync_all())
                .and_then(|()| place(&new, &self.path));
            let _ = std::fs::remove_file(&new);
            placed?;
            // The name, too, must reach the disk; where folders cannot be opened they need no such care.
            if let Ok(folder) = File::open(folder) {
                folder.sync_all()?;
            }
            Ok(())
        };
        put().map_err(|source| KeyError::File {
            path: self.path.clone(),
            source,
        })
    }
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::{KeyError, KeyFile, KeyPlace, Master};

    #[cfg(unix)]
    fn set_mode(path: &std::path::Path, mode: u32) {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(path, mode).unwrap();
    }

    #[test]
    fn a_file_is_made_once_and_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dalam").join("kunci.key");
        assert!(matches!(
            KeyFile::read(&path),
            Err(KeyError::Missing { .. })
        ));
        let made = KeyFile::read_or_make(&path).unwrap();
        let again = KeyFile::read_or_make(&path).unwrap();
        assert_eq!(made.masters[0].id, again.masters[0].id);
        assert_eq!(made.masters[0].wrapping(), again.masters[0].wrapping());
        let two = vec![Master::new().unwrap(), made.masters[0].clone()];
        KeyFile {
            path: path.clone(),
            masters: two.clone(),
        }
        .write()
        .unwrap();
        let read = KeyFile::read(&path).unwrap().masters;
        let ids = |masters: &[Master]| masters.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&read), ids(&two));
        assert_eq!(
            std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kunci.key");
        KeyFile::read_or_make(&path).unwrap();
        let mode = |path| {
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions())
        };
        assert_eq!(mode(&path) & 0o777, 0o600);
        for wrong in [0o640, 0o604, 0o660] {
            set_mode(&path, wrong);
            let read = KeyFile::read(&path);
            assert!(matches!(read, Err(KeyError::Open { mode, .. }) if mode == wrong));
        }
        set_mode(&path, 0o400);
        KeyFile::read(&path).unwrap();
    }

    #[test]
    fn any_damage_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kunci.key");
        KeyFile::read_or_make(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let line = text
            .lines()
            .position(|line| !line.starts_with('#'))
            .unwrap();
        let starts = text
            .lines()
            .take(line)
            .map(|line| line.len() + 1)
            .sum::<usize>();
        for at in starts..text.len() - 1 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            std::fs::write(&path, &bytes).unwrap();
            let read = KeyFile::read(&path);
            assert!(
                matches!(read, Err(KeyError::Damaged { line: at, .. }) if at == line + 1),
                "{at}"
            );
        }
        for cut in ["", &text[..starts], &text[..text.len() - 5], "\u{0}\u{1}"] {
            std::fs::write(&path, cut).unwrap();
            assert!(
                matches!(KeyFile::read(&path), Err(KeyError::Damaged { .. })),
                "{cut:?}"
            );
        }
        std::fs::write(&path, [0xff; 32]).unwrap();
        assert!(matches!(
            KeyFile::read(&path),
            Err(KeyError::Damaged { .. })
        ));
    }

    #[test]
    fn a_place_that_was_named_is_that_file() {
        let path = std::path::PathBuf::from("/kunci/satu.key");
        assert_eq!(KeyPlace::File(path.clone()).path("ab").unwrap(), path);
    }
}
