//! Files by somebody who wants to deceive: no change of any field passes, and nothing makes the check panic.

use super::*;
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

/// Proofs with everything shown, with little shown, and of a continuation; the text of each.
static FILES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let book = SmallBook::new();
    vec![
        book.proof(book.seq("s1"), |_| true).to_text(),
        book.proof(book.seq("r1"), |role| role == PartRole::Shared)
            .to_text(),
        book.consistency(7, book.size()).to_text(),
        book.note(9),
    ]
});

fn keys() -> [VerifierKey; 1] {
    [key(1).public()]
}

/// The same file, if blanks between its fields and the spelling of a letter in a text are no matter.
fn says_the_same(text: &str, as_text: &str) -> bool {
    match (
        serde_json::from_str::<Value>(text),
        serde_json::from_str::<Value>(as_text),
    ) {
        (Ok(one), Ok(other)) => one == other,
        _ => text == as_text,
    }
}

/// The places of all single values in a file.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(value, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                leaves(value, &format!("{path}/{n}"), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

/// Each single value: taken away, emptied, made a number or nothing, its first, middle and last letter another one.
#[test]
fn no_field_can_be_changed() {
    let mut tried = 0;
    for file in FILES.iter().filter(|file| file.starts_with('{')) {
        assert!(check(file, &keys()).is_ok());
        let whole: Value = serde_json::from_str(file).unwrap();
        let mut paths = Vec::new();
        leaves(&whole, "", &mut paths);
        for path in paths {
            let old = whole.pointer(&path).unwrap().clone();
            let mut replacements = vec![
                Value::Null,
                "".into(),
                0.into(),
                1.into(),
                true.into(),
                u64::MAX.into(),
            ];
            match &old {
                Value::Number(number) => replacements.push((number.as_u64().unwrap() + 1).into()),
                Value::String(text) => {
                    let letters: Vec<char> = text.chars().collect();
                    for at in [0, letters.len() / 3, letters.len() / 2, letters.len() - 1] {
                        for other in ['0', 'a', 'A', '-', '\n', '￿'] {
                            let mut changed = letters.clone();
                            changed[at] = other;
                            replacements.push(changed.into_iter().collect::<String>().into());
                        }
                    }
                    replacements.push(text[..text.floor_char_boundary(text.len() / 2)].into());
                    replacements.push(format!("{text}{text}").into());
                }
                _ => {}
            }
            for replacement in replacements.into_iter().filter(|new| *new != old) {
                let mut changed = whole.clone();
                *changed.pointer_mut(&path).unwrap() = replacement.clone();
                let answer = check(&changed.to_string(), &keys());
                assert!(answer.is_err(), "{path}: {old} → {replacement}");
                tried += 1;
            }
            let (parent, name) = path.rsplit_once('/').unwrap();
            let mut without = whole.clone();
            match without.pointer_mut(parent).unwrap() {
                Value::Object(fields) => drop(fields.remove(name)),
                Value::Array(items) => drop(items.remove(name.parse().unwrap())),
                _ => unreachable!(),
            }
            assert!(check(&without.to_string(), &keys()).is_err(), "{path} taken away");
        }
    }
    assert!(tried > 1_500, "{tried}");
}

/// Elements of lists: taken away, doubled, turned round.
#[test]
fn no_list_can_be_changed() {
    for file in FILES.iter().filter(|file| file.starts_with('{')) {
        let whole: Value = serde_json::from_str(file).unwrap();
        for list in ["parts", "path"] {
            let Some(items) = whole.get(list).and_then(Value::as_array) else {
                continue;
            };
            for at in 0..items.len() {
                let (mut fewer, mut more, mut turned) = (items.clone(), items.clone(), items.clone());
                fewer.remove(at);
                more.insert(at, items[at].clone());
                turned.rotate_left(1);
                for changed in [fewer, more, turned] {
                    let mut file = whole.clone();
                    file[list] = changed.into();
                    assert!(check(&file.to_string(), &keys()).is_err(), "{list} {at}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A byte changed anywhere, taken away or put in.
    #[test]
    fn changed_bytes_prove_nothing_else(
        file in 0..4_usize,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        how in 0..3_u8,
    ) {
        let text = &FILES[file];
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, byte),
        }
        let changed = String::from_utf8_lossy(&bytes);
        let answer = check(&changed, &keys());
        prop_assert!(answer.is_err() || says_the_same(&changed, text), "{}", changed);
    }

    /// Two files mixed at a byte.
    #[test]
    fn mixed_files_prove_nothing(
        one in 0..4_usize,
        other in 0..4_usize,
        cut in any::<prop::sample::Index>(),
        join in any::<prop::sample::Index>(),
    ) {
        let (one, other) = (FILES[one].as_bytes(), FILES[other].as_bytes());
        let mixed = [&one[..cut.index(one.len())], &other[join.index(other.len())..]].concat();
        let mixed = String::from_utf8_lossy(&mixed);
        let answer = check(&mixed, &keys());
        prop_assert!(answer.is_err() || FILES.iter().any(|file| says_the_same(&mixed, file)), "{}", mixed);
    }

    #[test]
    fn any_text_is_answered(text in ".{0,300}") {
        prop_assert!(check(&text, &keys()).is_err());
    }

    /// Anything under the right names.
    #[test]
    fn any_fields_are_answered(
        origin in ".{0,20}",
        note in "(\\PC|\n){0,60}",
        seq in any::<u64>(),
        hash in "[0-9a-f]{63,65}",
        bytes in "[A-Za-z0-9+/]{0,44}={0,2}",
        count in 0..70_usize,
    ) {
        let part = serde_json::json!({"part": "shared", "hash": hash, "salt": bytes, "bytes": bytes});
        let file = serde_json::json!({"kind": "entry_proof", "format": 1, "origin": origin, "checkpoint": note,
            "seq": seq, "parts": vec![part; count % 3], "texts": [{"line": seq, "salt": bytes, "text": note}],
            "path": vec![hash; count], "names": note});
        prop_assert!(check(&file.to_string(), &keys()).is_err());
        // with a good note, so that what stands behind the signature is reached
        let book_note = &FILES[3];
        let mut file = file;
        file["origin"] = ORIGIN.into();
        file["checkpoint"] = book_note.as_str().into();
        prop_assert!(check(&file.to_string(), &keys()).is_err());
    }

    /// Bytes of a part that hash as they should: decoding must not trust them either.
    #[test]
    fn any_part_is_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), role in 0..4_u8) {
        let id = uuid::Uuid::from_u128(7);
        let role = match role {
            0 => PartRole::Shared,
            1 => PartRole::Acting,
            2 => PartRole::Office(crate::id::OfficeId(id)),
            _ => PartRole::Record,
        };
        let part = crate::canonical::Part { role, bytes };
        // any answer will do
        drop(part.content());
    }

    /// Parts of real entries with a byte changed.
    #[test]
    fn changed_parts_are_read_without_panic(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        which in any::<prop::sample::Index>(),
    ) {
        static PARTS: LazyLock<Vec<crate::canonical::Part>> = LazyLock::new(|| {
            let book = SmallBook::new();
            (0..book.size()).flat_map(|seq| crate::canonical::parts(book.entry(seq))).collect()
        });
        let mut part = PARTS[which.index(PARTS.len())].clone();
        let at = at.index(part.bytes.len());
        part.bytes[at] = byte;
        drop(part.content());
    }
}
