//! Money without goods: work for a client, money off a delivery, a debt given up.

use crate::{Town, record};
use acceptance::{
    pages::{Reader, html, told},
    support::engines,
    world::act,
};
use app::access::rights::Role;
use serde_json::json;

async fn manager(town: &Town, office: &str) -> Reader {
    let masters = town.api.world.book.store().masters().await.unwrap();
    let id = masters.office_by_code(&office.parse().unwrap()).unwrap().id;
    let login = format!("manager-{office}");
    town.api.person(&login, &[Role::Manager(id)]).await;
    Reader::logged_in(town.api.anonymous(), &login).await
}

#[tokio::test]
async fn work_for_a_client_is_owed_until_it_is_paid() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let mut earned = vec![
            ("key", "k-1"),
            ("supplied_on", "2026-07-09"),
            ("partner", "city"),
            ("yen", "0"),
            ("paid", "later"),
            ("category", "standard"),
            ("hours", "12.5"),
        ];
        let page = html(&town.a.send("/o/a/money/earn", &earned).await.expect(422));
        assert!(page.contains("1円以上"), "{page}");
        earned[3] = ("yen", "33,000");
        town.a.done("/o/a/money/earn", &earned).await;
        let shown = told(&town.a.page("/o/a/money/open?with=city").await);
        assert!(
            shown.contains("もらう残り 33,000円") && shown.contains("役務"),
            "{shown}"
        );
        earned[0] = ("key", "k-2");
        earned[4] = ("paid", "cash kinko");
        town.a.done("/o/a/money/earn", &earned).await;
        assert!(told(&town.a.page("/o/a/money").await).contains("金庫 33,000"));
        // a private customer is nobody's name: who pays at once owes nothing
        earned[0] = ("key", "k-3");
        earned[2] = ("partner", "");
        earned[3] = ("yen", "2,000");
        town.a.done("/o/a/money/earn", &earned).await;
        assert!(told(&town.a.page("/o/a/money").await).contains("金庫 35,000"));
        earned[0] = ("key", "k-4");
        earned[4] = ("paid", "later");
        let page = html(&town.a.send("/o/a/money/earn", &earned).await.expect(422));
        assert!(page.contains("だれの仕事か"), "{page}");
        town.b.get("/o/a/money/earn").await.expect(404);
    }
}

#[tokio::test]
async fn money_is_taken_off_a_delivery_by_its_seller() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let ship = json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "10", "unit_price": "108"}]});
        let receive = json!({"shipment": {"office": "a", "key": "s1"}, "all": true});
        let acts = [
            act("ship", "a", "s1", "2026-07-09", ship),
            act("receive", "b", "r1", "2026-07-09", receive),
        ];
        record(&town.api, &acts).await;
        let list = town.a.page("/o/a/entries").await;
        // of all that touches A the receipt is the one that money can be taken off
        let mut found = None;
        for part in list.split("href=\"/o/a/entries/").skip(1) {
            let at = format!("/o/a/entries/{}", part.split('"').next().unwrap());
            if town.a.page(&at).await.contains(&format!("{at}/allowance")) {
                found = Some(at);
            }
        }
        let at = found.unwrap();
        let form = town.a.page(&format!("{at}/allowance")).await;
        assert!(
            form.contains("軽減税率の分") && !form.contains("標準税率の分"),
            "{form}"
        );
        let mut off = vec![
            ("key", "o-1"),
            ("supplied_on", "2026-07-10"),
            ("category", "reduced"),
            ("yen", "1081"),
            ("reason", ""),
        ];
        let page = html(&town.a.send(&format!("{at}/allowance"), &off).await.expect(422));
        assert!(page.contains("理由"), "{page}");
        off[4] = ("reason", "いたんでいた");
        // more than the delivery came to
        let page = html(&town.a.send(&format!("{at}/allowance"), &off).await.expect(422));
        assert!(page.contains("残りは 1080円です"), "{page}");
        off[3] = ("yen", "80");
        town.a.done(&format!("{at}/allowance"), &off).await;
        // both books have it
        for (reader, own) in [(&mut town.a, "a"), (&mut town.b, "b")] {
            let shown = told(&reader.page(&format!("/o/{own}/money/open")).await);
            assert!(shown.contains("残り 1,000円"), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_debt_is_given_up_by_a_manager_and_between_offices_by_both() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let lent = json!({"item": "rent", "yen": 900, "paid_by_office": "a"});
        let worked = json!({"partner": "city", "lines": [{"yen": 4_400}]});
        let acts = [
            act("spend", "b", "lent", "2026-06-30", lent),
            act("earn", "a", "k1", "2026-06-30", worked),
        ];
        record(&town.api, &acts).await;
        let (mut a, mut b) = (manager(&town, "a").await, manager(&town, "b").await);
        let given_up = |key: &'static str, debt: &'static str, yen: &'static str| {
            [
                ("key", key),
                ("supplied_on", "2026-07-10"),
                ("debt", debt),
                ("yen", yen),
                ("reason", "閉店した"),
            ]
        };
        let city = given_up("w-1", "receivable partner city", "4400");
        let page = html(&town.a.send("/o/a/money/write-off", &city).await.expect(422));
        assert!(page.contains("事業所の管理者だけができます"), "{page}");
        let page = html(
            &a.send(
                "/o/a/money/write-off",
                &given_up("w-1", "receivable partner city", "4401"),
            )
            .await
            .expect(422),
        );
        assert!(page.contains("残高は 4400円です"), "{page}");
        a.done("/o/a/money/write-off", &city).await;
        assert!(!told(&a.page("/o/a/money").await).contains("市役所"));

        // the other office has a say where its books change too
        let lent = given_up("w-2", "paid_for_others office b", "900");
        a.done("/o/a/money/write-off", &lent).await;
        assert!(told(&a.page("/o/a/money").await).contains("900"));
        let list = b.page("/o/b/proposals").await;
        let at = list
            .split("href=\"/o/b/proposals/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        b.done(&format!("/o/b/proposals/{at}/answer"), &[("said", "yes")])
            .await;
        for (reader, own) in [(&mut a, "a"), (&mut b, "b")] {
            assert!(!told(&reader.page(&format!("/o/{own}/money/open")).await).contains("900円"));
        }
    }
}
