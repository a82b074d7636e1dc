//! Archives and workbooks written byte by byte.

/// How a part of an archive is packed.
pub enum Part {
    Stored(Vec<u8>),
    /// With the size and the checksum that it says it has.
    Deflated(Vec<u8>, u32, u32),
}

pub fn stored(text: &str) -> Part {
    Part::Stored(text.as_bytes().to_vec())
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// An archive of these parts.
pub fn archive(parts: &[(&str, Part)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, part) in parts {
        let (method, bytes, size, crc) = match part {
            Part::Stored(bytes) => (0u16, bytes, bytes.len() as u32, crc(bytes)),
            Part::Deflated(bytes, size, crc) => (8, bytes, *size, *crc),
        };
        let mut common = vec![20, 0, 0, 0];
        common.extend(method.to_le_bytes());
        common.extend([0; 4]);
        for number in [crc, bytes.len() as u32, size] {
            common.extend(number.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0; 2]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend((file.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(common);
        file.extend(name.as_bytes());
        file.extend(bytes);
    }
    let (start, count) = (file.len() as u32, parts.len() as u16);
    let length = directory.len() as u32;
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(length.to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0; 2]);
    file
}

/// `start`, then its last four bytes over and over up to about `size` bytes, packed.
pub fn endless(start: &str, size: usize) -> Part {
    let times = size.saturating_sub(start.len()) / 258;
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u64, 0);
    let mut push = |code: u64, length: u32| {
        bits |= code << held;
        held += length;
        while held >= 8 {
            bytes.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    };
    // One last block with the fixed codes, which stand with their first bit lowest.
    push(0b011, 3);
    let code = |code: u8| u64::from(code.reverse_bits());
    for byte in start.bytes() {
        push(code(0x30 + byte), 8);
    }
    for _ in 0..times {
        // 258 bytes from 4 bytes before: length code 285, distance code 3.
        push(code(0xC5) | 0b11000 << 8, 13);
    }
    push(0, 7 + 7);
    let size = start.len() + 258 * times;
    // Whoever reads a larger one to its end has failed already.
    let crc = if size < 8 << 20 {
        let unit = start.as_bytes()[start.len() - 4..].iter().cycle();
        let mut unpacked = start.as_bytes().to_vec();
        unpacked.extend(unit.take(258 * times));
        crc(&unpacked)
    } else {
        0
    };
    Part::Deflated(bytes, size as u32, crc)
}

/// A workbook with one sheet of these bytes, and what else is given.
pub fn workbook(sheet: Part, others: Vec<(&'static str, Part)>) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let top = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let mut parts = vec![
        ("_rels/.rels", stored(&top)),
        ("[Content_Types].xml", stored("<Types/>")),
        ("xl/workbook.xml", stored(&book)),
        ("xl/_rels/workbook.xml.rels", stored(&relations)),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    parts.extend(others);
    archive(&parts)
}
