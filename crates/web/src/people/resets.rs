//! パスワードの設定し直し: a link for somebody of the office who has forgotten theirs.

use super::{managed, page_of};
use crate::{
    doors::Handed,
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked, Site},
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::access::resets::make_reset;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::text::Key;

/// What stands beside the link.
pub const SENTENCE: &str =
    "パスワードを設定し直すリンクができました。本人だけに渡してください。1回だけ、24時間のあいだ使えます。";

/// Makes a link; the page that follows shows it, this once.
pub async fn make(
    State(api): State<Api>,
    Path(office): Path<String>,
    site: Site,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, _) = managed(&api, &visitor, &office).await?;
    let key: Key = form.get("key").parse().map_err(|_| PageError::not_found())?;
    let person = form.get("person").parse().map_err(|_| PageError::not_found())?;
    let id = id_of_person(visitor.caller().person(), "password-reset", &key);
    let made = make_reset(&api.book, visitor.caller(), person, id).await;
    let mut page = page_of(&api, &asked, &visitor, office).await?;
    match made {
        Ok((_, Some(secret))) => {
            page.handed = Some(Handed::new(&api, &site, "/reset", &secret, SENTENCE));
            Ok(page::shown(&asked, &page))
        }
        Ok((_, None)) => {
            page.wrong =
                Wrong::whole("このリンクは、もう表示しました。なくしたときは、もう一度作ってください。");
            Ok(page::shown_again(&asked, &page))
        }
        Err(refused) => {
            page.wrong = Wrong::of(Problem::from(refused))?;
            Ok(page::shown_again(&asked, &page))
        }
    }
}
