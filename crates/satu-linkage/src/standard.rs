//! Standard forms: one way of writing what people write in many.
//!
//! Every function takes any text and never fails; what cannot be read gives the empty text.

mod names;

pub use names::{name, name_key};
pub(crate) use names::{name_into, sound};

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
