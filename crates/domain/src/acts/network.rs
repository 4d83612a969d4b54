//! network 連絡会: made known, or renamed from a day on.

use super::Rules;
use crate::{
    dated::Dated,
    draft::Draft,
    entry::Entry,
    id::{self, NetworkId},
    masters::{self, Masters},
    refusal::Stop,
    text::{Code, Name},
};
use serde::{Deserialize, Serialize};

/// A network of offices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NetworkFacts))]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Code.
    pub code: Code,
    /// Name from this day on.
    pub name: Name,
}

impl Rules for Network {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        Ok(draft.keeper_acts()?)
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn may_lie_ahead(&self) -> bool {
        true
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        let known = masters.network_codes.get(&self.code).copied();
        let id = known.unwrap_or_else(|| NetworkId(id::derive(&entry.acting, &entry.key, "network", 0)));
        let code = self.code.clone();
        let network = masters.networks.entry(id).or_insert_with(|| masters::Network {
            id,
            code: code.clone(),
            name: Dated::default(),
            members: Vec::new(),
        });
        network.name.set(entry.supplied_on, self.name.clone());
        masters.network_codes.insert(code, id);
    }
}
