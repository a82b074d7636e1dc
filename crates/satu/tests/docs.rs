//! Pages of the documentation held to what they speak of.

use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The requirements of ASVS 5.0.0: of each section, the level of each of its requirements in their order.
/// From `OWASP_Application_Security_Verification_Standard_5.0.0_en.csv` (github.com/OWASP/ASVS, 5.0/docs_en).
const ASVS: &str = "\
    1.1 22, 1.2 1111122223, 1.3 112222222223, 1.4 222, 1.5 123, 2.1 122, 2.2 112, 2.3 12223, 2.4 23, \
    3.1 3, 3.2 113, 3.3 12223, 3.4 11222233, 3.5 11122333, 3.6 3, 3.7 22333, 4.1 12233, 4.2 23333, 4.3 22, \
    4.4 1222, 5.1 2, 5.2 112333, 5.3 113, 5.4 222, 6.1 122, 6.2 111111112222, 6.3 11223333, 6.4 112233, \
    6.5 22222333, 6.6 2223, 6.7 33, 6.8 2222, 7.1 222, 7.2 1111, 7.3 22, 7.4 11222, 7.5 223, 7.6 22, \
    8.1 1233, 8.2 1123, 8.3 133, 8.4 23, 9.1 111, 9.2 1222, 10.1 22, 10.2 223, 10.3 22223, \
    10.4 1111122222233333, 10.5 22222, 10.6 22, 10.7 222, 11.1 2233, 11.2 22233, 11.3 11233, 11.4 1222, \
    11.5 23, 11.6 23, 11.7 33, 12.1 12233, 12.2 11, 12.3 22223, 13.1 2333, 13.2 222223, 13.3 2233, \
    13.4 1222233, 14.1 22, 14.2 12223333, 14.3 122, 15.1 12233, 15.2 12233, 15.3 1222222, 15.4 3333, 16.1 2, \
    16.2 22222, 16.3 2222, 16.4 222, 16.5 2223, 17.1 23, 17.2 22223333, 17.3 22";

/// The requirements of levels 1 and 2, in their order, with their level.
fn wanted() -> Vec<(String, char)> {
    let sections = ASVS.split(", ").map(|one| one.split_once(' ').unwrap());
    let all = sections.flat_map(|(section, levels)| {
        let numbered = levels.chars().enumerate();
        numbered.map(move |(at, level)| (format!("{section}.{}", at + 1), level))
    });
    all.filter(|(_, level)| *level < '3').collect()
}

/// The Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for one in std::fs::read_dir(folder).unwrap() {
        let path = one.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The names of all tests of the workspace.
fn tests() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(ROOT).join("crates"), &mut files);
    let mut names = BTreeSet::new();
    for file in files {
        let mut is_test = false;
        for line in read_to_string(file).unwrap().lines().map(str::trim) {
            let function = line.strip_prefix("async ").unwrap_or(line);
            if let Some(rest) = function.strip_prefix("fn ") {
                if is_test {
                    names.insert(rest.split('(').next().unwrap().to_owned());
                }
                is_test = false;
            }
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        }
    }
    names
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn the_page_on_asvs_has_every_requirement_and_names_what_is_there() {
    let wanted = wanted();
    let count = |level| wanted.iter().filter(|(_, one)| *one == level).count();
    // As the standard itself counts them.
    assert_eq!((count('1'), count('2')), (70, 183));
    let page = read_to_string(Path::new(ROOT).join("docs/asvs.md")).unwrap();
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let number = cells.get(1)?;
        number
            .starts_with(|sign: char| sign.is_ascii_digit())
            .then_some(cells)
    });
    let rows: Vec<_> = rows.collect();
    let told: Vec<_> = rows
        .iter()
        .map(|cells| (cells[1].to_owned(), cells[2].chars().next().unwrap()))
        .collect();
    assert_eq!(told, wanted);
    let tests = tests();
    for cells in rows {
        let [_, number, _, answer, _, shown, ""] = cells[..] else {
            panic!("{cells:?}");
        };
        assert!(["+", "~", "-", "0"].contains(&answer), "{number}: {answer}");
        assert!(answer == "0" || !shown.is_empty(), "{number} shows nothing");
        for name in quoted(shown) {
            let is_path = name.contains(['/', '.']);
            assert!(
                (is_path && Path::new(ROOT).join(name).exists()) || tests.contains(name),
                "{number}: there is no {name}"
            );
        }
    }
}
