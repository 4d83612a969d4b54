//! Who may record what. A plain function of rights, master data and the command; the book's own rules come after it.
//!
//! What somebody may not know of is refused as if it were not there, in the same words.

use super::{named::Names, rights::Rights, undone::Undone};
use crate::viewer::{Gate, Viewer};
use domain::{
    acts::{
        Act,
        open::Open,
        receive::{Receive, ReceiveLine},
    },
    calendar::Day,
    command::{ActingRef, Command},
    id::{Acting, OfficeId},
    masters::{Masters, Network},
    refusal::{Refusal, Why},
    text::Code,
};
use std::collections::BTreeSet;

/// Acts of an office's manager: they bind the office, close its books or say who agreed.
pub const OF_MANAGERS: &[&str] = &[
    "agreement",
    "open",
    "settle",
    "confirm",
    "issue",
    "close",
    "write_off",
    "net",
];
/// Acts of an operator, in the keeper's name: who there is, the law's rates, erasing texts.
pub const OF_OPERATORS: &[&str] = &[
    "network",
    "membership",
    "corporation",
    "office",
    "rate",
    "erase_text",
];
/// Acts that an operator records in the keeper's name and offices in their own: partners of the whole book, and agreements
/// to which all have said yes by their managers.
const OF_BOTH: &[&str] = &["partner", "agreement"];
/// Acts of a network's coordinators, in its name.
pub const OF_COORDINATORS: &[&str] = &["close"];

/// Whether an entry is one that operators record, and so read: who there is, the law's rates, erasures, partners of the
/// whole book. No dealing and no agreement is.
pub fn is_administration(acting: Acting, kind: &str) -> bool {
    OF_OPERATORS.contains(&kind) || acting == Acting::Keeper && kind == "partner"
}

/// Why somebody may not record an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAllowed {
    /// There is no such office or network for them to act for.
    NoSuchActing {
        /// As named.
        code: String,
    },
    /// It is theirs, but the act takes another role.
    RoleMissing {
        /// Who could: 管理者, 運用者 …
        role: &'static str,
    },
    /// Their token only reads.
    OnlyReads,
    /// The other office has to say yes itself, by a proposal.
    ConsentNeeded {
        /// Whose consent cannot be stated by them.
        codes: Vec<Code>,
    },
    /// An opening to be confirmed by another office holds things that are not between the two.
    OpeningMixed,
    /// It names something that is not there for them.
    Refused(Refusal),
}

impl NotAllowed {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NotAllowed::NoSuchActing { .. } => "acting-unknown",
            NotAllowed::RoleMissing { .. } => "role-missing",
            NotAllowed::OnlyReads => "token-only-reads",
            NotAllowed::ConsentNeeded { .. } => "consent-needed",
            NotAllowed::OpeningMixed => "opening-mixed",
            NotAllowed::Refused(refusal) => refusal.code(),
        }
    }

    /// Sentence for people.
    pub fn sentence(&self) -> String {
        match self {
            NotAllowed::NoSuchActing { code } => {
                format!(
                    "あなたが記録できる事業所・連絡会に「{code}」はありません。コードを確かめてください。"
                )
            }
            NotAllowed::RoleMissing { role } => {
                format!("これは{role}だけができます。{role}に頼んでください。")
            }
            NotAllowed::OnlyReads => {
                "このトークンは読み取り専用です。記録できるトークンを作って使ってください。".to_owned()
            }
            NotAllowed::ConsentNeeded { codes } => {
                let codes: Vec<&str> = codes.iter().map(Code::as_str).collect();
                format!(
                    "「{}」の同意が必要です。申し出(/v1/proposals)を作って、相手の同意を待ってください。",
                    codes.join("」「")
                )
            }
            NotAllowed::OpeningMixed => {
                "申し出には、相手の事業所1つとのあいだのもの(残高、預けてある品)だけを書いてください。ほかは分けて記録します。"
                    .to_owned()
            }
            NotAllowed::Refused(refusal) => refusal.sentence(),
        }
    }
}

/// What earlier acts of the same bulk make, each allowed to its sender: later ones may name it.
#[derive(Clone, Debug, Default)]
pub struct Made {
    offices: BTreeSet<Code>,
    networks: BTreeSet<Code>,
    agreements: BTreeSet<Code>,
}

impl Made {
    /// Adds what an act makes.
    pub fn add(&mut self, act: &Act) {
        match act {
            Act::Office(act) => drop(self.offices.insert(act.code.clone())),
            Act::Network(act) => drop(self.networks.insert(act.code.clone())),
            Act::Agreement(act) => drop(self.agreements.insert(act.code.clone())),
            _ => {}
        }
    }
}

/// Whether a person may record a command. The gate is theirs.
///
/// # Errors
/// [`NotAllowed`].
pub fn may_record(
    rights: &Rights,
    gate: Gate<'_>,
    command: &Command,
    made: &Made,
    today: Day,
) -> Result<(), NotAllowed> {
    if rights.only_reads {
        return Err(NotAllowed::OnlyReads);
    }
    let kind = command.act.kind();
    let masters = gate.masters();
    match &command.head.acting {
        ActingRef::Office(code) => {
            let office = masters.office_by_code(code).map(|office| office.id);
            let Some(office) = office.filter(|office| rights.offices.contains(office)) else {
                return Err(NotAllowed::NoSuchActing {
                    code: code.to_string(),
                });
            };
            if OF_OPERATORS.contains(&kind) {
                return Err(NotAllowed::RoleMissing { role: "運用者" });
            }
            if OF_MANAGERS.contains(&kind) && !rights.managed.contains(&office) {
                return Err(NotAllowed::RoleMissing {
                    role: "事業所の管理者",
                });
            }
        }
        ActingRef::Network(code) => {
            let network = masters.network_by_code(code).map(|network| network.id);
            if !network.is_some_and(|network| rights.networks.contains(&network)) {
                return Err(NotAllowed::NoSuchActing {
                    code: code.to_string(),
                });
            }
            if !OF_COORDINATORS.contains(&kind) {
                return Err(NotAllowed::RoleMissing {
                    role: "事業所の職員"
                });
            }
            // for the members of that network alone
            if let Act::Close(close) = &command.act {
                let is_member = close.of.as_ref().is_some_and(|of| {
                    let network = masters.network_by_code(code);
                    let office = masters.office_by_code(of);
                    let member = network.zip(office);
                    // today, and when the month ended: the day stated on the act is the sender's to choose
                    member.is_some_and(|(network, office)| {
                        network.has(office.id, today) && network.has(office.id, close.month.last_day())
                    })
                });
                if !is_member {
                    let code = close.of.as_ref().map(ToString::to_string).unwrap_or_default();
                    return Err(NotAllowed::Refused(Refusal::at(
                        "of",
                        Why::OfficeUnknown { code },
                    )));
                }
            }
        }
        ActingRef::Keeper => {
            // no office was named: for most acts that is what is missing
            let is_offices =
                !(OF_OPERATORS.contains(&kind) || (OF_BOTH.contains(&kind) && rights.is_operator));
            if is_offices {
                return Err(NotAllowed::Refused(Refusal::at("office", Why::OfficeNeeded)));
            }
            if !rights.is_operator {
                return Err(NotAllowed::RoleMissing { role: "運用者" });
            }
        }
    }
    names_are_known(rights, gate, &Names::of(&command.act), made)
}

/// Whose yes a proposed act needs, when its proposer may propose it: managers for their office; coordinators an agreement
/// between offices of their network, setting off what its members owe each other, and taking that back.
///
/// # Errors
/// [`NotAllowed`]. What consent the act states by itself counts for nothing.
pub fn may_propose(
    rights: &Rights,
    gate: Gate<'_>,
    command: &Command,
    undone: Option<&Undone>,
    today: Day,
) -> Result<BTreeSet<OfficeId>, NotAllowed> {
    let (masters, made) = (gate.masters(), Made::default());
    let is_networks = match &command.act {
        Act::Agreement(_) | Act::Net(_) => true,
        Act::Reverse(_) => undone.is_some_and(|undone| undone.kind == "net"),
        _ => false,
    };
    match &command.head.acting {
        ActingRef::Network(code) if is_networks => {
            let network = masters.network_by_code(code);
            let network =
                network.filter(|network| rights.networks.contains(&network.id) && !rights.only_reads);
            let Some(network) = network else {
                return Err(NotAllowed::NoSuchActing {
                    code: code.to_string(),
                });
            };
            match &command.act {
                Act::Net(net) => only_members(masters, network, "clears", net.touched(), today)?,
                Act::Agreement(act) => {
                    only_members(masters, network, "producer", [&act.producer], today)?;
                    only_members(masters, network, "other", [&act.other], today)?;
                }
                _ => {}
            }
        }
        _ => match may_record(rights, gate, command, &made, today) {
            Ok(()) | Err(NotAllowed::ConsentNeeded { .. }) => {}
            Err(error) => return Err(error),
        },
    }
    match names_are_known(rights, gate, &Names::of(&command.act), &made) {
        Ok(()) | Err(NotAllowed::ConsentNeeded { .. }) => {}
        Err(error) => return Err(error),
    }
    let codes: Vec<&Code> = match &command.act {
        Act::Agreement(act) => vec![&act.producer, &act.other],
        Act::WriteOff(act) => act.debt.with_office.iter().collect(),
        Act::Confirm(act) => vec![&act.with],
        Act::Net(act) => act.touched().into_iter().collect(),
        Act::Open(act) => vec![only_other(act)?],
        Act::Receive(act) => difference_with(act),
        // what was placed and did not come: of others' goods on the own shelf, their owner's
        Act::GiveBack(act) => act.owner.iter().collect(),
        Act::Dispose(act) => act.shelf_of.iter().collect(),
        // who had said yes is asked again
        Act::Reverse(_) | Act::Correct(_) => undone.iter().flat_map(|undone| &undone.agreed).collect(),
        _ => Vec::new(),
    };
    let offices = codes.into_iter().filter_map(|code| masters.office_by_code(code));
    Ok(offices.map(|office| office.id).collect())
}

/// Of a network's members alone: of whoever else there is, a coordinator knows nothing.
fn only_members<'c>(
    masters: &Masters,
    network: &Network,
    field: &str,
    codes: impl IntoIterator<Item = &'c Code>,
    today: Day,
) -> Result<(), NotAllowed> {
    let is_member = |code: &&Code| {
        let office = masters.office_by_code(code);
        office.is_some_and(|office| network.has(office.id, today))
    };
    match codes.into_iter().find(|code| !is_member(code)) {
        None => Ok(()),
        Some(code) => {
            let code = code.to_string();
            Err(NotAllowed::Refused(Refusal::at(
                field,
                Why::OfficeUnknown { code },
            )))
        }
    }
}

/// Whose yes a difference takes: the sender's. What was accepted takes nobody's.
fn difference_with(act: &Receive) -> Vec<&Code> {
    let is_difference = |line: &ReceiveLine| line.accepted.is_none() && line.surplus.is_none();
    let is_difference = !act.all && act.lines.iter().all(is_difference);
    act.shipment.office.iter().filter(|_| is_difference).collect()
}

/// The one other office that an opening is to be confirmed by. Its staff see the whole of it, so nothing else may stand
/// in it.
fn only_other(act: &Open) -> Result<&Code, NotAllowed> {
    let balances = act.balances.iter().map(|balance| balance.with_office.as_ref());
    let goods = act.goods.iter().map(|goods| goods.at.as_ref());
    let mut others = balances.chain(goods);
    let is_mixed = !act.wages_history.is_empty() || act.asset_cost.is_some();
    match others.next().flatten() {
        Some(first) if !is_mixed && others.all(|other| other == Some(first)) => Ok(first),
        _ => Err(NotAllowed::OpeningMixed),
    }
}

/// Whether somebody may take an act back or put it right: what binds the office by its manager, what others had agreed to
/// with their yes.
///
/// # Errors
/// [`NotAllowed`].
pub fn may_undo(
    rights: &Rights,
    gate: Gate<'_>,
    command: &Command,
    undone: &Undone,
) -> Result<(), NotAllowed> {
    let masters = gate.masters();
    let manages = |code: &Code| {
        let office = masters.office_by_code(code).map(|office| office.id);
        office.is_some_and(|office| rights.managed.contains(&office))
    };
    if let ActingRef::Office(code) = &command.head.acting
        && OF_MANAGERS.contains(&undone.kind.as_str())
        && !manages(code)
    {
        return Err(NotAllowed::RoleMissing {
            role: "事業所の管理者",
        });
    }
    let codes: Vec<Code> = undone
        .agreed
        .iter()
        .filter(|code| !manages(code))
        .cloned()
        .collect();
    if codes.is_empty() {
        Ok(())
    } else {
        Err(NotAllowed::ConsentNeeded { codes })
    }
}

fn names_are_known(rights: &Rights, gate: Gate<'_>, names: &Names, made: &Made) -> Result<(), NotAllowed> {
    let masters = gate.masters();
    let refuse = |field: &str, why: Why| Err(NotAllowed::Refused(Refusal::at(field, why)));
    let knows = |code: &Code| {
        masters
            .office_by_code(code)
            .is_some_and(|office| gate.knows_office(office.id))
            || made.offices.contains(code)
    };
    let in_entries = names.entries.iter().filter_map(|entry| {
        let code = entry
            .what
            .office
            .clone()
            .filter(|code| code.as_ref() != "keeper")?;
        Some((entry.field.as_str(), code))
    });
    let in_products = names
        .products
        .iter()
        .filter_map(|product| Some((product.field.as_str(), product.what.office.clone()?)));
    let offices = names
        .offices
        .iter()
        .map(|named| (named.field.as_str(), named.what.clone()));
    for (field, code) in offices.chain(in_entries).chain(in_products) {
        if !knows(&code) {
            return refuse(
                field,
                Why::OfficeUnknown {
                    code: code.to_string(),
                },
            );
        }
    }
    for named in &names.networks {
        let network = masters.network_by_code(&named.what);
        let known = network.is_some_and(|network| gate.knows_network(network.id));
        if !known && !made.networks.contains(&named.what) {
            let code = named.what.to_string();
            return refuse(&named.field, Why::NetworkUnknown { code });
        }
    }
    for named in &names.agreements {
        // of anybody else's agreement there is no telling whether it is there
        let agreement = masters.agreement_by_code(&named.what);
        let is_party = agreement.is_some_and(|agreement| {
            [agreement.producer, agreement.other]
                .iter()
                .any(|office| rights.offices.contains(office))
        });
        if !is_party && !made.agreements.contains(&named.what) {
            let code = named.what.to_string();
            return refuse(&named.field, Why::AgreementUnknown { code });
        }
    }
    let stated = names.agreed.iter().map(|named| &named.what);
    let others: Vec<Code> = stated
        .filter(|code| {
            let office = masters.office_by_code(code).map(|office| office.id);
            !office.is_some_and(|office| rights.managed.contains(&office))
        })
        .cloned()
        .collect();
    if others.is_empty() {
        Ok(())
    } else {
        Err(NotAllowed::ConsentNeeded { codes: others })
    }
}

/// [`may_record`] for a viewer; the keeper may record all.
///
/// # Errors
/// [`NotAllowed`].
pub fn viewer_may_record(
    viewer: &Viewer,
    gate: Gate<'_>,
    command: &Command,
    made: &Made,
    today: Day,
) -> Result<(), NotAllowed> {
    match viewer.rights() {
        None => Ok(()),
        Some(rights) => may_record(rights, gate, command, made, today),
    }
}
