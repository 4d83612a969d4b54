//! Goods received from another office go back to it.

use super::{
    GiveBack,
    refund::{Piece, refund, take, wanted},
};
use crate::{
    account::AccountKind,
    acts::{
        Act,
        original::{Original, is_income_of, original, too_large},
        purpose::Purpose,
        receive::{self, Receive},
    },
    draft::{Amount, Draft},
    id::{LotId, OfficeId},
    lot::Lot,
    masters::{Channel, Price, Product},
    money::{Rounding, Yen},
    place::{Place, PlaceKind},
    quantity::Quantity,
    refs::EntryRef,
    refusal::{Refusal, Stop, Why, refuse},
    tax::{PriceBasis, SupplyMode, TaxRate},
};
use std::collections::BTreeMap;

/// What a piece was received for.
struct ReceivedAs {
    purpose: Purpose,
    /// For all that was charged of the lot: `charged`, what was missing at the buyer's cost included.
    amount: Amount,
    charged: Quantity,
}

/// A return of goods of a receipt of the acting office.
pub(super) fn to_producer(
    act: &GiveBack,
    draft: &mut Draft<'_>,
    buyer: OfficeId,
    receipt: &EntryRef,
) -> Result<(), Stop> {
    let original = original(draft, "receipt", receipt, "receive")?;
    let Act::Receive(receive) = &original.act else {
        return refuse("receipt", Why::Broken { what: "payload" });
    };
    if original.entry.acting != draft.acting() {
        return refuse("receipt", Why::NotAParty);
    }
    let seller = seller(draft, &original, buyer)?;
    draft.touch(seller);
    let mut pieces = pieces(draft, &original, receive, seller, buyer)?;
    let followers = original.followers(draft)?;
    let (store, back) = (Place::store(buyer), Place::store(seller));
    for follower in &followers {
        let movements = draft.held(follower)?.0.iter();
        for movement in movements.filter(|movement| (movement.from, movement.to) == (store, back)) {
            take(&mut pieces, |piece| piece.lot == movement.lot, movement.quantity);
        }
    }
    let mut refunds: BTreeMap<Purpose, Vec<Amount>> = BTreeMap::new();
    for (n, line) in act.lines.iter().enumerate() {
        let field = format!("lines[{n}]");
        for (n, before, after) in wanted(draft, &field, line, &mut pieces)? {
            let Some(piece) = pieces.get(n) else { continue };
            let quantity = after.checked_sub(before).map_err(|_| too_large())?;
            draft.move_chosen(&field, piece.lot, store, back, quantity, line.lot.is_none())?;
            let refund = refund(&piece.what.amount, before, after, piece.what.charged)?;
            refunds.entry(piece.what.purpose).or_default().push(refund);
        }
    }
    let left = original.income_left(draft, seller, &followers)?;
    let mut wanted: BTreeMap<TaxRate, Yen> = BTreeMap::new();
    for amount in refunds.values().flatten() {
        let sum = wanted.entry(amount.tax).or_default();
        *sum = sum.checked_sub(amount.yen).map_err(|_| too_large())?;
    }
    for (tax, amount) in wanted {
        let left = left.get(&tax).copied().unwrap_or(Yen::ZERO);
        if amount > left {
            let (left, amount) = (left.get().max(0), amount.get());
            return refuse("lines", Why::MoreThanOriginalAmount { left, amount });
        }
    }
    for (purpose, amounts) in refunds {
        let expense = (purpose.unit(buyer), purpose.expense());
        draft.sell_between(
            seller,
            buyer,
            &Amount::gather(amounts)?,
            AccountKind::Sales,
            expense,
        )?;
    }
    Ok(())
}

/// Who sent the goods.
fn seller(draft: &Draft<'_>, original: &Original<'_>, buyer: OfficeId) -> Result<OfficeId, Refusal> {
    let mut from = original.movements.iter().map(|movement| movement.from.owner);
    let seller = from
        .find(|owner| *owner != buyer.into())
        .and_then(|owner| draft.masters().as_office(owner));
    seller
        .map(|office| office.id)
        .ok_or_else(|| Refusal::at("receipt", Why::NotAParty))
}

/// The lots of a receipt, priced again as of its day. Refused when that no longer comes to what was posted.
fn pieces<'a>(
    draft: &Draft<'a>,
    original: &Original<'a>,
    receive: &Receive,
    seller: OfficeId,
    buyer: OfficeId,
) -> Result<Vec<Piece<'a, ReceivedAs>>, Stop> {
    let shipment = draft.entry_as("receipt", &receive.shipment, original.entry.acting)?;
    let shipment = draft.newest_version(shipment)?;
    let frozen = receive::prices(draft, &shipment.entry)?;
    let mut pieces: Vec<Piece<'a, ReceivedAs>> = Vec::new();
    let mut total = Yen::ZERO;
    let (store, lost) = (Place::store(buyer), Place::own(PlaceKind::Lost, buyer));
    for (lot, (received, charged)) in quantities(original, store, lost)? {
        let lot = draft.lot_by_id(lot)?;
        let product = draft.product_of(&lot)?;
        let line = receive.lines.iter().find(|line| line.lot == lot.code);
        let stated = line
            .and_then(|line| line.unit_price)
            .or_else(|| frozen.price(&lot, product));
        let amount = amount(draft, original, receive, (&lot, product), stated, charged)?;
        total = total.checked_add(amount.yen).map_err(|_| too_large())?;
        pieces.push(Piece {
            lot: lot.id,
            product,
            quantity: received,
            back: Quantity::ZERO,
            what: ReceivedAs {
                purpose: line.and_then(|line| line.purpose).unwrap_or(receive.purpose),
                amount,
                charged,
            },
        });
    }
    let posted = original
        .postings
        .iter()
        .filter(|posting| is_income_of(posting, seller));
    let posted = Yen::sum(posted.map(|posting| posting.yen))
        .map_err(|_| too_large())?
        .negated();
    if posted != total {
        let (expected, found) = (posted.get(), total.get());
        return refuse("receipt", Why::AmountsDoNotAddUp { expected, found });
    }
    Ok(pieces)
}

/// Per lot what came into the store, and what was charged.
fn quantities(
    original: &Original<'_>,
    store: Place,
    lost: Place,
) -> Result<BTreeMap<LotId, (Quantity, Quantity)>, Refusal> {
    let mut lots: BTreeMap<LotId, (Quantity, Quantity)> = BTreeMap::new();
    for movement in original.movements {
        let (received, charged) = lots.entry(movement.lot).or_default();
        let add = |sum: Quantity| sum.checked_add(movement.quantity).map_err(|_| too_large());
        if movement.to == store {
            *received = add(*received)?;
        }
        if movement.to == store || movement.to == lost {
            *charged = add(*charged)?;
        }
    }
    lots.retain(|_, (_, charged)| !charged.is_zero());
    Ok(lots)
}

fn amount(
    draft: &Draft<'_>,
    original: &Original<'_>,
    receive: &Receive,
    (lot, product): (&Lot, &Product),
    stated: Option<crate::money::UnitPrice>,
    charged: Quantity,
) -> Result<Amount, Refusal> {
    let day = original.entry.supplied_on;
    let internal = original
        .postings
        .iter()
        .any(|posting| posting.account.kind == AccountKind::Internal);
    let agreement = original
        .entry
        .agreement
        .and_then(|id| draft.masters().agreement(id));
    let terms = agreement.and_then(|agreement| agreement.terms.on(day));
    let usual = if internal {
        Channel::Internal
    } else {
        Channel::Supply
    };
    let agreed = agreement.map(|agreement| Channel::Agreement(agreement.code.clone()));
    let listed = || {
        let mut rows = (agreed.into_iter().chain([usual]))
            .filter_map(|channel| draft.masters().price(product.id, &channel, day));
        rows.next().copied()
    };
    let price = match stated {
        Some(unit_price) => Some(Price {
            unit_price,
            basis: terms.map_or(PriceBasis::Inclusive, |terms| terms.basis),
        }),
        None => listed(),
    };
    let price = price.ok_or_else(|| {
        let product = lot.code.to_string();
        Refusal::at("receipt", Why::NoPrice { product })
    })?;
    let facts = product.facts.on_or_first(day);
    let facts = facts.ok_or_else(|| Refusal::at("receipt", Why::Broken { what: "product" }))?;
    let category = facts.tax_for(receive.mode.unwrap_or(SupplyMode::Delivery));
    let tax = if internal {
        Some(TaxRate::OUT_OF_SCOPE)
    } else {
        draft.masters().rates().rate_on(category, day)
    };
    let rounding = terms.map_or(Rounding::Down, |terms| terms.rounding);
    Ok(Amount {
        yen: draft.amount_of(product, charged, price.unit_price, rounding)?,
        tax: tax.ok_or_else(|| Refusal::at("receipt", Why::NoRate { day }))?,
        basis: price.basis,
        work: facts.work.clone(),
    })
}
