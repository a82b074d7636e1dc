//! Which records are compared at all.

use satu_linkage::{ASN_SPEC, Constraints, Spec, explain};

use crate::country::Random;
use crate::{asn, link_rows};

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
