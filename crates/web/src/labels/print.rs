//! What is printed: sheets of labels, a page to see how a printer is off, and the styles that say where the cells lie.

use super::{
    FORMS, MOST,
    content::{Printed, printed},
    fits::fits,
    sheet::Sheet,
};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::tidied,
    page::{self, Asked, Site},
    papers::Paper,
    visitor::Visitor,
};
use api::Api;
use app::{
    office_likes::{LabelLikes, SheetKind},
    views::label::label,
};
use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::text::LotCode;

/// What is to be printed.
pub struct Order {
    /// Sheet, form, shift.
    pub likes: LabelLikes,
    /// The first cell that is still on the sheet, from 1.
    start: usize,
    /// Lots and how many of each.
    copies: Vec<(LotCode, usize)>,
}

/// Sheet, form and shift of a form, and the shift's control where what was typed is no shift.
pub fn likes(form: &Form) -> (LabelLikes, Option<&'static str>) {
    let shift = |name| {
        let typed = form.typed(name).unwrap_or("0");
        let half = tidied(typed.trim_start_matches(['-', '−'])).parse::<i32>().ok()?;
        let half = if typed.starts_with(['-', '−']) {
            -half
        } else {
            half
        };
        (half.abs() <= LabelLikes::OFF).then_some(half)
    };
    let (right, down) = (shift("right"), shift("down"));
    let chosen = FORMS.iter().find(|(name, ..)| *name == form.get("form"));
    let wrong = [("right", right), ("down", down)]
        .into_iter()
        .find(|(_, shift)| shift.is_none());
    let likes = LabelLikes {
        sheet: SheetKind::named(form.get("sheet")),
        form: chosen.map(|(_, _, form)| *form).unwrap_or_default(),
        right: right.unwrap_or_default(),
        down: down.unwrap_or_default(),
        small: form.typed("small").is_some(),
    };
    (likes, wrong.map(|(name, _)| name))
}

impl Order {
    /// Of a form, or of the same in an address.
    pub fn of(form: &Form) -> Result<Order, Wrong> {
        let (likes, wrong) = likes(form);
        if wrong.is_some() {
            let most = LabelLikes::OFF;
            return Err(Wrong::whole(&format!(
                "位置のずれは、0.5 mm を1として、-{most} から {most} までの整数で入れてください。"
            )));
        }
        let cells = Sheet::of(likes.sheet).cells();
        let start = tidied(form.typed("start").unwrap_or("1")).parse::<usize>();
        let start = start.ok().filter(|start| (1..=cells).contains(start));
        let Some(start) = start else {
            return Err(Wrong::whole(&format!(
                "始める場所は、1 から {cells} までの数で入れてください。左上が 1 です。"
            )));
        };
        let mut copies = Vec::new();
        for (lot, typed) in form.filled("copies/") {
            let number = tidied(typed)
                .parse::<usize>()
                .ok()
                .filter(|number| *number <= MOST);
            let (Ok(lot), Some(number)) = (lot.parse::<LotCode>(), number) else {
                return Err(Wrong::whole(&format!(
                    "{lot}: 枚数は、0 から {MOST} までの整数で入れてください。"
                )));
            };
            copies.push((lot, number));
        }
        copies.retain(|(_, number)| *number > 0);
        match copies.iter().map(|(_, number)| number).sum::<usize>() {
            0 => Err(Wrong::whole(
                "枚数が1つも入っていません。印刷する枚数を入れてください。",
            )),
            all if all > MOST => Err(Wrong::whole(&format!(
                "全部で {all} 枚です。一度に {MOST} 枚までにしてください。"
            ))),
            _ => Ok(Order { likes, start, copies }),
        }
    }

    /// Address of what is printed.
    pub fn address(&self, office: &str) -> String {
        let form = FORMS.iter().find(|(_, _, form)| *form == self.likes.form);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("sheet", self.likes.sheet.name())
            .append_pair("form", form.map_or("", |(name, ..)| name))
            .append_pair("start", &self.start.to_string())
            .append_pair("right", &self.likes.right.to_string())
            .append_pair("down", &self.likes.down.to_string());
        if self.likes.small {
            query.append_pair("small", "yes");
        }
        for (lot, number) in &self.copies {
            query.append_pair(&format!("copies/{lot}"), &number.to_string());
        }
        format!("/o/{office}/labels/print?{}", query.finish())
    }
}

/// Address of the styles of a sheet.
fn styles_of(likes: &LabelLikes) -> String {
    format!(
        "/labels/sheet.css?sheet={}&right={}&down={}",
        likes.sheet.name(),
        likes.right,
        likes.down
    )
}

#[derive(Template)]
#[template(path = "labels/print.html")]
struct PrintPage {
    paper: Paper,
    styles: String,
    is_small: bool,
    side_of_qr: String,
    sheets: Vec<Vec<Option<Printed>>>,
    /// What cannot be printed, and why.
    problems: Vec<String>,
    /// What should be looked at before it is printed.
    doubts: Vec<String>,
}

/// Sheets of labels.
pub async fn labels(
    State(api): State<Api>,
    Path(office): Path<String>,
    RawQuery(query): RawQuery,
    asked: Asked,
    visitor: Visitor,
    site: Site,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let (mut cells, mut problems, mut doubts) = (Vec::new(), Vec::new(), Vec::new());
    let form = Form::of_query(query.as_deref().unwrap_or_default());
    let (likes, _) = likes(&form);
    let sheet = Sheet::of(likes.sheet);
    match Order::of(&form) {
        Err(wrong) => problems.push(wrong.sentence),
        Ok(order) => {
            cells.resize(order.start - 1, None);
            for (lot, number) in &order.copies {
                let found = label(&api.book, visitor.viewer(), lot).await;
                visitor.register(&api, "label", lot.as_ref()).await?;
                let found = found?;
                match printed(&found, likes.form, &site.base(&api)) {
                    Err(missing) => problems.push(format!(
                        "{} {lot}: 食品表示にたりないものがあります（{}）。「食品表示を書く」で登録してください。",
                        found.product.name,
                        missing.join("、")
                    )),
                    Ok(label) if !fits(&label, sheet, likes.small) => problems.push(format!(
                        "{} {lot}: この用紙の1枚に入りきりません。大きい用紙を選んでください。",
                        found.product.name
                    )),
                    Ok(label) => cells.resize(cells.len() + number, Some(label)),
                }
                if found.contested {
                    problems.push(format!(
                        "{} {lot}: 「うちのものではない」という申し立てがあります。確かめるまで、印刷できません。",
                        found.product.name
                    ));
                }
                if found.allergens.unknown {
                    doubts.push(format!(
                        "{} {lot}: アレルゲンのわからない材料があります。確かめてから売ってください。",
                        found.product.name
                    ));
                }
            }
        }
    }
    let is_wrong = !problems.is_empty();
    if is_wrong {
        cells.clear();
    }
    let back = format!("/o/{code}/labels");
    let page = PrintPage {
        paper: Paper::new(&api, &asked, &visitor, office, ("ラベル", back)).await?,
        styles: styles_of(&likes),
        is_small: likes.small,
        side_of_qr: super::sheet::mm(sheet.qr()),
        sheets: cells.chunks(sheet.cells()).map(<[_]>::to_vec).collect(),
        problems,
        doubts,
    };
    Ok(if is_wrong {
        page::shown_again(&asked, &page)
    } else {
        page::shown(&asked, &page)
    })
}

#[derive(Template)]
#[template(path = "labels/calibration.html")]
struct CalibrationPage {
    paper: Paper,
    sheet: &'static Sheet,
    likes: LabelLikes,
    /// Rulers along the upper and the left edge.
    rulers: [Vec<(i32, i32)>; 2],
}

/// A cell on the page that shows how a printer is off, in hundredths of a millimetre.
struct Frame {
    number: usize,
    x: i32,
    y: i32,
}

impl CalibrationPage {
    fn frames(&self) -> Vec<Frame> {
        let corners = self.sheet.corners((self.likes.right, self.likes.down));
        let frame = |(n, (x, y))| Frame { number: n + 1, x, y };
        corners.enumerate().map(frame).collect()
    }
}

/// Ticks of a ruler of so many millimetres: where, and how long.
fn ticks(length: i32) -> Vec<(i32, i32)> {
    let long = |mm: i32| match mm {
        mm if mm % 10 == 0 => 500,
        mm if mm % 5 == 0 => 350,
        _ => 200,
    };
    (1..length).map(|mm| (mm * 100, long(mm))).collect()
}

/// Frames of all cells and rulers, to be printed on plain paper and held against a sheet.
pub async fn calibration(
    State(api): State<Api>,
    Path(office): Path<String>,
    RawQuery(query): RawQuery,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let form = Form::of_query(query.as_deref().unwrap_or_default());
    let likes = match form.typed("sheet") {
        Some(_) => likes(&form).0,
        None => app::access::settings::setting(&api.book, office).await?,
    };
    let back = format!("/o/{code}/labels");
    let page = CalibrationPage {
        paper: Paper::new(&api, &asked, &visitor, office, ("ラベルの位置合わせ", back)).await?,
        sheet: Sheet::of(likes.sheet),
        likes,
        rulers: [ticks(210), ticks(297)],
    };
    Ok(page::shown(&asked, &page))
}

/// Where the cells lie, as styles: a page may not carry any itself.
pub async fn styles(RawQuery(query): RawQuery) -> Response {
    let form = Form::of_query(query.as_deref().unwrap_or_default());
    let (likes, _) = likes(&form);
    let css = Sheet::of(likes.sheet).css((likes.right, likes.down));
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], css).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(query: &str) -> Result<Order, String> {
        Order::of(&Form::of_query(query)).map_err(|wrong| wrong.sentence)
    }

    #[test]
    fn what_is_typed_is_read_and_comes_back_in_the_address() {
        let order = order("sheet=44&form=food&start=３&right=-2&down=１&copies/A-1=2枚&copies/B=0&small=yes")
            .unwrap();
        assert_eq!((order.start, order.likes.right, order.likes.down), (3, -2, 1));
        assert_eq!(order.copies, [("A-1".parse().unwrap(), 2)]);
        assert_eq!(
            order.address("ito"),
            "/o/ito/labels/print?sheet=44&form=food&start=3&right=-2&down=1&small=yes&copies%2FA-1=2"
        );
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        for (query, said) in [
            ("copies/A=", "枚数が1つも入っていません"),
            ("copies/A=x", "枚数は"),
            ("copies/A=1&start=25", "1 から 24 まで"),
            ("copies/A=1&right=21", "位置のずれは"),
            ("copies/A=600&copies/B=600", "1200 枚"),
        ] {
            let sentence = order(query).err().unwrap_or_default();
            assert!(sentence.contains(said), "{query}: {sentence}");
        }
    }
}
