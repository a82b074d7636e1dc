//! A closed part, its pairs found by an index of keys, settles as the whole does.

use std::collections::{BTreeSet, HashMap};

use satu_linkage::{ASN_SPEC, Constraints, FEBRL_SPEC, Keys, Records, Spec, link, settle, weigh};

use crate::country::people;
use crate::{asn, records};

/// All pairs that share a key, found as an index finds them.
fn pairs(spec: &Spec, rows: &[Vec<String>]) -> Vec<(u32, u32)> {
    let mut keys = Keys::new(spec);
    let mut having: HashMap<u64, Vec<u32>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        for key in keys.of(&cells).into_iter().filter(|key| *key != 0) {
            having.entry(key).or_default().push(at as u32);
        }
    }
    let mut found = BTreeSet::new();
    for block in having.values() {
        assert!(
            block.len() <= spec.block_cap(),
            "the test has no large block"
        );
        for (at, b) in block.iter().enumerate() {
            found.extend(block[..at].iter().map(|a| (*a, *b)));
        }
    }
    found.into_iter().collect()
}

#[test]
fn a_closed_part_settles_as_the_whole_does() {
    let spec = Spec::parse(FEBRL_SPEC).unwrap();
    let (rows, _) = people(600, 23);
    let constraints = Constraints::default();
    let linked = link(&records(&spec, &rows), &spec, &constraints, None);
    let all = pairs(&spec, &rows);
    let compared: u64 = linked.blocking.iter().map(|rule| rule.pairs).sum();
    assert_eq!(all.len() as u64, compared);
    let weighed = weigh(&records(&spec, &rows), &spec, &linked.model, &all);
    let links: Vec<_> = weighed.iter().filter(|pair| spec.links(pair)).collect();

    // Every third island of links.
    let mut island: Vec<u32> = (0..rows.len() as u32).collect();
    for _ in 0..rows.len() {
        let before = island.clone();
        for pair in &links {
            let least = island[pair.a as usize].min(island[pair.b as usize]);
            (island[pair.a as usize], island[pair.b as usize]) = (least, least);
        }
        if before == island {
            break;
        }
    }
    let chosen: Vec<u32> = (0..rows.len() as u32)
        .filter(|at| island[*at as usize].is_multiple_of(3))
        .collect();
    assert!(chosen.len() > 100);
    let part: Vec<Vec<String>> = chosen.iter().map(|at| rows[*at as usize].clone()).collect();
    let here = |at: u32| chosen.binary_search(&at).ok().map(|place| place as u32);
    let inner: Vec<(u32, u32)> = all
        .iter()
        .filter_map(|(a, b)| Some((here(*a)?, here(*b)?)))
        .collect();
    let mut held = records(&spec, &part);
    hold_as_in_the_whole(&spec, &rows, &chosen, &mut held);
    let weighed = weigh(&held, &spec, &linked.model, &inner);
    let settled = settle(&held, &spec, &constraints, &linked.model, &weighed);
    for (place, at) in chosen.iter().enumerate() {
        let first = chosen[settled.clusters[place] as usize];
        assert_eq!(first, linked.clusters[*at as usize], "record {at}");
    }
    let within = |pair: &&satu_linkage::Pair| here(pair.a).is_some() && here(pair.b).is_some();
    assert_eq!(
        settled.links.len(),
        linked.links.iter().filter(within).count()
    );
    assert_eq!(
        settled.review.len(),
        linked.review.iter().filter(within).count()
    );
}

/// Tells the part how many records of the whole hold each number.
fn hold_as_in_the_whole(spec: &Spec, rows: &[Vec<String>], chosen: &[u32], part: &mut Records) {
    let mut keys = Keys::new(spec);
    let mut of = |row: &Vec<String>| keys.of(&row.iter().map(String::as_str).collect::<Vec<_>>());
    let all: Vec<Vec<u64>> = rows.iter().map(&mut of).collect();
    for (place, at) in chosen.iter().enumerate() {
        for (field, rule) in spec.counted() {
            let key = all[*at as usize][rule];
            let held = all.iter().filter(|keys| keys[rule] == key).count();
            part.held_by(place as u32, field, held as u32);
        }
    }
}

#[test]
fn how_many_hold_a_number_is_asked_of_the_whole() {
    // Both NIPs and both NIKs differ, and are right ones: two persons, unless so many records hold them
    // that they are nobody's. That is known of the whole only.
    let spec = Spec::parse(ASN_SPEC).unwrap();
    let row = |nip: &str, nik: &str| {
        asn(
            &spec,
            &[
                ("nip", nip),
                ("nik", nik),
                ("nama", "Contoh Nama Panjang"),
                ("tanggal_lahir", "1985-03-17"),
                ("nama_ibu_kandung", "Ibu Contoh"),
                ("email", "contoh.nama@contoh.test"),
            ],
        )
    };
    let rows = [
        row("198503172010012005", "3273015703850004"),
        row("198503172010012105", "3273015703850104"),
    ];
    let model = link(&records(&spec, &rows), &spec, &Constraints::default(), None).model;
    let settled = |held: u32| {
        let mut part = records(&spec, &rows);
        for (field, _) in spec.counted() {
            part.held_by(0, field, held);
            part.held_by(1, field, held);
        }
        let pairs = weigh(&part, &spec, &model, &[(0, 1)]);
        settle(&part, &spec, &Constraints::default(), &model, &pairs)
    };
    let counted: Vec<_> = spec.counted().into_iter().map(|(field, _)| field).collect();
    assert_eq!(counted.len(), 3, "NIP, NIK and NPWP");
    assert_eq!(settled(2).clusters, [0, 1]);
    assert_eq!(settled(25).clusters, [0, 0]);
}
