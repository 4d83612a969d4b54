//! QRカード: made, printed once, and stopped.

use super::{managed, page_of};
use crate::{
    doors::Handed,
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked, Site},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::access::cards::{issue_card, stop_card};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::text::{Key, Name};

#[derive(Template)]
#[template(path = "doors/print.html")]
struct PrintPage {
    shell: Shell,
    name: String,
    handed: Handed,
}

/// Makes a card; the page that follows is to be printed, this once.
pub async fn issue(
    State(api): State<Api>,
    Path(office): Path<String>,
    site: Site,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, _) = managed(&api, &visitor, &office).await?;
    let key: Key = form.get("key").parse().map_err(|_| PageError::not_found())?;
    let id = id_of_person(visitor.caller().person(), "card", &key);
    let wrong = match form.get("card").parse::<Name>() {
        Err(error) => {
            let problem = Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "malformed",
                format!("置き場所に{error}"),
            );
            Wrong::of(problem.at("card"))?
        }
        Ok(name) => match issue_card(&api.book, visitor.caller(), office, &name, id).await {
            Ok((card, Some(secret))) => {
                let page = PrintPage {
                    shell: Shell::of_office(&api, &asked, &visitor, office).await?,
                    name: card.name,
                    handed: Handed::new(&api, &site, "/card", &secret, ""),
                };
                return Ok(page::shown(&asked, &page));
            }
            Ok((_, None)) => Wrong::whole(
                "このカードは、もう表示しました。なくしたときは、止めて、もう一度作ってください。",
            ),
            Err(refused) => Wrong::of(Problem::from(refused))?,
        },
    };
    let mut page = page_of(&api, &asked, &visitor, office).await?;
    page.wrong = wrong;
    form.get("card").clone_into(&mut page.card);
    Ok(page::shown_again(&asked, &page))
}

/// Stops a card at once.
pub async fn stop(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = managed(&api, &visitor, &office).await?;
    let id = form.get("stop").parse().map_err(|_| PageError::not_found())?;
    match stop_card(&api.book, visitor.caller(), id).await {
        Ok(()) => Ok(page::done(
            &format!("/o/{code}/people"),
            &Said::new(What::CardStopped),
        )),
        Err(refused) => {
            let mut page = page_of(&api, &asked, &visitor, office).await?;
            page.wrong = Wrong::of(Problem::from(refused))?;
            Ok(page::shown_again(&asked, &page))
        }
    }
}
