//! Excel: sheets taken in and taken back, and every list as a file.
//!
//! A file is looked at before anything of it is recorded, and put right on the page that shows what is wrong. Its rows travel in
//! that page's form, so a form without scripts does all of it and no server keeps drafts.

mod columns;
mod groups;
mod lists;
mod preview;
mod upload;

use crate::{error::PageError, form::Form};
use api::{Api, problem::Problem};
use app::table::{List, to_csv, to_xlsx};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};

/// Bytes of a form that carries the rows of a file: packed they are fewer than the file's, as text a third more.
const ROWS: usize = 12 << 20;

/// The pages of this folder.
pub fn routes() -> Router<Api> {
    let with_rows = Router::new()
        .route("/o/{office}/excel", get(upload::show).post(upload::read))
        .route("/o/{office}/excel/check", post(preview::check))
        .route("/o/{office}/excel/save", post(preview::save))
        .route("/o/{office}/excel/rejected", post(preview::rejected))
        .layer(DefaultBodyLimit::max(ROWS));
    Router::new()
        .route("/o/{office}/excel/templates/{file}", get(upload::template))
        .route("/o/{office}/groups/{group}", get(groups::show))
        .route("/o/{office}/groups/{group}/undo", post(groups::undo))
        .route("/o/{office}/files/{file}", get(lists::download))
        .merge(with_rows)
}

/// A form that carries rows.
pub struct RowsForm(pub Form);

impl<S: Send + Sync> FromRequest<S> for RowsForm {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<RowsForm, PageError> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| too_large())?;
        Ok(RowsForm(Form::of(&bytes)))
    }
}

fn too_large() -> PageError {
    let detail = "送られたものが大きすぎるか、途中で切れています。ファイルを分けて、取りこみ直してください。";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail).into()
}

/// What a list is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// For Excel.
    Xlsx,
    /// For Excel and all others.
    Csv,
}

impl Written {
    /// By the end of a file's name: the name without it, and what it says.
    pub fn of_name(name: &str) -> Option<(&str, Written)> {
        let (stem, end) = name.rsplit_once('.')?;
        match end {
            "xlsx" => Some((stem, Written::Xlsx)),
            "csv" => Some((stem, Written::Csv)),
            _ => None,
        }
    }
}

/// A list as a file to keep; `name` in letters that every system takes.
pub fn file(list: &List, name: &str, written: Written) -> Result<Response, PageError> {
    let (bytes, kind, end) = match written {
        Written::Csv => (to_csv(list), "text/csv; charset=utf-8", "csv"),
        Written::Xlsx => {
            let too_many = |error: app::table::TableError| {
                PageError::from(Problem::new(
                    StatusCode::CONFLICT,
                    error.code(),
                    error.to_string(),
                ))
            };
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (to_xlsx(list).map_err(too_many)?, kind, "xlsx")
        }
    };
    let japanese: String = form_urlencoded::byte_serialize(list.name.as_bytes()).collect();
    let called = format!("attachment; filename=\"{name}.{end}\"; filename*=UTF-8''{japanese}.{end}");
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(called) = HeaderValue::from_str(&called) {
        headers.insert(header::CONTENT_DISPOSITION, called);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_end() {
        assert_eq!(Written::of_name("stock.xlsx"), Some(("stock", Written::Xlsx)));
        assert_eq!(Written::of_name("stock.csv"), Some(("stock", Written::Csv)));
        for other in ["stock", "stock.pdf", "stock.xlsx.exe", ""] {
            assert_eq!(Written::of_name(other), None, "{other}");
        }
    }
}
