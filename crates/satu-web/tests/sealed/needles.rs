//! Values looked for in bytes: as they are, in hexadecimal digits, in base 64, in UTF-16, and in
//! whatever Zstandard packs.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// Bytes by which a form is looked up.
const FIRST: usize = 8;
/// Bytes that are unpacked from one place.
const MOST: u64 = 64 << 20;

/// Values, by the first bytes of each of their forms.
#[derive(Default)]
pub struct Needles {
    pub values: BTreeSet<String>,
    forms: HashMap<[u8; FIRST], Vec<(Vec<u8>, String)>>,
}

/// The letters of base 64 that a value has in whatever it stands in, for each place that it can begin
/// at.
fn in_base64(value: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let padded = [&vec![0; before], value].concat();
        for engine in [&STANDARD, &URL_SAFE] {
            let letters = engine.encode(&padded).into_bytes();
            let (from, to) = ((8 * before).div_ceil(6), 8 * padded.len() / 6);
            forms.push(letters[from..to].to_vec());
        }
    }
    forms
}

impl Needles {
    /// Of these values, each of which has eight letters at least.
    pub fn new(values: impl IntoIterator<Item = String>) -> Needles {
        let mut needles = Needles::default();
        for value in values {
            assert!(value.len() >= FIRST, "{value:?} is too short to look for");
            if !needles.values.insert(value.clone()) {
                continue;
            }
            let bytes = value.as_bytes();
            let hex = satu_store::hex(bytes);
            let wide: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let mut forms = in_base64(bytes);
            forms.extend([
                bytes.to_vec(),
                hex.to_uppercase().into_bytes(),
                hex.into_bytes(),
                wide,
            ]);
            for form in forms {
                let first = *form.first_chunk().unwrap();
                let known = needles.forms.entry(first).or_default();
                known.push((form, value.clone()));
            }
        }
        needles
    }

    /// The values that stand in the bytes in any form.
    pub fn within(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.look(bytes, &mut found);
        // What is packed begins with these four bytes, wherever it stands.
        for (at, _) in bytes
            .windows(4)
            .enumerate()
            .filter(|(_, four)| *four == [0x28, 0xb5, 0x2f, 0xfd])
        {
            let mut unpacked = Vec::new();
            if let Ok(stream) = zstd::Decoder::new(&bytes[at..]) {
                // As much as there is of it, though it be cut off.
                let _ = stream.take(MOST).read_to_end(&mut unpacked);
            }
            self.look(&unpacked, &mut found);
        }
        found
    }

    fn look(&self, bytes: &[u8], found: &mut BTreeSet<String>) {
        for (at, first) in bytes.windows(FIRST).enumerate() {
            let Some(forms) = <&[u8; FIRST]>::try_from(first)
                .ok()
                .and_then(|first| self.forms.get(first))
            else {
                continue;
            };
            for (form, value) in forms {
                if bytes[at..].starts_with(form) {
                    found.insert(value.clone());
                }
            }
        }
    }
}

/// What looks like a NIK, an e-mail address or a telephone number in a delivered text.
pub fn personal(text: &str) -> BTreeSet<String> {
    let number = |cell: &str| cell.len() == 16 && cell.bytes().all(|byte| byte.is_ascii_digit());
    let phone = |cell: &str| {
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        (10..=14).contains(&digits)
            && ["08", "+62", "62"]
                .iter()
                .any(|start| cell.starts_with(start))
    };
    let cells = text
        .split([',', ';', '\t', '\n', '|'])
        .map(|cell| cell.trim_matches(['"', '\r', ' ', '\'']));
    cells
        .filter(|cell| number(cell) || phone(cell) || (cell.contains('@') && cell.len() >= FIRST))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_form_of_a_value_is_found() {
    let nik = "3273015703850004";
    let needles = Needles::new([nik.to_owned()]);
    let around = |bytes: &[u8]| [b"awal ", bytes, b" akhir"].concat();
    for before in ["", "a", "ab", "abc"] {
        let text = format!("{before}{nik}{before}");
        let packed = zstd::encode_all(text.as_bytes(), 3).unwrap();
        let hex = satu_store::hex(text.as_bytes());
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for form in [
            text.as_bytes(),
            STANDARD.encode(&text).as_bytes(),
            URL_SAFE.encode(&text).as_bytes(),
            hex.as_bytes(),
            hex.to_uppercase().as_bytes(),
            &wide,
            &packed,
        ] {
            assert_eq!(needles.within(&around(form)).len(), 1, "{form:?}");
        }
    }
    assert!(needles.within(&around(b"3273015703850005")).is_empty());
}
