//! JSON read strictly: no key twice, no fractions (they are written as texts), no endless nesting.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

const DEPTH_LIMIT: u8 = 16;

/// Why a text was not JSON as we read it.
#[derive(Debug, thiserror::Error)]
#[error("JSONとして読めません。{0}")]
pub struct StrictError(String);

/// Reads one JSON value.
pub fn parse(text: &str) -> Result<Value, StrictError> {
    let mut input = serde_json::Deserializer::from_str(text);
    let read = Strict { depth: 0 }
        .deserialize(&mut input)
        .and_then(|value| input.end().map(|()| value));
    read.map_err(|error| {
        let place = format!("({}行目{}文字目)", error.line(), error.column());
        let message = error.to_string();
        let message = match message.split(" at line").next() {
            Some(ours) if !ours.is_ascii() => ours.to_owned(),
            _ if message.contains("control character") => {
                "文字の中に、タブや改行などの目に見えない文字があります。消してください。".to_owned()
            }
            _ if error.is_eof() => "途中で切れています。".to_owned(),
            _ => "かっこ・引用符・カンマを確かめてください。".to_owned(),
        };
        StrictError(message + &place)
    })
}

struct Strict {
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        if self.depth > DEPTH_LIMIT {
            return Err(D::Error::custom("入れ子が深すぎます。"));
        }
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom(
            "小数や大きすぎる数は \"12.5\" のように引用符をつけて書いてください。",
        ))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        Value::deserialize(input)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict {
            depth: self.depth + 1,
        })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = items.next_key::<String>()? {
            let value = items.next_value_seed(Strict {
                depth: self.depth + 1,
            })?;
            if map.contains_key(&name) {
                return Err(A::Error::custom(format!(
                    "「{name}」が2回書かれています。1つにしてください。"
                )));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}
