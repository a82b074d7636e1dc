//! One function for each parser of outside bytes: given any bytes at all it returns, in bounded time
//! and memory, and what it accepts holds together.

use std::fs::File;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::date;
use satu_audit::{Checkpoint, File as Proof, Note, Proven, SigningKey, VerifierKey, check};
use satu_domain::{
    Golongan, JenisJabatan, JenisPegawai, KedudukanHukum, Kind, Nik, Nip, NipLama, PersonName, Sex,
    TingkatPendidikan, canonical, parse_date,
};
use satu_intake::{MapFile, Options};
use satu_linkage::Spec;
use satu_rules::{CodeLists, Standard};

/// Every parser by its name, which is also that of its target and its folder of seeds.
pub const ALL: [(&str, fn(&[u8])); 8] = [
    ("audit", audit),
    ("csv", csv),
    ("jsonl", jsonl),
    ("map_file", map_file),
    ("linkage_spec", linkage_spec),
    ("parquet", parquet),
    ("values", values),
    ("xlsx", xlsx),
];

/// A header that is a person's, so that what follows is read as rows.
const HEAD: &str = "nip,nik,nama,tanggal_lahir,alamat\n";

static STANDARD: LazyLock<Standard> =
    LazyLock::new(|| Standard::new(CodeLists::core(), date(2026, 11, 24)));

static SIGNER: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::of_seed("contoh.go.id/ledger", [1; 32]).expect("the name is one"));

/// A key, a signed note or a proof; as it is, and a proof also with a checkpoint that is signed.
pub fn audit(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(key) = text.parse::<SigningKey>() {
        assert_eq!(key.secret(), text);
    }
    if let Ok(note) = Note::parse(&text) {
        assert!(text.starts_with(note.text()));
    }
    let keys = [SIGNER.verifier()];
    let signed = Checkpoint::sign(22, &[7; 32], &SIGNER);
    let files = [text.to_string(), format!("{text}\n{signed}"), signed];
    for file in &files {
        if let Ok(proof) = Proof::parse(file) {
            assert_eq!(proof.to_string(), *file);
            let _ = Checkpoint::read(proof.checkpoint());
        }
    }
    let files: Vec<_> = files.map(|file| (String::new(), file)).into();
    let found = check(&files, &keys);
    // What is signed stands, and nobody knows an entry that leads to such a root.
    assert!(found[2].found.is_ok());
    assert!(!matches!(found[1].found, Ok(Proven::Included { .. })));
}

/// A delimited text, as it is and below a header.
pub fn csv(bytes: &[u8]) {
    read(bytes, &Options::default());
    read(&[HEAD.as_bytes(), bytes].concat(), &Options::default());
}

/// JSON lines.
pub fn jsonl(bytes: &[u8]) {
    read(
        &[
            b"{\"nik\":\"1\",\"nama\":\"a\",\"tanggal_lahir\":\"b\"}\n",
            bytes,
        ]
        .concat(),
        &Options::default(),
    );
    read(&[b"{", bytes].concat(), &Options::default());
}

/// A map file, and a table read by it.
pub fn map_file(bytes: &[u8]) {
    let Ok(map) = MapFile::parse(&String::from_utf8_lossy(bytes)) else {
        return;
    };
    let rows = "1,2,Contoh,07/03/85,Jalan\n19850307,,Laki,7 Maret 1985,0703855\n";
    let options = Options {
        map: Some(map),
        ..Options::default()
    };
    read(format!("{HEAD}{rows}").as_bytes(), &options);
}

/// A linkage specification.
pub fn linkage_spec(bytes: &[u8]) {
    if let Ok(spec) = Spec::parse(&String::from_utf8_lossy(bytes)) {
        assert!(spec.review_at() <= spec.link_at());
        assert!(!spec.fields().is_empty());
    }
}

/// A Parquet file.
pub fn parquet(bytes: &[u8]) {
    read(&[b"PAR1", bytes].concat(), &Options::default());
}

/// A workbook: the archive itself, or (so that a change of one byte is more than a wrong checksum) its
/// sheet and shared strings, with a zero byte between them.
pub fn xlsx(bytes: &[u8]) {
    read(&[b"PK\x03\x04", bytes].concat(), &Options::default());
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (sheet, strings) = (parts.next().unwrap_or(b""), parts.next().unwrap_or(b""));
    if let Ok(archive) = workbook(sheet, strings) {
        read(&archive, &Options::default());
    }
}

/// The numbers, dates, codes and names of a row; and a row of them held against the standard.
pub fn values(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.as_ref();
    if let Ok(nip) = Nip::parse(text) {
        assert_eq!(Nip::parse(&nip.to_string()), Ok(nip));
        let _ = (nip.birth_date(), nip.appointed(), nip.tmt_cpns(), nip.sex());
    }
    if let Ok(nik) = Nik::parse(text) {
        assert_eq!(Nik::parse(&nik.to_string()), Ok(nik));
        let _ = (nik.sex(), nik.region(), nik.masked());
    }
    if let Some(rank) = Golongan::parse(text) {
        assert_eq!(Golongan::parse(&rank.to_string()), Some(rank));
    }
    if let Some(day) = parse_date(text) {
        assert_eq!(parse_date(&day.to_string()), Some(day));
    }
    let _ = NipLama::parse(text);
    let _ = PersonName::parse(text);
    let _ = Sex::parse(text);
    let _ = JenisJabatan::parse(text);
    let _ = JenisPegawai::parse(text);
    let _ = KedudukanHukum::parse(text);
    let _ = TingkatPendidikan::parse(text);
    for kind in Kind::ALL {
        for column in kind.columns() {
            let _ = canonical(column, text);
        }
        let cells = vec![text; kind.columns().len()];
        STANDARD.check_row(kind, &cells, &mut Vec::new());
    }
}

fn file(bytes: &[u8]) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Reads a table to its end: rows are numbered upward, and every row that is read is counted.
fn read(bytes: &[u8], options: &Options) {
    let Ok(file) = file(bytes) else { return };
    let Ok(mut reader) = satu_intake::read(file, Path::new("berkas"), options) else {
        return;
    };
    let columns = reader.kind().columns().len();
    let mut last = None;
    while let Ok(Some(row)) = reader.next_row() {
        assert!(last < Some(row.number));
        last = Some(row.number);
        let mut cells = Vec::new();
        row.cells_into(&mut cells);
        assert_eq!(cells.len(), columns);
        assert!(row.doubts().all(|(column, _)| column < columns));
        let _ = row.unknown().count() + row.as_filed().count();
    }
}

fn workbook(sheet: &[u8], strings: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in [
        (
            "_rels/.rels",
            relation("officeDocument", "xl/workbook.xml").as_bytes(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relation("worksheet", "worksheets/sheet1.xml").as_bytes(),
        ),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ] {
        archive.start_file(name, options)?;
        archive.write_all(part)?;
    }
    Ok(archive.finish()?.into_inner())
}
