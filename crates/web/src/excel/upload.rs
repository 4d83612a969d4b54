//! The choice of a file, and templates to begin with.

use super::{Written, file, preview, too_large};
use crate::{
    error::PageError,
    form::Wrong,
    page::{self, Asked},
    record::today,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::{
    intake::{self, Intake, Kind},
    table::{FILE_LIMIT, ROW_LIMIT},
};
use askama::Template;
use axum::{
    extract::{Multipart, Path, State},
    response::Response,
};
use domain::calendar::business_day;

#[derive(Template)]
#[template(path = "excel/upload.html")]
struct UploadPage {
    shell: Shell,
    wrong: Wrong,
    kinds: [Kind; 4],
    chosen: Kind,
    supplied_on: String,
    sheet: String,
    rows: usize,
    megabytes: usize,
}

impl UploadPage {
    fn new(shell: Shell, upload: &Upload, wrong: Wrong) -> UploadPage {
        UploadPage {
            shell,
            wrong,
            kinds: Kind::ALL,
            chosen: upload.kind.unwrap_or(Kind::Produce),
            supplied_on: upload.day.clone(),
            sheet: upload.sheet.clone(),
            rows: ROW_LIMIT,
            megabytes: FILE_LIMIT >> 20,
        }
    }
}

/// What was sent.
#[derive(Default)]
struct Upload {
    kind: Option<Kind>,
    day: String,
    sheet: String,
    name: String,
    bytes: Vec<u8>,
}

impl Upload {
    async fn read(mut parts: Multipart) -> Result<Upload, PageError> {
        let mut upload = Upload::default();
        while let Some(part) = parts.next_field().await.map_err(|_| too_large())? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(|_| too_large())?;
            let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
            match name.as_str() {
                "kind" => upload.kind = Kind::named(&text()),
                "supplied_on" => upload.day = text(),
                "sheet" => upload.sheet = text(),
                "file" => {
                    upload.name = file;
                    upload.bytes = bytes.to_vec();
                }
                _ => {}
            }
        }
        Ok(upload)
    }
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let shell = Shell::of_office(&api, &asked, &visitor, office).await?;
    let upload = Upload {
        day: today(&api),
        ..Upload::default()
    };
    Ok(page::shown(
        &asked,
        &UploadPage::new(shell, &upload, Wrong::default()),
    ))
}

/// A file came: what would become of it.
pub async fn read(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    parts: Multipart,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let upload = Upload::read(parts).await?;
    let again = async |wrong: Wrong| {
        let shell = Shell::of_office(&api, &asked, &visitor, office).await?;
        Ok(page::shown_again(&asked, &UploadPage::new(shell, &upload, wrong)))
    };
    let Some(kind) = upload.kind else {
        return again(Wrong::whole("何のファイルかを選んでください。")).await;
    };
    if upload.bytes.is_empty() {
        return again(Wrong::whole("ファイルを選んでください。")).await;
    }
    let sheet = Some(upload.sheet.clone()).filter(|sheet| !sheet.is_empty());
    let content = (upload.name.clone(), upload.bytes.clone());
    match Intake::of_file(kind, content, sheet, upload.day.clone()).await {
        Ok(intake) => preview::begin(&api, &asked, &visitor, office, intake).await,
        Err(error) => again(Wrong::whole(&error.to_string())).await,
    }
}

/// A file to begin with.
pub async fn template(
    State(api): State<Api>,
    Path((office, name)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, PageError> {
    visitor.office(&api, &office).await?;
    let (stem, written) = Written::of_name(&name).ok_or_else(PageError::not_found)?;
    let kind = Kind::named(stem).ok_or_else(PageError::not_found)?;
    let today = business_day(api.book.outside().clock.now());
    file(
        &intake::template(kind, today),
        &format!("template-{stem}"),
        written,
    )
}
