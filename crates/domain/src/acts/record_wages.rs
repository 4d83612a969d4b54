//! record_wages 工賃: what an office owes its users for a month of work, in totals; never a person.
//!
//! Person-days (延べ利用者数) and open days (開所日数) are stated once per office, service type and month; later entries
//! of the month add amounts only.

use super::{Act, Rules, months::Months};
use crate::{
    account::{Account, AccountKind, BookUnit},
    calendar::Month,
    decide::act_of,
    draft::Draft,
    entry::Entry,
    facts::{Answer, Question},
    id::OfficeId,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
    tax::TaxRate,
    text::Code,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// サービス種別.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServiceType {
    /// 就労継続支援B型.
    BType,
    /// 就労継続支援A型.
    AType,
    /// 就労移行支援.
    Transition,
    /// 生活介護.
    DailyCare,
}

/// Under which name it is paid; all of them count as 工賃.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PayKind {
    /// 工賃.
    #[default]
    Wage,
    /// 手当.
    Allowance,
    /// 賞与.
    Bonus,
}

/// Wages of a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordWages {
    /// The month worked; the entry is dated its last day.
    pub month: Month,
    /// Totals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<WageAmount>,
    /// Person-days and open days, with the month's first entry of a service type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attendance: Vec<Attendance>,
}

/// A total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WageAmount {
    /// サービス種別.
    pub service: ServiceType,
    /// 工賃, 手当 or 賞与.
    #[serde(default)]
    pub pay: PayKind,
    /// Months a bonus is for: with 賞与, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<Months>,
    /// 作業種別.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Code>,
    /// Yen, of all users together.
    pub yen: Yen,
}

/// How much the service was used in the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    /// サービス種別.
    pub service: ServiceType,
    /// 延べ利用者数 on open days.
    #[cfg_attr(feature = "openapi", schema(maximum = 4_294_967_295_u32))]
    pub person_days: u32,
    /// 開所日数: days with production activity.
    #[cfg_attr(feature = "openapi", schema(maximum = 31))]
    pub open_days: u8,
}

impl Rules for RecordWages {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        let unit = BookUnit::production(office);
        let last = self.month.last_day();
        if draft.supplied_on() != last {
            return refuse("supplied_on", Why::WagesDayWrong { last });
        }
        if self.attendance.is_empty() {
            draft.lines_are_sound("amounts", self.amounts.len())?;
        }
        let stated = self.attendance(draft, office)?;
        let mut total = Yen::ZERO;
        let mut by_work: BTreeMap<Option<&Code>, Yen> = BTreeMap::new();
        let too_large = |_| Refusal::at("amounts", Why::AmountTooLarge);
        for (n, amount) in self.amounts.iter().enumerate() {
            self.check_amount(amount, &format!("amounts[{n}]"), &stated)?;
            let sum = by_work.entry(amount.work.as_ref()).or_default();
            *sum = sum.checked_add(amount.yen).map_err(too_large)?;
            total = total.checked_add(amount.yen).map_err(too_large)?;
        }
        for (work, yen) in by_work {
            let wages = Account::plain(unit, AccountKind::Wages);
            draft.post_as(wages, yen, TaxRate::OUT_OF_SCOPE, None, work.cloned());
        }
        draft.post(Account::plain(unit, AccountKind::UnpaidWages), total.negated());
        Ok(())
    }
}

impl RecordWages {
    /// Attendance that holds for the month: stated in earlier entries or here, never both.
    fn attendance(
        &self,
        draft: &Draft<'_>,
        office: OfficeId,
    ) -> Result<BTreeMap<ServiceType, Attendance>, Stop> {
        let mut stated = stated_before(draft, office, self.month)?;
        for (n, attendance) in self.attendance.iter().enumerate() {
            let field = format!("attendance[{n}]");
            let earlier = self.attendance.iter().take(n);
            if earlier
                .into_iter()
                .any(|other| other.service == attendance.service)
            {
                return refuse(format!("{field}.service"), Why::LineTwice);
            }
            let month = self.month;
            if stated.insert(attendance.service, *attendance).is_some() {
                return refuse(field, Why::PersonDaysStated { month });
            }
            let too_many = i32::from(attendance.open_days) > month.last_day().as_number() % 100;
            if too_many || attendance.open_days == 0 && attendance.person_days > 0 {
                return refuse(format!("{field}.open_days"), Why::OpenDaysWrong { month });
            }
        }
        Ok(stated)
    }

    fn check_amount(
        &self,
        amount: &WageAmount,
        field: &str,
        stated: &BTreeMap<ServiceType, Attendance>,
    ) -> Result<(), Refusal> {
        let month = self.month;
        if !amount.yen.is_positive() {
            return Err(Refusal::at(format!("{field}.yen"), Why::AmountNotPositive));
        }
        if (amount.pay == PayKind::Bonus) != amount.months.is_some() {
            let problem =
                "賞与(bonus)には、何月分か(months)を書いてください。ほかには書きません。".to_owned();
            return Err(Refusal::at(format!("{field}.months"), Why::Malformed { problem }));
        }
        if let Some(months) = amount.months {
            months.check(&format!("{field}.months"))?;
        }
        match stated.get(&amount.service) {
            None => Err(Refusal::at("attendance", Why::PersonDaysMissing { month })),
            Some(attendance) if attendance.person_days == 0 => Err(Refusal::at(
                format!("{field}.service"),
                Why::NoPersonDays { month },
            )),
            Some(_) => Ok(()),
        }
    }
}

/// What the month's entries that still hold have stated; a correction counts as its right version.
fn stated_before(
    draft: &Draft<'_>,
    office: OfficeId,
    month: Month,
) -> Result<BTreeMap<ServiceType, Attendance>, Stop> {
    let mut stated = BTreeMap::new();
    for kind in ["record_wages", "correct"] {
        let question = Question::OfKind(office, kind.to_owned(), month.first_day(), month.last_day());
        let Answer::Entries(entries) = draft.facts().answer(&question)? else {
            return refuse("", Why::Broken { what: "of kind" });
        };
        let holding = (entries.iter())
            .filter(|fact| fact.reversed_by.is_none() && Some(fact.entry.id) != draft.replaces());
        for attendance in holding.flat_map(|fact| attendance_in(&fact.entry)) {
            stated.insert(attendance.service, attendance);
        }
    }
    Ok(stated)
}

fn attendance_in(entry: &Entry) -> Vec<Attendance> {
    match act_of(entry) {
        Some(Act::RecordWages(wages)) => wages.attendance,
        Some(Act::Correct(correct)) => match correct.right {
            Act::RecordWages(wages) => wages.attendance,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
