//! What a command has not written whole yet: hidden in the folder of what it becomes, readable by the
//! owner only, and locked, so that what a killed run left is known and goes with the next run there.

use std::fs::{File, remove_dir_all, remove_file, rename};
use std::io::{ErrorKind, Result};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

const PREFIX: &str = ".satu-unfinished-";

/// A new file in a folder.
pub fn file(folder: &Path) -> Result<NamedTempFile> {
    sweep(folder);
    loop {
        let new = Builder::new().prefix(PREFIX).tempfile_in(folder)?;
        if held(Some(new.as_file()), new.path()) {
            return Ok(new);
        }
    }
}

/// A new folder in a folder, with what holds it.
pub fn folder(folder: &Path) -> Result<(TempDir, Option<File>)> {
    sweep(folder);
    loop {
        let new = Builder::new().prefix(PREFIX).tempdir_in(folder)?;
        // Where a folder cannot be opened none is swept either.
        let lock = File::open(new.path()).ok();
        if held(lock.as_ref(), new.path()) {
            return Ok((new, lock));
        }
    }
}

/// A file that others write by its path, and that stands in its place once it is whole.
pub struct Whole {
    place: PathBuf,
    folder: TempDir,
    _lock: Option<File>,
}

impl Whole {
    /// For a place; an error where no file can come to stand there.
    pub fn at(place: &Path) -> Result<Whole> {
        if place.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        let (folder, lock) = folder(above(place))?;
        Ok(Whole {
            place: place.to_owned(),
            folder,
            _lock: lock,
        })
    }

    /// Where it is written meanwhile, under the name that it will have.
    pub fn path(&self) -> PathBuf {
        let name = self.place.file_name().unwrap_or_default();
        self.folder.path().join(name)
    }

    /// Puts it in its place, once it is on the disk.
    pub fn put(self) -> Result<()> {
        File::open(self.path())?.sync_all()?;
        rename(self.path(), &self.place)?;
        settled(above(&self.place))
    }
}

/// The folder in which a file stands.
pub fn above(path: &Path) -> &Path {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    above.unwrap_or(Path::new("."))
}

/// Sees to it that the names of a folder reach the disk; where folders cannot be opened they need no
/// such care.
pub fn settled(folder: &Path) -> Result<()> {
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
}

/// Locks what is new; false where a sweep came before, which deleted it.
fn held(lock: Option<&File>, path: &Path) -> bool {
    // Where nothing can be locked nothing is swept either.
    let _ = lock.map(File::lock);
    path.exists()
}

/// Deletes what killed runs left: nobody holds it any more. What cannot be deleted stays.
fn sweep(folder: &Path) {
    let all = folder.read_dir().into_iter().flatten().flatten();
    for one in all.filter(|one| one.file_name().to_string_lossy().starts_with(PREFIX)) {
        let (path, Ok(kind)) = (one.path(), one.file_type()) else {
            continue;
        };
        // Nothing else is made here, and to open it might wait for ever.
        if (kind.is_file() || kind.is_dir())
            && let Ok(lock) = File::open(&path)
            && lock.try_lock().is_ok()
        {
            let _ = if kind.is_dir() {
                remove_dir_all(&path)
            } else {
                remove_file(&path)
            };
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_goes_and_what_another_writes_stays() {
        let at = tempfile::tempdir().unwrap();
        let at = at.path();
        let (one, (two, _lock)) = (file(at).unwrap(), folder(at).unwrap());
        std::fs::write(two.path().join("a.csv"), "a").unwrap();
        let other = at.join("satu-unfinished-of-another");
        std::fs::write(&other, "").unwrap();
        let killed = [
            file(at).unwrap().keep().unwrap().1,
            folder(at).unwrap().0.keep(),
        ];
        std::fs::write(killed[1].join("a.csv"), "a").unwrap();
        file(at).unwrap();
        assert_eq!(killed.map(|path| path.exists()), [false; 2]);
        assert!(one.path().exists() && two.path().join("a.csv").exists() && other.exists());
    }
}
