//! An example of each kind of act, as the document of the API shows it.

use crate::acts::Act;
use serde_json::Value;
use std::{collections::BTreeMap, sync::LazyLock};

static EXAMPLES: LazyLock<BTreeMap<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

impl Act {
    /// An example of a kind: its own fields, the day of supply, and a reason where the act is refused without one. Null
    /// for a kind that does not exist.
    pub fn example(kind: &str) -> Value {
        EXAMPLES.get(kind).cloned().unwrap_or_default()
    }
}
