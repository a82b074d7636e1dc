//! Names by region, put together from word lists so that common names are common.

use std::sync::LazyLock;

use crate::rng::Rng;

/// The words of each people, in the order of [`People`]: a line for each list, its words from the most
/// common to the least.
const NAMES: &str = include_str!("../data/names.txt");

struct Lists {
    men: Vec<&'static str>,
    women: Vec<&'static str>,
    second: Vec<&'static str>,
    clans: Vec<&'static str>,
}

/// By [`People`].
static LISTS: LazyLock<Vec<Lists>> = LazyLock::new(|| {
    let read = |people: &'static str| {
        let words = |line: &'static str| line.split(' ').skip(1).collect();
        let mut lists = people.lines().skip(1).map(words);
        let mut next = || lists.next().unwrap_or_default();
        Lists {
            men: next(),
            women: next(),
            second: next(),
            clans: next(),
        }
    };
    NAMES.split("\n\n").map(read).collect()
});

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

/// A name as the identity card has it, without titles.
pub fn name(people: People, woman: bool, rng: &mut Rng) -> String {
    let Lists {
        men,
        women,
        second,
        clans,
    } = &LISTS[people as usize];
    let first = rng.often(if woman { women } else { men });
    let last = rng.often(if woman { second } else { clans });
    let clan = rng.often(clans);
    let middle = rng.often(second);
    match people {
        People::Java => match rng.below(100) {
            0..12 if first.len() > 4 => first.to_owned(),
            0..80 => format!("{first} {last}"),
            _ if woman => format!("{first} {middle} {last}"),
            _ => format!("{first} {} {last}", rng.often(men)),
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
            _ => format!("{first} {} {last}", rng.often(men)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_each_people_in_turn() {
        use People::{
            Aceh, Bali, Batak, Bugis, Java, Malay, Minahasa, Minang, Papua, Sunda, Timor, Tionghoa,
        };
        let all = [
            Java, Sunda, Batak, Minang, Bugis, Bali, Malay, Aceh, Papua, Minahasa, Timor, Tionghoa,
        ];
        let heads = |people: &'static str| {
            let heads = people.lines().filter_map(|line| line.split(' ').next());
            heads.collect::<Vec<_>>()
        };
        let written: Vec<_> = NAMES.split("\n\n").map(heads).collect();
        let told = all.map(|people| format!("{people:?}"));
        let heads = |people| [people, "men", "women", "second", "clans"];
        let expected: Vec<_> = told.iter().map(|people| heads(people)).collect();
        assert_eq!(written, expected);
    }
}
