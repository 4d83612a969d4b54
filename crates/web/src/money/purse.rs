//! The choice of a purse in a form: `cash kinko`, `bank futsu`.

use app::views::money::Purse;
use domain::masters::CashPlaceKind;
use serde_json::{Value, json};

/// As it stands in a form.
pub fn name_of(purse: &Purse) -> String {
    let by = match purse.holds {
        CashPlaceKind::Bank => "bank",
        CashPlaceKind::Cash | CashPlaceKind::Till => "cash",
    };
    format!("{by} {}", purse.place.code)
}

/// As an act takes it: a purse, or on account of a partner (`on_account tane`).
pub fn of_name(name: &str) -> Option<Value> {
    let (by, code) = name.split_once(' ')?;
    match by {
        "cash" | "bank" => Some(json!({"by": by, "place": code})),
        "on_account" => Some(json!({"by": by, "partner": code})),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purse_is_named_and_found_again() {
        assert_eq!(
            of_name("cash kinko"),
            Some(json!({"by": "cash", "place": "kinko"}))
        );
        assert_eq!(
            of_name("on_account tane"),
            Some(json!({"by": "on_account", "partner": "tane"}))
        );
        assert_eq!(of_name("magic kinko"), None);
        assert_eq!(of_name("cash"), None);
    }
}
