//! The one written form of a value, and how two are compared.

use proptest::prelude::*;
use satu_linkage::{Constraints, FEBRL_SPEC, Spec, explain, standard};

use crate::link_rows;

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
