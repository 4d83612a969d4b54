//! 請求書 in the browser: a draft as it will look, issued with one button, found again, printed, put in another's place.

use crate::{Town, record};
use acceptance::{
    pages::{Reader, html, value},
    shop,
    support::{Engine, engines},
    world::act,
};
use app::access::rights::Role;
use serde_json::json;

/// Carrots of a delivered to b; managers of both.
async fn delivered(engine: Engine) -> (Town, Reader, Reader) {
    let town = Town::new(engine).await;
    let made = json!({"lines": [{"product": "carrot", "quantity": "100", "lot": {"code": "C-9"}}]});
    let ship = json!({"to": "b", "lines": [{"lot": "C-9", "quantity": "60"}]});
    let receive = json!({"shipment": {"office": "a", "key": "s-9"}, "all": true});
    record(
        &town.api,
        &[
            act("produce", "a", "p-9", "2026-06-20", made),
            act("ship", "a", "s-9", "2026-06-21", ship),
            act("receive", "b", "r-9", "2026-06-21", receive),
        ],
    )
    .await;
    let (a, b) = (manager(&town, "a").await, manager(&town, "b").await);
    (town, a, b)
}

async fn manager(town: &Town, code: &str) -> Reader {
    let masters = town.api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
    let login = format!("chief-{code}");
    town.api.person(&login, &[Role::Manager(office)]).await;
    Reader::logged_in(town.api.anonymous(), &login).await
}

const DRAFT: &str = "/o/a/documents/new?form=invoice&with=office+b&from=2026-06-21&to=2026-06-30";

/// The first address of a document in a list.
fn first(page: &str, office: &str) -> String {
    let start = format!("/o/{office}/documents/");
    let mut parts = page.split("href=\"");
    let found = parts.find(|part| part.starts_with(&start) && !part.starts_with(&format!("{start}new")));
    found.and_then(|part| part.split('"').next()).unwrap().to_owned()
}

#[tokio::test]
async fn a_draft_is_looked_at_issued_found_and_replaced() {
    for engine in engines() {
        let (town, mut a, mut b) = delivered(engine).await;
        let page = a.page("/o/a/documents").await;
        assert!(
            page.contains("書類は、ありません") && page.contains("書類を作る"),
            "{page}"
        );
        let page = a.page(DRAFT).await;
        // the six of 適格請求書
        for what in [
            "請求書（適格請求書）",
            "みどり福祉会 A農園",
            "登録番号 T7123456789012",
            "そら Bキッチン 御中",
            "にんじん 60kg ※",
            "8%(軽減税率)",
            "9,000",
            "666",
        ] {
            assert!(page.contains(what), "{what}: {page}");
        }
        let typed = |key: &'static str, seen: String, replaces: String| {
            vec![
                ("key", key.to_owned()),
                ("form", "invoice".to_owned()),
                ("with", "office b".to_owned()),
                ("from", "2026-06-21".to_owned()),
                ("to", "2026-06-30".to_owned()),
                ("due_on", "2026-07-31".to_owned()),
                ("seen", seen),
                ("replaces", replaces),
                ("reason", "期限を直す".to_owned()),
            ]
        };
        let seen = value(&page, "seen");
        let fields = typed("i-1", "1".to_owned(), String::new());
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let other = html(&a.send("/o/a/documents/new", &pairs).await.expect(422));
        assert!(other.contains("取引が変わりました"), "{other}");
        let fields = typed("i-1", seen.clone(), String::new());
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let page = a.done("/o/a/documents/new", &pairs).await;
        assert!(
            page.contains("書類を発行しました") && page.contains("2026-0001"),
            "{page}"
        );

        // the recipient has it in its own list, and the same paper
        let page = b.page("/o/b/documents").await;
        let theirs = first(&page, "b");
        let paper = b.page(&theirs).await;
        assert!(
            paper.contains("No. 2026-0001") && paper.contains("お支払期限 2026-07-31"),
            "{paper}"
        );
        assert!(!paper.contains("差しかえる</a>"), "{paper}");
        let own = first(&a.page("/o/a/documents?number=2026-0001").await, "a");
        let paper = a.page(&own).await;
        assert!(paper.contains("差しかえる</a>"), "{paper}");
        let id = own.rsplit('/').next().unwrap().to_owned();
        let page = a.page(&format!("{DRAFT}&replaces={id}")).await;
        assert!(page.contains("差しかえる理由"), "{page}");
        let fields = typed("i-2", seen, id);
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let page = a.done("/o/a/documents/new", &pairs).await;
        assert!(
            page.contains("2026-0002") && page.contains("差しかえずみ"),
            "{page}"
        );
        let paper = b.page(&theirs).await;
        assert!(
            paper.contains("差しかえずみ") && paper.contains("新しい書類を見る"),
            "{paper}"
        );

        // whom it does not concern
        let mut c = manager(&town, "c").await;
        c.get(&own).await.expect(404);
        c.get(&own.replace("/o/a/", "/o/c/")).await.expect(404);
    }
}

#[tokio::test]
async fn a_paper_without_a_number_does_not_look_like_one_with() {
    for engine in engines() {
        let (town, _, mut b) = delivered(engine).await;
        let made = json!({"lines": [{"product": "bento", "quantity": "10", "lot": {"code": "B-9"}}]});
        let ship = json!({"to": "a", "lines": [{"lot": "B-9", "quantity": "10"}]});
        let receive = json!({"shipment": {"office": "b", "key": "s-8"}, "all": true});
        record(
            &town.api,
            &[
                act("produce", "b", "p-8", "2026-06-21", made),
                act("ship", "b", "s-8", "2026-06-21", ship),
                act("receive", "a", "r-8", "2026-06-21", receive),
            ],
        )
        .await;
        let path = "/o/b/documents/new?form=invoice&with=office+a&from=2026-06-21&to=2026-06-30";
        let page = b.page(path).await;
        assert!(!page.contains("（適格請求書）"), "{page}");
        assert!(
            page.contains("登録番号なし（適格請求書ではありません）") && page.contains("80%"),
            "{page}"
        );
        let empty = b
            .page("/o/b/documents/new?form=invoice&with=office+a&from=2026-05-01&to=2026-05-31")
            .await;
        assert!(empty.contains("まだ書類にしていない取引がありません"), "{empty}");
        let nobody = b
            .page("/o/b/documents/new?form=invoice&with=&from=2026-05-01&to=2026-05-31")
            .await;
        assert!(nobody.contains("だれあての書類か"), "{nobody}");
    }
}

const SALE: &str = "/o/c/documents/new?form=invoice&with=partner+hall&from=2026-06-01&to=2026-06-30";

/// Issues what a draft page shows; the page of the list.
async fn issued(reader: &mut Reader, key: &str, goods: &str, page: &str) -> String {
    let seen = value(page, "seen");
    let fields = [
        ("key", key),
        ("form", "invoice"),
        ("goods", goods),
        ("with", "partner hall"),
        ("from", "2026-06-01"),
        ("to", "2026-06-30"),
        ("seen", &seen),
    ];
    reader.done("/o/c/documents/new", &fields).await
}

#[tokio::test]
async fn what_a_shop_sold_for_its_owners_stands_on_two_papers() {
    for engine in engines() {
        let town = Town::new(engine).await;
        record(&town.api, &shop::placed()).await;
        record(&town.api, &[shop::sold()]).await;
        let mut c = manager(&town, "c").await;
        let page = c.page(SALE).await;
        for what in [
            "請求書（適格請求書）",
            "うみ Cショップ",
            "登録番号 T4011001098993",
            "公民館 御中",
            "布小物 1個（A農園の品）",
            "にんじん 1kg（A農園の品） ※",
            "媒介者交付特例により",
            "2,389",
            "1,786",
            "50,399円",
            "登録番号で書けない品が2,100円あります",
        ] {
            assert!(page.contains(what), "{what}: {page}");
        }
        assert!(!page.contains("せっけん") && !page.contains("弁当 2個"), "{page}");
        // it looks as it is printed: with the styles of papers, by link
        assert!(
            page.contains("href=\"/static/paper-") && !page.contains("style=\""),
            "{page}"
        );
        let list = issued(&mut c, "i-1", "own", &page).await;
        assert!(
            list.contains("2026-0001") && !list.contains("預かり品の分</span>"),
            "{list}"
        );
        let none = c.page(SALE).await;
        assert!(
            none.contains("「もう1枚(預かり品の分)」を選んでください"),
            "{none}"
        );

        let page = c.page(&format!("{SALE}&goods=others")).await;
        for what in [
            "請求書（お預かり品の分）",
            "せっけん 1個（A第二の品）",
            "弁当 2個（Bキッチンの品） ※",
            "つくり手からお預かりして売った品の分です",
            "2,100円",
        ] {
            assert!(page.contains(what), "{what}: {page}");
        }
        assert!(
            !page.contains("T4011001098993") && !page.contains("マグ"),
            "{page}"
        );
        let list = issued(&mut c, "i-2", "others", &page).await;
        assert!(list.contains("預かり品の分</span>"), "{list}");
        let number = list.find("2026-0002").unwrap();
        let at = list[..number].rfind("/o/c/documents/").unwrap();
        let paper = list[at..].split('"').next().unwrap().to_owned();
        let paper = c.page(&paper).await;
        // nothing on it says that it is one, and what takes its place is one like it
        assert!(
            !paper.contains("適格") && !paper.contains("T4011001098993"),
            "{paper}"
        );
        assert!(paper.contains("goods=others&"), "{paper}");
    }
}
