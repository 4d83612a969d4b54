//! Examples with what an office would really send.

use domain::acts::Act;
use serde_json::{Value, json};

/// The body of an act of this kind as its office would send it, or an operator in the keeper's name.
pub fn body(kind: &str, of_keeper: bool) -> Value {
    let mut example = Act::example(kind);
    if let Value::Object(fields) = &mut example {
        fields.remove("kind");
        fields.remove("key");
        if !of_keeper {
            fields.insert("office".to_owned(), "hidamari".into());
        }
    }
    example
}

/// An act among many, or one that is proposed: with its kind, and what names it.
fn act(kind: &str, key: Option<&str>) -> Value {
    let mut example = body(kind, false);
    example["kind"] = kind.into();
    if let Some(key) = key {
        example["key"] = key.into();
    }
    example
}

/// The body of an operation that is not an act, with what it is an example of.
pub fn other_body(operation: &str) -> Option<(&'static str, Value)> {
    Some(match operation {
        "log_in" => (
            "厨房のパソコンから",
            json!({"login": "kitchen-1", "password": "あさひ かぼちゃ つくえ ねこ"}),
        ),
        "change_password" => (
            "新しいパスワードにする",
            json!({"old": "あさひ かぼちゃ つくえ ねこ", "new": "やまびこ れんこん はしご すずめ"}),
        ),
        "invite" => (
            "職員を招く",
            json!({"gives": {"role": "staff", "office": "hidamari"}}),
        ),
        "accept_invitation" => (
            "招待を受ける",
            json!({
                "secret": "yki_0Zk3mT7q9bXw2cVn5rLd8sHf4gJ1pQ6uA7eYt5KzWmB", "login": "kitchen-1",
                "password": "あさひ かぼちゃ つくえ ねこ",
            }),
        ),
        "join" => (
            "もう一つの事業所の役割を受ける",
            json!({"secret": "yki_0Zk3mT7q9bXw2cVn5rLd8sHf4gJ1pQ6uA7eYt5KzWmB"}),
        ),
        "issue_card" => (
            "作業場のタブレットのカード",
            json!({"office": "hidamari", "name": "作業場のタブレット"}),
        ),
        "log_in_by_card" => (
            "カードの QR コードから",
            json!({"secret": "ykc_0Zk3mT7q9bXw2cVn5rLd8sHf4gJ1pQ6uA7eYt5KzWmB"}),
        ),
        "reset_password" => (
            "新しいパスワードを決める",
            json!({
                "secret": "ykr_0Zk3mT7q9bXw2cVn5rLd8sHf4gJ1pQ6uA7eYt5KzWmB",
                "password": "やまびこ れんこん はしご すずめ",
            }),
        ),
        "make_token" => (
            "レジのためのトークン",
            json!({"name": "レジ", "offices": ["hidamari"], "expires_at": "2027-03-31T15:00:00Z"}),
        ),
        "reverse_group" => (
            "まちがえて取りこんだファイルの分を、全部取り消す",
            json!({"office": "hidamari", "reason": "まちがえて取りこんだ"}),
        ),
        "record_many" => (
            "全部か無か",
            json!({"atomic": true, "acts": [act("produce", Some("harvest-0603")), act("use", Some("use-0612"))]}),
        ),
        "propose" => (
            "取り決めを申し出る",
            json!({"act": act("agreement", None), "due_on": "2026-12-10"}),
        ),
        "preview_agreement" => (
            "1,000円の品で15%の手数料",
            json!({"terms": {"consign": {"commission": {"charge": {"percent": "15"}, "base": "inclusive",
                "tax": "inclusive"}}}, "price": 1_000}),
        ),
        "count_shelf" => (
            "4個置いて、1個残り、1個返す",
            json!({"owner": "hidamari", "supplied_on": "2026-11-26", "dry_run": true,
                "lines": [{"product": "hidamari/carrot", "there": "4", "left": "1", "returned": "1"}]}),
        ),
        "set_paper_settings" => (
            "西暦で、枠は2つ",
            json!({"days": "seireki", "stamps": ["施設長", "担当"], "seal": "square", "copy": true}),
        ),
        "set_journal_settings" => (
            "列は5つ、売上高には会計ソフトの名前",
            json!({
                "columns": [{"field": "book_on", "heading": "日付"}, {"field": "debit_account"}, {"field": "debit_yen"},
                    {"field": "credit_account"}, {"field": "credit_yen"}],
                "accounts": {"sales": "就労支援事業売上"}, "taxes": {"sales_reduced_8": "課売8%軽"},
            }),
        ),
        "set_order_settings" => (
            "2日前の15時まで",
            json!({"deadline": {"days_before": 2, "hour": 15}}),
        ),
        "set_label_settings" => (
            "44面の用紙に値札、右へ 0.5 mm",
            json!({"sheet": "44", "form": "price", "right": 1}),
        ),
        "request_settlement" => (
            "11月の精算書の確認をたのむ",
            json!({"from": "2026-11-01", "to": "2026-11-30", "due_on": "2026-12-10"}),
        ),
        "ask_question" => (
            "売れた数について聞く",
            json!({"with": "marche", "entry": "6f1c0d5b-3a9e-4f77-82b1-c3d4e5f60718",
                "text": "11月12日の売上は、9個ではありませんか。"}),
        ),
        "answer_question" => ("返事をする", json!({"text": "レジの記録で10個です。"})),
        "propose_network_netting" => (
            "見た案を、1つの事業所を外して申し出る",
            json!({"stay_out": ["marche"], "version": "6f1c0d5b3a9e4f7782b1c3d4e5f60718", "due_on": "2026-12-10"}),
        ),
        "propose_office_netting" => ("いまの案を申し出る", json!({"due_on": "2026-12-10"})),
        "set_bank_settings" => (
            "この事業所の口座と、取引先1つの口座",
            json!({"account": {"bank": "0130", "bank_name": "ﾐﾅﾐﾉ", "branch": "012", "account_type": "ordinary",
                "number": "0123456", "holder": "ｼﾔ)ﾋﾀﾞﾏﾘｶｲ"}, "consignor": "0123456789",
                "partners": {"nikuya": {"bank": "0005", "branch": "101", "account_type": "current", "number": "7654321",
                    "holder": "ｶ)ﾆｸﾔ"}}}),
        ),
        "transfer_file" => (
            "買掛金1つの、総合振込のファイル",
            json!({"format": "zengin", "order": {"on": "2026-12-25",
                "lines": [{"what": "payable", "partner": "nikuya", "yen": 138_240}]}}),
        ),
        "consent" => ("同意する", json!({"office": "marche"})),
        "contest" => (
            "異議を言う",
            json!({"office": "marche", "note": "手数料は12%でお願いします。"}),
        ),
        _ => return None,
    })
}
