//! Files as they come. All persons are made up.
#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

mod parquet;

use satu_domain::Kind;
use satu_domain::schema::data_utama as du;
use satu_intake::{Broken, IntakeError, LooksLike, MapFile, Options, Reader};

fn open(path: &std::path::Path) -> Result<Reader, IntakeError> {
    satu_intake::open(path, &Options::default())
}

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
                row.cell(du::nip),
                row.cell(du::nama),
                row.cell(du::tanggal_lahir)
            ),
            (2, "1", "Café", "2")
        );
        assert!(reader.next_row().unwrap().is_none());
    }
}

#[test]
fn a_quoted_newline_stays_in_its_cell() {
    let file = file(b"nip,alamat,kata,nama,tanggal_lahir\n1,\"Jalan\nDua\",x,a,b\n2,b,y,c,d\n");
    let mut reader = open(file.path()).unwrap();
    assert_eq!(reader.mapping().unknown().collect::<Vec<_>>(), ["kata"]);
    assert_eq!(
        reader.next_row().unwrap().unwrap().cell(du::alamat),
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
            looks_like: LooksLike::Pdf,
            ..
        }
    ));
    assert!(matches!(
        refused(b"a\0b"),
        IntakeError::NotATable {
            looks_like: LooksLike::Binary,
            ..
        }
    ));
    assert!(matches!(
        refused(b"satu,dua\n1,2\n"),
        IntakeError::NoHeader { .. }
    ));
    assert!(matches!(
        refused(b"NIP,nip baru,nama,tanggal_lahir\n"),
        IntakeError::TwoHeaders { column: "nip", .. }
    ));
    assert!(matches!(
        open(std::path::Path::new("/nowhere/x.csv")).err().unwrap(),
        IntakeError::Io { .. }
    ));
}

#[test]
fn a_broken_row_is_told_and_the_next_still_reads() {
    let short = file(b"nik,nama,tanggal_lahir\n1,a,b\n2\n,,\n3,c,d\n");
    let mut reader = open(short.path()).unwrap();
    assert!(reader.next_row().unwrap().unwrap().broken.is_none());
    assert_eq!(
        reader.next_row().unwrap().unwrap().broken,
        Some(&Broken::Ragged {
            expected: 3,
            got: 1
        })
    );
    let last = reader.next_row().unwrap().unwrap();
    assert_eq!((last.number, last.cell(du::nama)), (5, "c"));
    assert_eq!(reader.blank_rows(), 1);
}

#[test]
fn a_null_character_breaks_its_row_alone() {
    // Near its start it shows that the file is no text; so far in, one row is spoilt.
    let many = "1,a,b\n".repeat(100_000);
    let csv = format!("nik,nama,tanggal_lahir\n{many}1,a\0,b\n2,c,d\n");
    let lines = r#"{"nik":"1","nama":"a\u0000","tanggal_lahir":"b","lain\u0000":"x"}
{"nik":"2","nama":"c","tanggal_lahir":"d"}
"#;
    for text in [&csv, lines] {
        let kept = file(text.as_bytes());
        let mut reader = open(kept.path()).unwrap();
        let headers = &reader.mapping().headers;
        assert!(headers.iter().all(|header| !header.contains('\0')));
        let mut broken = Vec::new();
        let mut last = String::new();
        while let Some(row) = reader.next_row().unwrap() {
            broken.extend(row.broken.cloned());
            row.cell(du::nama).clone_into(&mut last);
        }
        assert_eq!((broken, last.as_str()), (vec![Broken::Nul], "c"));
    }
}

#[test]
fn a_row_has_the_number_that_a_spreadsheet_shows() {
    let rows = [
        "\nDaftar\n\nnik,nama,tanggal_lahir\n",
        "\n1,\"a\n\nb\n\",c\n",
        "2,z,b\n",
        "\n\n\n3,a,b\n,,\n4,a,\"b\n\"\n",
    ];
    let text = rows.concat();
    let long = "x".repeat(9_000);
    for (name, text) in [
        ("LF", text.clone()),
        ("no last line feed", text.trim_end().to_owned()),
        ("CR LF", text.replace('\n', "\r\n")),
        (
            "mixed",
            rows[0].replace('\n', "\r\n") + rows[1] + rows[2] + &rows[3].replace('\n', "\r\n"),
        ),
        // Rows longer than what the reader takes at once.
        ("long", text.replace('z', &long)),
        (
            "long, CR LF",
            text.replace('z', &long).replace('\n', "\r\n"),
        ),
    ] {
        for bom in ["", "\u{feff}"] {
            let table = file(format!("{bom}{text}").as_bytes());
            let mut reader = open(table.path()).unwrap();
            let mut seen = Vec::new();
            while let Some(row) = reader.next_row().unwrap() {
                assert!(row.broken.is_none(), "{name}");
                seen.push((row.number, row.cell(du::nik).to_owned()));
            }
            let wanted = [(6, "1"), (7, "2"), (11, "3"), (13, "4")];
            assert_eq!(seen, wanted.map(|(n, nik)| (n, nik.to_owned())), "{name}");
            assert_eq!(reader.blank_rows(), 5, "{name}");
        }
    }
    // A line feed at any place of what is read at once.
    for fill in 8_100..8_250 {
        let text = format!(
            "nik,nama,tanggal_lahir\r\n{},b,c\r\n\r\n2,b,c\r\n",
            "1".repeat(fill)
        );
        let table = file(text.as_bytes());
        let mut reader = open(table.path()).unwrap();
        assert_eq!(reader.next_row().unwrap().unwrap().number, 2);
        assert_eq!(reader.next_row().unwrap().unwrap().number, 4, "{fill}");
    }
}

#[test]
fn a_file_without_a_name_reads_from_its_beginning() {
    use std::io::Write;
    let mut nameless = tempfile::tempfile().unwrap();
    nameless
        .write_all(b"nip,nama,tanggal_lahir\n1,a,b\n")
        .unwrap();
    let name = std::path::Path::new("kiriman.xlsx");
    let mut reader = satu_intake::read(nameless, name, &Options::default()).unwrap();
    assert_eq!(reader.next_row().unwrap().unwrap().cell(du::nama), "a");
    assert_eq!(reader.bytes_read(), 29);
    let empty = satu_intake::read(tempfile::tempfile().unwrap(), name, &Options::default());
    assert!(empty.err().unwrap().to_string().contains("kiriman.xlsx"));
}

#[test]
fn a_row_that_never_ends_is_stopped() {
    let mut bytes = b"nip,nama,tanggal_lahir\n1,\"".to_vec();
    bytes.resize(12 << 20, b'x');
    let endless = file(&bytes);
    assert!(matches!(
        open(endless.path()).unwrap().next_row().err().unwrap(),
        IntakeError::TooLong { row: 2, .. }
    ));
}

#[test]
fn titles_above_the_header_are_passed_over() {
    let titled = file(b"Daftar Nama Pegawai\nKota Contoh\nNIP;Nama;Tgl Lahir\n1;a;2\n");
    let mut reader = open(titled.path()).unwrap();
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!((row.number, row.cell(du::nama)), (4, "a"));
}

#[test]
fn missing_required_columns_are_named() {
    let error = open(file(b"nama,agama\nContoh,1\n").path()).err().unwrap();
    assert!(
        matches!(error, IntakeError::MissingColumns { ref columns, .. } if columns == &["nip (or nik)", "tanggal_lahir"])
    );
}

#[test]
fn utf_16_reads_like_utf_8() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(
        "NIP\tNama\tTgl Lahir\n1\tCaf\u{e9}\t2\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    let file = file(&bytes);
    let mut reader = open(file.path()).unwrap();
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!(row.cell(du::nama), "Caf\u{e9}");
}

#[test]
fn json_lines_keep_every_key_and_tell_a_broken_line() {
    let file = file(
        b"{\"nik\":\"1\",\"nama\":\"a\",\"tanggal_lahir\":null}\nnot json\n{\"nik\":2,\"hobi\":\"x\"}\n",
    );
    let mut reader = open(file.path()).unwrap();
    assert!(reader.next_row().unwrap().unwrap().broken.is_none());
    assert!(matches!(
        reader.next_row().unwrap().unwrap().broken,
        Some(Broken::NotAnObject(_))
    ));
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!((row.number, row.cell(du::nik)), (3, "2"));
    assert_eq!(row.unknown().collect::<Vec<_>>(), [("hobi", "x")]);
}

#[test]
fn a_map_fits_any_layout() {
    let map = MapFile::parse(
        "kind = \"data_utama\"\ndate_format = \"DD/MM/YY\"\n[columns]\nnip = \"No Urut Induk\"\n\
         [constants]\ninstansi_induk = \"Kota Contoh\"\n[values.jenis_kelamin]\nLaki = \"L\"\n",
    )
    .unwrap();
    let options = Options {
        map: Some(map),
        ..Options::default()
    };
    let table = file(b"No Urut Induk,nama,Tgl Lahir,JK\n1,a,07/03/85,Laki\n");
    let mut reader = satu_intake::open(table.path(), &options).unwrap();
    let row = reader.next_row().unwrap().unwrap();
    let wanted = [
        (du::nip, "1"),
        (du::tanggal_lahir, "1985-03-07"),
        (du::jenis_kelamin, "L"),
        (du::instansi_induk, "Kota Contoh"),
    ];
    for (column, value) in wanted {
        assert_eq!(row.cell(column), value);
    }
    let other = file(b"nip,nama,tanggal_lahir\n");
    assert!(matches!(
        satu_intake::open(other.path(), &options).err().unwrap(),
        IntakeError::MapHeader { column: "nip", .. }
    ));
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, header: bool) {
        let mut all = if header { b"nip,nama,tanggal_lahir\n".to_vec() } else { Vec::new() };
        all.extend(bytes);
        if let Ok(mut reader) = open(file(&all).path()) {
            while let Ok(Some(row)) = reader.next_row() {
                row.cells_into(&mut Vec::new());
            }
        }
    }
}

#[test]
fn a_workbook_reads_with_titles_dates_and_lost_digits() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Pegawai").unwrap();
    sheet.write_string(0, 0, "Daftar pegawai").unwrap();
    for (at, header) in ["NIP", "NIK", "Nama", "Tgl Lahir", "Hobi"]
        .iter()
        .enumerate()
    {
        sheet.write_string(2, at as u16, *header).unwrap();
    }
    let day = ExcelDateTime::from_ymd(1985, 3, 17).unwrap();
    let format = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_number(3, 0, 198_503_172_010_012_005.0).unwrap();
    sheet.write_string(3, 1, "3175091703850001").unwrap();
    sheet.write_string(3, 2, "Contoh Nama").unwrap();
    sheet
        .write_datetime_with_format(3, 3, &day, &format)
        .unwrap();
    sheet.write_blank(5, 0, &format).unwrap();
    sheet.write_string(8, 0, "1").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let table = file(&bytes);
    let mut reader = open(table.path()).unwrap();
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!(
        (row.number, row.cell(du::nama), row.cell(du::tanggal_lahir)),
        (4, "Contoh Nama", "1985-03-17")
    );
    assert_eq!(
        row.doubts().collect::<Vec<_>>(),
        [(du::nip, satu_intake::Doubt::DigitsLost)]
    );
    assert_eq!(reader.next_row().unwrap().unwrap().number, 9);
    assert!(reader.next_row().unwrap().is_none());
    assert_eq!(reader.blank_rows(), 4);
    let options = Options {
        sheet: Some("Lain".to_owned()),
        ..Options::default()
    };
    assert!(matches!(
        satu_intake::open(table.path(), &options).err().unwrap(),
        IntakeError::NoSheet { .. }
    ));
    assert!(matches!(
        open(file(&bytes[..bytes.len() / 2]).path()).err().unwrap(),
        IntakeError::Damaged { .. }
    ));
}

#[test]
fn a_quote_open_at_the_end_of_the_file_swallows_no_row() {
    let head = "alamat,nip,nama,tanggal_lahir,kata\n";
    for bom in ["", "\u{feff}"] {
        // The last column: the row would have the right number of cells.
        let open_at_end = file(format!("{bom}{head}a,1,b,c,\"x\na,2,b,c,x\n").as_bytes());
        let mut reader = open(open_at_end.path()).unwrap();
        assert!(matches!(
            reader.next_row().err().unwrap(),
            IntakeError::NeverClosed { row: 2, .. }
        ));
        for end in ["", "\n", "\r\n", "\n\n\n"] {
            let closed = file(format!("{bom}{head}a,1,b,c,x\na,2,b,c,\"x\n\"\"\"{end}").as_bytes());
            let mut reader = open(closed.path()).unwrap();
            assert_eq!(reader.next_row().unwrap().unwrap().number, 2);
            let last = reader.next_row().unwrap().unwrap();
            assert_eq!(last.unknown().collect::<Vec<_>>(), [("kata", "x\n\"")]);
            assert!(reader.next_row().unwrap().is_none());
            assert!(reader.next_row().unwrap().is_none());
        }
    }
}
