//! Who is of whose cluster: what keeps records apart, and what does not.

use proptest::prelude::*;
use satu_linkage::{ASN_SPEC, Constraints, Spec, explain};

use crate::country::Random;
use crate::{asn, link_rows};

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
