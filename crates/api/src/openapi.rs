//! The document: made from the routes, the acts' table and the types that are read and written. Needs no book.

mod acts;
mod examples;
mod finish;
mod used;
mod words;

use crate::{Api, problem::Problem, routes};
use domain::schema;
use serde_json::{Value, json};
use utoipa::{
    OpenApi as _, PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    crate::record::Receipt,
    crate::record::Bulk,
    crate::record::BulkAnswers,
    app::views::entry::EntryView,
    app::views::entries::EntriesView,
)))]
struct Base;

/// What the document is about, for those who read it first.
const ABOUT: &str = include_str!("openapi/about.md");

/// The whole document.
pub fn document() -> Value {
    let base = base();
    let (components, _) = components(&base);
    let mut document = serde_json::to_value(&base).unwrap_or_default();
    document["info"] = json!({
        "title": "横糸 Yokoito",
        "version": "1",
        "description": ABOUT,
        "license": {"name": "MIT", "identifier": "MIT"},
    });
    document["servers"] = json!([{"url": "/", "description": "この帳簿"}]);
    document["components"]["schemas"] = serde_json::to_value(&components).unwrap_or_default();
    acts::operations(&mut document);
    finish::finish(&mut document);
    used::only_used(&mut document);
    document
}

/// What the routes say of themselves.
fn base() -> utoipa::openapi::OpenApi {
    let mut base = Base::openapi();
    base.merge(routes::described::<Api>().into_openapi());
    base
}

/// All components, described for people, and what the words miss.
fn components(base: &utoipa::openapi::OpenApi) -> (schema::Components, schema::Gaps) {
    let mut components = schema::Components::new();
    let known = base.components.iter().flat_map(|known| &known.schemas);
    components.extend(known.map(|(name, schema)| (name.clone(), schema.clone())));
    add::<Problem>(&mut components);
    components.extend(schema::components());
    acts::bodies(&mut components);
    let gaps = schema::describe(&mut components, &[words::WORDS, words::SETTLING, schema::WORDS]);
    (components, gaps)
}

fn add<T: ToSchema>(components: &mut schema::Components) {
    let mut parts: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut parts);
    components.extend(parts);
    components.insert(T::name().into_owned(), <T as PartialSchema>::schema());
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn everything_is_described_and_every_word_is_used() {
        let (_, gaps) = components(&base());
        assert_eq!(gaps, schema::Gaps::default());
        let all = || words::WORDS.iter().chain(words::SETTLING);
        let keys: BTreeSet<&str> = all().map(|(key, _)| *key).collect();
        assert_eq!(keys.len(), all().count(), "a key stands twice");
    }
}
