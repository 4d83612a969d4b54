//! 仕訳データ: the office's journal for its accounting program: what the file holds, the file, and its columns and names.

use super::days::{Days, Span};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    access::settings::{set, setting},
    journal_file::{JournalColumn, JournalField, JournalLikes, list, tax_name, usual_tax},
    table::{Encoded, to_csv, to_csv_cp932, to_xlsx},
    views::journal::{Journal, JournalQuestion, TaxSide, TaxStyle, journal, name_of},
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    account::AccountKind,
    id::OfficeId,
    tax::{TaxCategory, TaxRate},
    text::Name,
};
use std::collections::{BTreeMap, BTreeSet};

/// Lines that are shown; the file has all.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "money/journal.html")]
struct JournalPage {
    shell: Shell,
    days: Days,
    journal: Journal,
    /// As the office's program calls them, for the lines that are shown.
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Lines that are only in the file.
    more: usize,
    /// Characters that CP932 has not.
    lacking: String,
}

impl JournalPage {
    fn is_net(&self) -> bool {
        self.journal.tax == TaxStyle::Exclusive
    }

    /// The same question for the file.
    fn asked(&self) -> String {
        let tax = if self.is_net() { "exclusive" } else { "" };
        let notes = if self.days.notes.is_empty() { "" } else { "yes" };
        let (from, to) = (self.journal.from, self.journal.to);
        format!("?from={from}&to={to}&tax={tax}&notes={notes}")
    }
}

/// What the file will hold.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(days): Query<Days>,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let span = days.span(&api)?;
    let found = read(&api, &visitor, office, &days, span).await?;
    let likes: JournalLikes = setting(&api.book, office).await?;
    let whole = list(&found, &likes);
    let Encoded { lacking, .. } = to_csv_cp932(&whole);
    let shown = whole.rows.iter().take(SHOWN);
    let page = JournalPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        days,
        headings: whole.headings.clone(),
        rows: shown
            .map(|row| row.iter().map(app::table::Cell::shown).collect())
            .collect(),
        more: whole.rows.len().saturating_sub(SHOWN),
        lacking: lacking
            .into_iter()
            .map(String::from)
            .collect::<Vec<_>>()
            .join(" "),
        journal: found,
    };
    Ok(page::shown(&asked, &page))
}

/// The file: `journal.csv` in UTF-8, `journal-cp932.csv`, `journal.xlsx`.
pub async fn file(
    State(api): State<Api>,
    Path((office, name)): Path<(String, String)>,
    visitor: Visitor,
    Query(days): Query<Days>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let span = days.span(&api)?;
    let found = read(&api, &visitor, office, &days, span).await?;
    let likes: JournalLikes = setting(&api.book, office).await?;
    let list = list(&found, &likes);
    let (bytes, kind) = match name.as_str() {
        "journal.csv" => (to_csv(&list), "text/csv; charset=utf-8"),
        "journal-cp932.csv" => (to_csv_cp932(&list).bytes, "text/csv; charset=shift_jis"),
        "journal.xlsx" => {
            let too_many = |error: app::table::TableError| {
                PageError::from(Problem::new(
                    StatusCode::CONFLICT,
                    error.code(),
                    error.to_string(),
                ))
            };
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (to_xlsx(&list).map_err(too_many)?, kind)
        }
        _ => return Err(PageError::not_found()),
    };
    let called = format!("attachment; filename=\"{code}-{}-{}-{name}\"", span.0, span.1);
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(called) = HeaderValue::from_str(&called) {
        headers.insert(header::CONTENT_DISPOSITION, called);
    }
    Ok(answer)
}

async fn read(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    days: &Days,
    span: Span,
) -> Result<Journal, PageError> {
    let question = JournalQuestion {
        days: span,
        tax: if days.tax == "exclusive" {
            TaxStyle::Exclusive
        } else {
            TaxStyle::Inclusive
        },
        notes: !days.notes.is_empty(),
    };
    let found = journal(&api.book, &visitor.as_member(), office, question).await?;
    found.ok_or_else(PageError::not_found)
}

#[derive(Template)]
#[template(path = "money/journal_columns.html")]
struct ColumnsPage {
    shell: Shell,
    wrong: Wrong,
    /// Name, usual heading, place from the left as typed, heading as typed.
    columns: Vec<(String, &'static str, String, String)>,
    /// Name, 勘定科目, name as typed.
    accounts: Vec<(String, &'static str, String)>,
    /// Name, usual name, name as typed.
    taxes: Vec<(String, String, String)>,
}

/// The columns as they are.
pub async fn columns(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let likes: JournalLikes = setting(&api.book, office).await?;
    let shell = Shell::of_office(&api, &asked, &visitor, office).await?;
    Ok(page::shown(&asked, &columns_page(shell, &likes)))
}

/// The columns as they are to be.
pub async fn set_columns(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let wrong = match typed(&form) {
        Err(sentence) => Wrong::whole(&sentence),
        Ok(likes) => match set(&api.book, visitor.caller(), office, &likes).await {
            Ok(()) => {
                let to = format!("/o/{code}/money/journal");
                return Ok(page::done(&to, &Said::new(What::Liked)));
            }
            Err(refused) => Wrong::of(Problem::from(refused))?,
        },
    };
    let likes: JournalLikes = setting(&api.book, office).await?;
    let shell = Shell::of_office(&api, &asked, &visitor, office).await?;
    let mut page = columns_page(shell, &likes);
    page.wrong = wrong;
    // what was typed comes back
    for (name, _, at, heading) in &mut page.columns {
        form.get(&format!("at/{name}")).clone_into(at);
        form.get(&format!("heading/{name}")).clone_into(heading);
    }
    for (name, _, typed) in &mut page.accounts {
        form.get(&format!("account/{name}")).clone_into(typed);
    }
    for (name, _, typed) in &mut page.taxes {
        form.get(&format!("tax/{name}")).clone_into(typed);
    }
    Ok(page::shown_again(&asked, &page))
}

/// What a form says, or what is wrong with it.
fn typed(form: &Form) -> Result<JournalLikes, String> {
    let name = |typed: &str| {
        typed
            .parse::<Name>()
            .map_err(|error| format!("「{typed}」を直してください。{error}"))
    };
    let mut columns: Vec<(u32, JournalColumn)> = Vec::new();
    for field in JournalField::ALL {
        let Some(at) = form.typed(&format!("at/{}", field.name())) else {
            continue;
        };
        let at = crate::number::tidied(at)
            .parse::<u32>()
            .map_err(|_| format!("「{}」の順番は、1から始まる数字にしてください。", field.heading()))?;
        let heading = form
            .typed(&format!("heading/{}", field.name()))
            .map(name)
            .transpose()?;
        let heading = heading.filter(|heading| heading.as_str() != field.heading());
        columns.push((
            at,
            JournalColumn {
                field: *field,
                heading,
            },
        ));
    }
    columns.sort_by_key(|(at, _)| *at);
    let names = |beginning: &str| {
        form.filled(beginning)
            .into_iter()
            .map(|(of, typed)| Ok((of.to_owned(), name(typed)?)))
            .collect::<Result<BTreeMap<String, Name>, String>>()
    };
    let likes = JournalLikes {
        columns: columns.into_iter().map(|(_, column)| column).collect(),
        accounts: names("account/")?,
        taxes: names("tax/")?,
    };
    likes.check().map_err(|(_, sentence)| sentence)?;
    Ok(likes)
}

fn columns_page(shell: Shell, likes: &JournalLikes) -> ColumnsPage {
    let columns = JournalField::ALL.iter().map(|field| {
        let at = likes.columns.iter().position(|column| column.field == *field);
        let heading = at.and_then(|at| likes.columns.get(at)?.heading.as_ref());
        (
            field.name(),
            field.heading(),
            at.map_or_else(String::new, |at| (at + 1).to_string()),
            heading.map_or_else(String::new, ToString::to_string),
        )
    });
    let of_book = AccountKind::ALL.iter().map(|kind| (name_of(*kind), kind.label()));
    let of_tax = [("tax_received", "仮受消費税"), ("tax_paid", "仮払消費税")];
    let accounts = of_book.chain(of_tax.map(|(name, label)| (name.to_owned(), label)));
    let said = |names: &BTreeMap<String, Name>, name: &str| {
        names.get(name).map_or_else(String::new, ToString::to_string)
    };
    ColumnsPage {
        shell,
        wrong: Wrong::default(),
        columns: columns.collect(),
        accounts: accounts
            .map(|(name, label)| {
                let typed = said(&likes.accounts, &name);
                (name, label, typed)
            })
            .collect(),
        taxes: tax_classes()
            .into_iter()
            .map(|(side, rate)| {
                let name = tax_name(side, rate);
                let typed = said(&likes.taxes, &name);
                (name, usual_tax(side, rate), typed)
            })
            .collect(),
    }
}

/// The classes that offices meet; others can be named by a program.
fn tax_classes() -> Vec<(TaxSide, TaxRate)> {
    let rates = [
        (TaxCategory::Standard, 10),
        (TaxCategory::Reduced, 8),
        (TaxCategory::NonTaxable, 0),
    ];
    let rates = rates.map(|(category, percent)| TaxRate { category, percent });
    let sides = [TaxSide::Sales, TaxSide::Purchases];
    let mut known = BTreeSet::new();
    let mut classes: Vec<(TaxSide, TaxRate)> = sides
        .into_iter()
        .flat_map(|side| rates.map(|rate| (side, rate)))
        .collect();
    classes.push((TaxSide::None, TaxRate::OUT_OF_SCOPE));
    classes.retain(|(side, rate)| known.insert(tax_name(*side, *rate)));
    classes
}
