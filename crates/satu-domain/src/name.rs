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

/// Academic degrees and professional titles that stand after a name, in capitals without dots and in
/// alphabetical order. How they are formed is told by the annexes of Kepmenristekdikti 257/M/KPT/2017 (names of
/// programmes of study and their degrees) and, for those before, by Kepmendikbud 036/U/1993; which of them
/// are met is our choice. Linkage, which knows nothing of civil servants, knows for itself those that it
/// meets without dots (`satu-linkage/src/standard/names.rs`).
const DEGREES: &[&str] = &[
    "AKS", "AMA", "AMAK", "AMAPD", "AMAPUST", "AMD", "AMDAK", "AMDAKT", "AMDFARM", "AMDGZ",
    "AMDKEB", "AMDKEP", "AMDKES", "AMDKG", "AMDKL", "AMDKOM", "AMDPD", "AMDRAD", "AMDT", "AMF",
    "AMG", "AMK", "AMKEB", "AMKG", "AMKL", "AMR", "API", "APTNH", "ATD", "BSC", "MA", "MAB",
    "MADM", "MAG", "MAGR", "MAK", "MAKT", "MAP", "MARS", "MBA", "MBIOMED", "MCS", "MDS", "ME",
    "MEC", "MECDEV", "MED", "MEI", "MENG", "MEPID", "MESY", "MFARM", "MFIL", "MGIZI", "MH", "MHI",
    "MHKES", "MHUM", "MIKOM", "MIP", "MKEB", "MKED", "MKEP", "MKES", "MKKK", "MKM", "MKN", "MKOM",
    "MLING", "MM", "MMAT", "MMPD", "MMSI", "MOR", "MP", "MPA", "MPD", "MPDB", "MPDH", "MPDI",
    "MPDK", "MPDSD", "MPH", "MPI", "MPP", "MPSI", "MPT", "MPWK", "MS", "MSC", "MSI", "MSN", "MSOS",
    "MSP", "MSTAT", "MSY", "MT", "MTH", "MTI", "MTP", "MTRAP", "MTRIP", "PHD", "SAB", "SADM",
    "SAG", "SAK", "SAKT", "SAN", "SAP", "SARS", "SDS", "SE", "SEI", "SESY", "SFARM", "SFIL",
    "SFILI", "SGZ", "SH", "SHAN", "SHI", "SHUM", "SHUT", "SIIP", "SIK", "SIKOM", "SIP", "SIPOL",
    "SKEB", "SKED", "SKEL", "SKEP", "SKEPNS", "SKES", "SKG", "SKH", "SKM", "SKOM", "SKOMI", "SKPM",
    "SMAT", "SMB", "SOR", "SP", "SPD", "SPDAUD", "SPDB", "SPDH", "SPDI", "SPDK", "SPDSD", "SPI",
    "SPSI", "SPT", "SPWK", "SS", "SSI", "SSIT", "SSN", "SSOS", "SSOSI", "SST", "SSTAT", "SSTP",
    "SSTPI", "SSY", "ST", "STH", "STHI", "STP", "STRAK", "STRAKT", "STRAP", "STRFT", "STRGZ",
    "STRIP", "STRK", "STRKEB", "STRKEP", "STRKES", "STRKL", "STRKOM", "STRPI", "STRSOS", "STRT",
    "STT",
];

/// Titles of professions that stand behind a degree, in one word: as initials they are letters of a name.
const PROFESSIONS: [&str; 3] = ["AK", "APT", "GR"];

/// How degrees of vocational programmes begin; one more part says of what: `A.Md.Kep`, `S.Tr.Stat`.
const FAMILIES: [&str; 4] = ["AMD", "STR", "MTR", "SST"];

/// The longest part that says of what, in letters: a longer one is a name behind an initial.
const LONGEST: usize = 5;

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

/// `S.Pd`, `M.Si.`, `A.Md.Kep`, `S.E.M.M`: degrees that are known, with a dot inside. An initial such as
/// `M.` has none inside, and one before a name (`M.Yusuf`) is no degree.
fn is_dotted_degree(word: &str) -> bool {
    let word = word.trim_end_matches('.').to_ascii_uppercase();
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() > 1 && !parts.contains(&"") && are_degrees(&parts)
}

/// Whether all parts together are one degree or several.
fn are_degrees(parts: &[&str]) -> bool {
    // No degree has more than five parts.
    (1..=parts.len().min(5)).any(|count| {
        let (degree, rest) = parts.split_at(count);
        is_degree(degree) && (rest.is_empty() || are_degrees(rest))
    })
}

fn is_degree(parts: &[&str]) -> bool {
    match parts {
        [one] if PROFESSIONS.contains(one) => true,
        [begin @ .., of] if begin.len() <= 2 && FAMILIES.contains(&begin.concat().as_str()) => {
            of.len() <= LONGEST && of.bytes().all(|letter| letter.is_ascii_alphabetic())
        }
        _ => DEGREES.contains(&parts.concat().as_str()),
    }
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
    fn an_initial_before_a_name_is_no_degree() {
        for name in [
            "ANDI M.YUSUF",
            "SITI A.RAHMAN",
            "NUR ST.AMINAH",
            "ABDUL S.SE",
            "NUR S.ST.AMINAH",
            "ANDI A.K.",
            "ANDI G.R",
            "NUR SST.AMINAH",
        ] {
            let word = name.rsplit(' ').next().unwrap();
            let (_, bare, back) = parts(name);
            assert_eq!((bare.as_str(), back.as_str()), (name, ""), "{word}");
        }
        for degree in [
            "S.Pd",
            "S.PD.SD.",
            "m.si",
            "A.Ma.",
            "A.Md.Kep",
            "S.Tr.Keb.",
            "Ph.D",
            "SE.MM",
            "S.Pd.M.Pd.",
            "M.Ked",
            "S.Kes.",
            "M.Gizi",
            "M.Epid",
            "M.Agr",
            "M.Ec.Dev",
            "S.E.Ak",
            "M.Si.Apt",
            "S.Farm.Apt.",
            "S.Pd.Gr",
            "M.Pd.SD",
            "A.Pi",
            "A.Ptnh",
            "A.Md.Komp",
            "A.Md.RMIK",
            "AMd.Komp",
            "A.Md.Tra.",
            "S.Tr.Stat",
            "S.Tr.Pel",
            "S.Tr.Im",
            "M.Tr.T",
            "S.ST.Par",
            "M.Or",
            "S.Or",
            "S.IIP",
            "S.Han",
            "M.Ling",
            "M.Fil",
            "S.Fil.I",
            "S.Kom.I",
            "S.Pd. M.Ked.",
        ] {
            let (_, bare, back) = parts(&format!("Contoh Nama {degree}"));
            let told = degree.replace(". ", "., ");
            assert_eq!(
                (bare.as_str(), back.as_str()),
                ("Contoh Nama", told.as_str())
            );
        }
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
        fn a_word_that_is_no_degree_stays(
            begin in "S|M|A|AMD|SPD|SE|SH|SKM|MSI|MM|PHD|ST", name in "[A-Z]{8,12}"
        ) {
            // No degree has a part of eight letters.
            let text = format!("CONTOH {begin}.{name}");
            prop_assert_eq!(PersonName::parse(&text).unwrap().bare, text);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = PersonName::parse(&text);
        }
    }
}
