//! A difference of goods that were placed on a shelf, as both sides see it: what it is of, what becomes of it, and who bears it
//! in yen.

use crate::{
    error::PageError,
    history::amounts::{Amount, amounts_of},
    shelf::words,
    visitor::Visitor,
};
use api::Api;
use app::{
    access::proposals::{Proposal, State as Stands},
    views::{
        shelf::{costs, shelf},
        stock::StockLine,
    },
};
use domain::{acts::Act, id::OfficeId};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is told of a difference.
pub struct Difference {
    /// Lots on the shelf, by what they are called.
    names: Vec<(String, String)>,
    /// What becomes of it.
    pub facts: Vec<(String, String)>,
}

impl Difference {
    /// The amounts of the act.
    pub fn rows(&self, act: &Value) -> Vec<Amount> {
        let names = self.names.iter();
        let names: BTreeMap<&str, &str> = names.map(|(lot, name)| (lot.as_str(), name.as_str())).collect();
        amounts_of(&names, act)
    }
}

/// Of a proposal by a shop, for one of the two.
pub async fn of(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    shop: &str,
    proposal: &Proposal,
) -> Result<Option<Difference>, PageError> {
    let view = shelf(&api.book, visitor.viewer(), office).await?;
    let there: Vec<StockLine> = (view.here.into_iter().chain(view.elsewhere))
        .filter(|line| line.holder.code == shop)
        .collect();
    let placed = view.placed.iter().flat_map(|placement| &placement.lines);
    let placed = placed.map(|line| (line.lot.clone(), line.product.name.clone()));
    let names = there
        .iter()
        .map(|line| (line.lot.clone(), line.product.name.clone()));
    let becomes = |text: &str| ("どうなるか".to_owned(), text.to_owned());
    let mut facts = Vec::new();
    match &proposal.command.act {
        Act::GiveBack(_) => {
            facts.push(becomes("棚から持ち主の在庫に戻します。お金は動きません。"));
        }
        Act::Dispose(act) => {
            facts.push(becomes(if act.missing {
                "なくなったものとして、棚からなくします。"
            } else {
                "捨てたものとして、棚からなくします。"
            }));
            let is_over = matches!(proposal.state, Stands::Done(_));
            for line in act.lines.iter().filter(|_| !is_over) {
                let lot = line.lot.as_ref().map(ToString::to_string);
                let of_lot = |stock: &&StockLine| lot.as_deref() == Some(stock.lot.as_str());
                let Some(stock) = there.iter().find(of_lot) else {
                    continue;
                };
                let of = (line.quantity.amount, line.unit_price);
                let day = proposal.command.head.supplied_on;
                if let Some(costs) = costs(&api.book, visitor.viewer(), stock, of, day).await? {
                    let lost = if act.missing { costs.missing } else { costs.broken };
                    let told = words::lost(lost.as_ref(), &stock.owner.name);
                    facts.push((format!("{} をもつのは", stock.lot), told));
                }
            }
        }
        _ => return Ok(None),
    }
    Ok(Some(Difference {
        names: placed.chain(names).collect(),
        facts,
    }))
}
