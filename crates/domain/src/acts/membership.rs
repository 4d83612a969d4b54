//! membership 参加: an office joins a network, or its membership ends.

use super::Rules;
use crate::{
    calendar::Day,
    draft::Draft,
    entry::Entry,
    masters::{self, Masters},
    refusal::{Refusal, Stop, Why},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// An office's stay in a network from the day of the act on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MembershipFacts))]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// Network.
    pub network: Code,
    /// Office.
    pub member: Code,
    /// Last day, when it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

impl Rules for Membership {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        if draft.masters().network_by_code(&self.network).is_none() {
            let code = self.network.to_string();
            return Err(Refusal::at("network", Why::NetworkUnknown { code }).into());
        }
        if self.to.is_some_and(|to| to < draft.supplied_on()) {
            return Err(Refusal::at("to", Why::PeriodEndsBeforeStart).into());
        }
        draft.office_of("member", &self.member)?;
        Ok(draft.keeper_acts()?)
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn may_lie_ahead(&self) -> bool {
        true
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        let Some(office) = masters.office_by_code(&self.member).map(|office| office.id) else {
            return;
        };
        let id = masters.network_codes.get(&self.network).copied();
        let Some(network) = id.and_then(|id| masters.networks.get_mut(&id)) else {
            return;
        };
        let from = entry.supplied_on;
        match network
            .members
            .iter_mut()
            .find(|member| member.office == office && member.from == from)
        {
            Some(member) => member.to = self.to,
            None => network.members.push(masters::Membership {
                office,
                from,
                to: self.to,
            }),
        }
    }
}
