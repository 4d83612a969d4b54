//! What an act says of who agreed.

use super::{AccessRefused, Proposal};
use crate::access::rights::Rights;
use domain::{
    acts::Act,
    command::Command,
    id::{Acting, OfficeId},
    masters::Masters,
    text::Code,
};
use std::collections::BTreeSet;
use store::StoreError;

/// The act's list of those who agreed, where it has one.
fn agreed_of(act: &mut Act) -> Option<&mut Vec<Code>> {
    match act {
        Act::Agreement(agreement) => Some(&mut agreement.agreed),
        Act::Open(open) => Some(&mut open.agreed),
        Act::WriteOff(write_off) => Some(&mut write_off.agreed),
        Act::Confirm(confirm) => Some(&mut confirm.agreed),
        Act::Net(net) => Some(&mut net.agreed),
        Act::Correct(correct) => agreed_of(&mut correct.right),
        _ => None,
    }
}

impl Proposal {
    /// As those see it who are asked for their yes: of a netting of many the lines of their own offices and their own
    /// answers, of all else the whole.
    #[must_use]
    pub fn to_party(mut self, rights: &Rights, masters: &Masters) -> Proposal {
        let is_own = match self.acting {
            Acting::Office(office) => rights.offices.contains(&office),
            Acting::Network(network) => rights.networks.contains(&network),
            Acting::Keeper => false,
        };
        if let (Act::Net(net), false) = (&mut self.command.act, is_own) {
            let own = rights.offices.iter().filter_map(|office| masters.office(*office));
            let own: BTreeSet<&Code> = own.map(|office| &office.code).collect();
            **net = net.lines_of(&own);
            self.parties
                .retain(|party| rights.offices.contains(&party.office));
        }
        self
    }
}

/// Drops what the act says of who agreed: only answers count.
pub(super) fn forget_agreed(act: &mut Act) {
    if let Some(agreed) = agreed_of(act) {
        agreed.clear();
    }
}

/// The act of a proposal with those who said yes; to an agreement the office that proposed it as well.
pub(super) fn agreed(proposal: &Proposal, masters: &Masters) -> Result<Command, AccessRefused> {
    let code = |office: OfficeId| {
        let office = masters.office(office);
        office
            .map(|office| office.code.clone())
            .ok_or_else(|| StoreError::corrupt("proposal_party.office"))
    };
    let mut command = proposal.command.clone();
    let is_between_both = matches!(command.act, Act::Agreement(_));
    if let Some(agreed) = agreed_of(&mut command.act) {
        agreed.clear();
        if let Some(office) = proposal.acting.office().filter(|_| is_between_both) {
            agreed.push(code(office)?);
        }
        for party in proposal.parties.iter().filter(|party| party.has_agreed()) {
            agreed.push(code(party.office)?);
        }
        // the same whoever answered first, so that a retry is the same act
        agreed.sort_unstable();
    }
    Ok(command)
}
