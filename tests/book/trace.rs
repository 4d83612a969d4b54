//! A lot of bento back to the field and a lot of carrots forward to the eaters, on both engines.

use acceptance::{
    support::engines,
    world::{World, act},
};
use app::{
    viewer::Viewer,
    views::{
        ViewError,
        balances::{At, balances},
        stock::stock,
        trace::{Passage, Question, StepView, TraceTree, trace},
    },
    writer::Answer,
};
use domain::{quantity::StatedQuantity, trace::Direction};
use serde_json::{Value, json};

/// Two lots of A's carrots and bought rice become B's bento, which C buys. C also buys carrots that go nowhere near.
async fn field_to_table(world: &World) {
    let lot = |code: &str| json!({"code": code});
    record(world, [
        act("produce", "a", "p1", "2026-06-01", json!({"lines": [
            {"product": "carrot", "quantity": "20", "lot": {"code": "A-0601", "field": "東の畑"}},
            {"product": "carrot", "quantity": "8", "lot": lot("A-0602")}]})),
        act("purchase", "b", "k1", "2026-06-01", json!({"supplier": "komeya", "lines": [
            {"product": "rice", "quantity": "10", "amount": 4320, "lot": {"code": "K-1", "origin": "新潟県"}}]})),
        act("ship", "a", "s1", "2026-06-02", json!({"to": "b", "lines": [
            {"lot": "A-0601", "quantity": "12"}, {"lot": "A-0602", "quantity": "8"}]})),
        act("receive", "b", "r1", "2026-06-02", json!({"shipment": {"office": "a", "key": "s1"}, "all": true})),
        act("ship", "a", "s2", "2026-06-02", json!({"to": "c", "lines": [{"lot": "A-0601", "quantity": "3"}]})),
        act("receive", "c", "r2", "2026-06-02", json!({"shipment": {"office": "a", "key": "s2"}, "all": true})),
        act("process", "b", "x1", "2026-06-03", process("6")),
        act("ship", "b", "s3", "2026-06-03", json!({"to": "c", "lines": [{"lot": "B-0603", "quantity": "40"}]})),
        act("receive", "c", "r3", "2026-06-03", json!({"shipment": {"office": "b", "key": "s3"}, "all": true})),
        act("use", "c", "u1", "2026-06-03", json!({"for": "samples", "lines": [{"lot": "B-0603", "quantity": "30"}]})),
        act("sell", "b", "v1", "2026-06-03", json!({"lines": [{"lot": "B-0603", "quantity": "8"}]})),
    ])
    .await;
}

fn process(carrots: &str) -> Value {
    json!({"inputs": [
        {"lot": "A-0601", "quantity": carrots}, {"lot": "A-0602", "quantity": "4"}, {"lot": "K-1", "quantity": "5"}],
        "outputs": [{"product": "bento", "quantity": "50", "lot": {"code": "B-0603"}}]})
}

/// Six kilograms were five.
fn correction() -> Value {
    let mut right = process("5");
    right["kind"] = "process".into();
    act(
        "correct",
        "b",
        "x1c",
        "2026-06-04",
        json!({"entry": {"key": "x1"}, "reason": "はかりまちがい", "right": right}),
    )
}

async fn record(world: &World, acts: impl IntoIterator<Item = Value>) {
    for act in acts {
        let answer = world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act} {answer:?}");
    }
}

async fn look(world: &World, lot: &str, direction: Direction, quantity: Option<i64>) -> TraceTree {
    let mut question = Question::new(lot.parse().unwrap(), direction);
    question.quantity = quantity.map(StatedQuantity::whole);
    trace(&world.book, &Viewer::Keeper, &question).await.unwrap()
}

/// Lot, part and percent of each row.
fn rows(tree: &TraceTree) -> Vec<(usize, String, String, String)> {
    let row = |step: &StepView| {
        let part = format!("{}{}", step.part.quantity, step.part.unit);
        (step.depth, step.lot.code.clone(), part, step.percent.to_string())
    };
    tree.steps.iter().map(row).collect()
}

fn expected(rows: &[(usize, &str, &str, &str)]) -> Vec<(usize, String, String, String)> {
    let row = |&(depth, lot, part, percent): &(usize, &str, &str, &str)| {
        (depth, lot.to_owned(), part.to_owned(), percent.to_owned())
    };
    rows.iter().map(row).collect()
}

/// Act, from, to, quantity, yen and lots of each passage.
fn passages(step: &StepView) -> Vec<String> {
    let passage = |passage: &Passage| {
        let paid = passage
            .paid
            .map(|paid| format!(" {}/{}", paid.yen, paid.lots))
            .unwrap_or_default();
        format!(
            "{} {} {} {}{paid}",
            passage.act, passage.from.code, passage.to.code, passage.quantity
        )
    };
    step.passages.iter().map(passage).collect()
}

#[tokio::test]
async fn a_bento_goes_back_to_field_and_rice_shop() {
    for engine in engines() {
        let world = World::new(engine).await;
        field_to_table(&world).await;
        let tree = look(&world, "B-0603", Direction::Backward, None).await;
        // of 20 kg, 8 kg and 10 kg
        assert_eq!(
            rows(&tree),
            expected(&[
                (0, "B-0603", "50個", "100"),
                (1, "A-0601", "6kg", "30"),
                (1, "A-0602", "4kg", "50"),
                (1, "K-1", "5kg", "50"),
            ])
        );
        // the forty that C bought, and no more than fifty
        let forty = look(&world, "B-0603", Direction::Backward, Some(40)).await;
        assert_eq!(
            rows(&forty)[1..],
            expected(&[
                (1, "A-0601", "4.8kg", "24"),
                (1, "A-0602", "3.2kg", "40"),
                (1, "K-1", "4kg", "40")
            ])
        );
        let mut question = Question::new("B-0603".parse().unwrap(), Direction::Backward);
        question.quantity = Some(StatedQuantity::whole(51));
        let more = trace(&world.book, &Viewer::Keeper, &question).await;
        assert!(matches!(more, Err(ViewError::MoreThanTheLot { .. })), "{more:?}");

        // more of the same carrots came to B when the bento was made already
        record(
            &world,
            [
                act(
                    "ship",
                    "a",
                    "s4",
                    "2026-06-04",
                    json!({"to": "b", "lines": [{"lot": "A-0601", "quantity": "1"}]}),
                ),
                act(
                    "receive",
                    "b",
                    "r4",
                    "2026-06-04",
                    json!({"shipment": {"office": "a", "key": "s4"}, "all": true}),
                ),
            ],
        )
        .await;
        let tree = look(&world, "B-0603", Direction::Backward, None).await;
        let [bento, carrots, _, rice] = &tree.steps[..] else {
            panic!("{tree:?}")
        };
        assert_eq!(
            (carrots.lot.maker.name.as_str(), carrots.lot.field.as_deref()),
            ("A農園", Some("東の畑"))
        );
        assert_eq!(
            (carrots.lot.made_on.to_string().as_str(), carrots.birth),
            ("2026-06-01", Some("生産"))
        );
        assert_eq!((bento.birth, rice.birth), (Some("加工"), Some("仕入")));
        // two lots on one slip of 3,000 yen, 150 a kilogram; C's three kilograms are on no way to the bento
        assert_eq!(passages(carrots), ["検収 a b 12 1,800/1"]);
        assert_eq!(passages(bento), ["検収 b c 40 20,000/1"]);
        assert_eq!(
            rice.lot.supplier.as_ref().map(|supplier| supplier.name.as_str()),
            Some("米屋")
        );
        assert_eq!(rice.lot.origin.as_deref(), Some("新潟県"));
        assert_eq!(
            rice.bought.map(|paid| (paid.yen.get(), paid.lots)),
            Some((4_320, 1))
        );
    }
}

#[tokio::test]
async fn a_recall_finds_what_is_left_and_who_had_the_rest() {
    for engine in engines() {
        let world = World::new(engine).await;
        field_to_table(&world).await;
        let tree = look(&world, "A-0601", Direction::Forward, None).await;
        assert_eq!(
            rows(&tree),
            expected(&[(0, "A-0601", "20kg", "100"), (1, "B-0603", "6kg", "30")])
        );
        let [carrots, bento] = &tree.steps[..] else {
            panic!("{tree:?}")
        };
        let left = |step: &StepView| -> Vec<(String, &str, String)> {
            step.left
                .iter()
                .map(|left| (left.holder.code.clone(), left.place, left.quantity.to_string()))
                .collect()
        };
        let mut of_carrots = left(carrots);
        of_carrots.sort();
        let kept = |office: &str, quantity: &str| (office.to_owned(), "在庫", quantity.to_owned());
        assert_eq!(of_carrots, [kept("a", "5"), kept("b", "6"), kept("c", "3")]);
        let mut of_bento = left(bento);
        of_bento.sort();
        assert_eq!(of_bento, [kept("b", "2"), kept("c", "10")]);
        let gone: Vec<_> = bento
            .gone
            .iter()
            .map(|gone| {
                let party = gone.party.as_ref().map(|party| party.name.as_str());
                (
                    gone.what,
                    gone.act,
                    gone.office.code.as_str(),
                    party,
                    gone.quantity.to_string(),
                )
            })
            .collect();
        let used = ("使用", "自家使用", "c", None, "30".to_owned());
        let sold = ("販売", "販売", "b", Some("一般客"), "8".to_owned());
        assert!(
            gone.contains(&used) && gone.contains(&sold) && gone.len() == 2,
            "{gone:?}"
        );
    }
}

#[tokio::test]
async fn a_correction_does_not_double_a_share_and_a_reversal_takes_it_away() {
    for engine in engines() {
        let world = World::new(engine).await;
        field_to_table(&world).await;
        record(
            &world,
            [
                correction(),
                act(
                    "process",
                    "b",
                    "x2",
                    "2026-06-04",
                    json!({
                "inputs": [{"lot": "K-1", "quantity": "2"}],
                "outputs": [{"product": "bento", "quantity": "10", "lot": {"code": "B-0604"}}]}),
                ),
            ],
        )
        .await;
        let both = look(&world, "K-1", Direction::Forward, None).await;
        assert_eq!(
            rows(&both)[1..],
            expected(&[(1, "B-0603", "5kg", "50"), (1, "B-0604", "2kg", "20")])
        );
        record(
            &world,
            [act(
                "reverse",
                "b",
                "x2r",
                "2026-06-05",
                json!({"entry": {"key": "x2"}, "reason": "二重に記録"}),
            )],
        )
        .await;

        let tree = look(&world, "B-0603", Direction::Backward, None).await;
        assert_eq!(
            rows(&tree),
            expected(&[
                (0, "B-0603", "50個", "100"),
                (1, "A-0601", "5kg", "25"),
                (1, "A-0602", "4kg", "50"),
                (1, "K-1", "5kg", "50"),
            ])
        );
        let rice = look(&world, "K-1", Direction::Forward, None).await;
        assert_eq!(rows(&rice)[1..], expected(&[(1, "B-0603", "5kg", "50")]));
        let used: Vec<_> = rice.steps[0]
            .gone
            .iter()
            .map(|gone| (gone.act, gone.quantity.to_string()))
            .collect();
        assert_eq!(used, [("加工", "5".to_owned())]);
        // what was never made is still known by its label
        let nothing = look(&world, "B-0604", Direction::Backward, None).await;
        assert_eq!(rows(&nothing), expected(&[(0, "B-0604", "0個", "0")]));
        let unknown = trace(
            &world.book,
            &Viewer::Keeper,
            &Question::new("X".parse().unwrap(), Direction::Forward),
        )
        .await;
        assert!(
            matches!(unknown, Err(ViewError::LotUnknown { .. })),
            "{unknown:?}"
        );
    }
}

#[tokio::test]
async fn a_walk_stops_at_the_last_level_and_says_so() {
    for engine in engines() {
        let world = World::new(engine).await;
        field_to_table(&world).await;
        let mut question = Question::new("A-0601".parse().unwrap(), Direction::Forward);
        question.levels = 0;
        let tree = trace(&world.book, &Viewer::Keeper, &question).await.unwrap();
        assert!(
            tree.cut && tree.steps[1].unread && tree.steps.len() == 2,
            "{tree:?}"
        );
    }
}

#[tokio::test]
async fn stock_of_a_day_and_balances_of_a_month_are_those_recorded() {
    for engine in engines() {
        let world = World::new(engine).await;
        field_to_table(&world).await;
        let day = |text: &str| Some(text.parse().unwrap());
        let lots = |view: app::views::stock::StockView| -> Vec<(String, String, String)> {
            view.rows
                .into_iter()
                .map(|row| (row.holder.code, row.lot, row.quantity.to_string()))
                .collect()
        };
        let row = |office: &str, lot: &str, quantity: &str| {
            (office.to_owned(), lot.to_owned(), quantity.to_owned())
        };
        let first = lots(
            stock(&world.book, &Viewer::Keeper, day("2026-06-01"), None)
                .await
                .unwrap(),
        );
        assert_eq!(
            first,
            [
                row("a", "A-0601", "20"),
                row("a", "A-0602", "8"),
                row("b", "K-1", "10")
            ]
        );
        let now = [
            row("a", "A-0601", "5"),
            row("b", "A-0601", "6"),
            row("b", "A-0602", "4"),
            row("b", "B-0603", "2"),
            row("b", "K-1", "5"),
            row("c", "A-0601", "3"),
            row("c", "B-0603", "10"),
        ];
        assert_eq!(
            lots(stock(&world.book, &Viewer::Keeper, None, None).await.unwrap()),
            now
        );
        assert_eq!(
            lots(
                stock(&world.book, &Viewer::Keeper, day("2026-06-03"), None)
                    .await
                    .unwrap()
            ),
            now
        );

        let june = At::Month("2026-06".parse().unwrap());
        let month = balances(&world.book, &Viewer::Keeper, Some(june)).await.unwrap();
        let of = |office: &str| -> Vec<(&str, Option<String>, i64)> {
            let unit = month.units.iter().find(|unit| unit.unit.code == office).unwrap();
            unit.rows
                .iter()
                .map(|row| {
                    (
                        row.label,
                        row.party.as_ref().map(|party| party.code.clone()),
                        row.yen.get(),
                    )
                })
                .collect()
        };
        let with = |office: &str| Some(office.to_owned());
        // B: rice 4,320 in cash, eight bento at 500 for cash; carrots 3,000 from A; bento 20,000 to C
        assert_eq!(
            of("b"),
            [
                ("現金", None, 4_000 - 4_320),
                ("売掛金", with("c"), 20_000),
                ("買掛金", with("a"), 3_000),
                ("売上高", None, 24_000),
                ("材料費", None, 3_000 + 4_320),
            ]
        );
        let until = At::Day("2026-06-30".parse().unwrap());
        assert_eq!(
            balances(&world.book, &Viewer::Keeper, Some(until))
                .await
                .unwrap()
                .units,
            month.units
        );
        // July has earned nothing, what is owed stays
        let july = At::Month("2026-07".parse().unwrap());
        let july = balances(&world.book, &Viewer::Keeper, Some(july))
            .await
            .unwrap()
            .debts_and_wages();
        let b = july.units.iter().find(|unit| unit.unit.code == "b").unwrap();
        let owed: Vec<_> = b.rows.iter().map(|row| (row.label, row.yen.get())).collect();
        assert_eq!(owed, [("売掛金", 20_000), ("買掛金", 3_000)]);
    }
}
