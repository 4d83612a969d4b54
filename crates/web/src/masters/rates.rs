//! 税率: the law's rates with their source. A book needs them before anything taxed is sold.

use super::{Table, TableRow, act, day, from_day};
use crate::{
    form::Form,
    masters::fields::{Choice, Control, Field, Values},
};
use domain::tax::{RateRow, RateStatus, TaxCategory};
use serde_json::{Value, json};

/// The rates in force when this program was written: class, percent, source.
const OF_THE_LAW: [(&str, u8, &str); 2] = [
    (
        "standard",
        10,
        "消費税法第29条、地方税法第72条の83(標準税率。令和元年10月1日から)",
    ),
    (
        "reduced",
        8,
        "消費税法第29条・別表第一、地方税法第72条の83(軽減税率、飲食料品など。令和元年10月1日から、令和5年9月までは平成28年法律第15号附則第34条)",
    ),
];
/// Since when.
const SINCE: &str = "2019-10-01";

/// The acts by which a new book knows them.
pub fn of_the_law() -> impl Iterator<Item = Value> {
    OF_THE_LAW.into_iter().map(|(category, percent, source)| {
        json!({"kind": "rate", "key": format!("begin-rate-{category}-{percent}"), "supplied_on": SINCE,
            "category": category, "percent": percent, "status": "enacted", "source": source})
    })
}

/// Fields of another one.
pub fn fields(values: &Values) -> Vec<Field> {
    let categories = vec![
        Choice::new("standard", "標準税率"),
        Choice::new("reduced", "軽減税率"),
    ];
    let status = vec![
        Choice::new("enacted", "決まった(成立した法律)"),
        Choice::new("planned", "予定(まだ使われません)"),
    ];
    vec![
        Field::needed("category", "区分", Control::Choices(categories), values),
        Field::needed("percent", "税率(%)", Control::Number, values),
        from_day(values),
        Field::needed("status", "決まり方", Control::Choices(status), values),
        Field::needed("source", "出典", Control::Text, values).hint("法律の名前と条。例: 消費税法第29条"),
    ]
}

/// Its act.
pub fn act_of(form: &Form) -> Value {
    let typed = crate::number::tidied(form.get("percent"));
    let percent = typed
        .parse::<u8>()
        .map_or_else(|_| Value::from(typed.clone()), Value::from);
    let fields = json!({"category": form.get("category"), "percent": percent, "status": form.get("status"),
        "source": form.get("source")});
    act("rate", None, form, fields)
}

/// The list.
pub fn table(rates: &[RateRow]) -> Table {
    let row = |rate: &RateRow| {
        let category = match rate.category {
            TaxCategory::Standard => "標準税率",
            TaxCategory::Reduced => "軽減税率",
            TaxCategory::NonTaxable => "非課税",
            TaxCategory::OutOfScope => "対象外",
        };
        let status = match rate.status {
            RateStatus::Enacted => "",
            RateStatus::Planned => "(予定)",
        };
        let to = rate.to.map_or_else(String::new, day);
        TableRow {
            cells: vec![
                format!("{category} {}%{status}", rate.percent),
                format!("{}〜{to}", day(rate.from)),
                rate.source.to_string(),
            ],
            ..TableRow::default()
        }
    };
    Table {
        caption: "消費税の税率".to_owned(),
        heads: vec!["税率", "いつ", "出典"],
        rows: rates.iter().map(row).collect(),
    }
}
