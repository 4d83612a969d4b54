//! issue: papers that say what the book says, numbered without gaps. Figures by hand.

use crate::support::{World, act};
use domain::{entry::Entry, numbered::Numbered};
use serde_json::{Value, json};

/// A delivered 100 kg of carrots at 150 yen to B on two days of June: 9,000 and 6,000, with 8 %.
fn delivered() -> World {
    let mut world = World::new();
    let produce = json!({"lines": [{"product": "carrot", "quantity": "100", "lot": {"code": "C-1"}}]});
    world.record(act("produce", "a", "p1", "2026-06-01", produce));
    for (n, day, kg) in [(1, "2026-06-02", "60"), (2, "2026-06-09", "40")] {
        let ship = json!({"to": "b", "lines": [{"lot": "C-1", "quantity": kg}]});
        world.record(act("ship", "a", &format!("s{n}"), day, ship));
        let receive = json!({"shipment": {"office": "a", "key": format!("s{n}")}, "all": true});
        world.record(act("receive", "b", &format!("r{n}"), day, receive));
    }
    world
}

fn line(n: u8, day: &str, amount: i64) -> Value {
    json!({"entry": {"office": "b", "key": format!("r{n}")}, "on": day, "item": "にんじん", "amount": amount,
        "rate": {"category": "reduced", "percent": 8}})
}

/// 15,000 with 8 % in it: 1,111 (1,111.11 cut off).
fn invoice() -> Value {
    json!({"form": "invoice", "with_office": "b", "from": "2026-06-01", "to": "2026-06-30",
        "issuer": {"name": "A農園", "corporation": "みどり福祉会", "registration": "T7123456789012"},
        "recipient": {"name": "Bキッチン", "corporation": "そら"},
        "basis": "inclusive", "lines": [line(1, "2026-06-02", 9_000), line(2, "2026-06-09", 6_000)],
        "rates": [{"rate": {"category": "reduced", "percent": 8}, "net": 13_889, "tax": 1_111, "gross": 15_000}]})
}

fn issue(office: &str, key: &str, fields: Value) -> Value {
    act("issue", office, key, "2026-07-01", fields)
}

fn number(entry: &Entry) -> u64 {
    Numbered::of(entry).unwrap().number
}

#[test]
fn an_invoice_of_a_month_has_the_next_number_of_the_corporation() {
    let mut world = delivered();
    let entry = world.record(issue("a", "i1", invoice()));
    assert_eq!((number(&entry), entry.references.len()), (1, 3));
    // another office of the same corporation goes on counting
    let earn = json!({"partner": "city2", "lines": [{"yen": 11_000}]});
    let partner = json!({"code": "city2", "name": "県庁", "partner_kind": "public_body"});
    world.record(act("partner", "a2", "c2", "2026-04-01", partner));
    world.record(act("earn", "a2", "e1", "2026-06-30", earn));
    let lines = json!([{"entry": {"key": "e1"}, "on": "2026-06-30", "item": "清掃", "amount": 11_000,
        "rate": {"category": "standard", "percent": 10}}]);
    let bill = json!({"form": "invoice", "partner": "city2", "from": "2026-06-30", "to": "2026-06-30",
        "issuer": {"name": "A第二", "corporation": "みどり福祉会", "registration": "T7123456789012"},
        "recipient": {"name": "県庁"}, "basis": "inclusive", "lines": lines,
        "rates": [{"rate": {"category": "standard", "percent": 10}, "net": 10_000, "tax": 1_000, "gross": 11_000}]});
    assert_eq!(number(&world.record(issue("a2", "i1", bill))), 2);
}

#[test]
fn what_the_book_does_not_say_is_not_issued() {
    let mut world = delivered();
    let mut refused = |change: &dyn Fn(&mut Value)| {
        let mut fields = invoice();
        change(&mut fields);
        world.refused(issue("a", "i1", fields))
    };
    let differs = |field: &str| ("document-differs".to_owned(), field.to_owned());
    assert_eq!(
        refused(&|paper| paper["issuer"]["name"] = "みどり農園".into()),
        differs("issuer")
    );
    // B is not registered: nobody claims it is
    assert_eq!(
        refused(&|paper| paper["recipient"]["registration"] = "T7123456789012".into()),
        differs("recipient")
    );
    assert_eq!(
        refused(&|paper| paper["rates"][0]["tax"] = 1_112.into()),
        differs("rates")
    );
    assert_eq!(
        refused(&|paper| paper["lines"][0]["on"] = "2026-06-03".into()),
        differs("lines[0].on")
    );
    // one line less than the entry comes to, with sums that fit
    let less = |paper: &mut Value| {
        paper["lines"] = json!([line(1, "2026-06-02", 8_999)]);
        paper["rates"] = json!([{"rate": {"category": "reduced", "percent": 8}, "net": 8_333, "tax": 666, "gross": 8_999}]);
    };
    assert_eq!(refused(&less), differs("lines"));
    // A's sales to B are no sales to C
    let other = |paper: &mut Value| {
        paper["with_office"] = "c".into();
        paper["recipient"] = json!({"name": "Cショップ", "corporation": "うみ"});
    };
    assert_eq!(refused(&other), ("not-between".into(), "lines".into()));
    let inside = |paper: &mut Value| paper["with_office"] = "a2".into();
    assert_eq!(refused(&inside), ("malformed".into(), "with_office".into()));
}

#[test]
fn a_sale_is_billed_once_and_a_wrong_paper_replaced_by_a_new_number() {
    let mut world = delivered();
    world.record(issue("a", "i1", invoice()));
    assert_eq!(
        world.refused(issue("a", "i2", invoice())),
        ("issued-already".into(), "lines".into())
    );
    let back = json!({"entry": {"key": "i1"}, "reason": "まちがえた"});
    assert_eq!(
        world.refused(act("reverse", "a", "x1", "2026-07-01", back)),
        ("document-stands".into(), "entry".into())
    );
    let mut again = invoice();
    again["replaces"] = json!({"key": "i1"});
    assert_eq!(
        world.refused(issue("a", "i2", again.clone())),
        ("reason-missing".into(), "reason".into())
    );
    again["reason"] = "支払期限を入れる".into();
    again["due_on"] = "2026-07-31".into();
    assert_eq!(number(&world.record(issue("a", "i2", again.clone()))), 2);
    // the first one is replaced, the second stands
    again["replaces"] = json!({"key": "i1"});
    assert_eq!(
        world.refused(issue("a", "i3", again)),
        ("issued-already".into(), "lines".into())
    );
}

#[test]
fn the_buyer_makes_a_statement_with_the_sellers_registration() {
    let mut world = delivered();
    let mut paper = invoice();
    paper["form"] = "purchase_statement".into();
    paper["with_office"] = "a".into();
    paper["issuer"] = json!({"name": "Bキッチン", "corporation": "そら"});
    paper["recipient"] =
        json!({"name": "A農園", "corporation": "みどり福祉会", "registration": "T7123456789012"});
    assert_eq!(number(&world.record(issue("b", "i1", paper))), 1);
}

#[test]
fn a_fiscal_year_begins_with_one() {
    let mut world = delivered();
    world.record(issue("a", "i1", invoice()));
    world.now = domain::calendar::Instant::from_rfc3339("2027-04-10T03:00:00Z").unwrap();
    let mut again = invoice();
    again["replaces"] = json!({"key": "i1"});
    again["reason"] = "あて名を直す".into();
    let entry = world.record(act("issue", "a", "i2", "2027-04-02", again));
    assert_eq!(number(&entry), 1);
}
