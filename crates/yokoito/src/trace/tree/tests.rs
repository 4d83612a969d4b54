//! What a person sees.

use super::*;
use app::views::{
    names::{LotView, Named},
    trace::{Passage, StepView, TraceTree},
};
use domain::{calendar::Day, lot::Allergens, money::Yen};

fn named(code: &str, name: &str) -> Named {
    Named::new(code, name)
}

fn day() -> Day {
    "2026-06-01".parse().unwrap()
}

/// A row: under which other, product, lot, part in kg, percent.
fn step(parent: Option<usize>, depth: usize, name: &str, code: &str, part: &str, percent: &str) -> StepView {
    StepView {
        depth,
        parent,
        lot: LotView {
            code: code.to_owned(),
            product: named("a/x", name),
            unit: "kg".to_owned(),
            size: "20".parse().unwrap(),
            maker: named("a", "A農園"),
            made_on: day(),
            best_before: None,
            field: None,
            origin: None,
            supplier: None,
            supplier_lot: None,
            allergens: Allergens::default(),
            origin_unknown: false,
            disowned_by: Vec::new(),
        },
        birth: Some("生産"),
        used: None,
        part: Amount {
            quantity: part.parse().unwrap(),
            unit: "kg".to_owned(),
        },
        percent: percent.parse().unwrap(),
        meeting: "first",
        unread: false,
        bought: None,
        passages: Vec::new(),
        left: Vec::new(),
        gone: Vec::new(),
    }
}

#[test]
fn a_tree_lines_up_and_says_how_goods_came() {
    let mut steps = vec![
        step(None, 0, "カレー", "C-1", "1000", "100"),
        step(Some(0), 1, "煮にんじん", "N-1", "4.8", "24.04"),
        step(Some(1), 2, "にんじん", "A-1", "0.00001", "0.01"),
        step(Some(0), 1, "にんじん", "A-1", "2", "10"),
    ];
    steps[1].lot.field = Some("東の畑".to_owned());
    steps[1].passages = vec![Passage {
        book_on: day(),
        supplied_on: None,
        act: "検収",
        from: named("a", "A農園"),
        to: named("b", "B"),
        quantity: "12".parse().unwrap(),
        paid: Some(Paid {
            yen: Yen::new(1_800),
            lots: 2,
            without_tax: true,
        }),
    }];
    steps[3].meeting = "again";
    let tree = TraceTree {
        direction: "backward",
        log_size: 9,
        steps,
        cut: true,
    };
    let expected = "\
カレー C-1(1,000kg) は、何からできているか

品目・ロット         入った量      割合  つくったところ  日付             畑・仕入先など
カレー C-1            1,000kg      100%  A農園           2026-06-01 生産
├─ 煮にんじん N-1       4.8kg       24%  A農園           2026-06-01 生産  東の畑
│  │  2026-06-01 検収 A農園 → B 12kg 1,800円(税抜)(2ロットの合計)
│  └─ にんじん A-1  0.00001kg  0.1%未満  A農園           2026-06-01 生産
└─ にんじん A-1           2kg       10%  A農園           2026-06-01 生産  (上に記載)

割合は、そのロット全体のうち、ここに入った分です。
「上に記載」のロットの先は、上に出てきたところに、すべての道すじを合わせて書いています。
この先にもロットがあります。--levels で、もっと先までたどれます。";
    assert_eq!(lines(&tree).join("\n"), expected);
}
