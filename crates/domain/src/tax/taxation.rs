//! How a corporation is taxed (課税方式). Dated: a corporation keeps its ways as rows by their first day.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::fmt;

/// A corporation's way of taxation. Variants without fields have braces, or their reader would take any field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Taxation {
    /// 免税事業者: pays no tax, deducts none.
    Exempt {},
    /// 簡易課税: deducts a share of its output tax.
    Simplified {
        /// みなし仕入率 in percent, 0 to 100 (40 to 90 by kind of business).
        #[serde(deserialize_with = "percent")]
        #[cfg_attr(feature = "openapi", schema(maximum = 100))]
        deemed_percent: u8,
    },
    /// 本則課税: deducts the input tax it can show.
    Standard {},
}

fn percent<'de, D: Deserializer<'de>>(input: D) -> Result<u8, D::Error> {
    let percent = u8::deserialize(input)?;
    if percent <= 100 {
        Ok(percent)
    } else {
        Err(D::Error::custom(
            "みなし仕入率は0から100までの整数にしてください。",
        ))
    }
}

impl fmt::Display for Taxation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Taxation::Exempt {} => f.pad("免税"),
            Taxation::Simplified { deemed_percent } => write!(f, "簡易課税(みなし仕入率{deemed_percent}%)"),
            Taxation::Standard {} => f.pad("本則課税"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_names_the_kind() {
        let text = r#"{"kind":"simplified","deemed_percent":70}"#;
        let taxation: Taxation = serde_json::from_str(text).unwrap();
        assert_eq!(taxation, Taxation::Simplified { deemed_percent: 70 });
        assert_eq!(taxation.to_string(), "簡易課税(みなし仕入率70%)");
        assert_eq!(serde_json::to_string(&taxation).unwrap(), text);
        assert_eq!(
            serde_json::to_string(&Taxation::Exempt {}).unwrap(),
            r#"{"kind":"exempt"}"#
        );
        for bad in [
            r#"{"kind":"simplified","deemed_percent":101}"#,
            r#"{"kind":"simplified"}"#,
            r#"{"kind":"none"}"#,
            r#"{"kind":"exempt","deemed_percent":70}"#,
            r#"{"kind":"standard","x":1}"#,
        ] {
            assert!(serde_json::from_str::<Taxation>(bad).is_err(), "{bad}");
        }
    }
}
