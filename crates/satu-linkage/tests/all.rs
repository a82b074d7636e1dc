//! The engine held against its promises.
#![allow(clippy::unwrap_used)] // a test that panics is a test that fails

mod alike;
mod blocking;
mod clusters;
mod comparing;
mod country;
mod part;
mod probabilities;

use std::collections::HashMap;

use country::{Random, Worth, f1, people};
use satu_linkage::{ASN_SPEC, Constraints, FEBRL_SPEC, Linked, Records, Spec, link};

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
