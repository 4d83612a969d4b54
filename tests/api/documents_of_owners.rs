//! Papers of what a shop sold for its owners: on its own paper where 媒介者交付特例 holds, else on a second one without a number.

use acceptance::{
    api::{Client, TestApi},
    shop,
    support::{Engine, engines},
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use serde_json::{Value, json};

/// The shop, with its one sale to the public hall.
struct Shop {
    api: TestApi,
    c: Client,
}

const JUNE: &str = "/v1/offices/c/document-drafts?form=invoice&partner=hall&from=2026-06-01&to=2026-06-30";

fn others(path: &str) -> String {
    format!("{path}&goods=others")
}

impl Shop {
    async fn new(engine: Engine) -> Shop {
        let api = TestApi::new(engine).await;
        let c = manager(&api, "c").await;
        let shop = Shop { api, c };
        for act in shop::placed() {
            shop.must(act).await;
        }
        shop.must(shop::sold()).await;
        shop
    }

    async fn must(&self, act: Value) {
        let answer = self.api.world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
    }

    async fn draft(&self, path: &str) -> Value {
        self.c.get(path).await.expect(200).json()
    }

    async fn no_draft(&self, path: &str) -> String {
        self.c.get(path).await.expect(422).code()
    }

    async fn issue(&self, key: &str, paper: &Value) -> Value {
        self.c
            .post("/v1/documents", key, &ready(paper))
            .await
            .expect(201)
            .json()
    }

    /// Code of the refusal and the field.
    async fn refused(&self, key: &str, paper: &Value) -> (String, String) {
        let told = self.c.post("/v1/documents", key, &ready(paper)).await.expect(409);
        let field = told.json()["errors"][0]["pointer"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (told.code(), field)
    }
}

fn ready(paper: &Value) -> Value {
    let mut act = paper.clone();
    act["office"] = "c".into();
    act["supplied_on"] = "2026-07-10".into();
    act
}

async fn manager(api: &TestApi, code: &str) -> Client {
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
    api.person(&format!("manager-{code}"), &[Role::Manager(office)])
        .await
}

fn rates(paper: &Value) -> Vec<(i64, i64, i64, i64)> {
    let rates = paper["rates"].as_array().unwrap().iter();
    let number = |value: &Value| value.as_i64().unwrap();
    rates
        .map(|rate| {
            (
                number(&rate["rate"]["percent"]),
                number(&rate["net"]),
                number(&rate["tax"]),
                number(&rate["gross"]),
            )
        })
        .collect()
}

/// Whose goods, item and yen of each line, in an order of their own.
fn lines(paper: &Value) -> Vec<(String, String, i64)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines = paper["lines"].as_array().unwrap().iter();
    let mut lines: Vec<_> = lines
        .map(|line| {
            let owner = text(&line["owner"]["office"]);
            (owner, text(&line["item"]), line["amount"].as_i64().unwrap())
        })
        .collect();
    lines.sort();
    lines
}

fn line(owner: &str, item: &str, yen: i64) -> (String, String, i64) {
    (owner.to_owned(), item.to_owned(), yen)
}

#[tokio::test]
async fn a_sale_of_four_owners_goods_has_two_papers() {
    for engine in engines() {
        let shop = Shop::new(engine).await;
        let first = shop.draft(JUNE).await;
        let paper = &first["paper"];
        // each seller's goods with the tax at the till: 11,345 + 1,134; 9,987 + 798; 12,549 + 1,254; 12,345 + 987
        assert_eq!(
            lines(paper),
            [
                line("", "お茶 1個", 10_785),
                line("", "マグ 1個", 12_479),
                line("a", "にんじん 1kg", 13_332),
                line("a", "布小物 1個", 13_803),
            ]
        );
        // the tax once for the paper: 2,389 and 1,786, not 1,134 + 1,254 and 798 + 987
        assert_eq!(rates(paper), shop::FIRST);
        assert_eq!(paper["issuer"]["registration"], "T4011001098993");
        assert_eq!(paper["recipient"]["name"], "公民館");
        assert!(paper.get("goods").is_none() || paper["goods"] == "own");
        let said = first["warnings"].to_string();
        for what in ["2,100円", "A第二", "Bキッチン", "登録番号がありません"] {
            assert!(said.contains(what), "{what}: {said}");
        }
        let second = shop.draft(&others(JUNE)).await;
        let rest = &second["paper"];
        assert_eq!(
            lines(rest),
            [line("a2", "せっけん 1個", 1_100), line("b", "弁当 2個", 1_000)]
        );
        assert_eq!(rates(rest), shop::SECOND);
        assert_eq!(rest["goods"], "others");
        assert!(rest["issuer"].get("registration").is_none(), "{rest}");
        assert!(second.get("deductible_percent").is_none());
        assert!(second["warnings"].to_string().contains("50,399円"), "{second}");

        shop.issue("i-1", paper).await;
        assert_eq!(shop.no_draft(JUNE).await, "goods-on-second");
        let issued = shop.issue("i-2", rest).await;
        assert_eq!(shop.no_draft(JUNE).await, "nothing-to-bill");
        assert_eq!(shop.no_draft(&others(JUNE)).await, "nothing-to-bill");
        let id = issued["entry"].as_str().unwrap();
        let shown = shop.draft(&format!("/v1/offices/c/documents/{id}")).await;
        assert!(shown.get("registration").is_none() && shown.get("deductible_percent").is_none());
        let list = shop.draft("/v1/offices/c/documents").await;
        assert_eq!(
            (&list["items"][0]["number"], &list["items"][0]["goods"]),
            (&json!("2026-0002"), &json!("others"))
        );
        // twice is refused, each by itself
        for (key, paper) in [("i-3", paper), ("i-4", rest)] {
            assert_eq!(
                shop.refused(key, paper).await,
                ("issued-already".to_owned(), "/lines".to_owned())
            );
        }
        // no owner reads the shop's papers: others stand on them too
        for owner in ["a", "a2", "b"] {
            let owner_reads = manager(&shop.api, owner).await;
            let path = format!("/v1/offices/{owner}/documents/{id}");
            owner_reads.get(&path).await.expect(404);
        }
    }
}

#[tokio::test]
async fn goods_are_never_on_the_wrong_paper() {
    for engine in engines() {
        let shop = Shop::new(engine).await;
        let first = shop.draft(JUNE).await["paper"].clone();
        let second = shop.draft(&others(JUNE)).await["paper"].clone();
        let of = |paper: &Value, owner: &str| -> Value {
            let mut lines = paper["lines"].as_array().unwrap().iter();
            lines
                .find(|line| line["owner"]["office"] == owner)
                .unwrap()
                .clone()
        };
        let last = |paper: &Value| paper["lines"].as_array().unwrap().len() - 1;
        // the soap of A2, who did not tell, beside the shop's number: 27,382 with 2,489
        let mut mixed = first.clone();
        mixed["lines"].as_array_mut().unwrap().push(of(&second, "a2"));
        mixed["rates"][0] = json!({"rate": {"category": "standard", "percent": 10},
            "net": 24_893, "tax": 2_489, "gross": 27_382});
        let field = format!("/lines/{}/owner", last(&mixed));
        assert_eq!(
            shop.refused("m-1", &mixed).await,
            ("goods-apart".to_owned(), field)
        );
        // the bentos of B, who has no number: 25,117 with 1,860
        let mut mixed = first.clone();
        mixed["lines"].as_array_mut().unwrap().push(of(&second, "b"));
        mixed["rates"][1] = json!({"rate": {"category": "reduced", "percent": 8},
            "net": 23_257, "tax": 1_860, "gross": 25_117});
        let field = format!("/lines/{}/owner", last(&mixed));
        assert_eq!(
            shop.refused("m-2", &mixed).await,
            ("goods-apart".to_owned(), field)
        );
        // nor called the shop's own
        let mut disguised = mixed.clone();
        let line = last(&mixed);
        disguised["lines"][line].as_object_mut().unwrap().remove("owner");
        assert_eq!(shop.refused("m-3", &disguised).await.0, "document-differs");
        // A's carrots on the paper without a number: 14,332 with 1,061
        let mut mixed = second.clone();
        let carrots = first["lines"].as_array().unwrap().iter();
        let carrots = carrots.clone().find(|line| line["amount"] == 13_332).unwrap();
        mixed["lines"].as_array_mut().unwrap().push(carrots.clone());
        mixed["rates"][1] = json!({"rate": {"category": "reduced", "percent": 8},
            "net": 13_271, "tax": 1_061, "gross": 14_332});
        let field = format!("/lines/{}/owner", last(&mixed));
        assert_eq!(
            shop.refused("m-4", &mixed).await,
            ("goods-on-first".to_owned(), field)
        );
        // one of two owners left out: 1,000 with 74
        let mut part = second.clone();
        part["lines"] = json!([of(&second, "b")]);
        part["rates"] = json!([second["rates"][1]]);
        assert_eq!(
            shop.refused("m-5", &part).await,
            ("document-differs".to_owned(), "/lines".to_owned())
        );
        // the shop's number does not stand on the second paper
        let mut claimed = second.clone();
        claimed["issuer"]["registration"] = "T4011001098993".into();
        assert_eq!(
            shop.refused("m-6", &claimed).await,
            ("document-differs".to_owned(), "/issuer".to_owned())
        );
        // whose goods they were is not made up
        let mut named = first.clone();
        let at = first["lines"].as_array().unwrap().iter();
        let at = at
            .clone()
            .position(|line| line["owner"]["office"] == "a")
            .unwrap();
        named["lines"][at]["owner"]["name"] = "B農園".into();
        assert_eq!(
            shop.refused("m-7", &named).await,
            ("document-differs".to_owned(), format!("/lines/{at}/owner"))
        );
        // and A has sold nothing to the shop: its customers bought it
        let a = manager(&shop.api, "a").await;
        let path = "/v1/offices/a/document-drafts?form=invoice&with_office=c&from=2026-06-01&to=2026-06-30";
        assert_eq!(a.get(path).await.expect(422).code(), "nothing-to-bill");
        let alone = json!({"office": "a", "supplied_on": "2026-07-10", "form": "invoice", "with_office": "c",
            "from": "2026-06-01", "to": "2026-06-30", "basis": "inclusive",
            "issuer": {"name": "A農園", "corporation": "みどり福祉会", "registration": "T7123456789012"},
            "recipient": {"name": "Cショップ", "corporation": "うみ"},
            "lines": [{"entry": {"office": "c", "key": "sale-1"}, "on": "2026-06-10", "item": "布小物",
                "amount": 13_803, "rate": {"category": "standard", "percent": 10}}],
            "rates": [{"rate": {"category": "standard", "percent": 10}, "net": 12_549, "tax": 1_254, "gross": 13_803}]});
        assert_eq!(
            a.post("/v1/documents", "a-1", &alone).await.expect(409).code(),
            "not-between"
        );
    }
}

#[tokio::test]
async fn a_receipt_for_nobody_and_what_comes_back_go_the_same_two_ways() {
    for engine in engines() {
        let shop = Shop::new(engine).await;
        shop.must(shop::sold_for_cash()).await;
        let cash = "/v1/offices/c/document-drafts?form=receipt&from=2026-06-11&to=2026-06-11";
        let receipt = shop.draft(cash).await["paper"].clone();
        assert_eq!(lines(&receipt), [line("", "マグ 1個", 12_479)]);
        assert_eq!(rates(&receipt), [(10, 11_345, 1_134, 12_479)]);
        let rest = shop.draft(&others(cash)).await["paper"].clone();
        assert_eq!(lines(&rest), [line("a2", "せっけん 1個", 1_100)]);
        assert!(rest["issuer"].get("registration").is_none() && rest.get("recipient").is_none());
        shop.issue("c-1", &receipt).await;
        shop.issue("c-2", &rest).await;

        // from 20 June food is at 1 %, and from the 25th A's goods may not stand on the shop's paper any more
        let rate = json!({"kind": "rate", "key": "food", "supplied_on": "2026-06-20", "category": "reduced",
            "percent": 1, "status": "enacted", "source": "食料品の税率"});
        shop.must(rate).await;
        shop.must(shop::untold("2026-06-25")).await;
        shop.issue("i-1", &shop.draft(JUNE).await["paper"]).await;
        shop.issue("i-2", &shop.draft(&others(JUNE)).await["paper"]).await;
        shop.must(shop::came_back("2026-07-01")).await;
        let july = JUNE
            .replace("form=invoice", "form=credit")
            .replace("2026-06-01", "2026-07-01")
            .replace("06-30", "07-10");
        // as on the day of the sale: at 8 %, A's on the first paper
        let credit = shop.draft(&july).await["paper"].clone();
        assert_eq!(lines(&credit), [line("a", "にんじん 1kg", -13_332)]);
        assert_eq!(rates(&credit), [(8, -12_345, -987, -13_332)]);
        let rest = shop.draft(&others(&july)).await["paper"].clone();
        assert_eq!(lines(&rest), [line("b", "弁当 1個", -500)]);
        assert_eq!(rates(&rest), [(8, -463, -37, -500)]);
        shop.issue("r-1", &credit).await;
        shop.issue("r-2", &rest).await;
        assert_eq!(shop.no_draft(&july).await, "nothing-to-bill");
    }
}

/// What was sold on commission is never again on another paper, whatever becomes known later of its owner.
#[tokio::test]
async fn what_stands_on_the_second_paper_stays_there() {
    for engine in engines() {
        let shop = Shop::new(engine).await;
        shop.issue("i-1", &shop.draft(&others(JUNE)).await["paper"]).await;
        // terms of A2 from 1 June on, told too late
        let mut told = shop::untold("2026-06-01");
        told["key"] = "late".into();
        told["code"] = "a2-c-consign".into();
        told["producer"] = "a2".into();
        told["agreed"] = json!(["a2", "c"]);
        told["terms"]["intermediary_invoice"] = true.into();
        shop.must(told).await;
        let first = shop.draft(JUNE).await;
        assert_eq!(rates(&first["paper"]), shop::FIRST);
        assert!(!lines(&first["paper"]).iter().any(|(owner, ..)| owner == "a2"));
        shop.issue("i-2", &first["paper"]).await;
        assert_eq!(shop.no_draft(JUNE).await, "nothing-to-bill");
    }
}

#[tokio::test]
async fn what_was_put_right_is_billed_as_it_is_right() {
    for engine in engines() {
        let api = TestApi::new(engine).await;
        let a = manager(&api, "a").await;
        let must = async |act: Value| {
            let answer = api.world.record(act.clone()).await;
            assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
        };
        let earn = |yen: i64| json!({"kind": "earn", "partner": "city", "lines": [{"yen": yen}]});
        let correct = |of: &str, key: &str, yen: i64| {
            let fields = json!({"entry": {"key": of}, "right": earn(yen), "reason": "金額のまちがい"});
            act("correct", "a", key, "2026-06-30", fields)
        };
        must(act("earn", "a", "e-1", "2026-06-30", earn(11_000))).await;
        must(correct("e-1", "e-2", 9_900)).await;
        let path = "/v1/offices/a/document-drafts?form=invoice&partner=city&from=2026-06-01&to=2026-06-30";
        let draft = a.get(path).await.expect(200).json()["paper"].clone();
        assert_eq!(rates(&draft), [(10, 9_000, 900, 9_900)]);
        let issue = async |key: &str, paper: &Value| {
            let mut act = paper.clone();
            act["office"] = "a".into();
            act["supplied_on"] = "2026-07-10".into();
            a.post("/v1/documents", key, &act).await.expect(201);
        };
        issue("i-1", &draft).await;
        // put right again after it was billed: the difference
        must(correct("e-2", "e-3", 8_800)).await;
        let draft = a.get(path).await.expect(200).json()["paper"].clone();
        assert_eq!(rates(&draft), [(10, -1_000, -100, -1_100)]);
        issue("i-2", &draft).await;
        assert_eq!(a.get(path).await.expect(422).code(), "nothing-to-bill");
    }
}
