//! Who bears what is lost at a place and what it costs them: the owner bears it without a yen moving, unless the
//! goods lie on another's shelf and the agreement says that the shop bears it.

use crate::{
    account::{AccountKind, BookUnit},
    draft::{Amount, Draft},
    id::{LotId, OfficeId},
    masters::{AgreementKind, Bearer, LossTreatment, Product},
    money::UnitPrice,
    place::{Place, PlaceKind},
    quantity::Quantity,
    refusal::{Refusal, Stop, Why, refuse},
    shelf::{Charge, Loss},
    tax::{SupplyMode, TaxRate},
    text::Code,
};

/// Goods that the acting office has: in its own store, or another office's on its shelf.
pub(super) struct Keeping {
    /// Where they are.
    pub place: Place,
    /// Whose they are.
    pub owner: OfficeId,
    holder: OfficeId,
    /// Set when the holder bears losses.
    charge: Option<Charge>,
    owed: Vec<Amount>,
}

impl Keeping {
    /// The acting office's own store, or its shelf with the goods of the owner named.
    pub fn of(draft: &mut Draft<'_>, shelf_of: Option<&Code>, loss: Loss) -> Result<Keeping, Stop> {
        let holder = draft.office()?;
        let Some(code) = shelf_of else {
            return Ok(Keeping {
                place: Place::store(holder),
                owner: holder,
                holder,
                charge: None,
                owed: Vec::new(),
            });
        };
        let owner = draft.other_office("shelf_of", code)?;
        let day = draft.supplied_on();
        let agreement = draft
            .masters()
            .agreement_between(AgreementKind::Consign, owner, holder, day);
        let Some((agreement, terms)) =
            agreement.and_then(|agreement| Some((agreement, agreement.terms.on(day)?)))
        else {
            return refuse("shelf_of", Why::AgreementMissing);
        };
        draft.under(agreement.id);
        Ok(Keeping {
            place: Place::shelf(owner, holder),
            owner,
            holder,
            charge: (loss.bearer(terms) == Bearer::Other).then(|| Charge::of(agreement, terms)),
            owed: Vec::new(),
        })
    }

    /// Where lost goods go: to whoever bears the loss.
    pub fn lost(&self) -> Place {
        let bearer = if self.charge.is_some() {
            self.holder
        } else {
            self.owner
        };
        Place::own(PlaceKind::Lost, bearer)
    }

    /// Where found goods come from.
    pub fn found(&self) -> Place {
        Place::own(PlaceKind::Found, self.owner)
    }

    /// Moves goods to whoever bears their loss.
    pub fn lose(
        &self,
        draft: &mut Draft<'_>,
        field: &str,
        lot: LotId,
        quantity: Quantity,
        assumed: bool,
    ) -> Result<(), Stop> {
        draft.move_chosen(field, lot, self.place, self.lost(), quantity, assumed)
    }

    /// Notes what the holder owes for a line, where it bears the loss; rounded once per line.
    pub fn owe(
        &mut self,
        draft: &Draft<'_>,
        field: &str,
        product: &Product,
        quantity: Quantity,
        stated: Option<UnitPrice>,
    ) -> Result<(), Stop> {
        let Some(charge) = &self.charge else {
            if stated.is_none() {
                return Ok(());
            }
            let problem = "unit_price は、預かった側が損失を負担する取り決めのときだけ書いてください。";
            let problem = problem.to_owned();
            return refuse(format!("{field}.unit_price"), Why::Malformed { problem });
        };
        let price = draft.price(field, product, stated, charge.basis, &charge.channels)?;
        let yen = charge.yen(product, quantity, price.unit_price, stated.is_some());
        let too_large = |_| Refusal::at(format!("{field}.quantity"), Why::AmountTooLarge);
        let (yen, basis) = (yen.map_err(too_large)?, price.basis);
        let tax = match charge.treatment {
            LossTreatment::Sale => draft.tax_of(product, SupplyMode::Delivery)?,
            LossTreatment::Compensation => TaxRate::OUT_OF_SCOPE,
        };
        let work = draft.product_facts(product)?.work.clone();
        self.owed.push(Amount {
            yen,
            tax,
            basis,
            work,
        });
        Ok(())
    }

    /// Posts what the holder owes: a sale at the agreed price ("missing = sold"), or a compensation, 不課税.
    pub fn post(self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let Some(charge) = self.charge else {
            return Ok(());
        };
        let income = match charge.treatment {
            LossTreatment::Sale => AccountKind::Sales,
            LossTreatment::Compensation => AccountKind::CompensationIncome,
        };
        let expense = (BookUnit::production(self.holder), AccountKind::CompensationPaid);
        let owed = Amount::gather(self.owed)?;
        Ok(draft.sell_between(self.owner, self.holder, &owed, income, expense)?)
    }
}
