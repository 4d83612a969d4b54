//! Each kind has an example that is read and fits its schema.

use crate::{component_of, validator, whole_acts};
use domain::{acts::Act, command::Command};
use serde_json::Value;

#[test]
fn every_kind_has_an_example_that_is_read() {
    let components = whole_acts();
    for (kind, _) in Act::KINDS {
        let mut example = Act::example(kind);
        let fields = example.as_object_mut().unwrap_or_else(|| panic!("{kind}"));
        for (name, value) in [("kind", *kind), ("office", "hinata"), ("key", "k-1")] {
            let before = fields.insert(name.to_owned(), value.into());
            assert_eq!(before, None, "{kind}");
        }
        if let Err(refusal) = Command::from_value(example.clone()) {
            panic!("{kind}: {refusal} {}", refusal.field);
        }
        let validator = validator(&component_of(kind), &components);
        if let Err(error) = validator.validate(&example) {
            panic!("{kind}: {error} {}", error.instance_path());
        }
    }
    assert_eq!(Act::example("no such act"), Value::Null);
}
