//! A new paper: for whom, of which days; shown as it will look; then issued with the next number.

use super::{FORMS, GOODS, form_of, goods_of, paper::Sheet};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    record::{self, act, key_of},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::views::{
    document::{DocumentView, Draft, DraftAsked, draft},
    masters::{offices, partners},
};
use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use domain::{
    calendar::business_day,
    id::{EntryId, OfficeId},
    text::Code,
};

#[derive(Template)]
#[template(path = "documents/new.html")]
struct NewPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    typed: Form,
    /// For whom it can be: as it is sent, as it is called, whether it is chosen.
    with: Vec<(String, String, bool)>,
    from: String,
    to: String,
    /// As it would look.
    sheet: Option<Sheet>,
    warnings: Vec<String>,
}

impl NewPage {
    fn forms(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let chosen = self.typed.get("form");
        FORMS
            .into_iter()
            .map(move |(word, name)| (word, name, word == chosen))
    }

    fn goods(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let chosen = self.typed.get("goods");
        GOODS
            .into_iter()
            .map(move |(word, name)| (word, name, word == chosen))
    }
}

/// What is asked for, and how it would look.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let typed = Form::of_query(query.as_deref().unwrap_or_default());
    let page = page_of(&api, &asked, &visitor, (office, &code), typed, Wrong::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// Issues it.
pub async fn issue(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let wrong = match composed(&api, &visitor, &code, &form).await? {
        Err(wrong) => wrong,
        // what was looked at is what is issued
        Ok(draft) if draft.gross.get().to_string() != form.get("seen") => {
            Wrong::whole("見ていたあいだに、取引が変わりました。もう一度見て、発行してください。")
        }
        Ok(draft) => {
            let mut fields = serde_json::to_value(&draft.paper).map_err(|_| PageError::not_found())?;
            if let Some(due) = form.typed("due_on") {
                fields["due_on"] = due.into();
            }
            let mut issuing = act("issue", code.as_str(), &form, fields);
            issuing["supplied_on"] = record::today(&api).into();
            match record::save(
                &api,
                &visitor,
                issuing,
                What::Issued,
                &format!("/o/{code}/documents"),
            )
            .await?
            {
                Ok(done) => return Ok(done),
                Err(wrong) => wrong,
            }
        }
    };
    let page = page_of(&api, &asked, &visitor, (office, &code), form, wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

/// The draft of what was typed, or what is wrong with that.
async fn composed(
    api: &Api,
    visitor: &Visitor,
    code: &Code,
    typed: &Form,
) -> Result<Result<Draft, Wrong>, PageError> {
    let day = |name: &str| typed.get(name).parse();
    let (Some(form), Ok(from), Ok(to)) = (form_of(typed.get("form")), day("from"), day("to")) else {
        return Ok(Err(Wrong::whole("書類の種類と、期間を選んでください。")));
    };
    let (with_office, partner) = match typed.get("with").split_once(' ') {
        Some(("office", code)) => (code.parse().ok(), None),
        Some(("partner", code)) => (None, code.parse().ok()),
        _ => (None, None),
    };
    if with_office.is_none() && partner.is_none() && typed.get("form") != "receipt" {
        return Ok(Err(Wrong::whole("だれあての書類か、選んでください。")));
    }
    let asked = DraftAsked {
        form,
        goods: goods_of(typed.get("goods")),
        with_office,
        partner,
        from,
        to,
        basis: None,
        entry: typed.get("entry").parse().ok().map(EntryId),
        replaces: typed.get("replaces").parse().ok().map(EntryId),
    };
    match draft(&api.book, &visitor.as_member(), code, &asked).await {
        Ok(draft) => Ok(Ok(draft)),
        Err(error) => Ok(Err(Wrong::of(Problem::from(error))?)),
    }
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    typed: Form,
    wrong: Wrong,
) -> Result<NewPage, PageError> {
    let today = business_day(api.book.outside().clock.now());
    let last = today.month().prev().unwrap_or(today.month());
    let date = |name: &str, usual: domain::calendar::Day| {
        typed.typed(name).map_or_else(|| usual.to_string(), str::to_owned)
    };
    let (from, to) = (date("from", last.first_day()), date("to", last.last_day()));
    let mut found = (wrong, None);
    if typed.typed("form").is_some() {
        match composed(api, visitor, code, &typed).await? {
            Ok(draft) => found.1 = Some(draft),
            Err(wrong) if !found.0.is_some() => found.0 = wrong,
            Err(_) => {}
        }
    }
    let (wrong, draft) = found;
    let mut with = Vec::new();
    let chosen = typed.get("with");
    for known in offices(&api.book, &visitor.as_member(), None).await? {
        if known.thing.code != *code {
            let name = known
                .thing
                .rows
                .last()
                .map_or_else(String::new, |row| row.name.to_string());
            let value = format!("office {}", known.thing.code);
            with.push((value.clone(), name, value == chosen));
        }
    }
    for known in partners(&api.book, &visitor.as_member(), None).await? {
        if known
            .thing
            .office
            .as_ref()
            .is_none_or(|of| of.code == code.as_str())
        {
            let name = known
                .thing
                .rows
                .last()
                .map_or_else(String::new, |row| row.name.to_string());
            let value = format!("partner {}", known.thing.code);
            with.push((value.clone(), format!("{name}(取引先)"), value == chosen));
        }
    }
    let (sheet, warnings) = match draft {
        None => (None, Vec::new()),
        Some(draft) => {
            let registration = app::views::document::seller(&draft.paper).and_then(|of| of.registration);
            let view = DocumentView {
                paid: None,
                id: EntryId(uuid::Uuid::nil()),
                seq: 0,
                number: String::new(),
                issued_on: today,
                gross: draft.gross,
                registration,
                deductible_percent: draft.deductible_percent,
                replaced_by: None,
                replaces: None,
                paper: draft.paper,
            };
            (Some(Sheet::of(view, None)), draft.warnings)
        }
    };
    Ok(NewPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        key: key_of(api, &typed),
        wrong,
        with,
        from,
        to,
        sheet,
        warnings,
        typed,
    })
}
