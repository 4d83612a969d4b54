//! What source files may not be or contain. Plain scans of text: the compiler and clippy see the rest.

use crate::assert_tidy;
use crate::files::{self, File};

const LONGEST: usize = 800;

/// Names that gather what belongs elsewhere: a file is named after its idea.
const EMPTY_NAMES: [&str; 8] = [
    "util", "utils", "helper", "helpers", "misc", "common", "manager", "managers",
];

/// Crates that count goods and money.
const WITHOUT_FLOATS: [&str; 3] = ["crates/domain/", "crates/store/", "crates/app/"];

fn complaints(file: &File) -> Vec<String> {
    let mut complaints = Vec::new();
    let in_crates = file.path.starts_with("crates/");
    if file.has_extension("rs") {
        let lines = file.text.lines().count();
        if lines > LONGEST {
            complaints.push(format!("{}: {lines} lines, at most {LONGEST}", file.path));
        }
        for part in file.path.trim_end_matches(".rs").split('/') {
            if part.split('_').any(|word| EMPTY_NAMES.contains(&word)) {
                complaints.push(format!("{}: name it after its idea, not {part}", file.path));
            }
        }
    }
    let mut complain = |number: usize, what: &str| {
        complaints.push(format!("{}:{}: {what}", file.path, number + 1));
    };
    for (number, line) in file.text.lines().enumerate() {
        if in_crates && words(line).any(|word| ["TODO", "FIXME", "XXX"].contains(&word)) {
            complain(number, "do it, or open an issue");
        }
        if file.has_extension("rs")
            && WITHOUT_FLOATS.iter().any(|folder| file.path.starts_with(folder))
            && !refuses_floats(line)
            && words(without_comment(line)).any(is_float)
        {
            complain(
                number,
                "goods and money are counted in integers and decimals, never floats",
            );
        }
    }
    if must_not_panic(file) {
        let shipped = file
            .text
            .lines()
            .enumerate()
            .take_while(|(_, line)| !starts_tests(line));
        for (number, line) in shipped {
            let code = without_comment(line);
            if code.contains(".unwrap()") || code.contains(".expect(") {
                complain(number, "answer with an error instead of unwrap or expect");
            }
        }
    }
    complaints
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// `f64`, `to_f64`, `1_f64`, `1f64`; not a hash that happens to end so.
fn is_float(word: &str) -> bool {
    ["f32", "f64"]
        .iter()
        .filter_map(|float| word.strip_suffix(float))
        .any(|before| {
            before.is_empty() || before.ends_with('_') || before.chars().all(|c| c.is_ascii_digit())
        })
}

/// A reader of JSON that refuses a float has to name the type, and leaves its value unnamed; one that hands on what it is
/// asked for lists all types, these on a line of their own.
fn refuses_floats(line: &str) -> bool {
    line.contains("fn visit_f64<") && line.contains("_: f64") || line.trim() == "f32 f64"
}

/// A `//` inside a string cuts the line as well, which only hides what follows on that line.
fn without_comment(line: &str) -> &str {
    line.split("//").next().unwrap_or(line)
}

/// Shipped code: sources of our crates except the program's `main` and modules named `tests`.
fn must_not_panic(file: &File) -> bool {
    let mut parts = file.path.split('/');
    file.has_extension("rs")
        && parts.next() == Some("crates")
        && parts.nth(1) == Some("src")
        && file.path != "crates/yokoito/src/main.rs"
        && !parts.any(|part| part == "tests" || part == "tests.rs")
}

/// Tests stand at the end of a file.
fn starts_tests(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("#[cfg(test)]") || line.starts_with("#![cfg(test)]")
}

#[test]
fn sources_are_tidy() {
    let complaints: Vec<String> = files::all().iter().flat_map(complaints).collect();
    assert_tidy(&complaints);
}

fn complaints_about(path: &str, text: &str) -> Vec<String> {
    complaints(&File {
        path: path.to_owned(),
        text: text.to_owned(),
    })
}

#[test]
fn a_long_file_is_seen() {
    assert_eq!(complaints_about("tests/a.rs", &"\n".repeat(800)), [""; 0]);
    assert_eq!(
        complaints_about("tests/a.rs", &"\n".repeat(801)),
        ["tests/a.rs: 801 lines, at most 800"]
    );
}

#[test]
fn an_empty_name_is_seen() {
    assert_eq!(complaints_about("crates/app/src/lot_manager.rs", "").len(), 1);
    assert_eq!(complaints_about("crates/app/src/utils/lot.rs", "").len(), 1);
    assert_eq!(complaints_about("crates/app/src/management.rs", ""), [""; 0]);
}

#[test]
fn a_float_is_seen_in_code_only() {
    let float = "goods and money are counted in integers and decimals, never floats";
    assert_eq!(
        complaints_about("crates/domain/src/a.rs", "fn a(x: f64) {}"),
        [format!("crates/domain/src/a.rs:1: {float}")]
    );
    assert_eq!(
        complaints_about(
            "crates/domain/src/a.rs",
            "// never f64\nlet f64_free = \"a0f64\";"
        ),
        [""; 0]
    );
    assert_eq!(
        complaints_about("crates/domain/src/a.rs", "fn visit_f64<E>(self, _: f64) {}"),
        [""; 0]
    );
    assert_eq!(
        complaints_about("crates/domain/src/a.rs", "fn visit_f64<E>(self, a: f64) {}").len(),
        1
    );
    assert_eq!(
        complaints_about("crates/domain/src/a.rs", "    f32 f64\n    u8 f32").len(),
        1
    );
    assert_eq!(
        complaints_about("crates/store/src/a.rs", "a.to_f64()\n + 1f64").len(),
        2
    );
    assert_eq!(
        complaints_about("crates/yokoito/src/a.rs", "fn a(x: f64) {}"),
        [""; 0]
    ); // progress in percent
}

#[test]
fn a_note_to_oneself_is_seen() {
    assert_eq!(
        complaints_about("crates/app/src/a.rs", "\n// TODO: later"),
        ["crates/app/src/a.rs:2: do it, or open an issue"]
    );
}

#[test]
fn an_unwrap_is_seen_in_shipped_code_only() {
    let unwrap = "a.unwrap();\n#[cfg(test)]\nb.unwrap();";
    assert_eq!(
        complaints_about("crates/store/src/a.rs", unwrap),
        ["crates/store/src/a.rs:1: answer with an error instead of unwrap or expect"]
    );
    assert_eq!(
        complaints_about("crates/store/src/a.rs", "a.expect(\"b\")").len(),
        1
    );
    assert_eq!(
        complaints_about("crates/store/src/a.rs", "a.unwrap_or(b) /// c.unwrap()"),
        [""; 0]
    );
    assert_eq!(complaints_about("crates/store/src/a/tests.rs", unwrap), [""; 0]);
    assert_eq!(complaints_about("crates/store/tests/a.rs", unwrap), [""; 0]);
    assert_eq!(complaints_about("crates/yokoito/src/main.rs", unwrap), [""; 0]);
}
