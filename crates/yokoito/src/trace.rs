//! `yokoito trace`: a lot as a tree, back to the field or forward to the customers.

mod tree;

use crate::{arguments, place::Place};
use anyhow::Context;
use app::{
    viewer::Viewer,
    views::trace::{Question, trace},
};
use domain::{quantity::StatedQuantity, text::LotCode, trace::Direction};
use std::{
    io::{self, Write},
    process::ExitCode,
};
pub use tree::lines;

/// Runs it.
pub async fn run(arguments: &arguments::Trace, place: &Place) -> anyhow::Result<ExitCode> {
    let question = question(arguments)?;
    let book = place.open().await?;
    let found = trace(&book, &Viewer::Keeper, &question).await;
    book.close().await?;
    let found = found?;
    let mut output = io::stdout().lock();
    if arguments.json {
        writeln!(output, "{}", serde_json::to_string_pretty(&found)?)?;
    } else {
        for line in lines(&found) {
            writeln!(output, "{line}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn question(arguments: &arguments::Trace) -> anyhow::Result<Question> {
    let code: LotCode = arguments
        .lot
        .parse()
        .context("ロット番号が正しくありません。ラベルの番号を書いてください。")?;
    let direction = if arguments.forward {
        Direction::Forward
    } else {
        Direction::Backward
    };
    let mut question = Question::new(code, direction);
    if let Some(quantity) = &arguments.quantity {
        let stated = serde_json::from_value::<StatedQuantity>(quantity.as_str().into());
        question.quantity = Some(stated.context("--quantity は 12 や 0.5 のような数字で書いてください。")?);
    }
    if let Some(levels) = arguments.levels {
        question.levels = levels;
    }
    Ok(question)
}
