//! A sold thing comes back from a customer.

use super::{
    GiveBack, GoesTo, OriginalUnknown,
    refund::{Piece, lot_or_product, part, refund, take, wanted},
};
use crate::{
    account::BookUnit,
    acts::{
        Act,
        means::Direction,
        original::{Original, is_income_of, original, too_large},
        sell::{self, Line, Priced, Sell, SellLine, Source},
    },
    draft::{Amount, Draft},
    entry::Entry,
    id::OfficeId,
    money::Yen,
    place::{Place, PlaceKind},
    quantity::Quantity,
    refs::EntryRef,
    refusal::{Refusal, Stop, Why, refuse},
    tax::TaxRate,
};
use std::collections::BTreeMap;

/// What a piece was sold as.
struct SoldAs<'a> {
    priced: Priced<'a>,
    from: Place,
    to: Place,
}

/// A return of a known sale of the acting office.
pub(super) fn from_sale(
    act: &GiveBack,
    draft: &mut Draft<'_>,
    seller: OfficeId,
    sale: &EntryRef,
) -> Result<(), Stop> {
    let original = original(draft, "sale", sale, "sell")?;
    let Act::Sell(sell) = &original.act else {
        return refuse("sale", Why::Broken { what: "payload" });
    };
    if original.entry.acting != draft.acting() {
        return refuse("sale", Why::NotAParty);
    }
    let mut pieces = pieces(draft, seller, &original, sell)?;
    let followers = original.followers(draft)?;
    for follower in &followers {
        came_back(draft, &mut pieces, follower)?;
    }
    let mut refunds = Vec::new();
    for (n, line) in act.lines.iter().enumerate() {
        let field = format!("lines[{n}]");
        for (n, before, after) in wanted(draft, &field, line, &mut pieces)? {
            let Some(piece) = pieces.get(n) else { continue };
            let SoldAs { priced, from, to } = &piece.what;
            let quantity = after.checked_sub(before).map_err(|_| too_large())?;
            let assumed = line.lot.is_none();
            draft.move_chosen(&field, piece.lot, *to, goes_to(line.to, *from), quantity, assumed)?;
            let back = |amount| refund(amount, before, after, piece.quantity);
            refunds.push(Priced {
                source: priced.source,
                amount: back(&priced.amount)?,
                cost: priced.cost.as_ref().map(back).transpose()?,
                made_up: priced.made_up.as_ref().map(back).transpose()?,
            });
        }
    }
    within_what_is_left(draft, seller, &original, &followers, &refunds)?;
    let paid = act.paid.as_ref().unwrap_or(&sell.paid);
    let account =
        |draft: &Draft<'_>| paid.account(draft, "paid", BookUnit::production(seller), Direction::In);
    Ok(sell::post(draft, seller, account, &refunds)?)
}

/// The pieces of a sale in the order of its lines, priced again as of its day. Refused when that no longer comes to
/// what was posted (a price of that day was recorded later): then date and price have to be stated.
fn pieces<'a>(
    draft: &Draft<'a>,
    seller: OfficeId,
    original: &Original<'a>,
    sell: &Sell,
) -> Result<Vec<Piece<'a, SoldAs<'a>>>, Stop> {
    let day = original.entry.supplied_on;
    let mut sold = (original.movements.iter())
        .filter(|movement| movement.to.kind == PlaceKind::Sold)
        .peekable();
    let broken = || Refusal::at("sale", Why::Broken { what: "movements" });
    let mut lines = Vec::new();
    let mut pieces: Vec<(usize, Piece<'a, (Place, Place)>)> = Vec::new();
    for (n, stated) in sell.lines.iter().enumerate() {
        let first = sold.peek().ok_or_else(broken)?;
        let source = source_of(draft, seller, first.from, day).ok_or_else(broken)?;
        let product = draft.product_of(&draft.lot_by_id(first.lot)?)?;
        let quantity = draft.quantity("sale", product, &stated.quantity)?;
        let mut rest = quantity.get();
        while rest > 0 {
            let movement = sold.next().ok_or_else(broken)?;
            rest -= movement.quantity.get();
            let piece = Piece {
                lot: movement.lot,
                product,
                quantity: movement.quantity,
                back: Quantity::ZERO,
                what: (movement.from, movement.to),
            };
            pieces.push((n, piece));
        }
        lines.push(Line {
            field: "sale".to_owned(),
            stated,
            product,
            quantity,
            source,
        });
    }
    let priced = sell::price(draft, seller, day, &lines)?;
    comes_to_what_was_posted(seller, original, &priced)?;
    let mut done: BTreeMap<usize, Quantity> = BTreeMap::new();
    let pieces = pieces.into_iter().map(|(n, piece)| {
        let (line, priced) = lines.get(n).zip(priced.get(n)).ok_or_else(broken)?;
        let before = done.get(&n).copied().unwrap_or(Quantity::ZERO);
        let after = before.checked_add(piece.quantity).map_err(|_| too_large())?;
        done.insert(n, after);
        let of_line = |amount: &Amount| {
            let yen = part(amount.yen, before, after, line.quantity)?;
            Ok::<_, Refusal>(Amount {
                yen,
                ..amount.clone()
            })
        };
        let priced = Priced {
            source: priced.source,
            amount: of_line(&priced.amount)?,
            cost: priced.cost.as_ref().map(of_line).transpose()?,
            made_up: priced.made_up.as_ref().map(of_line).transpose()?,
        };
        let (from, to) = piece.what;
        Ok(Piece {
            lot: piece.lot,
            product: piece.product,
            quantity: piece.quantity,
            back: piece.back,
            what: SoldAs { priced, from, to },
        })
    });
    pieces.collect()
}

fn source_of<'a>(
    draft: &Draft<'a>,
    seller: OfficeId,
    from: Place,
    day: crate::calendar::Day,
) -> Option<Source<'a>> {
    match from.kind {
        PlaceKind::Shelf => {
            let owner = draft.masters().as_office(from.owner)?.id;
            sell::consigned(draft, owner, seller, day)
        }
        _ => Some(Source::Own),
    }
}

/// Income of each office per tax rate.
fn incomes(seller: OfficeId, priced: &[Priced<'_>]) -> Result<BTreeMap<(OfficeId, TaxRate), Yen>, Refusal> {
    let mut sums: BTreeMap<_, Yen> = BTreeMap::new();
    let mut add = |office, amount: &Amount| {
        let sum = sums.entry((office, amount.tax)).or_default();
        *sum = sum.checked_add(amount.yen).map_err(|_| too_large())?;
        Ok::<_, Refusal>(())
    };
    for line in priced {
        match line.source {
            Source::Own => add(seller, &line.amount)?,
            Source::Commission { owner, .. } => {
                add(owner, &line.amount)?;
                line.made_up.iter().try_for_each(|made_up| add(owner, made_up))?;
            }
            Source::BuyOnSale { owner, .. } => {
                add(seller, &line.amount)?;
                line.cost.iter().try_for_each(|cost| add(owner, cost))?;
            }
        }
    }
    sums.retain(|_, yen| !yen.is_zero());
    Ok(sums)
}

fn comes_to_what_was_posted(
    seller: OfficeId,
    original: &Original<'_>,
    priced: &[Priced<'_>],
) -> Result<(), Refusal> {
    for ((office, tax), found) in incomes(seller, priced)? {
        let posted =
            (original.postings.iter()).filter(|posting| is_income_of(posting, office) && posting.tax == tax);
        let posted = Yen::sum(posted.map(|posting| posting.yen))
            .map_err(|_| too_large())?
            .negated();
        if posted != found {
            let (expected, found) = (posted.get(), found.get());
            return Err(Refusal::at("sale", Why::AmountsDoNotAddUp { expected, found }));
        }
    }
    Ok(())
}

/// After an allowance not more is paid back than is left of the sale at its rate.
fn within_what_is_left<'a>(
    draft: &Draft<'a>,
    seller: OfficeId,
    original: &Original<'a>,
    followers: &[&'a Entry],
    refunds: &[Priced<'_>],
) -> Result<(), Stop> {
    for ((office, tax), refund) in incomes(seller, refunds)? {
        let left = original.income_left(draft, office, followers)?;
        let left = left.get(&tax).copied().unwrap_or(Yen::ZERO);
        if refund.negated() > left {
            let (left, amount) = (left.get().max(0), refund.negated().get());
            return refuse("lines", Why::MoreThanOriginalAmount { left, amount });
        }
    }
    Ok(())
}

/// Marks what an earlier return took.
fn came_back<'a>(
    draft: &Draft<'a>,
    pieces: &mut [Piece<'a, SoldAs<'a>>],
    follower: &'a Entry,
) -> Result<(), Stop> {
    let movements = draft.held(follower)?.0.iter();
    for movement in movements.filter(|movement| movement.from.kind == PlaceKind::Sold) {
        // what does not fit was more than sold: then nothing is left
        take(
            pieces,
            |piece| piece.lot == movement.lot && piece.what.to == movement.from,
            movement.quantity,
        );
    }
    Ok(())
}

fn goes_to(to: GoesTo, from: Place) -> Place {
    match to {
        GoesTo::Store => from,
        GoesTo::Lost => Place::own(PlaceKind::Lost, from.owner),
    }
}

/// A return of which nobody knows the sale.
pub(super) fn from_unknown(
    act: &GiveBack,
    draft: &mut Draft<'_>,
    seller: OfficeId,
    unknown: &OriginalUnknown,
) -> Result<(), Stop> {
    let day = unknown.supplied_on;
    if day > draft.supplied_on() {
        let (day, original) = (draft.supplied_on(), day);
        return refuse(
            "original_unknown.supplied_on",
            Why::DateBeforeOriginal { day, original },
        );
    }
    let source = match &unknown.owner {
        None => Source::Own,
        Some(code) => {
            let owner = draft.other_office("original_unknown.owner", code)?;
            let missing = || Refusal::at("original_unknown.owner", Why::AgreementMissing);
            sell::consigned(draft, owner, seller, day).ok_or_else(missing)?
        }
    };
    let (place, sold) = (source.place(seller), source.sold(seller));
    let as_sold: Vec<SellLine> = (act.lines.iter())
        .map(|line| SellLine {
            lot: None,
            product: None,
            owner: None,
            quantity: line.quantity.clone(),
            unit_price: Some(unknown.unit_price),
            amount: None,
            discount: None,
            mode: unknown.mode,
        })
        .collect();
    let mut lines = Vec::new();
    for (n, (line, stated)) in act.lines.iter().zip(&as_sold).enumerate() {
        let field = format!("lines[{n}]");
        let (product, lot) = match (&line.lot, &line.product) {
            (Some(code), _) => {
                let lot = draft.lot(&format!("{field}.lot"), code)?;
                let stock = draft.facts().lot(lot.id)?.map(|fact| &fact.stock);
                if stock.is_none_or(|stock| !stock.contains_key(&sold)) {
                    let lot = code.to_string();
                    return refuse(format!("{field}.lot"), Why::NeverSold { lot });
                }
                (draft.product_of(&lot)?, lot.id)
            }
            (None, Some(reference)) => {
                let at = format!("{field}.product");
                let product = sell::product_of(draft, &at, reference, source.owner(seller))?;
                let none = || Why::NoneThere {
                    product: reference.to_string(),
                    place: sold.kind.label(),
                };
                let last = sell::last_placed(draft, product, sold)?;
                (product, last.ok_or_else(|| Refusal::at(at, none()))?)
            }
            (None, None) => return refuse(field, lot_or_product()),
        };
        let quantity = draft.quantity(&format!("{field}.quantity"), product, &stated.quantity)?;
        draft.move_chosen(
            &field,
            lot,
            sold,
            goes_to(line.to, place),
            quantity,
            line.lot.is_none(),
        )?;
        lines.push(Line {
            field,
            stated,
            product,
            quantity,
            source,
        });
    }
    let mut priced = sell::price(draft, seller, day, &lines)?;
    for line in &mut priced {
        let amounts = [Some(&mut line.amount), line.cost.as_mut(), line.made_up.as_mut()];
        for amount in amounts.into_iter().flatten() {
            amount.yen = amount.yen.negated();
        }
    }
    let paid = act.paid.clone().unwrap_or_default();
    let account =
        |draft: &Draft<'_>| paid.account(draft, "paid", BookUnit::production(seller), Direction::In);
    Ok(sell::post(draft, seller, account, &priced)?)
}
