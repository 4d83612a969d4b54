//! What a person may do: roles that add up. Adding one never takes a right away.
//!
//! | role | of | may |
//! |---|---|---|
//! | staff 職員 | office | record and read the office's dealings |
//! | manager 管理者 | office | also agreements, proposals, statements, close, people and tokens of the office |
//! | coordinator | network | read the network, draft agreements, close for its offices; records no dealings |
//! | operator 運用者 | book | people, networks, corporations, offices; reads no dealings |

use domain::id::{NetworkId, OfficeId, PartyId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A role, with what it is held of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 職員.
    Staff(OfficeId),
    /// 管理者: staff, and more.
    Manager(OfficeId),
    /// Reads a network's book.
    Coordinator(NetworkId),
    /// Runs the program.
    Operator,
}

/// What somebody may do now: the sum of their roles, less what a token leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rights {
    /// Who: an id, never a name.
    pub person: Uuid,
    /// Offices they record for: also those they manage.
    pub offices: BTreeSet<OfficeId>,
    /// Offices they manage.
    pub managed: BTreeSet<OfficeId>,
    /// Networks they coordinate.
    pub networks: BTreeSet<NetworkId>,
    /// Whether they run the program.
    pub is_operator: bool,
    /// A token for reading records nothing.
    pub only_reads: bool,
}

impl Rights {
    /// The sum of roles.
    pub fn of(person: Uuid, roles: impl IntoIterator<Item = Role>) -> Rights {
        let mut rights = Rights {
            person,
            ..Rights::default()
        };
        for role in roles {
            match role {
                Role::Staff(office) => {
                    rights.offices.insert(office);
                }
                Role::Manager(office) => {
                    rights.offices.insert(office);
                    rights.managed.insert(office);
                }
                Role::Coordinator(network) => {
                    rights.networks.insert(network);
                }
                Role::Operator => rights.is_operator = true,
            }
        }
        rights
    }

    /// What a token leaves: with a list of offices, these alone and nothing that is not an office's.
    #[must_use]
    pub fn limited_to(mut self, offices: &BTreeSet<OfficeId>) -> Rights {
        self.offices.retain(|office| offices.contains(office));
        self.managed.retain(|office| offices.contains(office));
        self.networks.clear();
        self.is_operator = false;
        self
    }

    /// What a card leaves: one office, as its staff.
    #[must_use]
    pub fn as_staff_of(self, office: OfficeId) -> Rights {
        let mut rights = self.limited_to(&BTreeSet::from([office]));
        rights.managed.clear();
        rights
    }

    /// Whether they record for an office.
    pub fn records_for(&self, office: OfficeId) -> bool {
        !self.only_reads && self.offices.contains(&office)
    }

    /// Whether they manage an office.
    pub fn manages(&self, office: OfficeId) -> bool {
        !self.only_reads && self.managed.contains(&office)
    }

    /// Whether they give and take this role: managers those of their offices, operators any.
    pub fn gives(&self, role: Role) -> bool {
        match role {
            _ if self.only_reads => false,
            _ if self.is_operator => true,
            Role::Staff(office) | Role::Manager(office) => self.managed.contains(&office),
            Role::Coordinator(_) | Role::Operator => false,
        }
    }

    /// Whether they belong to an office.
    pub fn is_of(&self, party: PartyId) -> bool {
        self.offices.contains(&OfficeId(party.0))
    }
}

impl Role {
    /// Name of the role as it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Staff(_) => "staff",
            Role::Manager(_) => "manager",
            Role::Coordinator(_) => "coordinator",
            Role::Operator => "operator",
        }
    }

    /// What it is held of; the nil id for the book itself.
    pub const fn of(self) -> Uuid {
        match self {
            Role::Staff(OfficeId(id)) | Role::Manager(OfficeId(id)) | Role::Coordinator(NetworkId(id)) => id,
            Role::Operator => Uuid::nil(),
        }
    }

    /// A role as it is stored; none for a name that is no role.
    pub fn stored(name: &str, of: Uuid) -> Option<Role> {
        Some(match name {
            "staff" => Role::Staff(OfficeId(of)),
            "manager" => Role::Manager(OfficeId(of)),
            "coordinator" => Role::Coordinator(NetworkId(of)),
            "operator" => Role::Operator,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(n: u128) -> OfficeId {
        OfficeId(Uuid::from_u128(n))
    }

    #[test]
    fn roles_add_up() {
        let rights = Rights::of(
            Uuid::from_u128(9),
            [Role::Staff(office(1)), Role::Manager(office(2))],
        );
        assert!(rights.records_for(office(1)) && !rights.manages(office(1)));
        assert!(rights.records_for(office(2)) && rights.manages(office(2)));
        assert!(!rights.records_for(office(3)));
    }

    #[test]
    fn a_token_leaves_its_offices_and_nothing_of_the_book() {
        let network = NetworkId(Uuid::from_u128(7));
        let roles = [
            Role::Manager(office(1)),
            Role::Staff(office(2)),
            Role::Coordinator(network),
            Role::Operator,
        ];
        let rights = Rights::of(Uuid::nil(), roles).limited_to(&BTreeSet::from([office(1), office(5)]));
        assert_eq!(rights, Rights::of(Uuid::nil(), [Role::Manager(office(1))]));
    }

    #[test]
    fn a_card_leaves_one_office_and_never_its_manager() {
        let roles = [Role::Manager(office(1)), Role::Staff(office(2)), Role::Operator];
        let rights = Rights::of(Uuid::nil(), roles);
        assert_eq!(
            rights.clone().as_staff_of(office(1)),
            Rights::of(Uuid::nil(), [Role::Staff(office(1))])
        );
        assert_eq!(rights.as_staff_of(office(3)), Rights::default());
    }

    #[test]
    fn a_token_for_reading_records_nothing() {
        let mut rights = Rights::of(Uuid::nil(), [Role::Manager(office(1))]);
        rights.only_reads = true;
        assert!(!rights.records_for(office(1)) && !rights.manages(office(1)));
        assert!(rights.is_of(office(1).into()));
    }

    #[test]
    fn a_role_is_read_back_as_stored() {
        for role in [
            Role::Staff(office(1)),
            Role::Manager(office(1)),
            Role::Coordinator(NetworkId(Uuid::from_u128(2))),
            Role::Operator,
        ] {
            assert_eq!(Role::stored(role.name(), role.of()), Some(role));
        }
        assert_eq!(Role::stored("keeper", Uuid::nil()), None);
    }
}
