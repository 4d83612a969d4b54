//! 台帳: who and what there is, with all dated rows, as far as the viewer knows of it. Each has a version that changes
//! with it, so that two people who change the same thing notice each other.

mod goods;
mod parties;
mod version;

pub use goods::{CashPlaceView, PriceView, ProductRow, ProductView, RecipeRow, RecipeView};
pub use parties::{
    AgreementRow, AgreementView, CloseView, CorporationRow, CorporationView, MemberView, NameRow,
    NetworkView, OfficeRow, OfficeView, PartnerRow, PartnerView,
};
pub use version::{Subject, version};

use super::ViewError;
use crate::{
    Book,
    viewer::{Gate, Viewer},
};
use domain::{
    calendar::{Day, business_day},
    id::OfficeId,
    masters::Masters,
    tax::RateRow,
    text::Code,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A thing of the master data with its version.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Versioned<T> {
    /// The thing.
    #[serde(flatten)]
    pub thing: T,
    /// Changes when the thing changes.
    pub version: String,
}

/// One thing by its code: within an office, where its code is unique there alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Only {
    /// Whose.
    pub office: Option<Code>,
    /// Its code.
    pub code: Code,
}

/// A reading of master data at a moment.
struct Reading<'a> {
    gate: Gate<'a>,
    masters: &'a Masters,
    today: Day,
    only: Option<&'a Only>,
}

impl Reading<'_> {
    /// Whether a thing is asked for. Asked before the gate is: what the gate opens counts as read.
    fn wants(&self, office: Option<OfficeId>, code: &Code) -> bool {
        self.only.is_none_or(|only| {
            let of = only.office.as_ref();
            let of = of.map(|of| self.masters.office_by_code(of).map(|office| office.id));
            only.code == *code && of.is_none_or(|of| of.is_some() && of == office)
        })
    }
}

macro_rules! lists {
    ($($(#[$doc:meta])+ $name:ident -> $view:ty, $list:path;)+) => {$(
        $(#[$doc])+
        ///
        /// # Errors
        /// [`ViewError::Store`].
        pub async fn $name(
            book: &Book,
            viewer: &Viewer,
            only: Option<&Only>,
        ) -> Result<Vec<Versioned<$view>>, ViewError> {
            let moment = book.moment().await?;
            let reading = Reading {
                gate: viewer.gate(&moment.masters),
                masters: &moment.masters,
                today: business_day(book.outside().clock.now()),
                only,
            };
            Ok($list(&reading))
        }
    )+};
}

lists! {
    /// 連絡会, by code.
    networks -> NetworkView, parties::networks;
    /// 法人, by code.
    corporations -> CorporationView, parties::corporations;
    /// 事業所, by code.
    offices -> OfficeView, parties::offices;
    /// 取引先, by office and code.
    partners -> PartnerView, parties::partners;
    /// 取り決め, by code.
    agreements -> AgreementView, parties::agreements;
    /// Months closed, by office.
    closes -> CloseView, parties::closes;
    /// 品目, by office and code.
    products -> ProductView, goods::products;
    /// 値段, by product and channel, each with its rows.
    prices -> PriceView, goods::prices;
    /// レシピ, by office and code.
    recipes -> RecipeView, goods::recipes;
    /// 現金・預金の置き場, by office and code.
    cash_places -> CashPlaceView, goods::cash_places;
}

/// The dated tax rates of the law: everyone who comes in may read them.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn rates(book: &Book) -> Result<Vec<RateRow>, ViewError> {
    Ok(book.moment().await?.masters.rates().rows().to_vec())
}
