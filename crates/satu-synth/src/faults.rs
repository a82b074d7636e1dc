//! What goes wrong in a row, each fault under its label.

use satu_domain::schema::data_utama as du;

use crate::person::Person;
use crate::rng::Rng;

type Spoil = fn(&mut Vec<String>, &Person, &mut Rng) -> bool;

fn replace(cell: &mut String, pairs: &[(&str, &str)]) -> bool {
    for (from, to) in pairs {
        if cell.contains(from) {
            *cell = cell.replacen(from, to, 1);
            return true;
        }
    }
    false
}

fn digit(cell: &mut String, rng: &mut Rng, from: usize) -> bool {
    if cell.len() <= from || !cell.is_ascii() {
        return false;
    }
    let at = from + rng.below((cell.len() - from) as u64) as usize;
    let old = cell.as_bytes()[at];
    if !old.is_ascii_digit() {
        return false;
    }
    let new = (old - b'0' + 1 + rng.below(9) as u8) % 10;
    cell.replace_range(at..=at, &new.to_string());
    true
}

/// Label, times in a hundred thousand rows, and what it does (false where it cannot).
const FAULTS: &[(&str, u64, Spoil)] = &[
    ("typo", 2_500, |c, _, rng| {
        let mut letters: Vec<char> = c[du::nama].chars().collect();
        if letters.len() < 5 {
            return false;
        }
        let at = 1 + rng.below(letters.len() as u64 - 3) as usize;
        match rng.below(3) {
            0 => letters[at] = char::from(b'a' + rng.below(26) as u8),
            1 => drop(letters.remove(at)),
            _ => letters.swap(at, at + 1),
        }
        let new: String = letters.into_iter().collect();
        let changed = new != c[du::nama];
        c[du::nama] = new;
        changed
    }),
    ("old_spelling", 1_500, |c, _, _| {
        replace(
            &mut c[du::nama],
            &[
                ("Su", "Soe"),
                ("Jo", "Djo"),
                ("Ja", "Dja"),
                ("Yu", "Ju"),
                ("Cah", "Tjah"),
                ("utomo", "oetomo"),
            ],
        )
    }),
    ("muhammad_variant", 40_000, |c, _, rng| {
        replace(
            &mut c[du::nama],
            &[
                (
                    "Muhammad",
                    rng.pick(&["Moh.", "Muh.", "M.", "Mohammad", "Muhamad"]),
                ),
                ("Abdul", "Abd."),
            ],
        )
    }),
    ("spacing", 700, |c, _, _| {
        replace(&mut c[du::nama], &[(" ", "")])
    }),
    ("token_order", 500, |c, _, _| {
        let turned = c[du::nama].split_once(' ').map(|(a, b)| format!("{b} {a}"));
        turned.is_some_and(|new| {
            c[du::nama] = new;
            true
        })
    }),
    ("initials", 800, |c, _, _| {
        let short = c[du::nama]
            .split_once(' ')
            .map(|(a, b)| format!("{a} {}.", b.chars().next().unwrap_or('A')));
        short.is_some_and(|new| {
            c[du::nama] = new;
            true
        })
    }),
    ("titles_in_name", 2_000, |c, _, _| {
        if c[du::gelar_belakang].is_empty() {
            return false;
        }
        c[du::nama] = format!("{}, {}", c[du::nama], c[du::gelar_belakang]);
        true
    }),
    ("married_title", 500, |c, p, _| {
        if p.woman {
            c[du::nama].insert_str(0, "Hj. ");
        }
        p.woman
    }),
    ("uppercase", 1_000, |c, _, _| {
        c[du::nama] = c[du::nama].to_uppercase();
        true
    }),
    ("nik_missing", 2_000, |c, _, _| {
        c[du::nik].clear();
        true
    }),
    ("nik_digit", 800, |c, _, rng| digit(&mut c[du::nik], rng, 2)),
    ("nik_filler", 500, |c, _, _| {
        "0000000000000000".clone_into(&mut c[du::nik]);
        true
    }),
    ("nip_typo", 600, |c, _, rng| digit(&mut c[du::nip], rng, 0)),
    ("nip_old", 500, |c, _, _| {
        if c[du::nip_lama].is_empty() {
            return false;
        }
        c[du::nip] = c[du::nip_lama].clone();
        true
    }),
    ("nip_scientific", 600, |c, _, _| {
        if c[du::nip].len() != 18 {
            return false;
        }
        c[du::nip] = format!("{}.{}E+17", &c[du::nip][..1], &c[du::nip][1..6]);
        true
    }),
    ("two_nips", 50_000, |c, p, _| {
        p.earlier_nip.as_ref().is_some_and(|nip| {
            nip.clone_into(&mut c[du::nip]);
            "PPPK".clone_into(&mut c[du::jenis_pegawai]);
            "IX".clone_into(&mut c[du::golongan]);
            true
        })
    }),
    ("birth_swapped", 800, |c, _, _| {
        let cell = &mut c[du::tanggal_lahir];
        let (month, day) = (cell[5..7].to_owned(), cell[8..].to_owned());
        if day.as_str() > "12" || day == month {
            return false;
        }
        *cell = format!("{}-{day}-{month}", &cell[..4]);
        true
    }),
    ("birth_digit", 500, |c, _, rng| {
        digit(&mut c[du::tanggal_lahir], rng, 9)
    }),
    ("birth_year", 500, |c, _, rng| {
        digit(&mut c[du::tanggal_lahir], rng, 3)
    }),
    ("bad_date", 400, |c, _, _| {
        c[du::tanggal_lahir].replace_range(5.., "02-31");
        true
    }),
    ("sex_wrong", 400, |c, p, _| {
        if p.woman { "L" } else { "P" }.clone_into(&mut c[du::jenis_kelamin]);
        true
    }),
    ("place_differs", 1_000, |c, _, rng| {
        rng.pick(&["Jakarta", "Bandung", "Surabaya", "Medan", "Makassar"])
            .clone_into(&mut c[du::tempat_lahir]);
        true
    }),
    ("missing_required", 300, |c, _, rng| {
        c[if rng.chance(50_000) {
            du::nama
        } else {
            du::tanggal_lahir
        }]
        .clear();
        true
    }),
    ("stale_golongan", 1_500, |c, _, _| {
        replace(
            &mut c[du::golongan],
            &[("/d", "/c"), ("/c", "/b"), ("/b", "/a")],
        )
    }),
    ("stale_jabatan", 1_500, |c, _, _| {
        replace(
            &mut c[du::jabatan],
            &[("Ahli Madya", "Ahli Muda"), ("Ahli Muda", "Ahli Pertama")],
        )
    }),
    ("phone_format", 1_000, |c, _, _| {
        c[du::nomor_hp] = format!("+62 {}", &c[du::nomor_hp][1..]);
        true
    }),
    ("email_format", 500, |c, _, _| {
        replace(&mut c[du::email], &[("@", " at ")])
    }),
];

/// Spoils a row at the rates above; `shown` tells which columns the file has. Returns the labels.
pub fn spoil(
    cells: &mut Vec<String>,
    person: &Person,
    rng: &mut Rng,
    shown: &[usize],
) -> Vec<&'static str> {
    let mut labels = Vec::new();
    for (label, rate, apply) in FAULTS {
        if !rng.chance(*rate) {
            continue;
        }
        let before = cells.clone();
        if labels.len() < 2
            && !cells[du::tanggal_lahir].is_empty()
            && apply(cells, person, rng)
            && shown.iter().any(|c| before[*c] != cells[*c])
        {
            labels.push(*label);
        } else {
            *cells = before;
        }
    }
    labels
}
