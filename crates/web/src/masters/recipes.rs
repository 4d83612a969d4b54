//! レシピ: what goes into one batch and what comes out of it. It fills in the page of 加工; what was really used is what counts.

use super::{Table, TableRow, day, free_code, record, since};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::fields::Choice,
    number::tidied,
    page::{self, Asked},
    record::{new_key, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::masters::{Only, ProductView, RecipeRow, RecipeView, Versioned, products, recipes};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{masters::RecipeLine, text::Code};
use serde_json::{Value, json};

/// Empty lines to be filled in.
const MORE: usize = 4;

#[derive(Template)]
#[template(path = "masters/recipe.html")]
struct RecipePage {
    shell: Shell,
    wrong: Wrong,
    /// The recipe, when it is there already.
    known: Option<String>,
    history: Table,
    key: String,
    version: String,
    code: String,
    supplied_on: String,
    inputs: Vec<Line>,
    outputs: Vec<Line>,
    /// What may go in.
    materials: Vec<Choice>,
    /// What may come out.
    goods: Vec<Choice>,
}

/// A line of the form.
#[derive(Clone, Default)]
struct Line {
    product: String,
    quantity: String,
    weight: String,
    wrong: Option<String>,
}

impl From<&RecipeLine> for Line {
    fn from(line: &RecipeLine) -> Line {
        Line {
            product: line.product.to_string(),
            quantity: line.quantity.to_string(),
            weight: line.weight.map(|weight| weight.to_string()).unwrap_or_default(),
            wrong: None,
        }
    }
}

/// What goes in and comes out, by products the visitor knows: their own first.
async fn choices(
    api: &Api,
    visitor: &Visitor,
    office: &Code,
) -> Result<(Vec<Choice>, Vec<Choice>), PageError> {
    let all = products(&api.book, &visitor.as_member(), None).await?;
    let is_own = |product: &&Versioned<ProductView>| product.thing.office.code == office.as_str();
    let named = |product: &ProductView, is_own: bool| {
        let name = product.rows.last().map_or("", |row| row.name.as_str());
        if is_own {
            Choice::new(product.code.as_str(), format!("{name}({})", product.unit.name))
        } else {
            let value = format!("{}/{}", product.office.code, product.code);
            Choice::new(
                value,
                format!("{name}({}、{})", product.unit.name, product.office.name),
            )
        }
    };
    let own: Vec<Choice> = all
        .iter()
        .filter(is_own)
        .map(|product| named(&product.thing, true))
        .collect();
    let others = all
        .iter()
        .filter(|product| !is_own(product))
        .map(|product| named(&product.thing, false));
    Ok((own.iter().cloned().chain(others).collect(), own))
}

/// The lines of a form that say something, with their places in the form.
fn lines(form: &Form, of: &str) -> Vec<(usize, Value)> {
    let beginning = format!("{of}/");
    let filled = form.filled(&beginning).into_iter();
    let mut places: Vec<usize> = filled
        .filter_map(|(name, _)| name.split('/').next()?.parse().ok())
        .collect();
    places.sort_unstable();
    places.dedup();
    let line = |n: usize| {
        let typed = |part: &str| form.typed(&format!("{of}/{n}/{part}"));
        let mut line =
            json!({"product": typed("product")?, "quantity": quantity(typed("quantity").unwrap_or(""))});
        if let Some(weight) = typed("weight") {
            let weight = tidied(weight);
            line["weight"] = weight
                .parse::<u32>()
                .map_or_else(|_| Value::from(weight.clone()), Value::from);
        }
        Some((n, line))
    };
    places.into_iter().filter_map(line).collect()
}

/// A quantity as it is typed: `12`, `1.5`, or with the name of a pack, `2袋`, which stays.
fn quantity(typed: &str) -> Value {
    let folded = typed.trim();
    let end = folded
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(folded.len());
    let (amount, unit) = folded.split_at(end);
    match (amount.is_empty(), unit.trim()) {
        (false, unit) if !unit.is_empty() => json!({"amount": amount, "unit": unit}),
        _ => tidied(typed).into(),
    }
}

fn as_typed(form: &Form, of: &str, least: usize) -> Vec<Line> {
    let beginning = format!("{of}/");
    let places = form.filled(&beginning).into_iter();
    let last = places
        .filter_map(|(name, _)| name.split('/').next()?.parse::<usize>().ok())
        .max();
    let count = last.map_or(0, |last| last + 1).clamp(least, 500);
    let line = |n: usize| {
        let typed = |part: &str| form.get(&format!("{of}/{n}/{part}")).to_owned();
        Line {
            product: typed("product"),
            quantity: typed("quantity"),
            weight: typed("weight"),
            wrong: None,
        }
    };
    (0..count).map(line).collect()
}

/// Puts what is wrong with the lines of the act beside the lines of the form.
fn tell(shown: &mut [Line], sent: &[(usize, Value)], wrong: &Wrong, of: &str) {
    for (at, (place, _)) in sent.iter().enumerate() {
        if let Some(line) = shown.get_mut(*place) {
            line.wrong = wrong.of_field(&format!("{of}/{at}")).map(str::to_owned);
        }
    }
}

fn with_more(lines: &[RecipeLine]) -> Vec<Line> {
    let known = lines.iter().map(Line::from);
    known.chain(std::iter::repeat_n(Line::default(), MORE)).collect()
}

async fn of_office(
    api: &Api,
    visitor: &Visitor,
    office: &Code,
) -> Result<Vec<Versioned<RecipeView>>, PageError> {
    let all = recipes(&api.book, &visitor.as_member(), None).await?;
    Ok(all
        .into_iter()
        .filter(|recipe| recipe.thing.office.code == office.as_str())
        .collect())
}

/// All of an office.
pub async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (page, _) = new_page(&api, &asked, &visitor, &office).await?;
    Ok(page::shown(&asked, &page))
}

async fn new_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: &str,
) -> Result<(RecipePage, Code), PageError> {
    let (id, office) = visitor.office(api, office).await?;
    let known = of_office(api, visitor, &office).await?;
    let shell = Shell::of_office(api, asked, visitor, id).await?;
    let (materials, goods) = choices(api, visitor, &office).await?;
    let row = |recipe: &Versioned<RecipeView>| {
        let say = |lines: &[RecipeLine]| said(lines, &materials);
        let last = recipe.thing.rows.last();
        TableRow {
            cells: vec![
                recipe.thing.code.to_string(),
                last.map_or_else(String::new, |row| say(&row.outputs)),
                last.map_or_else(String::new, |row| say(&row.inputs)),
            ],
            link: Some(shell.here(&format!("/recipes/{}", recipe.thing.code))),
            presses: Vec::new(),
        }
    };
    let history = Table {
        caption: "登録したレシピ".to_owned(),
        heads: vec!["コード", "できるもの(1回分)", "使うもの(1回分)"],
        rows: known.iter().map(row).collect(),
    };
    let codes = known.iter().map(|recipe| recipe.thing.code.as_str());
    let page = RecipePage {
        wrong: Wrong::default(),
        known: None,
        history,
        key: new_key(api),
        version: String::new(),
        code: free_code("recipe", codes),
        supplied_on: since(api),
        inputs: vec![Line::default(); MORE + 2],
        outputs: vec![Line::default(); MORE],
        materials,
        goods,
        shell,
    };
    Ok((page, office))
}

/// Lines in words.
fn said(lines: &[RecipeLine], known: &[Choice]) -> String {
    let line = |line: &RecipeLine| {
        let code = line.product.to_string();
        let name = known.iter().find(|choice| choice.value == code);
        let name = name.map_or(code.as_str(), |choice| {
            choice.label.split('(').next().unwrap_or_default()
        });
        format!("{name} {}", line.quantity)
    };
    lines.iter().map(line).collect::<Vec<_>>().join("、")
}

/// Another one.
pub async fn add(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (page, office) = new_page(&api, &asked, &visitor, &office).await?;
    let code = form.get("code").to_owned();
    save(
        &api,
        &asked,
        &visitor,
        page,
        (&office, &code),
        &form,
        What::Registered,
    )
    .await
}

async fn one(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (&str, &str),
) -> Result<(RecipePage, Code), PageError> {
    let (mut page, office) = new_page(api, asked, visitor, office).await?;
    let only = Only {
        office: Some(office.clone()),
        code: code.parse().map_err(|_| PageError::not_found())?,
    };
    let found = recipes(&api.book, &visitor.as_member(), Some(&only)).await?;
    let found = found.into_iter().next().ok_or_else(PageError::not_found)?;
    let row = |row: &RecipeRow| TableRow {
        cells: vec![
            day(row.from),
            said(&row.outputs, &page.materials),
            said(&row.inputs, &page.materials),
        ],
        ..TableRow::default()
    };
    page.history = Table {
        caption: "いつから、どう登録してあるか".to_owned(),
        heads: vec!["いつから", "できるもの(1回分)", "使うもの(1回分)"],
        rows: found.thing.rows.iter().map(row).collect(),
    };
    if let Some(last) = found.thing.rows.last() {
        page.inputs = with_more(&last.inputs);
        page.outputs = with_more(&last.outputs);
    }
    page.version = found.version;
    page.known = Some(code.to_owned());
    code.clone_into(&mut page.code);
    page.supplied_on = today(api);
    Ok((page, office))
}

/// A recipe, its history, and a form for another version.
pub async fn show(
    State(api): State<Api>,
    Path((office, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (page, _) = one(&api, &asked, &visitor, (&office, &code)).await?;
    Ok(page::shown(&asked, &page))
}

/// Another version of it.
pub async fn change(
    State(api): State<Api>,
    Path((office, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (page, office) = one(&api, &asked, &visitor, (&office, &code)).await?;
    save(
        &api,
        &asked,
        &visitor,
        page,
        (&office, &code),
        &form,
        What::Changed,
    )
    .await
}

async fn save(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    mut page: RecipePage,
    (office, code): (&Code, &str),
    form: &Form,
    what: What,
) -> Result<Response, PageError> {
    let (inputs, outputs) = (lines(form, "inputs"), lines(form, "outputs"));
    let of = |lines: &[(usize, Value)]| lines.iter().map(|(_, line)| line.clone()).collect::<Vec<_>>();
    let act = json!({
        "kind": "recipe", "office": office.as_str(), "key": form.get("key"), "supplied_on": form.get("supplied_on"),
        "code": code, "inputs": of(&inputs), "outputs": of(&outputs),
    });
    match record(api, visitor, act, form.get("version")).await {
        Ok(_) => Ok(page::done(&page.shell.here("/recipes"), &Said::new(what))),
        Err(problem) => {
            page.wrong = Wrong::of(problem)?;
            page.inputs = as_typed(form, "inputs", MORE + 2);
            page.outputs = as_typed(form, "outputs", MORE);
            tell(&mut page.inputs, &inputs, &page.wrong, "inputs");
            tell(&mut page.outputs, &outputs, &page.wrong, "outputs");
            form.get("key").clone_into(&mut page.key);
            code.clone_into(&mut page.code);
            form.get("supplied_on").clone_into(&mut page.supplied_on);
            Ok(page::shown_again(asked, &page))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_stay_packs() {
        assert_eq!(quantity("1.5"), json!("1.5"));
        assert_eq!(quantity("2袋"), json!({"amount": "2", "unit": "袋"}));
        assert_eq!(quantity("１２"), json!("12"));
        assert_eq!(quantity("たくさん"), json!("たくさん"));
    }
}
