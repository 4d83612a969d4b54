//! What a sale comes to, line by line, and its postings.

use super::{SellLine, Source};
use crate::{
    account::{Account, AccountKind, BookUnit},
    calendar::Day,
    draft::{Amount, Draft},
    id::OfficeId,
    masters::{Bearer, Channel, ConsignForm, Price, Product, ProductFacts},
    money::{Rounding, Yen, YenOverflow},
    quantity::Quantity,
    refusal::{Refusal, Why},
    shelf::{full_price, retail_price},
    split::split,
    tax::{PriceBasis, SupplyMode, TaxCategory, TaxRate, tax_on},
    text::Code,
};
use std::collections::{BTreeMap, BTreeSet};

/// A line whose goods are known.
pub(in crate::acts) struct Line<'l, 'a> {
    pub field: String,
    pub stated: &'l SellLine,
    pub product: &'a Product,
    pub quantity: Quantity,
    pub source: Source<'a>,
}

/// What a line comes to. Below nought where goods come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::acts) struct Priced<'a> {
    pub source: Source<'a>,
    /// What the customer pays, tax included.
    pub amount: Amount,
    /// 消化仕入型: what the shop owes the owner.
    pub cost: Option<Amount>,
    /// 手数料型 where the shop bears discounts: what it makes up to the listed price, 不課税.
    pub made_up: Option<Amount>,
}

/// Prices lines at the price lists, agreements and tax rates of a day, in the order of the lines.
pub(in crate::acts) fn price<'a>(
    draft: &Draft<'a>,
    seller: OfficeId,
    day: Day,
    lines: &[Line<'_, 'a>],
) -> Result<Vec<Priced<'a>>, Refusal> {
    let amounts = lines.iter().map(|line| {
        Ok(Priced {
            source: line.source,
            amount: retail(draft, seller, day, line)?,
            cost: None,
            made_up: None,
        })
    });
    let mut priced = amounts.collect::<Result<Vec<_>, Refusal>>()?;
    put_tax_on_top(seller, &mut priced)?;
    for (line, priced) in lines.iter().zip(&mut priced) {
        match line.source {
            Source::Own => {}
            Source::Commission { .. } => priced.made_up = made_up(draft, day, line, priced.amount.yen)?,
            Source::BuyOnSale { owner, .. } => {
                let off = made_up(draft, day, line, priced.amount.yen)?.map_or(Yen::ZERO, |off| off.yen);
                let counted = priced.amount.yen.checked_add(off).map_err(too_large)?;
                priced.cost = Some(cost(draft, owner, day, line, counted)?);
            }
        }
    }
    Ok(priced)
}

fn retail(draft: &Draft<'_>, seller: OfficeId, day: Day, line: &Line<'_, '_>) -> Result<Amount, Refusal> {
    let stated = line.stated;
    let at = |name: &str| format!("{}.{name}", line.field);
    if stated.amount.is_some() && (stated.unit_price.is_some() || stated.discount.is_some()) {
        let problem = "amount を書くときは、unit_price と discount を書かないでください。".to_owned();
        return Err(Refusal::at(at("amount"), Why::Malformed { problem }));
    }
    for (name, yen) in [("amount", stated.amount), ("discount", stated.discount)] {
        if yen.is_some_and(|yen| yen < Yen::ZERO) {
            return Err(Refusal::at(at(name), Why::AmountNegative));
        }
    }
    let (yen, basis) = match (stated.amount, stated.unit_price) {
        (Some(yen), _) => (yen, PriceBasis::Inclusive),
        (None, stated_price) => {
            let listed = || list_price(draft, line, day);
            let price = match stated_price {
                Some(unit_price) => Price {
                    unit_price,
                    basis: PriceBasis::Inclusive,
                },
                None => listed().ok_or_else(|| no_price(&at("unit_price"), line.product))?,
            };
            let rounding = line
                .source
                .terms(day)
                .map_or(Rounding::Down, |terms| terms.rounding);
            let full = draft.amount_of(line.product, line.quantity, price.unit_price, rounding)?;
            let off = stated.discount.unwrap_or(Yen::ZERO);
            if off > full {
                let (full, off) = (full.get(), off.get());
                return Err(Refusal::at(at("discount"), Why::DiscountTooLarge { full, off }));
            }
            (full.checked_sub(off).map_err(too_large)?, price.basis)
        }
    };
    let facts = facts_on(line.product, day)?;
    let sells = match line.source {
        Source::Own | Source::BuyOnSale { .. } => seller,
        Source::Commission { owner, .. } => owner,
    };
    Ok(Amount {
        yen,
        tax: rate_on(
            draft,
            facts.tax_for(stated.mode.unwrap_or(SupplyMode::TakeAway)),
            day,
        )?,
        basis,
        work: work_of(facts, line.product, sells),
    })
}

/// What is missing of the listed price, tax included, where the shop bears discounts; nothing where nothing is listed. It
/// is no price of the goods to the customer, so no tax: what customers paid stays the sale, and the commission is of that.
fn made_up(draft: &Draft<'_>, day: Day, line: &Line<'_, '_>, paid: Yen) -> Result<Option<Amount>, Refusal> {
    let terms = line.source.terms(day);
    if terms.is_none_or(|terms| terms.discount_bearer != Bearer::Other) {
        return Ok(None);
    }
    let Some(agreement) = line.source.agreement() else {
        return Ok(None);
    };
    let mode = line.stated.mode.unwrap_or(SupplyMode::TakeAway);
    let goods = (line.product, line.quantity);
    let full = full_price(draft.masters(), agreement, goods, mode, day).map_err(too_large)?;
    let Some(full) = full else {
        return Ok(None);
    };
    let off = full.checked_sub(paid).map_err(too_large)?;
    Ok(off.is_positive().then_some(Amount {
        yen: off,
        tax: TaxRate::OUT_OF_SCOPE,
        basis: PriceBasis::Inclusive,
        work: None,
    }))
}

/// The price customers pay.
fn list_price(draft: &Draft<'_>, line: &Line<'_, '_>, day: Day) -> Option<Price> {
    match line.source.agreement() {
        Some(agreement) => retail_price(draft.masters(), agreement, line.product, day),
        None => draft
            .masters()
            .price(line.product.id, &Channel::Retail, day)
            .copied(),
    }
}

fn first_price(
    draft: &Draft<'_>,
    product: &Product,
    day: Day,
    channels: impl IntoIterator<Item = Channel>,
) -> Option<Price> {
    let mut rows =
        (channels.into_iter()).filter_map(|channel| draft.masters().price(product.id, &channel, day));
    rows.next().copied()
}

fn percent(source: Source<'_>, day: Day) -> Option<crate::commission::Percent> {
    match source.terms(day)?.consign {
        Some(ConsignForm::BuyOnSale { percent_of_retail }) => percent_of_retail,
        Some(ConsignForm::Commission(_)) | None => None,
    }
}

/// 消化仕入型: a percentage of what the customer paid (so 内税), else the agreed or listed cost price. The producer's
/// supply to the shop is a delivery of goods, however the shop serves them.
fn cost(
    draft: &Draft<'_>,
    owner: OfficeId,
    day: Day,
    line: &Line<'_, '_>,
    retail: Yen,
) -> Result<Amount, Refusal> {
    let rounding = line
        .source
        .terms(day)
        .map_or(Rounding::Down, |terms| terms.rounding);
    let (yen, basis) = if let Some(percent) = percent(line.source, day) {
        (
            percent.of(retail, rounding).map_err(too_large)?,
            PriceBasis::Inclusive,
        )
    } else {
        let agreed = line
            .source
            .agreement()
            .map(|agreement| Channel::Agreement(agreement.code.clone()));
        let price = first_price(
            draft,
            line.product,
            day,
            agreed.into_iter().chain([Channel::Cost]),
        );
        let price = price.ok_or_else(|| {
            let product = line.product.code.to_string();
            Refusal::at(format!("{}.product", line.field), Why::NoCostPrice { product })
        })?;
        let yen = draft.amount_of(line.product, line.quantity, price.unit_price, rounding)?;
        (yen, price.basis)
    };
    let facts = facts_on(line.product, day)?;
    Ok(Amount {
        yen,
        tax: rate_on(draft, facts.tax_for(SupplyMode::Delivery), day)?,
        basis,
        work: work_of(facts, line.product, owner),
    })
}

/// 外税 prices: the customer pays the tax at the till, once per rate and seller; it is shared over the lines so that
/// each carries what was paid for it.
fn put_tax_on_top(seller: OfficeId, priced: &mut [Priced<'_>]) -> Result<(), Refusal> {
    let group = |priced: &Priced<'_>| {
        let sells = match priced.source {
            Source::Own | Source::BuyOnSale { .. } => seller,
            Source::Commission { owner, .. } => owner,
        };
        (sells, priced.amount.tax)
    };
    let exclusive = |priced: &&mut Priced<'_>| priced.amount.basis == PriceBasis::Exclusive;
    let groups: BTreeSet<_> = (priced.iter_mut().filter(exclusive))
        .map(|priced| group(priced))
        .collect();
    for (sells, rate) in groups {
        let mut lines: Vec<_> = (priced.iter_mut())
            .filter(|priced| exclusive(priced) && group(priced) == (sells, rate))
            .collect();
        let net = Yen::sum(lines.iter().map(|line| line.amount.yen)).map_err(too_large)?;
        let tax = tax_on(net, rate.percent, Rounding::Down).map_err(too_large)?;
        let weights: Vec<u64> = lines
            .iter()
            .map(|line| line.amount.yen.get().unsigned_abs())
            .collect();
        // all lines at nought: no tax either
        let shares = split(tax, &weights).unwrap_or_else(|_| vec![Yen::ZERO; lines.len()]);
        for (line, share) in lines.iter_mut().zip(shares) {
            line.amount.yen = line.amount.yen.checked_add(share).map_err(too_large)?;
            line.amount.basis = PriceBasis::Inclusive;
        }
    }
    Ok(())
}

/// Posts a sale, or with amounts below nought its return: the customer's side, each seller's sales, and under
/// 消化仕入型 the sale between the two offices. `account` takes the customer's side.
pub(in crate::acts) fn post<'a>(
    draft: &mut Draft<'a>,
    seller: OfficeId,
    account: impl FnOnce(&Draft<'a>) -> Result<Account, Refusal>,
    priced: &[Priced<'_>],
) -> Result<(), Refusal> {
    let unit = BookUnit::production(seller);
    let total = Amount::total(priced.iter().map(|line| &line.amount))?;
    if !total.is_zero() {
        let account = account(draft)?;
        draft.post(account, total);
    }
    let mut sales = Vec::new();
    let mut through: BTreeMap<OfficeId, Vec<Amount>> = BTreeMap::new();
    let mut bought: BTreeMap<OfficeId, Vec<Amount>> = BTreeMap::new();
    let mut made_up: BTreeMap<OfficeId, Vec<Amount>> = BTreeMap::new();
    for line in priced {
        match line.source {
            Source::Own => sales.push(line.amount.clone()),
            Source::Commission { owner, .. } => {
                through.entry(owner).or_default().push(line.amount.clone());
                if let Some(amount) = &line.made_up {
                    made_up.entry(owner).or_default().push(amount.clone());
                }
            }
            Source::BuyOnSale { owner, .. } => {
                sales.push(line.amount.clone());
                bought.entry(owner).or_default().extend(line.cost.clone());
            }
        }
    }
    for amount in Amount::gather(sales)? {
        draft.post_amount(Account::plain(unit, AccountKind::Sales), &amount, true);
    }
    for (owner, amounts) in through {
        let gross = Amount::total(&amounts)?;
        draft.post(
            Account::with(unit, AccountKind::ConsignmentDeposit, owner),
            gross.negated(),
        );
        let sells = BookUnit::production(owner);
        draft.post(
            Account::with(sells, AccountKind::ConsignmentReceivable, seller),
            gross,
        );
        for amount in Amount::gather(amounts)? {
            draft.post_amount(Account::plain(sells, AccountKind::Sales), &amount, true);
        }
    }
    for (owner, amounts) in bought {
        let expense = (unit, AccountKind::Merchandise);
        draft.sell_between(
            owner,
            seller,
            &Amount::gather(amounts)?,
            AccountKind::Sales,
            expense,
        )?;
    }
    for (owner, amounts) in made_up {
        let expense = (unit, AccountKind::CompensationPaid);
        let amounts = Amount::gather(amounts)?;
        draft.sell_between(owner, seller, &amounts, AccountKind::CompensationIncome, expense)?;
    }
    // an entry names one agreement; a sale under several names none, settling finds it by its postings
    let agreements: BTreeSet<_> = (priced.iter())
        .filter_map(|line| line.source.agreement())
        .map(|agreement| agreement.id)
        .collect();
    if let (1, Some(agreement)) = (agreements.len(), agreements.first()) {
        draft.under(*agreement);
    }
    Ok(())
}

/// The kind of work is known to the office whose product it is.
fn work_of(facts: &ProductFacts, product: &Product, sells: OfficeId) -> Option<Code> {
    facts.work.clone().filter(|_| product.office == sells)
}

fn facts_on(product: &Product, day: Day) -> Result<&ProductFacts, Refusal> {
    product
        .facts
        .on_or_first(day)
        .ok_or_else(|| Refusal::at("", Why::Broken { what: "product" }))
}

fn rate_on(draft: &Draft<'_>, category: TaxCategory, day: Day) -> Result<TaxRate, Refusal> {
    let rate = draft.masters().rates().rate_on(category, day);
    rate.ok_or_else(|| Refusal::at("supplied_on", Why::NoRate { day }))
}

fn no_price(field: &str, product: &Product) -> Refusal {
    let product = product.code.to_string();
    Refusal::at(field, Why::NoPrice { product })
}

fn too_large(_: YenOverflow) -> Refusal {
    Refusal::at("", Why::AmountTooLarge)
}
