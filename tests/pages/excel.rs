//! Excel: sheets of all four kinds from the upload to the taking back, and lists as files.

mod faults;
mod lists;

use crate::{Town, record};
use acceptance::{
    pages::{html, value},
    support::engines,
    world::act,
};
use app::table::{Cell, List, read, to_csv, to_xlsx};
use axum::http::header;
use serde_json::json;

const ENTRIES: &str = "SELECT CAST(COUNT(*) AS bigint) FROM entry";
const IN_STORE: &str = "SELECT CAST(COALESCE(SUM(quantity), 0) AS bigint) FROM stock s \
    JOIN place p ON p.no = s.place_no WHERE p.kind = 11";

/// The preview of a file of office a.
async fn upload(town: &mut Town, kind: &str, name: &str, bytes: &[u8]) -> String {
    let fields = [("kind", kind), ("supplied_on", "2026-07-10"), ("sheet", "")];
    html(
        &town
            .a
            .upload("/o/a/excel", &fields, name, bytes)
            .await
            .expect(200),
    )
}

/// What the browser sends of a preview: the rows, and the columns that are chosen.
fn form(page: &str) -> Vec<(String, String)> {
    let mut fields = vec![
        ("rows".to_owned(), value(page, "rows")),
        ("columns".to_owned(), "chosen".to_owned()),
        ("supplied_on".to_owned(), value(page, "supplied_on")),
    ];
    for select in page.split("<select ").skip(1) {
        let name = select.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        let options = select
            .split("</select>")
            .next()
            .unwrap()
            .split("<option value=\"")
            .skip(1);
        let chosen = options.filter(|option| option.split('>').next().unwrap().contains(" selected"));
        if let Some(option) = chosen.into_iter().next() {
            fields.push((name.to_owned(), option.split('"').next().unwrap().to_owned()));
        }
    }
    fields
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// 新規, 変更, とばす, エラー.
fn counts(page: &str) -> [usize; 4] {
    ["新規", "変更", "とばす", "エラー"].map(|what| {
        let at = page.split(&format!("<dt>{what}</dt><dd>")).nth(1).unwrap();
        at.split('行').next().unwrap().parse().unwrap()
    })
}

/// Numbers of the rows that can be put right.
fn to_fix(page: &str) -> Vec<u32> {
    let rows = page.split("<fieldset class=\"card fix\" id=\"row-").skip(1);
    rows.map(|row| row.split('"').next().unwrap().parse().unwrap())
        .collect()
}

/// Records what the page shows; the address and the page of the group.
async fn save(town: &mut Town, page: &str) -> (String, String) {
    let told = town
        .a
        .send("/o/a/excel/save", &borrowed(&form(page)))
        .await
        .expect(303);
    let to = told.headers[header::LOCATION].to_str().unwrap().to_owned();
    let page = town.a.page(&to).await;
    (to, page)
}

async fn undo(town: &mut Town, group: &str) -> String {
    let reason = [("reason", "まちがえて取りこんだ"), ("other_reason", "")];
    town.a.done(&format!("{group}/undo"), &reason).await
}

#[tokio::test]
async fn productions_are_looked_at_put_right_recorded_and_taken_back() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let before = town.api.world.number(ENTRIES).await;
        let csv = "製造日,商品名,できた数,ロット\n\
                   令和8年7月9日,にんじん,１２．５kg,H-1\n\
                   R8.7.9,布小物,2箱,\n\
                   2026/07/09,carrot,十個,\n\
                   ,布小物,,\n\
                   ,合計,30,\n";
        let page = upload(&mut town, "produce", "7月.csv", csv.as_bytes()).await;
        // a heading that nobody knows: the column is chosen by hand
        assert!(page.contains("数量 の列が見つかりません"), "{page}");
        assert!(page.contains(">C できた数</option>"));
        let mut fields = form(&page);
        fields.push(("column/quantity".to_owned(), "2".to_owned()));
        let page = html(
            &town
                .a
                .send("/o/a/excel/check", &borrowed(&fields))
                .await
                .expect(200),
        );
        assert_eq!(counts(&page), [2, 0, 2, 1]);
        assert!(
            page.contains("＊4行目 数量：『十個』は数字ではありません。10 と入れてください。"),
            "{page}"
        );
        assert!(page.contains("5行目 数が空") && page.contains("6行目 合計の行"));
        assert!(
            !page.contains("行を記録する</button>"),
            "nothing can be recorded yet"
        );
        assert_eq!(town.api.world.number(ENTRIES).await, before);
        // who records all the same is told, and nothing is recorded
        let refused = html(
            &town
                .a
                .send("/o/a/excel/save", &borrowed(&form(&page)))
                .await
                .expect(422),
        );
        assert!(refused.contains("直す行が1行あります。まだ1行も記録していません。"));
        assert_eq!(town.api.world.number(ENTRIES).await, before);
        // put right in place
        let mut fields = form(&page);
        fields.push(("fix/4/2".to_owned(), "10".to_owned()));
        let page = html(
            &town
                .a
                .send("/o/a/excel/check", &borrowed(&fields))
                .await
                .expect(200),
        );
        assert_eq!(counts(&page), [3, 0, 2, 0]);
        let (group, page) = save(&mut town, &page).await;
        assert!(
            page.contains("ファイルの内容を記録しました。") && page.contains("<dd>3件</dd>"),
            "{page}"
        );
        assert_eq!(town.api.world.number(ENTRIES).await, before + 3);
        // 12.5 kg, 10 kg and two boxes of nine
        assert_eq!(town.api.world.number(IN_STORE).await, 12_500 + 10_000 + 18);
        assert!(town.a.page("/o/a/stock").await.contains("H-1"));
        // pressed twice it is recorded once
        let again = town
            .a
            .send("/o/a/excel/save", &borrowed(&fields))
            .await
            .expect(303);
        assert_eq!(again.headers[header::LOCATION].to_str().unwrap(), group);
        assert!(town.a.page(&group).await.contains("二重にはなっていません"));
        assert_eq!(town.api.world.number(ENTRIES).await, before + 3);
        // and taken back at once
        let page = undo(&mut town, &group).await;
        assert!(
            page.contains("取り消しました。") && page.contains("<dt>取り消し済み</dt><dd>3件</dd>"),
            "{page}"
        );
        assert!(!page.contains("/undo\""), "not offered twice");
        assert_eq!(town.api.world.number(IN_STORE).await, 0);
        assert_eq!(town.api.world.number(ENTRIES).await, before + 6);
        assert_eq!(
            undo(&mut town, &group)
                .await
                .matches("二重にはなっていません")
                .count(),
            1
        );
        assert_eq!(town.api.world.number(ENTRIES).await, before + 6);
        // the next file has the same headings: the column is remembered
        let csv = "できた数,商品名\n3,にんじん\n";
        let page = upload(&mut town, "produce", "8月.csv", csv.as_bytes()).await;
        assert_eq!(counts(&page), [1, 0, 0, 0]);
    }
}

#[tokio::test]
async fn purchases_come_with_their_prices() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let csv = "日付,仕入先,品目,数量,単価,金額,支払い,用途\n\
                   2026-07-08,たね屋,にんじん,2.5,100,250,掛け,材料\n\
                   2026-07-08,tane,布小物,3,,1000,,消耗品\n\
                   2026-07-08,たね屋,にんじん,2,100,300,現金,\n";
        let page = upload(&mut town, "purchase", "仕入.csv", csv.as_bytes()).await;
        assert_eq!(counts(&page), [2, 0, 0, 1]);
        assert!(
            page.contains("4行目 金額：単価×数量は200円で、金額の300円とちがいます。"),
            "{page}"
        );
        let mut fields = form(&page);
        fields.push(("leave/4".to_owned(), "yes".to_owned()));
        let page = html(
            &town
                .a
                .send("/o/a/excel/check", &borrowed(&fields))
                .await
                .expect(200),
        );
        let (group, page) = save(&mut town, &page).await;
        assert!(page.contains("A農園が にんじん 2.5kg を仕入れました"), "{page}");
        let sum = "SELECT CAST(SUM(ABS(p.yen)) AS bigint) FROM posting p JOIN account a ON a.no = p.account_no WHERE a.kind = ";
        // 材料費, 消耗品費, 買掛金
        for (kind, yen) in [(80, 250), (100, 1_000), (30, 250)] {
            assert_eq!(town.api.world.number(&format!("{sum}{kind}")).await, yen);
        }
        undo(&mut town, &group).await;
        let left = "SELECT CAST(SUM(yen) AS bigint) FROM posting p JOIN account a ON a.no = p.account_no WHERE a.kind = 80";
        assert_eq!(town.api.world.number(left).await, 0);
    }
}

#[tokio::test]
async fn products_are_new_changed_or_the_same() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let csv = "コード,品名,ふりがな,単位,税区分,日持ち\n\
                   carrot,にんじん,,kg,軽減,14\n\
                   craft,布のこもの,ぬのの こもの,,,\n\
                   negi,長ねぎ,ながねぎ,本,8%,7\n\
                   nasu,なす,,,軽減,\n\
                   negi,ねぎ,,本,軽減,\n";
        let page = upload(&mut town, "product", "品目.csv", csv.as_bytes()).await;
        assert_eq!(counts(&page), [1, 1, 1, 2]);
        assert!(
            page.contains("5行目 単位：空です。")
                && page.contains("6行目 コード：コード『negi』は4行目にもあります。"),
            "{page}"
        );
        let mut fields = form(&page);
        fields.extend([
            ("fix/5/3".to_owned(), "袋".to_owned()),
            ("leave/6".to_owned(), "yes".to_owned()),
        ]);
        let page = html(
            &town
                .a
                .send("/o/a/excel/check", &borrowed(&fields))
                .await
                .expect(200),
        );
        assert_eq!(counts(&page), [2, 1, 1, 0]);
        let (group, page) = save(&mut town, &page).await;
        assert!(page.contains("<dd>3件</dd>"));
        let book = town.api.world.book.clone();
        let names = async || {
            let masters = book.store().masters().await.unwrap();
            let of = |code: &str| {
                let office = masters.office_by_code(&"a".parse().unwrap()).unwrap().id;
                let product = masters.product_by_code(office, &code.parse().unwrap())?;
                let facts = product.facts.on("2026-07-10".parse().unwrap())?;
                Some((
                    facts.name.to_string(),
                    product.unit.name.clone(),
                    (product.unit.packs.len(), facts.allergens.unknown),
                ))
            };
            ["craft", "negi", "nasu"].map(of)
        };
        let [craft, negi, nasu] = names().await;
        let (name, unit, rest) = craft.unwrap();
        assert_eq!((name.as_str(), unit.as_str()), ("布のこもの", "個"));
        assert_eq!(rest, (1, false), "what the sheet does not say stays as it was");
        assert_eq!(negi.unwrap().0, "長ねぎ");
        assert_eq!(nasu.unwrap().1, "袋");
        // sent again: everything is as it says
        let page = upload(&mut town, "product", "品目.csv", csv.as_bytes()).await;
        assert!(page.contains("前に取りこんであります"), "{page}");
        // taken back: what was changed is as before, what was new stays known
        let page = undo(&mut town, &group).await;
        assert!(page.contains("取り消しました。"), "{page}");
        let [craft, negi, _] = names().await;
        assert_eq!(craft.unwrap().0, "布小物");
        assert!(negi.is_some());
    }
}

#[tokio::test]
async fn stocktakes_come_out_as_counted() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let made = json!({"lines": [{"product": "craft", "quantity": "7"}]});
        record(&town.api, &[act("produce", "a", "crafts", "2026-07-09", made)]).await;
        let csv = "品目,ロット番号,実地数\n,C-1,9.5\n布小物,,7\nにんじん,X-9,1\n";
        let page = upload(&mut town, "count", "棚卸.csv", csv.as_bytes()).await;
        assert_eq!(counts(&page), [2, 0, 0, 1]);
        assert!(
            page.contains("4行目 ロット番号：「X-9」というロットはここにありません。"),
            "{page}"
        );
        let mut fields = form(&page);
        fields.push(("leave/4".to_owned(), "yes".to_owned()));
        let page = html(
            &town
                .a
                .send("/o/a/excel/check", &borrowed(&fields))
                .await
                .expect(200),
        );
        let (group, _) = save(&mut town, &page).await;
        assert_eq!(town.api.world.number(IN_STORE).await, 9_500 + 7);
        undo(&mut town, &group).await;
        assert_eq!(town.api.world.number(IN_STORE).await, 10_000 + 7);
    }
}

#[tokio::test]
async fn what_was_used_by_now_keeps_the_whole_group() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let csv = "日付,品目,数量,ロット番号\n2026-07-09,にんじん,5,S-1\n2026-07-09,にんじん,6,S-2\n2026-07-09,布小物,2,S-3\n";
        let page = upload(&mut town, "produce", "a.csv", csv.as_bytes()).await;
        let hash = app::intake::Intake::unpacked(&value(&page, "rows")).unwrap().hash;
        let (group, _) = save(&mut town, &page).await;
        let ship = json!({"to": "b", "lines": [{"lot": "S-2", "quantity": "1"}]});
        record(&town.api, &[act("ship", "a", "s-1", "2026-07-10", ship)]).await;
        let before = town.api.world.number(ENTRIES).await;
        let reason = [("reason", ""), ("other_reason", "別の年の表だった")];
        let page = html(&town.a.send(&format!("{group}/undo"), &reason).await.expect(422));
        assert!(
            page.contains("1件が取り消せないので、1件も取り消していません。"),
            "{page}"
        );
        assert!(
            page.contains("先に次の伝票を取り消してください: 2026-07-10 出荷 (s-1)"),
            "{page}"
        );
        assert_eq!(value(&page, "other_reason"), "別の年の表だった");
        assert_eq!(town.api.world.number(ENTRIES).await, before);
        // one that was put right meanwhile is taken back as it is by now
        let back = json!({"entry": {"key": "s-1"}, "reason": "まちがえた"});
        record(&town.api, &[act("reverse", "a", "r-1", "2026-07-10", back)]).await;
        let right = json!({"kind": "produce", "lines": [{"product": "carrot", "quantity": "9", "lot": {"code": "S-1"}}]});
        let correct = json!({"entry": {"key": format!("sheet-{hash}-0-2")}, "right": right, "reason": "数をまちがえた"});
        record(&town.api, &[act("correct", "a", "c-1", "2026-07-10", correct)]).await;
        assert_eq!(town.api.world.number(IN_STORE).await, 9_000 + 6_000 + 2);
        assert!(undo(&mut town, &group).await.contains("取り消しました。"));
        assert_eq!(town.api.world.number(IN_STORE).await, 0);
    }
}

#[tokio::test]
async fn the_same_file_is_told_and_recorded_anew_only_after_it_was_taken_back() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let csv = "日付,品目,数量\n2026-07-09,にんじん,5\n";
        let page = upload(&mut town, "produce", "a.csv", csv.as_bytes()).await;
        let (group, _) = save(&mut town, &page).await;
        let size = town.api.world.number(ENTRIES).await;
        let page = upload(&mut town, "produce", "別の名前.csv", csv.as_bytes()).await;
        assert!(
            page.contains("このファイルは、前に取りこんであります。") && page.contains(&group),
            "{page}"
        );
        assert_eq!(counts(&page), [0, 0, 1, 0]);
        assert!(page.contains("2行目 前に取りこみ済み"));
        let told = town
            .a
            .send("/o/a/excel/save", &borrowed(&form(&page)))
            .await
            .expect(303);
        assert_eq!(told.headers[header::LOCATION].to_str().unwrap(), group);
        assert_eq!(town.api.world.number(ENTRIES).await, size);
        undo(&mut town, &group).await;
        let page = upload(&mut town, "produce", "a.csv", csv.as_bytes()).await;
        assert_eq!(counts(&page), [1, 0, 0, 0]);
        let (second, _) = save(&mut town, &page).await;
        assert_ne!(second, group);
        assert_eq!(town.api.world.number(IN_STORE).await, 5_000);
    }
}

#[tokio::test]
async fn templates_are_read_as_they_are_written() {
    let mut town = Town::new(acceptance::support::Engine::Sqlite).await;
    for kind in ["produce", "purchase", "count"] {
        let mut previews = Vec::new();
        for end in ["xlsx", "csv"] {
            let path = format!("/o/a/excel/templates/{kind}.{end}");
            let file = town.a.get(&path).await.expect(200);
            let name = file.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
            assert!(name.contains(&format!("template-{kind}.{end}")), "{name}");
            let page = upload(&mut town, kind, "ひな型", &file.bytes).await;
            previews.push(counts(&page));
        }
        // there is nothing to count yet
        let expected = if kind == "count" {
            [0, 0, 0, 1]
        } else {
            [1, 0, 0, 0]
        };
        assert_eq!(previews, [expected, expected], "{kind}");
    }
    town.a.get("/o/a/excel/templates/sell.xlsx").await.expect(404);
}

#[tokio::test]
async fn what_is_no_table_is_told_on_the_page_of_the_upload() {
    let mut town = Town::new(acceptance::support::Engine::Sqlite).await;
    let fields = [
        ("kind", "produce"),
        ("supplied_on", "2026-07-10"),
        ("sheet", "2月"),
    ];
    let list = List {
        name: "1月".to_owned(),
        headings: vec!["品目".to_owned(), "数量".to_owned()],
        rows: vec![vec![Cell::text("にんじん"), Cell::text("3")]],
    };
    let sheet = to_xlsx(&list).unwrap();
    for (bytes, sentence) in [
        (&b""[..], "ファイルを選んでください。"),
        (b"\xff\x00\xfe", "文字コードを読めません。"),
        ("品目,数量\n".as_bytes(), "何も書かれていません。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "古い形のExcelファイル"),
        (&sheet, "「2月」というシートはありません。シートは「1月」です。"),
    ] {
        let page = html(&town.a.upload("/o/a/excel", &fields, "x", bytes).await.expect(422));
        assert!(page.contains(sentence), "{sentence}: {page}");
        assert_eq!(value(&page, "sheet"), "2月", "what was typed is still there");
    }
    let lost = [("rows", "AAAA"), ("columns", "chosen")];
    assert!(
        html(&town.a.send("/o/a/excel/check", &lost).await.expect(400))
            .contains("もう一度、ファイルを選んで")
    );
    let large = vec![b'x'; 13 << 20];
    town.a
        .upload("/o/a/excel", &fields, "x", &large)
        .await
        .expect(413);
}

#[tokio::test]
async fn strangers_find_no_sheets_and_no_groups() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let csv = "日付,品目,数量\n2026-07-09,にんじん,5\n";
        let page = upload(&mut town, "produce", "a.csv", csv.as_bytes()).await;
        let rows = form(&page);
        let (group, _) = save(&mut town, &page).await;
        for path in [
            "/o/a/excel",
            "/o/a/excel/templates/produce.csv",
            "/o/a/files/stock.csv",
            &group,
            // the group of another office is not there, either
            &group.replace("/o/a/", "/o/b/"),
            "/o/a/groups/00000000-0000-0000-0000-000000000000",
        ] {
            town.b.get(path).await.expect(404);
        }
        town.a
            .get("/o/a/groups/00000000-0000-0000-0000-000000000000")
            .await
            .expect(404);
        let reason = [("reason", "x")];
        for path in [group.clone(), group.replace("/o/a/", "/o/b/")] {
            town.b.send(&format!("{path}/undo"), &reason).await.expect(404);
        }
        for path in ["/o/a/excel/check", "/o/a/excel/save", "/o/a/excel/rejected"] {
            town.b.send(path, &borrowed(&rows)).await.expect(404);
        }
        let fields = [("kind", "produce"), ("supplied_on", "2026-07-10"), ("sheet", "")];
        town.b
            .upload("/o/a/excel", &fields, "a.csv", csv.as_bytes())
            .await
            .expect(404);
        // its products are nobody else's: the same rows name nothing at office b
        let told = html(
            &town
                .b
                .upload("/o/b/excel", &fields, "a.csv", csv.as_bytes())
                .await
                .expect(200),
        );
        assert!(
            told.contains("『にんじん』という品目は台帳にありません。"),
            "{told}"
        );
        assert_eq!(town.api.world.number(IN_STORE).await, 5_000);
    }
}

#[tokio::test]
async fn a_file_without_scripts_or_formulas_runs_nothing() {
    let mut town = Town::new(acceptance::support::Engine::Sqlite).await;
    let csv = "日付,品目,数量,備考\n2026-07-09,にんじん,<b>,=1+1\n";
    let page = upload(&mut town, "produce", "<script>.csv", csv.as_bytes()).await;
    assert!(
        !page.contains("<script>.csv") && page.contains("&#60;script&#62;.csv")
            || page.contains("&lt;script&gt;.csv")
    );
    assert!(
        page.contains("『&#60;b&#62;』") || page.contains("『&lt;b&gt;』"),
        "{page}"
    );
    let mut fields = form(&page);
    fields.push(("as".to_owned(), "csv".to_owned()));
    let file = town
        .a
        .send("/o/a/excel/rejected", &borrowed(&fields))
        .await
        .expect(200);
    let text = String::from_utf8(file.bytes).unwrap();
    assert!(text.contains("'=1+1") && text.contains("2行目 数量："), "{text}");
    fields.pop();
    fields.push(("as".to_owned(), "xlsx".to_owned()));
    let file = town
        .a
        .send("/o/a/excel/rejected", &borrowed(&fields))
        .await
        .expect(200);
    let lines = read(&file.bytes, None).unwrap();
    assert_eq!(lines[0].cells, ["日付", "品目", "数量", "備考", "直すこと"]);
    assert_eq!(lines[1].cells[..4], ["2026-07-09", "にんじん", "<b>", "=1+1"]);
    // the rows that were rejected are a sheet again
    let mut list = List::default();
    list.headings.clone_from(&lines[0].cells);
    list.rows = vec![
        lines[1]
            .cells
            .iter()
            .map(|cell| Cell::text(cell.replace("<b>", "4")))
            .collect(),
    ];
    let page = upload(&mut town, "produce", "直した行.csv", &to_csv(&list)).await;
    assert_eq!(counts(&page), [1, 0, 0, 0]);
}
