//! What Arrow wrote as Parquet reads as the same table in CSV.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, Encoding, ZstdLevel};
use ::parquet::file::properties::{WriterProperties, WriterVersion};
use arrow_array::builder::{
    Int64Builder, ListBuilder, MapBuilder, StringBuilder, StringDictionaryBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array,
    FixedSizeBinaryArray, Float32Array, Float64Array, Int8Array, Int64Array, ListArray, NullArray,
    RecordBatch, StringArray, StructArray, Time32MillisecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, UInt32Array, UInt64Array,
};
use arrow_schema::{DataType, Field, Fields};
use satu_domain::schema::data_utama as du;
use satu_intake::{IntakeError, Options};

use crate::{file, open};

/// The columns that every table here has, for this many rows.
fn person(rows: usize) -> Vec<(&'static str, ArrayRef)> {
    let names: Vec<String> = (0..rows).map(|row| format!("Contoh {row}")).collect();
    let days = (0..rows).map(|row| row as i32);
    vec![
        (
            "nik",
            Arc::new(Int64Array::from(vec![3_175_091_703_850_001; rows])) as ArrayRef,
        ),
        ("nama", Arc::new(StringArray::from(names))),
        (
            "tanggal_lahir",
            Arc::new(Date32Array::from_iter_values(days)),
        ),
    ]
}

fn written(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// Each way of laying a table out: versions, encodings, packing, small pages and row groups.
fn layouts() -> Vec<WriterProperties> {
    let new = WriterProperties::builder;
    vec![
        new().build(),
        new()
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_dictionary_enabled(false)
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(1_000))
            .build(),
        new()
            .set_dictionary_enabled(false)
            .set_compression(Compression::SNAPPY)
            .set_data_page_row_count_limit(7)
            .set_write_batch_size(3)
            .set_max_row_group_row_count(Some(100))
            .build(),
        new()
            .set_dictionary_enabled(false)
            .set_column_encoding("lain".into(), Encoding::PLAIN)
            .set_write_batch_size(1)
            .build(),
    ]
}

/// What a column reads as in each row, however it is laid out.
fn read(column: &ArrayRef) -> Result<Vec<String>, IntakeError> {
    let mut columns = person(column.len());
    columns.push(("lain", Arc::clone(column)));
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, column)| (name, column, name == "lain")),
    );
    let batch = batch.unwrap();
    let mut all = Vec::new();
    for properties in layouts() {
        let table = file(&written(&batch, properties));
        let mut reader = open(table.path())?;
        let mut texts = Vec::new();
        while let Some(row) = reader.next_row()? {
            assert_eq!(row.number, texts.len() as u64 + 2);
            assert_eq!(row.cell(du::nama), format!("Contoh {}", texts.len()));
            texts.push(row.unknown().next().map_or("", |(_, text)| text).to_owned());
        }
        all.push(texts);
    }
    assert!(all.iter().all(|texts| *texts == all[0]));
    Ok(all.swap_remove(0))
}

#[test]
fn a_person_reads_and_nulls_are_empty() {
    let mut columns = person(2);
    columns[0].1 = Arc::new(Int64Array::from(vec![Some(3_175_091_703_850_001), None]));
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let table = file(&written(&batch, WriterProperties::new()));
    let mut reader = open(table.path()).unwrap();
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!(
        [
            row.cell(du::nik),
            row.cell(du::nama),
            row.cell(du::tanggal_lahir)
        ],
        ["3175091703850001", "Contoh 0", "1970-01-01"]
    );
    assert_eq!(reader.next_row().unwrap().unwrap().cell(du::nik), "");
    assert!(reader.next_row().unwrap().is_none());
    assert!(matches!(
        open(file(b"PAR1 nothing").path()).err().unwrap(),
        IntakeError::Damaged { .. }
    ));
}

#[test]
fn each_type_reads_as_its_text() {
    let mut repeated = StringDictionaryBuilder::<Int32Type>::new();
    repeated.append_value("Ani");
    repeated.append_null();
    let text = BinaryArray::from(vec![Some(&b"Budi"[..]), None]);
    let decimal = Decimal128Array::from(vec![Some(-12_345), None]);
    let long = Decimal256Array::from(vec![Some(12_345.into()), None]);
    let second = 479_865_600;
    for (column, wanted) in [
        (
            Arc::new(StringArray::from(vec![Some("Ani"), None])) as ArrayRef,
            "Ani",
        ),
        (Arc::new(repeated.finish()), "Ani"),
        (Arc::new(text), "Budi"),
        (Arc::new(BooleanArray::from(vec![Some(true), None])), "true"),
        (Arc::new(Int8Array::from(vec![Some(-8), None])), "-8"),
        (
            Arc::new(UInt32Array::from(vec![Some(u32::MAX), None])),
            "4294967295",
        ),
        (
            Arc::new(UInt64Array::from(vec![Some(u64::MAX), None])),
            "18446744073709551615",
        ),
        (Arc::new(Float32Array::from(vec![Some(0.5), None])), "0.5"),
        (
            Arc::new(Float64Array::from(vec![Some(1.98e17), None])),
            "1.98e17",
        ),
        (
            Arc::new(Date32Array::from(vec![Some(5_554), None])),
            "1985-03-17",
        ),
        (
            Arc::new(TimestampMillisecondArray::from(vec![
                Some(second * 1_000),
                None,
            ])),
            "1985-03-17",
        ),
        (
            Arc::new(TimestampMicrosecondArray::from(vec![
                Some(second * 1_000_000 - 1),
                None,
            ])),
            "1985-03-16",
        ),
        (
            Arc::new(TimestampNanosecondArray::from(vec![
                Some(second * 1_000_000_000),
                None,
            ])),
            "1985-03-17",
        ),
        (
            Arc::new(decimal.clone().with_precision_and_scale(9, 2).unwrap()),
            "-123.45",
        ),
        (
            Arc::new(decimal.clone().with_precision_and_scale(18, 0).unwrap()),
            "-12345",
        ),
        (
            Arc::new(decimal.with_precision_and_scale(38, 7).unwrap()),
            "-0.0012345",
        ),
        (
            Arc::new(long.with_precision_and_scale(76, 4).unwrap()),
            "1.2345",
        ),
        (Arc::new(NullArray::new(2)), ""),
    ] {
        let kind = column.data_type();
        assert_eq!(read(&column).unwrap(), [wanted, ""], "{kind}");
    }
}

#[test]
fn many_rows_with_gaps_read_in_order() {
    let texts: Vec<Option<String>> = (0..3_000)
        .map(|row| (row % 3 > 0).then(|| format!("v{}", row % 50)))
        .collect();
    let column: ArrayRef = Arc::new(StringArray::from(texts.clone()));
    let wanted: Vec<String> = texts.into_iter().map(Option::unwrap_or_default).collect();
    assert_eq!(read(&column).unwrap(), wanted);
}

#[test]
fn lists_and_structures_read_in_brackets() {
    let numbers = ListArray::from_iter_primitive::<Int32Type, _, _>([
        Some(vec![Some(1), None, Some(3)]),
        None,
        Some(vec![]),
        Some(vec![Some(4)]),
    ]);
    let wanted = ["[1, , 3]", "", "[]", "[4]"];
    assert_eq!(read(&(Arc::new(numbers) as ArrayRef)).unwrap(), wanted);

    let mut lists = ListBuilder::new(ListBuilder::new(StringBuilder::new()));
    for row in [vec![vec!["a", "b"], vec![]], vec![vec!["c"]], vec![]] {
        for inner in row {
            for text in inner {
                lists.values().values().append_value(text);
            }
            lists.values().append(true);
        }
        lists.append(true);
    }
    let wanted = ["[[a, b], []]", "[[c]]", "[]"];
    assert_eq!(
        read(&(Arc::new(lists.finish()) as ArrayRef)).unwrap(),
        wanted
    );

    let mut map = MapBuilder::new(None, StringBuilder::new(), Int64Builder::new());
    map.keys().append_value("x");
    map.values().append_value(1);
    map.keys().append_value("y");
    map.values().append_null();
    map.append(true).unwrap();
    map.append(false).unwrap();
    let told = read(&(Arc::new(map.finish()) as ArrayRef)).unwrap();
    assert_eq!(told, ["[{key: x, value: 1}, {key: y, value: }]", ""]);

    let mut tags = ListBuilder::new(StringBuilder::new());
    tags.append_value([Some("p"), Some("q")]);
    tags.append_value([None::<&str>; 0]);
    let fields = Fields::from(vec![
        Field::new("kode", DataType::Int64, true),
        Field::new_list("tanda", Field::new_list_field(DataType::Utf8, true), true),
    ]);
    let parts: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(vec![Some(7), None])),
        Arc::new(tags.finish()),
    ];
    let structure = StructArray::new(fields, parts, Some(vec![true, false].into()));
    let told = read(&(Arc::new(structure) as ArrayRef)).unwrap();
    assert_eq!(told, ["{kode: 7, tanda: [p, q]}", ""]);
}

#[test]
fn lists_over_many_pages_keep_to_their_rows() {
    let rows: Vec<Option<Vec<Option<i32>>>> = (0..700)
        .map(|row| (row % 7 > 0).then(|| (0..row % 5).map(Some).collect()))
        .collect();
    let column = ListArray::from_iter_primitive::<Int32Type, _, _>(rows);
    let wanted: Vec<String> = (0..700)
        .map(|row| {
            let items: Vec<String> = (0..row % 5).map(|item: i32| item.to_string()).collect();
            if row % 7 > 0 {
                format!("[{}]", items.join(", "))
            } else {
                String::new()
            }
        })
        .collect();
    assert_eq!(read(&(Arc::new(column) as ArrayRef)).unwrap(), wanted);
}

#[test]
fn what_is_no_text_is_refused_by_its_type() {
    let bytes = FixedSizeBinaryArray::try_from_iter([[1u8, 2]].into_iter()).unwrap();
    for (column, name) in [
        (
            Arc::new(Time32MillisecondArray::from(vec![1])) as ArrayRef,
            "Time",
        ),
        (Arc::new(bytes), "FIXED_LEN_BYTE_ARRAY"),
        (Arc::new(BinaryArray::from(vec![&b"\xff"[..]])), "of bytes"),
    ] {
        let told = read(&column).unwrap_err().to_string();
        assert!(told.contains(name) && told.contains("is no text"), "{told}");
    }
    let empty = Time32MillisecondArray::from(vec![None]);
    assert_eq!(read(&(Arc::new(empty) as ArrayRef)).unwrap(), [""]);
}

#[test]
fn a_list_that_says_one_value_without_end_is_refused() {
    let mut list = ListBuilder::new(StringBuilder::new());
    for _ in 0..9_000_000 {
        list.values().append_value("x");
    }
    list.append(true);
    let list = list.finish();
    let mut columns = person(1);
    columns.push(("lain", Arc::new(list)));
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let bytes = written(&batch, WriterProperties::new());
    assert!(bytes.len() < 100_000, "{}", bytes.len());
    let refused = satu_intake::open(file(&bytes).path(), &Options::default());
    let told = refused.err().unwrap().to_string();
    assert!(told.contains("the lists of a row group"), "{told}");
}
