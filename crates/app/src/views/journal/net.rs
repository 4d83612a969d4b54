//! 税抜: the tax of an entry is taken out once per rate, and shared over its lines without losing a yen.

use super::{On, Part, TaxSide};
use domain::{
    account::BookUnit,
    money::{Rounding, Yen, YenOverflow},
    split::split,
    tax::{PriceBasis, TaxRate, tax_within},
};
use store::LedgerLine;

/// Lines that are rounded together: of one unit, side and rate, and of one sign, so that a correction takes back exactly
/// what was taken out before.
type Together = (BookUnit, TaxSide, TaxRate, bool);

/// The parts without tax, and the tax on accounts of its own.
pub(super) fn of(ledger: &[LedgerLine], parts: Vec<Part>) -> Result<Vec<Part>, YenOverflow> {
    let mut net = Vec::with_capacity(parts.len());
    let mut gross: Vec<(Together, Part)> = Vec::new();
    let mut taxes: Vec<(Together, Yen)> = Vec::new();
    for (line, part) in ledger.iter().zip(parts) {
        let key = (line.account.unit, part.side, part.rate, part.yen < Yen::ZERO);
        if part.side == TaxSide::None || part.rate.percent == 0 {
            net.push(part);
            continue;
        }
        match line.basis {
            Some(PriceBasis::Inclusive) => gross.push((key, part)),
            // the tax of 外税 deliveries is posted when they are settled …
            Some(PriceBasis::Exclusive) => net.push(part),
            // … with its rate and without a price: all of it is tax
            None => taxes.push((key, part.yen)),
        }
    }
    let mut groups: Vec<(Together, Vec<Part>)> = Vec::new();
    for (key, part) in gross {
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, parts)) => parts.push(part),
            None => groups.push((key, vec![part])),
        }
    }
    for (key, parts) in groups {
        let total = Yen::sum(parts.iter().map(|part| part.yen))?;
        let tax = tax_within(total, key.2.percent, Rounding::Down)?;
        let weights: Vec<u64> = parts.iter().map(|part| part.yen.get().unsigned_abs()).collect();
        let shares = split(tax, &weights).unwrap_or_else(|_| vec![Yen::ZERO; parts.len()]);
        for (part, share) in parts.into_iter().zip(shares) {
            let yen = part.yen.checked_sub(share)?;
            net.push(Part { yen, ..part });
        }
        taxes.push((key, tax));
    }
    net.extend(taxes.into_iter().map(|((unit, side, rate, _), yen)| Part {
        on: match side {
            TaxSide::Sales => On::TaxReceived(unit),
            TaxSide::Purchases | TaxSide::None => On::TaxPaid(unit),
        },
        yen,
        rate,
        side,
        work: None,
    }));
    net.retain(|part| !part.yen.is_zero());
    Ok(net)
}
