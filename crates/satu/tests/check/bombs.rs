//! Files made to do harm: each is refused with its reason, in little memory, and never by a crash.
//! Built by hand, because no honest library writes them.

use std::fmt::Write as _;
use std::fs::write;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};

use super::packed::{Part, archive, endless, stored, workbook};
use crate::{people, satu};

/// Address space that a check may take, in KiB: with the binary and its threads 1.5 GB.
const ROOM: u32 = 1_500_000;

/// A field of 200 MB.
const HUGE: usize = 200_000_000;

/// Checks a file in bounded memory: refused, by name, for this reason.
fn refused(at: &Path, file: &str, reason: &str) {
    let program = satu(at, &[]).get_program().to_owned();
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -v {ROOM} && exec \"$0\" check \"$1\""))
        .arg(program)
        .arg(file)
        .current_dir(at)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{file}: {told}");
    assert!(
        told.contains(file) && told.contains(reason) && told.lines().count() == 2,
        "{file}: {told}"
    );
}

/// The rows of a sheet that refers to shared strings by number.
fn sheet(rows: &str) -> Part {
    stored(&format!(
        "<worksheet><sheetData>{rows}</sheetData></worksheet>"
    ))
}

const HEAD: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>nip</t></is></c><c r="B1" t="inlineStr"><is><t>nama</t></is></c><c r="C1" t="inlineStr"><is><t>tanggal_lahir</t></is></c></row>"#;

#[test]
fn an_archive_that_unpacks_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // The helpers make workbooks that read: one row, no finding of the reader.
    let row = r#"<row r="2"><c r="A2" t="s"><v>0</v></c></row>"#;
    let strings = || {
        (
            "xl/sharedStrings.xml",
            stored("<sst><si><t>x</t></si></sst>"),
        )
    };
    let honest = workbook(sheet(&(HEAD.to_owned() + row)), vec![strings()]);
    write(at.join("jujur.xlsx"), honest).unwrap();
    let told = crate::document(at, &["check", "--json", "jujur.xlsx"], 1);
    assert_eq!(told["files"][0]["rows"], 1);

    let start = format!("<worksheet><sheetData>{HEAD}<row r=\"2\"><c/>");
    let gigabytes = workbook(endless(&start, 3 << 30), vec![]);
    assert!(gigabytes.len() < 25_000_000);
    write(at.join("gigabyte.xlsx"), gigabytes).unwrap();
    refused(
        at,
        "gigabyte.xlsx",
        "more than 2147483648 bytes: xl/worksheets/",
    );

    // One that says it is small.
    if let Part::Deflated(bytes, ..) = endless(&start, 3 << 30) {
        let small = workbook(Part::Deflated(bytes, 100, 0), vec![]);
        write(at.join("kecil.xlsx"), small).unwrap();
        refused(at, "kecil.xlsx", "damaged");
    }

    let start = format!("<worksheet><sheetData>{HEAD}<row r=\"2\"><c t=\"inlineStr\"><is><t>xxxx");
    let field = workbook(endless(&start, HUGE), vec![]);
    write(at.join("sel.xlsx"), field).unwrap();
    refused(at, "sel.xlsx", "more than 4194304 bytes: xl/worksheets/");

    let start = "<sst><si><t>x</t></si><a/>";
    let strings = endless(start, 700 << 20);
    let held = workbook(sheet(HEAD), vec![("xl/sharedStrings.xml", strings)]);
    write(at.join("teks.xlsx"), held).unwrap();
    refused(
        at,
        "teks.xlsx",
        "more than 536870912 bytes: xl/sharedStrings",
    );

    // Small on every account, but one row says the same long text again and again.
    let text = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(3 << 20));
    let row = format!(
        "{HEAD}<row r=\"2\">{}</row>",
        r#"<c t="s"><v>0</v></c>"#.repeat(16_000)
    );
    let again = workbook(sheet(&row), vec![("xl/sharedStrings.xml", stored(&text))]);
    write(at.join("ulang.xlsx"), again).unwrap();
    refused(at, "ulang.xlsx", "row 2");
}

#[test]
fn a_workbook_whose_text_is_made_of_itself() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut laughs = String::from("<?xml version=\"1.0\"?><!DOCTYPE sst [<!ENTITY a0 \"ha\">");
    for level in 1..10 {
        let below = format!("&a{};", level - 1).repeat(10);
        write!(laughs, "<!ENTITY a{level} \"{below}\">").unwrap();
    }
    laughs += "]><sst><si><t>&a9;</t></si></sst>";
    let rows = HEAD.to_owned() + r#"<row r="2"><c r="A2" t="s"><v>0</v></c></row>"#;
    let expanding = workbook(
        sheet(&rows),
        vec![("xl/sharedStrings.xml", stored(&laughs))],
    );
    write(at.join("entitas.xlsx"), expanding).unwrap();
    refused(at, "entitas.xlsx", "damaged");
}

#[test]
fn an_archive_that_is_no_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let inner = workbook(sheet(HEAD), vec![]);
    let nested = archive(&[("dalam.xlsx", Part::Stored(inner.clone()))]);
    let mut nonsense = inner.clone();
    for byte in nonsense.iter_mut().skip(200).step_by(7) {
        *byte ^= 0x55;
    }
    for (name, bytes) in [
        ("dalam.xlsx", nested),
        ("kosong.xlsx", archive(&[])),
        ("acak.xlsx", nonsense),
        ("terpotong.xlsx", inner[..inner.len() - 30].to_vec()),
        ("bukan.xlsx", archive(&[("xl/workbook.xml", stored("<a>"))])),
    ] {
        write(at.join(name), bytes).unwrap();
        let reason = if name == "kosong.xlsx" { "" } else { "damaged" };
        refused(at, name, reason);
    }
    // One packed part that a long directory gives ten thousand names.
    let name = "xl/worksheets/00000.xml";
    let mut file = archive(&[(name, endless("<a/>", 4 << 20))]);
    let start = file.len() - 22 - 46 - name.len();
    let mut entry = file[start..file.len() - 22].to_vec();
    file.truncate(start);
    for number in 0..10_000 {
        entry[46 + 14..46 + 19].copy_from_slice(format!("{number:05}").as_bytes());
        file.extend(&entry);
    }
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(10_000u16.to_le_bytes());
    file.extend(10_000u16.to_le_bytes());
    file.extend((10_000 * entry.len() as u32).to_le_bytes());
    file.extend((start as u32).to_le_bytes());
    file.extend([0; 2]);
    write(at.join("tumpuk.xlsx"), file).unwrap();
    refused(at, "tumpuk.xlsx", "more than");
}

/// A Parquet file whose columns all hold these values.
fn columns(values: Vec<String>) -> Vec<u8> {
    let column: ArrayRef = Arc::new(StringArray::from(values));
    table(&column)
}

/// A small Parquet file: one value of this length, said again in each row.
fn repeated(length: usize, rows: usize) -> Vec<u8> {
    let value: ArrayRef = Arc::new(StringArray::from(vec!["x".repeat(length)]));
    let keys = Int32Array::from(vec![0; rows]);
    let column: ArrayRef = Arc::new(DictionaryArray::new(keys, value));
    table(&column)
}

fn table(column: &ArrayRef) -> Vec<u8> {
    let names = ["nip", "nama", "tanggal_lahir"];
    let batch = RecordBatch::try_from_iter(names.map(|name| (name, Arc::clone(column)))).unwrap();
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_compression(parquet::basic::Compression::ZSTD(
            parquet::basic::ZstdLevel::default(),
        ))
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// A number of the compact protocol.
fn number(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 127 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A Parquet file without rows, of one column inside so many groups.
fn nested(groups: u64) -> Vec<u8> {
    // Version; the schema, a list of structures; the root with one child.
    let mut footer = vec![0x15, 2, 0x19, 0xFC];
    footer.extend(number(groups + 2));
    footer.extend([0x48, 1, b's', 0x15, 2, 0]);
    for _ in 0..groups {
        footer.extend([0x35, 0, 0x18, 1, b'a', 0x15, 2, 0]);
    }
    // A column of texts; no rows, no row groups.
    footer.extend([0x15, 12, 0x25, 0, 0x18, 3, b'n', b'i', b'p', 0]);
    footer.extend([0x16, 0, 0x19, 0x0C, 0]);
    let mut file = b"PAR1".to_vec();
    file.extend(&footer);
    file.extend((footer.len() as u32).to_le_bytes());
    file.extend(b"PAR1");
    file
}

#[test]
fn a_parquet_file_that_lies() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let honest = columns(vec!["Contoh".to_owned(); 3]);
    let end = honest.len();
    let with_footer_of = |length: u32| {
        let mut file = honest.clone();
        file[end - 8..end - 4].copy_from_slice(&length.to_le_bytes());
        file
    };
    for (name, bytes, reason) in [
        (
            "panjang.parquet",
            with_footer_of(u32::MAX),
            "the end of the file",
        ),
        ("pendek.parquet", with_footer_of(3), "damaged"),
        (
            "terpotong.parquet",
            honest[..end - 1].to_vec(),
            "the end of the file",
        ),
        ("tajuk.parquet", b"PAR1PAR1".to_vec(), "the end of the file"),
        ("dalam.parquet", nested(3), "no known column"),
        ("curam.parquet", nested(2_000_000), "nest too deep"),
        (
            "medan.parquet",
            columns(vec!["x".repeat(HUGE / 8)]),
            "row 2",
        ),
        (
            "halaman.parquet",
            columns(vec!["x".repeat(HUGE)]),
            "the pages of a row group",
        ),
        ("ulang.parquet", repeated(5_000_000, 300), "row 2"),
    ] {
        write(at.join(name), bytes).unwrap();
        refused(at, name, reason);
    }
    // Every byte of the footer changed once: refused or read, never a crash.
    let footer = u32::from_le_bytes(honest[end - 8..end - 4].try_into().unwrap()) as usize;
    for place in end - 8 - footer..end - 8 {
        let mut file = honest.clone();
        file[place] ^= 0xFF;
        write(at.join("ubah.parquet"), file).unwrap();
        if place % 9 == 0 {
            let output = satu(at, &["check", "ubah.parquet"]).output().unwrap();
            assert!(output.status.code().is_some(), "{place}");
        }
    }
}

#[test]
fn a_field_of_200_megabytes_and_other_texts() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let big = |name: &str, start: &str, unit: &[u8], end: &str| {
        let mut file = std::io::BufWriter::new(std::fs::File::create(at.join(name)).unwrap());
        file.write_all(start.as_bytes()).unwrap();
        let chunk = unit.repeat(1_000_000 / unit.len());
        for _ in 0..HUGE / chunk.len() {
            file.write_all(&chunk).unwrap();
        }
        file.write_all(end.as_bytes()).unwrap();
    };
    let head = "nip,nama,tanggal_lahir\n";
    big("medan.csv", &format!("{head}1,\""), b"x", "\",c\n");
    refused(at, "medan.csv", "row 2");
    big("kepala.csv", "nip,nama,", b"x", "\n1,2,3\n");
    refused(at, "kepala.csv", "row 1");
    big("medan.jsonl", "{\"nip\":\"", b"x", "\"}\n");
    refused(at, "medan.jsonl", "row 1");
    big("dalam.jsonl", "{\"nip\":", b"[", "");
    refused(at, "dalam.jsonl", "row 1");
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(head.encode_utf16().flat_map(u16::to_le_bytes));
    let wide = String::from_utf8_lossy(&wide[2..]).into_owned();
    big("lebar.csv", &format!("{wide}\"\0"), b"x\0", "");
    let mut marked = vec![0xFF, 0xFE];
    marked.extend(std::fs::read(at.join("lebar.csv")).unwrap());
    write(at.join("lebar.csv"), marked).unwrap();
    refused(at, "lebar.csv", "row 2");
    for name in ["nol.csv", "nol.xlsx", "nol.parquet", "nol.jsonl"] {
        write(at.join(name), "").unwrap();
        refused(at, name, "0 bytes");
    }
    // Half a character and half a pair at the end of UTF-16.
    let mut odd = vec![0xFF, 0xFE];
    odd.extend(people(0..2).encode_utf16().flat_map(u16::to_le_bytes));
    odd.extend([0x3D, 0xD8, 0x41]);
    write(at.join("ganjil.csv"), odd).unwrap();
    let told = crate::document(at, &["check", "--json", "ganjil.csv"], 1);
    assert_eq!(told["files"][0]["rows"], 3);
    assert_eq!(told["files"][0]["by_rule"]["BR-001"], 1);
}
