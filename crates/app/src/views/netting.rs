//! 相殺の案: what the members of a network, or two offices, owe each other now, and what few payments would be left if it
//! were set off. Nothing is recorded by looking; [`crate::netting`] proposes it.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    account::{BookUnit, Section},
    acts::net::Net,
    calendar::{Day, business_day},
    id::{NetworkId, OfficeId},
    masters::Masters,
    money::{Yen, YenOverflow},
    netting::{Owes, Plan, Unit, plan, standing},
    text::Code,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A plan for a network, or for two offices.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NettingView {
    /// Whose members; none for two offices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Named>,
    /// The day of the balances: today.
    pub day: Day,
    /// Who pays whom as it stands.
    pub before: NettingSide,
    /// Who pays whom then.
    pub after: NettingSide,
    /// All offices that could take part, by code.
    pub offices: Vec<NettingOffice>,
    /// Changes with the plan; sent along, only the plan that was seen is proposed.
    pub version: String,
}

/// All payments of one side.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NettingSide {
    /// How many.
    pub payments: usize,
    /// Their sum.
    pub yen: Yen,
    /// One each for who pays whom.
    pub lines: Vec<NettingLine>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NettingLine {
    /// Who pays.
    pub debtor: Named,
    /// Out of which books.
    pub section: Section,
    /// Who is paid.
    pub creditor: Named,
    /// Into which books.
    pub their_section: Section,
    /// How much.
    pub yen: Yen,
    /// Nothing of it is set off: one of the two stays out.
    pub untouched: bool,
}

/// What an office has of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NettingOffice {
    /// Which.
    pub office: Named,
    /// What it is owed, before and after.
    pub claims: [Yen; 2],
    /// What it owes, before and after.
    pub debts: [Yen; 2],
    /// It was left out as asked.
    pub stays_out: bool,
    /// Something of it changes, so its yes is needed.
    pub touched: bool,
}

/// A plan with what makes it an act.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// For people.
    pub view: NettingView,
    /// The act, to which nobody has said yes yet.
    pub net: Net,
}

/// The plan for a network of whose offices some stay out, to its coordinators.
pub(crate) async fn plan_of_network(
    book: &Book,
    viewer: &Viewer,
    network: &Code,
    stay_out: &BTreeSet<Code>,
) -> Result<Option<Planned>, ViewError> {
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
    let name = known.name.on_or_first(today);
    let named = Named::new(network.as_str(), name.map_or("", |name| name.as_str()));
    // asking the gate writes each into the register
    let gate = viewer.gate(masters);
    let members = members(masters, known.id, today);
    let members: Vec<OfficeId> = members
        .into_iter()
        .filter(|office| gate.sees_books(BookUnit::production(*office), today))
        .collect();
    let planned = planned(&moment, &members, stay_out, today).await?;
    Ok(Some(Planned {
        view: NettingView {
            network: Some(named),
            ..planned.view
        },
        ..planned
    }))
}

/// The plan for two offices, to whoever sees the books of the first and knows the other.
pub(crate) async fn plan_of_two(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
    other: &Code,
) -> Result<Option<Planned>, ViewError> {
    let moment = book.moment().await?;
    let masters = &moment.masters;
    let today = business_day(book.outside().clock.now());
    let gate = viewer.gate(masters);
    let id = |code| masters.office_by_code(code).map(|office| office.id);
    let (Some(own), Some(other)) = (id(office), id(other)) else {
        return Ok(None);
    };
    if own == other || !gate.sees_books(BookUnit::production(own), today) || !gate.knows_office(other) {
        return Ok(None);
    }
    Ok(Some(
        planned(&moment, &[own, other], &BTreeSet::new(), today).await?,
    ))
}

/// Members of a network on a day.
fn members(masters: &Masters, network: NetworkId, day: Day) -> Vec<OfficeId> {
    let known = masters.networks().find(|known| known.id == network);
    let has = |office: &OfficeId| known.is_some_and(|network| network.has(*office, day));
    masters.offices().map(|office| office.id).filter(has).collect()
}

async fn planned(
    moment: &Moment,
    offices: &[OfficeId],
    stay_out: &BTreeSet<Code>,
    today: Day,
) -> Result<Planned, ViewError> {
    let masters = &moment.masters;
    let there: BTreeSet<OfficeId> = offices.iter().copied().collect();
    let balances: Vec<_> = moment
        .snapshot
        .sums_of_offices(offices)
        .await?
        .into_iter()
        .filter(|sum| {
            sum.account
                .party
                .is_some_and(|party| there.contains(&OfficeId(party.0)))
        })
        .map(|sum| (sum.account, sum.yen))
        .collect();
    let out = stay_out.iter().filter_map(|code| masters.office_by_code(code));
    let out: BTreeSet<OfficeId> = out.map(|office| office.id).collect();
    let plan = plan(&standing(&balances), &out);
    let code = |office: OfficeId| masters.office(office).map(|office| office.code.clone());
    let net = plan.act(code).ok_or_else(beyond)?;
    let of = Of {
        masters,
        plan: &plan,
        today,
    };
    let mut rows: Vec<NettingOffice> = Vec::new();
    for office in there {
        rows.extend(of.office(office, out.contains(&office))?);
    }
    rows.sort_by(|one, other| one.office.cmp(&other.office));
    Ok(Planned {
        view: NettingView {
            network: None,
            day: today,
            before: of.side(&plan.before)?,
            after: of.side(&plan.after)?,
            offices: rows,
            version: version(&net),
        },
        net,
    })
}

/// A plan by what it would record.
fn version(net: &Net) -> String {
    let bytes = serde_json::to_vec(net).unwrap_or_default();
    let mut text = hex::encode(Sha256::digest(bytes));
    text.truncate(32);
    text
}

fn beyond() -> ViewError {
    ViewError::Broken { what: "金額" }
}

/// A plan with the names of its day.
struct Of<'a> {
    masters: &'a Masters,
    plan: &'a Plan,
    today: Day,
}

impl Of<'_> {
    fn side(&self, owes: &[Owes<Unit>]) -> Result<NettingSide, ViewError> {
        let mut lines = Vec::with_capacity(owes.len());
        for one in owes {
            let pair = (one.debtor, one.creditor);
            lines.push(NettingLine {
                debtor: self.name(one.debtor.0),
                section: one.debtor.1,
                creditor: self.name(one.creditor.0),
                their_section: one.creditor.1,
                yen: Yen::try_new(one.yen).map_err(|_| beyond())?,
                untouched: self.plan.untouched.contains(&pair),
            });
        }
        lines.sort_by(|one, other| {
            let key = |line: &NettingLine| (line.debtor.clone(), line.creditor.clone(), line.section);
            key(one).cmp(&key(other))
        });
        Ok(NettingSide {
            payments: lines.len(),
            yen: sum(lines.iter().map(|line| line.yen))?,
            lines,
        })
    }

    /// An office with something to pay or to be paid; nothing for all others.
    fn office(&self, office: OfficeId, stays_out: bool) -> Result<Option<NettingOffice>, ViewError> {
        let of = |owes: &[Owes<Unit>], who: fn(&Owes<Unit>) -> Unit| {
            let own = owes.iter().filter(|owes| who(owes).0 == office);
            sum(own.map(|owes| Yen::try_new(owes.yen).unwrap_or_default()))
        };
        let creditor: fn(&Owes<Unit>) -> Unit = |owes| owes.creditor;
        let debtor: fn(&Owes<Unit>) -> Unit = |owes| owes.debtor;
        let claims = [of(&self.plan.before, creditor)?, of(&self.plan.after, creditor)?];
        let debts = [of(&self.plan.before, debtor)?, of(&self.plan.after, debtor)?];
        if [claims, debts].concat().iter().all(|yen| yen.is_zero()) && !stays_out {
            return Ok(None);
        }
        Ok(Some(NettingOffice {
            office: self.name(office),
            claims,
            debts,
            stays_out,
            touched: self.plan.touched().contains(&office),
        }))
    }

    fn name(&self, office: OfficeId) -> Named {
        names::party(self.masters, office.into(), self.today)
    }
}

fn sum(yen: impl Iterator<Item = Yen>) -> Result<Yen, ViewError> {
    Yen::sum(yen).map_err(|_: YenOverflow| beyond())
}
