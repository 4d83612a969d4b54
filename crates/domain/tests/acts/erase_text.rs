//! erase_text 文の消去: which texts are erased, who may do it, and that it cannot be taken back.

use crate::support::{World, act};
use domain::{
    acts::erase_text::erased_by,
    calendar::Day,
    entry::{ReferenceRole, TextRole},
    id::{Acting, EntryId},
};
use serde_json::{Value, json};

/// A shipment with a note, taken back with a note and a reason.
fn written() -> World {
    let mut world = World::new();
    let day = "2026-06-01";
    world.record(act(
        "produce",
        "a",
        "p1",
        day,
        json!({"lines": [{"product": "craft", "quantity": "9", "lot": {"code": "N-1"}}]}),
    ));
    let lines = json!([{"lot": "N-1", "quantity": "3", "unit_price": "700"}]);
    world.record(act(
        "ship",
        "a",
        "s1",
        day,
        json!({"to": "b", "note": "朝の便", "lines": lines}),
    ));
    let back = json!({"entry": {"key": "s1"}, "note": "メモ", "reason": "数えまちがい"});
    world.record(act("reverse", "a", "x1", "2026-06-02", back));
    world
}

fn erase(key: &str, entry: Value) -> Value {
    by_keeper(key, json!({"reason": "名前が書かれていた", "entry": entry}))
}

/// Without an office the keeper acts.
fn by_keeper(key: &str, mut fields: Value) -> Value {
    fields["kind"] = "erase_text".into();
    fields["key"] = key.into();
    fields["supplied_on"] = "2026-07-10".into();
    fields
}

fn of(office: &str, key: &str) -> Value {
    json!({"office": office, "key": key})
}

fn only(key: &str, entry: &Value, which: &str) -> Value {
    by_keeper(
        key,
        json!({"reason": "名前が書かれていた", "entry": entry, "only": which}),
    )
}

#[test]
fn the_keeper_erases_and_nothing_moves() {
    let mut world = written();
    let shipped = world
        .book
        .entries()
        .iter()
        .find(|entry| entry.kind == "ship")
        .unwrap()
        .id;
    let entry = world.record(erase("e1", of("a", "s1")));
    assert_eq!(entry.acting, Acting::Keeper);
    assert_eq!(entry.book_on, "2026-07-10".parse::<Day>().unwrap());
    assert_eq!(erased_by(&entry), Some((shipped, None)));
    assert!(entry.movements.is_empty() && entry.postings.is_empty() && entry.births.is_empty());
    let reference = entry.references[0];
    assert_eq!(
        (reference.role, EntryId(reference.id)),
        (ReferenceRole::Original, shipped)
    );
    // whose text it was sees that it was erased; nobody else
    assert_eq!(entry.offices, [world.office("a")].into());
    assert!(!String::from_utf8(entry.payload.clone()).unwrap().contains("名前"));
    assert_eq!(entry.texts.len(), 1);
    assert_eq!(world.stored("N-1", "a"), 9);
}

#[test]
fn both_texts_or_one_of_them() {
    let mut world = written();
    let taken_back = of("a", "x1");
    let entry = world.record(only("e1", &taken_back, "note"));
    assert_eq!(erased_by(&entry).unwrap().1, Some(TextRole::Note));
    let already = ("erased-already".to_owned(), "entry".to_owned());
    assert_eq!(world.refused(only("e2", &taken_back, "note")), already);
    // what is left of both
    world.record(erase("e3", taken_back.clone()));
    assert_eq!(world.refused(only("e4", &taken_back, "reason")), already);
    assert_eq!(world.refused(erase("e5", taken_back)), already);
    // sent again it is known
    let before = world.book.entries().len();
    assert_eq!(
        erased_by(&world.record(erase("e3", of("a", "x1")))).unwrap().1,
        None
    );
    assert_eq!(world.book.entries().len(), before);
}

#[test]
fn there_must_be_something_to_erase() {
    let mut world = written();
    let refused = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let nothing = refused("nothing-to-erase", "entry");
    assert_eq!(world.refused(erase("e1", of("a", "p1"))), nothing);
    assert_eq!(world.refused(only("e1", &of("a", "s1"), "reason")), nothing);
    let unknown = refused("entry-unknown", "entry");
    for entry in [
        of("a", "nai"),
        of("b", "s1"),
        of("nai", "s1"),
        json!({"key": "s1"}),
        json!({"network": "minami", "key": "s1"}),
        json!({"network": "nai", "key": "s1"}),
        json!({"network": "minami", "office": "a", "key": "s1"}),
    ] {
        assert_eq!(world.refused(erase("e1", entry.clone())), unknown, "{entry}");
    }
    let (code, field) = world.refused(only("e1", &of("a", "s1"), "notes"));
    assert_eq!((code.as_str(), field.as_str()), ("malformed", "only"));
    let mut without = erase("e1", of("a", "s1"));
    without["reason"] = Value::Null;
    assert_eq!(world.refused(without), refused("reason-missing", "reason"));
}

#[test]
fn only_the_keeper_may() {
    let mut world = written();
    let refused = ("only-keeper".to_owned(), "office".to_owned());
    let mut by_office = erase("e1", json!({"key": "s1"}));
    by_office["office"] = "a".into();
    assert_eq!(world.refused(by_office), refused);
    let mut by_network = erase("e1", of("a", "s1"));
    by_network["acting_network"] = "minami".into();
    assert_eq!(world.refused(by_network), refused);
}

/// A text may stand in any entry: of the keeper, of a network, of master data, in an erasure itself.
#[test]
fn any_entrys_texts_can_be_erased() {
    let mut world = written();
    world.record(
        json!({"kind": "membership", "acting_network": "minami", "key": "m1", "supplied_on": "2026-06-01",
        "network": "minami", "member": "b", "note": "名前"}),
    );
    world.record(
        json!({"kind": "rate", "key": "r1", "supplied_on": "2030-04-01", "category": "standard",
        "percent": 10, "status": "enacted", "source": "-", "note": "名前"}),
    );
    let of_network = world.record(erase("e1", json!({"network": "minami", "key": "m1"})));
    assert!(of_network.offices.is_empty());
    world.record(erase("e2", json!({"key": "r1"})));
    world.record(erase("e3", of("keeper", "e1")));
    // and its reason
    world.record(erase("e4", of("keeper", "e3")));
    assert_eq!(world.refused(erase("e5", of("keeper", "e3"))).0, "erased-already");
}

#[test]
fn the_text_is_gone_so_nothing_takes_it_back() {
    let mut world = written();
    world.record(erase("e1", of("a", "s1")));
    let back = json!({"kind": "reverse", "key": "x9", "supplied_on": "2026-07-10", "reason": "まちがい",
        "entry": {"key": "e1"}});
    assert_eq!(
        world.refused(back),
        ("erased-for-good".to_owned(), "entry".to_owned())
    );
    let right = json!({"kind": "erase_text", "entry": of("a", "x1")});
    let correct = json!({"kind": "correct", "key": "x9", "supplied_on": "2026-07-10", "reason": "まちがい",
        "entry": {"key": "e1"}, "right": right});
    assert_eq!(
        world.refused(correct),
        ("erased-for-good".to_owned(), "entry".to_owned())
    );
    // another act is not put right into an erasure
    let right = json!({"kind": "erase_text", "entry": of("a", "x1")});
    let correct = json!({"kind": "correct", "key": "x9", "supplied_on": "2026-07-10", "reason": "まちがい",
        "entry": of("a", "p1"), "right": right});
    assert_eq!(world.refused(correct).0, "correction-of-other-kind");
}

/// A closed month is no reason to leave a name in the book.
#[test]
fn a_closed_month_does_not_matter() {
    let mut world = written();
    for month in ["2026-05", "2026-06"] {
        world.record(act("close", "a", month, "2026-07-01", json!({"month": month})));
    }
    let mut late = erase("e1", of("a", "s1"));
    late["supplied_on"] = "2026-06-30".into();
    assert_eq!(world.record(late).book_on, "2026-06-30".parse::<Day>().unwrap());
}
