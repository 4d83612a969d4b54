//! The form of a product: its fields, and the act that they make.

use crate::{
    form::Form,
    masters::{
        act, code_field,
        fields::{Choice, Control, Field, Values, brought},
        free_code, from_day, since, typed,
    },
    number::tidied,
    record::today,
};
use api::Api;
use app::views::masters::{ProductView, Versioned};
use domain::{allergen, calendar::Day, text::Code};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Facts that the form shows; of the others it knows nothing and drops none.
pub const SHOWN: &[&str] = &["from", "name", "kana", "tax", "keeps_days", "use_by"];
/// A new one.
pub fn blank(api: &Api, known: &[Versioned<ProductView>]) -> Values {
    let codes = known.iter().map(|product| product.thing.code.as_str());
    Values::default()
        .with("code", free_code("item", codes))
        .with("unit/name", "個")
        .with("unit/decimals", "0")
        .with("tax", "reduced")
        .with("supplied_on", since(api))
}

/// Its fields.
pub fn fields(values: &Values, is_new: bool) -> Vec<Field> {
    let taxes = vec![
        Choice::new("reduced", "8%(食べもの・飲みもの)"),
        Choice::new("standard", "10%(そのほかの品)"),
        Choice::new("non_taxable", "非課税"),
        Choice::new("out_of_scope", "対象外"),
    ];
    let mut fields = vec![
        Field::needed("name", "品名", Control::Text, values).hint("例: 日替わり弁当"),
        Field::free("kana", "読みがな", Control::Text, values)
            .hint("やさしい画面で、ふりがなになります。漢字がなければ空けておきます。"),
    ];
    if is_new {
        fields.extend(unit_fields(values));
    }
    fields.push(Field::needed("tax", "消費税", Control::Choices(taxes), values));
    fields.push(Field::free(
        "modes/eat_in",
        "店の中で食べるときは10%",
        Control::Tick,
        values,
    ));
    fields.push(
        Field::free("keeps_days", "もつ日数", Control::Number, values)
            .hint("作った日から数えた期限。当日だけなら0。期限のない品は空けておきます。"),
    );
    fields.push(Field::free(
        "use_by",
        "期限は消費期限(いたみやすい品)",
        Control::Tick,
        values,
    ));
    fields.extend(allergen_fields(values));
    if is_new {
        fields.push(code_field(values));
    }
    fields.push(from_day(values));
    fields
}

fn unit_fields(values: &Values) -> [Field; 4] {
    let steps = [
        ("0", "1ずつ(個、枚、食)"),
        ("1", "0.1ずつ"),
        ("2", "0.01ずつ"),
        ("3", "0.001ずつ(kg なら g まで)"),
    ];
    let steps = steps.map(|(value, label)| Choice::new(value, label));
    [
        Field::needed("unit/name", "数える単位", Control::Text, values)
            .hint("個、枚、食、kg など。あとから変えられません。"),
        Field::needed("unit/decimals", "細かさ", Control::Choices(steps.into()), values),
        Field::free("pack/name", "まとめて数える単位", Control::Text, values)
            .hint("箱や袋で数えることがあるとき。あとから足せません。"),
        Field::free(
            "pack/size",
            "その1つは、上の単位でいくつ",
            Control::Number,
            values,
        )
        .hint("例: 1袋が30kgなら 30"),
    ]
}

/// Those that the law lists on the day from which the facts hold, and what was ticked besides.
fn allergen_fields(values: &Values) -> [Field; 2] {
    let day: Option<Day> = values.get("supplied_on").parse().ok();
    let listed: Vec<&str> = day.map_or_else(Vec::new, |day| {
        allergen::listed(day).map(|(name, _)| name).collect()
    });
    let stated = vec![
        Choice::new("unknown", "まだ調べていない"),
        Choice::new("stated", "調べた(含むものに印をつける。なければ、つけない)"),
    ];
    let is_ticked = |name: &str| values.get(&format!("allergens/contains/{name}")) == "yes";
    let others = values.beginning("allergens/contains/");
    let others = others.filter(|name| listed.iter().all(|known| known != name));
    let ticks = listed.iter().copied().chain(others);
    let ticks = ticks
        .map(|name| (Choice::new(name, name), is_ticked(name)))
        .collect();
    [
        Field::needed(
            "allergens/known",
            "アレルギー物質",
            Control::Choices(stated),
            values,
        ),
        Field::free("allergens/contains", "含むもの", Control::Ticks(ticks), values)
            .hint("袋や仕入先の表示で確かめます。"),
    ]
}

/// Its act, of a new one or one that is there.
pub fn act_of(form: &Form, office: &Code, code: &str) -> Value {
    let came = brought(form);
    let mut modes = came.get("modes").cloned().unwrap_or_else(|| json!({}));
    if form.get("modes/eat_in") == "yes" {
        modes["eat_in"] = "standard".into();
    }
    let contains: Vec<&str> = form
        .filled("allergens/contains/")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let mut allergens = came.get("allergens").cloned().unwrap_or_else(|| json!({}));
    allergens["contains"] = contains.into();
    allergens["unknown"] = (form.get("allergens/known") != "stated").into();
    let unit = came.get("unit").cloned().unwrap_or_else(|| unit_of(form));
    let keeps = form.typed("keeps_days").map(|typed| {
        let typed = tidied(typed);
        typed
            .parse::<u16>()
            .map_or_else(|_| Value::from(typed.clone()), Value::from)
    });
    let fields = json!({
        "code": code,
        "name": form.get("name"),
        "kana": typed(form, "kana"),
        "unit": unit,
        "tax": form.get("tax"),
        "modes": modes,
        "allergens": allergens,
        "keeps_days": keeps,
        "use_by": form.get("use_by") == "yes",
    });
    act("product", Some(office.as_str()), form, fields)
}

fn unit_of(form: &Form) -> Value {
    let decimals: u32 = form.get("unit/decimals").parse().unwrap_or(0);
    let mut unit = json!({"name": form.get("unit/name"), "decimals": decimals});
    if let Some(name) = form.typed("pack/name") {
        // in smallest steps; what is no whole number of them the act refuses
        let size: Option<Decimal> = tidied(form.get("pack/size")).parse().ok();
        let steps = size.and_then(|size| size.checked_mul(Decimal::from(10_u64.pow(decimals.min(6)))));
        let steps = steps.map(|steps| steps.normalize().to_string());
        let steps = steps.and_then(|steps| steps.parse::<i64>().ok()).unwrap_or(0);
        unit["packs"] = json!([{"name": name, "numerator": steps}]);
    }
    unit
}

/// The last row as JSON, and as it stands in the form.
pub fn as_known(api: &Api, product: &ProductView) -> (Value, Values) {
    let row = product
        .rows
        .last()
        .map(|row| serde_json::to_value(row).unwrap_or_default());
    let row = row.unwrap_or_default();
    let is_unknown = row["allergens"]["unknown"] == true;
    let eat_in = if row["modes"]["eat_in"] == "standard" {
        "yes"
    } else {
        ""
    };
    let values = Values::known(&row)
        .with("allergens/known", if is_unknown { "unknown" } else { "stated" })
        .with("modes/eat_in", eat_in)
        .with("supplied_on", today(api));
    (row, values)
}
