//! `yokoito balances`: the books of each office, one table a section.

use crate::{
    arguments,
    place::Place,
    table::{self, Align},
};
use anyhow::Context;
use app::{
    viewer::Viewer,
    views::balances::{At, BalanceLine, BalancesView, UnitBalances, balances},
};
use domain::account::{Class, Section};
use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Runs it.
pub async fn run(arguments: &arguments::Balances, place: &Place) -> anyhow::Result<ExitCode> {
    let at = match (&arguments.day, &arguments.month) {
        (Some(_), Some(_)) => anyhow::bail!("--day と --month は、どちらか1つを書いてください。"),
        (Some(day), None) => Some(At::Day(day.parse().context("--day が正しくありません。")?)),
        (None, Some(month)) => Some(At::Month(month.parse().context("--month が正しくありません。")?)),
        (None, None) => None,
    };
    let book = place.open().await?;
    let found = balances(&book, &Viewer::Keeper, at).await;
    book.close().await?;
    let mut found = found?;
    if arguments.debts {
        found = found.debts_and_wages();
    }
    if let Some(office) = &arguments.office {
        found.units.retain(|unit| unit.unit.code == *office);
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

const COLUMNS: [Align; 4] = [Align::Left, Align::Left, Align::Left, Align::Right];

/// Balances for a person to read.
pub fn lines(view: &BalancesView) -> Vec<String> {
    let BalancesView { from, until, units } = view;
    let mut lines = vec![format!(
        "残高({until} の終わり。収益と費用は {from} から {until} まで)"
    )];
    if units.is_empty() {
        lines.push("残高はありません。".to_owned());
    }
    // one width for all units: they are read side by side
    let rows: Vec<Vec<String>> = units.iter().flat_map(|unit| &unit.rows).map(cells).collect();
    let mut rows = table::lines(&COLUMNS, &rows).into_iter();
    for unit in units {
        lines.push(String::new());
        lines.push(title(unit));
        lines.extend(
            rows.by_ref()
                .take(unit.rows.len())
                .map(|line| format!("  {line}")),
        );
    }
    lines
}

fn title(unit: &UnitBalances) -> String {
    let section = match unit.section {
        Some(Section::Production) => " 就労支援事業",
        Some(Section::Welfare) => " 福祉事業",
        None => "",
    };
    format!("{}({}){section}", unit.unit.name, unit.unit.code)
}

fn cells(row: &BalanceLine) -> Vec<String> {
    let class = match row.account.class() {
        Class::Asset => "資産",
        Class::Liability => "負債",
        Class::Equity => "純資産",
        Class::Income => "収益",
        Class::Expense => "費用",
    };
    let with = row
        .party
        .as_ref()
        .or(row.cash_place.as_ref())
        .map(|named| named.name.clone());
    vec![
        class.to_owned(),
        row.label.to_owned(),
        with.unwrap_or_default(),
        format!("{}円", row.yen),
    ]
}
