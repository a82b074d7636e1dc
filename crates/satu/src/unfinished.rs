//! What a command has not written whole yet: hidden in the folder of what it becomes, readable by the
//! owner only, and locked, so that what a killed run left is known and goes with the next run there.

#[cfg(unix)]
use std::fs::Permissions;
use std::fs::{File, Metadata, remove_dir_all, remove_file, rename};
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
    /// For a place, or for what a link there leads to; an error where no file can come to stand there.
    pub fn at(place: &Path) -> Result<Whole> {
        if place.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        let place = place.canonicalize().unwrap_or_else(|_| place.to_owned());
        let (folder, lock) = folder(above(&place))?;
        Ok(Whole {
            place,
            folder,
            _lock: lock,
        })
    }

    /// Where it is written meanwhile, under the name that it will have.
    pub fn path(&self) -> PathBuf {
        let name = self.place.file_name().unwrap_or_default();
        self.folder.path().join(name)
    }

    /// Puts it in its place, once it is on the disk; for the same readers as what stood there, or for the
    /// owner alone.
    pub fn put(self) -> Result<()> {
        let file = File::open(self.path())?;
        readable(&file, self.place.metadata().ok())?;
        file.sync_all()?;
        rename(self.path(), &self.place)?;
        settled(above(&self.place))
    }
}

/// Lets those read a file who may read what it takes the place of; where that is nothing, the owner alone.
#[cfg(unix)]
fn readable(file: &File, before: Option<Metadata>) -> Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let Some(before) = before else {
        return file.set_permissions(Permissions::from_mode(0o600));
    };
    // Only root gives a file away.
    let _ = fchown(file, Some(before.uid()), Some(before.gid()));
    file.set_permissions(before.permissions())
}

#[cfg(not(unix))]
fn readable(_: &File, _: Option<Metadata>) -> Result<()> {
    Ok(())
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

    #[cfg(unix)]
    #[test]
    fn what_takes_the_place_of_a_file_is_as_private_and_leaves_its_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let at = tempfile::tempdir().unwrap();
        let [new, private, group, link] = ["new", "private", "group", "link"];
        let [real, at] = [at.path().join("real"), at.path().to_owned()];
        std::fs::create_dir(&real).unwrap();
        for (name, mode) in [(private, 0o600), (group, 0o640), ("real/own", 0o440)] {
            std::fs::write(at.join(name), "before").unwrap();
            let mode = Permissions::from_mode(mode);
            std::fs::set_permissions(at.join(name), mode).unwrap();
        }
        symlink("real/own", at.join(link)).unwrap();
        for (name, mode) in [
            (new, 0o600),
            (private, 0o600),
            (group, 0o640),
            (link, 0o440),
        ] {
            let place = at.join(name);
            let whole = Whole::at(&place).unwrap();
            std::fs::write(whole.path(), name).unwrap();
            whole.put().unwrap();
            assert_eq!(std::fs::read_to_string(&place).unwrap(), name);
            let kept = place.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(kept, mode, "{name}: {kept:o}");
        }
        assert!(at.join(link).is_symlink());
        let left = real.read_dir().unwrap();
        let left: Vec<_> = left.map(|one| one.unwrap().file_name()).collect();
        assert_eq!(left, ["own"], "nothing unfinished is left");
    }
}
