//! Codes of an act looked up in the book; what is not there is refused with the field's name.

use super::Draft;
use crate::{
    command::entry_id,
    facts::{EntryFact, Need},
    id::{Acting, CashPlaceId, OfficeId, PartnerId},
    masters::{CashPlaceKind, Masters, PUBLIC_CODE, Product, ProductFacts},
    quantity::{Quantity, StatedQuantity},
    refs::{EntryRef, ProductRef},
    refusal::{Refusal, Stop, Why},
    text::{Code, LotCode},
};

impl<'a> Draft<'a> {
    /// An office of the book.
    pub fn office_of(&mut self, field: &str, code: &Code) -> Result<OfficeId, Refusal> {
        let office = self.masters().office_by_code(code).map(|office| office.id);
        let office = office.ok_or_else(|| {
            Refusal::at(
                field,
                Why::OfficeUnknown {
                    code: code.to_string(),
                },
            )
        })?;
        self.touch(office);
        Ok(office)
    }

    /// An office of the book other than the acting one.
    pub fn other_office(&mut self, field: &str, code: &Code) -> Result<OfficeId, Refusal> {
        let office = self.office_of(field, code)?;
        if Some(office) == self.acting().office() {
            return Err(Refusal::at(field, Why::SameOffice));
        }
        Ok(office)
    }

    /// A partner as the acting office names it; 一般客 when no code is given.
    pub fn partner(&self, field: &str, code: Option<&Code>) -> Result<PartnerId, Refusal> {
        let Some(code) = code.filter(|code| code.as_ref() != PUBLIC_CODE) else {
            return Ok(Masters::public());
        };
        let partner = self.masters().partner_by_code(self.acting().office(), code);
        partner.ok_or_else(|| {
            Refusal::at(
                field,
                Why::PartnerUnknown {
                    code: code.to_string(),
                },
            )
        })
    }

    /// A product: of the acting office, or of the office named.
    pub fn product(&self, field: &str, product: &ProductRef) -> Result<&'a Product, Refusal> {
        let masters = self.facts.masters_ref();
        let office = match &product.office {
            None => self.acting().office(),
            Some(code) => masters.office_by_code(code).map(|office| office.id),
        };
        let found = office.and_then(|office| masters.product_by_code(office, &product.code));
        found.ok_or_else(|| {
            Refusal::at(
                field,
                Why::ProductUnknown {
                    code: product.to_string(),
                },
            )
        })
    }

    /// The dated facts of a product on the day of supply.
    pub fn product_facts(&self, product: &'a Product) -> Result<&'a ProductFacts, Refusal> {
        (product.facts.on_or_first(self.supplied_on())).ok_or_else(|| {
            Refusal::at(
                "product",
                Why::ProductUnknown {
                    code: product.code.to_string(),
                },
            )
        })
    }

    /// A product's stated quantity, above nought.
    pub fn quantity(
        &self,
        field: &str,
        product: &Product,
        stated: &StatedQuantity,
    ) -> Result<Quantity, Refusal> {
        let wrong = |error: crate::quantity::QuantityError| {
            Refusal::at(
                field,
                Why::QuantityWrong {
                    problem: format!("{error}(入力: {stated})"),
                },
            )
        };
        product.unit.read(stated).map_err(wrong)
    }

    /// Like [`Draft::quantity`], but nought is allowed (counts).
    pub fn quantity_or_zero(
        &self,
        field: &str,
        product: &Product,
        stated: &StatedQuantity,
    ) -> Result<Quantity, Refusal> {
        let wrong = |error: crate::quantity::QuantityError| {
            Refusal::at(
                field,
                Why::QuantityWrong {
                    problem: format!("{error}(入力: {stated})"),
                },
            )
        };
        product.unit.read_or_zero(stated).map_err(wrong)
    }

    /// Asks for many lots at once, so that the store loads them in one go.
    pub fn want_lots<'c>(&self, codes: impl IntoIterator<Item = &'c LotCode>) -> Result<(), Stop> {
        let missing: Vec<Need> = (codes.into_iter())
            .filter(|code| self.facts.lot_by_code(code).is_err())
            .map(|code| Need::Lot(code.clone()))
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Stop::Need(missing))
        }
    }

    /// Another entry.
    pub fn entry(&self, field: &str, reference: &EntryRef) -> Result<&'a EntryFact, Stop> {
        let unknown = || {
            Refusal::at(
                field,
                Why::EntryUnknown {
                    key: reference.key.to_string(),
                },
            )
        };
        let acting = reference
            .acting(self.masters(), self.acting())
            .ok_or_else(unknown)?;
        let fact = self.facts.entry(entry_id(acting, &reference.key))?;
        Ok(fact.ok_or_else(unknown)?)
    }

    /// Another entry of one of these kinds that has not been reversed.
    pub fn entry_of_kind(
        &self,
        field: &str,
        reference: &EntryRef,
        kinds: &[&str],
    ) -> Result<&'a EntryFact, Stop> {
        let fact = self.entry(field, reference)?;
        let key = reference.key.to_string();
        if !kinds.contains(&fact.entry.kind.as_str()) {
            let kind = fact.entry.kind.clone();
            return Err(Refusal::at(field, Why::WrongKindOfEntry { key, kind }).into());
        }
        match fact.reversed_by {
            None => Ok(fact),
            Some(_) => Err(Refusal::at(field, Why::ReversedAlready).into()),
        }
    }

    /// A cash or bank place of the acting office: the one named, else the first of the kind.
    pub fn cash_place(
        &self,
        field: &str,
        kind: CashPlaceKind,
        code: Option<&Code>,
    ) -> Result<(CashPlaceId, CashPlaceKind), Refusal> {
        let office = self.office()?;
        self.cash_place_of(field, office, kind, code)
    }

    /// A cash or bank place of an office.
    pub fn cash_place_of(
        &self,
        field: &str,
        office: OfficeId,
        kind: CashPlaceKind,
        code: Option<&Code>,
    ) -> Result<(CashPlaceId, CashPlaceKind), Refusal> {
        let place = match code {
            Some(code) => (self.masters().cash_place_by_code(office, code)).ok_or_else(|| {
                Refusal::at(
                    field,
                    Why::CashPlaceUnknown {
                        code: code.to_string(),
                    },
                )
            })?,
            None => (self.masters().usual_cash_place(office, kind))
                .ok_or_else(|| Refusal::at(field, Why::NoCashPlace))?,
        };
        Ok((place.id, place.kind))
    }
}

impl<'a> Draft<'a> {
    /// Another entry, named as another acting body names it.
    pub fn entry_as(&self, field: &str, reference: &EntryRef, by: Acting) -> Result<&'a EntryFact, Stop> {
        let unknown = || {
            Refusal::at(
                field,
                Why::EntryUnknown {
                    key: reference.key.to_string(),
                },
            )
        };
        let acting = reference.acting(self.masters(), by).ok_or_else(unknown)?;
        Ok(self
            .facts
            .entry(entry_id(acting, &reference.key))?
            .ok_or_else(unknown)?)
    }

    /// A product as another office names it.
    pub fn product_as(&self, office: Option<OfficeId>, product: &ProductRef) -> Option<&'a Product> {
        let masters = self.facts.masters_ref();
        let office = match &product.office {
            None => office?,
            Some(code) => masters.office_by_code(code)?.id,
        };
        masters.product_by_code(office, &product.code)
    }
}
