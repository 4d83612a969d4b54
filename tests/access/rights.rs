//! Roles add up: adding one never takes a right away, and a token never gives one.

use app::access::rights::{Rights, Role};
use domain::id::{NetworkId, OfficeId};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Offices and networks of the property: few, so that roles meet.
const PLACES: u128 = 4;

fn office(n: u128) -> OfficeId {
    OfficeId(Uuid::from_u128(n))
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        (0..PLACES).prop_map(|n| Role::Staff(office(n))),
        (0..PLACES).prop_map(|n| Role::Manager(office(n))),
        (0..PLACES).prop_map(|n| Role::Coordinator(NetworkId(Uuid::from_u128(n)))),
        Just(Role::Operator),
    ]
}

/// Everything that may be asked, by name.
fn allowed(rights: &Rights) -> BTreeSet<String> {
    let mut allowed = BTreeSet::new();
    let mut ask = |what: String, yes: bool| {
        if yes {
            allowed.insert(what);
        }
    };
    for n in 0..PLACES {
        let (office, network) = (office(n), NetworkId(Uuid::from_u128(n)));
        ask(format!("records for {n}"), rights.records_for(office));
        ask(format!("manages {n}"), rights.manages(office));
        ask(format!("is of {n}"), rights.is_of(office.into()));
        ask(format!("coordinates {n}"), rights.networks.contains(&network));
        for role in [
            Role::Staff(office),
            Role::Manager(office),
            Role::Coordinator(network),
            Role::Operator,
        ] {
            ask(format!("gives {role:?}"), rights.gives(role));
        }
    }
    ask("operates".to_owned(), rights.is_operator);
    allowed
}

proptest! {
    #[test]
    fn another_role_takes_no_right_away(roles in prop::collection::vec(role(), 0..6), more in role()) {
        let before = allowed(&Rights::of(Uuid::nil(), roles.clone()));
        let after = allowed(&Rights::of(Uuid::nil(), roles.into_iter().chain([more])));
        prop_assert!(before.is_subset(&after), "{before:?} {after:?}");
    }

    #[test]
    fn the_order_of_roles_does_not_matter(roles in prop::collection::vec(role(), 0..6)) {
        let reversed: Vec<Role> = roles.iter().rev().copied().collect();
        prop_assert_eq!(Rights::of(Uuid::nil(), roles), Rights::of(Uuid::nil(), reversed));
    }

    #[test]
    fn a_token_gives_no_right(
        roles in prop::collection::vec(role(), 0..6),
        offices in prop::collection::btree_set((0..PLACES).prop_map(office), 0..4),
        only_reads in any::<bool>(),
    ) {
        let whole = Rights::of(Uuid::nil(), roles);
        let mut limited = whole.clone().limited_to(&offices);
        limited.only_reads = only_reads;
        prop_assert!(allowed(&limited).is_subset(&allowed(&whole)));
    }
}
