//! A value of a Parquet column as the text that it would be in a CSV file.

use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, StructArray};
use arrow_schema::{DataType, TimeUnit};

/// A value that cannot be written as text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no text")]
pub struct NoText(String);

/// Writes one value behind `out`: nothing for null, ISO dates (of a moment its day in UTC), bytes
/// that are text as text, lists and structures in brackets. A number with a fraction is written so
/// that it cannot be taken for an id. The error names the type that is no text.
pub fn push_cell(column: &dyn Array, row: usize, out: &mut String) -> Result<(), NoText> {
    if column.is_null(row) {
        return Ok(());
    }
    macro_rules! shown {
        ($kind:ty, $form:literal) => {
            write!(out, $form, column.as_primitive::<$kind>().value(row))
        };
    }
    macro_rules! day {
        ($kind:ty) => {
            match column.as_primitive::<$kind>().value_as_datetime(row) {
                Some(moment) => write!(out, "{}", moment.date()),
                None => return Err(NoText("a date beyond the calendar".to_owned())),
            }
        };
    }
    let written = match column.data_type() {
        DataType::Null => Ok(()),
        DataType::Utf8 => out.write_str(column.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => out.write_str(column.as_string::<i64>().value(row)),
        DataType::Utf8View => out.write_str(column.as_string_view().value(row)),
        DataType::Binary => out.write_str(text(column.as_binary::<i32>().value(row))?),
        DataType::LargeBinary => out.write_str(text(column.as_binary::<i64>().value(row))?),
        DataType::BinaryView => out.write_str(text(column.as_binary_view().value(row))?),
        DataType::Boolean => write!(out, "{}", column.as_boolean().value(row)),
        DataType::Int8 => shown!(Int8Type, "{}"),
        DataType::Int16 => shown!(Int16Type, "{}"),
        DataType::Int32 => shown!(Int32Type, "{}"),
        DataType::Int64 => shown!(Int64Type, "{}"),
        DataType::UInt8 => shown!(UInt8Type, "{}"),
        DataType::UInt16 => shown!(UInt16Type, "{}"),
        DataType::UInt32 => shown!(UInt32Type, "{}"),
        DataType::UInt64 => shown!(UInt64Type, "{}"),
        DataType::Float32 => shown!(Float32Type, "{:?}"),
        DataType::Float64 => shown!(Float64Type, "{:?}"),
        DataType::Decimal128(..) => {
            out.write_str(&column.as_primitive::<Decimal128Type>().value_as_string(row))
        }
        DataType::Decimal256(..) => {
            out.write_str(&column.as_primitive::<Decimal256Type>().value_as_string(row))
        }
        DataType::Date32 => day!(Date32Type),
        DataType::Date64 => day!(Date64Type),
        DataType::Timestamp(TimeUnit::Second, _) => day!(TimestampSecondType),
        DataType::Timestamp(TimeUnit::Millisecond, _) => day!(TimestampMillisecondType),
        DataType::Timestamp(TimeUnit::Microsecond, _) => day!(TimestampMicrosecondType),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => day!(TimestampNanosecondType),
        DataType::List(_) => return list(&*column.as_list::<i32>().value(row), out),
        DataType::LargeList(_) => return list(&*column.as_list::<i64>().value(row), out),
        DataType::Map(..) => return list(&column.as_map().value(row), out),
        DataType::Struct(_) => return structure(column.as_struct(), row, out),
        other => return Err(NoText(format!("a column of type {other}"))),
    };
    // Writing to a String cannot fail.
    written.map_err(|error| NoText(error.to_string()))
}

fn text(bytes: &[u8]) -> Result<&str, NoText> {
    std::str::from_utf8(bytes).map_err(|_| NoText("a column of bytes".to_owned()))
}

fn list(values: &dyn Array, out: &mut String) -> Result<(), NoText> {
    out.push('[');
    for row in 0..values.len() {
        if row > 0 {
            out.push_str(", ");
        }
        push_cell(values, row, out)?;
    }
    out.push(']');
    Ok(())
}

fn structure(values: &StructArray, row: usize, out: &mut String) -> Result<(), NoText> {
    out.push('{');
    for (at, (field, column)) in values.fields().iter().zip(values.columns()).enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(field.name());
        out.push_str(": ");
        push_cell(column, row, out)?;
    }
    out.push('}');
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float64Array,
        Int64Array, ListArray, StringArray, TimestampMillisecondArray, types::Int32Type,
    };

    use super::{NoText, push_cell};

    fn shown(column: &ArrayRef) -> Result<String, NoText> {
        let mut text = String::new();
        push_cell(column, 0, &mut text).map(|()| text)
    }

    #[test]
    fn values_are_written_as_a_csv_file_would() {
        let nip = 198_503_172_010_012_005_i64;
        for (column, text) in [
            (Arc::new(StringArray::from(vec!["Ani"])) as ArrayRef, "Ani"),
            (Arc::new(StringArray::from(vec![None::<&str>])), ""),
            (Arc::new(Int64Array::from(vec![nip])), "198503172010012005"),
            // Digits are lost: it must not look like a NIP.
            (
                Arc::new(Float64Array::from(vec![nip as f64])),
                "1.98503172010012e17",
            ),
            (Arc::new(Float64Array::from(vec![3.0])), "3.0"),
            (Arc::new(BooleanArray::from(vec![true])), "true"),
            (Arc::new(Date32Array::from(vec![5_554])), "1985-03-17"),
            (
                Arc::new(TimestampMillisecondArray::from(vec![479_865_600_000])),
                "1985-03-17",
            ),
            (
                Arc::new(
                    Decimal128Array::from(vec![12_345])
                        .with_precision_and_scale(9, 2)
                        .unwrap(),
                ),
                "123.45",
            ),
            (Arc::new(BinaryArray::from(vec![&b"Budi"[..]])), "Budi"),
            (
                Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some([
                    Some(1),
                    Some(2),
                ])])),
                "[1, 2]",
            ),
        ] {
            assert_eq!(shown(&column), Ok(text.to_owned()));
        }
        let bytes: ArrayRef = Arc::new(BinaryArray::from(vec![&b"\xff"[..]]));
        assert!(shown(&bytes).is_err());
    }
}
