//! A paper as it is printed, out of its own entry alone.

use super::title;
use crate::{
    error::PageError,
    page::{self, Asked},
    papers::Paper,
    visitor::Visitor,
};
use api::Api;
use app::views::document::{DocumentView, document};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    acts::issue::{DocumentForm, DocumentGoods, DocumentLine, PartyOnPaper},
    id::EntryId,
    tax::{PriceBasis, TaxCategory},
};
use uuid::Uuid;

/// What is printed, of a draft or of what was issued.
pub struct Sheet {
    pub title: &'static str,
    /// Its number; none of a draft.
    pub number: Option<String>,
    pub view: DocumentView,
}

impl Sheet {
    pub fn of(view: DocumentView, number: Option<String>) -> Sheet {
        Sheet {
            title: title(view.paper.form, view.paper.goods, view.registration),
            number,
            view,
        }
    }

    /// Who the paper is for.
    pub fn recipient(&self) -> Option<&PartyOnPaper> {
        self.view.paper.recipient.as_ref()
    }

    /// Whose number stands on it: the seller's, who on a 仕入明細書 is the recipient.
    pub fn is_by_seller(&self) -> bool {
        self.view.paper.form.is_by_seller()
    }

    /// What is asked, or was paid.
    pub fn sum_called(&self) -> &'static str {
        match self.view.paper.form {
            DocumentForm::Invoice => "ご請求金額",
            DocumentForm::Receipt => "領収金額",
            DocumentForm::Credit => "返還金額",
            DocumentForm::PurchaseStatement => "仕入金額",
        }
    }

    /// Whether amounts are without tax.
    pub fn is_exclusive(&self) -> bool {
        self.view.paper.basis == PriceBasis::Exclusive
    }

    /// Whether it is the paper of what may not stand beside the issuer's number.
    pub fn is_second(&self) -> bool {
        self.view.paper.goods == DocumentGoods::Others
    }

    /// Whether goods of others stand on it.
    pub fn has_owners(&self) -> bool {
        self.view.paper.lines.iter().any(|line| line.owner.is_some())
    }

    pub fn has_reduced(&self) -> bool {
        self.view.paper.lines.iter().any(is_reduced)
    }
}

/// Marked as at the reduced rate.
pub fn is_reduced(line: &DocumentLine) -> bool {
    line.rate.category == TaxCategory::Reduced
}

/// Name of a party in one line.
pub fn whole_name(party: &PartyOnPaper) -> String {
    match &party.corporation {
        Some(corporation) => format!("{corporation} {}", party.name),
        None => party.name.to_string(),
    }
}

#[derive(Template)]
#[template(path = "documents/paper.html")]
struct PaperPage {
    paper: Paper,
    sheet: Sheet,
    /// Whether this office issued it and may put another in its place.
    is_own: bool,
}

impl PaperPage {
    /// Where another one is made in its place.
    fn again(&self) -> String {
        let paper = &self.sheet.view.paper;
        let mut query = form_urlencoded::Serializer::new(String::new());
        let form = serde_json::to_value(paper.form).ok();
        query.append_pair(
            "form",
            form.as_ref().and_then(|form| form.as_str()).unwrap_or_default(),
        );
        if self.sheet.is_second() {
            query.append_pair("goods", "others");
        }
        let with = paper.with_office.as_ref().map(|code| format!("office {code}"));
        let with = with.or_else(|| paper.partner.as_ref().map(|code| format!("partner {code}")));
        query.append_pair("with", &with.unwrap_or_default());
        query.append_pair("from", &paper.from.to_string());
        query.append_pair("to", &paper.to.to_string());
        query.append_pair("replaces", &self.sheet.view.id.to_string());
        self.paper
            .shell
            .here(&format!("/documents/new?{}", query.finish()))
    }
}

/// One of the office's.
pub async fn show(
    State(api): State<Api>,
    Path((office, id)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let view = document(&api.book, &visitor.as_member(), &code, EntryId(id)).await?;
    let view = view.ok_or_else(PageError::not_found)?;
    let is_own = app::views::document::issued_by(&api.book, EntryId(id), office).await?;
    let number = Some(view.number.clone());
    let sheet = Sheet::of(view, number);
    let back = format!("/o/{code}/documents");
    let page = PaperPage {
        paper: Paper::new(&api, &asked, &visitor, office, (sheet.title, back)).await?,
        sheet,
        is_own,
    };
    Ok(page::shown(&asked, &page))
}
