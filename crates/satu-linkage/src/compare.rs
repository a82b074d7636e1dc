//! Comparing two standard values into a level: 0 missing, 1 same, up to "other".

use crate::field::{Field, FieldKind};

/// What a comparison can say at most; levels run from 1 to here.
pub(crate) const MOST_LEVELS: usize = 5;

/// The level of two standard values of a field that are not the same and not missing.
pub(crate) fn level(field: &Field, a: &[u8], b: &[u8]) -> u8 {
    match field.kind {
        FieldKind::Name => words(a, b, true),
        FieldKind::Text => words(a, b, false),
        FieldKind::Id => id(field, a, b),
        FieldKind::Date => date(a, b),
        FieldKind::Number => number(a, b),
        FieldKind::Code => 2,
    }
}

/// How many slips (a letter wrong, missing, too many, or two neighbours swapped) lie between two
/// words: 0, 1, 2, or 3 for more; where there are more than `most`, the answer may be 3 at once.
pub(crate) fn slips(a: &[u8], b: &[u8], most: u8) -> u8 {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    match (a.len(), b.len()) {
        (0, n) => n.min(3) as u8,
        (1, 1) => 1,
        (2, 2) if a[0] == b[1] && a[1] == b[0] => 1,
        (1 | 2, 2) => 2,
        (m, n) if most < 2 || n - m > 2 => 3,
        _ => table(a, b),
    }
}

/// Optimal string alignment by the usual table; long words are not worth it.
fn table(a: &[u8], b: &[u8]) -> u8 {
    const MOST: usize = 32;
    if b.len() > MOST {
        return 3;
    }
    let mut before = [0u8; MOST + 1];
    let mut above = [0u8; MOST + 1];
    let mut row = [0u8; MOST + 1];
    for (at, cell) in above.iter_mut().enumerate() {
        *cell = at as u8;
    }
    for i in 1..=a.len() {
        row[0] = i as u8;
        let mut least = row[0];
        for j in 1..=b.len() {
            let change = above[j - 1] + u8::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row[j] = best;
            least = least.min(best);
        }
        if least > 2 {
            return 3;
        }
        before = above;
        above = row;
    }
    above[b.len()].min(3)
}

/// Whether two words are one, give or take a slip (two in long ones) not at both ends.
fn is_close(a: &[u8], b: &[u8]) -> bool {
    let short = a.len().min(b.len());
    let long = a.len().max(b.len());
    if short < 3 || long - short > 2 {
        return false;
    }
    if a[0] != b[0] && a[a.len() - 1] != b[b.len() - 1] {
        return false;
    }
    let allowed = 1 + u8::from(short >= 7);
    long - short <= allowed as usize && slips(a, b, allowed) <= allowed
}

const MOST_WORDS: usize = 8;
const LONGEST_JOINED: usize = 48;

fn split(text: &[u8]) -> ([&[u8]; MOST_WORDS], usize) {
    let mut words: [&[u8]; MOST_WORDS] = [&[]; MOST_WORDS];
    let mut count = 0;
    for word in text.split(|byte| *byte == b' ') {
        if count == MOST_WORDS {
            break;
        }
        words[count] = word;
        count += 1;
    }
    (words, count)
}

/// Words in any order; both texts' words are in alphabetical order.
fn words(a: &[u8], b: &[u8], initials: bool) -> u8 {
    // One order for every pair, so that comparing is symmetric.
    let (a, b) = if (a.len(), a) <= (b.len(), b) {
        (a, b)
    } else {
        (b, a)
    };
    let (a, count_a) = split(a);
    let (b, count_b) = split(b);
    let (a, b) = (&a[..count_a], &b[..count_b]);
    let (mut used_a, mut used_b) = (0u32, 0u32);
    let mut common = 0;
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                used_a |= 1 << i;
                used_b |= 1 << j;
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let mut pair = |meets: &dyn Fn(&[u8], &[u8]) -> bool| {
        let mut found = 0;
        for (i, word) in a.iter().enumerate() {
            if used_a & (1 << i) != 0 {
                continue;
            }
            let partner = (0..b.len()).find(|j| used_b & (1 << j) == 0 && meets(word, b[*j]));
            if let Some(j) = partner {
                used_a |= 1 << i;
                used_b |= 1 << j;
                found += 1;
            }
        }
        found
    };
    common += pair(&is_close);
    let abbreviated = if initials {
        pair(&|x, y| (x.len() == 1) != (y.len() == 1) && x.first() == y.first())
    } else {
        0
    };
    // `sitiaminah` for `siti aminah`: one word here is two there.
    let joined = join(a, b, &mut used_a, &mut used_b) + join(b, a, &mut used_b, &mut used_a);
    common += joined;
    let left_a = a.len() as u32 - used_a.count_ones();
    let left_b = b.len() as u32 - used_b.count_ones();
    if common + abbreviated == 0 {
        return 5;
    }
    match (left_a, left_b) {
        (0, 0) if abbreviated == 0 => 2,
        (0, _) | (_, 0) => 3,
        _ if common > 0 => 4,
        _ => 5,
    }
}

fn join(whole: &[&[u8]], parts: &[&[u8]], used_whole: &mut u32, used_parts: &mut u32) -> u32 {
    let mut found = 0;
    for (i, word) in whole.iter().enumerate() {
        if *used_whole & (1 << i) != 0 {
            continue;
        }
        'pairs: for x in 0..parts.len() {
            for y in 0..parts.len() {
                if x == y || *used_parts & (1 << x) != 0 || *used_parts & (1 << y) != 0 {
                    continue;
                }
                if is_joined(word, parts[x], parts[y]) {
                    *used_whole |= 1 << i;
                    *used_parts |= 1 << x | 1 << y;
                    found += 1;
                    break 'pairs;
                }
            }
        }
    }
    found
}

/// Whether a word is two words without the space, give or take a letter: one put in the space's
/// place, one lost, or one for the same letter twice where the two meet.
fn is_joined(word: &[u8], x: &[u8], y: &[u8]) -> bool {
    let both = x.len() + y.len();
    if word.len().abs_diff(both) > 1 || both > LONGEST_JOINED || both < 5 && word.len() != both {
        return false;
    }
    let mut joined = [0u8; LONGEST_JOINED];
    joined[..x.len()].copy_from_slice(x);
    joined[x.len()..both].copy_from_slice(y);
    slips(word, &joined[..both], 1) <= 1
}

fn id(field: &Field, a: &[u8], b: &[u8]) -> u8 {
    const KEPT_BY_SPREADSHEETS: usize = 15;
    if a.len() == b.len() {
        let first = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        if a.len() > KEPT_BY_SPREADSHEETS && first >= KEPT_BY_SPREADSHEETS {
            let rounded = |id: &[u8]| id[KEPT_BY_SPREADSHEETS..].iter().all(|byte| *byte == b'0');
            if rounded(a) || rounded(b) {
                // A spreadsheet lost the last digits: what is left agrees.
                return if a.len() == KEPT_BY_SPREADSHEETS + 1 {
                    2
                } else {
                    0
                };
            }
        }
        if first + field.serial >= a.len() {
            return 3;
        }
    }
    if a.len().abs_diff(b.len()) <= 1 && slips(a, b, 1) == 1 {
        2
    } else {
        3
    }
}

/// `YYYYMMDD` both.
fn date(a: &[u8], b: &[u8]) -> u8 {
    if a.len() != 8 || b.len() != 8 {
        return 4;
    }
    let (year, month, day) = (a[..4] == b[..4], a[4..6] == b[4..6], a[6..] == b[6..]);
    if year && a[4..6] == b[6..] && a[6..] == b[4..6] {
        return 2;
    }
    if slips(a, b, 1) == 1 {
        return 2;
    }
    if u8::from(year) + u8::from(month) + u8::from(day) == 2 {
        3
    } else {
        4
    }
}

fn number(a: &[u8], b: &[u8]) -> u8 {
    let parse = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<f64>().ok();
    match (parse(a), parse(b)) {
        (Some(x), Some(y)) if (x - y).abs() <= 1.0f64.max(0.02 * x.abs().max(y.abs())) => 2,
        _ if slips(a, b, 1) == 1 && a.len().max(b.len()) > 2 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::{slips, words};

    #[test]
    fn slips_are_counted_as_a_person_would() {
        for (a, b, count) in [
            ("sari", "sari", 0),
            ("sari", "sary", 1),
            ("sari", "sair", 1),
            ("sari", "sri", 1),
            ("sari", "srai", 1),
            ("kartika", "katrkia", 2),
            ("kartika", "wulan", 3),
            ("abcd", "badc", 2),
        ] {
            assert_eq!(slips(a.as_bytes(), b.as_bytes(), 2), count, "{a} {b}");
            assert_eq!(slips(b.as_bytes(), a.as_bytes(), 2), count, "{b} {a}");
        }
    }

    #[test]
    fn names_fall_into_the_level_a_clerk_would_choose() {
        for (a, b, level) in [
            ("aminah siti", "aminah siti nur", 3),
            ("aminah siti", "aminah s", 3),
            ("aminah siti", "aminah sti", 2),
            ("aminah siti", "sitiaminah", 2),
            ("aminah siti", "sitiqaminah", 2),
            ("aminah siti", "sitaminah", 2),
            ("aminah siti", "budisiti", 5),
            ("fatimah hasanah", "fatimahasanah", 2),
            ("fatimah hasanah", "fatimasanah", 5),
            ("aminah siti", "ratna siti", 4),
            ("aminah siti", "budi contoh", 5),
        ] {
            assert_eq!(words(a.as_bytes(), b.as_bytes(), true), level, "{a} / {b}");
        }
    }
}
