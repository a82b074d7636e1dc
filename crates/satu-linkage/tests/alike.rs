//! Namesakes, and what takes their records for one person's.

use satu_linkage::{ASN_SPEC, Constraints, Spec};

use crate::country::Random;
use crate::probabilities::adds_up;
use crate::{asn, link_rows};

#[test]
fn namesakes_of_one_register_are_not_merged() {
    // Nobody stands here twice, but names, mothers and birth dates repeat, as in any large agency's file.
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let mut random = Random::new(31);
    let names: Vec<String> = (0..40)
        .map(|_| format!("{} {}", random.word(), random.word()))
        .collect();
    let rows: Vec<Vec<String>> = (0..20_000)
        .map(|person| {
            let name = &names[random.below(40)];
            let (year, month) = (1975 + random.below(10), 1 + random.below(12));
            let day = 1 + random.below(28);
            let joined = format!("{}{:02}", year + 25, 1 + random.below(12));
            vec![
                format!("{year}{month:02}{day:02}{joined}1{:03}", random.below(999)),
                String::new(),
                // Half of them have no NIK, so that no hard rule sets them apart.
                if person % 2 == 0 {
                    format!(
                        "3201{:02}{day:02}{month:02}{:02}{:04}",
                        person % 40,
                        year % 100,
                        person % 9999
                    )
                } else {
                    String::new()
                },
                name.clone(),
                "Kota Contoh".to_owned(),
                format!("{year}-{month:02}-{day:02}"),
                "L".to_owned(),
                names[random.below(40)].clone(),
                format!(
                    "{}{}@contoh.go.id",
                    name.replace(' ', ""),
                    random.below(1000)
                ),
                format!("0812{:08}", random.below(99_999_999)),
                format!("{:015}", random.below(999_999_999_999)),
                format!("{}-{}-01", &joined[..4], &joined[4..]),
            ]
        })
        .collect();
    let linked = link_rows(&spec, &rows, &Constraints::default());
    assert!(linked.blocking.iter().map(|block| block.pairs).sum::<u64>() > 10_000);
    assert_eq!(linked.links, [], "nobody stands here twice");
    assert!(
        linked.review.len() < 10,
        "{} pairs to look at",
        linked.review.len()
    );
}

#[test]
fn namesakes_who_lack_a_number_are_as_likely_one_person_as_they_are() {
    let low = ASN_SPEC
        .replace("\nlink_at = 0.4", "\nlink_at = 0.001")
        .replace("\nreview_at = 0.3", "\nreview_at = 0.001");
    let spec = Spec::parse(&low).unwrap();
    assert!(
        spec.link_at() < 0.01,
        "the thresholds are not where this test seeks them"
    );
    let (rows, truth) = namesakes(&spec, 6000, 5);
    let linked = link_rows(&spec, &rows, &Constraints::default());
    let least = adds_up(&spec, &rows, &linked);
    assert!(least < -4.0, "{least} bits taken off at most");
    let at = |name| {
        spec.fields()
            .iter()
            .position(|field| field.name == name)
            .unwrap()
    };
    let (nip, nik, name, born) = (at("nip"), at("nik"), at("nama"), at("tanggal_lahir"));
    let (mut pairs, mut predicted, mut observed) = (0.0, 0.0, 0.0);
    for pair in linked.links.iter().chain(&linked.review) {
        let (a, b) = (&rows[pair.a as usize], &rows[pair.b as usize]);
        let is_bare = a[nik].is_empty() || b[nik].is_empty();
        if is_bare && a[nip] != b[nip] && a[name] == b[name] && a[born] == b[born] {
            pairs += 1.0;
            predicted += f64::from(pair.probability);
            observed += f64::from(u8::from(truth[pair.a as usize] == truth[pair.b as usize]));
        }
    }
    assert!(pairs > 300.0, "{pairs} pairs");
    let (predicted, observed) = (predicted / pairs, observed / pairs);
    assert!(
        (predicted - observed).abs() < 0.1,
        "{predicted} predicted, {observed} observed of {pairs}"
    );
}

/// Rows of persons with three rows each, and whose each is. Some have the name and birth date of the one
/// before, some another NIP in one row, and a tenth of the rows no NIK.
fn namesakes(spec: &Spec, persons: usize, seed: u64) -> (Vec<Vec<String>>, Vec<usize>) {
    let mut random = Random::new(seed);
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    let (mut name, mut born) = (String::new(), String::new());
    for person in 0..persons {
        if person == 0 || !random.chance(0.1) {
            name = format!("{} {}", random.word(), random.word());
            let (year, month) = (1960 + random.below(40), 1 + random.below(12));
            born = format!("{year}-{month:02}-{:02}", 1 + random.below(28));
        }
        let digits = born.replace('-', "");
        let mut nip = format!(
            "{digits}20{:02}{:02}1{:03}",
            random.below(20),
            1 + random.below(12),
            random.below(999)
        );
        let nik = format!(
            "32{:04}{}{:04}",
            random.below(9999),
            &digits[2..],
            random.below(9999)
        );
        let has_two = random.chance(0.05);
        for row in 0..3 {
            if has_two && row == 2 {
                nip = format!("{digits}2022211{:03}", random.below(999));
            }
            let shown = if random.chance(0.1) { "" } else { &nik };
            let cells = [
                ("nip", nip.as_str()),
                ("nik", shown),
                ("nama", &name),
                ("tanggal_lahir", &born),
                ("jenis_kelamin", "L"),
            ];
            rows.push(asn(spec, &cells));
            truth.push(person);
        }
    }
    (rows, truth)
}
