//! Examples with what an office would really send.

use domain::acts::Act;
use serde_json::Value;

/// The body of an act of this kind as its office would send it.
pub fn body(kind: &str) -> Value {
    let mut example = Act::example(kind);
    if let Value::Object(fields) = &mut example {
        fields.remove("kind");
        fields.remove("key");
    }
    example
}
