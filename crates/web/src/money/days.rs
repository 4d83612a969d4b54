//! A span of days out of an address: the month before today's where none is named.

use crate::error::PageError;
use api::{Api, problem::Problem};
use domain::calendar::{Day, business_day};
use serde::Deserialize;

/// First and last day.
pub type Span = (Day, Day);

/// As it stands in the address.
#[derive(Default, Deserialize)]
pub struct Days {
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
    /// `exclusive` for 税抜.
    #[serde(default)]
    pub tax: String,
    /// Whether notes are wanted.
    #[serde(default)]
    pub notes: String,
}

impl Days {
    /// The days.
    pub fn span(&self, api: &Api) -> Result<Span, PageError> {
        let today = business_day(api.book.outside().clock.now()).month();
        let last = today.prev().unwrap_or(today);
        let wrong = |detail: &str| PageError::from(Problem::bad_request("query-wrong", detail));
        let read = |typed: &str, usual: Day| match typed {
            "" => Ok(usual),
            typed => typed
                .parse()
                .map_err(|_| wrong("日付は、カレンダーから選んでください。")),
        };
        let from = read(&self.from, last.first_day())?;
        let to = read(&self.to, last.last_day())?;
        if from > to {
            return Err(wrong("はじめの日は、終わりの日より前にしてください。"));
        }
        Ok((from, to))
    }
}
