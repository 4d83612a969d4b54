//! 相手の請求書: what a supplier's paper says that the book does not work out itself.

use crate::{
    calendar::Day,
    draft::Draft,
    refusal::{Refusal, Why},
    text::LabelText,
};
use serde::{Deserialize, Serialize};

/// The supplier's own paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TheirInvoice {
    /// Its number, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<LabelText>,
    /// お支払期限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
}

impl TheirInvoice {
    /// Nothing is due before it was supplied.
    ///
    /// # Errors
    /// Refused otherwise.
    pub fn check(&self, draft: &Draft<'_>, field: &str) -> Result<(), Refusal> {
        match self.due_on {
            Some(due_on) if due_on < draft.supplied_on() => {
                let problem = "支払期限は、取引の日付か、そのあとの日にしてください。".to_owned();
                Err(Refusal::at(format!("{field}.due_on"), Why::Malformed { problem }))
            }
            _ => Ok(()),
        }
    }
}
