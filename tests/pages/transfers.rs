//! 振込: accounts, amounts, the file for the bank, and the payments after it was sent.

use crate::{Town, record};
use acceptance::{
    api::TestApi,
    pages::{Reader, html, seen, value},
    support::{Engine, engines},
    world::act,
};
use app::access::rights::Role;
use serde_json::json;

async fn manager(api: &TestApi, office: &str) -> Reader {
    let masters = api.world.book.store().masters().await.unwrap();
    let id = masters.office_by_code(&office.parse().unwrap()).unwrap().id;
    let login = format!("manager-{office}");
    api.person(&login, &[Role::Manager(id)]).await;
    Reader::logged_in(api.anonymous(), &login).await
}

/// B owes A 900 and the rice shop 5,400; C, with which A has an agreement, owes A nothing.
async fn owing(engine: Engine) -> (Town, Reader, Reader) {
    let town = Town::new(engine).await;
    let lent = json!({"item": "rent", "yen": 900, "paid_by_office": "a"});
    let rice = json!({"item": "supplies", "yen": 5_400, "paid": {"by": "on_account", "partner": "komeya"}});
    record(
        &town.api,
        &[
            act("spend", "b", "lent", "2026-06-30", lent),
            act("spend", "b", "rice-bought", "2026-06-30", rice),
        ],
    )
    .await;
    let a = manager(&town.api, "a").await;
    let b = manager(&town.api, "b").await;
    (town, a, b)
}

const OF_A: [(&str, &str); 6] = [
    ("bank", "０１３０"),
    ("branch", "012"),
    ("account_type", "ordinary"),
    ("number", "0123456"),
    ("holder", "シャ）ミドリフクシカイ"),
    ("partner", ""),
];

async fn accounts(a: &mut Reader, b: &mut Reader) {
    a.done("/o/a/transfers/bank", &OF_A).await;
    let own = [
        ("bank", "0005"),
        ("bank_name", "みなみの"),
        ("branch", "101"),
        ("account_type", "current"),
        ("number", "7654321"),
        ("holder", "カ）ソラ"),
        ("consignor", "0123456789"),
        ("partner", ""),
    ];
    b.done("/o/b/transfers/bank", &own).await;
    let rice = [
        ("bank", "0005"),
        ("branch", "102"),
        ("number", "0000001"),
        ("holder", "ユ）コメヤ"),
        ("partner", "komeya"),
    ];
    b.done("/o/b/transfers/bank", &rice).await;
}

const PAY_A: &str = "pay/owed_for_others office a";
const PAY_RICE: &str = "pay/payable partner komeya";

#[tokio::test]
async fn what_is_owed_becomes_a_file_and_then_payments() {
    for engine in engines() {
        let (mut town, mut a, mut b) = owing(engine).await;
        let page = b.page("/o/b/transfers").await;
        assert!(
            page.contains("口座が、まだ登録されていません") && page.contains("口座がわかりません"),
            "{page}"
        );
        accounts(&mut a, &mut b).await;
        let page = b.page("/o/b/transfers").await;
        assert!(page.contains("ｼﾔ)ﾐﾄﾞﾘﾌｸｼｶｲ"), "{page}");
        assert_eq!(
            (value(&page, PAY_A), value(&page, PAY_RICE)),
            ("900".into(), "5400".into())
        );
        let key = value(&page, "key");
        let typed = |then: &'static str| {
            [
                ("key", key.clone()),
                ("on", "2026-07-10".into()),
                (PAY_A, "９００円".into()),
                (PAY_RICE, "5,000".into()),
                ("then", then.into()),
            ]
        };
        let send = async |reader: &mut Reader, then: &'static str| {
            let form = typed(then);
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            reader.send("/o/b/transfers", &form).await
        };
        // the file, byte by byte
        let file = send(&mut b, "zengin").await.expect(200);
        let records: Vec<&[u8]> = file.bytes.chunks(122).collect();
        assert_eq!(records.len(), 5);
        assert!(
            records
                .iter()
                .all(|record| record.len() == 122 && record.ends_with(b"\r\n"))
        );
        assert!(
            records[0].starts_with(b"1210\x30123456789\xB6)\xBF\xD7"),
            "{:?}",
            records[0]
        );
        assert_eq!(&records[0][54..58], b"0710");
        let amounts: Vec<&[u8]> = records[1..3].iter().map(|record| &record[80..90]).collect();
        assert_eq!(amounts, [b"0000005000".as_slice(), b"0000000900"]);
        assert_eq!(&records[3][..19], b"8000002000000005900");
        assert_eq!(records[4][0], b'9');
        // lists in both letters
        let csv = send(&mut b, "csv").await.expect(200);
        assert!(csv.bytes.starts_with("\u{feff}振込日".as_bytes()));
        let text = String::from_utf8(csv.bytes).unwrap();
        assert!(
            text.contains("A農園,0130,,012,,普通,0123456,ｼﾔ)ﾐﾄﾞﾘﾌｸｼｶｲ,900"),
            "{text}"
        );
        let csv = send(&mut b, "csv-cp932").await.expect(200);
        assert!(
            csv.bytes.starts_with(b"\x90\x55\x8D\x9E\x93\xFA"),
            "振込日 in CP932"
        );
        // nothing is recorded until the button is pressed, and once
        assert_eq!(value(&b.page("/o/b/transfers").await, PAY_A), "900");
        let form = typed("record");
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = b.done("/o/b/transfers", &form).await;
        assert!(page.contains("入金・支払を記録しました"), "{page}");
        assert_eq!(
            (value(&page, PAY_A), value(&page, PAY_RICE)),
            (String::new(), "400".into())
        );
        let page = b.done("/o/b/transfers", &form).await;
        assert!(page.contains("二重にはなっていません"), "{page}");
        let money = seen(&town.a.page("/o/a/money").await);
        assert!(money.contains("もらうお金(売掛など): ありません"), "{money}");
    }
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_control_and_nothing_is_paid() {
    for engine in engines() {
        let (_town, mut a, mut b) = owing(engine).await;
        accounts(&mut a, &mut b).await;
        for (amount, then, told) in [
            ("901", "zengin", "1円から 900円"),
            ("abc", "zengin", "金額は、1円からの数字"),
            ("", "zengin", "1件もありません"),
            ("", "record", "1件もありません"),
        ] {
            let form = [
                ("key", "k-1"),
                ("on", "2026-07-10"),
                (PAY_A, amount),
                ("then", then),
            ];
            let page = html(&b.send("/o/b/transfers", &form).await.expect(422));
            assert!(page.contains(told), "{amount}: {page}");
            assert_eq!(value(&page, PAY_A), amount, "what was typed stays");
        }
        let past = [
            ("key", "k-1"),
            ("on", "2026-07-09"),
            (PAY_A, "900"),
            ("then", "zengin"),
        ];
        let page = html(&b.send("/o/b/transfers", &past).await.expect(422));
        assert!(page.contains("今日からあとの日"), "{page}");
        let ahead = [
            ("key", "k-1"),
            ("on", "2026-07-31"),
            (PAY_A, "900"),
            (PAY_RICE, "1"),
            ("then", "record"),
        ];
        let page = html(&b.send("/o/b/transfers", &ahead).await.expect(422));
        assert!(page.contains("まだ来ていません"), "{page}");
        assert_eq!(
            value(&b.page("/o/b/transfers").await, PAY_RICE),
            "5400",
            "all or nothing"
        );
        // an account that no bank would take
        for (field, typed) in [
            ("bank", "130"),
            ("number", "123"),
            ("holder", "みどり福祉会"),
            ("holder", ""),
        ] {
            let form: Vec<(&str, &str)> = OF_A
                .iter()
                .map(|(name, value)| (*name, if *name == field { typed } else { *value }))
                .collect();
            let page = html(&a.send("/o/a/transfers/bank", &form).await.expect(422));
            assert_eq!(value(&page, field), typed);
            assert!(page.contains("field-error"), "{page}");
        }
    }
}

#[tokio::test]
async fn an_account_is_seen_by_whom_owes_money_alone() {
    for engine in engines() {
        let (mut town, mut a, mut b) = owing(engine).await;
        accounts(&mut a, &mut b).await;
        let mut shop = crate::reader(&town.api, "c").await;
        let page = shop.page("/o/c/transfers").await;
        assert!(
            !page.contains("0123456") && page.contains("いま、振り込むものはありません"),
            "{page}"
        );
        for path in ["/o/a/transfers", "/o/a/transfers/bank"] {
            shop.get(path).await.expect(404);
            town.b.get(path).await.expect(404);
        }
        // staff look at their own and change nothing
        let page = town.a.page("/o/a/transfers/bank").await;
        assert!(page.contains("管理者が登録します"), "{page}");
        town.a.send("/o/a/transfers/bank", &OF_A).await.expect(422);
        // nothing of it is in the book
        let told = town.a.page("/o/a/entries").await;
        assert!(!told.contains("0123456"));
    }
}
