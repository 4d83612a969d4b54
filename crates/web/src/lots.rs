//! ロット: what it is, what went into it, where it went; つながり as a picture, with the same facts in a table.

pub mod disown;
pub mod recall;

use crate::{
    chain::{Chain, drawn},
    error::PageError,
    page::{self, Asked},
    shell::Shell,
    stock::Keeps,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    names::LotView,
    trace::{Question, TraceTree, trace},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::business_day,
    text::{LotCode, Name},
    trace::Direction,
};
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "lots/lot.html")]
struct LotPage {
    shell: Shell,
    lot: LotView,
    keeps: Keeps,
    allergens: AllergenNames,
    back: Part,
    on: Part,
    /// The office is named as its maker, or it is a product of its own.
    is_named: bool,
}

/// One direction: the picture and the rows.
struct Part {
    tree: TraceTree,
    chain: Chain,
}

/// A lot.
pub async fn show(
    State(api): State<Api>,
    Path((office, lot)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, own) = visitor.office(&api, &office).await?;
    let shell = Shell::of_office(&api, &asked, &visitor, office).await?;
    let code: LotCode = lot.parse().map_err(|_| PageError::not_found())?;
    let traced = async |direction| -> Result<Part, PageError> {
        let question = Question::new(code.clone(), direction);
        let tree = trace(&api.book, visitor.viewer(), &question).await?;
        let chain = drawn(&tree, direction, shell.mode);
        Ok(Part { tree, chain })
    };
    let (back, on) = (
        traced(Direction::Backward).await,
        traced(Direction::Forward).await,
    );
    // also a refusal tells something of the lot
    visitor.register(&api, "trace", code.as_ref()).await?;
    let (back, on) = (back?, on?);
    let first = back.tree.steps.first().ok_or_else(PageError::not_found)?;
    let lot = first.lot.clone();
    let today = business_day(api.book.outside().clock.now());
    let of_product = lot.product.code.split_once('/').map(|(office, _)| office);
    let page = LotPage {
        is_named: lot.maker.code == own.as_str() || of_product == Some(own.as_str()),
        keeps: Keeps::of(lot.best_before, today),
        allergens: AllergenNames::of(&lot),
        lot,
        back,
        on,
        shell,
    };
    Ok(page::shown(&asked, &page))
}

/// What is known of allergens. Unknown is not free.
struct AllergenNames {
    contains: Vec<String>,
    may_contain: Vec<String>,
    is_unknown: bool,
}

impl AllergenNames {
    fn of(lot: &LotView) -> AllergenNames {
        let names = |names: &BTreeSet<Name>| names.iter().map(ToString::to_string).collect();
        AllergenNames {
            contains: names(&lot.allergens.contains),
            may_contain: names(&lot.allergens.may_contain),
            is_unknown: lot.allergens.unknown,
        }
    }
}
