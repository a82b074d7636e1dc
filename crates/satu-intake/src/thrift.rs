//! Looks over the Thrift structures of a Parquet file before the library that reads them does: it
//! recurses as deep as the schema says and makes room for what a page says it unpacks to.

/// Depth to which structures of one value may nest; those of Parquet need five.
const DEEPEST: u8 = 16;

/// Types of the compact protocol.
const STRUCT: u8 = 12;
const LIST: u8 = 9;

/// The encoding in which a value says how much of the value before it stands at its beginning.
const DELTA_BYTE_ARRAY: i64 = 7;

/// Bytes in the compact protocol. Every step is none where they end or contradict themselves.
pub(crate) struct Walk<'a> {
    bytes: &'a [u8],
}

/// What a page header says of its page, in bytes.
pub(crate) struct Page {
    /// Of the header itself.
    pub header: u64,
    /// As it stands in the file.
    pub packed: u64,
    /// As it is held in memory.
    pub unpacked: u64,
    /// How many values it holds, of a page of data.
    pub values: u64,
    /// Whether each value may repeat the beginning of the one before.
    pub grown: bool,
}

/// How deep the schema in a file's metadata nests: 1 for a plain table.
pub(crate) fn nesting(metadata: &[u8]) -> Option<usize> {
    let mut walk = Walk { bytes: metadata };
    let mut last = 0;
    while let (field, kind @ 1..) = walk.field(&mut last)? {
        if (field, kind) != (2, LIST) {
            walk.skip(kind, 0)?;
            continue;
        }
        let (count, kind) = walk.list()?;
        if kind != STRUCT {
            return None;
        }
        // For each open group, how many of its children are still to come.
        let (mut open, mut deepest): (Vec<i64>, usize) = (Vec::new(), 0);
        for _ in 0..count {
            while open.last() == Some(&0) {
                open.pop();
            }
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            let (mut children, mut last) = (0, 0);
            while let (field, kind @ 1..) = walk.field(&mut last)? {
                if field == 5 && kind == 5 {
                    children = walk.integer()?;
                } else {
                    walk.skip(kind, 0)?;
                }
            }
            deepest = deepest.max(open.len());
            if children > 0 {
                open.push(children);
            }
        }
        return Some(deepest);
    }
    None
}

/// Reads the page header at the beginning of `bytes`.
pub(crate) fn page(bytes: &[u8]) -> Option<Page> {
    let mut walk = Walk { bytes };
    let (mut packed, mut unpacked, mut last) = (None, None, 0);
    let (mut values, mut encoding) = (0, 0);
    while let (field, kind @ 1..) = walk.field(&mut last)? {
        match (field, kind) {
            (2, 5) => unpacked = Some(walk.integer()?),
            (3, 5) => packed = Some(walk.integer()?),
            // The header of a page of data, of the first or the second version.
            (5 | 8, STRUCT) => {
                let encoded = if field == 5 { 2 } else { 4 };
                let mut last = 0;
                while let (field, kind @ 1..) = walk.field(&mut last)? {
                    match (field, kind) {
                        (1, 5) => values = walk.integer()?,
                        (field, 5) if field == encoded => encoding = walk.integer()?,
                        _ => walk.skip(kind, 0)?,
                    }
                }
            }
            _ => walk.skip(kind, 0)?,
        }
    }
    Some(Page {
        header: (bytes.len() - walk.bytes.len()) as u64,
        packed: packed?.try_into().ok()?,
        unpacked: unpacked?.try_into().ok()?,
        values: values.try_into().ok()?,
        grown: encoding == DELTA_BYTE_ARRAY,
    })
}

impl Walk<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        self.bytes = self.bytes.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn integer(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// The next field of a structure and its type, which is 0 where the structure ends.
    fn field(&mut self, last: &mut i64) -> Option<(i64, u8)> {
        let head = self.byte()?;
        if head != 0 {
            *last = match head >> 4 {
                0 => self.integer()?,
                step => last.checked_add(i64::from(step))?,
            };
        }
        Some((*last, head & 0x0F))
    }

    /// How many values a list holds, and their type.
    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.unsigned()?,
            few => u64::from(few),
        };
        Some((count, head & 0x0F))
    }

    /// Passes over a value of this type.
    fn skip(&mut self, kind: u8, depth: u8) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match kind {
            // The value of a flag is its type.
            1 | 2 => Some(()),
            3 => self.pass(1),
            4..=6 => self.unsigned().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let length = self.unsigned()?;
                self.pass(length)
            }
            LIST | 10 => {
                let (count, kind) = self.list()?;
                for _ in 0..count {
                    self.item(kind, depth)?;
                }
                Some(())
            }
            11 => {
                let count = self.unsigned()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                for _ in 0..count {
                    self.item(kinds >> 4, depth)?;
                    self.item(kinds & 0x0F, depth)?;
                }
                Some(())
            }
            STRUCT => {
                let mut last = 0;
                while let (_, kind @ 1..) = self.field(&mut last)? {
                    self.skip(kind, depth + 1)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// Passes over a value of a list or map, where a flag is a byte like any other.
    fn item(&mut self, kind: u8, depth: u8) -> Option<()> {
        match kind {
            1 | 2 => self.pass(1),
            other => self.skip(other, depth + 1),
        }
    }
}
