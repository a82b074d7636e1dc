//! The provinces, and in which of them a place lies.

use std::collections::HashMap;

/// Provinces (two digits: their code), kabupaten and kota (four digits, the province's first), with the
/// names of their governments: `kode,nama`. `data/README.md` says where they are from.
pub const GOVERNMENTS: &str = include_str!("../data/wilayah.csv");

/// Code and name of each province (Kemendagri).
const PROVINCES: [(u8, &str); 38] = [
    (11, "Aceh"),
    (12, "Sumatera Utara"),
    (13, "Sumatera Barat"),
    (14, "Riau"),
    (15, "Jambi"),
    (16, "Sumatera Selatan"),
    (17, "Bengkulu"),
    (18, "Lampung"),
    (19, "Kepulauan Bangka Belitung"),
    (21, "Kepulauan Riau"),
    (31, "DKI Jakarta"),
    (32, "Jawa Barat"),
    (33, "Jawa Tengah"),
    (34, "DI Yogyakarta"),
    (35, "Jawa Timur"),
    (36, "Banten"),
    (51, "Bali"),
    (52, "Nusa Tenggara Barat"),
    (53, "Nusa Tenggara Timur"),
    (61, "Kalimantan Barat"),
    (62, "Kalimantan Tengah"),
    (63, "Kalimantan Selatan"),
    (64, "Kalimantan Timur"),
    (65, "Kalimantan Utara"),
    (71, "Sulawesi Utara"),
    (72, "Sulawesi Tengah"),
    (73, "Sulawesi Selatan"),
    (74, "Sulawesi Tenggara"),
    (75, "Gorontalo"),
    (76, "Sulawesi Barat"),
    (81, "Maluku"),
    (82, "Maluku Utara"),
    (91, "Papua"),
    (92, "Papua Barat"),
    (93, "Papua Selatan"),
    (94, "Papua Tengah"),
    (95, "Papua Pegunungan"),
    (96, "Papua Barat Daya"),
];

/// Other names in use: of provinces, of the administrative towns of Jakarta, which have no government
/// of their own, and those that BKN's list of places (`lokasi`) writes otherwise than its list of agencies.
const ALIASES: [(u8, &str); 25] = [
    (11, "Nanggroe Aceh Darussalam"),
    (13, "Mentawai"),
    (19, "Bangka Belitung"),
    (31, "Jakarta"),
    (31, "Daerah Khusus Jakarta"),
    (31, "Daerah Khusus Ibukota Jakarta"),
    (31, "Jakarta Barat"),
    (31, "Jakarta Pusat"),
    (31, "Jakarta Selatan"),
    (31, "Jakarta Timur"),
    (31, "Jakarta Utara"),
    (31, "Kepulauan Seribu"),
    (33, "Purwokerto"),
    (33, "Solo"),
    (34, "Daerah Istimewa Yogyakarta"),
    (34, "Yogyakarta"),
    (51, "Singaraja"),
    (52, "NTB"),
    (71, "Siau Tagulandang Biaro"),
    (71, "Talaud"),
    (72, "Tojo Una-Una"),
    (73, "Ujung Pandang"),
    (73, "Watansoppeng"),
    (76, "Mamuju Utara"),
    (76, "Polewali Mamasa"),
];

/// A province, by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Province(u8);

impl Province {
    /// All of them, by code.
    pub fn all() -> impl Iterator<Item = Province> {
        PROVINCES.iter().map(|(code, _)| Province(*code))
    }

    /// Its code: two digits.
    pub fn code(self) -> u8 {
        self.0
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let known = PROVINCES.iter().find(|(code, _)| *code == self.0);
        known.map_or("", |(_, name)| name)
    }
}

/// What a place is called: of which kind it says it is, and its name alone, as capitals and digits.
struct Named {
    /// Whether a word stood before it with which the name of a government begins.
    government: bool,
    kind: Option<Kind>,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Province,
    Kabupaten,
    Kota,
}

impl Named {
    /// Takes a text apart; case, spaces and signs do not count.
    fn read(text: &str) -> Named {
        let mut named = Named {
            government: false,
            kind: None,
            name: String::with_capacity(text.len()),
        };
        for word in words(text) {
            if named.name.is_empty() {
                match word.as_str() {
                    "PROVINSI" | "PROPINSI" | "PROV" | "PEMPROV" => named.is(Kind::Province),
                    "KABUPATEN" | "KAB" | "PEMKAB" => named.is(Kind::Kabupaten),
                    "KOTA" | "KOTAMADYA" | "KODYA" | "PEMKOT" => named.is(Kind::Kota),
                    "PEMERINTAH" | "PEMDA" => named.government = true,
                    "DAERAH" | "ADMINISTRASI" | "ADM" => {}
                    _ => named.name = word,
                }
            } else {
                named.name += &word;
            }
        }
        named
    }

    /// The whole text as the name: `Kota Baru` is a kabupaten.
    fn whole(text: &str) -> Named {
        Named {
            government: false,
            kind: None,
            name: words(text).collect(),
        }
    }

    fn is(&mut self, kind: Kind) {
        self.kind = Some(kind);
        self.government = true;
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(|word| match word.to_ascii_uppercase() {
        short if short == "KEP" => "KEPULAUAN".to_owned(),
        word => word,
    })
}

/// In which province a place lies, by its name.
#[derive(Debug)]
pub struct Gazetteer {
    by_name: HashMap<String, Vec<(Kind, Province)>>,
}

impl Default for Gazetteer {
    fn default() -> Gazetteer {
        let mut gazetteer = Gazetteer {
            by_name: HashMap::new(),
        };
        for (code, name) in PROVINCES {
            gazetteer.add(Kind::Province, Province(code), name);
        }
        for line in GOVERNMENTS.lines().skip(1) {
            let (code, name) = line.split_once(',').unwrap_or_default();
            let province = code.get(..2).and_then(|code| code.parse().ok());
            let Some(province) = province.map(Province) else {
                continue;
            };
            let kind = Named::read(name).kind.unwrap_or(Kind::Province);
            gazetteer.add(kind, province, name);
        }
        for (code, name) in ALIASES {
            gazetteer.add(Kind::Province, Province(code), name);
        }
        gazetteer
    }
}

impl Gazetteer {
    fn add(&mut self, kind: Kind, province: Province, name: &str) {
        let known = self.by_name.entry(Named::read(name).name).or_default();
        if !known.contains(&(kind, province)) {
            known.push((kind, province));
        }
    }

    /// The province of a place: of a province, kabupaten or kota with or without the word for what it is,
    /// or of the last part of an address that is one. None where there is no such place, and where places
    /// of the name lie in several provinces.
    pub fn province(&self, place: &str) -> Option<Province> {
        let parts = place.split([',', ';', '(', ')', '/']);
        let whole = std::iter::once(place);
        whole.chain(parts.rev()).find_map(|part| {
            let named = Named::read(part);
            self.found(&named)
                .or_else(|| self.found(&Named::whole(part)))
        })
    }

    /// The province that a regional government is of, by the government's name; none for a central body.
    pub fn government(&self, agency: &str) -> Option<Province> {
        let named = Named::read(agency);
        self.found(&named).filter(|_| named.government)
    }

    fn found(&self, named: &Named) -> Option<Province> {
        let known = self.by_name.get(&named.name)?;
        let own = known.iter().find(|(kind, _)| Some(*kind) == named.kind);
        let (_, first) = own.or(known.first())?;
        let alike = || known.iter().all(|(_, other)| other == first);
        (own.is_some() || alike()).then_some(*first)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_government_is_of_its_province() {
        let gazetteer = Gazetteer::default();
        let mut provinces = 0;
        for line in GOVERNMENTS.lines().skip(1) {
            let (code, name) = line.split_once(',').unwrap();
            let province = code[..2].parse().unwrap();
            for name in [name.to_owned(), name.to_uppercase()] {
                let found = gazetteer.government(&name).map(Province::code);
                assert_eq!(found, Some(province), "{name}");
            }
            provinces += usize::from(code.len() == 2);
        }
        assert_eq!((provinces, Province::all().count()), (38, 38));
        for province in Province::all() {
            assert_eq!(gazetteer.province(province.name()), Some(province));
            assert!(gazetteer.government(province.name()).is_none());
        }
    }

    #[test]
    fn a_place_is_found_however_it_is_written() {
        let gazetteer = Gazetteer::default();
        for (text, code) in [
            ("BOGOR", Some(32)),
            ("Kab. Bogor", Some(32)),
            ("D I YOGYAKARTA", Some(34)),
            ("Pemerintah Daerah Istimewa Yogyakarta", Some(34)),
            ("Jakarta", Some(31)),
            ("Kota Administrasi Jakarta Pusat", Some(31)),
            ("Prov. Kep. Riau", Some(21)),
            ("Kota Baru", Some(63)),
            ("Gunungsitoli", Some(12)),
            ("Cibinong, Kab. Bogor", Some(32)),
            ("Jl. Merdeka 1, Bandung (Jawa Barat)", Some(32)),
            // A kabupaten of Kalimantan Selatan and a kota of Jawa Barat.
            ("Banjar", None),
            ("Kota Banjar", Some(32)),
            ("Kab. Banjar", Some(63)),
            ("Kantor Pusat", None),
            ("", None),
        ] {
            let found = gazetteer.province(text).map(Province::code);
            assert_eq!(found, code, "{text}");
        }
        for (agency, code) in [
            ("PEMPROV JAWA BARAT", Some(32)),
            ("KABUPATEN BOGOR", Some(32)),
            ("PEMERINTAH ACEH", Some(11)),
            ("BOGOR", None),
            ("KOTA CONTOH", None),
            ("BADAN PUSAT STATISTIK", None),
        ] {
            let found = gazetteer.government(agency).map(Province::code);
            assert_eq!(found, code, "{agency}");
        }
    }
}
