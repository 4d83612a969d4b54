//! open 開始: an office joins with its stock and its balances, also in the middle of a year.
//!
//! Goods come from outside, balances stand against 開始残高. What two offices of the book owe each other is one entry
//! that both confirm: it writes the mirror into the other office's books too, so the two can never disagree.

mod balance;

pub use balance::OpeningBalance;

use super::{Rules, record_wages::ServiceType};
use crate::{
    calendar::Month,
    draft::{Draft, LINES_LIMIT, NewLot},
    id::OfficeId,
    masters::AgreementKind,
    money::Yen,
    place::{Place, PlaceKind},
    quantity::StatedQuantity,
    refs::ProductRef,
    refusal::{Refusal, Stop, Why, refuse},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// What an office brings along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// Stock: one lot a line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<OpeningGoods>,
    /// Balances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balances: Vec<OpeningBalance>,
    /// The other offices of the book that confirm their side: holders of shelves, creditors and debtors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<Code>,
    /// Earlier months' wages, for the averages and the limits of the reserves; no postings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wages_history: Vec<MonthOfWages>,
    /// Acquisition cost of 就労支援事業資産 in yen: limit of 設備等整備積立金; no postings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset_cost: Option<Yen>,
}

/// A lot that is already there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpeningGoods {
    /// Product.
    pub product: ProductRef,
    /// How much.
    pub quantity: StatedQuantity,
    /// Facts of the lot.
    #[serde(default)]
    pub lot: NewLot,
    /// What the lot cost in yen, where known; kept, not posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Yen>,
    /// Office on whose shelf it lies; the own store when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Code>,
}

/// A month before the office joined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MonthOfWages {
    /// Month, before the month of the opening.
    pub month: Month,
    /// サービス種別; left out by an office with one service only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceType>,
    /// 工賃 of the month in yen, nought or more.
    pub wages: Yen,
    /// 延べ利用者数.
    #[cfg_attr(feature = "openapi", schema(maximum = 4_294_967_295_u32))]
    pub person_days: u32,
    /// 開所日数, 0 to the days of the month.
    #[cfg_attr(feature = "openapi", schema(maximum = 31))]
    pub open_days: u8,
}

impl Rules for Open {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        self.is_sound(draft)?;
        draft.want_lots(self.goods.iter().filter_map(|line| line.lot.code.as_ref()))?;
        for (n, line) in self.goods.iter().enumerate() {
            self.bring(draft, office, &format!("goods[{n}]"), line)?;
        }
        balance::post(draft, office, &self.balances, &self.agreed)
    }
}

impl Open {
    fn is_sound(&self, draft: &Draft<'_>) -> Result<(), Stop> {
        if self.goods.is_empty()
            && self.balances.is_empty()
            && self.wages_history.is_empty()
            && self.asset_cost.is_none()
        {
            return refuse("goods", Why::NoLines);
        }
        for (field, count) in [
            ("goods", self.goods.len()),
            ("balances", self.balances.len()),
            ("wages_history", self.wages_history.len()),
        ] {
            if count > LINES_LIMIT {
                return refuse(field, Why::TooManyLines { limit: LINES_LIMIT });
            }
        }
        if self.asset_cost.is_some_and(|cost| cost.get() < 0) {
            return refuse("asset_cost", Why::AmountNegative);
        }
        for (n, row) in self.wages_history.iter().enumerate() {
            let field = format!("wages_history[{n}]");
            if row.month >= draft.supplied_on().month() {
                let problem = "開始の月より前の月を書いてください。".to_owned();
                return refuse(format!("{field}.month"), Why::Malformed { problem });
            }
            let same = |other: &MonthOfWages| (other.month, other.service) == (row.month, row.service);
            if self.wages_history.iter().take(n).any(same) {
                return refuse(format!("{field}.month"), Why::LineTwice);
            }
            if row.wages.get() < 0 {
                return refuse(format!("{field}.wages"), Why::AmountNegative);
            }
            let days = row.month.first_day().days_until(row.month.last_day()) + 1;
            if i64::from(row.open_days) > days {
                let problem = format!("開所日数は {days} 日までです。");
                return refuse(format!("{field}.open_days"), Why::Malformed { problem });
            }
        }
        Ok(())
    }

    fn bring(
        &self,
        draft: &mut Draft<'_>,
        office: OfficeId,
        field: &str,
        line: &OpeningGoods,
    ) -> Result<(), Stop> {
        let product = draft.product(&format!("{field}.product"), &line.product)?;
        let quantity = draft.quantity(&format!("{field}.quantity"), product, &line.quantity)?;
        if line.cost.is_some_and(|cost| cost.get() < 0) {
            return refuse(format!("{field}.cost"), Why::AmountNegative);
        }
        let place = match &line.at {
            None => Place::store(office),
            Some(code) => self.shelf(draft, office, &format!("{field}.at"), code)?,
        };
        // whose product it is: an office may open with goods that another office made
        let maker = product.office.into();
        let lot = draft.make_lot(&format!("{field}.lot"), product, &line.lot, maker, None, None)?;
        let outside = Place::own(PlaceKind::Outside, office);
        draft.move_goods(field, lot, outside, place, quantity)
    }

    /// Goods lie on another's shelf under an agreement, also one that has ended, and the holder confirms them.
    fn shelf(
        &self,
        draft: &mut Draft<'_>,
        office: OfficeId,
        field: &str,
        code: &Code,
    ) -> Result<Place, Stop> {
        let holder = draft.other_office(field, code)?;
        confirmed(&self.agreed, code)?;
        let day = draft.supplied_on();
        let agreement = draft
            .masters()
            .agreement_between(AgreementKind::Consign, office, holder, day);
        if agreement.is_none() {
            return refuse(field, Why::AgreementMissing);
        }
        Ok(Place::shelf(office, holder))
    }
}

/// Refuses what another office has not confirmed.
fn confirmed(agreed: &[Code], code: &Code) -> Result<(), Refusal> {
    if agreed.contains(code) {
        return Ok(());
    }
    let code = code.to_string();
    Err(Refusal::at("agreed", Why::NotAgreed { code }))
}
