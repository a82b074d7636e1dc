//! An extract held against golden records, on both databases.

use std::fs::write;
use std::path::Path;

use serde_json::{Value, json};

use crate::{document, person, postgres, ran};

const HEAD: &str =
    "nip,nik,nama,tanggal_lahir,jenis_kelamin,tmt_cpns,nip_lama,golongan,nomor_hp,instansi_induk\n";

/// A row with what is not in [`person`].
fn row(number: usize, old: &str, rank: &str, phone: &str, agency: &str) -> String {
    person(number).replace('\n', &format!(",{old},{rank},{phone},{agency}\n"))
}

fn take_in(at: &Path, db: &str, source: &str, text: &str) {
    let file = format!("{source}.csv");
    write(at.join(&file), HEAD.to_owned() + text).unwrap();
    let arguments = [
        "intake",
        "--db",
        db,
        "--source",
        source,
        "--instansi",
        "Kota Contoh",
        &file,
    ];
    ran(at, &arguments, 0);
}

fn reconciled(at: &Path, db: &str, file: &str, more: &[&str], code: i32) -> Value {
    let mut arguments = vec![
        "reconcile",
        file,
        "--db",
        db,
        "--instansi",
        "kota  contoh",
        "--json",
    ];
    arguments.extend(more);
    document(at, &arguments, code)["counts"].clone()
}

fn story(db: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let kota = |number: usize, old: &str, rank: &str| {
        let phone = format!("08120000000{number}");
        row(number, old, rank, &phone, "Kota Contoh")
    };
    let held: String = [
        kota(0, "", "III/a"),
        kota(1, "", "III/b"),
        kota(2, "130000002", "III/c"),
        kota(3, "", "III/d"),
        // Known to the city, but at home elsewhere.
        row(4, "", "III/a", "", "Kota Lain"),
    ]
    .concat();
    take_in(at, db, "kota", &held);
    ran(at, &["link", "--db", db], 0);

    // The same file again, by any order of its rows: nothing differs.
    write(at.join("sama.csv"), HEAD.to_owned() + &held).unwrap();
    let counts = reconciled(at, db, "sama.csv", &[], 0);
    assert_eq!((&counts["rows"], &counts["same"]), (&json!(5), &json!(5)));

    let own = |number: usize| {
        person(number)
            .split(',')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (two, nine) = (own(2), own(9));
    let by_old_number = kota(2, "130000002", "III/c")
        .replace(&two[0], "")
        .replace(&two[1], &nine[1]);
    let by_nik = kota(3, "", "III/d").replace(&own(3)[0], "");
    let text = [
        // Row 2: a rank and a telephone number that nobody else states.
        row(0, "", "IV/a", "081299999999", "Kota Contoh"),
        // Row 3 and 4: found by the old NIP, and by the NIK.
        by_old_number,
        by_nik,
        // Row 5: nobody has these numbers. Row 6: the person of row 4. Row 7: no row.
        kota(9, "", "III/a"),
        kota(3, "", "III/d"),
        "1,2,3\n".to_owned(),
    ]
    .concat();
    write(at.join("baru.csv"), HEAD.to_owned() + &text).unwrap();
    for report in ["r.json", "r.csv", "r.xlsx"] {
        let counts = reconciled(at, db, "baru.csv", &["--report", report], 1);
        let of = |name: &str| counts[name].as_u64().unwrap();
        let told = [
            "rows",
            "same",
            "different",
            "only_here",
            "ambiguous",
            "unreadable",
            "only_there",
        ];
        assert_eq!(told.map(of), [6, 1, 2, 1, 1, 1, 1], "{counts}");
    }
    let report = std::fs::read(at.join("r.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let lines = report["lines"].as_array().unwrap();
    let line = |status: &str, row: Value| {
        let found = lines
            .iter()
            .find(|one| one["status"] == status && one["row"] == row);
        found
            .unwrap_or_else(|| panic!("{status} {row} in {report}"))
            .clone()
    };
    let first = line("different", json!(2));
    let rank = &first["differences"][1];
    let phone = &first["differences"][0];
    assert_eq!(phone["field"], "nomor_hp");
    assert_eq!(
        (&phone["here"], &phone["there"]),
        (&json!("••••••99"), &json!("••••••00"))
    );
    assert_eq!(
        [
            &rank["field"],
            &rank["here"],
            &rank["there"],
            &rank["reason"],
            &rank["sources"]
        ],
        [
            &json!("golongan"),
            &json!("IV/a"),
            &json!("III/a"),
            &json!("unopposed"),
            &json!(["kota"])
        ]
    );
    assert_eq!(line("different", json!(3))["matched_by"], "nip_lama");
    line("only_here", json!(5));
    assert_eq!(line("ambiguous", json!(6))["first_row"], json!(4));
    line("unreadable", json!(7));
    // Person 1 is missing in the file; person 4 is missing too, but is at home elsewhere.
    assert_eq!(line("only_there", json!(null))["nip"], json!(own(1)[0]));

    let csv = std::fs::read_to_string(at.join("r.csv")).unwrap();
    assert!(
        csv.contains("IV/a,III/a") && !csv.contains("081299999999"),
        "{csv}"
    );
    let full = reconciled(at, db, "baru.csv", &["--report", "f.csv", "--unmasked"], 1);
    assert_eq!(full["different"], json!(2));
    let csv = std::fs::read_to_string(at.join("f.csv")).unwrap();
    assert!(csv.contains("081299999999"), "{csv}");

    // Another layout, by a map file.
    let mapped = text.replace(',', ";");
    let head = HEAD.replace(',', ";").replace("nip;nik", "No;Induk");
    write(at.join("lain.csv"), head + &mapped).unwrap();
    let map = "[columns]\nnip = \"No\"\nnik = \"Induk\"\n";
    write(at.join("peta.toml"), map).unwrap();
    let counts = reconciled(at, db, "lain.csv", &["--map", "peta.toml"], 1);
    assert_eq!(counts["different"], json!(2));

    // Half a report does not take the place of one of before.
    write(at.join("kutip.csv"), HEAD.to_owned() + &text + "\"").unwrap();
    let broken = [
        "reconcile",
        "kutip.csv",
        "--db",
        db,
        "--instansi",
        "Kota Contoh",
    ];
    ran(at, &[&broken[..], &["--report", "f.csv"]].concat(), 2);
    assert_eq!(std::fs::read_to_string(at.join("f.csv")).unwrap(), csv);

    for wrong in [
        [
            "reconcile",
            "baru.csv",
            "--db",
            db,
            "--instansi",
            "Tidak Ada",
        ],
        [
            "reconcile",
            "tidak-ada.csv",
            "--db",
            db,
            "--instansi",
            "Kota Contoh",
        ],
    ] {
        ran(at, &wrong, 2);
    }
    ran(at, &["verify", "--db", db], 0);
}

#[test]
fn an_extract_is_held_against_golden_records() {
    story("satu.db");
}

#[test]
fn an_extract_is_held_against_golden_records_on_postgres() {
    story(&postgres());
}
