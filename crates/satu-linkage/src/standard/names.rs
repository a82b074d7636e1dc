//! Personal names in standard form, and how they sound.

use super::{plain_into, sort_words};

const TITLES: [&str; 27] = [
    "prof", "dr", "drg", "drh", "ir", "drs", "dra", "h", "hj", "r", "rr", "rd", "rm", "ra", "apt",
    "ns", "kh", "tgk", "ust", "ustadz", "haji", "hajjah", "bpk", "ibu", "sdr", "mr", "mrs",
];

const DEGREES: [&str; 44] = [
    "se", "sh", "st", "spd", "spdi", "skom", "ssi", "sip", "ssos", "sos", "skm", "sag", "ss", "sp",
    "spt", "shut", "skep", "sked", "sfarm", "sst", "sstp", "mm", "msi", "mh", "mt", "mpd", "mkes",
    "mkom", "map", "mag", "msc", "ma", "mba", "mhum", "mkep", "phd", "amd", "amdkep", "amdkeb",
    "amdkom", "amk", "amkeb", "bsc", "ba",
];

/// A personal name without titles, spelling evened out (`oe` u, `dj` j, `tj` c, doubled letters
/// single, `y` i, forms of Muhammad one), words in alphabetical order.
///
/// ```
/// use satu_linkage::standard::name;
/// assert_eq!(name("Drs. H. Moh. Soekardjo, M.Si"), name("MUHAMMAD SUKARJO"));
/// ```
pub fn name(text: &str) -> String {
    let mut out = String::new();
    name_into(text, &mut out);
    out
}

pub(crate) fn name_into(text: &str, out: &mut String) {
    // After the first comma stand titles, unless nothing stands before it.
    let head = match text.split_once(',') {
        Some((head, _)) if head.bytes().any(|byte| byte.is_ascii_alphabetic()) => head,
        _ => text,
    };
    let mut scratch = String::with_capacity(head.len());
    let mut word_text = String::new();
    for word in head.split_whitespace() {
        // `S.Pd`, `M.Si.`: dots inside and a known degree once they are gone.
        if word.trim_end_matches('.').contains('.') && !scratch.is_empty() {
            word_text.clear();
            plain_into(word, &mut word_text);
            word_text.retain(|letter| letter != ' ');
            if DEGREES.contains(&word_text.as_str()) {
                continue;
            }
        }
        if !scratch.is_empty() {
            scratch.push(' ');
        }
        plain_into(word, &mut scratch);
    }
    let mut words: [&str; 16] = [""; 16];
    let mut count = 0;
    for word in scratch.split_ascii_whitespace().take(words.len()) {
        words[count] = word;
        count += 1;
    }
    let mut from = 0;
    while count - from > 1 && TITLES.contains(&words[from]) {
        from += 1;
    }
    while count - from > 1 && DEGREES.contains(&words[count - 1]) && words[count - 1] != "ma" {
        count -= 1;
    }
    let words = &words[from..count];
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let usual = usual_form(word, at == 0 && words.len() > 1);
        if let Some(usual) = usual {
            out.push_str(usual);
        } else {
            even_spelling(word, out);
        }
    }
    sort_words(out);
}

fn usual_form(word: &str, leads: bool) -> Option<&'static str> {
    match word {
        "muh" | "moh" | "mohd" | "muhd" | "mhd" | "mochamad" | "mochammad" | "mohammad"
        | "mohamad" | "muhammad" | "muhamad" | "muhammed" | "mohammed" | "mohamed" | "muchamad"
        | "muchammad" | "moch" | "much" | "mukhamad" | "mokhamad" | "mokhammad" | "mukhammad" => {
            Some("muhamad")
        }
        "m" if leads => Some("muhamad"),
        "abd" | "abdoel" => Some("abdul"),
        "achmad" | "ahmad" | "akhmad" | "achmat" | "ahmat" => Some("ahmad"),
        "st" | "sitti" | "siti" => Some("siti"),
        "nur" | "noor" | "noer" => Some("nur"),
        _ => None,
    }
}

/// The old spelling (van Ophuijsen 1901, Soewandi 1947) into the one of 1972, and sounds that
/// names write either way: `y`/`i`, doubled letters.
fn even_spelling(word: &str, out: &mut String) {
    let bytes = word.as_bytes();
    if word == "y" {
        out.push('i');
        return;
    }
    if bytes.len() <= 2 || !word.is_ascii() {
        out.push_str(word);
        return;
    }
    let start = out.len();
    let mut at = 0;
    while at < bytes.len() {
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let (letter, used) = match (bytes[at], next) {
            (b'o', b'e') => (b'u', 2),
            (b'd', b'j') => (b'j', 2),
            (b't', b'j') => (b'c', 2),
            (b'n' | b's', b'j') => {
                out.push(bytes[at] as char);
                (b'i', 2)
            }
            (b'c', b'h') => {
                out.push('k');
                (b'h', 2)
            }
            (b'y', _) => (b'i', 1),
            (letter, _) => (letter, 1),
        };
        if out.len() == start || out.as_bytes().last() != Some(&letter) || letter.is_ascii_digit() {
            out.push(letter as char);
        }
        at += used;
    }
}

/// How a standard name sounds: the consonants of each word, alike ones made one, in alphabetical
/// order. Takes any text and standardises it first.
///
/// ```
/// use satu_linkage::standard::name_key;
/// assert_eq!(name_key("Fitri Yusuf"), name_key("Yusup Pitri"));
/// ```
pub fn name_key(text: &str) -> String {
    let mut words: Vec<String> = name(text).split(' ').map(sound).collect();
    words.sort_unstable();
    words.join(" ")
}

/// The sound of one standard word: first letter and the consonants after it.
pub(crate) fn sound(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for (at, letter) in word.chars().enumerate() {
        let letter = match letter {
            'f' | 'v' => 'p',
            'z' => 's',
            'q' => 'k',
            'd' => 't',
            'a' | 'e' | 'i' | 'o' | 'u' | 'h' | 'w' if at > 0 => continue,
            other => other,
        };
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
    out
}
