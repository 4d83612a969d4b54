//! What would stand on the next paper: the sales of a time that no paper covers, with their tax once per rate. Goods that a shop
//! sold for owners whose names have no number on its paper are left for a second one.

mod items;
mod sales;

use super::{ViewError, seller};
use crate::{Book, moment::Moment, viewer::Viewer, views::reference};
use domain::{
    account::BookUnit,
    acts::issue::{
        DocumentForm, DocumentGoods, DocumentLine, Issue, OwnerOnPaper, PartyOnPaper, goods::Share,
    },
    calendar::{Day, business_day},
    id::{EntryId, OfficeId, PartyId},
    money::{Rounding, Yen},
    refs::EntryRef,
    tax::{DocumentTax, PriceBasis, deductible_percent},
    text::Code,
};
use items::Items;
use sales::{Apart, Sale, sales};
use std::collections::BTreeMap;

/// Lines of a paper at most, as the act has it.
const LINES: usize = 500;

/// What paper is wanted.
#[derive(Clone, Debug)]
pub struct DraftAsked {
    /// Which.
    pub form: DocumentForm,
    /// Whose goods: the paper with the shop's number, or the second one for what may not stand on it.
    pub goods: DocumentGoods,
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
    /// All there is belongs on the second paper.
    #[error(
        "この期間の残りは、つくり手から預かった、登録番号で書けない品だけです。「もう1枚(預かり品の分)」を選んでください。"
    )]
    OnSecond,
    /// All there is belongs on the first paper.
    #[error("この期間に、もう1枚に分けて書く預かり品はありません。ふつうの書類を選んでください。")]
    OnFirst,
    /// A sum leaves all bounds.
    #[error("合計が大きすぎます。期間を短くしてください。")]
    TooLarge,
}

impl From<store::StoreError> for DraftError {
    fn from(error: store::StoreError) -> DraftError {
        DraftError::View(error.into())
    }
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
    let between = (own, seller_office, buyer);
    let mut sales = sales(&moment, asked, between).await?;
    let basis = asked.basis.unwrap_or_else(|| usual_basis(&sales));
    let mut warnings = Vec::new();
    let is_left = on_this_paper(&mut sales, asked, basis, &mut warnings)?;
    sales.sort_by_key(|sale| (sale.entry.supplied_on, sale.entry.seq));
    let lines = lines(&moment, &sales, (seller_office, buyer), today, &mut warnings).await?;
    if lines.is_empty() {
        return Err(match (is_left, asked.goods) {
            (false, _) => DraftError::NothingToBill,
            (true, DocumentGoods::Own) => DraftError::OnSecond,
            (true, DocumentGoods::Others) => DraftError::OnFirst,
        });
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
    // what may not stand beside the shop's number stands on a paper without one
    let has_number = asked.goods == DocumentGoods::Own;
    let paper = Issue {
        form: asked.form,
        goods: asked.goods,
        with_office: asked.with_office.clone(),
        partner: asked.partner.clone(),
        from: asked.from,
        to: asked.to,
        issuer: PartyOnPaper::of(masters, own.into(), today, sells && has_number).ok_or_else(broken)?,
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
    let percent = (has_number && registration.is_none()).then(|| deductible_percent(asked.to));
    match (registration, percent) {
        (None, Some(percent)) => warnings.push(format!(
            "売り手に登録番号がないので、適格請求書ではありません。買い手が消費税から引けるのは、{percent}%です。"
        )),
        (None, None) => warnings.push(
            "預かり品の分の書類には、登録番号が書かれません。適格請求書ではないことを、買い手に伝えてください。".to_owned(),
        ),
        (Some(number), _) if !number.check_digit_ok() => warnings.push(
            "登録番号が法人番号の形ではありません。個人の番号なら、このままで使えます。番号をもう一度確かめてください。".to_owned(),
        ),
        (Some(_), _) => {}
    }
    Ok(Draft {
        paper,
        gross,
        warnings,
        deductible_percent: percent,
    })
}

/// Leaves what stands on this paper and says what stands on the other one; whether there is anything for that.
fn on_this_paper(
    sales: &mut Vec<Sale>,
    asked: &DraftAsked,
    basis: PriceBasis,
    warnings: &mut Vec<String>,
) -> Result<bool, DraftError> {
    let mut others = Vec::new();
    let mut lacking: BTreeMap<OfficeId, &Apart> = BTreeMap::new();
    for sale in sales.iter() {
        for (share, yen) in sale.shares.iter().filter(|(share, _)| share.basis == basis) {
            if sale.goods_of(share) != asked.goods {
                others.push(*yen);
            }
        }
        lacking.extend(sale.apart.iter().map(|(owner, apart)| (*owner, apart)));
    }
    let sum = Yen::sum(others.iter().copied()).map_err(|_| DraftError::TooLarge)?;
    let is_left = !others.is_empty();
    match asked.goods {
        DocumentGoods::Own if is_left => {
            warnings.push(format!(
                "このほかに、つくり手から預かって売った、登録番号で書けない品が{sum}円あります。「もう1枚(預かり品の分)」を選んで、もう1枚の書類にしてください。"
            ));
            warnings.extend(lacking.values().map(|apart| format!("「{}」: {}", apart.name, apart.lacks)));
        }
        DocumentGoods::Others if is_left => warnings.push(format!(
            "このほかの{sum}円は、登録番号のある書類に書けます。この書類とは別に、「1枚目」を選んで書類にしてください。"
        )),
        DocumentGoods::Own | DocumentGoods::Others => {}
    }
    for sale in sales.iter_mut() {
        let (apart, goods) = (&sale.apart, asked.goods);
        sale.shares
            .retain(|share, _| share.basis == basis && sales::goods_of(apart, share) == goods);
    }
    // a paper of what came back has what came back; a sale stands whole on its paper
    let is_credit = asked.form == DocumentForm::Credit;
    let mut kept = Vec::with_capacity(sales.len());
    for sale in sales.drain(..) {
        let sum = Yen::sum(sale.shares.values().copied()).map_err(|_| DraftError::TooLarge)?;
        if !sale.shares.is_empty() && (!is_credit || sum < Yen::ZERO) {
            kept.push(sale);
        }
    }
    *sales = kept;
    Ok(is_left)
}

fn usual_basis(sales: &[Sale]) -> PriceBasis {
    let of = |wanted: PriceBasis| {
        let has = |sale: &&Sale| sale.shares.keys().any(|share| share.basis == wanted);
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
    sales: &[Sale],
    (seller, buyer): (OfficeId, Option<PartyId>),
    today: Day,
    warnings: &mut Vec<String>,
) -> Result<Vec<DocumentLine>, DraftError> {
    let items = Items::read(moment, sales, (seller, buyer), today).await?;
    let broken = || DraftError::View(ViewError::Broken { what: "品目" });
    let mut lines = Vec::new();
    for sale in sales {
        if lines.len() + sale.shares.len() > LINES {
            warnings.push(format!(
                "1枚に書けるのは{LINES}行までです。{}より前の分だけを出しています。残りは、次の書類にしてください。",
                sale.entry.supplied_on
            ));
            break;
        }
        for (share, amount) in &sale.shares {
            lines.push(DocumentLine {
                entry: reference(&moment.masters, &sale.entry),
                on: sale.entry.supplied_on,
                item: items.of(sale, share).ok_or_else(broken)?,
                owner: owner_of(moment, share, today)?,
                amount: *amount,
                rate: share.rate,
            });
        }
    }
    Ok(lines)
}

fn owner_of(moment: &Moment, share: &Share, today: Day) -> Result<Option<OwnerOnPaper>, DraftError> {
    let Some(owner) = share.owner else {
        return Ok(None);
    };
    let broken = || DraftError::View(ViewError::Broken { what: "つくり手" });
    let office = moment.masters.office(owner).ok_or_else(broken)?;
    let facts = office.facts.on_or_first(today).ok_or_else(broken)?;
    Ok(Some(OwnerOnPaper {
        office: office.code.clone(),
        name: facts.name.clone(),
    }))
}
