//! One lot on the shop's shelf: what is over or near is marked; it is given back, thrown away or sold for less, and who bears
//! that is said before. What was sold ahead of a count is marked until somebody counts.

use crate::{
    Town, reader, record,
    shelf::{PLACED, crafts},
};
use acceptance::{
    api::Client,
    pages::{Reader, html, value},
    support::{Engine, engines},
    world::act,
};
use app::access::rights::Role;
use serde_json::{Value, json};

const LOT: &str = "/o/c/shelf/of/a/lots/C-9";

/// Five kilos of carrots at 300 yen on the shelf of c, good until yesterday, and five more that are good until the twelfth.
async fn carrots(engine: Engine) -> (Town, Reader) {
    let town = Town::new(engine).await;
    let lot = |code: &str, day: &str| json!({"product": "carrot", "quantity": "5", "lot": {"code": code, "best_before": {"day": day}}});
    let made = json!({"lines": [lot("C-9", "2026-07-09"), lot("C-12", "2026-07-12")]});
    let placed =
        json!({"to": "c", "lines": [{"lot": "C-9", "quantity": "5"}, {"lot": "C-12", "quantity": "5"}]});
    record(
        &town.api,
        &[
            act("produce", "a", "made", "2026-07-01", made),
            act("consign", "a", "placed", "2026-07-02", placed),
        ],
    )
    .await;
    let shop = reader(&town.api, "c").await;
    (town, shop)
}

/// The shop bears discounts and breakages from the first of July on.
async fn the_shop_bears(town: &Town, treatment: &str) {
    let terms = json!({"consign": {"commission": {"charge": {"percent": "15"}, "base": "inclusive", "tax": "inclusive"}},
        "discount_bearer": "other", "breakage_bearer": "other", "loss_treatment": treatment});
    let fields = json!({"code": "a-c-consign", "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"],
        "terms": terms});
    record(&town.api, &[act("agreement", "a", "terms", "2026-07-01", fields)]).await;
}

async fn client(town: &Town, office: &str) -> Client {
    let masters = town.api.world.book.store().masters().await.unwrap();
    let id = masters.office_by_code(&office.parse().unwrap()).unwrap().id;
    town.api
        .person(&format!("api-{office}"), &[Role::Staff(id)])
        .await
}

/// What the shop owes the producer by now.
async fn owed(client: &Client) -> Value {
    let path = "/v1/offices/a/statements/c?from=2026-07-01&to=2026-07-31";
    client.get(path).await.expect(200).json()["balance"].clone()
}

fn form<'a>(
    key: &'a str,
    then: &'a str,
    quantity: &'a str,
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("key", key),
        ("then", then),
        ("supplied_on", "2026-07-10"),
        ("lines/0/quantity", quantity),
    ];
    form.extend(more);
    form
}

#[tokio::test]
async fn what_is_over_is_marked_and_given_back_or_thrown_away() {
    for engine in engines() {
        let (mut town, mut shop) = carrots(engine).await;
        let page = shop.page("/o/c/shelf").await;
        for told in [
            "2026年7月9日 期限切れ",
            "2026年7月12日 もうすぐ期限",
            "href=\"/o/c/shelf/of/a/lots/C-9#return-heading\"",
            "href=\"/o/c/shelf/of/a/lots/C-12#sell-heading\"",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        // the producer sees it as well, with the way to fetch it
        let page = town.a.page("/o/a/shelf").await;
        assert!(
            page.contains("2026年7月9日 期限切れ") && page.contains("/o/a/shelf/at/c"),
            "{page}"
        );
        let page = shop.page(LOT).await;
        assert!(
            page.contains("つくり手(A農園)がもちます。お金は動きません。"),
            "{page}"
        );
        assert_eq!(
            value(&page, "lines/0/quantity"),
            "5",
            "all of it, unless another number is typed"
        );
        let reason = [("reason", "期限が切れた")];
        let thrown = form("t-1", "dispose", "２kg", &reason);
        let page = shop.done(LOT, &thrown).await;
        assert!(page.contains("捨てたものを記録しました"), "{page}");
        let again = shop.done(LOT, &thrown).await;
        assert!(again.contains("二重にはなっていません"), "{again}");
        let page = shop.done(LOT, &form("t-2", "return", "3", &[])).await;
        assert!(page.contains("棚から返したものを記録しました"), "{page}");
        assert!(town.a.page("/o/a/consign").await.contains("ある数 3 kg"));
        assert!(
            shop.page(LOT)
                .await
                .contains("このロットは、いま棚にありません。")
        );
        assert_eq!(owed(&client(&town, "a").await).await, 0, "the producer bears it");
        // more than there is, and no number
        let at = LOT.replace("C-9", "C-12");
        for quantity in ["6", "0", "-1"] {
            let page = html(
                &shop
                    .send(&at, &form("t-3", "return", quantity, &[]))
                    .await
                    .expect(422),
            );
            assert!(page.contains("まだ記録していません"), "{page}");
            assert_eq!(value(&page, "lines/0/quantity"), quantity);
        }
    }
}

#[tokio::test]
async fn what_the_shop_bears_is_said_in_yen_before() {
    for engine in engines() {
        for (treatment, how) in [
            ("sale", "売れたものとして(税込み)"),
            ("compensation", "弁償金として(消費税なし)"),
        ] {
            let (town, mut shop) = carrots(engine).await;
            the_shop_bears(&town, treatment).await;
            // five kilos at 300
            let all = format!("この店がもちます。1,500円を、{how}、A農園に払うことになります。");
            let page = shop.page(LOT).await;
            assert!(page.contains(&all), "{page}");
            let reason = [("reason", "期限が切れた")];
            let page = html(
                &shop
                    .send(LOT, &form("t-1", "look-dispose", "2", &reason))
                    .await
                    .expect(200),
            );
            let two = format!("この店がもちます。600円を、{how}、A農園に払うことになります。");
            assert!(page.contains(&two), "{page}");
            let producer = client(&town, "a").await;
            assert_eq!(owed(&producer).await, 0, "only looked");
            shop.done(LOT, &form("t-1", "dispose", "2", &reason)).await;
            assert_eq!(owed(&producer).await, 600);
        }
    }
}

/// Two kilos at 150 instead of 300.
const LESS: [(&str, &str); 2] = [("lines/0/unit_price", "１５０円"), ("reason", "期限が近い")];

#[tokio::test]
async fn a_discount_says_who_bears_it() {
    for engine in engines() {
        let (town, mut shop) = carrots(engine).await;
        let producer = client(&town, "a").await;
        let page = shop.page(LOT).await;
        assert!(page.contains("値引き分は、つくり手(A農園)がもちます。"), "{page}");
        let page = html(
            &shop
                .send(LOT, &form("s-1", "look-sell", "2", &LESS))
                .await
                .expect(200),
        );
        for told in ["600円", "300円", "値引き分 300円は、つくり手(A農園)がもちます。"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        let page = shop.done(LOT, &form("s-1", "sell", "2", &LESS)).await;
        assert!(page.contains("売上を記録しました"), "{page}");
        assert_eq!(owed(&producer).await, 300, "what the customer paid");

        // the shop bears it: it makes up the difference to the list
        let (town, mut shop) = carrots(engine).await;
        the_shop_bears(&town, "sale").await;
        let producer = client(&town, "a").await;
        let page = html(
            &shop
                .send(LOT, &form("s-1", "look-sell", "2", &LESS))
                .await
                .expect(200),
        );
        let told = "値引き分 300円は、この店がもちます。A農園に払うことになります。";
        assert!(page.contains(told), "{page}");
        assert_eq!(owed(&producer).await, 0);
        shop.done(LOT, &form("s-1", "sell", "2", &LESS)).await;
        assert_eq!(
            owed(&producer).await,
            600,
            "300 that the customer paid, 300 of the shop"
        );
    }
}

#[tokio::test]
async fn a_price_below_nought_is_refused_in_words() {
    for engine in engines() {
        let (town, mut shop) = carrots(engine).await;
        for then in ["look-sell", "sell"] {
            let below = [("lines/0/unit_price", "-10"), ("reason", "期限が近い")];
            let page = html(&shop.send(LOT, &form("s-1", then, "2", &below)).await.expect(422));
            assert!(page.contains("単価は0円以上にしてください。"), "{page}");
            assert_eq!(value(&page, "lines/0/unit_price"), "-10");
            let none = [("lines/0/unit_price", ""), ("reason", "期限が近い")];
            let page = html(&shop.send(LOT, &form("s-1", then, "2", &none)).await.expect(422));
            assert!(page.contains("値下げした値段が入っていません。"), "{page}");
        }
        let producer = client(&town, "a").await;
        assert_eq!(owed(&producer).await, 0);
        // given away is no sale below nought
        let free = [("lines/0/unit_price", "0"), ("reason", "おまけ")];
        shop.done(LOT, &form("s-1", "sell", "2", &free)).await;
        assert_eq!(owed(&producer).await, 0);
        // and over the API: a discount above the price, a price and an amount below nought
        let clerk = client(&town, "c").await;
        for (line, code, sentence) in [
            (json!({"discount": 601}), "discount-too-large", "601円"),
            (
                json!({"unit_price": "-1"}),
                "malformed",
                "単価は0円以上にしてください。",
            ),
            (json!({"amount": -1}), "amount-negative", ""),
        ] {
            let mut sold = json!({"office": "c", "supplied_on": "2026-07-10", "lines": [line]});
            sold["lines"][0]["lot"] = "C-12".into();
            sold["lines"][0]["quantity"] = "2".into();
            let told = clerk.post("/v1/sales", "s-2", &sold).await;
            assert_eq!(told.code(), code, "{}", told.text());
            assert!(told.text().contains(sentence), "{}", told.text());
        }
    }
}

#[tokio::test]
async fn what_was_sold_ahead_of_the_count_is_marked_until_it_is_counted() {
    for engine in engines() {
        let (mut town, mut shop) = crafts(engine).await;
        town.a.done("/o/a/consign", &PLACED).await;
        let sold = [
            ("key", "s-1"),
            ("supplied_on", "2026-07-10"),
            ("sold/a/a/craft", "12"),
        ];
        shop.done("/o/c/sell", &sold).await;
        let mut sale = String::new();
        for (reader, page) in [(&mut shop, "/o/c/shelf"), (&mut town.a, "/o/a/shelf")] {
            let page = reader.page(page).await;
            assert!(
                page.contains("数える前に売れた分") && page.contains("<td>2 個</td>"),
                "{page}"
            );
            let at = page.split("/entries/").nth(1).unwrap();
            at.split('"').next().unwrap().clone_into(&mut sale);
        }
        let page = shop.page(&format!("/o/c/entries/{sale}")).await;
        assert!(page.contains("<b class=\"tag\">数える前に売れた分</b>"), "{page}");
        let clerk = client(&town, "c").await;
        let shelf = clerk.get("/v1/offices/c/shelf").await.expect(200).json();
        assert_eq!(
            (&shelf["ahead"][0]["lot"], &shelf["ahead"][0]["quantity"]),
            (&json!("K-1"), &json!("2"))
        );
        let entry = clerk.get(&format!("/v1/entries/{sale}")).await.expect(200).json();
        let moved = entry["movements"].as_array().unwrap().iter();
        let ahead: Vec<&Value> = moved.filter(|one| one["ahead_of_count"] == true).collect();
        assert_eq!((ahead.len(), &ahead[0]["quantity"]), (1, &json!("2")));
        // whom it does not concern
        let stranger = client(&town, "b").await;
        let shelf = stranger.get("/v1/offices/b/shelf").await.expect(200).json();
        assert_eq!(shelf["ahead"], json!([]));
        // the shop counts: nothing is there, as the book says
        let counted = json!({"shelf_of": "a", "lines": [{"lot": "K-1", "counted": "0"}]});
        record(&town.api, &[act("count", "c", "n-1", "2026-07-10", counted)]).await;
        assert!(!shop.page("/o/c/shelf").await.contains("数える前に売れた分"));
        assert!(!town.a.page("/o/a/shelf").await.contains("数える前に売れた分"));
    }
}
