//! ロット: what it is, what went into it, where it went; つながり as a picture, with the same facts in a table.

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
use domain::{calendar::business_day, text::LotCode, trace::Direction};

#[derive(Template)]
#[template(path = "lots/lot.html")]
struct LotPage {
    shell: Shell,
    lot: LotView,
    keeps: Keeps,
    allergens: String,
    back: Part,
    on: Part,
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
    let (office, _) = visitor.office(&api, &office).await?;
    let shell = Shell::of_office(&api, &asked, &visitor, office).await?;
    let code: LotCode = lot.parse().map_err(|_| PageError::not_found())?;
    let traced = async |direction| -> Result<Part, PageError> {
        let question = Question::new(code.clone(), direction);
        let tree = trace(&api.book, visitor.viewer(), &question).await?;
        let chain = drawn(&tree, direction);
        Ok(Part { tree, chain })
    };
    let (back, on) = (
        traced(Direction::Backward).await?,
        traced(Direction::Forward).await?,
    );
    visitor.register(&api, "trace", code.as_ref()).await?;
    let first = back.tree.steps.first().ok_or_else(PageError::not_found)?;
    let lot = first.lot.clone();
    let today = business_day(api.book.outside().clock.now());
    let page = LotPage {
        keeps: Keeps::of(lot.best_before, today),
        allergens: allergens(&lot),
        lot,
        back,
        on,
        shell,
    };
    Ok(page::shown(&asked, &page))
}

/// In words. Unknown is not free.
fn allergens(lot: &LotView) -> String {
    let list = |names: &std::collections::BTreeSet<domain::text::Name>| {
        let names: Vec<&str> = names.iter().map(domain::text::Name::as_str).collect();
        names.join("・")
    };
    let mut parts = Vec::new();
    if !lot.allergens.contains.is_empty() {
        parts.push(list(&lot.allergens.contains));
    }
    if !lot.allergens.may_contain.is_empty() {
        parts.push(format!(
            "ふくむかもしれないもの: {}",
            list(&lot.allergens.may_contain)
        ));
    }
    if lot.allergens.unknown {
        parts.push("わからない材料があります".to_owned());
    }
    if parts.is_empty() {
        "なし".to_owned()
    } else {
        parts.join("。")
    }
}
