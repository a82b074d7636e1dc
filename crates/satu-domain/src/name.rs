//! Personal names with academic, noble and religious titles taken off and kept.

/// A name in three parts. Indonesian names have no family name; the bare name stays whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    /// Titles before the name (`gelar depan`), as written.
    pub front: Vec<String>,
    /// The name itself, single-spaced, as written.
    pub bare: String,
    /// Titles after the name (`gelar belakang`), as written.
    pub back: Vec<String>,
}

const FRONT: [&str; 20] = [
    "PROF", "DR", "DRG", "DRH", "IR", "DRS", "DRA", "H", "HJ", "R", "RR", "RA", "RM", "APT", "NS",
    "KH", "TGK", "DRNEG", "LETKOL", "USTADZ",
];

const BACK_STEMS: [&str; 12] = [
    "S", "M", "A", "AMD", "SPD", "SE", "SH", "SKM", "MSI", "MM", "PHD", "ST",
];

impl PersonName {
    /// Takes titles off both ends. Text after a comma is titles; before it, a known front title
    /// ends in a dot or is one that no given name is (`Drs`, `Hj`).
    ///
    /// Returns none where no name is left.
    pub fn parse(text: &str) -> Option<PersonName> {
        let (head, tail) = text.split_once(',').unwrap_or((text, ""));
        let mut words: Vec<&str> = head.split_whitespace().collect();
        let mut front = Vec::new();
        while words.len() > 1 && is_front(words[0]) {
            front.push(words.remove(0).to_owned());
        }
        let mut back = Vec::new();
        while words.len() > 1 && words.last().is_some_and(|word| is_dotted_degree(word)) {
            back.insert(0, words.pop()?.to_owned());
        }
        back.extend(
            tail.split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(str::to_owned),
        );
        let bare = words.join(" ");
        bare.chars()
            .any(char::is_alphabetic)
            .then_some(PersonName { front, bare, back })
    }
}

fn is_front(word: &str) -> bool {
    let plain: String = word
        .chars()
        .filter(|c| *c != '.')
        .flat_map(char::to_uppercase)
        .collect();
    let certain = matches!(
        plain.as_str(),
        "DRS" | "DRA" | "DRG" | "DRH" | "HJ" | "PROF"
    );
    FRONT.contains(&plain.as_str()) && (certain || word.ends_with('.'))
}

/// `S.Pd`, `M.Si.`, `A.Md`: a dot inside and a known stem; an initial such as `M.` has none inside.
fn is_dotted_degree(word: &str) -> bool {
    let inner = word.trim_end_matches('.');
    inner.split_once('.').is_some_and(|(stem, rest)| {
        !rest.is_empty() && BACK_STEMS.contains(&stem.to_ascii_uppercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::PersonName;
    use proptest::prelude::*;

    fn parts(text: &str) -> (String, String, String) {
        let name = PersonName::parse(text).unwrap();
        (name.front.join(" "), name.bare, name.back.join(", "))
    }

    #[test]
    fn titles_come_off_and_are_kept() {
        let want = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(
            parts("Prof. Dr. Contoh Nama, S.Pd., M.Si."),
            want("Prof. Dr.", "Contoh Nama", "S.Pd., M.Si.")
        );
        assert_eq!(
            parts("Hj Contoh Nama S.Pd"),
            want("Hj", "Contoh Nama", "S.Pd")
        );
        assert_eq!(parts("Contoh"), want("", "Contoh", ""));
        assert_eq!(parts("M. Contoh"), want("", "M. Contoh", ""));
        assert_eq!(
            parts("  Contoh   R.  Nama "),
            want("", "Contoh R. Nama", "")
        );
    }

    #[test]
    fn titles_alone_are_no_name() {
        for text in ["", " ", ",S.Pd", "123"] {
            assert_eq!(PersonName::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_bare_name_is_stable(text in "[A-Za-z]{3,9}( [A-Za-z]{3,9}){0,3}") {
            let name = PersonName::parse(&text).unwrap();
            let again = PersonName::parse(&name.bare).unwrap();
            prop_assert_eq!(again.bare, name.bare);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = PersonName::parse(&text);
        }
    }
}
