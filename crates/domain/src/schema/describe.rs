//! Descriptions for people, from tables of words.

use super::{Components, seal::inner};
use std::collections::BTreeSet;
use utoipa::openapi::{RefOr, Schema};

/// A key (`Component`, `Component.field` or `field`) and what is said about it, in Japanese.
pub type Word = (&'static str, &'static str);

/// What tables and components do not have in common; both empty when all is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Components, and fields as `Component.field`, that no table describes. They have no description.
    pub undescribed: BTreeSet<String>,
    /// Keys of tables that describe nothing.
    pub unused: BTreeSet<&'static str>,
}

/// Replaces the descriptions of all components and of their fields, at any depth, by the words of the tables. A field
/// takes the word for its component (`Sell.paid`), else the one for all (`paid`); earlier tables go first.
pub fn describe(components: &mut Components, tables: &[&[Word]]) -> Gaps {
    let mut describing = Describing {
        words: tables.iter().flat_map(|table| table.iter()).copied().collect(),
        used: BTreeSet::new(),
        undescribed: BTreeSet::new(),
    };
    for (name, schema) in components {
        let names = known_as(name);
        let said = describing.find(&names, name);
        set(schema, said);
        describing.go_into(schema, &names);
    }
    let words = describing.words.iter().map(|(key, _)| *key);
    Gaps {
        unused: words.filter(|key| !describing.used.contains(key)).collect(),
        undescribed: describing.undescribed,
    }
}

/// An act in another surrounding shares its words with the act (`Sell`, `PriceFacts`): inside another act (`SellAct`,
/// `PriceAct`), as a body of its own (`SellBody`), among many (`SellBodyLine`), proposed (`WriteOffProposed`). So does what is
/// wrapped into something (`Versioned_PriceView`) with the thing itself.
fn known_as(name: &str) -> Vec<String> {
    let wrapped = name.split_once('_').map(|(_, wrapped)| wrapped.to_owned());
    let act = ["Act", "Body", "BodyLine", "Proposed"]
        .iter()
        .find_map(|around| name.strip_suffix(around));
    let act = act.map(|act| [act.to_owned(), format!("{act}Facts")]);
    [name.to_owned()]
        .into_iter()
        .chain(wrapped)
        .chain(act.into_iter().flatten())
        .collect()
}

struct Describing {
    words: Vec<Word>,
    used: BTreeSet<&'static str>,
    undescribed: BTreeSet<String>,
}

impl Describing {
    fn word(&self, key: &str) -> Option<Word> {
        self.words.iter().find(|(known, _)| *known == key).copied()
    }

    /// The word for the first key that has one; `called` goes among the undescribed otherwise.
    fn find(&mut self, keys: &[String], called: &str) -> &'static str {
        let word = keys.iter().find_map(|key| self.word(key));
        if let Some((key, said)) = word {
            self.used.insert(key);
            said
        } else {
            self.undescribed.insert(called.to_owned());
            ""
        }
    }

    /// Fields within a component known by these names; what has no name of its own loses its description.
    fn go_into(&mut self, schema: &mut RefOr<Schema>, names: &[String]) {
        let RefOr::T(schema) = schema else { return };
        if let Schema::Object(object) = schema {
            if let Some(names) = object.property_names.take() {
                let mut names = RefOr::T(*names);
                set(&mut names, "");
                if let RefOr::T(names) = names {
                    object.property_names = Some(Box::new(names));
                }
            }
            for (field, schema) in &mut object.properties {
                let mut keys: Vec<String> = names.iter().map(|name| format!("{name}.{field}")).collect();
                keys.push(field.clone());
                let called = format!("{}.{field}", names.first().map_or("", String::as_str));
                let said = self.find(&keys, &called);
                self.go_into(schema, names);
                set(schema, said);
            }
        }
        let is_field = matches!(schema, Schema::Object(object) if !object.properties.is_empty());
        for nameless in inner(schema).into_iter().filter(|_| !is_field) {
            set(nameless, "");
            self.go_into(nameless, names);
        }
    }
}

fn set(schema: &mut RefOr<Schema>, said: &str) {
    let description = (!said.is_empty()).then(|| said.to_owned());
    match schema {
        RefOr::Ref(to) => said.clone_into(&mut to.description),
        RefOr::T(Schema::Array(array)) => array.description = description,
        RefOr::T(Schema::Object(object)) => object.description = description,
        RefOr::T(Schema::OneOf(one)) => one.description = description,
        RefOr::T(Schema::AllOf(all)) => all.description = description,
        RefOr::T(Schema::AnyOf(any)) => any.description = description,
        RefOr::T(_) => {}
    }
}
