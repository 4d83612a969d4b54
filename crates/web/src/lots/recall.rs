//! 回収リスト: where everything is that a lot went into: what is left, to be stopped, office by office with whom to call; what is gone,
//! and on which days. It prints.

use crate::{
    error::PageError,
    page::{self, Asked},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    names::{LotView, Named},
    trace::{Question, StepView, trace},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::{Day, business_day},
    text::LotCode,
    trace::Direction,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "lots/recall.html")]
struct RecallPage {
    shell: Shell,
    lot: LotView,
    as_of: Day,
    /// By whoever has or had the goods; those who still have some come first.
    offices: Vec<AtOffice>,
    /// Lots that it is in, itself included.
    lots: usize,
    /// Some lots lie further on than was read.
    is_cut: bool,
}

/// What an office has to do with the lot.
struct AtOffice {
    office: Named,
    left: Vec<Left>,
    gone: Vec<Gone>,
}

/// Goods that are still there: to be stopped.
struct Left {
    product: Named,
    lot: String,
    place: &'static str,
    owner: Named,
    quantity: Decimal,
    unit: String,
}

/// Goods that are gone.
struct Gone {
    product: Named,
    lot: String,
    what: &'static str,
    /// Whom it went to, where that is known.
    to: Option<Named>,
    on: Day,
    quantity: Decimal,
    unit: String,
}

/// The list.
pub async fn show(
    State(api): State<Api>,
    Path((office, lot)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let code: LotCode = lot.parse().map_err(|_| PageError::not_found())?;
    let question = Question::new(code.clone(), Direction::Forward);
    let tree = trace(&api.book, visitor.viewer(), &question).await;
    // also a refusal tells something of the lot
    visitor.register(&api, "trace", code.as_ref()).await?;
    let tree = tree?;
    let first = tree.steps.first().ok_or_else(PageError::not_found)?;
    // a lot that is met again was told where it was met first
    let told: Vec<&StepView> = tree.steps.iter().filter(|step| step.meeting == "first").collect();
    let page = RecallPage {
        lot: first.lot.clone(),
        as_of: business_day(api.book.outside().clock.now()),
        offices: by_office(&told),
        lots: told.len(),
        is_cut: tree.cut || tree.steps.iter().any(|step| step.unread),
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
    };
    Ok(page::shown(&asked, &page))
}

fn by_office(steps: &[&StepView]) -> Vec<AtOffice> {
    let mut offices: BTreeMap<Named, (Vec<Left>, Vec<Gone>)> = BTreeMap::new();
    for step in steps {
        let product = &step.lot.product;
        for left in &step.left {
            offices.entry(left.holder.clone()).or_default().0.push(Left {
                product: product.clone(),
                lot: step.lot.code.clone(),
                place: left.place,
                owner: left.owner.clone(),
                quantity: left.quantity,
                unit: step.lot.unit.clone(),
            });
        }
        for gone in &step.gone {
            offices.entry(gone.office.clone()).or_default().1.push(Gone {
                product: product.clone(),
                lot: step.lot.code.clone(),
                what: gone.what,
                to: gone.party.clone(),
                on: gone.book_on,
                quantity: gone.quantity,
                unit: step.lot.unit.clone(),
            });
        }
    }
    let mut offices: Vec<AtOffice> = offices
        .into_iter()
        .map(|(office, (left, gone))| AtOffice { office, left, gone })
        .collect();
    offices.sort_by_key(|at| at.left.is_empty());
    offices
}
