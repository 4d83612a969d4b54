//! What would become of a file, putting it right in place, and recording it.

use super::{
    RowsForm, Written,
    columns::{self, Choice},
    file,
};
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
    groups::{self, Group},
    intake::{self, Cause, Columns, Field, Intake, NotTaken, Preview, State as RowState},
    table::COLUMN_LIMIT,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{id::OfficeId, text::Code};

/// Rows that can be put right on one page; more are put right in the file.
const PUT_RIGHT: usize = 100;
/// Rows that are shown as they would be recorded.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "excel/preview.html")]
struct PreviewPage {
    shell: Shell,
    wrong: Wrong,
    kind: &'static str,
    file: String,
    day: String,
    rows: String,
    choices: Vec<Choice>,
    columns: Vec<(usize, String)>,
    missing: Vec<Field>,
    /// The same file is in the book.
    before: Option<(Group, String)>,
    preview: Preview,
    causes: Vec<Cause>,
    /// Wrong rows with their cells.
    to_fix: Vec<ToFix>,
    /// Wrong rows that are not shown.
    more_to_fix: usize,
    /// Columns of the rows that would be recorded.
    headings: Vec<&'static str>,
    good: Vec<Good>,
    skipped: Vec<(u32, &'static str)>,
}

/// A wrong row.
struct ToFix {
    number: u32,
    told: Vec<String>,
    cells: Vec<ToFixCell>,
}

/// A cell of it.
struct ToFixCell {
    name: String,
    heading: &'static str,
    typed: String,
    is_wrong: bool,
}

/// A row that would be recorded.
struct Good {
    number: u32,
    is_change: bool,
    cells: Vec<String>,
}

impl PreviewPage {
    async fn new(
        api: &Api,
        asked: &Asked,
        visitor: &Visitor,
        office: OfficeId,
        (intake, columns, preview): (Intake, Columns, Preview),
    ) -> Result<PreviewPage, PageError> {
        let shell = Shell::of_office(api, asked, visitor, office).await?;
        let group = intake.group(office);
        let before = groups::group(&api.book, visitor.viewer(), office, group).await?;
        let fields: Vec<(Field, usize)> = intake
            .kind
            .fields()
            .iter()
            .filter_map(|field| Some((*field, *columns.get(field)?)))
            .collect();
        let cells = |number: u32| -> Vec<String> {
            let line = intake.lines.iter().find(|line| line.number == number);
            let cell = |(_, column): &(Field, usize)| line.map_or("", |line| line.cell(*column)).to_owned();
            fields.iter().map(cell).collect()
        };
        let (mut to_fix, mut good, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        for row in &preview.rows {
            match &row.state {
                RowState::Wrong(wrongs) if to_fix.len() < PUT_RIGHT => {
                    let named = fields
                        .iter()
                        .zip(cells(row.number))
                        .map(|((field, column), typed)| ToFixCell {
                            name: format!("fix/{}/{column}", row.number),
                            heading: field.heading(),
                            typed,
                            is_wrong: wrongs.iter().any(|wrong| wrong.field == Some(*field)),
                        });
                    to_fix.push(ToFix {
                        number: row.number,
                        told: wrongs.iter().map(intake::Wrong::told).collect(),
                        cells: named.collect(),
                    });
                }
                RowState::New | RowState::Changed if good.len() < SHOWN => good.push(Good {
                    number: row.number,
                    is_change: row.state == RowState::Changed,
                    cells: cells(row.number),
                }),
                RowState::Skipped(why) if skipped.len() < PUT_RIGHT => {
                    skipped.push((row.number, why.label()));
                }
                _ => {}
            }
        }
        Ok(PreviewPage {
            shell,
            wrong: Wrong::default(),
            kind: intake.kind.label(),
            file: intake.file.clone(),
            day: intake.day.clone(),
            rows: intake.packed(),
            choices: columns::choices(&intake, &columns),
            columns: columns::named(&intake),
            missing: intake.missing(&columns),
            before: before.map(|before| (before, group.0.hyphenated().to_string())),
            causes: preview.causes(),
            more_to_fix: preview.wrong() - to_fix.len(),
            to_fix,
            headings: fields.iter().map(|(field, _)| field.heading()).collect(),
            good,
            skipped,
            preview,
        })
    }
}

/// A file that has just been read.
pub async fn begin(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    mut intake: Intake,
) -> Result<Response, PageError> {
    intake.before(&api.book, visitor.viewer(), office).await?;
    let columns = intake::columns_of(&api.book, office, intake.kind, &intake.headings).await?;
    let preview = checked(api, visitor, office, &intake, &columns).await?;
    let page = PreviewPage::new(api, asked, visitor, office, (intake, columns, preview)).await?;
    Ok(page::shown(asked, &page))
}

/// What would become of the rows; nothing of them while a column is missing that all of them need.
async fn checked(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    intake: &Intake,
    columns: &Columns,
) -> Result<Preview, PageError> {
    if !intake.missing(columns).is_empty() {
        return Ok(Preview::default());
    }
    Ok(intake::check(&api.book, visitor.viewer(), office, intake, columns).await?)
}

/// The rows as the form says them by now.
async fn sent(
    api: &Api,
    visitor: &Visitor,
    office: &str,
    form: &Form,
) -> Result<(OfficeId, Code, Intake, Columns), PageError> {
    let (office, code) = visitor.office(api, office).await?;
    let lost = |error: intake::NotCarried| {
        PageError::from(Problem::new(
            StatusCode::BAD_REQUEST,
            "rows-lost",
            error.to_string(),
        ))
    };
    let mut intake = Intake::unpacked(form.get("rows")).map_err(lost)?;
    if let Some(day) = form.typed("supplied_on") {
        day.clone_into(&mut intake.day);
    }
    // a cell may have been emptied on purpose
    for (row, column, typed) in fixes(form) {
        intake.put(row, column, typed);
    }
    for (row, _) in form.filled("leave/") {
        if let Ok(row) = row.parse() {
            intake.leave_out(row);
        }
    }
    let columns = match columns::chosen(form) {
        Some(columns) => columns,
        None => intake::columns_of(&api.book, office, intake.kind, &intake.headings).await?,
    };
    let fields = intake.kind.fields();
    let columns = columns
        .into_iter()
        .filter(|(field, _)| fields.contains(field))
        .collect();
    Ok((office, code, intake, columns))
}

/// Cells that were put right: `fix/12/3` is the fourth cell of row 12.
fn fixes(form: &Form) -> impl Iterator<Item = (u32, usize, &str)> {
    form.named("fix/").filter_map(|(name, typed)| {
        let (row, column) = name.split_once('/')?;
        let column: usize = column.parse().ok()?;
        Some((row.parse().ok()?, column, typed)).filter(|_| column < COLUMN_LIMIT)
    })
}

/// Looks again.
pub async fn check(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    RowsForm(form): RowsForm,
) -> Result<Response, PageError> {
    let (office, _, intake, columns) = sent(&api, &visitor, &office, &form).await?;
    let preview = checked(&api, &visitor, office, &intake, &columns).await?;
    let page = PreviewPage::new(&api, &asked, &visitor, office, (intake, columns, preview)).await?;
    Ok(page::shown(&asked, &page))
}

/// Records all rows, or none.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    RowsForm(form): RowsForm,
) -> Result<Response, PageError> {
    let (office, code, intake, columns) = sent(&api, &visitor, &office, &form).await?;
    let group = intake.group(office);
    let to = format!("/o/{code}/groups/{}", group.0.hyphenated());
    let (preview, wrong) = if intake.missing(&columns).is_empty() {
        match intake::take_in(&api.book, visitor.viewer(), office, &intake, &columns).await {
            Ok(recorded) => {
                let chosen = (&intake.headings[..], &columns);
                intake::remember(&api.book, visitor.caller(), office, intake.kind, chosen).await?;
                let is_new = recorded.iter().any(|recorded| recorded.is_new);
                let what = if is_new { What::TakenIn } else { What::Already };
                return Ok(page::done(&to, &Said::new(what)));
            }
            Err(NotTaken::Wrong(preview)) if preview.wrong() > 0 => {
                let sentence = format!(
                    "直す行が{}行あります。まだ1行も記録していません。",
                    preview.wrong()
                );
                (preview, Wrong::whole(&sentence))
            }
            Err(NotTaken::Wrong(preview)) => {
                // sent twice: what was changed the first time is known by now
                if groups::group(&api.book, visitor.viewer(), office, group)
                    .await?
                    .is_some()
                {
                    return Ok(page::done(&to, &Said::new(What::Already)));
                }
                (
                    preview,
                    Wrong::whole("記録する行がありません。とばした行の理由を確かめてください。"),
                )
            }
            Err(NotTaken::NotRecorded(error)) => {
                let wrong = Wrong::of(error.into())?;
                (Preview::default(), wrong)
            }
        }
    } else {
        (
            Preview::default(),
            Wrong::whole("足りない列があります。列を選んでください。"),
        )
    };
    let mut page = PreviewPage::new(&api, &asked, &visitor, office, (intake, columns, preview)).await?;
    page.wrong = wrong;
    Ok(page::shown_again(&asked, &page))
}

/// The rows that are wrong, as a file to put right.
pub async fn rejected(
    State(api): State<Api>,
    Path(office): Path<String>,
    visitor: Visitor,
    RowsForm(form): RowsForm,
) -> Result<Response, PageError> {
    let (office, _, intake, columns) = sent(&api, &visitor, &office, &form).await?;
    let preview = checked(&api, &visitor, office, &intake, &columns).await?;
    let written = if form.get("as") == "csv" {
        Written::Csv
    } else {
        Written::Xlsx
    };
    file(&intake.rejected(&preview), "rejected", written)
}
