//! What else an office does: putting numbers right, using, throwing away, counting, money.

use crate::{Town, record};
use acceptance::{
    pages::{html, value},
    support::engines,
    world::act,
};
use serde_json::json;

fn first_entry(list: &str, office: &str) -> String {
    let at = list.split(&format!("/o/{office}/entries/")).nth(1).unwrap();
    format!("/o/{office}/entries/{}", at.split('"').next().unwrap())
}

#[tokio::test]
async fn a_number_is_put_right_in_one_correction() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let address = first_entry(&town.a.page("/o/a/entries").await, "a");
        assert!(town.a.page(&address).await.contains("/correct\""));
        let address = format!("{address}/correct");
        let page = town.a.page(&address).await;
        assert!(page.contains("にんじん C-1"), "{page}");
        assert_eq!(value(&page, "amount/lines/0/quantity"), "10");
        let form = |typed| {
            [
                ("key", "k-1"),
                ("reason", "数をまちがえた"),
                ("amount/lines/0/quantity", typed),
            ]
        };
        let page = html(&town.a.send(&address, &form("10")).await.expect(422));
        assert!(page.contains("どの数も変わっていません。"));
        let page = html(&town.a.send(&address, &form("十二")).await.expect(422));
        assert!(
            page.contains("class=\"field-error\"") && page.contains("十二"),
            "{page}"
        );
        let list = town.a.done(&address, &form("１２kg")).await;
        assert!(list.contains("正しい数に直しました。"));
        assert!(list.contains("A農園が 記録を正しい内容に直しました"), "{list}");
        assert!(town.a.page("/o/a/stock").await.contains("12 kg"));
        // pressed twice: once
        let again = town.a.done(&address, &form("12")).await;
        assert!(again.contains("二重にはなっていません"));
        // and once more, from the correction
        let newest = first_entry(&town.a.page("/o/a/entries").await, "a");
        let page = town.a.page(&format!("{newest}/correct")).await;
        assert_eq!(value(&page, "amount/lines/0/quantity"), "12");
        let form = [
            ("key", "k-2"),
            ("reason", "また"),
            ("amount/lines/0/quantity", "11"),
        ];
        town.a.done(&format!("{newest}/correct"), &form).await;
        assert!(town.a.page("/o/a/stock").await.contains("11 kg"));
        // the other office corrects nothing of it
        let theirs = newest.replace("/o/a/", "/o/b/");
        town.b.get(&format!("{theirs}/correct")).await.expect(404);
    }
}

#[tokio::test]
async fn what_was_used_already_is_named_with_the_way_to_it() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let made = first_entry(&town.a.page("/o/a/entries").await, "a");
        let ship = [
            ("key", "s-1"),
            ("to", "b"),
            ("supplied_on", "2026-07-10"),
            ("ship/C-1", "4"),
        ];
        town.a.done("/o/a/ship", &ship).await;
        let shipped = first_entry(&town.a.page("/o/a/entries").await, "a");
        let page = html(
            &town
                .a
                .send(&format!("{made}/undo"), &[("key", "u-1")])
                .await
                .expect(422),
        );
        assert!(
            page.contains("先に取り消すもの") && page.contains(&shipped),
            "{page}"
        );
    }
}

#[tokio::test]
async fn goods_are_used_and_thrown_away() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let page = town.a.page("/o/a/use").await;
        assert!(page.contains("給食") && page.contains("out/C-1"), "{page}");
        let used = |many| {
            [
                ("key", "u-1"),
                ("supplied_on", "2026-07-10"),
                ("for", "meals"),
                ("cost", "1,200"),
                ("out/C-1", many),
            ]
        };
        let page = html(&town.a.send("/o/a/use", &used("")).await.expect(422));
        assert!(page.contains("数が1つも入っていません"));
        let page = html(&town.a.send("/o/a/use", &used("99")).await.expect(422));
        assert!(
            page.contains("class=\"field-error\"") && value(&page, "cost") == "1,200",
            "{page}"
        );
        let home = town.a.done("/o/a/use", &used("2")).await;
        assert!(home.contains("使ったものを記録しました。"));
        let away = |reason| {
            [
                ("key", "d-1"),
                ("supplied_on", "2026-07-10"),
                ("reason", reason),
                ("out/C-1", "3"),
            ]
        };
        let page = html(&town.a.send("/o/a/dispose", &away("")).await.expect(422));
        assert!(page.contains("理由"), "{page}");
        town.a.done("/o/a/dispose", &away("いたんだ")).await;
        assert!(town.a.page("/o/a/stock").await.contains("5 kg"));
        let list = town.a.page("/o/a/entries").await;
        assert!(
            list.contains("A農園が にんじん 2kg を使いました")
                && list.contains("A農園が にんじん 3kg を捨てました"),
            "{list}"
        );
    }
}

#[tokio::test]
async fn a_count_is_blind_and_its_difference_has_a_reason() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let page = town.a.page("/o/a/count").await;
        assert!(
            page.contains("count/a/carrot") && page.contains("found/a/craft"),
            "{page}"
        );
        assert!(
            !page.contains("10 kg"),
            "the book's number is not told before: {page}"
        );
        let counted = |reason| {
            [
                ("key", "n-1"),
                ("supplied_on", "2026-07-10"),
                ("reason", reason),
                ("count/a/carrot", "9.5"),
                ("found/a/craft", "２"),
            ]
        };
        let page = html(&town.a.send("/o/a/count", &counted("")).await.expect(200));
        for told in ["まだ記録していません", "10 kg", "9.5 kg", "-0.5 kg", "+2 個"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert_eq!(value(&page, "found/a/craft"), "２");
        assert!(
            town.a.page("/o/a/stock").await.contains("10 kg"),
            "nothing is recorded before the reason"
        );
        let stock = town.a.done("/o/a/count", &counted("書き忘れ")).await;
        assert!(
            stock.contains("数えた数を記録しました。") && stock.contains("9.5 kg") && stock.contains("2 個"),
            "{stock}"
        );
        let again = town.a.done("/o/a/count", &counted("書き忘れ")).await;
        assert!(again.contains("二重にはなっていません"), "{again}");
        // all agrees: recorded without a question
        let same = [
            ("key", "n-2"),
            ("supplied_on", "2026-07-10"),
            ("count/a/carrot", "9.5"),
        ];
        town.a.done("/o/a/count", &same).await;
    }
}

#[tokio::test]
async fn money_is_spent_moved_counted_and_paid() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let open = json!({"balances": [{"account": "cash", "yen": 50_000}, {"account": "receivable", "partner": "city", "yen": 8_000}]});
        record(&town.api, &[act("open", "a", "o-1", "2026-07-01", open)]).await;
        let page = town.a.page("/o/a/money").await;
        assert!(
            page.contains("金庫") && page.contains("50,000") | page.contains("50000"),
            "{page}"
        );
        assert!(page.contains("市役所"), "{page}");
        let spent = |paid| {
            [
                ("key", "e-1"),
                ("supplied_on", "2026-07-10"),
                ("item", "supplies"),
                ("yen", "1,500円"),
                ("paid", paid),
            ]
        };
        let page = html(
            &town
                .a
                .send("/o/a/money/spend", &spent("cash nowhere"))
                .await
                .expect(422),
        );
        assert!(page.contains("＊"), "{page}");
        town.a.done("/o/a/money/spend", &spent("cash kinko")).await;
        let moved = [
            ("key", "m-1"),
            ("supplied_on", "2026-07-10"),
            ("from", "kinko"),
            ("to", "bank"),
            ("yen", "20000"),
        ];
        town.a.done("/o/a/money/move", &moved).await;
        // the whole debt is filled in
        let pay = "/o/a/money/pay?debt=receivable%20partner%20city";
        let page = town.a.page(pay).await;
        assert_eq!(value(&page, "yen"), "8000");
        let paid = [
            ("key", "p-1"),
            ("supplied_on", "2026-07-10"),
            ("debt", "receivable partner city"),
            ("yen", "5000"),
            ("purse", "bank bank"),
            ("fee", "220"),
            ("bearer", "payee"),
        ];
        town.a.done("/o/a/money/pay", &paid).await;
        let again = town.a.done("/o/a/money/pay", &paid).await;
        assert!(again.contains("二重にはなっていません"));
        let page = town.a.page("/o/a/money").await;
        // 50,000 - 1,500 - 20,000 in the box; 20,000 + 5,000 - 220 at the bank; 3,000 still owed
        for there in ["28,500", "24,780", "3,000"] {
            assert!(page.contains(there), "{there}: {page}");
        }
        // the day's count: 100 yen less than the book
        let coins = |reason| {
            [
                ("key", "c-1"),
                ("supplied_on", "2026-07-10"),
                ("place", "kinko"),
                ("coin/10000", "2"),
                ("coin/1000", "8"),
                ("coin/100", "4"),
                ("reason", reason),
            ]
        };
        let page = html(&town.a.send("/o/a/money/count", &coins("")).await.expect(422));
        assert!(page.contains("100円 少ない"), "{page}");
        town.a.done("/o/a/money/count", &coins("おつりのまちがい")).await;
        assert!(town.a.page("/o/a/money").await.contains("28,400"));
        town.b.get("/o/a/money").await.expect(404);
    }
}

#[tokio::test]
async fn what_the_welfare_side_owes_is_seen_and_paid() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let spent = [
            ("key", "e-1"),
            ("supplied_on", "2026-07-10"),
            ("item", "welfare_food"),
            ("section", "welfare"),
            ("yen", "900"),
            ("paid", "on_account tane"),
        ];
        town.a.done("/o/a/money/spend", &spent).await;
        // meals out of the store: what the two sections owe each other is nobody's to pay
        let used = [
            ("key", "u-1"),
            ("supplied_on", "2026-07-10"),
            ("for", "meals"),
            ("cost", "1200"),
            ("out/C-1", "2"),
        ];
        town.a.done("/o/a/use", &used).await;
        let page = town.a.page("/o/a/money").await;
        assert!(
            page.contains("たね屋") && page.contains("福祉事業") && page.contains("900"),
            "{page}"
        );
        assert!(!page.contains("内部勘定") && !page.contains("1,200"), "{page}");
        let debt = "payable partner tane welfare";
        let page = town
            .a
            .page("/o/a/money/pay?debt=payable%20partner%20tane%20welfare")
            .await;
        assert_eq!(
            (value(&page, "debt"), value(&page, "yen")),
            (debt.into(), "900".into())
        );
        let paid = [
            ("key", "p-1"),
            ("supplied_on", "2026-07-10"),
            ("debt", debt),
            ("yen", "900"),
            ("purse", "cash kinko"),
            ("bearer", "payer"),
        ];
        town.a.done("/o/a/money/pay", &paid).await;
        assert!(!town.a.page("/o/a/money").await.contains("たね屋"));
    }
}

#[tokio::test]
async fn what_was_typed_outlives_a_session() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        town.a.set_cookie("yokoito_session", "over");
        let form = [
            ("key", "t-1"),
            ("supplied_on", "2026-07-10"),
            ("out/C-1", "1"),
            ("for", "samples"),
            ("note", "朝の <見本>"),
        ];
        let page = html(&town.a.send("/o/a/use", &form).await.expect(401));
        assert!(page.contains("書いたものは残っています。"), "{page}");
        assert_eq!(value(&page, "typed/note"), "朝の &#60;見本&#62;");
        assert_eq!(value(&page, "next"), "/o/a/use");
        // a wrong password loses nothing either
        let mut log_in = vec![("login", "staff-a"), ("password", "wrong"), ("next", "/o/a/use")];
        for (name, value) in [
            ("typed/key", "t-1"),
            ("typed/supplied_on", "2026-07-10"),
            ("typed/out/C-1", "1"),
            ("typed/for", "samples"),
        ] {
            log_in.push((name, value));
        }
        let page = html(&town.a.send("/login", &log_in).await.expect(422));
        assert_eq!(value(&page, "typed/out/C-1"), "1");
        log_in[1] = ("password", acceptance::api::PASSWORD);
        let page = html(&town.a.send("/login", &log_in).await.expect(200));
        assert!(
            page.contains("まだ記録していません") && page.contains("action=\"/o/a/use\""),
            "{page}"
        );
        assert_eq!(value(&page, "out/C-1"), "1");
        town.a.done("/o/a/use", &form).await;
        assert!(town.a.page("/o/a/stock").await.contains("9 kg"));
    }
}
