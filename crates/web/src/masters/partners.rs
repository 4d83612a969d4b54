//! 取引先: suppliers, customers, clients outside the book. Never a person.

use super::{
    MastersPage, Table, TableRow, act, change as change_buttons, code_field, day, doubtful, free_code,
    from_day, record, register, registration, since,
};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::fields::{Choice, Control, Field, Sheet, Values, carried},
    page::{self, Asked},
    record::{new_key, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::masters::{PartnerRow, PartnerView, Versioned, partners};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{masters::PartnerKind, text::Code};
use serde_json::{Value, json};

const SHOWN: &[&str] = &["from", "name", "partner_kind", "registration"];

const fn named(kind: PartnerKind) -> &'static str {
    match kind {
        PartnerKind::Supplier => "仕入先",
        PartnerKind::Customer => "得意先",
        PartnerKind::Client => "発注元(作業をくれるところ)",
        PartnerKind::CardCompany => "決済会社",
        PartnerKind::Shop => "委託先の店",
        PartnerKind::PublicBody => "官公庁",
    }
}

fn fields(values: &Values, is_new: bool) -> Vec<Field> {
    let kinds = [
        ("supplier", PartnerKind::Supplier),
        ("customer", PartnerKind::Customer),
        ("client", PartnerKind::Client),
        ("card_company", PartnerKind::CardCompany),
        ("shop", PartnerKind::Shop),
        ("public_body", PartnerKind::PublicBody),
    ];
    let kinds = kinds.map(|(value, kind)| Choice::new(value, named(kind)));
    let mut fields = vec![
        Field::needed("name", "名前", Control::Text, values)
            .hint("会社・店・役所の名前。個人のお客さまは登録しません(一般客になります)。"),
        Field::needed(
            "partner_kind",
            "どんな相手",
            Control::Choices(kinds.into()),
            values,
        ),
        Field::free("registration", "登録番号(インボイス)", Control::Code, values)
            .hint("T と数字13桁。わからなければ空けておきます。"),
    ];
    if is_new {
        fields.push(code_field(values));
    }
    fields.push(from_day(values));
    fields
}

fn act_of(form: &Form, office: &Code, code: &str) -> Value {
    let number = form.typed("registration").map(registration);
    let fields = json!({"code": code, "name": form.get("name"), "partner_kind": form.get("partner_kind"),
        "registration": number});
    act("partner", Some(office.as_str()), form, fields)
}

async fn of_office(
    api: &Api,
    visitor: &Visitor,
    office: &Code,
) -> Result<Vec<Versioned<PartnerView>>, PageError> {
    let all = partners(&api.book, &visitor.as_member(), None).await?;
    let is_own = |partner: &Versioned<PartnerView>| {
        let of = partner.thing.office.as_ref();
        of.is_some_and(|of| of.code == office.as_str())
    };
    Ok(all.into_iter().filter(is_own).collect())
}

fn new_sheet(api: &Api, action: &str, values: &Values) -> Sheet {
    Sheet {
        id: "partner".to_owned(),
        action: action.to_owned(),
        heading: "取引先を登録する".to_owned(),
        key: new_key(api),
        fields: fields(values, true),
        buttons: register(),
        ..Sheet::default()
    }
}

async fn list_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: &str,
) -> Result<(MastersPage, Code, Values), PageError> {
    let (id, office) = visitor.office(api, office).await?;
    let known = of_office(api, visitor, &office).await?;
    let shell = Shell::of_office(api, asked, visitor, id).await?;
    let at = shell.here("/partners");
    let of = |partner: &PartnerView, say: &dyn Fn(&PartnerRow) -> String| {
        partner.rows.last().map_or_else(String::new, say)
    };
    let number = |row: &PartnerRow| {
        row.registration
            .map(|number| number.to_string())
            .unwrap_or_default()
    };
    let row = |partner: &Versioned<PartnerView>| TableRow {
        cells: vec![
            of(&partner.thing, &|row| row.name.to_string()),
            of(&partner.thing, &|row| named(row.partner_kind).to_owned()),
            of(&partner.thing, &number),
            partner.thing.code.to_string(),
        ],
        link: Some(format!("{at}/{}", partner.thing.code)),
        presses: Vec::new(),
    };
    let table = Table {
        caption: "登録した取引先".to_owned(),
        heads: vec!["名前", "どんな相手", "登録番号", "コード"],
        rows: known.iter().map(row).collect(),
    };
    let codes = known.iter().map(|partner| partner.thing.code.as_str());
    let blank = Values::default()
        .with("code", free_code("partner", codes))
        .with("supplied_on", since(api));
    let mut page = MastersPage::new(shell, "取引先");
    page.tables.push(table);
    page.sheets.push(new_sheet(api, &at, &blank));
    Ok((page, office, blank))
}

/// All of an office, and a form for another one.
pub async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (page, ..) = list_page(&api, &asked, &visitor, &office).await?;
    Ok(page.answer(&asked))
}

/// Another one.
pub async fn add(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (mut page, office, _) = list_page(&api, &asked, &visitor, &office).await?;
    let at = page.shell.here("/partners");
    let again = Sheet {
        key: form.get("key").to_owned(),
        ..new_sheet(&api, &at, &Values::typed(&form))
    };
    let doubt = doubtful(form.get("registration"), &form);
    let sheet = if doubt.is_some() {
        Sheet { doubt, ..again }
    } else {
        let act = act_of(&form, &office, form.get("code"));
        match record(&api, &visitor, act, "").await {
            Ok(_) => return Ok(page::done(&at, &Said::new(What::Registered))),
            Err(problem) => again.told(Wrong::of(problem)?),
        }
    };
    page.sheets = vec![sheet];
    Ok(page.answer(&asked))
}

async fn one(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (&str, &str),
) -> Result<(MastersPage, Code, Versioned<PartnerView>), PageError> {
    let (id, office) = visitor.office(api, office).await?;
    let known = of_office(api, visitor, &office).await?;
    let found = known
        .into_iter()
        .find(|partner| partner.thing.code.as_str() == code);
    let found = found.ok_or_else(PageError::not_found)?;
    let shell = Shell::of_office(api, asked, visitor, id).await?;
    let name = found.thing.rows.last().map_or("", |row| row.name.as_str());
    let mut page = MastersPage::new(shell, name);
    page.back = Some((page.shell.here("/partners"), "取引先".to_owned()));
    let rows = found.thing.rows.iter().map(|row| TableRow {
        cells: vec![
            day(row.from),
            row.name.to_string(),
            named(row.partner_kind).to_owned(),
            row.registration
                .map(|number| number.to_string())
                .unwrap_or_default(),
        ],
        ..TableRow::default()
    });
    page.tables.push(Table {
        caption: "いつから、どう登録してあるか".to_owned(),
        heads: vec!["いつから", "名前", "どんな相手", "登録番号"],
        rows: rows.collect(),
    });
    Ok((page, office, found))
}

fn change_sheet(
    api: &Api,
    page: &MastersPage,
    found: &Versioned<PartnerView>,
    typed: Option<&Form>,
) -> Sheet {
    let row = found
        .thing
        .rows
        .last()
        .map(|row| serde_json::to_value(row).unwrap_or_default());
    let row = row.unwrap_or_default();
    let (values, key) = match typed {
        Some(form) => (Values::typed(form), form.get("key").to_owned()),
        None => (Values::known(&row).with("supplied_on", today(api)), new_key(api)),
    };
    Sheet {
        id: "partner".to_owned(),
        action: page.shell.here(&format!("/partners/{}", found.thing.code)),
        heading: "変える".to_owned(),
        text: "前の記録は、前の内容のまま残ります。".to_owned(),
        key,
        carried: carried(&row, SHOWN),
        version: found.version.clone(),
        fields: fields(&values, false),
        buttons: change_buttons(),
        ..Sheet::default()
    }
}

/// A partner, its history, and a form for another version.
pub async fn show(
    State(api): State<Api>,
    Path((office, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (mut page, _, found) = one(&api, &asked, &visitor, (&office, &code)).await?;
    page.sheets.push(change_sheet(&api, &page, &found, None));
    Ok(page.answer(&asked))
}

/// Another version of it.
pub async fn change(
    State(api): State<Api>,
    Path((office, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (mut page, office, found) = one(&api, &asked, &visitor, (&office, &code)).await?;
    let again = change_sheet(&api, &page, &found, Some(&form));
    let doubt = doubtful(form.get("registration"), &form);
    let sheet = if doubt.is_some() {
        Sheet { doubt, ..again }
    } else {
        match record(&api, &visitor, act_of(&form, &office, &code), form.get("version")).await {
            Ok(_) => {
                return Ok(page::done(
                    &page.shell.here("/partners"),
                    &Said::new(What::Changed),
                ));
            }
            Err(problem) => again.told(Wrong::of(problem)?),
        }
    };
    page.sheets.push(sheet);
    Ok(page.answer(&asked))
}
