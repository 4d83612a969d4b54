//! Values whose JSON is written by hand. Each schema says what the type's reader takes, as far as JSON Schema can say
//! it: lengths of names are counted before they are trimmed and composed, the reader counts after. Quantities below nought
//! are read, but no act takes one.

use crate::{
    calendar::{Day, Instant, Month},
    commission::{Percent, Tier, Tiers},
    money::{UnitPrice, YEN_MAX, Yen},
    quantity::StatedQuantity,
    refs::ProductRef,
    registration::RegistrationNumber,
    text::{Code, Kana, Key, LabelText, LotCode, Name, Note, Phone},
};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type,
        schema::{AdditionalProperties, ArrayBuilder, OneOfBuilder},
    },
};

/// Blanks that are trimmed: Unicode White_Space.
macro_rules! blank {
    () => {
        r"\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    };
}

/// What no name holds: control characters, and those that show nothing or reorder what stands around them.
macro_rules! unseen {
    () => {
        r"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb"
    };
}

/// Letters of a reading.
macro_rules! kana {
    () => {
        r"\u3041-\u3096\u30a1-\u30fa\u30fb\u30fc0-9\uff10-\uff19"
    };
}

const CODE: &str = "^[a-z0-9._-]{1,64}$";
const LOT_CODE: &str = "^[A-Za-z0-9._-]{1,64}$";
const KEY: &str = "^[!-~]{1,128}$";
const PRODUCT_REF: &str = "^(?:[a-z0-9._-]{1,64}/)?[a-z0-9._-]{1,64}$";
const NAME: &str = concat!(
    "^[",
    blank!(),
    "]*[^",
    blank!(),
    unseen!(),
    "](?:[^",
    unseen!(),
    "]*[^",
    blank!(),
    unseen!(),
    "])?[",
    blank!(),
    "]*$"
);
const KANA: &str = concat!(
    "^[",
    blank!(),
    "]*[",
    kana!(),
    "](?:[",
    kana!(),
    " \\u3000]*[",
    kana!(),
    "])?[",
    blank!(),
    "]*$"
);
const NOTE: &str = concat!(
    "^[",
    blank!(),
    "]*[^",
    blank!(),
    unseen!(),
    r"](?:(?:[^",
    unseen!(),
    r"]|\r?\n)*[^",
    blank!(),
    unseen!(),
    "])?[",
    blank!(),
    "]*$"
);
const REGISTRATION_NUMBER: &str = "^T[0-9]{13}$";
const DAY: &str = "^(?:19|2[01])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$";
const MONTH: &str = "^(?:19|2[01])[0-9]{2}-(?:0[1-9]|1[0-2])$";
const QUANTITY: &str = r"^[0-9]+(?:\.[0-9]{1,28})?$";
const UNIT_PRICE: &str = r"^0*(?:[0-9]{1,9}(?:\.[0-9]{1,4}0*)?|1000000000(?:\.0+)?)$";
const PERCENT: &str = r"^0*(?:[0-9]{1,2}(?:\.[0-9]{1,4}0*)?|100(?:\.0+)?)$";
const PHONE: &str = "^[0-9+()-]{1,20}$";
const HASH: &str = "^[0-9A-Fa-f]{64}$";

fn text(pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(pattern))
}

fn limited(pattern: &str, limit: usize) -> ObjectBuilder {
    text(pattern).min_length(Some(1)).max_length(Some(limit))
}

fn whole(least: i64, most: i64) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(least))
        .maximum(Some(most))
}

/// A type, its name in the document, its schema.
macro_rules! values {
    ($($type:ident, $name:literal, $schema:expr;)+) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        }
    )+};
}

values! {
    Code, "Code", limited(CODE, Code::LIMIT);
    LotCode, "LotCode", limited(LOT_CODE, LotCode::LIMIT);
    Key, "Key", limited(KEY, Key::LIMIT);
    Name, "Name", limited(NAME, Name::LIMIT);
    Kana, "Kana", limited(KANA, Kana::LIMIT);
    Note, "Note", limited(NOTE, Note::LIMIT);
    LabelText, "LabelText", limited(NAME, LabelText::LIMIT);
    Phone, "Phone", limited(PHONE, Phone::LIMIT);
    ProductRef, "ProductRef", text(PRODUCT_REF);
    RegistrationNumber, "RegistrationNumber", text(REGISTRATION_NUMBER);
    Day, "Day", text(DAY).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    Month, "Month", text(MONTH);
    Instant, "Instant", ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    Yen, "Yen", whole(-YEN_MAX, YEN_MAX);
    Percent, "Percent", text(PERCENT);
    UnitPrice, "UnitPrice", OneOfBuilder::new().item(text(UNIT_PRICE)).item(whole(0, 1_000_000_000));
    StatedQuantity, "Quantity", OneOfBuilder::new()
        .item(text(QUANTITY))
        .item(whole(0, i64::MAX))
        .item(pack_count());
}

/// `{"amount": "2", "unit": "箱"}`.
fn pack_count() -> ObjectBuilder {
    ObjectBuilder::new()
        .property("amount", text(QUANTITY))
        .property("unit", ObjectBuilder::new().schema_type(Type::String))
        .required("amount")
        .required("unit")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

impl PartialSchema for Tiers {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(utoipa::openapi::Ref::from_schema_name(Tier::name()))
            .min_items(Some(1))
            .into()
    }
}

impl ToSchema for Tiers {
    fn name() -> Cow<'static, str> {
        "CommissionTiers".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Tier::name().into(), Tier::schema()));
        Tier::schemas(schemas);
    }
}

/// The SHA-256 of an evidence file, in hexadecimal digits.
pub fn hash() -> ObjectBuilder {
    text(HASH)
}

/// How many of each coin and note: an object whose names are yen.
pub(crate) fn denominations() -> Schema {
    let coins = crate::acts::count_cash::COINS_AND_NOTES.map(|yen| yen.to_string());
    let names = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(coins));
    Schema::Object(
        ObjectBuilder::new()
            .property_names(Some(Schema::Object(names.build())))
            .additional_properties(Some(whole(0, u32::MAX.into())))
            .build(),
    )
}
