//! 取り決め: what two offices agreed, dated. Ending one sets an end; what is open stays open.

use crate::{
    calendar::Day,
    commission::{CommissionTerms, Percent},
    dated::Dated,
    id::{AgreementId, OfficeId},
    money::{Rounding, Yen},
    tax::PriceBasis,
    text::Code,
};
use serde::{Deserialize, Serialize};

/// What an agreement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AgreementKind {
    /// 納入: the producer sells to the other office.
    Supply,
    /// 委託: the other office sells the producer's goods.
    Consign,
    /// 法人内: goods pass at an internal price.
    Internal,
}

/// Who bears a loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// The producer (owner).
    #[default]
    Producer,
    /// The other office (receiver, shop).
    Other,
}

impl Bearer {
    /// Whether it is the one when nothing was agreed; not written then, so that older terms keep their bytes.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
    fn is_usual(&self) -> bool {
        *self == Bearer::Producer
    }
}

/// How a loss that the other office bears is booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LossTreatment {
    /// "Missing = sold": a sale at the agreed price.
    #[default]
    Sale,
    /// 弁償 as compensation, 不課税.
    Compensation,
}

/// The two kinds of consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ConsignForm {
    /// 手数料型: the producer sells through the shop, which takes a commission once per period.
    Commission(CommissionTerms),
    /// 消化仕入型: at the sale the goods pass producer → shop → customer at the cost price.
    BuyOnSale {
        /// 掛け率: percent of the retail price; when missing, the price of channel `cost` holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent_of_retail: Option<Percent>,
    },
}

/// Terms from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AgreementTerms {
    /// 内税 or 外税 of the prices.
    #[serde(default)]
    pub basis: PriceBasis,
    /// How fractions of a yen are dropped.
    #[serde(default)]
    pub rounding: Rounding,
    /// Form of a consignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consign: Option<ConsignForm>,
    /// Who bears what is lost on the way or on the shelf.
    #[serde(default)]
    pub loss_bearer: Bearer,
    /// How a loss the other office bears is booked.
    #[serde(default)]
    pub loss_treatment: LossTreatment,
    /// Who bears what is broken or spoiled on the shelf, where it is not who bears losses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakage_bearer: Option<Bearer>,
    /// Who bears discounts: the producer (commission and claim are of the price paid), or the shop, which makes up the
    /// difference to the listed price.
    #[serde(default, skip_serializing_if = "Bearer::is_usual")]
    pub discount_bearer: Bearer,
    /// 繰越: what is to pay below this many yen is carried to the next period; all is paid when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carry_below: Option<Yen>,
    /// 締日: day of the month the statement period ends, 1 ..= 28; the month's last day when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 28))]
    pub closing_day: Option<u8>,
    /// 支払日: months after the closing …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 255))]
    pub pay_after_months: Option<u8>,
    /// … and day of that month; the last day when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 28))]
    pub pay_day: Option<u8>,
    /// 媒介者交付特例: the shop issues receipts in its own name for the producer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub intermediary_invoice: bool,
    /// Days after which a difference that nobody confirmed falls to the bearer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 255))]
    pub confirm_days: Option<u8>,
}

impl AgreementTerms {
    /// Who bears what is broken or spoiled.
    pub fn bears_breakages(&self) -> Bearer {
        self.breakage_bearer.unwrap_or(self.loss_bearer)
    }
}

/// 取り決め.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Id.
    pub id: AgreementId,
    /// Code, unique in the book.
    pub code: Code,
    /// Kind.
    pub kind: AgreementKind,
    /// Who makes and owns.
    pub producer: OfficeId,
    /// Who buys or sells on.
    pub other: OfficeId,
    /// Dated terms.
    pub terms: Dated<AgreementTerms>,
    /// Dated end: `Some(last day)` once ended.
    pub end: Option<Day>,
}

impl Agreement {
    /// Whether it is of this kind and between these two.
    pub fn is_between(&self, kind: AgreementKind, producer: OfficeId, other: OfficeId) -> bool {
        self.kind == kind && self.producer == producer && self.other == other
    }

    /// Whether new dealings under it are allowed on a day.
    pub fn in_force(&self, day: Day) -> bool {
        self.terms.on(day).is_some() && self.end.is_none_or(|last| day <= last)
    }

    /// Last day, far in the future when open.
    pub fn until(&self) -> Option<Day> {
        self.end
    }
}
