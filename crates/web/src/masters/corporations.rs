//! 法人: its form. The registration number is checked as far as a number can be; to have none is no fault.

use super::{Table, TableRow, act, code_field, free_code, from_day, registration, since};
use crate::{
    error::PageError,
    form::Form,
    masters::fields::{Choice, Control, Field, Values},
    visitor::Visitor,
};
use api::Api;
use app::views::masters::{CorporationRow, CorporationView, Versioned, corporations};
use serde_json::{Value, json};

/// Facts that the form shows.
pub const SHOWN: &[&str] = &["from", "name", "registration", "taxation"];

/// All of them.
pub async fn all(api: &Api, visitor: &Visitor) -> Result<Vec<Versioned<CorporationView>>, PageError> {
    Ok(corporations(&api.book, visitor.viewer(), None).await?)
}

/// A new one.
pub fn blank(api: &Api, known: &[Versioned<CorporationView>]) -> Values {
    let codes = known.iter().map(|corporation| corporation.thing.code.as_str());
    Values::default()
        .with("code", free_code("corporation", codes))
        .with("taxation/kind", "exempt")
        .with("taxation/deemed_percent", "70")
        .with("supplied_on", since(api))
}

/// Its fields.
pub fn fields(values: &Values, is_new: bool) -> Vec<Field> {
    let ways = vec![
        Choice::new("exempt", "免税(消費税を納めていない)"),
        Choice::new("simplified", "簡易課税"),
        Choice::new("standard", "本則課税"),
    ];
    let percents = [
        ("90", "90%(卸売)"),
        ("80", "80%(小売、農林水産の食用)"),
        ("70", "70%(製造、弁当の製造販売など)"),
        ("60", "60%(飲食店など)"),
        ("50", "50%(清掃などのサービス)"),
        ("40", "40%(不動産)"),
    ];
    let percents = percents.map(|(value, label)| Choice::new(value, label));
    let mut fields = vec![
        Field::needed("name", "法人の名前", Control::Text, values).hint("例: 社会福祉法人ひなた会"),
        Field::free("registration", "登録番号(インボイス)", Control::Code, values)
            .hint("T と数字13桁。登録していなければ空けておきます。未登録でも使えます。"),
        Field::needed("taxation/kind", "消費税", Control::Choices(ways), values)
            .hint("わからないときは、経理の担当者か税理士に聞いてください。あとから日付つきで変えられます。"),
        Field::needed(
            "taxation/deemed_percent",
            "みなし仕入率",
            Control::Choices(percents.into()),
            values,
        )
        .hint("簡易課税のときだけ使います。"),
    ];
    if is_new {
        fields.push(code_field(values));
    }
    fields.push(from_day(values));
    fields
}

/// Its act.
pub fn act_of(form: &Form, code: &str) -> Value {
    let kind = form.get("taxation/kind");
    let taxation = match (kind, form.get("taxation/deemed_percent").parse::<u8>()) {
        ("simplified", Ok(percent)) => json!({"kind": kind, "deemed_percent": percent}),
        _ => json!({"kind": kind}),
    };
    let number = form.typed("registration").map(registration);
    let fields =
        json!({"code": code, "name": form.get("name"), "registration": number, "taxation": taxation});
    act("corporation", None, form, fields)
}

/// The list.
pub fn table(known: &[Versioned<CorporationView>], at: &str) -> Table {
    let row = |corporation: &Versioned<CorporationView>| {
        let CorporationView { code, rows } = &corporation.thing;
        let of = |say: &dyn Fn(&CorporationRow) -> String| rows.last().map_or_else(String::new, say);
        let number = |row: &CorporationRow| {
            let number = row.registration.map(|number| number.to_string());
            number.unwrap_or_else(|| "未登録".to_owned())
        };
        TableRow {
            cells: vec![
                of(&|row| row.name.to_string()),
                code.to_string(),
                of(&number),
                of(&|row| row.taxation.to_string()),
            ],
            link: Some(format!("{at}/{code}")),
            presses: Vec::new(),
        }
    };
    Table {
        caption: "登録した法人".to_owned(),
        heads: vec!["名前", "コード", "登録番号", "消費税"],
        rows: known.iter().map(row).collect(),
    }
}

/// To choose one from.
pub fn choices(known: &[Versioned<CorporationView>]) -> Vec<Choice> {
    let named = known.iter().map(|corporation| {
        let name = corporation.thing.rows.last().map_or("", |row| row.name.as_str());
        Choice::new(corporation.thing.code.as_str(), name)
    });
    named.collect()
}
