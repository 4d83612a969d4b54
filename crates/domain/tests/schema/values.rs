//! Value types: the pattern takes what the type reads, and nothing else.

use crate::{validator, whole_acts};
use domain::{
    calendar::{Day, Month},
    command::Command,
    commission::Percent,
    money::{UnitPrice, Yen},
    quantity::StatedQuantity,
    refs::ProductRef,
    registration::RegistrationNumber,
    text::{Code, Key, LotCode, Name, Note},
};
use jsonschema::Validator;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::LazyLock;

type Reads = fn(&Value) -> bool;

fn reads<T: DeserializeOwned>(value: &Value) -> bool {
    serde_json::from_value::<T>(value.clone()).is_ok()
}

/// Each value type by the name of its component.
const TYPES: [(&str, Reads); 13] = [
    ("Code", reads::<Code>),
    ("LotCode", reads::<LotCode>),
    ("Key", reads::<Key>),
    ("Name", reads::<Name>),
    ("Note", reads::<Note>),
    ("ProductRef", reads::<ProductRef>),
    ("RegistrationNumber", reads::<RegistrationNumber>),
    ("Day", reads::<Day>),
    ("Month", reads::<Month>),
    ("Yen", reads::<Yen>),
    ("Percent", reads::<Percent>),
    ("UnitPrice", reads::<UnitPrice>),
    ("Quantity", reads::<StatedQuantity>),
];

static VALIDATORS: LazyLock<Vec<(&str, Reads, Validator)>> = LazyLock::new(|| {
    let components = whole_acts();
    let types = TYPES.iter();
    types
        .map(|(name, reads)| (*name, *reads, validator(name, &components)))
        .collect()
});

/// Names of the types that take a value; each must read it just when it fits.
fn taken_by(value: &Value) -> Vec<&'static str> {
    let mut taken = Vec::new();
    for (name, reads, validator) in VALIDATORS.iter() {
        let fits = validator.is_valid(value);
        assert_eq!(reads(value), fits, "{name} {value}");
        if fits {
            taken.push(*name);
        }
    }
    taken
}

#[test]
fn texts_of_each_type() {
    const CODES: [&str; 6] = ["Code", "LotCode", "Key", "Name", "Note", "ProductRef"];
    let with = |more: &[&'static str]| [&CODES[..], more].concat();
    for (text, expected) in [
        ("carrot", CODES.to_vec()),
        ("a/b", vec!["Key", "Name", "Note", "ProductRef"]),
        ("a/b/c", vec!["Key", "Name", "Note"]),
        ("KIT-0602", vec!["LotCode", "Key", "Name", "Note"]),
        (
            "T7123456789012",
            vec!["LotCode", "Key", "Name", "Note", "RegistrationNumber"],
        ),
        ("2026-06-30", with(&["Day"])),
        ("2026-02-29", CODES.to_vec()),
        ("2028-02-29", with(&["Day"])),
        ("1899-12-31", CODES.to_vec()),
        ("2200-01-01", CODES.to_vec()),
        ("2026-6-1", CODES.to_vec()),
        ("2026-06", with(&["Month"])),
        ("2026-13", CODES.to_vec()),
        ("0", with(&["Percent", "UnitPrice", "Quantity"])),
        ("12.5", with(&["Percent", "UnitPrice", "Quantity"])),
        ("0012.50000", with(&["Percent", "UnitPrice", "Quantity"])),
        ("0.123456", with(&["Quantity"])),
        ("100.0", with(&["Percent", "UnitPrice", "Quantity"])),
        ("100.1", with(&["UnitPrice", "Quantity"])),
        ("1000000000", with(&["UnitPrice", "Quantity"])),
        ("1000000001", with(&["Quantity"])),
        ("1_000", CODES.to_vec()),
        (".5", CODES.to_vec()),
        ("+5", vec!["Key", "Name", "Note"]),
        ("-0", CODES.to_vec()),
        ("", vec![]),
        (" \u{3000}", vec![]),
        (" a\u{3000}", vec!["Name", "Note"]),
        ("にんじん", vec!["Name", "Note"]),
        ("a\nb", vec!["Note"]),
        ("a\r\nb\n", vec!["Note"]),
        ("a\rb", vec![]),
        ("a\tb", vec![]),
        ("a\u{85}", vec!["Name", "Note"]),
        ("a\u{200b}b", vec![]),
        ("a\u{202e}b", vec![]),
        ("👩‍🌾の畑", vec!["Name", "Note"]),
    ] {
        assert_eq!(taken_by(&text.into()), expected, "{text:?}");
    }
    for limit in [64, 100, 128, 1000] {
        taken_by(&"a".repeat(limit).into());
        taken_by(&"a".repeat(limit + 1).into());
    }
}

#[test]
fn numbers_and_packs() {
    for (value, expected) in [
        (json!(0), vec!["Yen", "UnitPrice", "Quantity"]),
        (json!(1_000_000_001), vec!["Yen", "Quantity"]),
        (json!(9_007_199_254_740_992_i64), vec!["Quantity"]),
        (json!(u64::MAX), vec![]),
        (json!({"amount": "2", "unit": "箱"}), vec!["Quantity"]),
        (json!({"amount": 2, "unit": "箱"}), vec![]),
        (json!({"amount": "2"}), vec![]),
        (json!({"amount": "2", "unit": "箱", "x": 1}), vec![]),
        (json!(["2", "箱"]), vec![]),
        (Value::Null, vec![]),
    ] {
        assert_eq!(taken_by(&value), expected, "{value}");
    }
}

#[test]
fn evidence_is_hashes() {
    let act = domain::acts::Act::schemas().remove(0);
    let validator = validator(&act.name, &whole_acts());
    let mut body = domain::acts::Act::example(act.kind);
    body["kind"] = act.kind.into();
    body["key"] = "k-1".into();
    let (small, large) = ("0a".repeat(32), "0A".repeat(32));
    for (evidence, is_taken) in [
        (json!(null), true),
        (json!([]), true),
        (json!([small, large]), true),
        (json!(["0a"]), false),
        (json!([format!("{small}0a")]), false),
        (json!([1]), false),
    ] {
        body["evidence"] = evidence;
        assert_eq!(validator.is_valid(&body), is_taken, "{body}");
        assert_eq!(Command::from_value(body.clone()).is_ok(), is_taken, "{body}");
    }
}

proptest! {
    #[test]
    fn texts_of_any_kind(
        text in "[a-zA-Z0-9/._-]{0,8}|[0-9.]{1,6}|(19|2[01])[0-9]{2}-[01][0-9](-[0-3][0-9])?|T[0-9]{13}|[ -~]{0,12}            |[aあ\u{0}-\u{20}\u{7f}-\u{a0}\u{ad}\u{2000}-\u{206f}\u{3000}\u{feff}]{0,4}"
    ) {
        taken_by(&text.into());
    }
}
