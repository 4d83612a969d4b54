//! confirm: what stands between two offices, agreed on; figures of the golden consignment.

use crate::support::{World, act};
use domain::{
    entry::Entry,
    id::OfficeId,
    money::{Rounding, Yen},
    numbered::Numbered,
    place::Place,
    statement::{Matter, first_kind, fold, goods, is_debt},
};
use serde_json::{Value, json};

/// C sold 40 bentos and 10 crafts of A's in June and settled: 31,000 less 4,650.
fn settled() -> World {
    let mut world = World::new();
    let bento =
        json!({"code": "bento", "name": "弁当", "unit": {"name": "個"}, "tax": "reduced", "allergens": {}});
    world.record(act("product", "a", "b", "2026-04-01", bento));
    let produce = json!({"lines": [{"product": "bento", "quantity": "100", "lot": {"code": "B-1"}},
        {"product": "craft", "quantity": "100", "lot": {"code": "N-1"}}]});
    world.record(act("produce", "a", "p1", "2026-05-01", produce));
    let lines = json!([{"lot": "B-1", "quantity": "100"}, {"lot": "N-1", "quantity": "100"}]);
    world.record(act(
        "consign",
        "a",
        "c1",
        "2026-05-01",
        json!({"to": "c", "lines": lines}),
    ));
    let lines = json!([{"lot": "B-1", "quantity": "40", "unit_price": "500"},
        {"lot": "N-1", "quantity": "10", "unit_price": "1100"}]);
    world.record(act("sell", "c", "s1", "2026-06-10", json!({ "lines": lines })));
    let june = json!({"agreement": "a-c-consign", "from": "2026-06-01", "to": "2026-06-30"});
    // on the last day of the period, so that it is in its statement
    world.record(act("settle", "c", "t1", "2026-06-30", june));
    world
}

fn confirm(office: &str, key: &str, (from, to): (&str, &str), balance: i64) -> Value {
    let with = if office == "a" { "c" } else { "a" };
    let fields = json!({"with": with, "from": from, "to": to, "balance": balance, "agreed": [with]});
    act("confirm", office, key, "2026-07-10", fields)
}

const JUNE: (&str, &str) = ("2026-06-01", "2026-06-30");
const JULY: (&str, &str) = ("2026-07-01", "2026-07-09");

fn number(entry: &Entry) -> u64 {
    Numbered::of(entry).unwrap().number
}

/// Entries that change what stands between two offices, with the kinds of acts they began with.
fn between(world: &World, own: OfficeId, other: OfficeId) -> Vec<(&Entry, &'static str)> {
    let entries: Vec<&Entry> = world.book.entries().iter().map(AsRef::as_ref).collect();
    let by_id = |id| entries.iter().copied().find(|entry| entry.id == id);
    let touched = entries.iter().filter(|entry| {
        let mut postings = entry.postings.iter();
        postings.any(|posting| is_debt(posting, own, other))
    });
    touched.map(|entry| (*entry, first_kind(entry, &by_id))).collect()
}

#[test]
fn both_sides_say_the_same_sum_with_the_opposite_sign() {
    for (office, balance) in [("a", 26_350), ("c", -26_350)] {
        let mut world = settled();
        let entry = world.record(confirm(office, "k1", JUNE, balance));
        assert_eq!(number(&entry), 1);
        assert!(entry.postings.is_empty() && entry.movements.is_empty());
        assert_eq!(entry.offices.len(), 2);
    }
}

#[test]
fn a_statement_shows_gross_sales_their_tax_and_the_commission() {
    let world = settled();
    let (a, c) = (world.office("a"), world.office("c"));
    let seen = fold((a, c), Yen::ZERO, between(&world, a, c), Rounding::Down).unwrap();
    let rates: Vec<(u8, i64, i64)> = (seen.sold[0].tax.rates().iter())
        .map(|total| (total.rate.percent, total.gross.get(), total.tax.get()))
        .collect();
    assert_eq!(rates, [(10, 11_000, 1_000), (8, 20_000, 1_481)]);
    assert_eq!((seen.sold.len(), seen.sold[0].seller), (1, a));
    let charged = &seen.charged[0];
    assert_eq!((charged.by, charged.tax.gross().unwrap().get()), (c, 4_650));
    assert_eq!(charged.tax.tax().unwrap().get(), 422);
    let matters: Vec<(Matter, i64)> = seen
        .by_matter
        .iter()
        .map(|(matter, yen)| (*matter, yen.get()))
        .collect();
    assert_eq!(matters, [(Matter::Sales, 31_000), (Matter::Settled, -4_650)]);
    assert_eq!((seen.closing.get(), seen.lines.len()), (26_350, 2));
    // the other side: the same with the other sign, and what C took in cash is not in it
    let theirs = fold((c, a), Yen::ZERO, between(&world, c, a), Rounding::Down).unwrap();
    assert_eq!(theirs.closing.get(), -26_350);
    assert_eq!((&theirs.sold, &theirs.charged), (&seen.sold, &seen.charged));
}

#[test]
fn another_sum_or_one_side_alone_is_refused() {
    let mut world = settled();
    let refused = world.refused(confirm("a", "k1", JUNE, 26_349));
    assert_eq!(refused, ("statement-changed".into(), "balance".into()));
    let mut alone = confirm("a", "k1", JUNE, 26_350);
    alone["agreed"] = json!([]);
    assert_eq!(world.refused(alone), ("not-agreed".into(), "agreed".into()));
    let ahead = confirm("a", "k1", ("2026-06-01", "2026-07-31"), 26_350);
    assert_eq!(world.refused(ahead), ("period-not-over".into(), "to".into()));
}

#[test]
fn what_is_taken_back_counts_where_it_counted_before() {
    let mut world = settled();
    let back = |key: &str, of: &str| {
        let fields = json!({"entry": {"key": of}, "reason": "二重に入力"});
        act("reverse", "c", key, "2026-06-30", fields)
    };
    world.record(back("x1", "t1"));
    world.record(back("x2", "s1"));
    let (a, c) = (world.office("a"), world.office("c"));
    let seen = fold((a, c), Yen::ZERO, between(&world, a, c), Rounding::Down).unwrap();
    let none = [(Matter::Sales, Yen::ZERO), (Matter::Settled, Yen::ZERO)];
    assert_eq!(seen.by_matter, none);
    assert!(seen.charged.iter().all(|of| of.tax.gross().unwrap().is_zero()));
    assert!(seen.sold.iter().all(|of| of.tax.gross().unwrap().is_zero()));
}

#[test]
fn goods_come_are_sold_go_back_and_what_is_left_adds_up() {
    let mut world = settled();
    let lost = json!({"shelf_of": "a", "lines": [{"lot": "N-1", "quantity": "3"}], "reason": "こわれた"});
    world.record(act("dispose", "c", "d1", "2026-06-20", lost));
    let unsold = json!({"owner": "a", "lines": [{"lot": "N-1", "quantity": "7"}]});
    world.record(act("return", "c", "r1", "2026-06-21", unsold.clone()));
    world.record(act("return", "c", "r2", "2026-06-22", unsold));
    let undo = json!({"entry": {"key": "r2"}, "reason": "数えまちがい"});
    world.record(act("reverse", "c", "x1", "2026-06-22", undo));
    let more = json!({"to": "c", "lines": [{"lot": "N-1", "quantity": "5"}]});
    world.record(act("consign", "a", "c2", "2026-06-23", more));
    let customer = json!({"sale": {"key": "s1"}, "lines": [{"lot": "N-1", "quantity": "2"}]});
    world.record(act("return", "c", "r3", "2026-06-24", customer));
    let shelf = Place::shelf(world.office("a"), world.office("c"));
    let entries: Vec<&Entry> = world.book.entries().iter().map(AsRef::as_ref).collect();
    let by_id = |id| entries.iter().copied().find(|entry| entry.id == id);
    // what was placed in May stands at the beginning
    let before: Vec<_> = (entries.iter())
        .filter(|entry| entry.supplied_on.to_string().as_str() < "2026-06-01")
        .flat_map(|entry| entry.movements.iter())
        .filter(|moved| moved.to == shelf)
        .map(|moved| (moved.lot, moved.quantity.get()))
        .collect();
    let june = (entries.iter())
        .filter(|entry| entry.supplied_on.to_string().as_str() >= "2026-06-01")
        .map(|entry| (*entry, first_kind(entry, &by_id)));
    let product = |lot| Some(world.book.facts().lot(lot).ok()??.lot.product);
    let found = goods(shelf, before, june, product).unwrap();
    let mut rows: Vec<[i64; 7]> = found
        .values()
        .map(|of| {
            [
                of.opening,
                of.delivered,
                of.found,
                of.sold,
                of.returned,
                of.lost,
                of.closing,
            ]
        })
        .collect();
    rows.sort_unstable();
    assert_eq!(rows, [[100, 0, 0, 40, 0, 0, 60], [100, 5, 0, 8, 7, 3, 87]]);
}

#[test]
fn what_comes_later_is_in_the_next_statement() {
    let mut world = settled();
    world.record(confirm("a", "k1", JUNE, 26_350));
    // dated in June, recorded when June was agreed on
    let late = json!({"lines": [{"lot": "B-1", "quantity": "1", "unit_price": "500"}]});
    world.record(act("sell", "c", "s2", "2026-06-20", late));
    let gap = confirm("c", "k2", ("2026-07-02", "2026-07-09"), -26_850);
    assert_eq!(
        world.refused(gap),
        ("statement-not-in-order".into(), "from".into())
    );
    let entry = world.record(confirm("c", "k2", JULY, -26_850));
    assert_eq!(number(&entry), 2);
}

#[test]
fn one_is_taken_back_only_before_a_later_one_rests_on_it() {
    let mut world = settled();
    world.record(confirm("a", "k1", JUNE, 26_350));
    world.record(confirm("c", "k2", JULY, -26_350));
    let back = |office: &str, key: &str, of: &str| {
        let fields = json!({"entry": {"key": of}, "reason": "数えちがい"});
        act("reverse", office, key, "2026-07-10", fields)
    };
    assert_eq!(
        world.refused(back("a", "x1", "k1")),
        ("must-go-first".into(), "entry".into())
    );
    world.record(back("c", "x2", "k2"));
    world.record(back("a", "x1", "k1"));
    // numbers go on, the period begins anew
    let entry = world.record(confirm("a", "k3", JUNE, 26_350));
    assert_eq!(number(&entry), 3);
    let right = json!({"entry": {"key": "k3"}, "reason": "数えちがい",
        "right": {"kind": "confirm", "with": "c", "from": "2026-06-01", "to": "2026-06-30", "balance": 26_350, "agreed": ["c"]}});
    assert_eq!(
        world.refused(act("correct", "a", "x3", "2026-07-10", right)),
        ("statement-frozen".into(), "entry".into())
    );
}
