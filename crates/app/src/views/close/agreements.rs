//! Agreements with dealings that nobody has settled (精算) yet. The period is the agreement's own, by its 締日.

use super::{
    ClosePoint, Context, PointKind, TargetKind,
    held::{HeldEntry, lies},
    said_day,
};
use domain::{
    account::{Account, AccountKind, BookUnit},
    acts::Act,
    calendar::{Day, Month},
    masters::{Agreement, AgreementKind},
    tax::PriceBasis,
};

/// A warning for each agreement of the office that has something to settle in the period that ends in the month.
pub(super) fn unsettled(context: &Context<'_>) -> Vec<ClosePoint> {
    let mut agreements: Vec<&Agreement> = context
        .masters
        .agreements()
        .filter(|agreement| [agreement.producer, agreement.other].contains(&context.own))
        .collect();
    agreements.sort_by_key(|agreement| &agreement.code);
    agreements
        .into_iter()
        .filter_map(|agreement| of_agreement(context, agreement))
        .collect()
}

fn of_agreement(context: &Context<'_>, agreement: &Agreement) -> Option<ClosePoint> {
    let terms = agreement.terms.on(context.month.last_day())?;
    let period = period(context.month, terms.closing_day);
    let settled: Vec<(Day, Day)> = context
        .held
        .iter()
        .filter_map(|held| match &held.act {
            Some(Act::Settle(settle)) if settle.agreement == agreement.code => Some((settle.from, settle.to)),
            _ => None,
        })
        .collect();
    let open = context.held.iter().filter(|held| {
        let day = held.entry.supplied_on;
        lies(day, period)
            && is_to_settle(held, agreement)
            && !settled.iter().any(|settled| lies(day, *settled))
    });
    let many = open.count();
    if many == 0 {
        return None;
    }
    let other = if agreement.producer == context.own {
        agreement.other
    } else {
        agreement.producer
    };
    let sentence = format!(
        "{}との取り決め({})に、まだ精算していない取引が{many}件あります({}〜{})。締めたあとに精算すると、次の月の分になります。",
        context.masters.party_name(other.into(), period.1),
        agreement.code,
        said_day(period.0),
        said_day(period.1)
    );
    let target = Some((TargetKind::Agreement, agreement.code.to_string()));
    Some(ClosePoint::warns(PointKind::Unsettled, sentence, target))
}

/// The agreement's period that ends in a month.
fn period(month: Month, closing_day: Option<u8>) -> (Day, Day) {
    let whole = (month.first_day(), month.last_day());
    let Some(closing) = closing_day else {
        return whole;
    };
    let on = |month: Month| Day::from_ymd(month.year(), month.number(), u32::from(closing)).ok();
    let from = month.prev().and_then(on).and_then(Day::succ);
    from.zip(on(month)).unwrap_or(whole)
}

/// Whether a settlement would charge something for it: a commission, or the tax of 外税 prices.
fn is_to_settle(held: &HeldEntry, agreement: &Agreement) -> bool {
    let unit = BookUnit::production(agreement.producer);
    let claims = |kind| {
        let account = Account::with(unit, kind, agreement.other);
        held.postings.iter().any(|posting| posting.account == account)
    };
    let sales = Account::plain(unit, AccountKind::Sales);
    let sells = held.postings.iter().any(|posting| posting.account == sales);
    if agreement.kind == AgreementKind::Consign && sells && claims(AccountKind::ConsignmentReceivable) {
        return true;
    }
    let without_tax = held
        .postings
        .iter()
        .any(|posting| posting.basis == Some(PriceBasis::Exclusive) && posting.tax.percent > 0);
    held.entry.agreement == Some(agreement.id) && without_tax && claims(AccountKind::Receivable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_on_the_closing_day() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let january: Month = "2027-01".parse().unwrap();
        assert_eq!(period(january, None), (day("2027-01-01"), day("2027-01-31")));
        // over the year's end
        assert_eq!(period(january, Some(20)), (day("2026-12-21"), day("2027-01-20")));
    }
}
