//! `satu check`: exit codes, counts, reports, and files that are none.

use std::fs::{read_to_string, write};

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::{HEADER, document, people, person, ran};

mod bombs;
mod packed;

/// Three good rows and one whose name is a formula and whose e-mail is none.
fn faulty() -> String {
    let mut text = HEADER.replace('\n', ",email\n");
    for number in 0..3 {
        text += &person(number).replace('\n', ",contoh@contoh.id\n");
    }
    text + "198503172010012013,3201015703850002,=HYPERLINK(\"http://contoh\"),1985-03-17,P,2010-01-01,bukan surel\n"
}

#[test]
fn the_exit_code_says_clean_faulty_or_unusable() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at.join("bersih.csv"), people(0..3_000)).unwrap();
    write(at.join("salah.csv"), faulty()).unwrap();
    // Progress is for a person at a terminal.
    assert!(ran(at, &["check", "bersih.csv"], 0).stderr.is_empty());
    ran(at, &["check", "bersih.csv", "salah.csv"], 1);
    ran(at, &["check", "salah.csv", "tidak-ada.csv"], 2);
    ran(at, &["check"], 2);
    ran(at, &["check", "bersih.csv", "--report", "laporan.docx"], 2);
}

#[test]
fn the_counts_of_the_document_reconcile() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at.join("salah.csv"), faulty() + ",,,,,,\n1,2\n").unwrap();
    write(at.join("kosong.csv"), "").unwrap();
    let told = document(at, &["check", "--json", "salah.csv", "kosong.csv"], 2);
    assert_eq!(told["unusable"], serde_json::json!(["kosong.csv"]));
    let file = &told["files"][0];
    let count = |name: &str| file[name].as_u64().unwrap();
    assert_eq!(
        (count("rows"), count("rejected"), count("blank_rows")),
        (5, 2, 1)
    );
    assert_eq!(
        count("rows"),
        count("accepted") + count("accepted_with_warnings") + count("rejected")
    );
    let by_rule = file["by_rule"].as_object().unwrap();
    let sum: u64 = by_rule.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(sum, count("errors") + count("warnings"));
    assert_eq!(by_rule["BR-001"], 1);
    // Whatever rule a document names, the standard lists.
    let standard = document(at, &["standard", "--json"], 0);
    let rules = standard["rules"].as_array().unwrap();
    for rule in by_rule.keys() {
        assert!(rules.iter().any(|listed| listed["id"] == **rule), "{rule}");
    }
}

#[test]
fn only_a_code_list_is_loaded_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::create_dir(at.join("daftar")).unwrap();
    write(at.join("daftar/agama.csv"), "id,nama\n1,Contoh\n").unwrap();
    write(at.join("daftar/pegawai.csv"), people(0..3)).unwrap();
    let refused = ran(at, &["reference", "load", "daftar"], 2);
    let told = String::from_utf8_lossy(&refused.stderr);
    for part in ["pegawai.csv", "nip, nik, nama", "first column must be id"] {
        assert!(told.contains(part), "{told}");
    }
    std::fs::remove_file(at.join("daftar/pegawai.csv")).unwrap();
    let loaded = ran(at, &["reference", "load", "daftar"], 0);
    let told = String::from_utf8_lossy(&loaded.stdout);
    assert!(told.starts_with("1 code lists loaded: agama"), "{told}");
}

#[test]
fn each_report_can_be_opened_and_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at.join("salah.csv"), faulty()).unwrap();
    for report in ["r.csv", "r.json", "r.xlsx"] {
        ran(at, &["check", "salah.csv", "--report", report], 1);
    }
    let csv = read_to_string(at.join("r.csv")).unwrap();
    assert!(
        csv.contains("\"'=HYPERLINK(\"\"http://contoh\"\")\""),
        "{csv}"
    );

    // A name is a value too.
    write(at.join("=cmd.csv"), faulty()).unwrap();
    ran(at, &["check", "=cmd.csv", "--report", "n.csv"], 1);
    let named = read_to_string(at.join("n.csv")).unwrap();
    assert!(
        named
            .lines()
            .skip(1)
            .all(|line| line.starts_with("'=cmd.csv,"))
    );

    let json: serde_json::Value =
        serde_json::from_str(&read_to_string(at.join("r.json")).unwrap()).unwrap();
    assert_eq!(json["summaries"][0]["rows"], 4);
    let found = json["findings"].as_array().unwrap();
    assert_eq!(found.len(), csv.lines().count() - 1);
    assert!(found.iter().all(|found| found["row"] == 5));
    assert!(found.iter().any(|found| found["column"] == "email"));

    let mut book: Xlsx<_> = open_workbook(at.join("r.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["Data 1.1", "Ringkasan"]);
    let rows = book.worksheet_range("Data 1.1").unwrap();
    assert_eq!((rows.height(), rows.width()), (5, 9));
    let cell = |row: u32, column: u32| rows.get_value((row, column)).unwrap().clone();
    assert_eq!(cell(0, 8), Data::String("Temuan / Findings".into()));
    assert_eq!(cell(4, 0), Data::Float(5.0));
    // A NIP stays text, and a formula stays the text that was filed.
    assert_eq!(cell(1, 1), Data::String("197601012010011001".into()));
    assert_eq!(
        cell(4, 3),
        Data::String("=HYPERLINK(\"http://contoh\")".into())
    );
    assert!(matches!(cell(4, 8), Data::String(text) if text.contains("[DU-014] nama")));
    assert_eq!(cell(1, 8), Data::Empty);
    let formulas = book.worksheet_formula("Data 1.1").unwrap();
    assert_eq!(formulas.used_cells().count(), 0);
    let summary = book.worksheet_range("Ringkasan").unwrap();
    assert_eq!(summary.get_value((1, 4)), Some(&Data::Float(1.0)));
}

#[test]
fn a_report_never_overwrites_what_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at.join("salah.csv"), faulty()).unwrap();
    std::fs::create_dir(at.join("sub")).unwrap();
    for report in ["salah.csv", "sub/../salah.csv"] {
        ran(at, &["check", "salah.csv", "--report", report], 2);
        assert_eq!(read_to_string(at.join("salah.csv")).unwrap(), faulty());
    }
    // An older report is no such file.
    for _ in 0..2 {
        ran(at, &["check", "salah.csv", "--report", "r.csv"], 1);
    }
}

/// The second file is a pipe: a check of it waits.
#[cfg(unix)]
#[test]
fn half_a_report_never_stands_in_its_place() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at.join("salah.csv"), faulty()).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(at.join("pipa.csv"))
        .status();
    assert!(pipe.unwrap().success());
    let hidden = || {
        let all = std::fs::read_dir(at)
            .unwrap()
            .map(|one| one.unwrap().file_name());
        all.filter(|name| name.to_string_lossy().starts_with(".satu-"))
            .count()
    };
    for report in ["r.csv", "r.json", "r.xlsx"] {
        let mut check = crate::satu(at, &["check", "--report", report, "salah.csv", "pipa.csv"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = String::new();
        let mut out = BufReader::new(check.stdout.take().unwrap());
        assert!(out.read_line(&mut told).unwrap() > 0);
        check.kill().unwrap();
        check.wait().unwrap();
        assert!(told.starts_with("salah.csv"), "{told}");
        assert!(!at.join(report).exists(), "{report}");
        assert_eq!(hidden(), 1);
    }

    // Nor does that of a file that breaks off; what stood there stays.
    let broken = faulty() + "\"";
    write(at.join("kutip.csv"), broken).unwrap();
    write(at.join("r.csv"), "lama").unwrap();
    let refused = ran(at, &["check", "kutip.csv", "--report", "r.csv"], 2);
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(told.contains("no report was written"), "{told}");
    assert_eq!(read_to_string(at.join("r.csv")).unwrap(), "lama");
    // One that is no table leaves out nothing of what is told of the others.
    write(at.join("kosong.csv"), "").unwrap();
    ran(
        at,
        &["check", "salah.csv", "kosong.csv", "--report", "r.csv"],
        2,
    );
    assert!(read_to_string(at.join("r.csv")).unwrap().contains("DU-014"));
    assert_eq!(hidden(), 0);
    std::fs::create_dir(at.join("folder.csv")).unwrap();
    ran(at, &["check", "salah.csv", "--report", "folder.csv"], 2);
}

/// An intake that reads from a pipe and so stands still while it copies what is delivered.
#[cfg(unix)]
#[test]
fn a_killed_intake_leaves_no_copy_of_the_delivery() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let temporary = at.join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let pipe = at.join("kiriman.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let mut intake = crate::satu(at, &["intake", "--source", "kota", "kiriman.csv"])
        .env("TMPDIR", &temporary)
        .spawn()
        .unwrap();
    let mut delivery = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    // More than a pipe and a buffer hold: when this returns, a part of it has been copied.
    delivery.write_all(people(0..5_000).as_bytes()).unwrap();
    intake.kill().unwrap();
    intake.wait().unwrap();
    let left: Vec<_> = std::fs::read_dir(&temporary).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_nip_that_excel_took_for_a_number_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in people(0..2).lines().enumerate() {
        for (column, value) in line.split(',').enumerate() {
            let (row, column) = (row as u32, column as u16);
            if (row, column) == (2, 0) {
                let nip: f64 = value.parse().unwrap();
                sheet.write_number(row, column, nip).unwrap();
            } else {
                sheet.write_string(row, column, value).unwrap();
            }
        }
    }
    book.save(at.join("b.xlsx")).unwrap();
    let told = document(at, &["check", "--json", "--report", "r.json", "b.xlsx"], 1);
    let file = &told["files"][0];
    assert_eq!(
        (&file["accepted"], &file["rejected"]),
        (&1.into(), &1.into())
    );
    assert_eq!(file["by_rule"]["BR-003"], 1);
    let report: serde_json::Value =
        serde_json::from_str(&read_to_string(at.join("r.json")).unwrap()).unwrap();
    let found = report["findings"].as_array().unwrap();
    let lost = found
        .iter()
        .find(|found| found["rule"] == "BR-003")
        .unwrap();
    assert_eq!((&lost["row"], &lost["column"]), (&3.into(), &"nip".into()));
}

#[test]
fn a_map_fits_any_layout() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let rows = "Kode X;Orang;Hari;JK\n197601012010011001;Contoh Nama;01/01/76;Laki\n";
    write(at.join("lain.csv"), rows).unwrap();
    let map = "kind = \"data_utama\"\ndate_format = \"DD/MM/YY\"\n[columns]\nnip = \"Kode X\"\nnama = \"Orang\"\ntanggal_lahir = \"Hari\"\njenis_kelamin = \"JK\"\n[constants]\ntmt_cpns = \"2010-01-01\"\n[values.jenis_kelamin]\n\"Laki\" = \"L\"\n";
    write(at.join("peta.toml"), map).unwrap();
    ran(at, &["check", "lain.csv"], 2);
    let told = document(
        at,
        &["check", "--json", "--map", "peta.toml", "lain.csv"],
        0,
    );
    assert_eq!(told["files"][0]["rejected"], 0);
    assert_eq!(told["files"][0]["rows"], 1);
    write(at.join("peta.toml"), map.replace("Kode X", "Kode Y")).unwrap();
    let refused = ran(at, &["check", "--map", "peta.toml", "lain.csv"], 2);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Kode Y"));
    write(at.join("peta.toml"), "[kolom]\n").unwrap();
    ran(at, &["check", "--map", "peta.toml", "lain.csv"], 2);
}

#[test]
fn what_is_no_table_is_unusable_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let unclosed = people(0..3).replace("Contoh baaaa", "\"Contoh baaaa");
    let cases: [(&str, &[u8], &str); 5] = [
        ("kosong.csv", b"", "Export the file again"),
        (
            "gambar.csv",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "Save it as XLSX",
        ),
        (
            "rusak.xlsx",
            b"PK\x03\x04 not a zip at all",
            "save it again",
        ),
        ("asing.csv", b"satu,dua\n1,2\n", "header row"),
        ("kutip.csv", unclosed.as_bytes(), "quotation mark"),
    ];
    for (name, bytes, hint) in cases {
        write(at.join(name), bytes).unwrap();
        let refused = ran(at, &["check", name], 2);
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(told.contains(name) && told.contains(hint), "{name}: {told}");
    }
}
