//! うちのものではない: an office that a lot names says that it is not its own, or takes that back. Also for a lot that it never had:
//! who is named wrongly comes here from the page behind the label's QR.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    record::{act, new_key, record, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::public_lot::named_offices;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::text::{Code, LotCode};
use serde_json::json;

#[derive(Template)]
#[template(path = "lots/disown.html")]
struct DisownPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    reason: String,
    lot: LotCode,
    has_disowned: bool,
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, lot): (&str, &str),
) -> Result<(Code, DisownPage), PageError> {
    let (office, code) = visitor.office(api, office).await?;
    let lot: LotCode = lot.parse().map_err(|_| PageError::not_found())?;
    let named = named_offices(&api.book, visitor.viewer(), &lot).await?;
    let named = named.iter().find(|named| named.office == office);
    let has_disowned = named.ok_or_else(PageError::not_found)?.has_disowned;
    let page = DisownPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong: Wrong::default(),
        key: new_key(api),
        reason: String::new(),
        lot,
        has_disowned,
    };
    Ok((code, page))
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path((office, lot)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (_, page) = page_of(&api, &asked, &visitor, (&office, &lot)).await?;
    Ok(page::shown(&asked, &page))
}

/// Said, or withdrawn.
pub async fn save(
    State(api): State<Api>,
    Path((office, lot)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (code, mut page) = page_of(&api, &asked, &visitor, (&office, &lot)).await?;
    let is_withdrawn = form.typed("withdrawn").is_some();
    let mut fields = json!({"lot": lot});
    if is_withdrawn {
        fields["withdrawn"] = true.into();
    }
    let mut said = act("disown", code.as_str(), &form, fields);
    said["supplied_on"] = today(&api).into();
    match record(&api, &visitor, said).await {
        Ok(recorded) => {
            let what = match (recorded.is_new, is_withdrawn) {
                (false, _) => What::Already,
                (true, true) => What::Owned,
                (true, false) => What::Disowned,
            };
            let to = format!("/o/{code}/lots/{lot}/disown");
            Ok(page::done(&to, &Said::new(what)))
        }
        Err(problem) => {
            page.wrong = Wrong::of(problem)?;
            form.get("key").clone_into(&mut page.key);
            form.get("reason").clone_into(&mut page.reason);
            Ok(page::shown_again(&asked, &page))
        }
    }
}
