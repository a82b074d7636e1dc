//! Standard forms: one way of writing what people write in many.
//!
//! Every function takes any text and never fails; what cannot be read gives the empty text.

/// Cells that people fill in to say nothing.
pub(crate) fn says_nothing(cell: &str) -> bool {
    if cell.len() > 10 {
        return false;
    }
    cell.bytes()
        .all(|byte| matches!(byte, b'-' | b'.' | b'?' | b'_' | b' '))
        || ["null", "n/a", "na", "nan", "none", "nihil", "tidak ada"]
            .iter()
            .any(|word| cell.eq_ignore_ascii_case(word))
}

/// The words of a text in small ASCII letters and digits, single-spaced, in alphabetical order.
///
/// ```
/// assert_eq!(satu_linkage::standard::text("Jl. Contoh  No.7"), "7 contoh jl no");
/// ```
pub fn text(text: &str) -> String {
    let mut out = String::new();
    text_into(text, &mut out);
    out
}

pub(crate) fn text_into(text: &str, out: &mut String) {
    plain_into(text, out);
    sort_words(out);
}

/// Small ASCII letters and digits, single spaces; common accents off, other signs dropped.
fn plain_into(text: &str, out: &mut String) {
    let start = out.len();
    for letter in text.chars() {
        match letter {
            'a'..='z' | '0'..='9' => out.push(letter),
            'A'..='Z' => out.push(letter.to_ascii_lowercase()),
            '\'' | '`' | '’' | '‘' | 'ʼ' => {}
            _ if letter.is_ascii() => {
                if out.len() > start && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ => {
                if letter.is_alphanumeric() {
                    push_folded(letter, out);
                } else if out.len() > start && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        }
    }
    while out.len() > start && out.ends_with(' ') {
        out.pop();
    }
}

fn push_folded(letter: char, out: &mut String) {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    match small {
        'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
        'ç' | 'ć' | 'č' => out.push('c'),
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => out.push('e'),
        'ì'..='ï' | 'ī' | 'į' | 'ı' => out.push('i'),
        'ñ' | 'ń' | 'ň' => out.push('n'),
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => out.push('o'),
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => out.push('u'),
        'ý' | 'ÿ' => out.push('y'),
        'ß' => out.push_str("ss"),
        'š' | 'ś' => out.push('s'),
        'ž' | 'ź' | 'ż' => out.push('z'),
        _ => out.push(small),
    }
}

fn sort_words(text: &mut String) {
    let mut words: [&str; 32] = [""; 32];
    let mut count = 0;
    let mut sorted = true;
    for word in text.split_ascii_whitespace().take(words.len()) {
        sorted &= count == 0 || words[count - 1] <= word;
        words[count] = word;
        count += 1;
    }
    if sorted {
        return;
    }
    words[..count].sort_unstable();
    *text = words[..count].join(" ");
}

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

/// An id: letters small, digits, nothing else. Empty for fillers (one sign repeated) and for what
/// a spreadsheet has turned into scientific form.
///
/// ```
/// use satu_linkage::standard::id;
/// assert_eq!(id(" 3171-0101.2345 "), "317101012345");
/// assert_eq!(id("1,98503E+17"), "");
/// ```
pub fn id(text: &str) -> String {
    let mut out = String::new();
    id_into(text, &mut out);
    out
}

pub(crate) fn id_into(text: &str, out: &mut String) {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    if let Some((head, tail)) = text.split_once(['E', 'e'])
        && head.contains(['.', ','])
        && tail.starts_with(['+', '-'])
    {
        return;
    }
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_lowercase());
        } else if letter.is_alphanumeric() || letter == '@' {
            push_folded(letter, out);
        }
    }
    let mut letters = out.bytes();
    let first = letters.next();
    if letters.all(|letter| Some(letter) == first) && (out.len() > 1 || first == Some(b'0')) {
        out.clear();
    }
}

/// A date as `YYYYMMDD`; empty for what is none. Reads `1985-03-17`, `17-03-1985`, `17/3/85`,
/// `19850317`, `17 Maret 1985`, a time of day behind it. Where the month cannot be one, day and
/// month change places.
///
/// ```
/// use satu_linkage::standard::date;
/// assert_eq!(date("17 Maret 1985"), date("1985-03-17"));
/// assert_eq!(date("03/17/1985"), "19850317");
/// ```
pub fn date(text: &str) -> String {
    let mut out = String::new();
    date_into(text, &mut out);
    out
}

pub(crate) fn date_into(text: &str, out: &mut String) {
    if let Some((year, month, day)) = parse_date(text) {
        for (value, width) in [(year, 1000), (month, 10), (day, 10)] {
            let mut unit = width;
            while unit > 0 {
                out.push((b'0' + (value / unit % 10) as u8) as char);
                unit /= 10;
            }
        }
    }
}

fn parse_date(text: &str) -> Option<(u32, u32, u32)> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit) {
        let number: u32 = text.parse().ok()?;
        return sane(number / 10_000, number / 100 % 100, number % 100)
            .or_else(|| sane(number % 10_000, number / 10_000 % 100, number / 1_000_000));
    }
    let mut parts = [0u32; 3];
    let mut widths = [0usize; 3];
    let mut count = 0;
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if count == 3 {
            break;
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() <= 4 {
            parts[count] = word.parse().ok()?;
            widths[count] = word.len();
        } else if let Some(digits) = word.get(..2).filter(|_| count == 2 && word.contains('T')) {
            parts[count] = digits.parse().ok()?;
            widths[count] = 2;
        } else {
            parts[count] = month(word)?;
            widths[count] = 3;
        }
        count += 1;
    }
    if count < 3 {
        return None;
    }
    let [a, b, c] = parts;
    match (widths[0], widths[2]) {
        (4, _) => sane(a, b, c),
        (_, 4) => sane(c, b, a),
        (_, 2) => sane(if c > 30 { 1900 + c } else { 2000 + c }, b, a),
        _ => None,
    }
}

fn sane(year: u32, month: u32, day: u32) -> Option<(u32, u32, u32)> {
    let (month, day) = if month > 12 && (1..=12).contains(&day) {
        (day, month)
    } else {
        (month, day)
    };
    ((1800..=2199).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day))
        .then_some((year, month, day))
}

fn month(word: &str) -> Option<u32> {
    const MONTHS: [(&str, u32); 16] = [
        ("jan", 1),
        ("feb", 2),
        ("mar", 3),
        ("apr", 4),
        ("mei", 5),
        ("may", 5),
        ("jun", 6),
        ("jul", 7),
        ("agu", 8),
        ("aug", 8),
        ("sep", 9),
        ("okt", 10),
        ("oct", 10),
        ("nov", 11),
        ("des", 12),
        ("dec", 12),
    ];
    let start = word.get(..3)?.to_ascii_lowercase();
    MONTHS
        .iter()
        .find(|(name, _)| *name == start)
        .map(|(_, month)| *month)
}

/// A code: small letters and digits, single spaces.
pub fn code(text: &str) -> String {
    let mut out = String::new();
    code_into(text, &mut out);
    out
}

pub(crate) fn code_into(text: &str, out: &mut String) {
    plain_into(text, out);
}

pub(crate) fn number_into(text: &str, out: &mut String) {
    let text = text.trim().replace(',', ".");
    if let Ok(number) = text.parse::<f64>()
        && number.is_finite()
    {
        out.push_str(&number.to_string());
    }
}
