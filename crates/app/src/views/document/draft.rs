//! What would stand on the next paper: the sales of a time that no paper covers, with their tax once per rate.

use super::{ViewError, seller};
use crate::{
    Book,
    moment::Moment,
    viewer::Viewer,
    views::{names, reference},
};
use domain::{
    account::{AccountKind, BookUnit, Class},
    acts::{
        Act,
        issue::{DocumentForm, DocumentLine, Issue, PartyOnPaper},
    },
    calendar::{Day, business_day},
    entry::Entry,
    id::{EntryId, LotId, OfficeId, PartyId, ProductId},
    money::{Rounding, Yen},
    refs::EntryRef,
    statement::first_kind,
    tax::{DocumentTax, PriceBasis, TaxRate, deductible_percent},
    text::{Code, LabelText},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::Search;

/// Lines of a paper at most, as the act has it.
const LINES: usize = 500;
/// Entries of a time that are looked at.
const ENTRIES: u32 = 20_000;
/// Letters of an item at most.
const ITEM: usize = 120;

/// What paper is wanted.
#[derive(Clone, Debug)]
pub struct DraftAsked {
    /// Which.
    pub form: DocumentForm,
    /// For which office of the book …
    pub with_office: Option<Code>,
    /// … or partner; neither for a receipt without a name.
    pub partner: Option<Code>,
    /// First day of supply.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// 内税 or 外税; what most of the sales are when missing.
    pub basis: Option<PriceBasis>,
    /// Only this sale.
    pub entry: Option<EntryId>,
    /// The document that it takes the place of: what that one covers is free again.
    pub replaces: Option<EntryId>,
}

/// What would be issued.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The paper.
    pub paper: Issue,
    /// All of it with tax.
    pub gross: Yen,
    /// What to know before it is issued.
    pub warnings: Vec<String>,
    /// Percent that the buyer may deduct, where the seller is not registered.
    pub deductible_percent: Option<u8>,
}

/// Why there is no draft.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The book could not be read.
    #[error(transparent)]
    View(#[from] ViewError),
    /// No such office or partner, or not theirs to see.
    #[error("見つかりません。相手のコードを確かめてください。")]
    NotFound,
    /// Nothing to write onto it.
    #[error("この期間に、まだ書類にしていない取引がありません。期間と相手を確かめてください。")]
    NothingToBill,
    /// A sum leaves all bounds.
    #[error("合計が大きすぎます。期間を短くしてください。")]
    TooLarge,
}

impl From<store::StoreError> for DraftError {
    fn from(error: store::StoreError) -> DraftError {
        DraftError::View(error.into())
    }
}

/// A sale that could stand on the paper.
struct Sale<'e> {
    entry: &'e Entry,
    sums: BTreeMap<(PriceBasis, TaxRate), Yen>,
}

/// Composes it out of the book; records nothing.
///
/// # Errors
/// [`DraftError`].
pub async fn draft(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
    asked: &DraftAsked,
) -> Result<Draft, DraftError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters = &*moment.masters;
    let own = masters.office_by_code(office).ok_or(DraftError::NotFound)?.id;
    let gate = viewer.gate(masters);
    if !gate.sees_books(BookUnit::production(own), today) {
        return Err(DraftError::NotFound);
    }
    let with = match (&asked.with_office, &asked.partner) {
        (Some(code), _) => {
            let other = masters.office_by_code(code).ok_or(DraftError::NotFound)?.id;
            if !gate.knows_office(other) {
                return Err(DraftError::NotFound);
            }
            Some(PartyId::from(other))
        }
        (None, Some(code)) => {
            let partner = masters.partner_by_code(Some(own), code);
            Some(partner.ok_or(DraftError::NotFound)?.into())
        }
        (None, None) => None,
    };
    let sells = asked.form.is_by_seller();
    let seller_office = if sells {
        Some(own)
    } else {
        with.map(|with| OfficeId(with.0))
    };
    let seller_office = seller_office.ok_or(DraftError::NotFound)?;
    let buyer = if sells { with } else { Some(own.into()) };
    // the books of the office itself are read: both sides stand in the same entries
    let search = Search {
        offices: Some(vec![own]),
        supplied: (Some(asked.from), Some(asked.to)),
        counterparties: with.into_iter().collect(),
        kinds: if with.is_none() {
            vec!["sell".to_owned()]
        } else {
            Vec::new()
        },
        ..Search::default()
    };
    let found = moment.snapshot.search(&search, ENTRIES).await?;
    let whole = moment.snapshot.whole_entries(&found).await?;
    let taken_back = moment.snapshot.mirrors_of(&found).await?;
    let issued = moment.snapshot.issued(own, &found, asked.replaces).await?;
    let by_id: HashMap<EntryId, &Entry> = whole.values().map(|of| (of.entry.id, &of.entry)).collect();
    let find = |id: EntryId| by_id.get(&id).copied();
    let mut sales: Vec<Sale<'_>> = Vec::new();
    for seq in found
        .iter()
        .filter(|seq| !taken_back.contains_key(seq) && !issued.contains(seq))
    {
        let Some(entry) = whole.get(seq).map(|of| &of.entry) else {
            continue;
        };
        let is_wanted = asked.entry.is_none_or(|only| only == entry.id);
        let is_settled = first_kind(entry, &find) == "settle";
        let is_billed = bills(entry, (seller_office, buyer), asked.form, is_settled);
        if is_wanted && entry.kind != "reverse" && is_billed {
            sales.push(Sale {
                entry,
                sums: income(entry, seller_office)?,
            });
        }
    }
    let basis = asked.basis.unwrap_or_else(|| usual_basis(&sales));
    let is_credit = asked.form == DocumentForm::Credit;
    for sale in &mut sales {
        // a paper of what came back has what came back, and no other paper has it alone
        sale.sums
            .retain(|(of, _), yen| *of == basis && (!is_credit || *yen < Yen::ZERO));
    }
    sales.retain(|sale| !sale.sums.is_empty());
    sales.sort_by_key(|sale| (sale.entry.supplied_on, sale.entry.seq));
    let mut warnings = Vec::new();
    let lines = lines(&moment, &sales, today, &mut warnings).await?;
    if lines.is_empty() {
        return Err(DraftError::NothingToBill);
    }
    let rounding = terms_rounding(&moment, seller_office, buyer, asked.to);
    let amounts = lines.iter().map(|line| (line.rate, line.amount));
    let sums = DocumentTax::of(amounts, basis, rounding).map_err(|_| DraftError::TooLarge)?;
    let broken = || DraftError::View(ViewError::Broken { what: "名前" });
    let replaces = match asked.replaces {
        None => None,
        Some(id) => {
            let replaced = moment.snapshot.entry(id).await?.ok_or(DraftError::NotFound)?;
            if replaced.acting.office() != Some(own) {
                return Err(DraftError::NotFound);
            }
            Some(EntryRef {
                office: None,
                ..reference(masters, &replaced)
            })
        }
    };
    let paper = Issue {
        form: asked.form,
        with_office: asked.with_office.clone(),
        partner: asked.partner.clone(),
        from: asked.from,
        to: asked.to,
        issuer: PartyOnPaper::of(masters, own.into(), today, sells).ok_or_else(broken)?,
        recipient: with.and_then(|with| PartyOnPaper::of(masters, with, today, !sells)),
        basis,
        rounding,
        rates: sums.rates().to_vec(),
        lines,
        due_on: None,
        replaces,
    };
    let gross = sums.gross().map_err(|_| DraftError::TooLarge)?;
    let registration = seller(&paper).and_then(|seller| seller.registration);
    let percent = registration.is_none().then(|| deductible_percent(asked.to));
    match (registration, percent) {
        (None, percent) => warnings.push(format!(
            "売り手に登録番号がないので、適格請求書ではありません。買い手が消費税から引けるのは、{}%です。",
            percent.unwrap_or_default()
        )),
        (Some(number), _) if !number.check_digit_ok() => warnings.push(
            "登録番号が法人番号の形ではありません。個人の番号なら、このままで使えます。番号をもう一度確かめてください。".to_owned(),
        ),
        _ => {}
    }
    Ok(Draft {
        paper,
        gross,
        warnings,
        deductible_percent: percent,
    })
}

/// Whether a paper of the seller to the buyer covers an entry: the seller has a claim on the buyer for what it sold, or was paid at
/// once. What a shop sold for its owner was sold to customers, so it is no sale between the two; its commission is one.
fn bills(
    entry: &Entry,
    (seller, buyer): (OfficeId, Option<PartyId>),
    form: DocumentForm,
    is_settled: bool,
) -> bool {
    let of_seller = || {
        entry
            .postings
            .iter()
            .filter(|p| p.account.unit.office() == Some(seller))
    };
    let owes = of_seller().any(|p| {
        let is_claim = match p.account.kind {
            AccountKind::ConsignmentReceivable => false,
            AccountKind::ConsignmentDeposit => is_settled,
            kind => matches!(kind.class(), Class::Asset | Class::Liability),
        };
        is_claim && buyer.is_some() && p.account.party == buyer
    });
    let paid = form == DocumentForm::Receipt && of_seller().any(|p| p.account.cash_place.is_some());
    owes || paid
}

/// What the seller took in an entry, by basis and rate; commission that it took counts, what it paid does not.
fn income(entry: &Entry, seller: OfficeId) -> Result<BTreeMap<(PriceBasis, TaxRate), Yen>, DraftError> {
    let mut sums: BTreeMap<(PriceBasis, TaxRate), Yen> = BTreeMap::new();
    for posting in &entry.postings {
        let is_income =
            posting.account.unit.office() == Some(seller) && posting.account.kind.class() == Class::Income;
        if let (true, Some(basis)) = (is_income, posting.basis) {
            let sum = sums.entry((basis, posting.tax)).or_default();
            *sum = sum.checked_sub(posting.yen).map_err(|_| DraftError::TooLarge)?;
        }
    }
    sums.retain(|_, yen| !yen.is_zero());
    Ok(sums)
}

fn usual_basis(sales: &[Sale<'_>]) -> PriceBasis {
    let of = |wanted: PriceBasis| {
        let has = |sale: &&Sale<'_>| sale.sums.keys().any(|(basis, _)| *basis == wanted);
        sales.iter().filter(has).fold(0_usize, |n, _| n + 1)
    };
    if of(PriceBasis::Exclusive) > of(PriceBasis::Inclusive) {
        PriceBasis::Exclusive
    } else {
        PriceBasis::Inclusive
    }
}

/// As the two agreed; 切捨て without an agreement.
fn terms_rounding(moment: &Moment, seller: OfficeId, buyer: Option<PartyId>, day: Day) -> Rounding {
    let buyer = buyer.map(|buyer| OfficeId(buyer.0));
    let mut between = moment
        .masters
        .agreements()
        .filter(|of| of.producer == seller && Some(of.other) == buyer);
    let terms = between.find_map(|of| of.terms.on(day));
    terms.map_or(Rounding::Down, |terms| terms.rounding)
}

async fn lines(
    moment: &Moment,
    sales: &[Sale<'_>],
    today: Day,
    warnings: &mut Vec<String>,
) -> Result<Vec<DocumentLine>, DraftError> {
    let ids: BTreeSet<LotId> = (sales.iter())
        .flat_map(|sale| sale.entry.movements.iter().map(|movement| movement.lot))
        .collect();
    let ids: Vec<LotId> = ids.into_iter().collect();
    let products: HashMap<LotId, ProductId> = (moment.snapshot.lots_by_id(&ids).await?.into_iter())
        .map(|kept| (kept.lot.id, kept.lot.product))
        .collect();
    let mut lines = Vec::new();
    for sale in sales {
        if lines.len() + sale.sums.len() > LINES {
            warnings.push(format!(
                "1枚に書けるのは{LINES}行までです。{}より前の分だけを出しています。残りは、次の書類にしてください。",
                sale.entry.supplied_on
            ));
            break;
        }
        let item = item(moment, sale.entry, &products, today)
            .ok_or(DraftError::View(ViewError::Broken { what: "品目" }))?;
        for ((_, rate), amount) in &sale.sums {
            lines.push(DocumentLine {
                entry: reference(&moment.masters, sale.entry),
                on: sale.entry.supplied_on,
                item: item.clone(),
                amount: *amount,
                rate: *rate,
            });
        }
    }
    Ok(lines)
}

/// What it was: products with their quantities, else what was done.
fn item(
    moment: &Moment,
    entry: &Entry,
    products: &HashMap<LotId, ProductId>,
    today: Day,
) -> Option<LabelText> {
    let mut steps: BTreeMap<ProductId, i64> = BTreeMap::new();
    for movement in &entry.movements {
        if let Some(product) = products.get(&movement.lot) {
            let sum = steps.entry(*product).or_default();
            *sum = sum.saturating_add(movement.quantity.get());
        }
    }
    let named = steps.into_iter().filter_map(|(product, steps)| {
        let product = moment.masters.product(product)?;
        let name = names::product(&moment.masters, product, entry.supplied_on.min(today)).name;
        let quantity = product.unit.decimal(steps).normalize();
        Some(format!("{name} {quantity}{}", product.unit.name))
    });
    let all: Vec<String> = named.collect();
    let text = if all.is_empty() {
        Act::label(&entry.kind).to_owned()
    } else {
        all.join("、")
    };
    let short: String = if text.chars().count() > ITEM {
        text.chars().take(ITEM).chain("…".chars()).collect()
    } else {
        text
    };
    short.parse().ok()
}
