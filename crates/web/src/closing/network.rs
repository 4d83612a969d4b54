//! 連絡会の締め: how far each member has closed, and all that can be closed at once: an entry each, and what did not go with
//! its reason.

use super::{Which, next_to_close, said};
use crate::{
    error::PageError,
    form::Form,
    page::{self, Asked},
    record::{key_of, record, today},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::close::{NetworkCloses, network_closes};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{calendar::Month, text::Code};
use serde_json::json;

#[derive(Template)]
#[template(path = "closing/network.html")]
struct NetworkPage {
    shell: Shell,
    key: String,
    closes: NetworkCloses,
    /// What became of each that was to be closed: the office's name, and why it was not.
    became: Vec<(String, Option<String>)>,
}

impl NetworkPage {
    fn month(&self) -> String {
        said(self.closes.month)
    }

    /// Offices that can be closed now.
    fn ready(&self) -> usize {
        self.closes
            .offices
            .iter()
            .filter(|office| office.can_close)
            .count()
    }
}

/// The members.
pub async fn show(
    State(api): State<Api>,
    Path(network): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Result<Response, PageError> {
    let month = match which.month.parse() {
        Ok(month) => month,
        Err(_) => next_to_close(&api, None).await?,
    };
    let page = page_of(&api, &asked, &visitor, &network, month, &Form::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// Closes the month for all that were chosen.
pub async fn close(
    State(api): State<Api>,
    Path(network): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let month: Month = form.get("month").parse().map_err(|_| PageError::not_found())?;
    let before = page_of(&api, &asked, &visitor, &network, month, &form).await?;
    let mut became = Vec::new();
    for office in before.closes.offices {
        let code = &office.office.code;
        if form.typed(&format!("close/{code}")).is_none() {
            continue;
        }
        // the same press again finds the same keys, so nothing is closed twice
        let key = format!("{}.{code}", form.get("key"));
        let closing = json!({"kind": "close", "acting_network": network, "key": key, "supplied_on": today(&api),
            "month": month.to_string(), "of": code});
        let why = match record(&api, &visitor, closing).await {
            Ok(_) => None,
            Err(problem) => Some(problem.detail),
        };
        became.push((office.office.name, why));
    }
    let mut page = page_of(&api, &asked, &visitor, &network, month, &Form::default()).await?;
    page.became = became;
    Ok(page::shown(&asked, &page))
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    network: &str,
    month: Month,
    form: &Form,
) -> Result<NetworkPage, PageError> {
    let code: Code = network.parse().map_err(|_| PageError::not_found())?;
    let closes = network_closes(&api.book, visitor.viewer(), &code, month).await?;
    visitor.register(api, "network_closes", code.as_str()).await?;
    Ok(NetworkPage {
        shell: Shell::of(asked),
        key: key_of(api, form),
        closes: closes.ok_or_else(PageError::not_found)?,
        became: Vec::new(),
    })
}
