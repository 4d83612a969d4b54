//! 食品表示 of a product: what its labels say beside what lots and offices say, and its allergens. It is a new row of the product,
//! valid from today.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    record::{act, new_key, record, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    masters::{self, Only, ProductView},
    usual::{self, UsualProduct},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    allergen::{self, Duty},
    calendar::business_day,
    text::{Code, Name},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "labels/products.html")]
struct ProductsPage {
    shell: Shell,
    products: Vec<UsualProduct>,
}

#[derive(Template)]
#[template(path = "labels/facts.html")]
struct FactsPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    product: Code,
    name: String,
    /// The rest of the product, as it was when the form was shown.
    base: String,
    is_fresh: bool,
    fields: Vec<Field>,
    allergens: Vec<Choice>,
    may_contain: String,
    is_unknown: bool,
}

/// A line of the label.
struct Field {
    name: &'static str,
    /// Where the act has it.
    pointer: String,
    title: &'static str,
    hint: &'static str,
    typed: String,
}

/// An allergen that may be in it.
struct Choice {
    name: String,
    is_duty: bool,
    is_in: bool,
}

const FIELDS: [(&str, &str, &str); 6] = [
    (
        "common_name",
        "名称",
        "弁当、食パンなど、一般的な名前。書かなければ品目の名前",
    ),
    (
        "ingredients",
        "原材料名",
        "使った重さの順に、「、」で区切って。いちばん多い原材料の産地も。添加物とアレルゲンは書きません",
    ),
    ("additives", "添加物", "使った重さの順に。使っていなければ空"),
    ("content", "内容量", "1人前、350g など"),
    ("storage", "保存方法", "10℃以下で保存 など"),
    (
        "nutrition",
        "栄養成分表示",
        "小さな事業所は、書かなくてもかまいません",
    ),
];

impl FactsPage {
    fn new(shell: Shell, api: &Api, view: &ProductView) -> Option<FactsPage> {
        let today = business_day(api.book.outside().clock.now());
        let row = view
            .rows
            .iter()
            .rev()
            .find(|row| row.from <= today)
            .or(view.rows.first())?;
        let mut base = json!({"code": view.code, "unit": view.unit});
        if let (Value::Object(base), Ok(Value::Object(facts))) = (&mut base, serde_json::to_value(row)) {
            let facts = facts.into_iter();
            base.extend(facts.filter(|(name, _)| !matches!(name.as_str(), "from" | "allergens" | "label")));
        }
        let food = row.label.clone().unwrap_or_default();
        let stated = serde_json::to_value(&food).unwrap_or_default();
        let typed = |name: &str| stated[name].as_str().unwrap_or_default().to_owned();
        let contains: BTreeSet<String> = row.allergens.contains.iter().map(ToString::to_string).collect();
        let may: Vec<&str> = row.allergens.may_contain.iter().map(Name::as_str).collect();
        Some(FactsPage {
            shell,
            wrong: Wrong::default(),
            key: new_key(api),
            product: view.code.clone(),
            name: row.name.to_string(),
            base: base.to_string(),
            is_fresh: food.fresh,
            fields: FIELDS
                .iter()
                .map(|(name, title, hint)| Field {
                    name,
                    pointer: format!("label/{name}"),
                    title,
                    hint,
                    typed: typed(name),
                })
                .collect(),
            allergens: choices(&contains, today),
            may_contain: may.join("、"),
            is_unknown: row.allergens.unknown,
        })
    }
}

/// Allergens of the law's lists, and those that are stated beside them.
fn choices(contains: &BTreeSet<String>, today: domain::calendar::Day) -> Vec<Choice> {
    let mut choices: Vec<Choice> = allergen::listed(today)
        .map(|(name, duty)| Choice {
            name: name.to_owned(),
            is_duty: duty != Duty::Should,
            is_in: contains.contains(name),
        })
        .collect();
    let others = contains
        .iter()
        .filter(|name| allergen::duty(name, today).is_none());
    choices.extend(others.map(|name| Choice {
        name: name.clone(),
        is_duty: false,
        is_in: true,
    }));
    choices
}

/// All products, to choose from.
pub async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = ProductsPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        products: usual::products(&api.book, visitor.viewer(), office).await?,
    };
    Ok(page::shown(&asked, &page))
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, product): (&str, &str),
) -> Result<(Code, FactsPage), PageError> {
    let (office, code) = visitor.office(api, office).await?;
    let only = Only {
        office: Some(code.clone()),
        code: product.parse().map_err(|_| PageError::not_found())?,
    };
    let found = masters::products(&api.book, visitor.viewer(), Some(&only)).await?;
    let view = found.first().ok_or_else(PageError::not_found)?;
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let page = FactsPage::new(shell, api, &view.thing).ok_or_else(PageError::not_found)?;
    Ok((code, page))
}

/// As it is.
pub async fn show(
    State(api): State<Api>,
    Path((office, product)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (_, page) = page_of(&api, &asked, &visitor, (&office, &product)).await?;
    Ok(page::shown(&asked, &page))
}

/// As it is to be.
pub async fn save(
    State(api): State<Api>,
    Path((office, product)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (code, mut page) = page_of(&api, &asked, &visitor, (&office, &product)).await?;
    let contains: BTreeSet<String> = form
        .filled("contains/")
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let split = |text: &str| -> Vec<String> {
        let names = text.split(['、', ',', '，', '・']).map(str::trim);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    let food: serde_json::Map<String, Value> = FIELDS
        .iter()
        .filter_map(|(name, ..)| Some(((*name).to_owned(), form.typed(name)?.into())))
        .chain(form.typed("fresh").map(|_| ("fresh".to_owned(), true.into())))
        .collect();
    // the product as it stood in the form: pressing twice records the same
    let mut fields: Value = serde_json::from_str(form.get("base")).unwrap_or_default();
    if fields["code"] != *product {
        return Err(PageError::not_found());
    }
    let is_unknown = form.typed("unknown").is_some();
    fields["allergens"] =
        json!({"contains": contains, "may_contain": split(form.get("may_contain")), "unknown": is_unknown});
    if food != serde_json::Map::new() {
        fields["label"] = food.into();
    }
    let mut changed = act("product", code.as_str(), &form, fields);
    changed["supplied_on"] = today(&api).into();
    match record(&api, &visitor, changed).await {
        Ok(recorded) => {
            let what = if recorded.is_new {
                What::Labelled
            } else {
                What::Already
            };
            let to = format!("/o/{code}/labels/facts");
            Ok(page::done(&to, &Said::new(what)))
        }
        Err(problem) => {
            page.wrong = Wrong::of(problem)?;
            form.get("key").clone_into(&mut page.key);
            form.get("base").clone_into(&mut page.base);
            page.is_fresh = form.typed("fresh").is_some();
            for field in &mut page.fields {
                form.get(field.name).clone_into(&mut field.typed);
            }
            page.allergens = choices(&contains, business_day(api.book.outside().clock.now()));
            form.get("may_contain").clone_into(&mut page.may_contain);
            page.is_unknown = is_unknown;
            Ok(page::shown_again(&asked, &page))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::masters::FoodLabel;

    #[test]
    fn every_field_of_a_label_has_a_control() {
        let named: BTreeSet<&str> = FIELDS.iter().map(|(name, ..)| *name).collect();
        let full: FoodLabel = serde_json::from_value(
            FIELDS
                .iter()
                .map(|(name, ..)| ((*name).to_owned(), Value::from("x")))
                .chain([("fresh".to_owned(), true.into())])
                .collect::<serde_json::Map<_, _>>()
                .into(),
        )
        .unwrap();
        let written = serde_json::to_value(full).unwrap();
        let all: BTreeSet<&str> = written.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(all.difference(&named).copied().collect::<Vec<_>>(), ["fresh"]);
    }
}
