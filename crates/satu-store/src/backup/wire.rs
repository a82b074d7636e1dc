//! Parts as bytes: a letter for what follows, numbers of eight bytes with the lowest first, and
//! texts and bytes after their length.

use std::io::{Read, Write};

use super::{BackupError, Part};
use crate::ledger::Head;
use crate::snapshot::{TableRow, Value};

pub(super) fn write(part: &Part, out: &mut impl Write) -> std::io::Result<()> {
    match part {
        Part::Head(head) => {
            out.write_all(b"H")?;
            number(head.size, out)?;
            bytes(head.root.as_bytes(), out)
        }
        Part::Row(table, row) => {
            out.write_all(b"R")?;
            bytes(table.as_bytes(), out)?;
            number(row.len() as i64, out)?;
            for (column, value) in row {
                bytes(column.as_bytes(), out)?;
                match value {
                    Value::Null => out.write_all(b"n")?,
                    Value::Int(value) => {
                        out.write_all(b"i")?;
                        number(*value, out)?;
                    }
                    Value::Text(value) => {
                        out.write_all(b"t")?;
                        bytes(value.as_bytes(), out)?;
                    }
                    Value::Bytes(value) => {
                        out.write_all(b"b")?;
                        bytes(value, out)?;
                    }
                }
            }
            Ok(())
        }
        Part::Entry(at, body) => {
            out.write_all(b"E")?;
            number(*at, out)?;
            bytes(body, out)
        }
        Part::End => out.write_all(b"Z"),
    }
}

fn number(value: i64, out: &mut impl Write) -> std::io::Result<()> {
    out.write_all(&value.to_le_bytes())
}

fn bytes(value: &[u8], out: &mut impl Write) -> std::io::Result<()> {
    number(value.len() as i64, out)?;
    out.write_all(value)
}

pub(super) fn read(from: &mut impl Read) -> Result<Part, BackupError> {
    Ok(match read_letter(from)? {
        b'H' => Part::Head(Head {
            size: read_number(from)?,
            root: read_text(from)?,
        }),
        b'R' => {
            let table = read_text(from)?;
            let mut row = TableRow::new();
            for _ in 0..read_number(from)? {
                let column = read_text(from)?;
                let value = match read_letter(from)? {
                    b'n' => Value::Null,
                    b'i' => Value::Int(read_number(from)?),
                    b't' => Value::Text(read_text(from)?),
                    b'b' => Value::Bytes(read_bytes(from)?),
                    other => return Err(unknown(other)),
                };
                row.push((column, value));
            }
            Part::Row(table, row)
        }
        b'E' => Part::Entry(read_number(from)?, read_bytes(from)?),
        b'Z' => Part::End,
        other => return Err(unknown(other)),
    })
}

fn unknown(letter: u8) -> BackupError {
    BackupError::Damaged(format!("nothing is written as {:?}", letter as char))
}

fn exactly<const N: usize>(from: &mut impl Read) -> Result<[u8; N], BackupError> {
    let mut found = [0; N];
    from.read_exact(&mut found)
        .map_err(|error| BackupError::Damaged(error.to_string()))?;
    Ok(found)
}

fn read_letter(from: &mut impl Read) -> Result<u8, BackupError> {
    exactly(from).map(|[letter]| letter)
}

fn read_number(from: &mut impl Read) -> Result<i64, BackupError> {
    exactly(from).map(i64::from_le_bytes)
}

fn read_bytes(from: &mut impl Read) -> Result<Vec<u8>, BackupError> {
    let length = read_number(from)? as u64;
    // A wrong length finds the end of the backup, and takes no more memory than there is of it.
    let mut found = Vec::new();
    let count = from
        .take(length)
        .read_to_end(&mut found)
        .map_err(|error| BackupError::Damaged(error.to_string()))?;
    if count as u64 == length {
        Ok(found)
    } else {
        Err(BackupError::Damaged("it ends too soon".to_owned()))
    }
}

fn read_text(from: &mut impl Read) -> Result<String, BackupError> {
    String::from_utf8(read_bytes(from)?).map_err(|error| BackupError::Damaged(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read_as_it_was_written() {
        let parts = [
            Part::Head(Head {
                size: 2,
                root: "ab".into(),
            }),
            Part::Row(
                "account".into(),
                vec![
                    ("name".into(), Value::Text("Contoh Nama".into())),
                    ("last_seen".into(), Value::Null),
                    ("failed".into(), Value::Int(-1)),
                    ("secret".into(), Value::Bytes(vec![0, 255])),
                ],
            ),
            Part::Entry(i64::MIN, vec![1, 0, 255]),
            Part::End,
        ];
        let mut written = Vec::new();
        for part in &parts {
            write(part, &mut written).unwrap();
        }
        let mut from = written.as_slice();
        for part in &parts {
            assert_eq!(read(&mut from).unwrap(), *part);
        }
        assert!(from.is_empty());
        // Cut anywhere, or with a length that reaches beyond the end, it is damaged.
        for end in 0..written.len() {
            let mut from = &written[..end];
            while let Ok(part) = read(&mut from) {
                assert_ne!(part, Part::End, "cut at {end}");
            }
        }
        let mut huge = b"E".to_vec();
        huge.extend([0xff; 16]);
        assert!(matches!(
            read(&mut huge.as_slice()),
            Err(BackupError::Damaged(_))
        ));
    }
}
