//! Every address as nobody and as every role, on a record of one's own and on another's, held
//! against `table` and `programs`. An address that the table lacks fails the test.

mod country;
mod programs;
mod table;

use std::collections::BTreeSet;

use country::{Country, Who};
use programs::PROGRAMS;
use table::TABLE;

use crate::browser::{Answer, site_of, site_on_postgres, with_provider};

#[test]
fn the_table_names_every_address_and_no_other() {
    let sorted = |pairs: Vec<(&'static str, &'static str)>| {
        let set: BTreeSet<_> = pairs.iter().copied().collect();
        assert_eq!(set.len(), pairs.len(), "an address stands twice");
        set
    };
    let real = sorted(satu_web::addresses().collect());
    let told = sorted(TABLE.iter().map(|line| (line.0, line.1)).collect());
    assert_eq!(real, told);
}

/// The router is made of the list, and of what below `/api/v1` is none: no other file, and no other line, adds an
/// address.
#[test]
fn no_address_is_made_outside_the_list() {
    let mut found = 0;
    let mut folders = vec![concat!(env!("CARGO_MANIFEST_DIR"), "/src").into()];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir::<std::path::PathBuf>(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for sign in [".route(", "route_service", ".nest", "nest_service"] {
                found += text.matches(sign).count();
            }
        }
    }
    assert_eq!(found, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_answered_what_is_not_theirs() {
    walked(Country::new(site_of(with_provider()).await).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_on_postgresql() {
    walked(Country::new(site_on_postgres(with_provider()).await).await).await;
}

async fn walked(mut country: Country) {
    let mut wrong = Vec::new();
    let asked: BTreeSet<_> = PROGRAMS.iter().map(|line| (line.0, line.1)).collect();
    for (method, path, nobody, _) in TABLE {
        let token = *nobody == 401 && path.starts_with("/api/v1/");
        assert_eq!(token, asked.contains(&(*method, *path)), "{method} {path}");
    }
    for (method, path, first, unit, centre, without) in PROGRAMS {
        for (program, own, expected) in [
            ("kota", true, first[0]),
            ("kota", false, first[1]),
            ("dinas", true, unit[0]),
            ("dinas", false, unit[1]),
            ("pusat", false, *centre),
            ("tanpa", true, *without),
        ] {
            let answer = country.ask_as_program(method, path, program, own).await;
            let told = format!("{method} {path} as {program}, own {own}");
            if answer.status.as_u16() != expected {
                wrong.push(format!("{told}: {} for {expected}", answer.status));
            }
            let who = if program == "dinas" {
                Who::Unit
            } else {
                Who::Petugas
            };
            for secret in who.secrets() {
                if program != "pusat" && answer.body.contains(secret) {
                    wrong.push(format!("{told}: gives away {secret}"));
                }
            }
        }
    }
    for (method, path, nobody, roles) in TABLE {
        country.rest();
        let mut held = |who: Who, own: bool, expected: u16, answer: &Answer, wrote: bool| {
            let told = format!("{method} {path} as {who:?}, own {own}");
            if answer.status.as_u16() != expected {
                wrong.push(format!("{told}: {} for {expected}", answer.status));
            }
            if wrote && (*method == "get" || expected >= 400 || who == Who::Nobody) {
                wrong.push(format!("{told}: wrote to the ledger"));
            }
            for secret in who.secrets() {
                if answer.body.contains(secret) {
                    wrong.push(format!("{told}: gives away {secret}"));
                }
            }
        };
        let (answer, wrote) = country.ask(method, path, Who::Nobody, false).await;
        held(Who::Nobody, false, *nobody, &answer, wrote);
        let all = [Who::Asn, Who::Unit, Who::Petugas, Who::Admin, Who::Walidata];
        for (who, expected) in all.into_iter().zip(roles) {
            for (own, expected) in [true, false].into_iter().zip(*expected) {
                let (answer, wrote) = country.ask(method, path, who, own).await;
                held(who, own, expected, &answer, wrote);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
