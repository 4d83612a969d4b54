//! はじめての設定: from an empty book to an office that works, and the sample by one button.

use acceptance::{
    api::{PASSWORD, TestApi},
    pages::{Reader, html, value},
    support::engines,
    world::World,
};
use axum::http::header;

/// The first operator, in front of an empty book.
async fn empty(engine: acceptance::support::Engine) -> (TestApi, Reader) {
    let api = TestApi::of(World::empty(engine).await).await;
    let reader = Reader::logged_in(api.anonymous(), "root").await;
    (api, reader)
}

/// A form of a page, filled in where it asks for more than it proposes, and sent.
async fn fill(reader: &mut Reader, at: &str, fields: &[(&str, &str)]) -> String {
    let page = reader.page(at).await;
    let proposed = ["key", "supplied_on", "code"].map(|name| (name, value(&page, name)));
    let mut form: Vec<(&str, &str)> = proposed
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    form.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    form.extend(fields);
    reader.done(at, &form).await
}

const ENTRIES: &str = "SELECT CAST(COUNT(*) AS bigint) FROM entry";

#[tokio::test]
async fn five_steps_lead_from_an_empty_book_to_an_office_that_works() {
    for engine in engines() {
        let (api, mut root) = empty(engine).await;
        let told = root.get("/").await.expect(303);
        assert_eq!(told.headers[header::LOCATION], "/begin");
        assert!(root.page("/begin").await.contains("登録を始める"));

        let page = root.page("/begin/network").await;
        assert!(page.contains("全5ステップ中、1ステップ目") && page.contains("aria-current=\"step\""));
        assert_eq!(
            value(&page, "supplied_on"),
            "2026-04-01",
            "the first day of the fiscal year"
        );
        let network = [("name", "南野市連絡会"), ("code", "minamino"), ("then", "next")];
        let page = fill(&mut root, "/begin/network", &network).await;
        assert!(page.contains("登録しました。") && page.contains("2ステップ目"));

        let corporation = [
            ("name", "社会福祉法人ひなた会"),
            ("code", "hinata-kai"),
            ("registration", "Ｔ９９９０１０５００００１１"),
            ("taxation/kind", "simplified"),
            ("taxation/deemed_percent", "70"),
            ("then", "next"),
        ];
        let page = fill(&mut root, "/begin/corporation", &corporation).await;
        assert!(page.contains("3ステップ目"), "{page}");
        // the law's rates came with it, with their source
        let rates = root.page("/operate/rates").await;
        assert!(
            rates.contains("標準税率 10%") && rates.contains("軽減税率 8%") && rates.contains("消費税法")
        );
        assert!(
            root.page("/operate/corporations")
                .await
                .contains("T9990105000011")
        );

        let office = [
            ("name", "ひなた農園"),
            ("code", "hinata"),
            ("kana", "ひなたのうえん"),
            ("corporation", "hinata-kai"),
            ("municipality", "南野市"),
            ("network", "minamino"),
            ("mine", "yes"),
            ("then", "next"),
        ];
        let page = fill(&mut root, "/begin/office", &office).await;
        assert!(page.contains("品目(ひなた農園)"), "{page}");
        assert!(
            root.page("/operate/networks/minamino")
                .await
                .contains("ひなた農園")
        );

        let product = [
            ("name", "にんじん"),
            ("code", "carrot"),
            ("unit/name", "kg"),
            ("unit/decimals", "3"),
            ("pack/name", "袋"),
            ("pack/size", "0.5"),
            ("tax", "reduced"),
            ("allergens/known", "stated"),
            ("price/retail", "４００円"),
            ("price/supply", "300"),
            ("then", "more"),
        ];
        let page = fill(&mut root, "/begin/products?office=hinata", &product).await;
        assert!(page.contains("400円") && page.contains("4ステップ目"), "{page}");

        let page = root.page("/begin/people").await;
        let form = [("key", &*value(&page, "key")), ("role", "staff/hinata")];
        let page = html(&root.send("/begin/people", &form).await.expect(200));
        let secret = page
            .split("/setup#")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        assert!(page.contains("class=\"qr\"") && page.contains("1回だけ"));

        // somebody comes in and works
        let mut staff = Reader::new(api.anonymous());
        let account = [("secret", &*secret), ("login", "field-1"), ("password", PASSWORD)];
        staff.done("/setup", &account).await;
        staff
            .done(
                "/login",
                &[
                    ("login", "field-1"),
                    ("password", PASSWORD),
                    ("next", "/o/hinata"),
                ],
            )
            .await;
        let page = staff.page("/o/hinata/produce").await;
        let made = [
            ("key", &*value(&page, "key")),
            ("supplied_on", "2026-07-10"),
            ("made/carrot", "2.5"),
        ];
        assert!(
            staff
                .done("/o/hinata/produce", &made)
                .await
                .contains("作ったものを記録しました。")
        );
        assert!(
            root.page("/").await.contains("ひなた農園"),
            "its operator manages it"
        );
        // and nobody else finds the set-up
        for path in [
            "/begin",
            "/begin/network",
            "/begin/products",
            "/begin/people",
            "/operate",
        ] {
            staff.get(path).await.expect(404);
        }
        staff.send("/begin/sample", &[]).await.expect(404);
    }
}

#[tokio::test]
async fn what_is_wrong_keeps_what_was_typed_and_a_second_press_records_once() {
    for engine in engines() {
        let (api, mut root) = empty(engine).await;
        let form = [
            ("key", "c-1"),
            ("name", "合同会社ほしぞら"),
            ("code", "ほしぞら"),
            ("registration", ""),
            ("taxation/kind", "exempt"),
            ("supplied_on", "2026-04-01"),
            ("then", "next"),
        ];
        let page = html(&root.send("/begin/corporation", &form).await.expect(422));
        assert!(
            page.contains("まだ記録していません") && page.contains("thing-code-wrong"),
            "{page}"
        );
        assert_eq!(
            (value(&page, "name"), value(&page, "key")),
            ("合同会社ほしぞら".into(), "c-1".into())
        );
        assert_eq!(api.world.number(ENTRIES).await, 0);

        // a number that can hardly be a corporation's is asked about, and taken when one is sure
        let mut form = form.to_vec();
        form[2].1 = "hoshizora";
        form[3].1 = "T1990105000011";
        let page = html(&root.send("/begin/corporation", &form).await.expect(422));
        assert!(
            page.contains("検査数字が合いません") && page.contains("name=\"sure\""),
            "{page}"
        );
        assert_eq!(api.world.number(ENTRIES).await, 0);
        form.push(("sure", "yes"));
        root.done("/begin/corporation", &form).await;
        assert_eq!(
            api.world.number(ENTRIES).await,
            3,
            "the corporation and two rates"
        );
        root.done("/begin/corporation", &form).await;
        assert_eq!(api.world.number(ENTRIES).await, 3);
        // another one of the same code is no change of the first
        form[0].1 = "c-2";
        form[1].1 = "別の会社";
        let page = html(&root.send("/begin/corporation", &form).await.expect(422));
        assert!(page.contains("このコードは、もう使われています"), "{page}");
    }
}

#[tokio::test]
async fn the_sample_is_filled_into_an_empty_book_by_one_button() {
    for engine in engines() {
        let (api, mut root) = empty(engine).await;
        assert!(root.page("/begin").await.contains("見本の連絡会を入れる"));
        let home = root.done("/begin/sample", &[]).await;
        assert!(
            home.contains("見本の連絡会を入れました。") && home.contains("あおぞらキッチン"),
            "{home}"
        );
        assert!(home.contains("南野市就労支援連絡会"));
        let recorded = api.world.number(ENTRIES).await;
        assert!(root.page("/o/aozora").await.contains("今日の生産"));
        // a second press finds it there
        root.done("/begin/sample", &[]).await;
        assert_eq!(api.world.number(ENTRIES).await, recorded);
    }
}

#[tokio::test]
async fn a_book_in_which_something_is_recorded_takes_no_sample() {
    for engine in engines() {
        let api = TestApi::new(engine).await;
        let mut root = Reader::logged_in(api.anonymous(), "root").await;
        assert!(!root.page("/begin").await.contains("見本の連絡会を入れる"));
        let page = html(&root.send("/begin/sample", &[]).await.expect(422));
        assert!(page.contains("この帳簿には、もう記録があります"), "{page}");
        assert!(!root.page("/").await.contains("あおぞらキッチン"));
    }
}
