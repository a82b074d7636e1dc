//! Passwords that were found in breaches: a file of their SHA-1 hashes, as Have I Been Pwned
//! publishes it ("ordered by hash": lines of 40 hexadecimal digits, a colon and a count). Some forty
//! gigabytes, of which a question reads a few kilobytes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha1::{Digest, Sha1};

/// Digits of a hash.
const DIGITS: usize = 40;
/// Bytes read at a time: more than two lines.
const PART: u64 = 256;

/// A file of breached passwords.
#[derive(Debug, Clone)]
pub struct Breached(PathBuf);

impl Breached {
    /// Takes a file, if its first line looks as it should.
    pub fn open(path: &Path) -> std::io::Result<Breached> {
        let mut first = String::new();
        File::open(path)?
            .take(DIGITS as u64 + 1)
            .read_to_string(&mut first)?;
        let (hash, colon) = first.split_at_checked(DIGITS).unwrap_or_default();
        if colon != ":" || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let told = "its lines are not SHA-1 hashes with counts, ordered by hash";
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, told));
        }
        Ok(Breached(path.to_owned()))
    }

    /// Whether a password is among them.
    pub fn holds(&self, password: &str) -> std::io::Result<bool> {
        let sought = satu_store::hex(&Sha1::digest(password.as_bytes())).to_uppercase();
        let mut file = File::open(&self.0)?;
        // The line sought, if it is there, begins in `from..to`.
        let (mut from, mut to) = (0, file.metadata()?.len());
        while from < to {
            let middle = from + (to - from) / 2;
            let Some((at, line)) = line_from(&mut file, middle)?.filter(|(at, _)| *at < to) else {
                to = middle;
                continue;
            };
            match line.cmp(&sought) {
                std::cmp::Ordering::Equal => return Ok(true),
                std::cmp::Ordering::Less => from = at + 1,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        Ok(false)
    }
}

/// The first line that begins at a place or behind it: where, and its hash.
fn line_from(file: &mut File, at: u64) -> std::io::Result<Option<(u64, String)>> {
    let before = at.saturating_sub(1);
    file.seek(SeekFrom::Start(before))?;
    let mut bytes = Vec::new();
    file.take(PART).read_to_end(&mut bytes)?;
    let start = match at {
        0 => 0,
        _ => match bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => end + 1,
            None => return Ok(None),
        },
    };
    let hash = bytes.get(start..start + DIGITS);
    Ok(hash.map(|hash| {
        let text = String::from_utf8_lossy(hash).to_uppercase();
        (before + start as u64, text)
    }))
}

#[cfg(test)]
mod tests {
    use sha1::{Digest, Sha1};

    use super::Breached;

    #[test]
    fn every_line_is_found_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sha1.txt");
        for (count, end) in [(1, "\n"), (2, "\r\n"), (3, "\n"), (500, "\r\n")] {
            let mut lines: Vec<String> = (0..count)
                .map(|n| {
                    format!(
                        "{}:{}{end}",
                        satu_store::hex(&Sha1::digest(format!("p{n}"))).to_uppercase(),
                        n * n
                    )
                })
                .collect();
            lines.sort();
            std::fs::write(&path, lines.concat()).unwrap();
            let breached = Breached::open(&path).unwrap();
            for n in 0..count {
                assert!(breached.holds(&format!("p{n}")).unwrap(), "{n} of {count}");
                assert!(!breached.holds(&format!("q{n}")).unwrap());
            }
            // The last line may lack its end.
            std::fs::write(&path, lines.concat().trim_end()).unwrap();
            assert!((0..count).all(|n| breached.holds(&format!("p{n}")).unwrap()));
        }
        std::fs::write(&path, "123456\npassword\n").unwrap();
        assert!(Breached::open(&path).is_err());
        std::fs::write(&path, "").unwrap();
        assert!(Breached::open(&path).is_err());
    }
}
