//! 品目: what an office makes or buys. The unit is for ever; name, tax, allergens and how long it keeps are from a day on.

use super::{
    MastersPage, Table, TableRow, act, change as change_buttons, code_field, day, free_code, from_day,
    prices, record, register, since, typed,
};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::fields::{Choice, Control, Field, Sheet, Values, carried},
    number::tidied,
    page::{self, Asked},
    record::{new_key, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::views::masters::{Only, PriceView, ProductView, Versioned, prices as all_prices, products};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::text::Code;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Facts that the form shows; of the others it knows nothing and drops none.
const SHOWN: &[&str] = &["from", "name", "kana", "tax", "keeps_days", "use_by"];
/// 特定原材料 and those that are to be stated by advice of the agency (消費者庁), in its order.
const ALLERGENS: &[&str] = &[
    "えび",
    "かに",
    "くるみ",
    "小麦",
    "そば",
    "卵",
    "乳",
    "落花生",
    "アーモンド",
    "あわび",
    "いか",
    "いくら",
    "オレンジ",
    "カシューナッツ",
    "キウイフルーツ",
    "牛肉",
    "ごま",
    "さけ",
    "さば",
    "大豆",
    "鶏肉",
    "バナナ",
    "豚肉",
    "マカダミアナッツ",
    "もも",
    "やまいも",
    "りんご",
    "ゼラチン",
];

/// Products of an office.
pub async fn of_office(
    api: &Api,
    visitor: &Visitor,
    office: &Code,
) -> Result<Vec<Versioned<ProductView>>, PageError> {
    let all = products(&api.book, &visitor.as_member(), None).await?;
    let own = all
        .into_iter()
        .filter(|product| product.thing.office.code == office.as_str());
    Ok(own.collect())
}

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

fn allergen_fields(values: &Values) -> [Field; 2] {
    let stated = vec![
        Choice::new("unknown", "まだ調べていない"),
        Choice::new("stated", "調べた(含むものに印をつける。なければ、つけない)"),
    ];
    let is_ticked = |name: &str| values.get(&format!("allergens/contains/{name}")) == "yes";
    let others = values.beginning("allergens/contains/");
    let others = others.filter(|name| !ALLERGENS.contains(name));
    let ticks = ALLERGENS.iter().copied().chain(others);
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
    let came = super::fields::brought(form);
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

/// Records a new product with the prices that stand in the same form.
pub async fn record_new(api: &Api, visitor: &Visitor, form: &Form, office: &Code) -> Result<(), Problem> {
    let code = form.get("code");
    let recorded = record(api, visitor, act_of(form, office, code), "").await;
    // a second press finds the product, and goes on with its prices
    recorded?;
    for channel in ["retail", "supply"] {
        let name = format!("price/{channel}");
        if let Some(typed) = form.typed(&name) {
            let price = json!({
                "kind": "price", "office": office.as_str(), "key": format!("{}-{channel}", form.get("key")),
                "supplied_on": form.get("supplied_on"), "product": code, "channel": channel,
                "unit_price": tidied(typed),
            });
            let recorded = record(api, visitor, price, "").await;
            recorded.map_err(|problem| problem.named(&format!("/{name}")))?;
        }
    }
    Ok(())
}

/// The sheet of a new one, its first prices with it.
pub fn new_sheet(api: &Api, action: &str, values: &Values) -> Sheet {
    let mut fields = fields(values, true);
    let at = fields
        .iter()
        .position(|field| field.name == "code")
        .unwrap_or(fields.len());
    let price = |name: &str, label: &str| {
        Field::free(name, label, Control::Number, values)
            .hint("税込、1単位あたりの円。あとから変えられます。")
    };
    fields.insert(at, price("price/supply", "事業所に売る値段(卸)"));
    fields.insert(at, price("price/retail", "お客さまに売る値段(店頭)"));
    Sheet {
        id: "product".to_owned(),
        action: action.to_owned(),
        heading: "品目を登録する".to_owned(),
        key: new_key(api),
        fields,
        buttons: register(),
        ..Sheet::default()
    }
}

/// The list.
pub fn table(known: &[Versioned<ProductView>], prices: &[Versioned<PriceView>], at: &str) -> Table {
    let row = |product: &Versioned<ProductView>| {
        let ProductView {
            office,
            code,
            unit,
            rows,
        } = &product.thing;
        let price = |channel: &str| prices::now(prices, &format!("{}/{code}", office.code), channel);
        TableRow {
            cells: vec![
                rows.last().map_or("", |row| row.name.as_str()).to_owned(),
                unit.name.clone(),
                price("retail"),
                price("supply"),
                code.to_string(),
            ],
            link: Some(format!("{at}/{code}")),
            presses: Vec::new(),
        }
    };
    Table {
        caption: "登録した品目".to_owned(),
        heads: vec!["品名", "単位", "店頭の値段", "卸の値段", "コード"],
        rows: known.iter().map(row).collect(),
    }
}

async fn list_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    code: &str,
) -> Result<(MastersPage, Code), PageError> {
    let (office, code) = visitor.office(api, code).await?;
    let known = of_office(api, visitor, &code).await?;
    let prices = all_prices(&api.book, &visitor.as_member(), None).await?;
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let at = shell.here("/products");
    let mut page = MastersPage::new(shell, "品目");
    page.text = "この事業所が作るもの、買うもの。生産・納品・販売の画面に出ます。".to_owned();
    page.tables.push(table(&known, &prices, &at));
    page.sheets.push(new_sheet(api, &at, &blank(api, &known)));
    Ok((page, code))
}

/// All of an office, and a form for another one.
pub async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (page, _) = list_page(&api, &asked, &visitor, &office).await?;
    Ok(page.answer(&asked))
}

/// Another one.
pub async fn add(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (mut page, office) = list_page(&api, &asked, &visitor, &office).await?;
    let to = page.shell.here("/products");
    match record_new(&api, &visitor, &form, &office).await {
        Ok(()) => Ok(page::done(&to, &Said::new(What::Registered))),
        Err(problem) => {
            let wrong = Wrong::of(problem)?;
            let sheet = new_sheet(&api, &to, &Values::typed(&form));
            page.sheets = vec![
                Sheet {
                    key: form.get("key").to_owned(),
                    ..sheet
                }
                .told(wrong),
            ];
            Ok(page.answer(&asked))
        }
    }
}

struct One {
    page: MastersPage,
    office: Code,
    found: Versioned<ProductView>,
}

async fn one(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (&str, &str),
) -> Result<One, PageError> {
    let (id, office) = visitor.office(api, office).await?;
    let only = Only {
        office: Some(office.clone()),
        code: code.parse().map_err(|_| PageError::not_found())?,
    };
    let found = products(&api.book, &visitor.as_member(), Some(&only)).await?;
    let found = found.into_iter().next().ok_or_else(PageError::not_found)?;
    let shell = Shell::of_office(api, asked, visitor, id).await?;
    let name = found.thing.rows.last().map_or("", |row| row.name.as_str());
    let mut page = MastersPage::new(shell, name);
    page.back = Some((page.shell.here("/products"), "品目".to_owned()));
    let rows = found.thing.rows.iter().map(|row| TableRow {
        cells: vec![
            day(row.from),
            row.name.to_string(),
            row.tax.to_string(),
            row.keeps_days
                .map_or_else(String::new, |days| format!("{days}日")),
        ],
        ..TableRow::default()
    });
    page.tables.push(Table {
        caption: "いつから、どう登録してあるか".to_owned(),
        heads: vec!["いつから", "品名", "消費税", "もつ日数"],
        rows: rows.collect(),
    });
    Ok(One { page, office, found })
}

/// The sheet that changes a product.
fn change_sheet(api: &Api, one: &One, values: &Values, row: &Value) -> Sheet {
    let mut came = row.clone();
    came["unit"] = serde_json::to_value(&one.found.thing.unit).unwrap_or_default();
    if let Some(modes) = came.get_mut("modes").and_then(Value::as_object_mut) {
        modes.remove("eat_in");
    }
    Sheet {
        id: "product".to_owned(),
        action: one
            .page
            .shell
            .here(&format!("/products/{}", one.found.thing.code)),
        heading: "変える".to_owned(),
        text: format!(
            "単位は「{}」のままです。前の記録は、前の内容のまま残ります。",
            one.found.thing.unit.name
        ),
        key: new_key(api),
        carried: carried(&came, SHOWN),
        version: one.found.version.clone(),
        fields: fields(values, false),
        buttons: change_buttons(),
        ..Sheet::default()
    }
}

/// A product, its history, and forms for another version and its prices.
pub async fn show(
    State(api): State<Api>,
    Path((office, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let page = page_of(&api, &asked, &visitor, (&office, &code), None).await?;
    Ok(page.answer(&asked))
}

/// The page of a product, with what went wrong with a price.
pub(super) async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    of: (&str, &str),
    price: Option<Sheet>,
) -> Result<MastersPage, PageError> {
    let mut one = one(api, asked, visitor, of).await?;
    let (row, values) = as_known(api, &one.found.thing);
    let change = change_sheet(api, &one, &values, &row);
    let prices = prices::table(api, visitor, &one.found.thing).await?;
    let action = one
        .page
        .shell
        .here(&format!("/products/{}/prices", one.found.thing.code));
    let price = price.unwrap_or_else(|| prices::sheet(api, &action, &prices::blank(api)));
    one.page.tables.push(prices);
    one.page.sheets = vec![price, change];
    Ok(one.page)
}

/// The last row as JSON, and as it stands in the form.
fn as_known(api: &Api, product: &ProductView) -> (Value, Values) {
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

/// Another version of it.
pub async fn change(
    State(api): State<Api>,
    Path((office, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let mut one = one(&api, &asked, &visitor, (&office, &code)).await?;
    let act = act_of(&form, &one.office, &code);
    match record(&api, &visitor, act, form.get("version")).await {
        Ok(_) => Ok(page::done(
            &one.page.shell.here("/products"),
            &Said::new(What::Changed),
        )),
        Err(problem) => {
            let wrong = Wrong::of(problem)?;
            let (row, _) = as_known(&api, &one.found.thing);
            let sheet = Sheet {
                key: form.get("key").to_owned(),
                ..change_sheet(&api, &one, &Values::typed(&form), &row)
            };
            one.page.sheets = vec![sheet.told(wrong)];
            Ok(one.page.answer(&asked))
        }
    }
}
