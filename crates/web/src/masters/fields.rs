//! 台帳 forms as data: what can be typed about a thing, and how it comes back when something is wrong. The forms of offices,
//! partners, products … differ in their fields alone, so one template draws them all.
//!
//! A form shows only what people often state. What it does not show (`carried`) goes along, so that changing a name drops no
//! other fact; and so does the version that was seen, so that two people who change the same thing notice each other.

use crate::form::{Form, Wrong};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What stands in a form: by the JSON pointer of each field in its act, without the first slash.
#[derive(Clone, Debug, Default)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// What was typed.
    pub fn typed(form: &Form) -> Values {
        Values(
            form.all()
                .map(|(name, typed)| (name.to_owned(), typed.to_owned()))
                .collect(),
        )
    }

    /// What is known: objects by their fields, lists and yes by a tick.
    pub fn known(row: &Value) -> Values {
        let mut values = Values::default();
        values.add("", row);
        values
    }

    /// The same with something else in one field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Values {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// What stands in a field; empty where nothing does.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// Names of fields that begin so, without their beginning.
    pub fn beginning<'a>(&'a self, beginning: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.keys().filter_map(move |name| name.strip_prefix(beginning))
    }

    fn add(&mut self, name: &str, value: &Value) {
        let below = |part: &str| {
            if name.is_empty() {
                part.to_owned()
            } else {
                format!("{name}/{part}")
            }
        };
        match value {
            Value::Null | Value::Bool(false) => {}
            Value::Bool(true) => drop(self.0.insert(name.to_owned(), "yes".to_owned())),
            Value::Number(number) => drop(self.0.insert(name.to_owned(), number.to_string())),
            Value::String(text) => drop(self.0.insert(name.to_owned(), text.clone())),
            Value::Array(items) => {
                for item in items.iter().filter_map(Value::as_str) {
                    self.0.insert(below(item), "yes".to_owned());
                }
            }
            Value::Object(fields) => {
                for (part, value) in fields {
                    self.add(&below(part), value);
                }
            }
        }
    }
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As it is sent.
    pub value: String,
    /// As it is read.
    pub label: String,
}

impl Choice {
    /// Something to choose.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// A line.
    Text,
    /// Letters and digits of a code.
    Code,
    /// A number, maybe with decimals.
    Number,
    /// A day.
    Day,
    /// One of these.
    Choices(Vec<Choice>),
    /// Yes or no.
    Tick,
    /// Some of these, each a field below this one; and which are ticked.
    Ticks(Vec<(Choice, bool)>),
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// JSON pointer into the act, without the first slash.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What to know before typing; may be empty.
    pub hint: String,
    /// How it is filled in.
    pub control: Control,
    /// What stands in it.
    pub value: String,
    /// Whether something must.
    pub is_needed: bool,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

impl Field {
    /// A field that must be filled in.
    pub fn needed(name: &str, label: &str, control: Control, values: &Values) -> Field {
        Field {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            control,
            value: values.get(name).to_owned(),
            is_needed: true,
            wrong: None,
        }
    }

    /// A field that may stay empty.
    pub fn free(name: &str, label: &str, control: Control, values: &Values) -> Field {
        Field {
            is_needed: false,
            ..Field::needed(name, label, control, values)
        }
    }

    /// With something to know before typing.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Field {
        hint.clone_into(&mut self.hint);
        self
    }

    /// Whether it is ticked.
    pub fn is_yes(&self) -> bool {
        self.value == "yes"
    }
}

/// A form: where it goes, what goes along unseen, its fields and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Names it among the forms of a page.
    pub id: String,
    /// Where it is sent.
    pub action: String,
    /// What it is called.
    pub heading: String,
    /// What to know before; may be empty.
    pub text: String,
    /// Pressing twice records once.
    pub key: String,
    /// Facts that the form does not show, as JSON.
    pub carried: String,
    /// Version of the thing as it was seen; empty for a new one.
    pub version: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Something that looks wrong and may be right: asked once more.
    pub doubt: Option<String>,
    /// What is wrong.
    pub wrong: Wrong,
    /// Its buttons: what is sent as `then`, and what stands on it; the first is the main one.
    pub buttons: Vec<Choice>,
}

impl Sheet {
    /// Puts what is wrong beside the fields it is about.
    #[must_use]
    pub fn told(mut self, wrong: Wrong) -> Sheet {
        for field in &mut self.fields {
            field.wrong = wrong.of_field(&field.name).map(str::to_owned);
        }
        self.wrong = wrong;
        self
    }
}

/// Facts of a row that a form does not show, to go along with it.
pub fn carried(row: &Value, shown: &[&str]) -> String {
    let Value::Object(fields) = row else {
        return String::new();
    };
    let rest: Map<String, Value> = fields
        .iter()
        .filter(|(name, _)| !shown.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(rest).to_string()
}

/// The facts that came along; nothing for a new thing.
pub fn brought(form: &Form) -> Map<String, Value> {
    match serde_json::from_str(form.get("carried")) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_known_stands_in_its_fields() {
        let row = json!({"name": "食パン", "use_by": true, "unit": {"name": "斤", "decimals": 0},
            "allergens": {"contains": ["小麦"], "unknown": false}});
        let values = Values::known(&row);
        assert_eq!(values.get("name"), "食パン");
        assert_eq!(values.get("unit/decimals"), "0");
        assert_eq!(
            (values.get("use_by"), values.get("allergens/contains/小麦")),
            ("yes", "yes")
        );
        assert_eq!(values.get("allergens/unknown"), "");
        assert_eq!(
            values.beginning("allergens/contains/").collect::<Vec<_>>(),
            ["小麦"]
        );
    }

    #[test]
    fn what_a_form_does_not_show_goes_along() {
        let row =
            json!({"from": "2026-04-01", "name": "食パン", "work": "bread", "label": {"storage": "常温"}});
        let text = carried(&row, &["from", "name"]);
        assert_eq!(
            serde_json::from_str::<Value>(&text).unwrap(),
            json!({"work": "bread", "label": {"storage": "常温"}})
        );
        assert_eq!(carried(&Value::Null, &[]), "");
    }
}
