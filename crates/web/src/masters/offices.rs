//! 事業所: its form.

use super::{Table, TableRow, act, code_field, free_code, from_day, since, typed};
use crate::{
    error::PageError,
    form::Form,
    masters::fields::{Choice, Control, Field, Values},
    visitor::Visitor,
};
use api::Api;
use app::views::masters::{OfficeView, Versioned, offices};
use serde_json::{Value, json};

/// Facts that the form shows.
pub const SHOWN: &[&str] = &[
    "from",
    "name",
    "kana",
    "corporation",
    "municipality",
    "address",
    "phone",
];

/// All of them.
pub async fn all(api: &Api, visitor: &Visitor) -> Result<Vec<Versioned<OfficeView>>, PageError> {
    Ok(offices(&api.book, visitor.viewer(), None).await?)
}

/// A new one.
pub fn blank(api: &Api, known: &[Versioned<OfficeView>], corporation: Option<&Choice>) -> Values {
    let codes = known.iter().map(|office| office.thing.code.as_str());
    Values::default()
        .with("code", free_code("office", codes))
        .with(
            "corporation",
            corporation.map_or("", |choice| choice.value.as_str()),
        )
        .with("supplied_on", since(api))
}

/// What is known of one, as its form shows it: the corporation by its code.
pub fn known(row: &Value) -> Values {
    let code = row["corporation"]["code"].as_str().unwrap_or_default().to_owned();
    Values::known(row).with("corporation", code)
}

/// Its fields.
pub fn fields(values: &Values, is_new: bool, corporations: Vec<Choice>) -> Vec<Field> {
    let mut fields = vec![
        Field::needed("name", "事業所の名前", Control::Text, values).hint("例: あおぞらキッチン"),
        Field::free("kana", "読みがな", Control::Text, values)
            .hint("やさしい画面で、ふりがなになります。漢字がなければ空けておきます。"),
        Field::needed("corporation", "法人", Control::Choices(corporations), values),
        Field::free("municipality", "市区町村", Control::Text, values).hint("例: 南野市"),
        Field::free("address", "所在地", Control::Text, values)
            .hint("納品書やラベルに印刷されます。例: 茨城県南野市中央1-2-3"),
        Field::free("phone", "電話番号", Control::Text, values).hint("事業所の番号。例: 0297-00-0000"),
    ];
    if is_new {
        fields.push(code_field(values));
    }
    fields.push(from_day(values));
    fields
}

/// Its act.
pub fn act_of(form: &Form, code: &str) -> Value {
    let fields = json!({
        "code": code,
        "name": form.get("name"),
        "kana": typed(form, "kana"),
        "corporation": form.get("corporation"),
        "municipality": typed(form, "municipality"),
        "address": typed(form, "address"),
        "phone": typed(form, "phone"),
    });
    act("office", None, form, fields)
}

/// The list.
pub fn table(known: &[Versioned<OfficeView>], at: &str) -> Table {
    let row = |office: &Versioned<OfficeView>| {
        let OfficeView { code, rows } = &office.thing;
        let last = rows.last();
        let municipality = last.and_then(|row| row.municipality.as_ref());
        TableRow {
            cells: vec![
                last.map_or("", |row| row.name.as_str()).to_owned(),
                code.to_string(),
                last.map_or("", |row| row.corporation.name.as_str()).to_owned(),
                municipality.map(ToString::to_string).unwrap_or_default(),
            ],
            link: Some(format!("{at}/{code}")),
            presses: Vec::new(),
        }
    };
    Table {
        caption: "登録した事業所".to_owned(),
        heads: vec!["名前", "コード", "法人", "市区町村"],
        rows: known.iter().map(row).collect(),
    }
}

/// To choose one from.
pub fn choices(known: &[Versioned<OfficeView>]) -> Vec<Choice> {
    let named = known.iter().map(|office| {
        let name = office.thing.rows.last().map_or("", |row| row.name.as_str());
        Choice::new(office.thing.code.as_str(), name)
    });
    named.collect()
}
