//! Where a role reaches: agencies, and units of agencies.

use std::fmt;

use satu_domain::canonical;

use crate::Scope;

/// Between an agency and its unit in a key; no name has it, and it sorts before every letter.
pub(crate) const UNDER: char = '\u{1f}';

/// Between an agency and its unit as people write it.
const WRITTEN: &str = " > ";

/// Most places of one role: what a query binds stays short.
pub const MOST_PLACES: usize = 100;

/// The written form of a unit's name or code.
pub(crate) fn unit_key(unit: &str) -> String {
    clean("unor", unit)
}

fn clean(column: &str, text: &str) -> String {
    canonical(column, &text.replace(char::is_control, " "))
}

/// The key of an agency, or of one of its units; empty for a name without letters.
pub(crate) fn key(instansi: &str, unit: &str) -> String {
    let (mut key, unit) = (clean("instansi_induk", instansi), unit_key(unit));
    if !key.is_empty() && !unit.is_empty() {
        key.push(UNDER);
        key.push_str(&unit);
    }
    key
}

/// An agency with all its units, or one unit (unor, or satuan kerja) of an agency with all below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The agency's name, as records state it.
    pub instansi: String,
    /// The unit's name or code; empty for the whole agency.
    pub unit: String,
}

impl Place {
    /// Reads `AGENCY`, or `AGENCY > UNIT`; none where no agency is named.
    pub fn parse(text: &str) -> Option<Place> {
        let (instansi, unit) = text.split_once(WRITTEN).unwrap_or((text, ""));
        let [instansi, unit] = [instansi, unit].map(|part| {
            let part = part.replace(char::is_control, " ");
            part.split_whitespace().collect::<Vec<_>>().join(" ")
        });
        (!instansi.is_empty()).then_some(Place { instansi, unit })
    }

    /// Whether it is a whole agency.
    pub fn is_whole(&self) -> bool {
        self.unit.is_empty()
    }

    pub(crate) fn key(&self) -> String {
        key(&self.instansi, &self.unit)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.instansi)?;
        if !self.is_whole() {
            write!(to, "{WRITTEN}{}", self.unit)?;
        }
        Ok(())
    }
}

/// The places of a role, in the order given; each once. The first is the one for which it speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places(Vec<Place>);

impl Places {
    /// One whole agency.
    pub fn agency(instansi: &str) -> Places {
        Places::parse(instansi)
    }

    /// Reads one place a line.
    pub fn parse(lines: &str) -> Places {
        lines.lines().filter_map(Place::parse).collect()
    }

    /// All.
    pub fn iter(&self) -> impl Iterator<Item = &Place> {
        self.0.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The agency for which it speaks: the first that is reached as a whole.
    pub fn speaks_for(&self) -> Option<&str> {
        let whole = self.0.iter().find(|place| place.is_whole());
        whole.map(|place| place.instansi.as_str())
    }

    /// The places that both reach, as far as their names tell; what is below what in an agency is not
    /// looked at.
    #[must_use]
    pub fn common(&self, other: &Places) -> Places {
        let [mine, theirs] = [self, other].map(Scope::places);
        let here = self.0.iter().filter(|one| theirs.holds(&one.scope()));
        let there = other.0.iter().filter(|one| mine.holds(&one.scope()));
        here.chain(there).cloned().collect()
    }

    /// The same as people write it: one a line.
    pub fn lines(&self) -> String {
        let lines: Vec<String> = self.0.iter().map(Place::to_string).collect();
        lines.join("\n")
    }
}

impl Place {
    fn scope(&self) -> Scope {
        Scope::places(&Places(vec![self.clone()]))
    }
}

impl FromIterator<Place> for Places {
    fn from_iter<I: IntoIterator<Item = Place>>(all: I) -> Places {
        let mut kept: Vec<Place> = Vec::new();
        for place in all {
            if !kept.iter().any(|one| one.key() == place.key()) {
                kept.push(place);
            }
        }
        Places(kept)
    }
}

impl From<String> for Places {
    fn from(lines: String) -> Places {
        Places::parse(&lines)
    }
}

impl From<&str> for Places {
    fn from(lines: &str) -> Places {
        Places::parse(lines)
    }
}

impl fmt::Display for Places {
    /// For a line of text: with `; ` between.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, place) in self.0.iter().enumerate() {
            write!(to, "{}{place}", if at > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Places, key};

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let text = "Pemerintah Kota Contoh > Dinas Kesehatan\n\n Kementerian  Contoh \nKEMENTERIAN CONTOH\n > Dinas";
        let places = Places::parse(text);
        assert_eq!(places.len(), 2);
        assert_eq!(
            places.lines(),
            "Pemerintah Kota Contoh > Dinas Kesehatan\nKementerian Contoh"
        );
        assert_eq!(Places::parse(&places.lines()), places);
        assert_eq!(places.speaks_for(), Some("Kementerian Contoh"));
        assert_eq!(Place::parse("\u{1f} "), None);
    }

    #[test]
    fn no_name_makes_the_key_of_another_place() {
        assert_eq!(key("kota\u{1f}a", ""), "KOTA A");
        assert_eq!(key("kota", "a\u{1f}b"), "KOTA\u{1f}A B");
        assert_eq!(key("", "a"), "");
    }

    #[test]
    fn what_two_have_in_common_is_the_smaller() {
        let [kota, dinas, lain] = ["Kota A", "Kota A > Dinas", "Kota B"].map(Places::from);
        assert_eq!(kota.common(&dinas), dinas);
        assert_eq!(dinas.common(&kota), dinas);
        assert_eq!(kota.common(&kota), kota);
        assert!(kota.common(&lain).is_empty());
    }
}
