//! Goods are conserved per lot, books balance, debts between offices are mirrored.

use crate::month::rows;
use acceptance::world::World;
use domain::account::AccountKind;
use std::collections::BTreeMap;

pub async fn check(world: &World) {
    let open = |table: &str| format!("SELECT CAST(COUNT(*) AS bigint) FROM ({table}) open_sums");
    let lots = open("SELECT lot_no FROM stock GROUP BY lot_no HAVING SUM(quantity) <> 0");
    let books = open(
        "SELECT a.unit FROM balance b JOIN account a ON a.no = b.account_no GROUP BY a.unit, a.section \
         HAVING SUM(b.yen) <> 0",
    );
    assert_eq!(world.number(&lots).await, 0);
    assert_eq!(world.number(&books).await, 0);
    // not because there is nothing
    assert!(
        world
            .number("SELECT CAST(COUNT(*) AS bigint) FROM stock WHERE inner_place AND quantity > 0")
            .await
            > 100
    );
    debts_are_mirrored(world).await;
}

async fn debts_are_mirrored(world: &World) {
    let sql = "SELECT u.code, c.code, CAST(a.kind AS bigint), CAST(SUM(b.yen) AS bigint) FROM balance b \
               JOIN account a ON a.no = b.account_no JOIN party u ON u.id = a.unit JOIN party c ON c.id = a.party \
               WHERE u.kind = 0 AND c.kind = 0 GROUP BY u.code, c.code, a.kind";
    let mut debts: BTreeMap<(String, String, AccountKind), i64> = BTreeMap::new();
    for row in rows(world, sql).await {
        let text = |column| row.try_get_by_index::<String>(column).expect("a text");
        let number = |column| row.try_get_by_index::<i64>(column).expect("a number");
        let kind = u8::try_from(number(2)).ok().and_then(AccountKind::from_number);
        debts.insert((text(0), text(1), kind.expect("a kind of account")), number(3));
    }
    assert!(
        debts.values().any(|yen| *yen != 0),
        "money within ひなた会 is still open at the end of July"
    );
    for ((office, other, kind), yen) in &debts {
        let mirror = kind.mirror().expect("a debt between offices has a mirror");
        let theirs = debts
            .get(&(other.clone(), office.clone(), mirror))
            .copied()
            .unwrap_or(0);
        assert_eq!(*yen, -theirs, "{office} {kind:?} {other}");
    }
}
