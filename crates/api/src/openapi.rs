//! The document: made from the routes, the acts' table and the types that are read and written. Needs no book.

mod acts;
mod examples;
mod finish;
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
    let described = routes::described::<Api>().into_openapi();
    let mut base = Base::openapi();
    base.merge(described);
    let mut components = schema::Components::new();
    if let Some(known) = &base.components {
        components.extend(
            known
                .schemas
                .iter()
                .map(|(name, schema)| (name.clone(), schema.clone())),
        );
    }
    add::<Problem>(&mut components);
    components.extend(schema::components());
    acts::bodies(&mut components);
    schema::describe(&mut components, &[words::WORDS, schema::WORDS]);
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
    document
}

fn add<T: ToSchema>(components: &mut schema::Components) {
    let mut parts: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut parts);
    components.extend(parts);
    components.insert(T::name().into_owned(), <T as PartialSchema>::schema());
}
