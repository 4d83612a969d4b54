//! issue 書類の発行: a paper that the tax law asks for, as a snapshot that never changes. What it says is checked against the
//! book when it is decided; its number is the next one of the corporation in the fiscal year. A wrong one is replaced by
//! another one with a new number (消費税法 第57条の4: 適格請求書, 適格簡易請求書, 適格返還請求書; 第30条第9項第3号: 仕入明細書).

mod covered;
pub mod goods;
mod party;

pub use goods::{DocumentGoods, OwnerOnPaper};
pub use party::PartyOnPaper;

use super::{Rules, original::too_large};
use crate::{
    calendar::Day,
    draft::Draft,
    entry::ReferenceRole,
    facts::{Answer, EntryFact, Question},
    id::{OfficeId, PartyId},
    money::{Rounding, Yen},
    numbered::{Numbered, Series},
    refs::EntryRef,
    refusal::{Refusal, Stop, Why, refuse},
    tax::{DocumentTax, PriceBasis, RateTotal, TaxRate},
    text::{Code, LabelText},
};
use serde::{Deserialize, Serialize};

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentForm {
    /// 請求書: 適格請求書 where the seller is registered.
    Invoice,
    /// 領収書・レシート: 適格簡易請求書 where the seller is registered; the recipient need not be named.
    Receipt,
    /// 返還請求書: what came back, or was allowed.
    Credit,
    /// 仕入明細書: made by the buyer, confirmed by the seller.
    PurchaseStatement,
}

impl DocumentForm {
    /// Who sells: the acting office, except on a paper that the buyer makes.
    pub const fn is_by_seller(self) -> bool {
        !matches!(self, DocumentForm::PurchaseStatement)
    }
}

/// A paper is issued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Document))]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// Which paper.
    pub form: DocumentForm,
    /// Whose goods it is about, where a shop also sold goods of others.
    #[serde(default, skip_serializing_if = "DocumentGoods::is_own")]
    pub goods: DocumentGoods,
    /// The office of the book that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_office: Option<Code>,
    /// The partner that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<Code>,
    /// First day of what it is about.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Who makes it, as it stands on the paper.
    pub issuer: PartyOnPaper,
    /// Who gets it, as it stands on the paper; may be left out of a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<PartyOnPaper>,
    /// 内税 or 外税 of the amounts.
    pub basis: PriceBasis,
    /// How the tax is rounded, once per rate.
    #[serde(default)]
    pub rounding: Rounding,
    /// What it is about.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<DocumentLine>,
    /// Sums and tax per rate, as they stand on the paper.
    pub rates: Vec<RateTotal>,
    /// お支払期限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    /// The paper that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<EntryRef>,
}

/// A line of a paper: what an entry of the book comes to at one rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DocumentLine {
    /// The entry.
    pub entry: EntryRef,
    /// Its day of supply.
    pub on: Day,
    /// What it was: `にんじん 6 kg`.
    pub item: LabelText,
    /// Whose goods it was, where the issuer sold it for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<OwnerOnPaper>,
    /// Amount by the basis of the paper; below nought for what came back.
    pub amount: Yen,
    /// Class and rate.
    pub rate: TaxRate,
}

impl Rules for Issue {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        let with = self.with(draft, office)?;
        draft.lines_are_sound("lines", self.lines.len())?;
        if self.to < self.from {
            return refuse("to", Why::PeriodEndsBeforeStart);
        }
        if self.to > draft.supplied_on() {
            let (to, day) = (self.to, draft.supplied_on());
            return refuse("to", Why::PeriodNotOver { to, day });
        }
        if !self.form.is_by_seller() && self.goods != DocumentGoods::Own {
            let problem = "仕入明細書では、goods を書かないでください。".to_owned();
            return refuse("goods", Why::Malformed { problem });
        }
        self.parties(draft, office, with)?;
        self.sums()?;
        let replaced = self.replaced(draft)?;
        let entries = self.covered(draft, office, with, replaced)?;
        for fact in entries {
            draft.refer(ReferenceRole::Document, fact.entry.id.0);
        }
        let number = next_number(draft, office)?.reference();
        draft.refer(number.role, number.id);
        Ok(())
    }

    fn is_dealing(&self) -> bool {
        false
    }
}

impl Issue {
    fn with(&self, draft: &mut Draft<'_>, office: OfficeId) -> Result<Option<PartyId>, Refusal> {
        let malformed = |problem: &str| {
            let problem = problem.to_owned();
            Err(Refusal::at("with_office", Why::Malformed { problem }))
        };
        match (&self.with_office, &self.partner) {
            (Some(_), Some(_)) => malformed("with_office か partner の、どちらか1つを書いてください。"),
            (None, None) if self.form == DocumentForm::Receipt => Ok(None),
            (None, None) => malformed("相手(with_office か partner)を書いてください。"),
            (Some(code), None) => {
                let other = draft.other_office("with_office", code)?;
                draft.touch(other);
                if draft.same_corporation(office, other) {
                    return malformed("同じ法人の事業所どうしの取引は、請求書の対象ではありません。");
                }
                Ok(Some(other.into()))
            }
            (None, Some(code)) => Ok(Some(draft.partner("partner", Some(code))?.into())),
        }
    }

    /// The sums follow from the lines: the tax once per rate, never per line (消費税法施行令 第70条の10).
    fn sums(&self) -> Result<(), Refusal> {
        let lines = self.lines.iter().map(|line| (line.rate, line.amount));
        let sums = DocumentTax::of(lines, self.basis, self.rounding).map_err(|_| too_large())?;
        if sums.rates() == self.rates {
            return Ok(());
        }
        Err(Refusal::at(
            "rates",
            Why::DocumentDiffers {
                what: "税率ごとの合計",
            },
        ))
    }

    fn replaced<'a>(&self, draft: &mut Draft<'a>) -> Result<Option<&'a EntryFact>, Stop> {
        let Some(reference) = &self.replaces else {
            return Ok(None);
        };
        let fact = draft.entry("replaces", reference)?;
        if fact.entry.kind != "issue" {
            let (key, kind) = (reference.key.to_string(), fact.entry.kind.clone());
            return refuse("replaces", Why::WrongKindOfEntry { key, kind });
        }
        if fact.entry.acting != draft.acting() {
            return refuse("replaces", Why::NotAParty);
        }
        draft.reason_is_due()?;
        draft.refer(ReferenceRole::Original, fact.entry.id.0);
        Ok(Some(fact))
    }
}

/// The next number of the office's corporation.
fn next_number(draft: &Draft<'_>, office: OfficeId) -> Result<Numbered, Stop> {
    let day = draft.supplied_on();
    let corporation = draft.masters().corporation_of(office, day);
    let corporation = corporation.ok_or_else(|| Refusal::at("", Why::Broken { what: "corporation" }))?;
    let series = Series::documents(corporation, day);
    match draft.facts().answer(&Question::LastNumbered(series, 1))? {
        Answer::Entries(last) => {
            let last = last.first().and_then(|fact| Numbered::of(&fact.entry));
            Ok(last.map_or(Numbered::first(series), Numbered::next))
        }
        _ => refuse("", Why::Broken { what: "answer" }),
    }
}
