//! What a model learns, and that a link's weight is what its explanation says.

use satu_linkage::{Constraints, Explanation, FEBRL_SPEC, Linked, Model, Spec, explain, link};

use crate::country::{Random, people};
use crate::{link_rows, records};

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
pub fn adds_up(spec: &Spec, rows: &[Vec<String>], linked: &Linked) -> f64 {
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
