//! 請求書・領収書: those that were issued and received, a new one out of the book, and the paper as it is printed. These pages speak
//! ふつう alone.

mod new;
mod paper;

pub use paper::{is_reduced, whole_name};

use crate::{
    error::PageError,
    form::Form,
    masters::day,
    page::{self, Asked},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::document::{DocumentLineView, Wanted, documents};
use askama::Template;
use axum::{
    Router,
    extract::{Path, RawQuery, State},
    response::Response,
    routing::get,
};
use domain::{
    acts::issue::{DocumentForm, DocumentGoods},
    registration::RegistrationNumber,
};

/// Documents of a page.
const PAGE: u32 = 50;

/// All pages of documents.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/documents", get(list))
        .route("/o/{office}/documents/new", get(new::show).post(new::issue))
        .route("/o/{office}/documents/{id}", get(paper::show))
}

/// All forms, as they are sent and as they are called.
pub const FORMS: [(&str, &str); 4] = [
    ("invoice", "請求書"),
    ("receipt", "領収書"),
    ("credit", "返還請求書"),
    ("purchase_statement", "仕入明細書"),
];

/// A form by the word it is sent as.
pub fn form_of(word: &str) -> Option<DocumentForm> {
    serde_json::from_value(word.into()).ok()
}

/// Which goods, as it is sent and as it is called.
pub const GOODS: [(&str, &str); 2] = [
    ("own", "1枚目: 自分の品と、登録番号で書ける預かり品"),
    ("others", "もう1枚(預かり品の分): 登録番号で書けない預かり品"),
];

/// Which goods by the word it is sent as; the first paper's when nothing is chosen.
pub fn goods_of(word: &str) -> DocumentGoods {
    serde_json::from_value(word.into()).unwrap_or_default()
}

/// What a paper is called on it: one without a number must not look like 適格請求書.
pub fn title(
    form: DocumentForm,
    goods: DocumentGoods,
    registration: Option<RegistrationNumber>,
) -> &'static str {
    match (form, goods, registration.is_some()) {
        (DocumentForm::Invoice, DocumentGoods::Others, _) => "請求書（お預かり品の分）",
        (DocumentForm::Invoice, _, true) => "請求書（適格請求書）",
        (DocumentForm::Invoice, _, false) => "請求書",
        (DocumentForm::Receipt, DocumentGoods::Others, _) => "領収書（お預かり品の分）",
        (DocumentForm::Receipt, _, true) => "領収書（適格簡易請求書）",
        (DocumentForm::Receipt, _, false) => "領収書",
        (DocumentForm::Credit, DocumentGoods::Others, _) => "返還明細書（お預かり品の分）",
        (DocumentForm::Credit, _, true) => "返還請求書（適格返還請求書）",
        (DocumentForm::Credit, _, false) => "返還明細書",
        (DocumentForm::PurchaseStatement, _, _) => "仕入明細書",
    }
}

/// Whether it is the paper of what may not stand beside the issuer's number.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
pub fn is_second(goods: &DocumentGoods) -> bool {
    *goods == DocumentGoods::Others
}

/// What a form is called in lists.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
pub fn called(form: &DocumentForm) -> &'static str {
    match form {
        DocumentForm::Invoice => "請求書",
        DocumentForm::Receipt => "領収書",
        DocumentForm::Credit => "返還請求書",
        DocumentForm::PurchaseStatement => "仕入明細書",
    }
}

#[derive(Template)]
#[template(path = "documents/list.html")]
struct ListPage {
    shell: Shell,
    items: Vec<DocumentLineView>,
    /// What was looked for.
    looked: Form,
    /// Address of the next page.
    next: Option<String>,
}

impl ListPage {
    fn forms(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let chosen = self.looked.get("form");
        FORMS
            .into_iter()
            .map(move |(word, name)| (word, name, word == chosen))
    }

    /// Whether the office issued it itself.
    fn is_own(&self, line: &DocumentLineView) -> bool {
        let own = self.shell.office.as_ref();
        own.is_some_and(|office| office.code == line.by.code)
    }
}

/// Day of issue, in words.
pub fn issued_on(line: &DocumentLineView) -> String {
    day(line.issued_on)
}

async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let looked = Form::of_query(query.as_deref().unwrap_or_default());
    // what cannot be read narrows nothing
    let wanted = Wanted {
        form: form_of(looked.get("form")),
        with: looked.typed("with").and_then(|with| with.parse().ok()),
        days: (looked.get("from").parse().ok(), looked.get("to").parse().ok()),
        number: looked.typed("number").map(str::to_owned),
        gross: looked
            .typed("gross")
            .and_then(|gross| serde_json::from_str(&crate::number::tidied(gross)).ok()),
        before: looked.get("before").parse().ok(),
        limit: PAGE,
    };
    let found = documents(&api.book, &visitor.as_member(), &code, &wanted).await?;
    let found = found.ok_or_else(PageError::not_found)?;
    let kept = looked
        .all()
        .filter(|(name, typed)| *name != "before" && !typed.is_empty());
    let next = found.next.map(|next| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept);
        query.append_pair("before", &next.to_string());
        format!("/o/{code}/documents?{}", query.finish())
    });
    let page = ListPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        items: found.items,
        looked,
        next,
    };
    Ok(page::shown(&asked, &page))
}
