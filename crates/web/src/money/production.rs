//! 就労支援事業の収支: revenue, cost, stock at cost and consumption tax of a time, as a page and as a file.

use super::days::Days;
use crate::{
    error::PageError,
    page::{self, Asked},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::{
    table::{Cell, List},
    views::{
        journal::TaxSide,
        production::{Inventory, ProductionStatement, Registration, TaxRow, production_statement},
    },
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{account::Class, id::OfficeId};

#[derive(Template)]
#[template(path = "money/production.html")]
struct ProductionPage {
    shell: Shell,
    statement: ProductionStatement,
}

impl ProductionPage {
    /// The same question for the file.
    fn asked(&self) -> String {
        format!("?from={}&to={}", self.statement.from, self.statement.to)
    }

    /// 材料費 and others after stock: 期首 + 当期 − 期末.
    fn after_stock(&self) -> i64 {
        let opening = self.statement.opening.yen.get();
        let closing = self.statement.closing.yen.get();
        self.statement
            .cost
            .get()
            .saturating_add(opening)
            .saturating_sub(closing)
    }
}

/// Sales, or purchases with what is known of the seller.
pub fn side(row: &TaxRow) -> &'static str {
    match (row.side, row.registration) {
        (TaxSide::Sales, _) => "売上",
        (_, Some(Registration::Registered)) => "仕入(登録のある相手)",
        (_, Some(Registration::Unregistered)) => "仕入(登録のない相手)",
        (_, Some(Registration::Unknown)) => "仕入(相手がわからない)",
        (_, None) => "仕入・費用",
    }
}

/// The page.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(days): Query<Days>,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = ProductionPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        statement: read(&api, &visitor, office, &days).await?,
    };
    Ok(page::shown(&asked, &page))
}

async fn read(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    days: &Days,
) -> Result<ProductionStatement, PageError> {
    let span = days.span(api)?;
    let found = production_statement(&api.book, &visitor.as_member(), office, span).await?;
    found.ok_or_else(PageError::not_found)
}

/// All of the page as one list.
pub async fn of_production(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    days: &Days,
) -> Result<List, PageError> {
    let statement = read(api, visitor, office, days).await?;
    let yen = |yen: domain::money::Yen| Cell::Number(yen.get().into());
    let mut rows = Vec::new();
    for work in &statement.works {
        for line in &work.lines {
            let what = match line.account.class() {
                Class::Income => "収益",
                _ => "費用",
            };
            rows.push(vec![
                Cell::text(what),
                Cell::text(work.work.clone().unwrap_or_else(|| "—".to_owned())),
                Cell::text(line.heading),
                Cell::text(line.label),
                yen(line.yen),
                Cell::Empty,
                Cell::Empty,
            ]);
        }
    }
    for (what, inventory) in [
        ("期首棚卸高", &statement.opening),
        ("期末棚卸高", &statement.closing),
    ] {
        rows.extend(of_inventory(what, inventory));
    }
    for row in &statement.tax {
        rows.push(vec![
            Cell::text("消費税"),
            Cell::text(side(row)),
            Cell::text(row.rate.to_string()),
            Cell::Empty,
            yen(row.gross),
            yen(row.tax),
            row.deductible.map_or(Cell::Empty, yen),
        ]);
    }
    let headings = [
        "区分",
        "作業種別・相手",
        "行・税率",
        "科目・ロット",
        "円",
        "うち消費税",
        "控除できる税",
    ];
    Ok(List {
        name: "就労支援事業の収支".to_owned(),
        headings: headings.map(str::to_owned).to_vec(),
        rows,
    })
}

fn of_inventory<'a>(what: &'a str, inventory: &'a Inventory) -> impl Iterator<Item = Vec<Cell>> + 'a {
    inventory.lines.iter().map(move |line| {
        vec![
            Cell::text(what),
            Cell::text(&*line.product.name),
            Cell::text(format!("{} {}", line.quantity.normalize(), line.unit)),
            Cell::text(&*line.lot),
            line.yen
                .map_or_else(|| Cell::text("不明"), |yen| Cell::Number(yen.get().into())),
            Cell::Empty,
            Cell::Empty,
        ]
    })
}
