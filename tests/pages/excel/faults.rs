//! A sheet of 1,000 rows with 37 seeded faults: all 37 are named with their cause, nothing is recorded; put right in place, all
//! 1,000 are recorded, and taken back.

use super::{ENTRIES, IN_STORE, borrowed, counts, form, save, to_fix, undo, upload};
use crate::{Town, record};
use acceptance::{
    pages::html,
    support::{Engine, engines},
    world::act,
};
use app::table::{Cell, List, to_xlsx};
use domain::calendar::Day;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::json;
use std::collections::BTreeMap;

const ROWS: usize = 1_000;
const FAULTS: usize = 37;
const HEADINGS: [&str; 9] = [
    "日付",
    "仕入先",
    "品目",
    "数量",
    "単価",
    "金額",
    "支払い",
    "ロット番号",
    "期限",
];

/// Column, what stands there wrongly, what the page says.
type Fault = (usize, &'static str, &'static str);

/// Causes, each told of its cell.
const CAUSES: &[Fault] = &[
    (
        3,
        "十個",
        "数量：『十個』は数字ではありません。10 と入れてください。",
    ),
    (3, "", "数量：空です。数量を入れてください。"),
    (3, "1,5", "数量：『1,5』は数字ではありません。"),
    (3, "0", "数量：数量は0より大きくしてください。"),
    (3, "-2", "数量：数量は0より大きくしてください。"),
    (3, "0.0001", "数量：この品目の数量は小数3桁までです。"),
    (3, "2樽", "数量：この品目に「樽」という単位はありません。"),
    (2, "", "品目：空です。品目を入れてください。"),
    (2, "人参", "品目：『人参』という品目は台帳にありません。"),
    (2, "にんじ", "『にんじん』ではありませんか。"),
    (0, "7/9", "日付：『7/9』は、年から日まで書いてありません。"),
    (0, "2026-06-31", "日付：『2026-06-31』という日はありません。"),
    (0, "きのう", "日付：『きのう』は日付ではありません。"),
    (0, "2027-01-04", "日付：2027-01-04 はまだ来ていません。"),
    (1, "米屋", "仕入先：『米屋』という取引先は台帳にありません。"),
    (5, "", "金額：単価も金額も空です。どちらかを入れてください。"),
    (5, "100.5", "金額：『100.5』は円の端数です。"),
    (5, "百円くらい", "金額：『百円くらい』は数字ではありません。"),
    (6, "小切手", "支払い：『小切手』は選べません。"),
    (7, "L 1", "ロット番号：『L 1』使えない文字"),
    (
        7,
        "TAKEN-1",
        "ロット番号：ロット番号「TAKEN-1」はすでに使われています。",
    ),
    (
        8,
        "2026-01-01",
        "期限：期限が製造日より前か、時刻が24時を超えています。",
    ),
];

/// A sheet, its faults by row, and what should have stood there.
struct Seeded {
    rows: Vec<[String; 9]>,
    faults: BTreeMap<u32, Fault>,
    right: BTreeMap<u32, String>,
}

fn seeded(seed: u64) -> Seeded {
    let mut random = StdRng::seed_from_u64(seed);
    let mut rows: Vec<[String; 9]> = (0..ROWS)
        .map(|n| {
            let day = random.random_range(1..=9);
            let day = match n % 4 {
                0 => format!("2026-07-{day:02}"),
                1 => format!("2026/7/{day}"),
                2 => format!("令和8年7月{day}日"),
                _ => format!("R8.7.{day}"),
            };
            let supplier = if n % 2 == 0 { "たね屋" } else { "tane" };
            let product = if n % 3 == 0 { "carrot" } else { "にんじん" };
            let quantity = random.random_range(1..=2_000);
            let amount = random.random_range(1..=90_000);
            let row = [
                &*day,
                supplier,
                product,
                &quantity.to_string(),
                "",
                &amount.to_string(),
                "現金",
                "",
                "",
            ];
            row.map(str::to_owned)
        })
        .collect();
    let mut places: Vec<usize> = (0..ROWS).collect();
    places.shuffle(&mut random);
    let (mut faults, mut right) = (BTreeMap::new(), BTreeMap::new());
    for (at, fault) in places.into_iter().zip(CAUSES.iter().cycle()).take(FAULTS) {
        let row = u32::try_from(at).unwrap() + 2;
        let (column, wrong, _) = *fault;
        right.insert(row, std::mem::replace(&mut rows[at][column], wrong.to_owned()));
        faults.insert(row, *fault);
    }
    Seeded { rows, faults, right }
}

impl Seeded {
    fn csv(&self) -> String {
        let lines = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        let headings = [HEADINGS.join(",")];
        headings.into_iter().chain(lines).collect::<Vec<_>>().join("\r\n")
    }

    /// As people have it in Excel: days as days, numbers as numbers.
    fn list(&self) -> List {
        let cell = |text: &String| match (text.parse::<Day>(), text.parse()) {
            (Ok(day), _) => Cell::Day(day),
            (_, Ok(number)) => Cell::Number(number),
            _ => Cell::text(text.as_str()),
        };
        List {
            name: "仕入".to_owned(),
            headings: HEADINGS.map(str::to_owned).into(),
            rows: self
                .rows
                .iter()
                .map(|row| row.iter().map(cell).collect())
                .collect(),
        }
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains(',') {
        format!("\"{cell}\"")
    } else {
        cell.to_owned()
    }
}

/// A lot that has taken its number already.
async fn town(engine: Engine) -> Town {
    let town = Town::new(engine).await;
    let lines = json!({"lines": [{"product": "carrot", "quantity": "1", "lot": {"code": "TAKEN-1"}}]});
    record(&town.api, &[act("produce", "a", "taken", "2026-07-01", lines)]).await;
    town
}

/// All faults are named, each at its row with its cause, and nothing is recorded whatever is pressed.
async fn all_are_named(town: &mut Town, seeded: &Seeded, bytes: &[u8]) -> String {
    let head = town.api.world.head().await;
    let page = upload(town, "purchase", "仕入", bytes).await;
    assert_eq!(counts(&page), [ROWS - FAULTS, 0, 0, FAULTS]);
    let rows: Vec<u32> = seeded.faults.keys().copied().collect();
    assert_eq!(to_fix(&page), rows);
    for (row, (_, wrong, told)) in &seeded.faults {
        let begin = format!("id=\"told-{row}\">");
        let list = page.split(&begin).nth(1).unwrap().split("</ul>").next().unwrap();
        assert_eq!(list.matches("<li").count(), 1, "{row}, {wrong}: {list}");
        assert!(
            list.contains(&format!("＊{row}行目 ")) && list.contains(told),
            "{row}, {wrong}: {list}"
        );
    }
    // by cause as well: how many rows, and which
    let causes = page
        .split("<ul class=\"causes\">")
        .nth(1)
        .unwrap()
        .split("</ul>")
        .next()
        .unwrap();
    assert!(causes.matches("<li>").count() >= 10, "{causes}");
    let page = html(
        &town
            .a
            .send("/o/a/excel/save", &borrowed(&form(&page)))
            .await
            .expect(422),
    );
    assert!(page.contains("直す行が37行あります。まだ1行も記録していません。"));
    assert_eq!(to_fix(&page), rows);
    assert_eq!(town.api.world.head().await, head, "nothing is recorded");
    page
}

#[tokio::test]
async fn a_thousand_rows_with_37_faults() {
    for engine in engines() {
        let mut town = town(engine).await;
        let seeded = seeded(37);
        let size = town.api.world.number(ENTRIES).await;
        let page = all_are_named(&mut town, &seeded, seeded.csv().as_bytes()).await;
        // all are put right in place, and all or nothing are recorded
        let mut fields = form(&page);
        for (row, right) in &seeded.right {
            let (column, ..) = seeded.faults[row];
            fields.push((format!("fix/{row}/{column}"), right.clone()));
        }
        let page = html(
            &town
                .a
                .send("/o/a/excel/check", &borrowed(&fields))
                .await
                .expect(200),
        );
        assert_eq!(counts(&page), [ROWS, 0, 0, 0]);
        let (group, page) = save(&mut town, &page).await;
        assert!(page.contains("<dd>1000件</dd>"), "{page}");
        let thousand = i64::try_from(ROWS).unwrap();
        assert_eq!(town.api.world.number(ENTRIES).await, size + thousand);
        assert!(
            undo(&mut town, &group)
                .await
                .contains("<dt>取り消し済み</dt><dd>1000件</dd>")
        );
        assert_eq!(town.api.world.number(ENTRIES).await, size + 2 * thousand);
        assert_eq!(town.api.world.number(IN_STORE).await, 1_000);
    }
}

#[tokio::test]
async fn the_same_faults_are_named_in_cp932_and_in_an_excel_file() {
    for engine in engines() {
        let mut town = town(engine).await;
        let seeded = seeded(932);
        let csv = seeded.csv();
        let (cp932, _, is_lossy) = encoding_rs::SHIFT_JIS.encode(&csv);
        assert!(!is_lossy);
        all_are_named(&mut town, &seeded, &cp932).await;
        let xlsx = to_xlsx(&seeded.list()).unwrap();
        all_are_named(&mut town, &seeded, &xlsx).await;
    }
}
