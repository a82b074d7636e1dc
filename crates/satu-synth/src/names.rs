//! Names by region, put together from word lists so that common names are common.

use crate::rng::Rng;

struct Lists {
    men: &'static [&'static str],
    women: &'static [&'static str],
    second: &'static [&'static str],
    clans: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum People {
    Java,
    Sunda,
    Batak,
    Minang,
    Bugis,
    Bali,
    Malay,
    Aceh,
    Papua,
    Minahasa,
    Timor,
    Tionghoa,
}

const JAVA: Lists = Lists {
    men: &[
        "Slamet",
        "Bambang",
        "Agus",
        "Budi",
        "Eko",
        "Sugeng",
        "Joko",
        "Heru",
        "Suyanto",
        "Supriyadi",
        "Teguh",
        "Dwi",
        "Tri",
        "Wahyu",
        "Sutrisno",
        "Sumarno",
        "Suharto",
        "Purwanto",
        "Hariyanto",
        "Widodo",
        "Sunaryo",
        "Mulyono",
        "Ponirin",
        "Ngadiman",
        "Djoko",
        "Yulianto",
    ],
    women: &[
        "Sri", "Siti", "Endang", "Dwi", "Tri", "Sulastri", "Wahyuni", "Retno", "Rini", "Sumiyati",
        "Suparmi", "Ratna", "Dyah", "Indah", "Nur", "Lestari", "Wiwik", "Yuni", "Anik", "Titik",
        "Kartini", "Sumarni", "Ngatini", "Ponirah", "Rukmini",
    ],
    second: &[
        "Wahyuni",
        "Lestari",
        "Rahayu",
        "Handayani",
        "Setyowati",
        "Utami",
        "Puji",
        "Hastuti",
        "Susanti",
        "Wulandari",
        "Kusuma",
        "Purnami",
        "Ningsih",
        "Astuti",
        "Widayati",
        "Mulyani",
    ],
    clans: &[
        "Santoso",
        "Setiawan",
        "Prasetyo",
        "Riyadi",
        "Susilo",
        "Wibowo",
        "Nugroho",
        "Hartono",
        "Saputro",
        "Utomo",
        "Kurniawan",
        "Hidayat",
        "Raharjo",
        "Widodo",
        "Purnomo",
        "Subagyo",
        "Cahyono",
        "Wijaya",
        "Harjo",
        "Sucipto",
    ],
};
const SUNDA: Lists = Lists {
    men: &[
        "Asep", "Dadang", "Ujang", "Cecep", "Dedi", "Iwan", "Yayan", "Deden", "Aep", "Endang",
        "Tatang", "Maman", "Encep", "Ade", "Jajang", "Yusup", "Rahmat",
    ],
    women: &[
        "Neneng", "Euis", "Iis", "Yeti", "Cucu", "Elis", "Nia", "Lilis", "Teti", "Imas", "Ai",
        "Ade", "Enok", "Tuti", "Yayah", "Rina",
    ],
    second: &[
        "Nurhayati",
        "Rohaeti",
        "Kurniasih",
        "Suryani",
        "Rosmiati",
        "Komariah",
        "Sumiati",
        "Nuraeni",
        "Rohimah",
        "Maryati",
        "Jubaedah",
        "Kartika",
    ],
    clans: &[
        "Sunandar",
        "Hidayat",
        "Suryana",
        "Kurnia",
        "Supriatna",
        "Sutisna",
        "Mulyana",
        "Permana",
        "Ruhiyat",
        "Saepudin",
        "Kusnadi",
        "Gunawan",
        "Suherman",
        "Wahyudin",
        "Sobandi",
    ],
};
const BATAK: Lists = Lists {
    men: &[
        "Jhon",
        "Parlindungan",
        "Togar",
        "Binsar",
        "Hotman",
        "Ramli",
        "Saut",
        "Maruli",
        "Rudi",
        "Poltak",
        "Charles",
        "Bonar",
        "Edward",
        "Horas",
        "Tumpal",
    ],
    women: &[
        "Rosmida", "Tiurma", "Lasma", "Rosinta", "Dameria", "Netty", "Hotmaida", "Duma", "Ester",
        "Rouli", "Masta", "Lenny", "Roslina", "Berliana",
    ],
    second: &[
        "Uli",
        "Mangasi",
        "Sabar",
        "Romauli",
        "Pardamean",
        "Martua",
        "Christina",
        "Maria",
    ],
    clans: &[
        "Siregar",
        "Nasution",
        "Harahap",
        "Sitompul",
        "Simanjuntak",
        "Lubis",
        "Hutapea",
        "Situmorang",
        "Sihombing",
        "Panjaitan",
        "Manurung",
        "Simatupang",
        "Ginting",
        "Sembiring",
        "Tarigan",
        "Purba",
        "Saragih",
        "Pasaribu",
        "Marpaung",
    ],
};
const MINANG: Lists = Lists {
    men: &[
        "Syafrizal",
        "Zulkifli",
        "Yulius",
        "Erizal",
        "Afrizal",
        "Hendri",
        "Masrizal",
        "Rinaldi",
        "Jasman",
        "Syamsul",
        "Nasrul",
        "Edi",
        "Yusrizal",
        "Firdaus",
    ],
    women: &[
        "Yusnida",
        "Elmiati",
        "Gusnita",
        "Yulianis",
        "Rosmanidar",
        "Fitriani",
        "Nurhayati",
        "Desi",
        "Erna",
        "Yenni",
        "Zulfa",
        "Asnimar",
        "Marlinda",
        "Rahmi",
    ],
    second: &[
        "Yanti",
        "Wati",
        "Susanti",
        "Novita",
        "Rahmadani",
        "Sari",
        "Yulia",
        "Murni",
        "Delfi",
    ],
    clans: &[
        "Chaniago", "Tanjung", "Putra", "Koto", "Piliang", "Anwar", "Efendi", "Bahri", "Syarif",
        "Rasyid", "Yunus", "Jambak",
    ],
};
const BUGIS: Lists = Lists {
    men: &[
        "Andi",
        "Baso",
        "Muhammad",
        "Abdul",
        "Syamsuddin",
        "Hasanuddin",
        "Jamaluddin",
        "Ambo",
        "Arifuddin",
        "Sulaeman",
        "Rustam",
        "Lukman",
        "Amiruddin",
    ],
    women: &[
        "Andi",
        "Besse",
        "Hasnah",
        "Nurhaeda",
        "Rosdiana",
        "Hasmawati",
        "Suriani",
        "St.",
        "Darmawati",
        "Nurlaela",
        "Jumriah",
        "Rahmatia",
    ],
    second: &[
        "Tenri", "Nur", "Wahidah", "Fatimah", "Aisyah", "Hartati", "Sitti", "Dahlia", "Nurbaya",
    ],
    clans: &[
        "Rahman", "Tahir", "Mappa", "Latif", "Hamid", "Saleh", "Basri", "Azis", "Kadir", "Halim",
        "Makmur", "Nawir", "Yusuf",
    ],
};
const BALI: Lists = Lists {
    men: &[
        "Wayan", "Made", "Nyoman", "Ketut", "Gede", "Putu", "Kadek", "Komang",
    ],
    women: &[
        "Wayan", "Made", "Nyoman", "Ketut", "Luh", "Putu", "Kadek", "Komang",
    ],
    second: &[
        "Sri", "Ayu", "Suarni", "Widiani", "Sukerti", "Astini", "Suryani", "Puspa", "Ratnadi",
        "Sariasih", "Wirati",
    ],
    clans: &[
        "Sudiarta",
        "Suardana",
        "Arnawa",
        "Sukarma",
        "Widana",
        "Sutama",
        "Suweca",
        "Artawan",
        "Mahardika",
        "Wirawan",
        "Budiasa",
        "Sukadana",
    ],
};
const MALAY: Lists = Lists {
    men: &[
        "Muhammad",
        "Ahmad",
        "Abdul",
        "Syaiful",
        "Rusli",
        "Junaidi",
        "Hairuddin",
        "Ismail",
        "Ibrahim",
        "Zainal",
        "Rahmat",
        "Fahmi",
        "Hamdan",
        "Yusuf",
        "Irwan",
        "Mahmud",
        "Achmad",
        "Faisal",
    ],
    women: &[
        "Siti",
        "Nur",
        "Fatimah",
        "Aminah",
        "Nurul",
        "Norhayati",
        "Rahmah",
        "Khadijah",
        "Mariana",
        "Halimah",
        "Rusmini",
        "Zahra",
        "Jamilah",
        "Noor",
        "Hafsah",
    ],
    second: &[
        "Aisyah", "Hidayah", "Jannah", "Hasanah", "Khotimah", "Zubaidah", "Azizah", "Maulida",
        "Aini", "Huda", "Salamah", "Fitria",
    ],
    clans: &[
        "Rizki",
        "Fauzi",
        "Hidayat",
        "Rahman",
        "Ridwan",
        "Yusuf",
        "Arifin",
        "Ramadhan",
        "Ali",
        "Hakim",
        "Syahputra",
        "Azhar",
        "Noor",
        "Fadli",
        "Maulana",
    ],
};
const ACEH: Lists = Lists {
    men: &[
        "Teuku",
        "Muhammad",
        "Zulkifli",
        "Iskandar",
        "Muzakir",
        "Safrizal",
        "Bukhari",
        "Ridwan",
        "Saifuddin",
        "Razali",
    ],
    women: &[
        "Cut",
        "Nurhayati",
        "Safrida",
        "Rosnawati",
        "Mutia",
        "Nilawati",
        "Fauziah",
        "Ainal",
        "Yusra",
        "Salmiah",
    ],
    second: &[
        "Meutia", "Keumala", "Dewi", "Mardhiah", "Intan", "Rauzah", "Husna", "Maulina",
    ],
    clans: &[
        "Iskandar", "Muda", "Usman", "Daud", "Hasan", "Syah", "Ibrahim", "Amin", "Jafar", "Yunus",
    ],
};
const PAPUA: Lists = Lists {
    men: &[
        "Yohanes",
        "Markus",
        "Yakob",
        "Petrus",
        "Elias",
        "Paulus",
        "Simon",
        "Frans",
        "Daniel",
        "Otniel",
        "Agustinus",
        "Yunus",
    ],
    women: &[
        "Maria", "Yuliana", "Marthina", "Agustina", "Debora", "Yosina", "Dorkas", "Naomi",
        "Fransina", "Ribka", "Selfina",
    ],
    second: &[
        "Yosepha",
        "Magdalena",
        "Elisabeth",
        "Hendrik",
        "Marlina",
        "Ferdinand",
    ],
    clans: &[
        "Wanggai",
        "Rumbiak",
        "Wenda",
        "Kogoya",
        "Tabuni",
        "Yoku",
        "Ohee",
        "Rumaropen",
        "Kambu",
        "Mandacan",
        "Pekei",
        "Gobai",
        "Mayor",
        "Yarangga",
        "Kafiar",
    ],
};
const MINAHASA: Lists = Lists {
    men: &[
        "Ferry", "Jefry", "Steven", "René", "Franky", "Deddy", "Johny", "Meidy", "Recky", "Audy",
    ],
    women: &[
        "Meike", "Deitje", "Olga", "Vonny", "Grace", "Stella", "Jeane", "Selvie", "Fonny",
        "Treesje",
    ],
    second: &[
        "Magdalena",
        "Christiana",
        "Yohana",
        "Frederik",
        "Hendrik",
        "Novita",
    ],
    clans: &[
        "Tumbelaka",
        "Rondonuwu",
        "Lumentut",
        "Mandagi",
        "Pangemanan",
        "Sumual",
        "Kaunang",
        "Waworuntu",
        "Runtuwene",
        "Latuheru",
        "Pattinasarany",
        "Tuhumury",
        "Salampessy",
    ],
};
const TIMOR: Lists = Lists {
    men: &[
        "Yohanes",
        "Antonius",
        "Yoseph",
        "Dominikus",
        "Kornelis",
        "Melkianus",
        "Gregorius",
        "Petrus",
        "Martinus",
        "Adrianus",
    ],
    women: &[
        "Maria",
        "Yuliana",
        "Theresia",
        "Margaretha",
        "Yovita",
        "Kristina",
        "Elisabeth",
        "Agnes",
        "Emerensiana",
        "Selestina",
    ],
    second: &[
        "Goreti",
        "Fatima",
        "Imaculata",
        "Don",
        "Bosco",
        "Paulus",
        "Stefania",
    ],
    clans: &[
        "Nahak",
        "Seran",
        "Bria",
        "Tefa",
        "Kolo",
        "Manek",
        "Lopes",
        "Ndun",
        "Tallo",
        "Benu",
        "Taek",
        "Fernandez",
        "Lamak",
    ],
};
const TIONGHOA: Lists = Lists {
    men: &["Hendra", "Andi", "Rudy", "Kevin", "Budi", "Steven", "Johan"],
    women: &[
        "Lina", "Meilani", "Silvia", "Linda", "Yenny", "Caroline", "Mega",
    ],
    second: &["Kurniawan", "Susanto", "Angela", "Natalia"],
    clans: &[
        "Wijaya", "Halim", "Tanujaya", "Gunawan", "Lim", "Tan", "Salim", "Hartanto", "Liem",
        "Kosasih",
    ],
};

/// The people a person of a province most likely belongs to.
pub fn people_of(province: u8, rng: &mut Rng) -> People {
    use People::{
        Aceh, Bali, Batak, Bugis, Java, Malay, Minahasa, Minang, Papua, Sunda, Timor, Tionghoa,
    };
    let (first, second) = match province {
        11 => (Aceh, Malay),
        12 => (Batak, Java),
        13 => (Minang, Malay),
        18 | 31 => (Java, Sunda),
        32 | 36 => (Sunda, Java),
        33..=35 => (Java, Malay),
        51 => (Bali, Java),
        52 | 61 | 63 | 15..=17 => (Malay, Java),
        53 => (Timor, Bugis),
        71 | 81 => (Minahasa, Malay),
        72..=76 => (Bugis, Malay),
        82 => (Malay, Minahasa),
        91..=96 => (Papua, Bugis),
        _ => (Malay, Batak),
    };
    match rng.below(100) {
        0..65 => first,
        65..83 => second,
        83..92 => Java,
        92..98 => Malay,
        _ => Tionghoa,
    }
}

fn lists(people: People) -> &'static Lists {
    match people {
        People::Java => &JAVA,
        People::Sunda => &SUNDA,
        People::Batak => &BATAK,
        People::Minang => &MINANG,
        People::Bugis => &BUGIS,
        People::Bali => &BALI,
        People::Malay => &MALAY,
        People::Aceh => &ACEH,
        People::Papua => &PAPUA,
        People::Minahasa => &MINAHASA,
        People::Timor => &TIMOR,
        People::Tionghoa => &TIONGHOA,
    }
}

/// A name as the identity card has it, without titles.
pub fn name(people: People, woman: bool, rng: &mut Rng) -> String {
    let lists = lists(people);
    let first = rng.often(if woman { lists.women } else { lists.men });
    let last = rng.often(if woman { lists.second } else { lists.clans });
    let clan = rng.often(lists.clans);
    let middle = rng.often(lists.second);
    match people {
        People::Java => match rng.below(100) {
            0..12 if first.len() > 4 => first.to_owned(),
            0..80 => format!("{first} {last}"),
            _ if woman => format!("{first} {middle} {last}"),
            _ => format!("{first} {} {last}", rng.often(lists.men)),
        },
        People::Batak | People::Papua | People::Minahasa | People::Timor => match rng.below(100) {
            0..35 => format!("{first} {middle} {clan}"),
            _ => format!("{first} {clan}"),
        },
        People::Bali => format!("{} {first} {last}", if woman { "Ni" } else { "I" }),
        People::Tionghoa => format!("{first} {clan}"),
        _ => match rng.below(100) {
            0..8 if first.len() > 5 => first.to_owned(),
            0..70 => format!("{first} {last}"),
            _ if woman => format!("{first} {middle} {last}"),
            _ => format!("{first} {} {last}", rng.often(lists.men)),
        },
    }
}

/// The religion, by name of the code list, that goes with a people.
pub fn religion(people: People, rng: &mut Rng) -> &'static str {
    match people {
        People::Bali => "Hindu",
        People::Batak | People::Papua | People::Minahasa => {
            if rng.chance(80_000) {
                "Kristen"
            } else {
                "Islam"
            }
        }
        People::Timor => "Katholik",
        People::Tionghoa => rng.pick(&["Budha", "Kristen", "Katholik", "Konghucu"]),
        _ => {
            if rng.chance(96_000) {
                "Islam"
            } else {
                "Kristen"
            }
        }
    }
}
