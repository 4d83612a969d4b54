//! ホーム: a few big buttons, and what is still to be done (まだのこと).

pub mod network;

pub use network::network;

use crate::{
    error::PageError,
    page::{self, Asked},
    proposals, settlements,
    shell::{OfficeName, Shell, office_name},
    visitor::Visitor,
};
use api::Api;
use app::views::{
    deliveries::{Delivery, deliveries},
    names::Named,
    orders::{OpenOrder, open_orders},
    recipes::recipes,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{calendar::business_day, masters::Masters};

#[derive(Template)]
#[template(path = "home/choose.html")]
struct ChoosePage {
    shell: Shell,
    offices: Vec<OfficeName>,
    networks: Vec<Named>,
    is_operator: bool,
}

#[derive(Template)]
#[template(path = "home/office.html")]
struct OfficePage {
    shell: Shell,
    to_receive: Vec<Delivery>,
    sent: Vec<Delivery>,
    to_send: Vec<OpenOrder>,
    /// Proposals that wait, of this office or of others.
    proposals: Vec<proposals::Line>,
    /// Questions about statements that wait for this office.
    questions: Vec<settlements::QuestionLine>,
    /// Whether it has recipes.
    cooks: bool,
    /// Whether it has no product yet: the first thing to state.
    is_new: bool,
}

/// Where somebody begins: at their one office, or with a choice.
pub async fn choose(State(api): State<Api>, asked: Asked, visitor: Visitor) -> Result<Response, PageError> {
    let rights = &visitor.caller().rights;
    if rights.is_operator && rights.offices.is_empty() {
        // a new book: whoever runs it begins there
        let is_new = |masters: &Masters| masters.offices().next().is_none();
        if api.book.with_masters_of_now(is_new).await? {
            return Ok(Redirect::to("/begin").into_response());
        }
    }
    let mut offices = Vec::new();
    for office in &rights.offices {
        offices.push(office_name(&api, *office).await?);
    }
    offices.sort();
    if let ([office], true, false) = (&offices[..], rights.networks.is_empty(), rights.is_operator) {
        return Ok(Redirect::to(&format!("/o/{}", office.code)).into_response());
    }
    let today = business_day(api.book.outside().clock.now());
    let named = |masters: &Masters| -> Result<Vec<Named>, ()> {
        let own = rights.networks.iter().filter_map(|id| masters.network(*id));
        Ok(own
            .map(|network| {
                let name = network.name.on_or_first(today);
                Named::new(network.code.as_str(), name.map_or("", |name| name.as_str()))
            })
            .collect())
    };
    let networks = api.book.with_masters(named).await?.unwrap_or_default();
    let page = ChoosePage {
        shell: Shell::of(&asked),
        offices,
        networks,
        is_operator: rights.is_operator,
    };
    Ok(page::shown(&asked, &page))
}

/// Of an office.
pub async fn office(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let on_the_way = deliveries(&api.book, visitor.viewer(), office).await?;
    let (to_receive, sent) = on_the_way
        .into_iter()
        .partition(|delivery| delivery.to.code == code.as_str());
    let open = open_orders(&api.book, visitor.viewer(), office).await?;
    let has_products = |masters: &Masters| {
        let mut products = masters.products();
        products
            .any(|product| product.office == office)
            .then_some(())
            .ok_or(())
    };
    let is_new = api.book.with_masters(has_products).await?.is_err();
    let page = OfficePage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        to_receive,
        sent,
        to_send: open
            .into_iter()
            .filter(|order| order.wanted.from.code == code.as_str())
            .collect(),
        proposals: proposals::open_lines(&api, office).await?,
        questions: settlements::open_questions(&api, office).await?,
        cooks: !recipes(&api.book, visitor.viewer(), office).await?.is_empty(),
        is_new,
    };
    Ok(page::shown(&asked, &page))
}
