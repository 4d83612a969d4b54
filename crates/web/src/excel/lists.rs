//! Every list as a file, out of the same view as its page and with the page's filters: what stands on the page is in the file.

use super::{Written, file};
use crate::{
    error::PageError,
    history::sentence::{at, sentence},
    money::{Days, of_production},
    stock::Keeps,
    visitor::Visitor,
};
use api::Api;
use app::{
    table::{Cell, List},
    views::{
        deliveries::deliveries,
        entries::{PAGE, Question, entries},
        money::money,
        orders::open_orders,
        stock::stock,
    },
};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{calendar::business_day, id::OfficeId, text::Code};
use serde::Deserialize;

/// Entries of one file at most: more are asked for by days.
const ENTRIES: usize = 20_000;

/// What the page narrows its list by.
#[derive(Default, Deserialize)]
pub struct Asking {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// A list as a file: `stock.xlsx`, `entries.csv`.
pub async fn download(
    State(api): State<Api>,
    Path((office, name)): Path<(String, String)>,
    Query(asking): Query<Asking>,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let (stem, written) = Written::of_name(&name).ok_or_else(PageError::not_found)?;
    let list = match stem {
        "stock" => of_stock(&api, &visitor, office).await?,
        "entries" => of_entries(&api, &visitor, code.clone(), &asking).await?,
        "deliveries" => of_deliveries(&api, &visitor, office).await?,
        "orders" => of_orders(&api, &visitor, office).await?,
        "money" => of_money(&api, &visitor, office).await?,
        "production" => {
            let days = Days {
                from: asking.from,
                to: asking.to,
                ..Days::default()
            };
            of_production(&api, &visitor, office, &days).await?
        }
        _ => return Err(PageError::not_found()),
    };
    visitor.register(&api, "file", stem).await?;
    file(&list, &format!("{code}-{stem}"), written)
}

fn list(name: &str, headings: &[&str], rows: Vec<Vec<Cell>>) -> List {
    List {
        name: name.to_owned(),
        headings: headings.iter().map(|heading| (*heading).to_owned()).collect(),
        rows,
    }
}

async fn of_stock(api: &Api, visitor: &Visitor, office: OfficeId) -> Result<List, PageError> {
    let today = business_day(api.book.outside().clock.now());
    let lines = stock(&api.book, visitor.viewer(), None, Some(office)).await?.rows;
    let row = |line: app::views::stock::StockLine| {
        vec![
            Cell::text(line.product.code),
            Cell::text(line.product.name),
            Cell::text(line.lot),
            Cell::Number(line.quantity),
            Cell::text(line.unit),
            Cell::Day(line.made_on),
            line.best_before.map_or(Cell::Empty, |date| Cell::Day(date.day)),
            Cell::text(Keeps::of(line.best_before, today).words()),
            Cell::text(line.place),
            Cell::text(line.holder.name),
            Cell::text(line.owner.name),
        ]
    };
    let headings = [
        "品目コード",
        "品目",
        "ロット番号",
        "数量",
        "単位",
        "製造日",
        "期限",
        "期限の様子",
        "置き場",
        "持っているところ",
        "持ち主",
    ];
    Ok(list("在庫", &headings, lines.into_iter().map(row).collect()))
}

async fn of_entries(api: &Api, visitor: &Visitor, code: Code, asking: &Asking) -> Result<List, PageError> {
    let mut question = Question {
        office: Some(code),
        supplied: (asking.from.parse().ok(), asking.to.parse().ok()),
        limit: PAGE,
        ..Question::default()
    };
    let mut rows = Vec::new();
    loop {
        let found = entries(&api.book, visitor.viewer(), &question).await?;
        rows.extend(found.entries.iter().map(|entry| {
            vec![
                Cell::Day(entry.supplied_on),
                Cell::Day(entry.book_on),
                Cell::text(at(entry)),
                Cell::text(entry.label),
                Cell::text(sentence(entry)),
                Cell::text(if entry.reversed_by.is_some() {
                    "取り消し済み"
                } else {
                    ""
                }),
                Cell::text(
                    entry
                        .own
                        .as_ref()
                        .and_then(|own| own.note.clone())
                        .unwrap_or_default(),
                ),
                Cell::text(entry.id.to_string()),
            ]
        }));
        question.before = found.next;
        if question.before.is_none() || rows.len() >= ENTRIES {
            break;
        }
    }
    if question.before.is_some() {
        let rest = format!("{ENTRIES}件までです。続きは、日付でしぼって保存してください。");
        rows.push(vec![
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::text(rest),
        ]);
    }
    let headings = [
        "日付",
        "帳簿の日",
        "記録した時刻",
        "種類",
        "内容",
        "状態",
        "備考",
        "伝票のID",
    ];
    Ok(list("履歴", &headings, rows))
}

async fn of_deliveries(api: &Api, visitor: &Visitor, office: OfficeId) -> Result<List, PageError> {
    let mut rows = Vec::new();
    for delivery in deliveries(&api.book, visitor.viewer(), office).await? {
        rows.extend(delivery.lines.iter().map(|line| {
            vec![
                Cell::Day(delivery.sent_on),
                Cell::text(&*delivery.from.name),
                Cell::text(&*delivery.to.name),
                Cell::text(&*line.product.code),
                Cell::text(&*line.product.name),
                Cell::text(&*line.lot),
                Cell::Number(line.quantity),
                Cell::text(&*line.unit),
                line.best_before.map_or(Cell::Empty, |date| Cell::Day(date.day)),
            ]
        }));
    }
    let headings = [
        "出した日",
        "出したところ",
        "届け先",
        "品目コード",
        "品目",
        "ロット番号",
        "数量",
        "単位",
        "期限",
    ];
    Ok(list("配送中", &headings, rows))
}

async fn of_orders(api: &Api, visitor: &Visitor, office: OfficeId) -> Result<List, PageError> {
    let mut rows = Vec::new();
    for order in open_orders(&api.book, visitor.viewer(), office).await? {
        rows.extend(order.wanted.lines.iter().map(|line| {
            vec![
                Cell::Day(order.wanted.wanted_on),
                Cell::text(&*order.by.name),
                Cell::text(&*order.wanted.from.name),
                Cell::text(&*line.product.code),
                Cell::text(&*line.product.name),
                Cell::Number(line.quantity),
                Cell::text(&*line.unit),
                line.unit_price
                    .map_or(Cell::Empty, |price| Cell::Number(price.get())),
            ]
        }));
    }
    let headings = [
        "届けてほしい日",
        "注文した事業所",
        "注文先",
        "品目コード",
        "品目",
        "数量",
        "単位",
        "単価",
    ];
    Ok(list("注文", &headings, rows))
}

async fn of_money(api: &Api, visitor: &Visitor, office: OfficeId) -> Result<List, PageError> {
    let money = money(&api.book, visitor.viewer(), office).await?;
    let purses = money.purses.into_iter().map(|purse| {
        vec![
            Cell::text("現金・預金"),
            Cell::text(purse.place.name),
            Cell::Empty,
            Cell::Number(purse.yen.get().into()),
        ]
    });
    let debts = money.debts.into_iter().map(|debt| {
        vec![
            Cell::text(if debt.is_ours {
                "払うお金"
            } else {
                "もらうお金"
            }),
            Cell::text(debt.label),
            Cell::text(debt.with.map(|with| with.name).unwrap_or_default()),
            Cell::Number(debt.yen.get().into()),
        ]
    });
    let headings = ["種類", "置き場・科目", "相手", "円"];
    Ok(list("お金", &headings, purses.chain(debts).collect()))
}
