//! JSON is read into types in one form: fields by name, choices by their text. Derived readers would also take a list for
//! an object, its fields in the order in which the code happens to name them, and an object around a choice.

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, Unexpected, VariantAccess, Visitor,
        value::{MapDeserializer, SeqDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Value};

/// A value to be read in one form.
pub(super) struct Shape {
    value: Value,
    /// Of a list: no place for what names a choice.
    is_item: bool,
}

impl Shape {
    pub(super) fn new(value: Value) -> Shape {
        Shape {
            value,
            is_item: false,
        }
    }
}

impl<'de> Deserializer<'de> for Shape {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(items) => {
                let mut items =
                    SeqDeserializer::new(items.into_iter().map(|value| Shape { value, is_item: true }));
                let read = visitor.visit_seq(&mut items)?;
                items.end().map(|()| read)
            }
            Value::Object(fields) => {
                let fields = fields
                    .into_iter()
                    .map(|(name, value)| (Name(name), Shape::new(value)));
                let mut fields = MapDeserializer::new(fields);
                let read = visitor.visit_map(&mut fields)?;
                fields.end().map(|()| read)
            }
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(_) => Err(Error::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(fields) if fields.len() == 1 => {
                let mut fields = fields.into_iter();
                match fields.next() {
                    Some((name, value)) => visitor.visit_enum(Choice(name, Shape::new(value))),
                    None => Err(Error::invalid_type(Unexpected::Map, &visitor)),
                }
            }
            other => other.deserialize_enum(name, variants, visitor),
        }
    }

    /// What `by` or `kind` says: a text. Readers would take the choice's number in the code too.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::String(text) if !self.is_item => visitor.visit_string(text),
            Value::String(_) => Err(Error::invalid_type(Unexpected::Seq, &visitor)),
            _ => Err(Error::invalid_type(Unexpected::Other("no text"), &visitor)),
        }
    }

    forward_to_deserialize_any! {
        f32 f64
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Shape {
    type Deserializer = Shape;

    fn into_deserializer(self) -> Shape {
        self
    }
}

/// A field's name; in a map it may be a number.
struct Name(String);

impl<'de> Deserializer<'de> for Name {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.0)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.parse::<u32>() {
            Ok(number) if number.to_string() == self.0 => visitor.visit_u32(number),
            _ => Err(Error::invalid_value(Unexpected::Str(&self.0), &visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(text(self.0))
    }

    forward_to_deserialize_any! {
        f32 f64
        bool i8 i16 i32 i64 i128 u8 u16 u64 u128 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Name {
    type Deserializer = Name;

    fn into_deserializer(self) -> Name {
        self
    }
}

fn text(text: String) -> StringDeserializer<Error> {
    text.into_deserializer()
}

/// A choice that carries something: `{"agreement": "code"}`.
struct Choice(String, Shape);

impl<'de> EnumAccess<'de> for Choice {
    type Error = Error;
    type Variant = Shape;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Shape), Error> {
        Ok((seed.deserialize(text(self.0))?, self.1))
    }
}

impl<'de> VariantAccess<'de> for Shape {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Err(Error::invalid_type(Unexpected::Map, &"string"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_struct("", fields, visitor)
    }
}

#[cfg(test)]
mod tests {
    use crate::command::read_field;
    use crate::{
        acts::{means::Means, months::Months},
        draft::NewLot,
        masters::Channel,
        tax::{TaxCategory, Taxation},
    };
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    fn reads<T: DeserializeOwned>(value: &Value) -> bool {
        read_field::<T>("", value.clone()).is_ok()
    }

    #[test]
    fn fields_come_by_name_only() {
        assert!(reads::<Months>(&json!({"from": "2026-06", "to": "2026-07"})));
        assert!(!reads::<Months>(&json!(["2026-06", "2026-07"])));
        assert!(reads::<NewLot>(&json!({})) && !reads::<NewLot>(&json!([])));
        assert!(!reads::<Vec<NewLot>>(&json!([{}, []])));
    }

    #[test]
    fn choices_come_as_texts_only() {
        assert!(reads::<TaxCategory>(&json!("standard")));
        assert!(!reads::<TaxCategory>(&json!({"standard": null})));
        assert!(reads::<Channel>(&json!({"agreement": "a-1"})) && reads::<Channel>(&json!("cost")));
        for wrong in [
            json!("agreement"),
            json!({"cost": null}),
            json!({"agreement": "a-1", "cost": null}),
            json!({}),
        ] {
            assert!(!reads::<Channel>(&wrong), "{wrong}");
        }
        assert!(reads::<Means>(&json!({"by": "cash"})) && reads::<Taxation>(&json!({"kind": "exempt"})));
        for wrong in [
            json!({"by": 0}),
            json!(["cash"]),
            json!([0]),
            json!({"by": ["cash"]}),
        ] {
            assert!(!reads::<Means>(&wrong), "{wrong}");
        }
        assert!(!reads::<Taxation>(&json!({"kind": 0})));
    }

    #[test]
    fn names_that_are_numbers_have_one_spelling() {
        type Coins = BTreeMap<u32, u32>;
        assert!(reads::<Coins>(&json!({"1000": 3, "1": 0})));
        for wrong in ["01", "+1", "1.0", "-1", "4294967296", "x", ""] {
            assert!(!reads::<Coins>(&json!({wrong: 1})), "{wrong}");
        }
    }
}
