//! Fields that stand beside an act's own ones.

use super::values::hash;
use crate::{
    calendar::Day,
    command::FORMAT,
    text::{Code, Key, Note},
};
use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{
        ObjectBuilder, Ref, RefOr, Schema, SchemaFormat, Type,
        schema::{ArrayBuilder, OneOfBuilder, SchemaType},
    },
};

/// A field that stands beside an act's own ones.
#[derive(Clone, PartialEq)]
pub struct Field {
    /// Name in JSON.
    pub name: &'static str,
    /// Its schema.
    pub schema: RefOr<Schema>,
    /// Whether it must be there.
    pub is_required: bool,
}

impl Field {
    fn required(name: &'static str, schema: impl Into<RefOr<Schema>>) -> Field {
        Field {
            name,
            schema: schema.into(),
            is_required: true,
        }
    }

    fn optional(name: &'static str, schema: impl Into<RefOr<Schema>>) -> Field {
        Field {
            name,
            schema: schema.into(),
            is_required: false,
        }
    }
}

/// `kind` with its only value.
pub fn kind_field(kind: &str) -> Field {
    let only = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some([kind]));
    Field::required("kind", only)
}

/// What every act carries beside its kind and its own fields ([`crate::command::Head`]). The reader takes null for
/// whatever may be left out.
pub fn head_fields() -> Vec<Field> {
    let format = ObjectBuilder::new()
        .schema_type(or_null(Type::Integer))
        .enum_values(Some([Value::from(FORMAT), Value::Null]));
    let group = ObjectBuilder::new()
        .schema_type(or_null(Type::String))
        .format(Some(SchemaFormat::Custom("uuid".to_owned())));
    let evidence = ArrayBuilder::new()
        .schema_type(or_null(Type::Array))
        .items(hash());
    vec![
        Field::optional("format", format),
        Field::optional("office", one_or_null::<Code>()),
        Field::optional("acting_network", one_or_null::<Code>()),
        Field::required("key", Ref::from_schema_name(Key::name())),
        Field::required("supplied_on", Ref::from_schema_name(Day::name())),
        Field::optional("group", group),
        Field::optional("note", one_or_null::<Note>()),
        Field::optional("reason", one_or_null::<Note>()),
        Field::optional("evidence", evidence),
    ]
}

fn or_null(kind: Type) -> SchemaType {
    SchemaType::from_iter([kind, Type::Null])
}

fn one_or_null<T: ToSchema>() -> OneOfBuilder {
    OneOfBuilder::new()
        .item(Ref::from_schema_name(T::name()))
        .item(ObjectBuilder::new().schema_type(Type::Null))
}
