//! 書類: delivery note and receipt on one A4, order form, count sheet, all with one look, black on white so that a FAX sends
//! them. A PDF is made by the browser's own print.

mod count_sheet;
mod delivery_note;
mod likes;
mod order_form;

use crate::{error::PageError, page::Asked, shell::Shell, visitor::Visitor};
use api::Api;
use app::{
    access::settings::setting,
    office_likes::{DayStyle, PaperLikes, Seal},
    views::paper::Standing,
};
use axum::{Router, routing::get};
use domain::{
    calendar::{Day, wareki},
    id::OfficeId,
    lot::BestBefore,
};

/// Addresses of the papers.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/papers", get(likes::show).post(likes::save))
        .route("/o/{office}/papers/count-sheet", get(count_sheet::show))
        .route(
            "/o/{office}/entries/{entry}/delivery-note",
            get(delivery_note::show),
        )
        .route("/o/{office}/entries/{entry}/order-form", get(order_form::show))
}

/// What all papers share.
pub struct Paper {
    pub shell: Shell,
    pub likes: PaperLikes,
    /// Name of the paper.
    pub title: &'static str,
    /// Where it was opened.
    pub back: String,
}

impl Paper {
    pub async fn new(
        api: &Api,
        asked: &Asked,
        visitor: &Visitor,
        office: OfficeId,
        (title, back): (&'static str, String),
    ) -> Result<Paper, PageError> {
        Ok(Paper {
            shell: Shell::of_office(api, asked, visitor, office).await?,
            likes: setting(&api.book, office).await?,
            title,
            back,
        })
    }

    /// A day as the office likes to write it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    pub fn day(&self, day: &Day) -> String {
        written(*day, self.likes.days)
    }

    /// 角印 or 丸印.
    pub fn seal(&self) -> &'static str {
        match self.likes.seal {
            Seal::None => "",
            Seal::Square => "square",
            Seal::Round => "round",
        }
    }
}

/// A day in words.
pub fn written(day: Day, style: DayStyle) -> String {
    let date = format!(
        "{}年{}月{}日",
        day.month().year(),
        day.month().number(),
        day.as_number() % 100
    );
    match style {
        DayStyle::Both => format!("{}（{date}）", wareki(day)),
        DayStyle::Wareki => wareki(day),
        DayStyle::Seireki => date,
    }
}

/// 期限, short: `2026.6.3 15時`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
pub fn until(date: &BestBefore) -> String {
    let day = date.day;
    let hour = date.hour.map_or_else(String::new, |hour| format!(" {hour}時"));
    let (year, month) = (day.month().year(), day.month().number());
    format!("{year}.{month}.{}{hour}", day.as_number() % 100)
}

/// What is printed across a paper whose entry does not hold any more.
pub fn void(standing: Standing) -> Option<String> {
    match standing {
        Standing::Holds => None,
        Standing::TakenBack => Some("取消".to_owned()),
        Standing::PutRight(number) => Some(format!("訂正ずみ（正しい伝票 No. {number}）")),
    }
}

/// A sheet with a part of the lines, and rows that stay empty.
pub struct Leaf<'a, T> {
    pub page: usize,
    pub of: usize,
    pub lines: &'a [T],
    pub blanks: std::ops::Range<usize>,
}

impl<T> Leaf<'_, T> {
    /// Where sums and signatures stand.
    pub fn is_last(&self) -> bool {
        self.page == self.of
    }
}

/// Lines on sheets of so many rows; one sheet where there are none.
pub fn leaves<T>(lines: &[T], rows: usize) -> Vec<Leaf<'_, T>> {
    let parts: Vec<&[T]> = if lines.is_empty() {
        vec![lines]
    } else {
        lines.chunks(rows).collect()
    };
    let of = parts.len();
    let leaf = parts.into_iter().enumerate().map(|(n, lines)| Leaf {
        page: n + 1,
        of,
        blanks: lines.len()..rows,
        lines,
    });
    leaf.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_the_office_likes() {
        let day: Day = "2026-11-22".parse().unwrap();
        assert_eq!(written(day, DayStyle::Both), "令和8年11月22日（2026年11月22日）");
        assert_eq!(written(day, DayStyle::Wareki), "令和8年11月22日");
        assert_eq!(written(day, DayStyle::Seireki), "2026年11月22日");
        let date = BestBefore {
            day: "2026-06-03".parse().unwrap(),
            hour: Some(15),
            use_by: true,
        };
        assert_eq!(until(&date), "2026.6.3 15時");
    }

    #[test]
    fn lines_go_onto_as_many_sheets_as_they_need() {
        let lines: Vec<u8> = (0..9).collect();
        let sheets = leaves(&lines, 7);
        let sizes: Vec<(usize, usize)> = sheets
            .iter()
            .map(|leaf| (leaf.lines.len(), leaf.blanks.len()))
            .collect();
        assert_eq!(sizes, [(7, 0), (2, 5)]);
        assert!(!sheets[0].is_last() && sheets[1].is_last());
        assert_eq!(leaves::<u8>(&[], 7).len(), 1);
    }
}
