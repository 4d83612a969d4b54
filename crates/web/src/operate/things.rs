//! 連絡会, 法人, 事業所: lists, and a form for each, for operators and in the first set-up.

use super::{only_operators, rates_of_the_law};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::{
        MastersPage, Table, TableRow, change as change_buttons, corporations, day, doubtful,
        fields::{Choice, Control, Field, Sheet, Values, carried},
        networks, offices, record, register, since,
    },
    page::{self, Asked},
    record::{new_key, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    access::{invitations::take_role, rights::Role},
    views::masters::{CorporationView, NetworkView, OfficeView, Versioned},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{masters::Masters, text::Code};
use serde_json::{Value, json};

/// What there is of three kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 連絡会.
    Networks,
    /// 法人.
    Corporations,
    /// 事業所.
    Offices,
}

impl Kind {
    /// By its name in an address.
    fn named(name: &str) -> Result<Kind, PageError> {
        let all = [Kind::Networks, Kind::Corporations, Kind::Offices];
        let found = all
            .into_iter()
            .find(|kind| kind.address() == format!("/operate/{name}"));
        found.ok_or_else(PageError::not_found)
    }

    /// Address of its list.
    pub const fn address(self) -> &'static str {
        match self {
            Kind::Networks => "/operate/networks",
            Kind::Corporations => "/operate/corporations",
            Kind::Offices => "/operate/offices",
        }
    }

    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Kind::Networks => "連絡会",
            Kind::Corporations => "法人",
            Kind::Offices => "事業所",
        }
    }
}

/// All there is.
pub struct Known {
    /// 連絡会.
    pub networks: Vec<Versioned<NetworkView>>,
    /// 法人.
    pub corporations: Vec<Versioned<CorporationView>>,
    /// 事業所.
    pub offices: Vec<Versioned<OfficeView>>,
}

impl Known {
    /// As the visitor knows it.
    pub async fn read(api: &Api, visitor: &Visitor) -> Result<Known, PageError> {
        Ok(Known {
            networks: networks::all(api, visitor).await?,
            corporations: corporations::all(api, visitor).await?,
            offices: offices::all(api, visitor).await?,
        })
    }

    /// How many there are of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        match kind {
            Kind::Networks => self.networks.len(),
            Kind::Corporations => self.corporations.len(),
            Kind::Offices => self.offices.len(),
        }
    }

    /// The list of a kind.
    pub fn table(&self, kind: Kind) -> Table {
        match kind {
            Kind::Networks => networks::table(&self.networks, kind.address()),
            Kind::Corporations => corporations::table(&self.corporations, kind.address()),
            Kind::Offices => offices::table(&self.offices, kind.address()),
        }
    }

    /// The sheet of a new one; with what was typed, when it was sent before.
    pub fn new_sheet(&self, api: &Api, kind: Kind, action: &str, typed: Option<&Form>) -> Sheet {
        let corporations = corporations::choices(&self.corporations);
        let blank = match kind {
            Kind::Networks => networks::blank(api, &self.networks),
            Kind::Corporations => corporations::blank(api, &self.corporations),
            Kind::Offices => offices::blank(api, &self.offices, corporations.last())
                .with(
                    "network",
                    self.networks
                        .last()
                        .map_or("", |network| network.thing.code.as_str()),
                )
                .with("mine", "yes"),
        };
        let values = typed.map_or(blank, Values::typed);
        let mut fields = match kind {
            Kind::Networks => networks::fields(&values, true),
            Kind::Corporations => corporations::fields(&values, true),
            Kind::Offices => offices::fields(&values, true, corporations),
        };
        if kind == Kind::Offices {
            fields.extend(self.office_besides(&values));
        }
        Sheet {
            id: "thing".to_owned(),
            action: action.to_owned(),
            heading: format!("{}を登録する", kind.title()),
            key: typed.map_or_else(|| new_key(api), |form| form.get("key").to_owned()),
            fields,
            buttons: register(),
            ..Sheet::default()
        }
    }

    /// What is settled together with a new office.
    fn office_besides(&self, values: &Values) -> Vec<Field> {
        let mut choices = networks::choices(&self.networks);
        choices.push(Choice::new("", "どこにも参加しない"));
        let mut fields = Vec::new();
        if !self.networks.is_empty() {
            fields.push(Field::needed(
                "network",
                "参加する連絡会",
                Control::Choices(choices),
                values,
            ));
        }
        let mine = Field::free("mine", "自分が、この事業所の管理者になる", Control::Tick, values);
        fields.push(mine.hint("管理者は、この事業所の品目・取り決め・締め・人を扱えます。"));
        fields
    }

    /// The sheet that changes one; none when it is not there.
    fn change_sheet(&self, api: &Api, kind: Kind, code: &str, typed: Option<&Form>) -> Option<Sheet> {
        let (row, version) = self.row(kind, code)?;
        let known = match kind {
            Kind::Offices => offices::known(&row),
            Kind::Networks | Kind::Corporations => Values::known(&row),
        };
        let values = typed.map_or_else(|| known.with("supplied_on", today(api)), Values::typed);
        let (fields, shown) = match kind {
            Kind::Networks => (networks::fields(&values, false), &["from", "name"][..]),
            Kind::Corporations => (corporations::fields(&values, false), corporations::SHOWN),
            Kind::Offices => {
                let choices = corporations::choices(&self.corporations);
                (offices::fields(&values, false, choices), offices::SHOWN)
            }
        };
        Some(Sheet {
            id: "thing".to_owned(),
            action: format!("{}/{code}", kind.address()),
            heading: "変える".to_owned(),
            text: "前の記録は、前の内容のまま残ります。".to_owned(),
            key: typed.map_or_else(|| new_key(api), |form| form.get("key").to_owned()),
            carried: carried(&row, shown),
            version,
            fields,
            buttons: change_buttons(),
            ..Sheet::default()
        })
    }

    /// The last row of one, and its version.
    fn row(&self, kind: Kind, code: &str) -> Option<(Value, String)> {
        match kind {
            Kind::Networks => {
                let found = self
                    .networks
                    .iter()
                    .find(|known| known.thing.code.as_str() == code)?;
                Some((
                    serde_json::to_value(found.thing.rows.last()?).ok()?,
                    found.version.clone(),
                ))
            }
            Kind::Corporations => {
                let found = self
                    .corporations
                    .iter()
                    .find(|known| known.thing.code.as_str() == code)?;
                Some((
                    serde_json::to_value(found.thing.rows.last()?).ok()?,
                    found.version.clone(),
                ))
            }
            Kind::Offices => {
                let found = self
                    .offices
                    .iter()
                    .find(|known| known.thing.code.as_str() == code)?;
                Some((
                    serde_json::to_value(found.thing.rows.last()?).ok()?,
                    found.version.clone(),
                ))
            }
        }
    }

    /// All rows of one: since when it is called how.
    fn history(&self, kind: Kind, code: &str) -> Table {
        let row = |from, name: String, more: String| TableRow {
            cells: vec![day(from), name, more],
            ..TableRow::default()
        };
        let rows: Vec<TableRow> = match kind {
            Kind::Networks => {
                let found = self
                    .networks
                    .iter()
                    .filter(|known| known.thing.code.as_str() == code);
                let rows = found.flat_map(|known| &known.thing.rows);
                rows.map(|known| row(known.from, known.name.to_string(), String::new()))
                    .collect()
            }
            Kind::Corporations => {
                let found = self
                    .corporations
                    .iter()
                    .filter(|known| known.thing.code.as_str() == code);
                let rows = found.flat_map(|known| &known.thing.rows);
                let more = |known: &app::views::masters::CorporationRow| match known.registration {
                    Some(number) => format!("{}、{number}", known.taxation),
                    None => format!("{}、未登録", known.taxation),
                };
                rows.map(|known| row(known.from, known.name.to_string(), more(known)))
                    .collect()
            }
            Kind::Offices => {
                let found = self
                    .offices
                    .iter()
                    .filter(|known| known.thing.code.as_str() == code);
                let rows = found.flat_map(|known| &known.thing.rows);
                rows.map(|known| row(known.from, known.name.to_string(), known.corporation.name.clone()))
                    .collect()
            }
        };
        Table {
            caption: "いつから、どう登録してあるか".to_owned(),
            heads: vec!["いつから", "名前", "そのほか"],
            rows,
        }
    }
}

fn act_of(kind: Kind, form: &Form, code: &str) -> Value {
    match kind {
        Kind::Networks => networks::act_of(form, code),
        Kind::Corporations => corporations::act_of(form, code),
        Kind::Offices => offices::act_of(form, code),
    }
}

/// Something that is asked once more before it is recorded.
pub fn doubt(kind: Kind, form: &Form) -> Option<String> {
    match kind {
        Kind::Corporations => doubtful(form.get("registration"), form),
        Kind::Networks | Kind::Offices => None,
    }
}

/// Records a new one with what is settled together with it: a corporation needs the law's rates in the book, an office
/// joins a network, and who registers it may run it. Pressed twice, each of these is done once.
pub async fn record_new(api: &Api, visitor: &Visitor, kind: Kind, form: &Form) -> Result<(), Problem> {
    let code = form.get("code");
    record(api, visitor, act_of(kind, form, code), "").await?;
    match kind {
        Kind::Networks => {}
        Kind::Corporations => rates_of_the_law(api, visitor).await?,
        Kind::Offices => {
            if let Some(network) = form.typed("network") {
                let act = json!({
                    "kind": "membership", "key": format!("{}-member", form.get("key")),
                    "supplied_on": form.get("supplied_on"), "network": network, "member": code,
                });
                record(api, visitor, act, "").await?;
            }
            if form.get("mine") == "yes" {
                manage(api, visitor, code).await?;
            }
        }
    }
    Ok(())
}

/// The visitor manages an office from now on.
async fn manage(api: &Api, visitor: &Visitor, office: &str) -> Result<(), Problem> {
    let code: Code = office.parse().map_err(|_| Problem::not_found())?;
    let of = |masters: &Masters| masters.office_by_code(&code).map(|office| office.id).ok_or(());
    let found = api.book.with_masters(of).await?;
    let office = found.map_err(|()| Problem::not_found())?;
    Ok(take_role(&api.book, visitor.caller(), Role::Manager(office)).await?)
}

fn list_page(known: &Known, asked: &Asked, kind: Kind) -> MastersPage {
    let mut page = MastersPage::new(Shell::of(asked), kind.title());
    page.back = Some(("/operate".to_owned(), "運用".to_owned()));
    page.tables.push(known.table(kind));
    page
}

/// All of a kind, and a form for another one.
pub async fn list(
    State(api): State<Api>,
    Path(kind): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let kind = Kind::named(&kind)?;
    let known = Known::read(&api, &visitor).await?;
    let mut page = list_page(&known, &asked, kind);
    if kind == Kind::Offices && known.corporations.is_empty() {
        page.text = "先に、法人を登録してください。".to_owned();
        page.ways.push((
            Kind::Corporations.address().to_owned(),
            "法人を登録する".to_owned(),
        ));
    } else {
        page.sheets
            .push(known.new_sheet(&api, kind, kind.address(), None));
    }
    Ok(page.answer(&asked))
}

/// Another one.
pub async fn add(
    State(api): State<Api>,
    Path(kind): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let kind = Kind::named(&kind)?;
    let known = Known::read(&api, &visitor).await?;
    let again = known.new_sheet(&api, kind, kind.address(), Some(&form));
    let sheet = match added(&api, &visitor, kind, &form, again).await? {
        None => return Ok(page::done(kind.address(), &Said::new(What::Registered))),
        Some(sheet) => sheet,
    };
    let mut page = list_page(&known, &asked, kind);
    page.sheets.push(sheet);
    Ok(page.answer(&asked))
}

/// Records a new one; the sheet again with what is wrong or in doubt.
pub async fn added(
    api: &Api,
    visitor: &Visitor,
    kind: Kind,
    form: &Form,
    again: Sheet,
) -> Result<Option<Sheet>, PageError> {
    let doubt = doubt(kind, form);
    if doubt.is_some() {
        return Ok(Some(Sheet { doubt, ..again }));
    }
    match record_new(api, visitor, kind, form).await {
        Ok(()) => Ok(None),
        Err(problem) => Ok(Some(again.told(Wrong::of(problem)?))),
    }
}

async fn thing_page(
    api: &Api,
    asked: &Asked,
    known: &Known,
    kind: Kind,
    code: &str,
) -> Result<MastersPage, PageError> {
    let (row, _) = known.row(kind, code).ok_or_else(PageError::not_found)?;
    let name = row["name"].as_str().unwrap_or(code);
    let mut page = MastersPage::new(Shell::of(asked), name);
    page.back = Some((kind.address().to_owned(), kind.title().to_owned()));
    page.tables.push(known.history(kind, code));
    if let (Kind::Networks, Some(network)) = (
        kind,
        known
            .networks
            .iter()
            .find(|network| network.thing.code.as_str() == code),
    ) {
        page.tables.push(networks::members(&network.thing));
        let blank = Values::default().with("supplied_on", since(api));
        page.sheets.push(membership_sheet(api, known, code, &blank));
    }
    Ok(page)
}

fn membership_sheet(api: &Api, known: &Known, network: &str, values: &Values) -> Sheet {
    Sheet {
        id: "membership".to_owned(),
        action: format!("/operate/networks/{network}/members"),
        heading: "事業所の参加を登録する".to_owned(),
        key: new_key(api),
        fields: networks::membership_fields(values, offices::choices(&known.offices)),
        buttons: register(),
        ..Sheet::default()
    }
}

/// One, its history, and a form for another version.
pub async fn show(
    State(api): State<Api>,
    Path((kind, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let kind = Kind::named(&kind)?;
    let known = Known::read(&api, &visitor).await?;
    let mut page = thing_page(&api, &asked, &known, kind, &code).await?;
    page.sheets.extend(known.change_sheet(&api, kind, &code, None));
    Ok(page.answer(&asked))
}

/// Another version of one.
pub async fn change(
    State(api): State<Api>,
    Path((kind, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let kind = Kind::named(&kind)?;
    let known = Known::read(&api, &visitor).await?;
    let again = known.change_sheet(&api, kind, &code, Some(&form));
    let again = again.ok_or_else(PageError::not_found)?;
    let doubt = doubt(kind, &form);
    let sheet = if doubt.is_some() {
        Sheet { doubt, ..again }
    } else {
        match record(&api, &visitor, act_of(kind, &form, &code), form.get("version")).await {
            Ok(_) => return Ok(page::done(kind.address(), &Said::new(What::Changed))),
            Err(problem) => again.told(Wrong::of(problem)?),
        }
    };
    let mut page = thing_page(&api, &asked, &known, kind, &code).await?;
    page.sheets = vec![sheet];
    Ok(page.answer(&asked))
}

/// An office joins a network, or leaves it.
pub async fn join(
    State(api): State<Api>,
    Path(code): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let at = format!("/operate/networks/{code}");
    match record(&api, &visitor, networks::membership(&form, &code), "").await {
        Ok(_) => Ok(page::done(&at, &Said::new(What::Registered))),
        Err(problem) => {
            let wrong = Wrong::of(problem)?;
            let known = Known::read(&api, &visitor).await?;
            let mut page = thing_page(&api, &asked, &known, Kind::Networks, &code).await?;
            let sheet = membership_sheet(&api, &known, &code, &Values::typed(&form));
            page.sheets = vec![
                Sheet {
                    key: form.get("key").to_owned(),
                    ..sheet
                }
                .told(wrong),
            ];
            Ok(page.answer(&asked))
        }
    }
}
