//! The page behind the QR of a label, for whoever holds the goods. It is found by the tag on the label alone, and search engines
//! are asked to leave it out. Who has logged in finds the way to their own office's page of the lot.

use crate::{
    error::{PageError, page_of},
    page::{self, Asked},
    shell::{OfficeName, Shell, office_name},
    stock::Keeps,
    visitor::Visitor,
};
use api::{Api, actor::sender};
use app::{
    access::look_at_public,
    views::{
        label::label,
        public_lot::{PublicLot, named_offices, public_lot},
    },
};
use askama::Template;
use axum::{
    Router,
    extract::{ConnectInfo, Path, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    response::Response,
    routing::get,
};
use domain::calendar::business_day;
use std::net::SocketAddr;

/// Its address: as short as it can be, so that the QR is small.
pub fn routes() -> Router<Api> {
    Router::new().route("/l/{code}", get(show))
}

#[derive(Template)]
#[template(path = "public/lot.html")]
struct PublicPage {
    shell: Shell,
    lot: PublicLot,
    keeps: Keeps,
    /// Offices of the reader's own that know the lot.
    offices: Vec<OfficeName>,
    /// Offices of the reader's own that it names.
    named: Vec<OfficeName>,
}

/// A lot, to anybody.
async fn show(
    State(api): State<Api>,
    Path(code): Path<String>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    asked: Asked,
    visitor: Option<Visitor>,
) -> Result<Response, PageError> {
    if let Err(refused) = look_at_public(&api.book, sender(&api, peer, &headers)) {
        return Ok(page_of(&asked, &refused.into()));
    }
    let code = code.parse().map_err(|()| PageError::not_found())?;
    let lot = public_lot(&api.book, &code).await?;
    let lot = lot.ok_or_else(PageError::not_found)?;
    let today = business_day(api.book.outside().clock.now());
    let (mut offices, mut named) = (Vec::new(), Vec::new());
    if let Some(visitor) = &visitor {
        let knows = label(&api.book, visitor.viewer(), &lot.lot).await.is_ok();
        visitor.register(&api, "label", lot.lot.as_ref()).await?;
        for office in visitor.caller().rights.offices.iter().filter(|_| knows) {
            offices.push(office_name(&api, *office).await?);
        }
        for own in named_offices(&api.book, visitor.viewer(), &lot.lot).await? {
            named.push(office_name(&api, own.office).await?);
        }
    }
    let page = PublicPage {
        shell: match visitor {
            Some(_) => Shell::of(&asked),
            None => Shell::of_nobody(&asked),
        },
        keeps: Keeps::of(lot.best_before, today),
        lot,
        offices,
        named,
    };
    let mut answer = page::shown(&asked, &page);
    let robots = HeaderValue::from_static("noindex, nofollow");
    answer
        .headers_mut()
        .insert(HeaderName::from_static("x-robots-tag"), robots);
    Ok(answer)
}
