//! What the migrations make, by name: to be compared with what a damaged database still has.

use crate::{PAIRS, SqlPair};
use sea_orm_migration::sea_orm::DbBackend;
use std::collections::BTreeSet;

/// Kinds of things that a migration makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// A table.
    Table,
    /// An index that is no constraint.
    Index,
    /// A trigger.
    Trigger,
}

/// A thing in the database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
}

impl Object {
    /// A thing by kind and name.
    pub fn new(kind: ObjectKind, name: impl Into<String>) -> Object {
        let name = name.into();
        Object { kind, name }
    }
}

/// What stands in a database after the migrations of these names.
pub fn objects<'a>(applied: impl IntoIterator<Item = &'a str>, backend: DbBackend) -> BTreeSet<Object> {
    let applied: BTreeSet<&str> = applied.into_iter().collect();
    let mut objects = BTreeSet::new();
    for pair in PAIRS.iter().filter(|pair| applied.contains(pair.name)) {
        for line in sql(pair, backend).lines() {
            let mut words = line.split([' ', '(']).filter(|word| !word.is_empty());
            let verb = words.next();
            let kind = words.find(|word| *word != "UNIQUE").and_then(kind);
            let name = words.find(|word| !["IF", "NOT", "EXISTS"].contains(word));
            let (Some(kind), Some(name)) = (kind, name) else {
                continue;
            };
            let object = Object::new(kind, name.trim_end_matches(';'));
            match verb {
                Some("CREATE") => drop(objects.insert(object)),
                Some("DROP") => drop(objects.remove(&object)),
                _ => {}
            }
        }
    }
    objects
}

fn sql(pair: &SqlPair, backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => pair.sqlite,
        _ => pair.postgres,
    }
}

fn kind(word: &str) -> Option<ObjectKind> {
    match word {
        "TABLE" => Some(ObjectKind::Table),
        "INDEX" => Some(ObjectKind::Index),
        "TRIGGER" => Some(ObjectKind::Trigger),
        _ => None,
    }
}
