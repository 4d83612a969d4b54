//! Months, deliveries, cash and proposals as points.

use super::{ClosePoint, Context, PointKind, PointTarget, TargetKind, ViewError, said, said_day};
use crate::{
    Book,
    access::proposals::{Proposal, Which, proposals as open_proposals},
    views::deliveries::Delivery,
};
use domain::{
    account::{AccountKind, Class},
    acts::Act,
    calendar::{Day, Month, business_day},
    masters::CashPlaceKind,
    money::Yen,
    text::Code,
};
use std::collections::BTreeSet;
use store::Snapshot;

/// Proposals that are looked at.
const MANY: u64 = 500;

impl ClosePoint {
    pub(super) fn warns(
        what: PointKind,
        sentence: String,
        target: Option<(TargetKind, String)>,
    ) -> ClosePoint {
        ClosePoint {
            what,
            stops: false,
            sentence,
            target: target.map(|(kind, name)| PointTarget { kind, name }),
        }
    }
}

/// What the act itself refuses.
pub(super) fn stops(through: Option<Month>, month: Month, today: Day) -> Vec<ClosePoint> {
    let stop = |what, sentence| ClosePoint {
        stops: true,
        ..ClosePoint::warns(what, sentence, None)
    };
    let mut points = Vec::new();
    if month >= today.month() {
        let from = month.next().map_or_else(String::new, |next| {
            format!("{}から締められます。", said_day(next.first_day()))
        });
        let sentence = format!("{}は、まだ終わっていません。{from}", said(month));
        points.push(stop(PointKind::MonthNotOver, sentence));
    }
    match through {
        Some(closed) if month <= closed => {
            let sentence = format!(
                "{}は、もう締めてあります。締めた月は開きません。あとから分かったことは、いまの日付で記録します。",
                said(month)
            );
            points.push(stop(PointKind::AlreadyClosed, sentence));
        }
        Some(closed) => {
            if let Some(expected) = closed.next().filter(|expected| *expected != month) {
                let sentence = format!(
                    "{}が、まだ締まっていません。月は順に締めます。先に{}を締めてください。",
                    said(expected),
                    said(expected)
                );
                points.push(stop(PointKind::EarlierMonthOpen, sentence));
            }
        }
        None => {}
    }
    points
}

/// A shipment that was sent in the month or before and has not been received.
pub(super) fn on_the_way(delivery: &Delivery, office: &Code, month: Month) -> Option<ClosePoint> {
    if delivery.sent_on > month.last_day() {
        return None;
    }
    let day = said_day(delivery.sent_on);
    let is_to_us = delivery.to.code == office.as_str();
    let (sentence, kind) = if is_to_us {
        let sentence = format!(
            "{day}に{}が送ったものを、まだ受け取っていません。受け取りを記録してください。",
            delivery.from.name
        );
        (sentence, TargetKind::Delivery)
    } else {
        let sentence = format!(
            "{day}に{}へ送ったものが、まだ受け取られていません。相手に確かめてください。",
            delivery.to.name
        );
        (sentence, TargetKind::Entry)
    };
    let target = Some((kind, delivery.shipment.0.to_string()));
    Some(ClosePoint::warns(PointKind::OpenShipment, sentence, target))
}

/// Differences of cash in the month, and cash boxes that nobody counted in it.
pub(super) async fn cash(context: &Context<'_>, snapshot: &Snapshot) -> Result<Vec<ClosePoint>, ViewError> {
    let mut points = Vec::new();
    let mut counted: BTreeSet<&Code> = BTreeSet::new();
    let mut used = BTreeSet::new();
    for held in context.held.iter().filter(|held| context.has(held.entry.book_on)) {
        let own = held
            .postings
            .iter()
            .filter(|posting| posting.account.unit.office() == Some(context.own));
        let mut short = Yen::ZERO;
        for posting in own {
            used.extend(posting.account.cash_place);
            if posting.account.kind == AccountKind::CashOverShort {
                short = short.checked_add(posting.yen).unwrap_or(short);
            }
        }
        let place = match &held.act {
            Some(Act::CountCash(count)) if held.entry.acting.office() == Some(context.own) => {
                counted.insert(&count.place);
                let known = context.masters.cash_place_by_code(context.own, &count.place);
                known.map_or("現金", |place| place.name.as_str())
            }
            _ => "現金",
        };
        if !short.is_zero() {
            let (yen, how) = match short.get() {
                yen if yen > 0 => (yen, "足りませんでした"),
                yen => (yen.saturating_neg(), "多くありました"),
            };
            let sentence = format!(
                "{}に数えたとき、{place}のお金が{yen}円{how}(現金過不足)。わけが分かったら、訂正してください。",
                said_day(held.entry.supplied_on)
            );
            let target = Some((TargetKind::Entry, held.entry.id.0.to_string()));
            points.push(ClosePoint::warns(PointKind::CashDifference, sentence, target));
        }
    }
    for sum in snapshot.sums_of_office(context.own).await? {
        used.extend(
            sum.account
                .cash_place
                .filter(|_| sum.account.kind.class() == Class::Asset),
        );
    }
    let mut boxes: Vec<_> = context
        .masters
        .cash_places()
        .filter(|place| place.office == context.own && place.kind != CashPlaceKind::Bank)
        // in a box that has never been used there is nothing to count
        .filter(|place| used.contains(&place.id) && !counted.contains(&place.code))
        .collect();
    boxes.sort_by_key(|place| &place.code);
    points.extend(boxes.into_iter().map(|place| {
        let sentence = format!(
            "{}のお金を、{}に数えた記録がありません。数えて記録してください。",
            place.name,
            said(context.month)
        );
        let target = Some((TargetKind::CashPlace, place.code.to_string()));
        ClosePoint::warns(PointKind::CashNotCounted, sentence, target)
    }));
    Ok(points)
}

/// Proposals that wait and are about the month; to others than the office itself only how many there are.
pub(super) async fn proposals(
    book: &Book,
    context: &Context<'_>,
    is_own: bool,
) -> Result<Vec<ClosePoint>, ViewError> {
    let offices = BTreeSet::from([context.own]);
    let open = open_proposals(book, &offices, &BTreeSet::new(), Which::Open, MANY).await?;
    let last = context.month.last_day();
    let today = business_day(book.outside().clock.now());
    let day_of = |proposal: &Proposal| proposal.command.head.supplied_on;
    let open: Vec<Proposal> = open
        .into_iter()
        .filter(|proposal| day_of(proposal) <= last.min(today))
        .collect();
    if is_own {
        return Ok(open
            .iter()
            .map(|proposal| {
                let sentence = format!(
                    "{}の申し出({})が、返事を待っています。",
                    said_day(day_of(proposal)),
                    Act::label(proposal.command.act.kind())
                );
                let target = Some((TargetKind::Proposal, proposal.id.to_string()));
                ClosePoint::warns(PointKind::OpenProposal, sentence, target)
            })
            .collect());
    }
    let many = open.len();
    let sentence = format!("返事を待っている申し出が、{many}件あります。");
    let point = ClosePoint::warns(PointKind::OpenProposal, sentence, None);
    Ok((many > 0).then_some(point).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn only_what_the_act_refuses_stops() {
        let today: Day = "2026-07-10".parse().unwrap();
        let of = |through: Option<&str>, asked: &str| {
            let stops = stops(through.map(month), month(asked), today);
            stops.iter().map(|point| point.what).collect::<Vec<_>>()
        };
        assert_eq!(of(None, "2026-06"), []);
        assert_eq!(of(Some("2026-05"), "2026-06"), []);
        assert_eq!(of(Some("2026-06"), "2026-06"), [PointKind::AlreadyClosed]);
        assert_eq!(of(Some("2026-04"), "2026-06"), [PointKind::EarlierMonthOpen]);
        assert_eq!(
            of(Some("2026-05"), "2026-07"),
            [PointKind::MonthNotOver, PointKind::EarlierMonthOpen]
        );
    }
}
