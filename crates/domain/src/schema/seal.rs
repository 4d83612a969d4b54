//! What the derived schemas leave out or say otherwise than our readers.

use utoipa::{
    Number,
    openapi::{
        KnownFormat, RefOr, Schema, SchemaFormat, Type,
        schema::{AdditionalProperties, ArrayItems, Object, SchemaType},
    },
};

/// No reader of ours takes a field it does not know, sets are read from lists that name a thing twice, and what does not
/// fit into 32 bits with a sign is called 64 bits wide.
pub(super) fn seal(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => seal_object(object),
        Schema::Array(array) => array.unique_items = false,
        _ => {}
    }
    for inner in inner(schema) {
        seal(inner);
    }
}

fn seal_object(object: &mut Object) {
    if object.schema_type == SchemaType::Type(Type::Object) && object.additional_properties.is_none() {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    }
    let is_wide = |most: &Number| matches!(most, Number::UInt(most) if i32::try_from(*most).is_err());
    if object.maximum.as_ref().is_some_and(is_wide) {
        object.format = Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    }
}

/// The schemas that stand right inside a schema.
pub(super) fn inner(schema: &mut Schema) -> Vec<&mut RefOr<Schema>> {
    match schema {
        Schema::Object(object) => {
            let more = match object.additional_properties.as_deref_mut() {
                Some(AdditionalProperties::RefOr(more)) => Some(more),
                _ => None,
            };
            object.properties.values_mut().chain(more).collect()
        }
        Schema::Array(array) => match &mut array.items {
            ArrayItems::RefOrSchema(items) => vec![items],
            ArrayItems::False => Vec::new(),
        },
        Schema::OneOf(one) => one.items.iter_mut().collect(),
        Schema::AllOf(all) => all.items.iter_mut().collect(),
        Schema::AnyOf(any) => any.items.iter_mut().collect(),
        _ => Vec::new(),
    }
}
