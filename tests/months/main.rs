//! Random months of three offices: goods on each other's shelves and in each other's kitchens, sold, brought back, lost, paid for,
//! taken back, entered late. At the end of each month every pair settles and agrees. Always: what a statement says is what the
//! books say, both sides say the same, goods add up, a later statement begins where the one before ended, and no statement that was
//! agreed on ever changes.
//!
//! `YOKOITO_LONG=1` takes more months, with seeds that nobody chose.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use acceptance::{
    support::{Engine, engines, long},
    world::{World, act},
};
use app::{
    viewer::Viewer,
    views::settlement::{SettlementView, Which, settlement},
    writer::Answer,
};
use domain::{calendar::Day, money::Yen, text::Code};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

/// Who sells whose goods, with the code of the agreement.
const SHELVES: [(&str, &str, &str); 3] = [
    ("a", "c", "a-c-consign"),
    ("b", "c", "b-c-random"),
    ("b", "a", "b-a-random"),
];
const PAIRS: [(&str, &str); 3] = [("a", "c"), ("b", "c"), ("a", "b")];
const MONTHS: [(&str, u32); 3] = [("2026-04", 30), ("2026-05", 31), ("2026-06", 30)];
/// Acts of a month.
const ACTS: usize = 40;

/// The world with some more agreements, and a running number for keys.
struct Town {
    world: World,
    random: StdRng,
    keys: usize,
    /// Acts that the rules took.
    recorded: usize,
    /// Sales that may be brought back or taken back: shop, key.
    sales: Vec<(&'static str, String)>,
}

impl Town {
    async fn new(engine: Engine, seed: u64) -> Town {
        let town = Town {
            world: World::new(engine).await,
            random: StdRng::seed_from_u64(seed),
            keys: 0,
            recorded: 0,
            sales: Vec::new(),
        };
        for (producer, other, code) in &SHELVES[1..] {
            // forms by turns: so much a piece, and a least commission
            let charge = if *other == "c" {
                json!({"per_unit": "30"})
            } else {
                json!({"percent": "12.5"})
            };
            let mut commission =
                json!({"charge": charge, "base": "inclusive", "tax": "inclusive", "rounding": "half_up"});
            if *other == "a" {
                commission["minimum"] = 200.into();
            }
            let agreement = json!({"kind": "agreement", "key": code, "supplied_on": "2026-04-01", "code": code,
                "about": "consign", "producer": producer, "other": other, "agreed": [producer, other],
                "terms": {"consign": {"commission": commission}}});
            town.must(agreement).await;
        }
        for (office, product) in [("a", "craft"), ("b", "bento")] {
            let lot = json!({"code": format!("LOT-{office}")});
            let lines = json!([{"product": product, "quantity": "100000", "lot": lot}]);
            let made = act("produce", office, "made", "2026-04-01", json!({ "lines": lines }));
            town.must(made).await;
        }
        for (producer, shop, code) in SHELVES {
            let lines = json!([{"lot": format!("LOT-{producer}"), "quantity": "500"}]);
            let placed = json!({"to": shop, "lines": lines});
            town.must(act(
                "consign",
                producer,
                &format!("placed-{code}"),
                "2026-04-01",
                placed,
            ))
            .await;
        }
        town
    }

    async fn must(&self, act: Value) {
        let answer = self.world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("k-{}", self.keys)
    }

    /// A random act; one that the rules refuse is none.
    async fn random_act(&mut self, month: &str, days: u32) {
        let key = self.key();
        let day = format!("{month}-{:02}", self.random.random_range(1..=days));
        let (producer, shop, _) = *SHELVES.choose(&mut self.random).unwrap();
        let lot = format!("LOT-{producer}");
        let pieces = self.random.random_range(1..=9).to_string();
        let lines = json!([{"lot": lot, "quantity": pieces}]);
        let act = match self.random.random_range(0..12) {
            0..=4 => {
                let yen = self.random.random_range(90..1_500).to_string();
                let lines = json!([{"lot": lot, "quantity": pieces, "unit_price": yen}]);
                self.sales.push((shop, key.clone()));
                act("sell", shop, &key, &day, json!({ "lines": lines }))
            }
            5 => act(
                "consign",
                producer,
                &key,
                &day,
                json!({"to": shop, "lines": lines}),
            ),
            6 => act(
                "return",
                shop,
                &key,
                &day,
                json!({"owner": producer, "lines": lines}),
            ),
            7 => {
                let fields = json!({"shelf_of": producer, "reason": "こわれた", "lines": lines});
                act("dispose", shop, &key, &day, fields)
            }
            8 => match self.sales.choose(&mut self.random).cloned() {
                Some((shop, of)) => {
                    let fields = json!({"entry": {"key": of}, "reason": "二重に入力"});
                    act("reverse", shop, &key, &day, fields)
                }
                None => return,
            },
            9 => {
                let clears = json!({"what": "consignment_deposit", "with_office": producer});
                let yen = self.random.random_range(1..4_000);
                act("pay", shop, &key, &day, json!({"clears": clears, "yen": yen}))
            }
            _ => {
                // delivered and accepted, one piece less now and then
                let ship =
                    json!({"to": "b", "lines": [{"lot": "LOT-a", "quantity": "3", "unit_price": "700"}]});
                self.world.record(act("ship", "a", &key, &day, ship)).await;
                let receive = json!({"shipment": {"office": "a", "key": key}, "all": true});
                act("receive", "b", &format!("{key}-r"), &day, receive)
            }
        };
        match self.world.record(act.clone()).await {
            Answer::Recorded(..) => self.recorded += 1,
            Answer::Refused(_) => {}
            answer => panic!("{act}: {answer:?}"),
        }
    }

    async fn seen(&self, own: &str, other: &str, which: Which) -> SettlementView {
        let (own, other): (Code, Code) = (own.parse().unwrap(), other.parse().unwrap());
        let view = settlement(&self.world.book, &Viewer::Keeper, &own, &other, which).await;
        view.unwrap().unwrap_or_else(|| panic!("{own}/{other} {which:?}"))
    }

    /// What the books say stands between two at the end of a day, summed by the engine.
    async fn booked(&self, own: &str, other: &str, day: &str) -> i64 {
        let masters = self.world.book.store().masters().await.unwrap();
        let id = |code: &str| masters.office_by_code(&code.parse().unwrap()).unwrap().id;
        let sums = self.world.book.store().snapshot().await.unwrap();
        let next: Day = day.parse::<Day>().unwrap().succ().unwrap();
        let sums = sums.sums_with(id(own), id(other).into(), next).await.unwrap();
        sums.iter().map(|sum| sum.yen.get()).sum()
    }

    /// Settles a pair's month and agrees on it; the statement as it was agreed on.
    async fn settle(
        &mut self,
        (own, other): (&'static str, &'static str),
        month: &str,
        days: u32,
    ) -> SettlementView {
        let (from, to) = (format!("{month}-01"), format!("{month}-{days:02}"));
        for (producer, shop, code) in SHELVES {
            if [(own, other), (other, own)].contains(&(producer, shop)) {
                let key = self.key();
                let fields = json!({"agreement": code, "from": from, "to": to});
                self.world.record(act("settle", shop, &key, &to, fields)).await;
            }
        }
        let which = Which::Next(Some(from.parse().unwrap()), to.parse().unwrap());
        let (ours, theirs) = (
            self.seen(own, other, which).await,
            self.seen(other, own, which).await,
        );
        assert_mirrored(&ours, &theirs);
        assert_eq!(
            ours.closing.get(),
            self.booked(own, other, &to).await,
            "{own}/{other} {month}"
        );
        let key = self.key();
        let fields = json!({"with": other, "from": ours.from, "to": ours.to, "balance": ours.closing, "agreed": [other]});
        self.must(act("confirm", own, &key, "2026-07-10", fields)).await;
        ours
    }
}

/// The same numbers with the other sign, sums and goods that add up.
fn assert_mirrored(ours: &SettlementView, theirs: &SettlementView) {
    assert_eq!(ours.closing, theirs.closing.negated());
    assert_eq!(ours.opening, theirs.opening.negated());
    assert_eq!(
        (&ours.sold, &ours.charged, &ours.goods),
        (&theirs.sold, &theirs.charged, &theirs.goods)
    );
    assert_eq!(ours.lines.len(), theirs.lines.len());
    for view in [ours, theirs] {
        let lines = Yen::sum(view.lines.iter().map(|line| line.yen)).unwrap();
        assert_eq!(view.opening.checked_add(lines).unwrap(), view.closing);
        let changes = Yen::sum(view.changes.iter().map(|change| change.yen)).unwrap();
        assert_eq!(changes, lines);
        for row in &view.goods {
            let sum = row.opening + row.delivered + row.found - row.sold - row.returned - row.lost;
            assert_eq!(sum, row.closing, "{row:?}");
        }
    }
}

/// What a paper says for ever; only how much of it was paid goes on.
fn frozen(mut view: SettlementView) -> SettlementView {
    if let Some(payment) = &mut view.payment {
        payment.paid = Yen::ZERO;
        payment.open = Yen::ZERO;
    }
    view
}

async fn months(engine: Engine, seed: u64) {
    let mut town = Town::new(engine, seed).await;
    let mut agreed: Vec<(&str, &str, u64, SettlementView)> = Vec::new();
    for (n, (month, days)) in MONTHS.into_iter().enumerate() {
        for _ in 0..ACTS {
            // one of eight is entered late, dated in the month before
            let late = n > 0 && town.random.random_range(0..8) == 0;
            let (month, days) = if late { MONTHS[n - 1] } else { (month, days) };
            town.random_act(month, days).await;
        }
        for pair in PAIRS {
            let (own, other) = pair;
            let draft = town.settle(pair, month, days).await;
            let number = u64::try_from(n + 1).unwrap();
            if let Some((.., before)) = agreed.iter().rev().find(|(a, b, ..)| (*a, *b) == pair) {
                assert_eq!(before.closing, draft.opening, "begins where the one before ended");
                for row in &before.goods {
                    let same = |now: &&app::views::settlement::SettlementGoods| {
                        (&now.owner, &now.product) == (&row.owner, &row.product)
                    };
                    if let Some(now) = draft.goods.iter().find(same) {
                        assert_eq!(now.opening, row.closing, "{row:?}");
                    }
                }
            }
            let paper = town.seen(own, other, Which::Number(number)).await;
            assert_eq!(
                (paper.closing, &paper.goods, &paper.lines),
                (draft.closing, &draft.goods, &draft.lines)
            );
            agreed.push((own, other, number, frozen(paper)));
        }
    }
    for (own, other, number, paper) in agreed {
        let now = town.seen(own, other, Which::Number(number)).await;
        assert_eq!(
            frozen(now),
            paper,
            "seed {seed}: {own}/{other} {number} has changed"
        );
    }
    let tried = ACTS * MONTHS.len();
    assert!(
        town.recorded * 2 > tried,
        "{} of {tried} acts were taken",
        town.recorded
    );
    // what everybody is owed and owes among the three is nothing together
    let mut all = 0;
    for (own, other) in PAIRS {
        all += town.booked(own, other, "2026-07-10").await + town.booked(other, own, "2026-07-10").await;
    }
    assert_eq!(all, 0);
}

#[tokio::test]
async fn random_months_settle_to_the_yen() {
    let seeds: Vec<u64> = if long() {
        (0..40).map(|_| rand::rng().next_u64()).collect()
    } else {
        (1..=4).collect()
    };
    for engine in engines() {
        for seed in &seeds {
            months(engine, *seed).await;
        }
    }
}
