//! Lots that lie at an office, as rows of a grid: its own in the store, those of others on its shelf.

use super::Keeps;
use crate::{error::PageError, grid::Row, visitor::Visitor};
use api::Api;
use app::views::{
    names::Named,
    stock::{StockLine, stock},
};
use domain::{calendar::business_day, id::OfficeId};

/// A lot that is there.
pub struct LotThere {
    /// Where, and how much of it.
    pub line: StockLine,
    /// How long it keeps.
    pub keeps: Keeps,
}

/// The office's own lots in its store, by product, the first to expire first.
pub async fn in_store(
    api: &Api,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
) -> Result<Vec<Row<LotThere>>, PageError> {
    let lines = here(api, visitor, (office, code)).await?;
    let is_own = |line: &StockLine| line.place == "在庫" && line.owner.code == code;
    Ok(rows(api, lines.into_iter().filter(is_own).collect()))
}

/// Lots of another office on the shelf.
pub async fn on_shelf(
    api: &Api,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    owner: &str,
) -> Result<Vec<Row<LotThere>>, PageError> {
    let lines = here(api, visitor, (office, code)).await?;
    let is_theirs = |line: &StockLine| line.place == "委託棚" && line.owner.code == owner;
    Ok(rows(api, lines.into_iter().filter(is_theirs).collect()))
}

/// Whose goods lie on the shelf.
pub async fn owners_on_shelf(
    api: &Api,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
) -> Result<Vec<Named>, PageError> {
    let lines = here(api, visitor, (office, code)).await?;
    let theirs = lines.into_iter().filter(|line| line.place == "委託棚");
    let mut owners: Vec<Named> = theirs.map(|line| line.owner).collect();
    owners.sort();
    owners.dedup();
    Ok(owners)
}

async fn here(
    api: &Api,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
) -> Result<Vec<StockLine>, PageError> {
    let lines = stock(&api.book, visitor.viewer(), None, Some(office)).await?.rows;
    visitor.register(api, "stock", code).await?;
    let is_here = |line: &StockLine| line.holder.code == code;
    Ok(lines.into_iter().filter(is_here).collect())
}

fn rows(api: &Api, mut lines: Vec<StockLine>) -> Vec<Row<LotThere>> {
    let today = business_day(api.book.outside().clock.now());
    lines.sort_by_key(|line| {
        let no_day = line.best_before.is_none();
        (line.product.clone(), no_day, line.best_before, line.made_on)
    });
    let row = |line: StockLine| {
        let keeps = Keeps::of(line.best_before, today);
        let lot = line.lot.clone();
        Row::new(LotThere { line, keeps }, &lot, "")
    };
    lines.into_iter().map(row).collect()
}
