//! The border: what comes in is read strictly, what was read is written and read back the same.

use super::*;
use crate::id::OfficeId;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// An example of every kind of act, with every field somewhere.
const EXAMPLES: &str = include_str!("tests/examples.jsonl");

fn examples() -> impl Iterator<Item = Value> {
    EXAMPLES.lines().map(|line| parse_json(line).unwrap())
}

fn refused(line: &str) -> (String, String, String) {
    let refusal = Command::parse(line).unwrap_err();
    (
        refusal.code().to_owned(),
        refusal.field.clone(),
        refusal.sentence(),
    )
}

fn problem(line: &str) -> String {
    parse_json(line).unwrap_err().to_string()
}

fn spend(fields: &str) -> String {
    format!(r#"{{"kind":"spend","office":"a","key":"e1","supplied_on":"2026-06-10","item":"rent"{fields}}}"#)
}

#[test]
fn every_kind_has_an_example_that_loses_nothing_on_the_way() {
    let mut kinds = BTreeSet::new();
    for example in examples() {
        let command =
            Command::from_value(example.clone()).unwrap_or_else(|refusal| panic!("{refusal}: {example}"));
        let written = command.to_value();
        assert_eq!(
            Command::from_value(written.clone()).unwrap(),
            command,
            "{example}"
        );
        assert_kept(&example, &written, &example);
        // as a line, and through the payload alone
        assert_eq!(Command::parse(&written.to_string()).unwrap(), command);
        let payload: Value = serde_json::from_slice(&command.payload()).unwrap();
        assert_eq!(Act::from_value(command.act.kind(), payload).unwrap(), command.act);
        kinds.insert(command.act.kind());
    }
    let missing: Vec<&str> = (Act::KINDS.iter().map(|(kind, _)| *kind))
        .filter(|kind| !kinds.contains(kind))
        .collect();
    assert!(missing.is_empty(), "add to examples.jsonl: {missing:?}");
}

/// Whatever was stated is still there.
fn assert_kept(stated: &Value, written: &Value, example: &Value) {
    match (stated, written) {
        (Value::Object(stated), Value::Object(written)) => {
            for (name, value) in stated {
                // a default may be left out
                let default = matches!(value.as_str(), Some("earliest_first" | "production"));
                match written.get(name) {
                    Some(written) => assert_kept(value, written, example),
                    None => assert!(default, "{name} was lost: {example}"),
                }
            }
        }
        (Value::Array(stated), Value::Array(written)) => {
            assert_eq!(stated.len(), written.len(), "{example}");
            stated
                .iter()
                .zip(written)
                .for_each(|(stated, written)| assert_kept(stated, written, example));
        }
        _ => assert_eq!(stated, written, "{example}"),
    }
}

#[test]
fn payloads_carry_sorted_keys_and_no_fractions() {
    fn check(value: &Value, example: &Value) {
        match value {
            Value::Object(fields) => {
                assert!(fields.keys().is_sorted(), "{example}");
                fields.values().for_each(|value| check(value, example));
            }
            Value::Array(items) => items.iter().for_each(|value| check(value, example)),
            Value::Number(number) => assert!(number.is_i64(), "{number} in {example}"),
            Value::Null => panic!("null in {example}"),
            Value::Bool(_) | Value::String(_) => {}
        }
    }
    for example in examples() {
        let payload = Command::from_value(example.clone()).unwrap().payload();
        // read again by the strict reader: no key twice
        let text = std::str::from_utf8(&payload).unwrap();
        check(&parse_json(text).unwrap(), &example);
        assert_eq!(serde_json::to_string(&parse_json(text).unwrap()).unwrap(), text);
    }
}

#[test]
fn no_act_has_a_field_that_the_head_takes() {
    let head = [
        "kind",
        "format",
        "office",
        "acting_network",
        "key",
        "supplied_on",
        "note",
        "reason",
        "evidence",
        "group",
    ];
    for example in examples() {
        let Value::Object(fields) = Command::from_value(example).unwrap().act.to_value() else {
            panic!("an act is an object");
        };
        assert!(head.iter().all(|name| !fields.contains_key(*name)));
    }
}

#[test]
fn a_key_twice_is_refused_at_any_depth() {
    assert!(problem(r#"{"a":1,"a":1}"#).contains("「a」が2回"));
    assert!(problem(r#"{"a":[{"b":1,"c":2,"b":3}]}"#).contains("「b」が2回"));
    // escaped, it is the same key
    assert!(problem(r#"{"a":1,"\u0061":2}"#).contains("「a」が2回"));
    assert_eq!(refused(&spend(r#","yen":5,"yen":6"#)).0, "malformed");
}

#[test]
fn fractions_are_written_as_texts() {
    for number in [
        "1.5",
        "1.0",
        "1e3",
        "-0.1",
        "1E-2",
        "18446744073709551616",
        "-9223372036854775809",
    ] {
        assert!(problem(&format!("[{number}]")).contains("引用符"), "{number}");
    }
    let (code, _, sentence) = refused(&spend(r#","yen":5.5"#));
    assert_eq!(code, "malformed");
    assert!(sentence.contains("引用符"), "{sentence}");
}

#[test]
fn huge_whole_numbers_are_refused_at_their_field() {
    for number in [
        "9007199254740992",
        "9223372036854775808",
        "18446744073709551615",
        "-9007199254740992",
    ] {
        let (code, field, _) = refused(&spend(&format!(r#","yen":{number}"#)));
        assert_eq!((code.as_str(), field.as_str()), ("malformed", "yen"), "{number}");
    }
    assert!(Command::parse(&spend(r#","yen":9007199254740991"#)).is_ok());
}

#[test]
fn nesting_ends_at_a_limit() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse_json(&nested(16)).is_ok());
    for depth in [18, 100, 100_000] {
        assert!(problem(&nested(depth)).contains("入れ子"), "{depth}");
    }
    assert!(problem(&r#"{"a":"#.repeat(50_000)).contains("入れ子"));
}

#[test]
fn a_cut_line_is_refused_wherever_it_was_cut() {
    let line = r#"{"kind":"spend","note":"二重の\n\u5bb6","list":[1,-2,true,null,"x"],"map":{"a":{}}}"#;
    assert!(parse_json(line).is_ok());
    for at in (0..line.len()).filter(|at| line.is_char_boundary(*at)) {
        assert!(parse_json(&line[..at]).is_err(), "{at}");
    }
    assert!(problem(r#"{"a":1"#).contains("途中で切れています"));
}

#[test]
fn what_is_no_json_says_where() {
    for line in [
        "",
        " ",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1}}",
        "{\"a\":1} {}",
        "[1,]",
        "{\"a\":}",
        "nul",
        "\"\\ud800\"",
        "\"\u{1}\"",
        "NaN",
        "01",
        "+1",
        "\u{feff}{}",
    ] {
        let problem = problem(line);
        assert!(
            problem.starts_with("JSONとして読めません。") && problem.contains("文字目"),
            "{line}: {problem}"
        );
    }
}

#[test]
fn a_line_is_one_object_of_at_most_a_megabyte() {
    for line in ["[]", "5", "\"spend\"", "null", "true"] {
        assert_eq!(refused(line).0, "malformed", "{line}");
    }
    let long = spend(&format!(r#","yen":5,"note":"{}""#, "あ".repeat(LINE_LIMIT / 3)));
    assert!(refused(&long).2.contains("1MB"));
    // as long as allowed: the note itself is too long then, and is named
    let fits = spend(&format!(r#","yen":5,"note":"{}""#, "a".repeat(LINE_LIMIT - 200)));
    assert_eq!(refused(&fits).1, "note");
}

#[test]
fn the_head_is_read_field_by_field() {
    for (line, code, field) in [
        (r#"{"office":"a"}"#, "malformed", "kind"),
        (r#"{"kind":7}"#, "malformed", "kind"),
        (
            r#"{"kind":"barter","key":"1","supplied_on":"2026-06-10"}"#,
            "unknown-kind",
            "kind",
        ),
        (r#"{"kind":"spend","format":2}"#, "unknown-format", "format"),
        (r#"{"kind":"spend","format":"1"}"#, "malformed", "format"),
        (r#"{"kind":"spend","office":"a"}"#, "malformed", "key"),
        (r#"{"kind":"spend","office":"a","key":"a b"}"#, "malformed", "key"),
        (
            r#"{"kind":"spend","office":"A","key":"1"}"#,
            "malformed",
            "office",
        ),
        (
            r#"{"kind":"spend","office":"a","acting_network":"n","key":"1"}"#,
            "malformed",
            "office",
        ),
        (
            r#"{"kind":"spend","office":"a","key":"1"}"#,
            "malformed",
            "supplied_on",
        ),
        (
            r#"{"kind":"spend","key":"1","supplied_on":"2026-2-3"}"#,
            "malformed",
            "supplied_on",
        ),
        (
            r#"{"kind":"spend","key":"1","supplied_on":"2026-02-29"}"#,
            "malformed",
            "supplied_on",
        ),
        (
            r#"{"kind":"spend","key":"1","supplied_on":"2026-06-10","group":"x"}"#,
            "malformed",
            "group",
        ),
        (
            r#"{"kind":"spend","key":"1","supplied_on":"2026-06-10","evidence":["00"]}"#,
            "malformed",
            "evidence",
        ),
        (
            r#"{"kind":"spend","key":"1","supplied_on":"2026-06-10","reason":""}"#,
            "malformed",
            "reason",
        ),
    ] {
        let (found, named, sentence) = refused(line);
        assert_eq!(
            (found.as_str(), named.as_str()),
            (code, field),
            "{line}: {sentence}"
        );
    }
    // a null is a field left out, and "keeper" is the keeper
    let keeper = r#"{"kind":"network","office":null,"note":null,"key":"1","supplied_on":"2026-06-10","code":"n","name":"連絡会"}"#;
    let named = keeper.replace("null,\"note\"", "\"keeper\",\"note\"");
    assert_eq!(Command::parse(keeper).unwrap(), Command::parse(&named).unwrap());
    assert_eq!(Command::parse(keeper).unwrap().head.acting, ActingRef::Keeper);
}

#[test]
fn what_is_wrong_is_named_and_said_in_japanese() {
    for (fields, field, words) in [
        (
            r#","yen":"5""#,
            "yen",
            "書き方がちがいます。数字だけで書いてください(整数。\" \" で囲みません)。",
        ),
        (
            r#","yen":"千""#,
            "yen",
            "書き方がちがいます。数字だけで書いてください",
        ),
        (
            r#","yen":5,"iten":"rent""#,
            "iten",
            "「iten」という項目はありません",
        ),
        (
            r#","lines":[{"category":"standard"}]"#,
            "lines[0]",
            "「yen」が書かれていません",
        ),
        (
            r#","lines":[{"category":"half","yen":5}]"#,
            "lines[0].category",
            "「half」は選べません",
        ),
        (r#","yen":5,"work":"Ａ""#, "work", "使えない文字"),
    ] {
        let (code, named, sentence) = refused(&spend(fields));
        assert_eq!(
            (code.as_str(), named.as_str()),
            ("malformed", field),
            "{sentence}"
        );
        assert!(sentence.contains(words), "{sentence}");
    }
}

#[test]
fn the_body_hash_ignores_texts_and_group_and_nothing_else() {
    let office = |id| Acting::Office(OfficeId(Uuid::from_u128(id)));
    let hash = |line: &str| Command::parse(line).unwrap().body_hash(office(1));
    let first = spend(r#","yen":5"#);
    for same in [
        spend(r#","yen":5,"note":"メモ","reason":"理由","group":"00000000-0000-0000-0000-000000000001""#),
        // another spelling of the same act: blanks, order, what is the default anyway
        spend(r#", "section" : "production", "format": 1, "paid": null, "yen": 5"#),
    ] {
        assert_eq!(hash(&first), hash(&same), "{same}");
    }
    let evidence = format!(r#","yen":5,"evidence":["{}"]"#, "ee".repeat(32));
    for other in [
        spend(r#","yen":6"#),
        spend(r#","yen":5,"work":"farm""#),
        first.replace("2026-06-10", "2026-06-11"),
        spend(&evidence),
        spend(&evidence.replacen("ee", "ef", 1)),
    ] {
        assert_ne!(hash(&first), hash(&other), "{other}");
    }
    let command = Command::parse(&first).unwrap();
    let hashes = [office(1), office(2), Acting::Keeper].map(|acting| command.body_hash(acting));
    assert_eq!(BTreeSet::from(hashes).len(), 3);
    // the pinned hash of one body: a retry must be known again by every later program
    assert_eq!(
        hex::encode(command.body_hash(office(1))),
        "ed5b46b4dc56e6e2ac4a774b769d9909ebe554efc229cc7b62a373c06a137530"
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        "\\PC{0,8}|[\\x00-\\x20\"\\\\]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("\\PC{0,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_strict_reader_reads_what_is_written(value in any_json()) {
        prop_assert_eq!(parse_json(&value.to_string()).unwrap(), value.clone());
        prop_assert_eq!(parse_json(&serde_json::to_string_pretty(&value).unwrap()).unwrap(), value);
    }

    #[test]
    fn no_input_makes_the_reader_panic(noise in "\\PC{0,60}", value in any_json()) {
        let _ = Command::parse(&noise);
        let _ = Command::from_value(value.clone());
        // a broken value in any field of any example is refused or read, never a panic
        for example in examples() {
            let mut broken = example;
            let fields = broken.as_object_mut().unwrap();
            let name = fields.keys().nth(noise.len() % fields.len()).unwrap().clone();
            fields.insert(name, value.clone());
            let _ = Command::from_value(broken);
        }
    }
}
