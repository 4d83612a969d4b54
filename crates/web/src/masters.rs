//! 台帳: who and what there is. A list and a form each; a form is an act like any other, from a day on, so a change of today
//! leaves what was recorded before as it was.
//!
//! These pages are for those who run an office or the book; they speak ふつう alone. All of them are drawn by one template
//! from [`fields`].

pub mod corporations;
pub mod fields;
pub mod networks;
pub mod offices;
mod partners;
mod prices;
pub mod products;
pub mod rates;
mod recipes;

use crate::{doors::Handed, form::Form, shell::Shell, visitor::Visitor};
use api::{Api, problem::Problem};
use app::{record::Recorded, views::masters::Subject, writer::Expected};
use askama::Template;
use axum::{Router, http::StatusCode, routing::get};
use domain::{
    calendar::{Day, FiscalYear, business_day},
    command::Command,
    registration::RegistrationNumber,
};
use fields::{Control, Sheet};
use serde_json::Value;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// An office's own: what it makes, with whom it deals.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/products", get(products::list).post(products::add))
        .route(
            "/o/{office}/products/{code}",
            get(products::show).post(products::change),
        )
        .route(
            "/o/{office}/products/{code}/prices",
            axum::routing::post(prices::add),
        )
        .route("/o/{office}/partners", get(partners::list).post(partners::add))
        .route(
            "/o/{office}/partners/{code}",
            get(partners::show).post(partners::change),
        )
        .route("/o/{office}/recipes", get(recipes::list).post(recipes::add))
        .route(
            "/o/{office}/recipes/{code}",
            get(recipes::show).post(recipes::change),
        )
}

/// A page of lists and forms.
#[derive(Template)]
#[template(path = "masters/page.html")]
pub struct MastersPage {
    /// Around it.
    pub shell: Shell,
    /// What it is called.
    pub title: String,
    /// What to know first; may be empty.
    pub text: String,
    /// Where one comes from.
    pub back: Option<(String, String)>,
    /// Where it stands in the first set-up.
    pub steps: Option<Steps>,
    /// A link that was just made; it is shown this once.
    pub handed: Option<Handed>,
    /// What there is.
    pub tables: Vec<Table>,
    /// What may be recorded.
    pub sheets: Vec<Sheet>,
    /// Other pages: address and name.
    pub ways: Vec<(String, String)>,
}

impl MastersPage {
    /// With nothing on it.
    pub fn new(shell: Shell, title: &str) -> MastersPage {
        MastersPage {
            shell,
            title: title.to_owned(),
            text: String::new(),
            back: None,
            steps: None,
            handed: None,
            tables: Vec::new(),
            sheets: Vec::new(),
            ways: Vec::new(),
        }
    }

    /// Whether something on it is wrong.
    pub fn is_wrong(&self) -> bool {
        let mut sheets = self.sheets.iter();
        sheets.any(|sheet| sheet.wrong.is_some() || sheet.doubt.is_some())
    }

    /// The page as an answer: again, when something on it is wrong.
    pub fn answer(&self, asked: &crate::page::Asked) -> axum::response::Response {
        if self.is_wrong() {
            crate::page::shown_again(asked, self)
        } else {
            crate::page::shown(asked, self)
        }
    }
}

/// Steps of the first set-up (「全5ステップ中、2ステップ目」).
#[derive(Clone, Debug)]
pub struct Steps {
    /// Number of this one, from 1.
    pub at: usize,
    /// Address and name of each.
    pub all: Vec<(&'static str, &'static str)>,
}

/// A list of what there is.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it is called.
    pub caption: String,
    /// Heads of the columns.
    pub heads: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<TableRow>,
}

/// A row of a list.
#[derive(Clone, Debug, Default)]
pub struct TableRow {
    /// Cells; the first one names the row.
    pub cells: Vec<String>,
    /// Page of the thing.
    pub link: Option<String>,
    /// What can be done with it at once.
    pub presses: Vec<Press>,
}

/// A button that is a form of its own, or leads to the page where something is done.
#[derive(Clone, Debug, Default)]
pub struct Press {
    /// Where it is sent.
    pub action: String,
    /// Pressing twice does it once; empty where that goes without saying.
    pub key: String,
    /// What is sent.
    pub name: &'static str,
    /// And of what.
    pub value: String,
    /// What stands on it.
    pub label: &'static str,
    /// What it is about, for those who hear the page.
    pub about: String,
    /// Whether it ends something.
    pub is_danger: bool,
    /// It only leads to a page: nothing is sent.
    pub is_way: bool,
}

impl Press {
    /// Leads to the page where something is done.
    pub fn way(address: String, label: &'static str, about: &str) -> Press {
        Press {
            action: address,
            label,
            about: about.to_owned(),
            is_way: true,
            ..Press::default()
        }
    }
}

/// The day that a new thing is valid from, unless another is stated: the first of the fiscal year, so that the slips of past
/// months find it.
pub fn since(api: &Api) -> String {
    let today = business_day(api.book.outside().clock.now());
    let months = FiscalYear::of(today).months().next();
    months
        .map_or(today, domain::calendar::Month::first_day)
        .to_string()
}

/// A day as the pages of this kind write it.
pub fn day(day: Day) -> String {
    let text = day.to_string();
    let parts: Vec<&str> = text.split('-').map(|part| part.trim_start_matches('0')).collect();
    match parts[..] {
        [year, month, day] => format!("{year}年{month}月{day}日"),
        _ => text,
    }
}

/// The act of a form on a thing: its own fields over those that came along unseen.
pub fn act(kind: &str, office: Option<&str>, form: &Form, fields: Value) -> Value {
    let mut act = fields::brought(form);
    if let Value::Object(fields) = fields {
        act.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
    }
    for (name, value) in [
        ("kind", kind),
        ("key", form.get("key")),
        ("supplied_on", form.get("supplied_on")),
    ] {
        act.insert(name.to_owned(), value.into());
    }
    if let Some(office) = office {
        act.insert("office".to_owned(), office.into());
    }
    Value::Object(act)
}

/// What was typed as a value of an act; nothing where nothing was.
pub fn typed(form: &Form, name: &str) -> Value {
    form.typed(name).map_or(Value::Null, Value::from)
}

/// The buttons of a sheet that registers something.
pub fn register() -> Vec<fields::Choice> {
    vec![fields::Choice::new("", "登録する")]
}

/// The buttons of a sheet that changes something.
pub fn change() -> Vec<fields::Choice> {
    vec![fields::Choice::new("", "この日から変える")]
}

/// The field of the day from which something holds.
pub fn from_day(values: &fields::Values) -> fields::Field {
    fields::Field::needed("supplied_on", "いつから", Control::Day, values)
}

/// The field of a code, with what to know of it.
pub fn code_field(values: &fields::Values) -> fields::Field {
    let hint = "半角の英小文字・数字・「-」。アドレスやファイルで使います。あとから変えられません。";
    fields::Field::needed("code", "コード", Control::Code, values).hint(hint)
}

/// Records an act on a thing, if it is still as it was seen: by its version, or by not being there.
pub async fn record(api: &Api, visitor: &Visitor, act: Value, version: &str) -> Result<Recorded, Problem> {
    let command = Command::from_value(act)?;
    let is_new = version.is_empty();
    let expects = Subject::of(&command).map(|subject| Expected {
        subject,
        version: (!is_new).then(|| version.to_owned()),
    });
    let recorded = app::record::record(
        &api.book,
        visitor.viewer(),
        command,
        expects.into_iter().collect(),
    )
    .await;
    recorded.map_err(|error| match Problem::from(error) {
        problem if problem.status() == StatusCode::PRECONDITION_FAILED && is_new => {
            let detail =
                "このコードは、もう使われています。別のコードにするか、一覧から開いて変えてください。";
            Problem::new(StatusCode::CONFLICT, "code-taken", detail).at("/code")
        }
        problem => problem,
    })
}

/// A registration number as people type it: `Ｔ７１２３…`, with blanks or hyphens.
pub fn registration(typed: &str) -> String {
    let folded: String = typed.nfkc().collect();
    let digits = folded.chars().filter(|c| !c.is_whitespace() && *c != '-');
    digits.collect::<String>().to_uppercase()
}

/// Whether a registration number can hardly be a corporation's: its check digit is another one. A sole proprietor's has none,
/// so it is asked about and not refused.
pub fn doubtful(typed: &str, form: &Form) -> Option<String> {
    let number: RegistrationNumber = registration(typed).parse().ok()?;
    let is_sure = form.get("sure") == "yes" || number.check_digit_ok();
    (!is_sure).then(|| {
        "登録番号の検査数字が合いません。国税庁の公表サイトの番号と見くらべてください。個人事業者の番号なら、このままでかまいません。"
            .to_owned()
    })
}

/// A code that nothing has yet: `kind-1`, `kind-2` …
pub fn free_code<'a>(kind: &str, taken: impl Iterator<Item = &'a str>) -> String {
    let taken: BTreeSet<&str> = taken.collect();
    let mut numbers = 1..;
    let is_free = |code: &String| !taken.contains(code.as_str());
    let found = numbers.find_map(|n| Some(format!("{kind}-{n}")).filter(is_free));
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_number_is_read_as_it_is_typed() {
        assert_eq!(registration(" Ｔ９９９０-1050-0001 1"), "T9990105000011");
        assert_eq!(registration("t9990105000011"), "T9990105000011");
        let form = Form::default();
        assert_eq!(doubtful("T9990105000011", &form), None);
        assert!(doubtful("T1990105000011", &form).is_some());
        // what is no number at all is refused by the act itself
        assert_eq!(doubtful("T12", &form), None);
    }

    #[test]
    fn a_free_code_is_found() {
        assert_eq!(
            free_code("office", ["a", "office-1", "office-3"].into_iter()),
            "office-2"
        );
        assert_eq!(free_code("office", std::iter::empty()), "office-1");
    }

    #[test]
    fn a_day_is_read_as_one() {
        assert_eq!(day("2026-04-01".parse().unwrap()), "2026年4月1日");
    }
}
