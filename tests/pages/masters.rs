//! 台帳: what an office states of its own, from a day on, dropping nothing that a form does not show.

use crate::{Town, record};
use acceptance::{
    pages::{html, value},
    support::engines,
    world::act,
};
use serde_json::{Value, json};

async fn product(town: &Town, code: &str) -> Value {
    let masters = town.api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&"a".parse().unwrap()).unwrap().id;
    let product = masters.product_by_code(office, &code.parse().unwrap()).unwrap();
    let (_, facts) = product.facts.iter().last().unwrap();
    json!({"name": facts.name, "modes": facts.modes, "allergens": facts.allergens, "work": facts.work,
        "use_by": facts.use_by, "unit": product.unit, "rows": product.facts.iter().count()})
}

#[tokio::test]
async fn a_change_keeps_what_the_form_does_not_show() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let pie = json!({"code": "pie", "name": "ミートパイ", "unit": {"name": "個", "packs": [{"name": "箱", "numerator": 6}]},
            "tax": "reduced", "modes": {"eat_in": "standard", "catering": "standard"}, "work": "bread",
            "allergens": {"contains": ["小麦", "とうもろこし"], "may_contain": ["そば"]}, "keeps_days": 2});
        record(&town.api, &[act("product", "a", "pie", "2026-04-01", pie)]).await;
        assert!(town.a.page("/o/a/products").await.contains("/o/a/products/pie"));
        let page = town.a.page("/o/a/products/pie").await;
        assert!(page.contains("とうもろこし"), "also what is on no list");
        let version = value(&page, "version");
        let carried = value(&page, "carried")
            .replace("&#34;", "\"")
            .replace("&quot;", "\"");
        let form = [
            ("key", "k-1"),
            ("version", &*version),
            ("carried", &*carried),
            ("name", "お肉のパイ"),
            ("tax", "reduced"),
            ("modes/eat_in", "yes"),
            ("keeps_days", "３"),
            ("use_by", "yes"),
            ("allergens/known", "stated"),
            ("allergens/contains/小麦", "yes"),
            ("allergens/contains/卵", "yes"),
            ("supplied_on", "2026-07-10"),
        ];
        let list = town.a.done("/o/a/products/pie", &form).await;
        assert!(list.contains("変えました。") && list.contains("お肉のパイ"));
        let now = product(&town, "pie").await;
        assert_eq!(
            now["modes"],
            json!({"eat_in": "standard", "catering": "standard"})
        );
        assert_eq!(
            now["allergens"],
            json!({"contains": ["卵", "小麦"], "may_contain": ["そば"]})
        );
        assert_eq!(
            (&now["work"], &now["use_by"], &now["rows"]),
            (&json!("bread"), &json!(true), &json!(2))
        );
        assert_eq!(now["unit"]["packs"][0]["numerator"], json!(6));
        // pressed twice it is one; from a page that is old it is none
        town.a.done("/o/a/products/pie", &form).await;
        assert_eq!(product(&town, "pie").await["rows"], json!(2));
        let mut old = form.to_vec();
        old[0].1 = "k-2";
        let page = html(&town.a.send("/o/a/products/pie", &old).await.expect(422));
        assert!(
            page.contains("ほかの人が変えています") && value(&page, "name") == "お肉のパイ",
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_price_is_stated_from_a_day_on_and_what_is_wrong_stands_beside_it() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let form = |price| {
            [
                ("key", "k-1"),
                ("channel", "retail"),
                ("unit_price", price),
                ("basis", "inclusive"),
                ("supplied_on", "2026-07-10"),
            ]
        };
        let page = html(
            &town
                .a
                .send("/o/a/products/carrot/prices", &form("たかい"))
                .await
                .expect(422),
        );
        assert!(page.contains("price-unit_price-wrong"), "{page}");
        assert_eq!(value(&page, "unit_price"), "たかい");
        let page = town
            .a
            .done("/o/a/products/carrot/prices", &form("２１０円"))
            .await;
        assert!(page.contains("210円") && page.contains("2026年7月10日"), "{page}");
        // for one shop alone
        assert!(page.contains("Cショップだけの値段"), "{page}");
        let mut own = form("250");
        own[0].1 = "k-2";
        own[1].1 = "agreement:a-c-consign";
        let page = town.a.done("/o/a/products/carrot/prices", &own).await;
        assert!(
            page.contains("取り決め a-c-consign") && page.contains("250円"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn partners_and_recipes_are_registered_and_changed() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let partner = [
            ("key", "k-1"),
            ("name", "たねの山田商店"),
            ("code", "tane-2"),
            ("partner_kind", "supplier"),
            ("registration", ""),
            ("supplied_on", "2026-04-01"),
        ];
        let list = town.a.done("/o/a/partners", &partner).await;
        assert!(
            list.contains("たねの山田商店") && list.contains("仕入先"),
            "{list}"
        );
        let page = town.a.page("/o/a/partners/tane-2").await;
        let changed = [
            ("key", "k-2"),
            ("version", &*value(&page, "version")),
            ("name", "たねの山"),
            ("partner_kind", "supplier"),
            ("registration", "T9990105000011"),
            ("supplied_on", "2026-07-01"),
        ];
        let list = town.a.done("/o/a/partners/tane-2", &changed).await;
        assert!(list.contains("T9990105000011"), "{list}");

        let recipe = [
            ("key", "k-3"),
            ("code", "salad-2"),
            ("inputs/0/product", "carrot"),
            ("inputs/0/quantity", ""),
            ("inputs/3/product", "carrot"),
            ("inputs/3/quantity", "０．５"),
            ("outputs/1/product", "craft"),
            ("outputs/1/quantity", "2"),
            ("supplied_on", "2026-07-01"),
        ];
        let page = html(&town.a.send("/o/a/recipes", &recipe).await.expect(422));
        assert!(
            page.contains("id=\"in-0\"") && !page.contains("id=\"in-3\""),
            "{page}"
        );
        assert_eq!(value(&page, "inputs/3/quantity"), "０．５");
        let right: Vec<_> = recipe
            .into_iter()
            .filter(|(name, _)| !name.starts_with("inputs/0"))
            .collect();
        let list = town.a.done("/o/a/recipes", &right).await;
        assert!(list.contains("salad-2") && list.contains("0.5"), "{list}");
        let page = town.a.page("/o/a/recipes/salad-2").await;
        assert_eq!(value(&page, "inputs/0/quantity"), "0.5");
        // nobody else has these pages
        for path in [
            "/o/a/products",
            "/o/a/products/carrot",
            "/o/a/partners",
            "/o/a/recipes",
            "/o/a/recipes/salad-2",
        ] {
            town.b.get(path).await.expect(404);
        }
        town.b.send("/o/a/partners", &partner).await.expect(404);
    }
}
