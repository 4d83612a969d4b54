//! 用途: what goods are bought or received for decides where their cost goes.

use crate::{
    account::{AccountKind, BookUnit, Section},
    id::OfficeId,
};
use serde::{Deserialize, Serialize};

/// What goods are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 材料.
    #[default]
    Material,
    /// 商品 to sell on.
    Merchandise,
    /// 消耗品.
    Supplies,
    /// 福祉側: meals of the welfare service; its cost is none of 就労支援事業.
    Welfare,
}

impl Purpose {
    /// The section's books.
    pub const fn unit(self, office: OfficeId) -> BookUnit {
        match self {
            Purpose::Welfare => BookUnit::Office(office, Section::Welfare),
            Purpose::Material | Purpose::Merchandise | Purpose::Supplies => BookUnit::production(office),
        }
    }

    /// The expense.
    pub const fn expense(self) -> AccountKind {
        match self {
            Purpose::Material => AccountKind::Materials,
            Purpose::Merchandise => AccountKind::Merchandise,
            Purpose::Supplies => AccountKind::Supplies,
            Purpose::Welfare => AccountKind::WelfareFood,
        }
    }
}
