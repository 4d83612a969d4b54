//! 締める前に見ること: what of a month of an office is still open. Only what the act `close` itself refuses stops; all else
//! warns, because a month with something open can be closed: what comes later counts for the next open day.

mod agreements;
pub(super) mod goods;
pub(super) mod held;
mod points;

use super::{
    ViewError,
    deliveries::deliveries,
    names::{self, Named},
};
use crate::{Book, viewer::Viewer};
use domain::{
    acts::Act,
    calendar::{Day, Month, business_day},
    id::{EntryId, OfficeId},
    masters::Masters,
    text::Code,
};
use held::Held;
use serde::Serialize;
use utoipa::ToSchema;

/// What there is to see before a month of an office is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CloseCheck {
    /// Whose month.
    pub office: Named,
    /// Which.
    pub month: Month,
    /// The last month closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<Month>,
    /// Nothing stops it.
    pub can_close: bool,
    /// What is open, what stops first.
    pub points: Vec<ClosePoint>,
    /// Months closed before, the newest first.
    pub closed: Vec<ClosedMonth>,
}

/// Something open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClosePoint {
    /// What.
    pub what: PointKind,
    /// It stops the closing; else it warns.
    pub stops: bool,
    /// In a sentence that says what to do.
    pub sentence: String,
    /// Where that is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<PointTarget>,
}

/// What can be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PointKind {
    /// The month is not over.
    MonthNotOver,
    /// It is closed.
    AlreadyClosed,
    /// An earlier one is not.
    EarlierMonthOpen,
    /// Goods are on their way.
    OpenShipment,
    /// Goods left that the book did not have, and nobody has counted since.
    FoundAhead,
    /// Cash was short or over.
    CashDifference,
    /// Nobody counted a cash box.
    CashNotCounted,
    /// A proposal waits.
    OpenProposal,
    /// An agreement's dealings are not settled.
    Unsettled,
}

/// Where a point is seen to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PointTarget {
    /// Kind of thing.
    pub kind: TargetKind,
    /// Id of an entry or proposal, code of all else.
    pub name: String,
}

/// Kinds of things that a point leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// 伝票.
    Entry,
    /// 出荷, still on its way to the office.
    Delivery,
    /// ロット.
    Lot,
    /// 現金の置き場.
    CashPlace,
    /// 申し出.
    Proposal,
    /// 取り決め.
    Agreement,
}

/// A month that was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClosedMonth {
    /// Which.
    pub month: Month,
    /// Who closed it: the office, or a network's coordinator.
    pub by: Named,
    /// The day it was recorded.
    pub on: Day,
    /// Its entry.
    pub entry: EntryId,
}

/// How far the members of a network have closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkCloses {
    /// 連絡会.
    pub network: Named,
    /// The month asked about.
    pub month: Month,
    /// Members of today and of the month's end, by code.
    pub offices: Vec<OfficeClose>,
}

/// How far an office has closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeClose {
    /// Which.
    pub office: Named,
    /// The last month closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<Month>,
    /// Nothing stops it.
    pub can_close: bool,
    /// Open points that warn.
    pub open_points: usize,
}

/// What is open in a month of an office; `None` for whom the office's books are closed.
///
/// # Errors
/// [`ViewError`].
pub async fn close_check(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
    month: Month,
) -> Result<Option<CloseCheck>, ViewError> {
    let moment = book.moment().await?;
    let masters = &moment.masters;
    let today = business_day(book.outside().clock.now());
    let Some(own) = masters.office_by_code(office).map(|known| known.id) else {
        return Ok(None);
    };
    let gate = viewer.gate(masters);
    // of a month before a coordinator's office joined nothing is told
    if !gate.follows(own, today) || !gate.follows(own, month.last_day().min(today)) {
        return Ok(None);
    }
    let through = masters.closed_through(own);
    let mut points = points::stops(through, month, today);
    for delivery in deliveries(book, viewer, own).await? {
        points.extend(points::on_the_way(&delivery, office, month));
    }
    let held = Held::read(&moment, own, month).await?;
    let context = Context {
        masters,
        own,
        month,
        held: &held,
    };
    points.extend(goods::found_ahead(&context, &moment.snapshot).await?);
    points.extend(points::cash(&context, &moment.snapshot).await?);
    let is_own = viewer.rights().is_none_or(|rights| rights.offices.contains(&own));
    points.extend(points::proposals(book, &context, is_own).await?);
    points.extend(agreements::unsettled(&context));
    points.sort_by_key(|point| (!point.stops, point.what));
    Ok(Some(CloseCheck {
        office: names::party(masters, own.into(), today),
        month,
        through,
        can_close: points.iter().all(|point| !point.stops),
        points,
        closed: closed(
            masters,
            own,
            held::closes(&moment.snapshot, masters, &[own], None).await?,
            today,
        ),
    }))
}

/// How far the members of a network have closed, to its coordinators.
///
/// # Errors
/// As [`close_check`].
pub async fn network_closes(
    book: &Book,
    viewer: &Viewer,
    network: &Code,
    month: Month,
) -> Result<Option<NetworkCloses>, ViewError> {
    let moment = book.moment().await?;
    let masters = &moment.masters;
    let today = business_day(book.outside().clock.now());
    let Some(known) = masters.network_by_code(network) else {
        return Ok(None);
    };
    if viewer
        .rights()
        .is_some_and(|rights| !rights.networks.contains(&known.id))
    {
        return Ok(None);
    }
    // whoever coordinates closes for those who were there when the month ended and are there now
    let mut members: Vec<Code> = masters
        .offices()
        .filter(|office| known.has(office.id, today) && known.has(office.id, month.last_day().min(today)))
        .map(|office| office.code.clone())
        .collect();
    members.sort();
    let mut offices = Vec::new();
    for code in members {
        if let Some(check) = close_check(book, viewer, &code, month).await? {
            offices.push(OfficeClose {
                office: check.office,
                through: check.through,
                can_close: check.can_close,
                open_points: check.points.iter().filter(|point| !point.stops).count(),
            });
        }
    }
    let name = known.name.on_or_first(today);
    Ok(Some(NetworkCloses {
        network: Named::new(network.as_str(), name.map_or("", |name| name.as_str())),
        month,
        offices,
    }))
}

/// What all questions about a month go by.
struct Context<'a> {
    masters: &'a Masters,
    own: OfficeId,
    month: Month,
    held: &'a Held,
}

impl Context<'_> {
    fn has(&self, day: Day) -> bool {
        self.month.contains(day)
    }
}

fn closed(
    masters: &Masters,
    own: OfficeId,
    closes: Vec<(OfficeId, Month, domain::entry::Entry)>,
    today: Day,
) -> Vec<ClosedMonth> {
    let mut months: Vec<ClosedMonth> = closes
        .into_iter()
        .filter(|(office, ..)| *office == own)
        .map(|(_, month, entry)| ClosedMonth {
            month,
            by: names::acting(masters, entry.acting, today),
            on: business_day(entry.recorded_at),
            entry: entry.id,
        })
        .collect();
    months.sort_by_key(|closed| std::cmp::Reverse(closed.month));
    months
}

/// The office that a closing is of, and its month.
fn closing_of(masters: &Masters, entry: &domain::entry::Entry) -> Option<(OfficeId, Month)> {
    let Some(Act::Close(close)) = domain::decide::act_of(entry) else {
        return None;
    };
    let office = match &close.of {
        None => entry.acting.office()?,
        Some(code) => masters.office_by_code(code)?.id,
    };
    Some((office, close.month))
}

/// A month in words.
pub fn said(month: Month) -> String {
    format!("{}年{}月", month.year(), month.number())
}

/// A day in words, without its year.
pub(super) fn said_day(day: Day) -> String {
    let number = day.as_number();
    format!("{}月{}日", number / 100 % 100, number % 100)
}
