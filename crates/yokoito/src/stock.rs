//! `yokoito stock`: what lies where, one table an office.

use crate::{
    arguments,
    place::Place,
    table::{self, Align, thousands},
};
use anyhow::Context;
use app::{
    viewer::Viewer,
    views::stock::{StockLine, StockView, stock},
};
use domain::calendar::Day;
use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Runs it.
pub async fn run(arguments: &arguments::Stock, place: &Place) -> anyhow::Result<ExitCode> {
    let day: Option<Day> = arguments
        .day
        .as_deref()
        .map(str::parse)
        .transpose()
        .context("--day が正しくありません。")?;
    let book = place.open().await?;
    let found = stock(&book, &Viewer::Keeper, day, None).await;
    book.close().await?;
    let mut found = found?;
    if let Some(office) = &arguments.office {
        found
            .rows
            .retain(|row| row.holder.code == *office || row.owner.code == *office);
    }
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

const COLUMNS: [Align; 6] = [
    Align::Left,
    Align::Left,
    Align::Left,
    Align::Right,
    Align::Left,
    Align::Left,
];

/// Stock for a person to read.
pub fn lines(view: &StockView) -> Vec<String> {
    let when = view
        .day
        .map_or_else(|| "今".to_owned(), |day| format!("{day} の終わり"));
    let mut lines = vec![format!("在庫({when})")];
    if view.rows.is_empty() {
        lines.push("在庫はありません。".to_owned());
        return lines;
    }
    for rows in view.rows.chunk_by(|one, other| one.holder == other.holder) {
        let Some(first) = rows.first() else { continue };
        lines.push(String::new());
        lines.push(format!("{}({})", first.holder.name, first.holder.code));
        let head = ["置き場", "品目", "ロット", "数量", "期限", "持ち主"]
            .map(str::to_owned)
            .to_vec();
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
        lines.extend(
            table::lines(&COLUMNS, &rows)
                .into_iter()
                .map(|line| format!("  {line}")),
        );
    }
    lines
}

fn cells(row: &StockLine) -> Vec<String> {
    let owner = if row.owner == row.holder {
        String::new()
    } else {
        row.owner.name.clone()
    };
    let best_before = row.best_before.map(|date| match date.hour {
        None => date.day.to_string(),
        Some(hour) => format!("{} {hour}時", date.day),
    });
    let quantity = format!("{}{}", thousands(&row.quantity.to_string()), row.unit);
    let place = row.place.to_owned();
    vec![
        place,
        row.product.name.clone(),
        row.lot.clone(),
        quantity,
        best_before.unwrap_or_default(),
        owner,
    ]
}
