//! A value of a Parquet column as the text that it would be in a CSV file.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::Offset;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::schema::types::Type;

/// A value that cannot be written as text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no text")]
pub struct NoText(pub(crate) String);

/// What the values of a column stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// Numbers and flags as they are; bytes that are text as text.
    Plain,
    /// Whole numbers without a sign.
    Unsigned,
    /// Whole numbers, of which so many digits stand behind the point.
    Decimal(usize),
    /// Days since 1970-01-01.
    Day,
    /// Moments, of which so many make a second; their day in UTC is written.
    Moment(i64),
    /// What no cell of a table holds, by name.
    NoText(String),
}

/// Values of one physical type, without the nulls between them.
pub(crate) enum Values {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int96(Vec<Int96>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

/// Most digits of a decimal behind the point, and most bytes that it takes.
const DIGITS: i32 = 76;
const DECIMAL: usize = 32;

const SECONDS_OF_DAY: i64 = 86_400;

impl Form {
    /// What the schema says of a column.
    pub(crate) fn of(column: &Type) -> Form {
        let info = column.get_basic_info();
        let moment = |unit: TimeUnit| {
            Form::Moment(match unit {
                TimeUnit::MILLIS => 1_000,
                TimeUnit::MICROS => 1_000_000,
                TimeUnit::NANOS => 1_000_000_000,
            })
        };
        let decimal = |scale: i32| match usize::try_from(scale) {
            Ok(digits) if scale <= DIGITS => Form::Decimal(digits),
            _ => Form::NoText(format!("a decimal of {scale} digits behind the point")),
        };
        let named = |name: &dyn std::fmt::Debug| Form::NoText(format!("a column of type {name:?}"));
        let physical = column.get_physical_type();
        match (info.logical_type_ref(), info.converted_type(), physical) {
            (Some(LogicalType::Unknown), ..) => Form::Plain,
            (Some(LogicalType::Decimal(kind)), ..) => decimal(kind.scale),
            (Some(LogicalType::Timestamp(kind)), _, Physical::INT64) => moment(kind.unit),
            (Some(LogicalType::Date), ..) | (None, ConvertedType::DATE, _) => Form::Day,
            (Some(LogicalType::Integer(kind)), _, Physical::INT32 | Physical::INT64) => {
                if kind.is_signed {
                    Form::Plain
                } else {
                    Form::Unsigned
                }
            }
            (None, ConvertedType::DECIMAL, _) => decimal(column.get_scale()),
            (None, ConvertedType::TIMESTAMP_MILLIS, _) => moment(TimeUnit::MILLIS),
            (None, ConvertedType::TIMESTAMP_MICROS, _) => moment(TimeUnit::MICROS),
            (
                None,
                ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64,
                _,
            ) => Form::Unsigned,
            (None, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS, _) => {
                named(&info.converted_type())
            }
            (Some(kind), _, Physical::INT32 | Physical::INT64 | Physical::FIXED_LEN_BYTE_ARRAY) => {
                named(kind)
            }
            (None, _, Physical::FIXED_LEN_BYTE_ARRAY) => named(&physical),
            _ => Form::Plain,
        }
    }
}

impl Values {
    /// Room for values of this physical type.
    pub(crate) fn new(physical: Physical) -> Values {
        match physical {
            Physical::BOOLEAN => Values::Bool(Vec::new()),
            Physical::INT32 => Values::Int32(Vec::new()),
            Physical::INT64 => Values::Int64(Vec::new()),
            Physical::INT96 => Values::Int96(Vec::new()),
            Physical::FLOAT => Values::Float(Vec::new()),
            Physical::DOUBLE => Values::Double(Vec::new()),
            Physical::BYTE_ARRAY => Values::Bytes(Vec::new()),
            Physical::FIXED_LEN_BYTE_ARRAY => Values::Fixed(Vec::new()),
        }
    }

    /// Writes one value behind `out`: ISO dates (of a moment its day in UTC), bytes that are text as
    /// text. A number with a fraction is written so that it cannot be taken for an id. The error
    /// names what is no text.
    pub(crate) fn push(&self, at: usize, form: &Form, out: &mut String) -> Result<(), NoText> {
        match self {
            Values::Bool(values) => show(format_args!("{}", get(values, at)?), out),
            Values::Int32(values) => whole(i64::from(*get(values, at)?), form, 4, out),
            Values::Int64(values) => whole(*get(values, at)?, form, 8, out),
            Values::Int96(values) => day(get(values, at)?.to_seconds(), out),
            Values::Float(values) => show(format_args!("{:?}", get(values, at)?), out),
            Values::Double(values) => show(format_args!("{:?}", get(values, at)?), out),
            Values::Bytes(values) => bytes(get(values, at)?.data(), form, out),
            Values::Fixed(values) => bytes(get(values, at)?.data(), form, out),
        }
    }
}

fn get<T>(values: &[T], at: usize) -> Result<&T, NoText> {
    let lacks = || NoText("a column that has fewer values than it says".to_owned());
    values.get(at).ok_or_else(lacks)
}

fn show(text: std::fmt::Arguments<'_>, out: &mut String) -> Result<(), NoText> {
    // Writing to a String cannot fail.
    out.write_fmt(text)
        .map_err(|error| NoText(error.to_string()))
}

/// A whole number that takes so many bytes in the file.
fn whole(value: i64, form: &Form, size: usize, out: &mut String) -> Result<(), NoText> {
    match form {
        Form::Plain => show(format_args!("{value}"), out),
        Form::Unsigned if size == 4 => show(format_args!("{}", value as u32), out),
        Form::Unsigned => show(format_args!("{}", value as u64), out),
        Form::Decimal(digits) => decimal(&value.to_be_bytes(), *digits, out),
        Form::Day => day(value.saturating_mul(SECONDS_OF_DAY), out),
        Form::Moment(parts) => day(value.div_euclid(*parts), out),
        Form::NoText(name) => Err(NoText(name.clone())),
    }
}

fn bytes(value: &[u8], form: &Form, out: &mut String) -> Result<(), NoText> {
    match form {
        Form::Decimal(digits) => decimal(value, *digits, out),
        Form::NoText(name) => Err(NoText(name.clone())),
        _ => {
            let text = std::str::from_utf8(value);
            out.push_str(text.map_err(|_| NoText("a column of bytes".to_owned()))?);
            Ok(())
        }
    }
}

/// The day of a second since 1970-01-01.
fn day(second: i64, out: &mut String) -> Result<(), NoText> {
    let moment = Timestamp::from_second(second)
        .map_err(|_| NoText("a date beyond the calendar".to_owned()))?;
    show(
        format_args!("{}", Offset::UTC.to_datetime(moment).date()),
        out,
    )
}

/// A whole number in two's complement, its highest byte first, with the point before the last digits.
fn decimal(value: &[u8], behind: usize, out: &mut String) -> Result<(), NoText> {
    if value.is_empty() || value.len() > DECIMAL {
        return Err(NoText(format!("a decimal of {} bytes", value.len())));
    }
    let mut left = value.to_vec();
    if value[0] >= 0x80 {
        out.push('-');
        let mut carry = true;
        for byte in left.iter_mut().rev() {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
    }
    let mut digits = Vec::new();
    while left.iter().any(|byte| *byte > 0) || digits.len() <= behind {
        let mut rest = 0;
        for byte in &mut left {
            let part = rest * 256 + u32::from(*byte);
            (*byte, rest) = ((part / 10) as u8, part % 10);
        }
        digits.push(b'0' + rest as u8);
    }
    for (at, digit) in digits.iter().enumerate().rev() {
        out.push(char::from(*digit));
        if at == behind && at > 0 {
            out.push('.');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Form, NoText, Values};

    fn shown(values: &Values, form: &Form) -> Result<String, NoText> {
        let mut text = String::new();
        values.push(0, form, &mut text).map(|()| text)
    }

    #[test]
    fn values_are_written_as_a_csv_file_would() {
        let nip = 198_503_172_010_012_005_i64;
        let second = 479_865_600;
        let long = 12_345_i128.to_be_bytes();
        let longest = [[0xFF_u8; 31].as_slice(), &[0x85]].concat();
        for (values, form, text) in [
            (Values::Bytes(vec!["Ani".into()]), Form::Plain, "Ani"),
            (Values::Int64(vec![nip]), Form::Plain, "198503172010012005"),
            // Digits are lost: it must not look like a NIP.
            (
                Values::Double(vec![nip as f64]),
                Form::Plain,
                "1.98503172010012e17",
            ),
            (Values::Double(vec![3.0]), Form::Plain, "3.0"),
            (Values::Float(vec![0.5]), Form::Plain, "0.5"),
            (Values::Bool(vec![true]), Form::Plain, "true"),
            (Values::Int32(vec![-1]), Form::Plain, "-1"),
            (Values::Int32(vec![-1]), Form::Unsigned, "4294967295"),
            (
                Values::Int64(vec![-1]),
                Form::Unsigned,
                "18446744073709551615",
            ),
            (Values::Int32(vec![5_554]), Form::Day, "1985-03-17"),
            (Values::Int32(vec![-1]), Form::Day, "1969-12-31"),
            (
                Values::Int64(vec![second * 1_000]),
                Form::Moment(1_000),
                "1985-03-17",
            ),
            (
                Values::Int64(vec![-1]),
                Form::Moment(1_000_000),
                "1969-12-31",
            ),
            (Values::Int32(vec![12_345]), Form::Decimal(2), "123.45"),
            (Values::Int64(vec![-5]), Form::Decimal(2), "-0.05"),
            (Values::Int64(vec![-5]), Form::Decimal(0), "-5"),
            (Values::Int64(vec![0]), Form::Decimal(2), "0.00"),
            (
                Values::Int64(vec![i64::MIN]),
                Form::Decimal(18),
                "-9.223372036854775808",
            ),
            (
                Values::Fixed(vec![long.to_vec().into()]),
                Form::Decimal(3),
                "12.345",
            ),
            (
                Values::Bytes(vec![longest.into()]),
                Form::Decimal(1),
                "-12.3",
            ),
        ] {
            assert_eq!(shown(&values, &form), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_text_is_named() {
        let bytes = || Values::Bytes(vec![vec![0xFF].into()]);
        for (values, form, reason) in [
            (bytes(), Form::Plain, "bytes"),
            (
                Values::Bytes(vec![vec![1; 33].into()]),
                Form::Decimal(1),
                "33 bytes",
            ),
            (
                Values::Int64(vec![i64::MAX]),
                Form::Moment(1_000),
                "beyond the calendar",
            ),
            (bytes(), Form::NoText("a time".to_owned()), "a time"),
            (Values::Bool(vec![]), Form::Plain, "fewer values"),
        ] {
            let told = shown(&values, &form).unwrap_err().to_string();
            assert!(
                told.contains(reason) && told.ends_with("is no text"),
                "{told}"
            );
        }
    }
}
