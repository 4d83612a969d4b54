//! 品目: what an office makes or buys. The unit is for ever; name, tax, allergens and how long it keeps are from a day on.

mod form;

use super::{
    MastersPage, Table, TableRow, change as change_buttons, day,
    fields::{Control, Field, Sheet, Values, carried},
    prices, record, register,
};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::tidied,
    page::{self, Asked},
    record::new_key,
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
pub use form::blank;
use form::{SHOWN, act_of, as_known, fields};
use serde_json::{Value, json};

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
    "この事業所が作るもの、買うもの。生産・納品・販売の画面に出ます。".clone_into(&mut page.text);
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
    let price = match price {
        Some(price) => price,
        None => prices::sheet(api, visitor, &one.office, &action, &prices::blank(api)).await?,
    };
    one.page.tables.push(prices);
    one.page.sheets = vec![price, change];
    Ok(one.page)
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
