//! What of a lot comes back: pieces of an original, taken in their order, each yen for yen.

use super::GiveBackLine;
use crate::{
    acts::original::too_large,
    draft::{Amount, Draft},
    id::LotId,
    masters::Product,
    money::{Rounding, Yen},
    quantity::Quantity,
    refs::ProductRef,
    refusal::{Refusal, Stop, Why, refuse},
};

/// One lot of one line of an original.
pub(super) struct Piece<'a, T> {
    pub lot: LotId,
    pub product: &'a Product,
    /// How much of it was sold or received.
    pub quantity: Quantity,
    /// How much of that came back so far.
    pub back: Quantity,
    /// What it was sold for, and the like.
    pub what: T,
}

impl<T> Piece<'_, T> {
    pub const fn left(&self) -> i64 {
        self.quantity.get().saturating_sub(self.back.get())
    }
}

/// Takes a quantity of what matches, in the pieces' order. Returns each piece's place in the list with its quantities
/// before and after; `None` when less is left.
pub(super) fn take<T>(
    pieces: &mut [Piece<'_, T>],
    matches: impl Fn(&Piece<'_, T>) -> bool,
    quantity: Quantity,
) -> Option<Vec<(usize, Quantity, Quantity)>> {
    let mut rest = quantity.get();
    let mut taken = Vec::new();
    for (n, piece) in pieces.iter_mut().enumerate() {
        let part = piece.left().clamp(0, rest);
        if part == 0 || !matches(piece) {
            continue;
        }
        let after = Quantity::try_new(piece.back.get().saturating_add(part)).ok()?;
        taken.push((n, piece.back, after));
        piece.back = after;
        rest -= part;
    }
    (rest == 0).then_some(taken)
}

/// The part of an amount that belongs to the quantities from `before` to `after` of `of`. Rounded down on the running
/// total: whatever the steps, all of it comes to the whole amount.
pub(super) fn part(yen: Yen, before: Quantity, after: Quantity, of: Quantity) -> Result<Yen, Refusal> {
    let until = |quantity: Quantity| {
        let numerator = i128::from(yen.get()) * i128::from(quantity.get());
        Rounding::Down
            .divide(numerator, i128::from(of.get()))
            .map_err(|_| too_large())
    };
    until(after)?.checked_sub(until(before)?).map_err(|_| too_large())
}

/// The pieces that a line of the return means: of its lot, or of its product.
pub(super) fn wanted<T>(
    draft: &Draft<'_>,
    field: &str,
    line: &GiveBackLine,
    pieces: &mut [Piece<'_, T>],
) -> Result<Vec<(usize, Quantity, Quantity)>, Stop> {
    let lot = match &line.lot {
        None => None,
        Some(code) => Some(draft.lot(&format!("{field}.lot"), code)?.id),
    };
    let is_named = |product: &Product, named: &ProductRef| {
        let office = draft.masters().office(product.office).map(|office| &office.code);
        product.code == named.code && (named.office.is_none() || named.office.as_ref() == office)
    };
    let matches = |piece: &Piece<'_, T>| {
        lot.is_none_or(|lot| piece.lot == lot)
            && (line.product.as_ref()).is_none_or(|named| is_named(piece.product, named))
    };
    let named = match (&line.lot, &line.product) {
        (Some(lot), _) => lot.to_string(),
        (None, Some(product)) => product.to_string(),
        (None, None) => return refuse(field, lot_or_product()),
    };
    let at_quantity = format!("{field}.quantity");
    let more = || Refusal::at(&at_quantity, Why::MoreThanOriginal { lot: named });
    let Some(product) = pieces
        .iter()
        .find(|piece| matches(piece))
        .map(|piece| piece.product)
    else {
        return Err(more().into());
    };
    let quantity = draft.quantity(&at_quantity, product, &line.quantity)?;
    Ok(take(pieces, matches, quantity).ok_or_else(more)?)
}

pub(super) fn lot_or_product() -> Why {
    let problem = "lot か product を書いてください。".to_owned();
    Why::Malformed { problem }
}

/// [`part`] of an amount, on the other side.
pub(super) fn refund(
    amount: &Amount,
    before: Quantity,
    after: Quantity,
    of: Quantity,
) -> Result<Amount, Refusal> {
    Ok(Amount {
        yen: part(amount.yen, before, after, of)?.negated(),
        ..amount.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_yen_for_three_comes_back_in_three_steps_without_loss() {
        let quantity = |steps| Quantity::try_new(steps).unwrap();
        let part = |before, after| {
            part(Yen::new(1_000), quantity(before), quantity(after), quantity(3))
                .unwrap()
                .get()
        };
        // 1,000 / 3 = 333.33…: running totals 333, 666, 1,000
        assert_eq!((part(0, 1), part(1, 2), part(2, 3)), (333, 333, 334));
        assert_eq!((part(0, 3), part(1, 3)), (1_000, 667));
    }
}
