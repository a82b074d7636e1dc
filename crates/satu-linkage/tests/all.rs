//! The engine held against its promises.
#![allow(clippy::unwrap_used)] // a test that panics is a test that fails

mod country;
mod part;

use std::collections::HashMap;

use country::{Random, Worth, f1, people};
use proptest::prelude::*;
use satu_linkage::{
    ASN_SPEC, Constraints, Explanation, FEBRL_SPEC, Linked, Model, Records, Spec, explain, link,
    standard,
};

fn records(spec: &Spec, rows: &[Vec<String>]) -> Records {
    let mut records = Records::new(spec);
    for row in rows {
        records.push(&row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    records
}

fn link_rows(spec: &Spec, rows: &[Vec<String>], constraints: &Constraints) -> Linked {
    link(&records(spec, rows), spec, constraints, None)
}

#[test]
fn made_up_people_are_found_again() {
    let spec = Spec::parse(FEBRL_SPEC).unwrap();
    let (rows, truth) = people(2000, 11);
    let linked = link_rows(&spec, &rows, &Constraints::default());
    let Worth {
        precision,
        recall,
        both,
    } = f1(&linked.clusters, &truth);
    assert!(
        both >= 0.99,
        "F1 {both}, precision {precision}, recall {recall}"
    );
    assert!(linked.blocking.iter().map(|block| block.pairs).sum::<u64>() > 2000);
}

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
fn a_model_given_links_as_the_learnt_one_did() {
    let spec = Spec::parse(FEBRL_SPEC).unwrap();
    let (rows, _) = people(300, 5);
    let records = records(&spec, &rows);
    let first = link(&records, &spec, &Constraints::default(), None);
    let again = link(&records, &spec, &Constraints::default(), Some(&first.model));
    assert_eq!(first.clusters, again.clusters);
    assert_eq!(first.model, again.model);
    assert_eq!(first.links, again.links);
    assert_eq!(first.review, again.review);
}

#[test]
fn the_order_of_the_records_changes_nothing() {
    let spec = Spec::parse(FEBRL_SPEC).unwrap();
    let (rows, _) = people(400, 3);
    let straight = link_rows(&spec, &rows, &Constraints::default());
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = Random::new(99);
    for at in (1..order.len()).rev() {
        order.swap(at, random.below(at + 1));
    }
    let shuffled: Vec<Vec<String>> = order.iter().map(|at| rows[*at].clone()).collect();
    let mixed = link_rows(&spec, &shuffled, &Constraints::default());
    assert_eq!(straight.model, mixed.model);
    let mut names: HashMap<u32, u32> = HashMap::new();
    for (now, before) in order.iter().enumerate() {
        let cluster = straight.clusters[*before];
        assert_eq!(
            *names.entry(mixed.clusters[now]).or_insert(cluster),
            cluster
        );
    }
    let count = |linked: &Linked| {
        let mut clusters = linked.clusters.clone();
        clusters.sort_unstable();
        clusters.dedup();
        clusters.len()
    };
    assert_eq!(count(&straight), count(&mixed));
    assert_eq!(straight.review.len(), mixed.review.len());
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let spec = Spec::parse(FEBRL_SPEC).unwrap();
    let (rows, _) = people(500, 8);
    let records = records(&spec, &rows);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| link(&records, &spec, &Constraints::default(), None))
    };
    let (one, four) = (run(1), run(4));
    assert_eq!(one.model, four.model);
    assert_eq!(one.clusters, four.clusters);
    assert_eq!(one.links, four.links);
    assert_eq!(one.review, four.review);
}

/// A row of [`ASN_SPEC`]: the named fields, the others missing.
fn asn(spec: &Spec, cells: &[(&str, &str)]) -> Vec<String> {
    let find = |name: &str| {
        cells
            .iter()
            .find(|(field, _)| *field == name)
            .map_or("", |(_, cell)| cell)
    };
    spec.fields()
        .iter()
        .map(|field| find(&field.name).to_owned())
        .collect()
}

fn sister(spec: &Spec, name: &str, serial: &str, nik: &str) -> Vec<String> {
    asn(
        spec,
        &[
            ("nip", &format!("1990021420150320{serial}")),
            ("nik", nik),
            ("nama", name),
            ("tanggal_lahir", "1990-02-14"),
            ("jenis_kelamin", "P"),
            ("tempat_lahir", "Kota Contoh"),
            ("nama_ibu_kandung", "Ibu Contoh"),
            ("nomor_hp", "081200000017"),
            ("tmt_cpns", "2015-03-01"),
        ],
    )
}

#[test]
fn twins_stay_two_however_much_they_share() {
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let rows = vec![
        sister(&spec, "Contoh Nama Satu", "01", "3171015402900001"),
        sister(&spec, "CONTOH NAMA SATU, S.Pd", "01", "3171015402900001"),
        sister(&spec, "Contoh Nama Dua", "02", "3171015402900002"),
        sister(&spec, "Contoh N. Dua", "02", "3171015402900002"),
    ];
    let linked = link_rows(&spec, &rows, &Constraints::default());
    assert_eq!(linked.clusters, [0, 0, 2, 2]);
}

#[test]
fn a_slip_in_a_serial_is_no_twin_where_the_other_number_is_far() {
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let row = |nip: &str, nik: &str| {
        let mut row = sister(&spec, "Contoh Nama Satu", "01", nik);
        nip.clone_into(&mut row[0]);
        row
    };
    // Contract first, then civil servant: two numbers in one life. The third row has a slip in its NIK.
    let (before, after) = ("199002142014212001", "199002142015032001");
    let (right, slip) = ("3171015402900123", "3171015402900193");
    let rows = vec![row(before, right), row(after, right), row(before, slip)];
    let linked = link_rows(&spec, &rows, &Constraints::default());
    assert_eq!(linked.clusters, [0, 0, 0]);
    // Once a second record bears it, it is a number of its own.
    let rows = vec![
        row(before, right),
        row(before, right),
        row(after, slip),
        row(after, slip),
    ];
    let linked = link_rows(&spec, &rows, &Constraints::default());
    assert_eq!(linked.clusters, [0, 0, 2, 2]);
}

#[test]
fn a_slip_in_each_serial_is_no_twin_where_the_name_is_the_same() {
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let thin = |nip: &str, nik: &str, name: &str| {
        asn(
            &spec,
            &[
                ("nip", nip),
                ("nik", nik),
                ("nama", name),
                ("tanggal_lahir", "1990-02-14"),
                ("jenis_kelamin", "P"),
            ],
        )
    };
    let sister = sister(&spec, "Contoh Nama Satu", "01", "3171015402900123");
    for (name, clusters) in [("CONTOH NAMA SATU", [0, 0]), ("Contoh Nama Dua", [0, 1])] {
        let slips = thin("199002142015032007", "3171015402900193", name);
        let linked = link_rows(&spec, &[sister.clone(), slips], &Constraints::default());
        assert_eq!(linked.clusters, clusters, "{name}");
    }
}

#[test]
fn a_spoilt_row_does_not_keep_the_others_of_its_person_apart() {
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let (right, slip) = ("3171015402900123", "3171015402900198");
    let row = |serial: &str, nik: &str| sister(&spec, "Contoh Nama Satu", serial, nik);
    let mut thin = row("01", right);
    for at in [4, 6, 7, 9, 11] {
        thin[at].clear();
    }
    "199002142013222011".clone_into(&mut thin[0]);
    // Against the third row both numbers of the first are others; against the second one is the same.
    let rows = vec![thin.clone(), row("01", right), row("01", slip)];
    let linked = link_rows(&spec, &rows, &Constraints::default());
    assert_eq!(linked.clusters, [0, 0, 0]);
    // A number lent by a twin is none of that: both persons' other numbers stand in two rows each.
    let twin = |serial: &str| sister(&spec, "Contoh Nama Dua", serial, "3171015402900124");
    let rows = vec![
        row("01", right),
        row("01", right),
        twin("02"),
        twin("02"),
        twin("01"),
    ];
    let linked = link_rows(&spec, &rows, &Constraints::default());
    assert_eq!(linked.clusters[..4], [0, 0, 2, 2]);
}

#[test]
fn an_old_number_in_the_new_one_s_column_is_found() {
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let row = |nip: &str, old: &str, name: &str| {
        asn(
            &spec,
            &[
                ("nip", nip),
                ("nip_lama", old),
                ("nama", name),
                ("tanggal_lahir", "1970-05-06"),
            ],
        )
    };
    let rows = vec![
        row("197005061995031002", "130456789", "Contoh Nama"),
        row("130456789", "", "Contoh Nama"),
        row("197005061996031003", "130998877", "Lain Orang"),
        row("130998877", "130998877", "Lain Orang"),
    ];
    let linked = link_rows(&spec, &rows, &Constraints::default());
    assert_eq!(linked.clusters, [0, 0, 2, 2]);
    let cells = |at: usize| rows[at].iter().map(String::as_str).collect::<Vec<_>>();
    let why = explain(&spec, &linked.model, &cells(0), &cells(1));
    let level = |name: &str| {
        let found = why.fields.iter().find(|field| field.field == name);
        found.unwrap().level.clone()
    };
    assert_eq!(
        (level("nip"), level("nip_lama")),
        ("missing".to_owned(), "same".to_owned())
    );
}

#[test]
fn a_reused_number_does_not_chain_two_people_together() {
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let person = |nip: &str, nik: &str, name: &str, born: &str| {
        asn(
            &spec,
            &[
                ("nip", nip),
                ("nik", nik),
                ("nama", name),
                ("tanggal_lahir", born),
            ],
        )
    };
    let rows = vec![
        person(
            "198001012005011001",
            "3171010101800003",
            "Orang Pertama",
            "1980-01-01",
        ),
        person(
            "198001012005011001",
            "3171010101800003",
            "Orang Pertama",
            "1980-01-01",
        ),
        // Carries the NIP of the first by mistake.
        person(
            "198001012005011001",
            "3273020707850002",
            "Lain Sekali",
            "1985-07-07",
        ),
        person(
            "198507072010011002",
            "3273020707850002",
            "Lain Sekali",
            "07-07-1985",
        ),
    ];
    let linked = link_rows(&spec, &rows, &Constraints::default());
    assert_eq!(linked.clusters, [0, 0, 2, 2]);
}

#[test]
fn officers_decisions_are_obeyed_against_the_weights() {
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let rows = vec![
        sister(&spec, "Contoh Nama Satu", "01", "3171015402900001"),
        sister(&spec, "Contoh Nama Satu", "01", "3171015402900001"),
        sister(&spec, "Contoh Nama Dua", "02", "3171015402900002"),
        sister(&spec, "Contoh Nama Dua", "02", "3171015402900002"),
    ];
    let apart = Constraints {
        same: vec![],
        not_same: vec![(1, 0)],
    };
    let linked = link_rows(&spec, &rows, &apart);
    assert_eq!(linked.clusters, [0, 1, 2, 2]);
    assert!(
        linked.review.iter().all(|pair| (pair.a, pair.b) != (0, 1)),
        "already decided"
    );
    let joined = Constraints {
        same: vec![(3, 1)],
        not_same: vec![],
    };
    assert_eq!(link_rows(&spec, &rows, &joined).clusters, [0, 0, 0, 0]);
    // Transitively: 0 and 2 are apart, so 1 and 2 cannot both be with what is the same as 0.
    let both = Constraints {
        same: vec![(0, 1), (1, 2)],
        not_same: vec![(0, 2)],
    };
    let linked = link_rows(&spec, &rows, &both);
    assert_ne!(linked.clusters[0], linked.clusters[2]);
    assert!(linked.review.iter().any(|pair| (pair.a, pair.b) == (1, 2)));
    // Records that are not there are passed over.
    let beyond = Constraints {
        same: vec![(0, 900)],
        not_same: vec![(7, 0), (2, 2)],
    };
    assert_eq!(link_rows(&spec, &rows, &beyond).clusters, [0, 0, 2, 2]);
}

#[test]
fn nothing_and_next_to_nothing_can_be_linked() {
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let none = link_rows(&spec, &[], &Constraints::default());
    assert!(none.clusters.is_empty() && none.model.prior > 0.0);
    let one = link_rows(
        &spec,
        &[vec![String::new(); spec.fields().len()]],
        &Constraints::default(),
    );
    assert_eq!(one.clusters, [0]);
    assert!(one.links.is_empty() && one.review.is_empty());
}

#[test]
fn a_number_that_everybody_holds_links_nobody() {
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let mut random = Random::new(4);
    let rows: Vec<Vec<String>> = (0..3000)
        .map(|_| {
            let (y, m, d) = (
                1965 + random.below(35),
                1 + random.below(12),
                1 + random.below(28),
            );
            asn(
                &spec,
                &[
                    (
                        "nip",
                        &format!("{y}{m:02}{d:02}20100110{:02}", random.below(100)),
                    ),
                    ("nik", "3171010101800001"),
                    ("nama", &format!("{} {}", random.word(), random.word())),
                    ("tanggal_lahir", &format!("{y}-{m:02}-{d:02}")),
                    ("nomor_hp", "081234567890"),
                ],
            )
        })
        .collect();
    let linked = link_rows(&spec, &rows, &Constraints::default());
    let alone = linked
        .clusters
        .iter()
        .enumerate()
        .filter(|(at, cluster)| *at == **cluster as usize)
        .count();
    assert!(alone >= 2998, "{alone}");
    assert!(linked.blocking.iter().any(|block| block.capped > 0));
}

#[test]
fn learning_recovers_the_chances_the_data_was_made_with() {
    let spec = Spec::parse(
        r#"
        link_at = 0.9
        review_at = 0.5
        [[field]]
        name = "a"
        kind = "code"
        [[field]]
        name = "b"
        kind = "code"
        [[field]]
        name = "c"
        kind = "code"
        [[field]]
        name = "k"
        kind = "id"
        [[field]]
        name = "l"
        kind = "id"
        [[block]]
        keys = ["k"]
        [[block]]
        keys = ["l"]
        "#,
    )
    .unwrap();
    let mut random = Random::new(21);
    let kinds = [4, 10, 25];
    let wrong = [0.05, 0.15, 0.30];
    let mut rows = Vec::new();
    for person in 0..6000usize {
        let own: Vec<usize> = kinds.iter().map(|kinds| random.below(*kinds)).collect();
        for _ in 0..2 {
            let mut row: Vec<String> = Vec::new();
            for (at, value) in own.iter().enumerate() {
                let value = if random.chance(wrong[at]) {
                    (value + 1 + random.below(kinds[at] - 1)) % kinds[at]
                } else {
                    *value
                };
                row.push(format!("v{value}"));
            }
            // Keys are shared by three persons, so that blocks hold matches and others.
            row.push(format!("{:06}", person / 3));
            // Far apart, so that no two keys are a slip away.
            row.push(format!("{:07}", (person % 2000) * 7_919_111 % 10_000_019));
            rows.push(row);
        }
    }
    let model = link_rows(&spec, &rows, &Constraints::default()).model;
    for at in 0..3 {
        // Both records of a person right, or both wrong in the same way.
        let right = 1.0 - wrong[at];
        let m = right * right + wrong[at] * wrong[at] / (kinds[at] as f64 - 1.0);
        let u = 1.0 / kinds[at] as f64;
        let found = &model.fields[at].levels[0];
        assert!((found.m - m).abs() < 0.03, "m of {at}: {} for {m}", found.m);
        assert!((found.u - u).abs() < 0.01, "u of {at}: {} for {u}", found.u);
    }
    let prior = 6000.0 / (12_000.0 * 11_999.0 / 2.0);
    assert!(
        (model.prior / prior - 1.0).abs() < 0.25,
        "{} for {prior}",
        model.prior
    );
}

fn febrl_model() -> (Spec, Model, Vec<Vec<String>>) {
    let spec = Spec::parse(FEBRL_SPEC).unwrap();
    let (rows, _) = people(300, 2);
    let model = link_rows(&spec, &rows, &Constraints::default()).model;
    (spec, model, rows)
}

/// Every pair is explained to the weight it was linked by; the least that was taken off any for persons alike.
fn adds_up(spec: &Spec, rows: &[Vec<String>], linked: &Linked) -> f64 {
    let mut least: f64 = 0.0;
    for pair in linked.links.iter().chain(&linked.review) {
        let cells = |at: u32| {
            rows[at as usize]
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
        };
        let why = explain(spec, &linked.model, &cells(pair.a), &cells(pair.b));
        let sum = |why: &Explanation| {
            let weights = why.fields.iter().map(|field| field.weight);
            why.prior + weights.sum::<f64>() + why.alike
        };
        assert!((sum(&why) - why.weight).abs() < 1e-9);
        assert!(
            (why.weight - f64::from(pair.weight)).abs() < 1e-3,
            "{why:?} {pair:?}"
        );
        let back = explain(spec, &linked.model, &cells(pair.b), &cells(pair.a));
        assert!((back.weight - why.weight).abs() < 1e-9);
        assert!(why.alike <= 0.0);
        least = least.min(why.alike);
    }
    least
}

#[test]
fn an_explanation_adds_up_to_the_weight_of_the_link() {
    let (spec, model, rows) = febrl_model();
    let records = records(&spec, &rows);
    let linked = link(&records, &spec, &Constraints::default(), Some(&model));
    assert!(linked.links.len() > 200);
    assert!(
        adds_up(&spec, &rows, &linked) > -1e-9,
        "no rule tells of persons alike"
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

#[test]
fn a_specification_that_cannot_be_used_says_why() {
    let field = "link_at = 0.9\nreview_at = 0.5\n[[field]]\nname = \"a\"\nkind = \"id\"\n";
    for (text, part) in [
        (format!("{field}[[block]]\nkeys = [\"b\"]"), "\"b\""),
        (format!("{field}[[block]]\nkeys = [\"a:loud\"]"), "\"loud\""),
        (format!("{field}[[block]]\nkeys = []"), "at least one"),
        (
            format!("{field}[[block]]\nkeys = [\"a\"]\n[[hard]]\ndiffer = []"),
            "differ",
        ),
        (
            format!("twins_differ_in = [\"b\"]\n{field}[[block]]\nkeys = [\"a\"]"),
            "twins_differ_in",
        ),
        (
            format!("{field}also_in = \"a\"\n[[block]]\nkeys = [\"a\"]"),
            "also_in",
        ),
        (
            format!("{field}color = 1\n[[block]]\nkeys = [\"a\"]"),
            "color",
        ),
        (
            format!("{}[[block]]\nkeys = [\"a\"]", field.replace("0.9", "0.2")),
            "review_at",
        ),
    ] {
        let message = Spec::parse(&text).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn standard_forms_take_any_text_and_are_stable(text in "\\PC{0,60}") {
        for form in [standard::name, standard::text, standard::id, standard::date, standard::code] {
            let once = form(&text);
            prop_assert!(!once.contains("  ") && once.trim() == once);
        }
        prop_assert_eq!(standard::text(&standard::text(&text)), standard::text(&text));
        let _ = standard::name_key(&text);
    }

    #[test]
    // From five letters on, so that none is a degree (M.Kom), which is no part of a name at its end.
    fn names_do_not_care_for_case_or_order(a in "[b-g]{5,7}", b in "[k-p]{5,7}") {
        let (straight, turned) = (format!("{a} {b}"), format!("{} {}", b.to_uppercase(), a));
        prop_assert_eq!(standard::name(&straight), standard::name(&turned));
        prop_assert_eq!(standard::name_key(&straight), standard::name_key(&turned));
    }

    #[test]
    fn dates_are_read_in_every_written_form(y in 1930u32..2020, m in 1u32..13, d in 1u32..29) {
        let form = format!("{y:04}{m:02}{d:02}");
        for text in [format!("{y}-{m:02}-{d:02}"), format!("{d:02}-{m:02}-{y}"), format!("{d}/{m}/{y}"), form.clone()] {
            prop_assert_eq!(standard::date(&text), form.clone(), "{}", text);
        }
    }

    #[test]
    fn comparing_is_symmetric(a in "[a-d ]{0,14}", b in "[a-d ]{0,14}") {
        let spec = Spec::parse(FEBRL_SPEC).unwrap();
        let linked = link_rows(&spec, &[], &Constraints::default());
        let row = |text: &str| spec.fields().iter().map(|_| text.to_owned()).collect::<Vec<_>>();
        let (x, y) = (row(&a), row(&b));
        let cells = |row: &[String]| row.iter().map(|cell| cell.clone().leak() as &str).collect::<Vec<_>>();
        let there = explain(&spec, &linked.model, &cells(&x), &cells(&y));
        let back = explain(&spec, &linked.model, &cells(&y), &cells(&x));
        prop_assert_eq!(there.fields.iter().map(|f| &f.level).collect::<Vec<_>>(), back.fields.iter().map(|f| &f.level).collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_cluster_holds_hard_evidence_or_a_decision_against_it(
        seed in 0u64..1000,
        picks in prop::collection::vec((0u32..120, 0u32..120, any::<bool>()), 0..12),
    ) {
        let spec = Spec::parse(ASN_SPEC).unwrap();
        let mut random = Random::new(seed);
        // A crowded little world: few numbers, names and days, so that all of them get reused.
        let rows: Vec<Vec<String>> = (0..120).map(|_| {
            let day = 1 + random.below(3);
            asn(&spec, &[
                ("nip", &format!("1990010{day}20150110{:02}", random.below(4))),
                ("nik", &format!("317101010190000{}", 1 + random.below(5))),
                ("nama", ["Contoh Satu", "Contoh Dua", "Lain Orang"][random.below(3)]),
                ("tanggal_lahir", &format!("1990-01-0{}", 1 + random.below(3))),
            ])
        }).collect();
        let mut constraints = Constraints::default();
        for (a, b, same) in picks {
            if same { constraints.same.push((a, b)) } else { constraints.not_same.push((a, b)) }
        }
        let linked = link_rows(&spec, &rows, &constraints);
        for (a, b) in &constraints.not_same {
            prop_assert!(a == b || linked.clusters[*a as usize] != linked.clusters[*b as usize]);
        }
        for (a, b) in &constraints.same {
            let joined = linked.clusters[*a as usize] == linked.clusters[*b as usize];
            prop_assert!(joined || !constraints.not_same.is_empty());
        }
        if constraints.same.is_empty() {
            let model = &linked.model;
            for a in 0..rows.len() {
                for b in 0..a {
                    if linked.clusters[a] == linked.clusters[b] {
                        let cells = |at: usize| rows[at].iter().map(String::as_str).collect::<Vec<_>>();
                        // `explain` sees two records, so no number is a filler there; here some are.
                        let why = explain(&spec, model, &cells(a), &cells(b));
                        let filler = |name: &str| {
                            let at = spec.fields().iter().position(|field| field.name == name).unwrap();
                            [a, b].iter().any(|row| rows.iter().filter(|other| other[at] == rows[*row][at]).count() >= 25)
                        };
                        prop_assert!(!why.hard || filler("nik") || filler("nip"), "{:?}", why);
                    }
                }
            }
        }
    }
}
