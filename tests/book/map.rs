//! The map says what is there: every act and every account of the code stands in ARCHITECTURE.md.

use acceptance::support::repository;
use domain::{account::AccountKind, acts::Act};

#[test]
fn every_act_and_account_is_on_the_map() {
    let map = std::fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    for (kind, label) in Act::KINDS {
        assert!(map.contains(&format!("| `{kind}` | {label} |")), "{kind} {label}");
    }
    for kind in AccountKind::ALL {
        assert!(
            map.contains(&format!("{} {}", kind.number(), kind.label())),
            "{kind:?}"
        );
    }
}
