//! Files as they come. All persons are made up.
#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

use satu_domain::Kind;
use satu_domain::schema::data_utama as du;
use satu_intake::{IntakeError, open};

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

#[test]
fn each_separator_and_encoding_reads_the_same() {
    for bytes in [
        "NIP Baru,Nama,Tgl Lahir\n1, Café ,2\n".as_bytes(),
        "\u{feff}NIP Baru;Nama;Tgl Lahir\r\n1;Café;2\r\n".as_bytes(),
        b"NIP Baru\tNama\tTgl Lahir\n1\tCaf\xe9\t2\n",
    ] {
        let file = file(bytes);
        let mut reader = open(file.path()).unwrap();
        assert_eq!(reader.kind(), Kind::DataUtama);
        let row = reader.next_row().unwrap().unwrap();
        assert_eq!(
            (
                row.number,
                &*row.cells[du::nip],
                &*row.cells[du::nama],
                &*row.cells[du::tanggal_lahir]
            ),
            (2, "1", "Café", "2")
        );
        assert!(reader.next_row().unwrap().is_none());
    }
}

#[test]
fn a_quoted_newline_stays_in_its_cell() {
    let file = file(b"nip,alamat,kata\n1,\"Jalan\nDua\",x\n2,b,y\n");
    let mut reader = open(file.path()).unwrap();
    assert_eq!(reader.mapping().unknown, ["kata"]);
    assert_eq!(
        &*reader.next_row().unwrap().unwrap().cells[du::alamat],
        "Jalan\nDua"
    );
    assert_eq!(reader.next_row().unwrap().unwrap().number, 3);
}

#[test]
fn the_kind_follows_from_the_columns() {
    let file = file(b"nip,golongan,tmt_golongan,sk_nomor,sk_tanggal\n");
    assert_eq!(open(file.path()).unwrap().kind(), Kind::Golongan);
}

#[test]
fn what_is_no_table_is_named() {
    let refused = |bytes: &[u8]| open(file(bytes).path()).err().unwrap();
    assert!(matches!(refused(b""), IntakeError::Empty(_)));
    assert!(matches!(
        refused(b"%PDF-1.7\n"),
        IntakeError::NotATable {
            looks_like: "a PDF document",
            ..
        }
    ));
    assert!(matches!(
        refused(b"a\0b"),
        IntakeError::NotATable {
            looks_like: "binary data",
            ..
        }
    ));
    assert!(matches!(
        refused(b"satu,dua\n1,2\n"),
        IntakeError::NoHeader { .. }
    ));
    assert!(matches!(
        refused(b"NIP,nip baru\n"),
        IntakeError::TwoHeaders { column: "nip", .. }
    ));
    assert!(matches!(
        open(std::path::Path::new("/nowhere/x.csv")).err().unwrap(),
        IntakeError::Io { .. }
    ));
}

#[test]
fn a_broken_row_is_told_by_its_number() {
    let short = file(b"nip,nama\n1,a\n2\n");
    let mut reader = open(short.path()).unwrap();
    assert!(reader.next_row().unwrap().is_some());
    assert!(matches!(
        reader.next_row().err().unwrap(),
        IntakeError::Ragged {
            row: 3,
            expected: 2,
            got: 1,
            ..
        }
    ));
    let mut bytes = b"nip,nama\n1,\"".to_vec();
    bytes.resize(12 << 20, b'x');
    let endless = file(&bytes);
    assert!(matches!(
        open(endless.path()).unwrap().next_row().err().unwrap(),
        IntakeError::TooLong { row: 2, .. }
    ));
}
