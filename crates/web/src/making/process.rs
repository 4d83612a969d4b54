//! 加工: a recipe fills in what goes in and what comes out; what was really used is what is recorded. Of each ingredient the
//! lots that expire first are used first, and the page says which.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::tidied,
    page::{self, Asked},
    record::{act, new_key, record, today},
    said::{Said, What},
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
    inputs: Vec<InRow>,
    outputs: Vec<OutRow>,
}

/// An ingredient.
struct InRow {
    input: FilledInput,
    typed: String,
    wrong: Option<String>,
}

/// Something made.
struct OutRow {
    output: FilledLine,
    typed: String,
    wrong: Option<String>,
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
        let input = |input: FilledInput| InRow {
            typed: input.line.quantity.to_string(),
            wrong: None,
            input,
        };
        let output = |output: FilledLine| OutRow {
            typed: output.quantity.to_string(),
            wrong: None,
            output,
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
    for (n, row) in page.inputs.iter_mut().enumerate() {
        form.get(&format!("in/{n}")).clone_into(&mut row.typed);
    }
    for (n, row) in page.outputs.iter_mut().enumerate() {
        form.get(&format!("out/{n}")).clone_into(&mut row.typed);
    }
    let line = |reference: &str, typed: &str| json!({"product": reference, "quantity": tidied(typed)});
    // what was not used, and what did not come out, is left out
    let used: Vec<usize> = (0..page.inputs.len())
        .filter(|n| !page.inputs[*n].typed.is_empty())
        .collect();
    let made: Vec<usize> = (0..page.outputs.len())
        .filter(|n| !page.outputs[*n].typed.is_empty())
        .collect();
    let inputs: Vec<Value> = used
        .iter()
        .map(|n| line(&page.inputs[*n].input.line.reference, &page.inputs[*n].typed))
        .collect();
    let outputs: Vec<Value> = made
        .iter()
        .map(|n| line(&page.outputs[*n].output.reference, &page.outputs[*n].typed))
        .collect();
    let wrong = if inputs.is_empty() || outputs.is_empty() {
        Wrong::whole("使ったものと、できたものの数を入れてください。")
    } else {
        let fields = json!({"recipe": recipe, "inputs": inputs, "outputs": outputs});
        match record(&api, &visitor, act("process", code.as_str(), &form, fields)).await {
            Ok(recorded) => {
                let what = if recorded.is_new {
                    What::Processed
                } else {
                    What::Already
                };
                return Ok(page::done(
                    &format!("/o/{code}/process"),
                    &Said::of(what, recorded.entry.0),
                ));
            }
            Err(problem) => Wrong::of(problem)?,
        }
    };
    for (line, n) in used.into_iter().enumerate() {
        page.inputs[n].wrong = wrong.of_field(&format!("inputs/{line}")).map(str::to_owned);
    }
    for (line, n) in made.into_iter().enumerate() {
        page.outputs[n].wrong = wrong.of_field(&format!("outputs/{line}")).map(str::to_owned);
    }
    page.wrong = wrong;
    form.get("key").clone_into(&mut page.key);
    form.get("supplied_on").clone_into(&mut page.supplied_on);
    Ok(page::shown_again(&asked, &page))
}
