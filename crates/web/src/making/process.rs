//! 加工: a recipe fills in what goes in and what comes out; what was really used is what is recorded. Of each ingredient the
//! lots that expire first are used first, and the page says which.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    grid::{Row, tell},
    number::tidied,
    page::{self, Asked},
    record::{self, act, new_key, today},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::recipes::{FilledInput, FilledLine, FilledRecipe, RecipeName, filled, recipes};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{id::OfficeId, text::Code};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "making/process.html")]
struct ProcessPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    recipes: Vec<RecipeName>,
    recipe: Option<String>,
    batches: String,
    inputs: Vec<Row<FilledInput>>,
    outputs: Vec<Row<FilledLine>>,
}

/// Which recipe, and how many times.
#[derive(Default, Deserialize)]
pub struct Asking {
    #[serde(default)]
    recipe: String,
    #[serde(default)]
    batches: String,
}

impl ProcessPage {
    async fn new(
        api: &Api,
        asked: &Asked,
        visitor: &Visitor,
        office: OfficeId,
        asking: &Asking,
    ) -> Result<ProcessPage, PageError> {
        let batches = tidied(&asking.batches);
        let batches = if batches.is_empty() { "1" } else { &batches };
        let times = batches
            .parse()
            .ok()
            .filter(|times: &Decimal| times.is_sign_positive());
        let found: Option<FilledRecipe> = match (asking.recipe.parse::<Code>(), times) {
            (Ok(code), Some(times)) => filled(&api.book, visitor.viewer(), office, &code, times).await?,
            _ => None,
        };
        let recipe = found.as_ref().map(|found| found.code.clone());
        let (inputs, outputs) = found.map_or_else(Default::default, |found| (found.inputs, found.outputs));
        let input = |input: FilledInput| {
            let (reference, wanted) = (input.line.reference.clone(), input.line.quantity.to_string());
            Row::new(input, &reference, &wanted)
        };
        let output = |output: FilledLine| {
            let (reference, planned) = (output.reference.clone(), output.quantity.to_string());
            Row::new(output, &reference, &planned)
        };
        Ok(ProcessPage {
            shell: Shell::of_office(api, asked, visitor, office).await?,
            wrong: Wrong::default(),
            key: new_key(api),
            supplied_on: today(api),
            recipes: recipes(&api.book, visitor.viewer(), office).await?,
            recipe,
            batches: batches.to_owned(),
            inputs: inputs.into_iter().map(input).collect(),
            outputs: outputs.into_iter().map(output).collect(),
        })
    }
}

/// The choice of a recipe, or its form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(asking): Query<Asking>,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = ProcessPage::new(&api, &asked, &visitor, office, &asking).await?;
    Ok(page::shown(&asked, &page))
}

/// Cooked.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let asking = Asking {
        recipe: form.get("recipe").to_owned(),
        batches: form.get("batches").to_owned(),
    };
    let mut page = ProcessPage::new(&api, &asked, &visitor, office, &asking).await?;
    let recipe = page.recipe.clone().ok_or_else(PageError::not_found)?;
    // what was not used, and what did not come out, is left out
    let (used, made) = (form.filled("in/"), form.filled("out/"));
    let line = |(product, typed): &(&str, &str)| json!({"product": product, "quantity": tidied(typed)});
    let inputs: Vec<Value> = used.iter().map(line).collect();
    let outputs: Vec<Value> = made.iter().map(line).collect();
    let wrong = if inputs.is_empty() || outputs.is_empty() {
        Wrong::whole("使ったものと、できたものの数を入れてください。")
    } else {
        let fields = json!({"recipe": recipe, "inputs": inputs, "outputs": outputs});
        let cooked = act("process", code.as_str(), &form, fields);
        match record::save(
            &api,
            &visitor,
            cooked,
            What::Processed,
            &format!("/o/{code}/process"),
        )
        .await?
        {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    tell(&mut page.inputs, &used, &wrong, "inputs");
    tell(&mut page.outputs, &made, &wrong, "outputs");
    page.wrong = wrong;
    form.get("key").clone_into(&mut page.key);
    form.get("supplied_on").clone_into(&mut page.supplied_on);
    Ok(page::shown_again(&asked, &page))
}
