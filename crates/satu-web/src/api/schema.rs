//! What parameters look like in the document, where their type does not tell.

use satu_domain::Kind;
use satu_store::changes::ChangeKind;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type,
};

/// Types that stand for a schema alone.
macro_rules! shapes {
    ($($(#[$says:meta])* $name:ident = $schema:expr;)+) => {$(
        $(#[$says])*
        pub struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::Schema::from($schema.build()).into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

shapes! {
    /// How many rows of a part, up to 100.
    UpTo100 = whole(1, 100);
    /// How many rows of a part, up to 1,000.
    UpTo1000 = whole(1, 1_000);
    /// How many rows of a part, up to 5,000.
    UpTo5000 = whole(1, 5_000);
    /// Seconds of a wait.
    Wait = whole(0, 25);
    /// Seconds of a stream.
    Lasts = whole(1, 300);
    /// Where a part before ended.
    Cursor = text().pattern(Some("^[0-9]{0,18}$"));
    /// Where a reader of changes stands.
    Place = text().pattern(Some("^([0-9]{1,18}([.][0-9a-f]{16})?|latest)?$"));
    /// A change, by its number, with its mark or without.
    ChangeId = text().pattern(Some("^[0-9]{1,18}([.][0-9a-f]{16})?$"));
    /// A day.
    Day = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    /// A kind of statement.
    KindName = one_of(Kind::ALL.map(Kind::name).to_vec());
    /// A table to take away.
    Format = one_of(vec!["json", "csv", "xlsx"]);
    /// An answer to a doubt.
    DoubtAnswer = one_of(vec!["same", "not_same", "not_sure"]);
    /// Yes or no.
    Flag = one_of(vec!["true", "false"]);
    /// The version of tus.
    Version = one_of(vec!["1.0.0"]);
    /// Fields of `data_utama`.
    Fields = many(one_of(Kind::DataUtama.columns().to_vec())).min_items(Some(1));
    /// Kinds of changes.
    ChangeKinds = many(one_of(ChangeKind::ALL.map(ChangeKind::name).to_vec()));
    /// Values by column of `data_utama`.
    DataUtamaRecord = record();
    /// Statements of a kind: values by column.
    StatementList = many(object().additional_properties(Some(text()))).min_items(Some(1));
    /// A file as a body.
    Bytes = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
}

fn of(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(kind))
}

/// A text.
pub fn text() -> ObjectBuilder {
    of(Type::String)
}

/// A key of an idempotent request.
pub fn key() -> ObjectBuilder {
    text().pattern(Some("^[!#-~]{1,255}$"))
}

fn object() -> ObjectBuilder {
    of(Type::Object)
}

/// A whole number of a range.
pub fn whole(least: i64, most: i64) -> ObjectBuilder {
    let kind = of(Type::Integer);
    kind.minimum(Some(least)).maximum(Some(most))
}

fn one_of(names: Vec<&'static str>) -> ObjectBuilder {
    text().enum_values(Some(names))
}

fn many(one: ObjectBuilder) -> ArrayBuilder {
    ArrayBuilder::new().items(one)
}

fn record() -> ObjectBuilder {
    let columns = Kind::DataUtama.columns().iter();
    let record = columns.fold(object(), |record, name| record.property(*name, text()));
    record.additional_properties(Some(AdditionalProperties::FreeForm(false)))
}
