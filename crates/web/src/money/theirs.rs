//! 相手の請求書 in a form: its number, and by when it is paid.

use crate::form::Form;
use serde_json::{Value, json};

/// As an act takes it; nothing where nothing was typed.
pub fn invoice(form: &Form) -> Option<Value> {
    let mut invoice = json!({});
    for name in ["number", "due_on"] {
        if let Some(typed) = form.typed(name) {
            invoice[name] = typed.into();
        }
    }
    invoice
        .as_object()
        .is_some_and(|of| !of.is_empty())
        .then_some(invoice)
}
