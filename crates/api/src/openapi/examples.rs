//! Examples with what an office would really send.

use domain::acts::Act;
use serde_json::Value;

/// The body of an act of this kind as its office would send it, or an operator in the keeper's name.
pub fn body(kind: &str, of_keeper: bool) -> Value {
    let mut example = Act::example(kind);
    if let Value::Object(fields) = &mut example {
        fields.remove("kind");
        fields.remove("key");
        if !of_keeper {
            fields.insert("office".to_owned(), "hidamari".into());
        }
    }
    example
}
