//! 追跡: a lot with all it was made of, or all that became of it: quantities, places, days and yen.

mod cost;
mod history;
mod made_of;
mod paid;
mod question;
mod sight;

use super::{
    ViewError,
    names::{self, LotView, Named},
};
use crate::{
    Book,
    moment::Moment,
    viewer::{Gate, Viewer},
};
pub(in crate::views) use cost::Costs;
use domain::{
    calendar::{Day, business_day},
    id::PartyId,
    lot::Lot,
    masters::Product,
    money::Yen,
    trace::{Direction, Fraction, Genealogy, Meeting, Step, Walk, size},
};
use history::{History, UsedAt};
pub(crate) use made_of::{MadeOf, made_of};
use paid::Prices;
pub use question::Question;
use rust_decimal::Decimal;
use serde::Serialize;
use sight::Sight;
use std::collections::HashMap;
use store::{KeptLot, Snapshot, StockRow};
use utoipa::ToSchema;

/// A lot and what it is linked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TraceTree {
    /// `backward` or `forward`.
    pub direction: &'static str,
    /// Entries in the log when it was read.
    pub log_size: u64,
    /// Rows in the order of reading; the first is the lot asked for.
    pub steps: Vec<StepView>,
    /// Some lots lie beyond the last level and were not walked to.
    pub cut: bool,
}

/// A row of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepView {
    /// Steps away from the lot asked for.
    pub depth: usize,
    /// Position of the row it belongs under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// The lot.
    pub lot: LotView,
    /// The act it was born in, for people: 生産, 加工, 仕入, 開始, 棚卸.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<&'static str>,
    /// Recorded when it was used: of the input this much went into the output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Amount>,
    /// Backward: how much of this lot is in the goods asked for. Forward: how much of the lot asked for is in this one.
    pub part: Amount,
    /// Backward: `part` as percent of this lot. Forward: as percent of what was asked for. Two decimals.
    pub percent: Decimal,
    /// `first` here it is shown in full, `again` shown further up, `circle` its own ingredient.
    pub meeting: &'static str,
    /// What lies behind it was not read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unread: bool,
    /// What was paid when it was bought from outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bought: Option<Paid>,
    /// How it came from office to office: backward to where it was used, else everywhere.
    pub passages: Vec<Passage>,
    /// Forward: where it is now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// Forward: what became of the rest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Gone>,
}

/// A quantity in a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Amount {
    /// How much; parts are shown with two decimals more than the unit has.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
}

/// What was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Paid {
    /// Yen, of this lot alone when `lots` is 1.
    pub yen: Yen,
    /// Of so many lots together, where the slip's price cannot be told apart.
    pub lots: usize,
    /// The tax comes on top, once per statement (外税).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_tax: bool,
}

/// Goods pass to another office, or onto its shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Passage {
    /// Day it counts for.
    pub book_on: Day,
    /// Day of supply, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplied_on: Option<Day>,
    /// Kind of act, for people.
    pub act: &'static str,
    /// From.
    pub from: Named,
    /// To.
    pub to: Named,
    /// How much.
    pub quantity: Decimal,
    /// Price, where the goods changed their owner and the viewer may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<Paid>,
}

/// Goods that are still somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Left {
    /// Kind of place, for people.
    pub place: &'static str,
    /// Who has them.
    pub holder: Named,
    /// Whose they are.
    pub owner: Named,
    /// How much.
    pub quantity: Decimal,
}

/// Goods that are no longer there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gone {
    /// 販売, 使用, 廃棄・紛失, 外部.
    pub what: &'static str,
    /// Kind of act, for people.
    pub act: &'static str,
    /// Day it counts for.
    pub book_on: Day,
    /// Office where it happened.
    pub office: Named,
    /// To whom, where that is known; sales for cash go to 一般客.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<Named>,
    /// How much; below nought where goods came back.
    pub quantity: Decimal,
}

/// Traces a lot.
///
/// # Errors
/// [`ViewError::LotUnknown`], a wrong quantity, or [`ViewError::Store`].
pub async fn trace(book: &Book, viewer: &Viewer, question: &Question) -> Result<TraceTree, ViewError> {
    let moment = book.moment().await?;
    let gate = viewer.gate(&moment.masters);
    let snapshot = &moment.snapshot;
    let unknown = || ViewError::LotUnknown {
        code: question.lot.to_string(),
    };
    let root = snapshot.lot_by_code(&question.lot).await?.ok_or_else(unknown)?;
    let today = business_day(book.outside().clock.now());
    let mut sight = Sight::of(snapshot, gate, &root, question.direction, today)
        .await?
        .ok_or_else(unknown)?;
    let mut walk = Walk::new(root.no, question.direction, question.levels);
    while !walk.wanted().is_empty() {
        let mut links = snapshot.links(question.direction, walk.wanted()).await?;
        if question.direction == Direction::Forward {
            sight.follow(snapshot, &mut links).await?;
        }
        walk.feed(links);
    }
    let seen = Seen::read(&moment, &walk, question.direction, sight).await?;
    let traced = seen.traced(&root, question)?;
    let tree = walk.genealogy(traced, |lot| seen.size(lot));
    let used = seen.used(&tree);
    let step = |step| seen.step(&tree, step, traced, &used, &walk);
    let steps = tree.steps.iter().map(step).collect::<Result<_, _>>()?;
    Ok(TraceTree {
        direction: match question.direction {
            Direction::Backward => "backward",
            Direction::Forward => "forward",
        },
        log_size: moment.size,
        steps,
        cut: !walk.unread().is_empty(),
    })
}

/// Whether a lot exists for a viewer.
pub(crate) async fn may_trace(snapshot: &Snapshot, gate: Gate<'_>, lot: &KeptLot) -> Result<bool, ViewError> {
    let sight = Sight::of(snapshot, gate, lot, Direction::Backward, lot.lot.made_on).await?;
    Ok(sight.is_some())
}

/// All that a walk met, read.
struct Seen<'a> {
    gate: Gate<'a>,
    sight: Sight<'a>,
    lots: HashMap<i64, KeptLot>,
    stock: HashMap<i64, Vec<StockRow>>,
    history: History,
    prices: Prices,
}

impl<'a> Seen<'a> {
    async fn read(
        moment: &'a Moment,
        walk: &Walk<i64>,
        direction: Direction,
        sight: Sight<'a>,
    ) -> Result<Seen<'a>, ViewError> {
        let snapshot = &moment.snapshot;
        let gate = sight.gate();
        let numbers: Vec<i64> = walk.lots().collect();
        let lots = snapshot
            .lots(&numbers)
            .await?
            .into_iter()
            .map(|lot| (lot.no, lot))
            .collect();
        let mut stock: HashMap<i64, Vec<StockRow>> = HashMap::new();
        for row in snapshot.stock_of(&numbers).await? {
            stock.entry(row.lot).or_default().push(row);
        }
        let history = History::read(snapshot, &numbers).await?;
        let prices = Prices::read(snapshot, &history, direction, gate).await?;
        Ok(Seen {
            gate,
            sight,
            lots,
            stock,
            history,
            prices,
        })
    }

    fn size(&self, lot: i64) -> i64 {
        size(
            self.stock
                .get(&lot)
                .into_iter()
                .flatten()
                .map(|row| (row.place, row.quantity)),
        )
    }

    fn lot(&self, no: i64) -> Result<(&Lot, &Product), ViewError> {
        let lot = &self.lots.get(&no).ok_or(ViewError::Broken { what: "lot" })?.lot;
        Ok((
            lot,
            self.gate
                .masters()
                .product(lot.product)
                .ok_or(ViewError::Broken { what: "product" })?,
        ))
    }

    /// The part of the root that is asked for.
    fn traced(&self, root: &KeptLot, question: &Question) -> Result<Fraction, ViewError> {
        let (lot, product) = self.lot(root.no)?;
        let size = self.size(root.no);
        let Some(stated) = &question.quantity else {
            return Ok(Fraction::whole(size));
        };
        let steps = product.unit.read(stated)?.get();
        if steps > size {
            return Err(ViewError::MoreThanTheLot {
                code: lot.code.to_string(),
                size: product.unit.decimal(size).to_string(),
                unit: product.unit.name.clone(),
            });
        }
        Ok(Fraction::whole(steps))
    }

    fn step(
        &self,
        tree: &Genealogy<i64>,
        step: &Step<i64>,
        traced: Fraction,
        used: &HashMap<i64, Vec<UsedAt>>,
        walk: &Walk<i64>,
    ) -> Result<StepView, ViewError> {
        let (lot, product) = self.lot(step.lot)?;
        let above = step.parent.and_then(|parent| tree.steps.get(parent));
        let size = self.size(step.lot);
        let backward = tree.direction == Direction::Backward;
        let root = tree.steps.first().map_or(step.lot, |root| root.lot);
        // quantities of a link are the input's, parts are the input's backward and the root's forward
        let linked = match above {
            Some(above) if !backward => self.lot(above.lot)?.1,
            _ => product,
        };
        let counted = if backward { product } else { self.lot(root)?.1 };
        let whole = if backward { Fraction::whole(size) } else { traced };
        let first = step.meeting == Meeting::First;
        Ok(StepView {
            depth: step.depth,
            parent: step.parent,
            lot: LotView::of(self.gate, lot, product, size),
            birth: self.history.birth(step.lot),
            used: above.map(|_| Amount {
                quantity: linked
                    .unit
                    .decimal(i64::try_from(step.linked).unwrap_or(i64::MAX)),
                unit: linked.unit.name.clone(),
            }),
            part: Amount {
                quantity: step.part.shown(counted.unit.decimals),
                unit: counted.unit.name.clone(),
            },
            percent: step.part.of(whole).percent(),
            meeting: match step.meeting {
                Meeting::First => "first",
                Meeting::Again => "again",
                Meeting::Circle => "circle",
            },
            unread: walk.unread().contains(&step.lot),
            bought: self.bought(step.lot).filter(|_| first),
            passages: if first {
                self.passages(step.lot, product, used)
            } else {
                Vec::new()
            },
            left: if first && !backward {
                self.left(step.lot, lot, product)
            } else {
                Vec::new()
            },
            gone: if first && !backward {
                self.gone(step.lot, product)
            } else {
                Vec::new()
            },
        })
    }

    fn party(&self, party: PartyId, day: Day) -> Named {
        names::party(self.gate.masters(), party, day)
    }

    fn bought(&self, lot: i64) -> Option<Paid> {
        let birth = self.history.of(lot).iter().find(|event| event.is_bought())?;
        self.prices
            .of_birth(self.gate.masters(), birth, &self.lots.get(&lot)?.lot)
    }

    /// Backward: where the lots of the tree were used, and when.
    fn used(&self, tree: &Genealogy<i64>) -> HashMap<i64, Vec<UsedAt>> {
        let mut used: HashMap<i64, Vec<UsedAt>> = HashMap::new();
        if let Some(root) = tree.steps.first() {
            used.insert(root.lot, self.sight.ways_to_viewer(&self.history, root.lot));
        }
        for step in tree
            .steps
            .iter()
            .filter(|_| tree.direction == Direction::Backward)
        {
            let Some(above) = step.parent.and_then(|parent| tree.steps.get(parent)) else {
                continue;
            };
            let maker = self.lots.get(&above.lot).map(|lot| lot.lot.maker);
            if let (Some(office), Some(until)) = (maker, self.history.made_until(above.lot)) {
                used.entry(step.lot).or_default().push(UsedAt { office, until });
            }
        }
        used
    }

    /// To where it was used, or all when that is not asked.
    fn passages(&self, lot: i64, product: &Product, used: &HashMap<i64, Vec<UsedAt>>) -> Vec<Passage> {
        let used = used.get(&lot).map_or(&[][..], Vec::as_slice);
        let mut passages = self.history.passages(lot, used);
        passages.retain(|(event, _)| self.sight.shows_passage(event, used));
        let view = |(event, quantity): &(&history::Event, i64)| Passage {
            book_on: event.book_on,
            supplied_on: Some(event.supplied_on).filter(|day| *day != event.book_on),
            act: event.act,
            from: self.party(event.moved.from.owner, event.book_on),
            to: self.party(event.receiver(), event.book_on),
            quantity: product.unit.decimal(*quantity),
            paid: self
                .lots
                .get(&lot)
                .and_then(|lot| self.prices.of_passage(self.gate.masters(), event, &lot.lot)),
        };
        passages.iter().map(view).collect()
    }

    fn left(&self, no: i64, lot: &Lot, product: &Product) -> Vec<Left> {
        let mut rows: Vec<&StockRow> = self.stock.get(&no).into_iter().flatten().collect();
        rows.retain(|row| row.place.is_inner() && self.sight.shows_place(no, row.place));
        rows.sort_by_key(|row| row.place);
        let left = |row: &&StockRow| Left {
            place: row.place.kind.label(),
            holder: self.party(row.place.holder, lot.made_on),
            owner: self.party(row.place.owner, lot.made_on),
            quantity: product.unit.decimal(row.quantity),
        };
        rows.iter().map(left).collect()
    }

    fn gone(&self, lot: i64, product: &Product) -> Vec<Gone> {
        let mut gone: Vec<Gone> = Vec::new();
        for (event, place, signed) in self.history.of(lot).iter().filter_map(history::Event::gone) {
            if !self.sight.shows_end(event, place) {
                continue;
            }
            let row = Gone {
                what: place.kind.label(),
                act: event.act,
                book_on: event.book_on,
                office: self.party(event.office_of_end(place), event.book_on),
                party: self
                    .prices
                    .customer(event, place)
                    .filter(|_| self.sight.knows_customer(event))
                    .map(|party| self.party(party, event.book_on)),
                quantity: product.unit.decimal(signed),
            };
            let same = |other: &&mut Gone| {
                Gone {
                    quantity: row.quantity,
                    ..(*other).clone()
                } == row
            };
            match gone.iter_mut().find(same) {
                Some(other) => other.quantity += row.quantity,
                None => gone.push(row),
            }
        }
        gone.sort_by(|one, other| (one.book_on, one.what).cmp(&(other.book_on, other.what)));
        gone
    }
}
