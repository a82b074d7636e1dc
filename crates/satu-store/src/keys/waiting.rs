//! A file that waits on the disk, sealed by a key that is only in memory: when the process is gone, so
//! is what the file said.

use std::fs::{File, rename};
use std::io::{BufReader, BufWriter, Error, Read, Write};
use std::path::Path;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::{SECRET, random};

/// Bytes that are sealed at a time.
const PIECE: usize = 1 << 18;
/// Bytes of the tag.
const TAG: usize = 16;

/// The key of one file, which was sealed once: its pieces are numbered, and the number is the nonce.
pub struct Waiting(LessSafeKey);

fn nonce(piece: u64) -> Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&piece.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

/// Says of a piece whether it is the last, so that a file that is cut off does not open.
fn aad(last: bool) -> Aad<[u8; 1]> {
    Aad::from([u8::from(last)])
}

fn read_piece(from: &mut impl Read, most: usize) -> std::io::Result<Vec<u8>> {
    let mut piece = Vec::new();
    from.take(most as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

impl Waiting {
    /// Seals a file in its place. What it was before is gone, as far as the file system lets it go.
    pub fn seal(path: &Path) -> std::io::Result<Waiting> {
        let secret: [u8; SECRET] = random().map_err(Error::other)?;
        let key = UnboundKey::new(&AES_256_GCM, &secret).map_err(|_| Error::other("no cipher"))?;
        let waiting = Waiting(LessSafeKey::new(key));
        let mut from = BufReader::new(File::open(path)?);
        let mut name = path.as_os_str().to_owned();
        name.push(".seg");
        let mut to = File::create_new(&name)?;
        let mut piece = read_piece(&mut from, PIECE)?;
        for number in 0.. {
            let next = read_piece(&mut from, PIECE)?;
            let last = next.is_empty();
            waiting
                .0
                .seal_in_place_append_tag(nonce(number), aad(last), &mut piece)
                .map_err(|_| Error::other("a piece cannot be sealed"))?;
            to.write_all(&piece)?;
            if last {
                break;
            }
            piece = next;
        }
        rename(&name, path)?;
        Ok(waiting)
    }

    /// Writes what the sealed file says to another, new one. An error where it was altered or cut off.
    pub fn open_to(&self, sealed: &Path, to: &Path) -> std::io::Result<()> {
        let mut from = BufReader::new(File::open(sealed)?);
        let mut to = BufWriter::new(File::create_new(to)?);
        let mut piece = read_piece(&mut from, PIECE + TAG)?;
        for number in 0.. {
            let next = read_piece(&mut from, PIECE + TAG)?;
            let last = next.is_empty();
            let plain = self.0.open_in_place(nonce(number), aad(last), &mut piece);
            to.write_all(plain.map_err(|_| Error::other("the waiting file was altered"))?)?;
            if last {
                break;
            }
            piece = next;
        }
        to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::{PIECE, Waiting};

    #[test]
    fn a_waiting_file_opens_as_it_was_by_its_own_key_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let secret = b"3273015703850004";
        for length in [
            0,
            1,
            16,
            PIECE - 1,
            PIECE,
            PIECE + 1,
            2 * PIECE,
            2 * PIECE + 20,
        ] {
            let plain: Vec<u8> = secret.iter().copied().cycle().take(length).collect();
            std::fs::write(path("satu"), &plain).unwrap();
            let waiting = Waiting::seal(&path("satu")).unwrap();
            let sealed = std::fs::read(path("satu")).unwrap();
            assert!(!sealed.windows(16).any(|window| window == secret));
            let opened = |key: &Waiting, bytes: &[u8]| {
                std::fs::write(path("ubah"), bytes).unwrap();
                let _ = std::fs::remove_file(path("buka"));
                key.open_to(&path("ubah"), &path("buka"))
            };
            opened(&waiting, &sealed).unwrap();
            assert_eq!(std::fs::read(path("buka")).unwrap(), plain);
            std::fs::write(path("lain"), &plain).unwrap();
            let other = Waiting::seal(&path("lain")).unwrap();
            assert!(opened(&other, &sealed).is_err());
            for at in [0, sealed.len() / 2, sealed.len() - 1] {
                let mut flipped = sealed.clone();
                flipped[at] ^= 1;
                assert!(opened(&waiting, &flipped).is_err(), "{length} {at}");
            }
            for end in [0, PIECE + 16, 2 * (PIECE + 16), sealed.len() - 1] {
                if end < sealed.len() {
                    assert!(opened(&waiting, &sealed[..end]).is_err(), "{length} {end}");
                }
            }
        }
        assert!(!path("satu.seg").exists());
    }
}
