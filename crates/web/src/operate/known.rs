//! What there is in the book of three kinds, as lists and as forms: for operators' pages and the first set-up.

use crate::{
    error::PageError,
    form::Form,
    masters::{
        Table, TableRow, change as change_buttons, corporations, day,
        fields::{Choice, Control, Field, Sheet, Values, carried},
        networks, offices, register,
    },
    record::{new_key, today},
    visitor::Visitor,
};
use api::Api;
use app::views::masters::{CorporationRow, CorporationView, NetworkView, OfficeView, Versioned};
use serde_json::Value;

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
    pub fn named(name: &str) -> Result<Kind, PageError> {
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
    pub fn change_sheet(&self, api: &Api, kind: Kind, code: &str, typed: Option<&Form>) -> Option<Sheet> {
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
    pub fn row(&self, kind: Kind, code: &str) -> Option<(Value, String)> {
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
    pub fn history(&self, kind: Kind, code: &str) -> Table {
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
                let more = |known: &CorporationRow| match known.registration {
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
