//! JSON schemas of the acts, for the document of the API: made from the types that read the acts, so that they cannot
//! drift from them. Descriptions for people are Japanese and come from tables ([`describe`]).

mod describe;
mod examples;
mod field;
mod seal;
mod values;
mod words;

use crate::acts::Act;
pub use describe::{Gaps, Word, describe};
pub use field::{Field, head_fields, kind_field};
use seal::seal;
use std::collections::BTreeMap;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Ref, RefOr, Schema,
        schema::{Discriminator, OneOfBuilder},
    },
};
pub(crate) use values::denominations;
pub use values::hash;
pub use words::WORDS;

/// Components of a document by name.
pub type Components = BTreeMap<String, RefOr<Schema>>;

/// The schema of one kind of act.
#[derive(Clone, PartialEq)]
pub struct ActSchema {
    /// Kind, as in `Act::KINDS`.
    pub kind: &'static str,
    /// Name of the component that holds the act's own fields.
    pub name: String,
    /// The act's own fields: an object that takes no others.
    pub schema: RefOr<Schema>,
    /// What the fields refer to, by name; [`Act`] itself is not among them.
    pub parts: Vec<(String, RefOr<Schema>)>,
}

impl ActSchema {
    /// Of the type that reads an act.
    pub(crate) fn of<T: ToSchema>(kind: &'static str) -> ActSchema {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        let mut schema = T::schema();
        seal(&mut schema);
        for (_, part) in &mut parts {
            seal(part);
        }
        ActSchema {
            kind,
            name: T::name().into(),
            schema,
            parts,
        }
    }

    /// Name of the component of an act that names its kind itself, inside another one: `ProduceAct`.
    pub fn inner_name(&self) -> String {
        format!("{}Act", self.name.strip_suffix("Facts").unwrap_or(&self.name))
    }

    /// The act's own fields and others beside them.
    pub fn with(&self, others: &[Field]) -> RefOr<Schema> {
        let mut schema = self.schema.clone();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            for field in others {
                object
                    .properties
                    .insert(field.name.to_owned(), field.schema.clone());
                if field.is_required {
                    object.required.push(field.name.to_owned());
                }
            }
        }
        schema
    }
}

/// All components of the acts: the own fields of each, the same with `kind`, what they refer to, and [`Act`], which is one
/// of them.
pub fn components() -> Components {
    let mut all = Components::new();
    for act in Act::schemas() {
        all.insert(act.inner_name(), act.with(&[kind_field(act.kind)]));
        all.insert(act.name, act.schema);
        all.extend(act.parts);
    }
    all.insert(Act::name().into(), Act::schema());
    all
}

/// One of several components, told by `kind`.
pub fn one_of(components: &[(&str, String)]) -> RefOr<Schema> {
    let named = components.iter();
    let named = named.map(|(kind, name)| (*kind, Ref::from_schema_name(name.clone())));
    let mapping = named.clone().map(|(kind, to)| (kind, to.ref_location));
    let one = named
        .clone()
        .fold(OneOfBuilder::new(), |one, (_, name)| one.item(name));
    one.discriminator(Some(Discriminator::with_mapping("kind", mapping)))
        .into()
}

impl PartialSchema for Act {
    fn schema() -> RefOr<Schema> {
        let acts = Act::schemas();
        let named: Vec<(&str, String)> = acts.iter().map(|act| (act.kind, act.inner_name())).collect();
        one_of(&named)
    }
}

impl ToSchema for Act {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.extend(components());
    }
}
