//! 在庫: what is there, whose it is and how long it keeps.

pub mod lots;

use crate::{
    error::PageError,
    page::{self, Asked},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::stock::{StockLine, stock};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::{Day, business_day},
    lot::BestBefore,
};

#[derive(Template)]
#[template(path = "stock/stock.html")]
struct StockPage {
    shell: Shell,
    here: Vec<Shown>,
    elsewhere: Vec<Shown>,
}

/// A lot at a place, with a word on how long it keeps.
pub struct Shown {
    line: StockLine,
    keeps: Keeps,
}

/// How long goods keep, told in words beside the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// No day is known.
    Unknown,
    /// Longer than tomorrow.
    Yet,
    /// Until today.
    Today,
    /// Until tomorrow.
    Tomorrow,
    /// No longer.
    Over,
}

impl Keeps {
    /// As of a day.
    pub fn of(best_before: Option<BestBefore>, today: Day) -> Keeps {
        match best_before.map(|date| date.day) {
            None => Keeps::Unknown,
            Some(day) if day < today => Keeps::Over,
            Some(day) if day == today => Keeps::Today,
            Some(day) if Some(day) == today.succ() => Keeps::Tomorrow,
            Some(_) => Keeps::Yet,
        }
    }

    /// In words; nothing where there is no hurry.
    pub fn words(self) -> &'static str {
        match self {
            Keeps::Unknown | Keeps::Yet => "",
            Keeps::Today => "今日まで",
            Keeps::Tomorrow => "明日まで",
            Keeps::Over => "期限切れ",
        }
    }
}

/// The list.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let today = business_day(api.book.outside().clock.now());
    let lines = stock(&api.book, visitor.viewer(), None, Some(office)).await?.rows;
    visitor.register(&api, "stock", code.as_ref()).await?;
    let shown = lines.into_iter().map(|line| Shown {
        keeps: Keeps::of(line.best_before, today),
        line,
    });
    let (here, elsewhere) = shown.partition(|shown| {
        shown.line.place == "在庫" || shown.line.place == "委託棚" && shown.line.holder.code == code.as_str()
    });
    let page = StockPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        here,
        elsewhere,
    };
    Ok(page::shown(&asked, &page))
}
