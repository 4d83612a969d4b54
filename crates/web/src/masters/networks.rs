//! 連絡会: its form, and who is in it.

use super::{Table, TableRow, act, code_field, day, free_code, from_day, since};
use crate::{
    error::PageError,
    form::Form,
    masters::fields::{Choice, Control, Field, Values},
    visitor::Visitor,
};
use api::Api;
use app::views::masters::{NetworkView, Versioned, networks};
use serde_json::{Value, json};

/// All of them.
pub async fn all(api: &Api, visitor: &Visitor) -> Result<Vec<Versioned<NetworkView>>, PageError> {
    Ok(networks(&api.book, visitor.viewer(), None).await?)
}

/// A new one.
pub fn blank(api: &Api, known: &[Versioned<NetworkView>]) -> Values {
    let codes = known.iter().map(|network| network.thing.code.as_str());
    Values::default()
        .with("code", free_code("network", codes))
        .with("supplied_on", since(api))
}

/// Its fields.
pub fn fields(values: &Values, is_new: bool) -> Vec<Field> {
    let name = Field::needed("name", "連絡会の名前", Control::Text, values).hint("例: 南野市就労支援連絡会");
    let mut fields = vec![name];
    if is_new {
        fields.push(code_field(values));
    }
    fields.push(from_day(values));
    fields
}

/// Its act.
pub fn act_of(form: &Form, code: &str) -> Value {
    act(
        "network",
        None,
        form,
        json!({"code": code, "name": form.get("name")}),
    )
}

/// The list.
pub fn table(known: &[Versioned<NetworkView>], at: &str) -> Table {
    let row = |network: &Versioned<NetworkView>| {
        let NetworkView { code, rows, members } = &network.thing;
        let name = rows.last().map_or("", |row| row.name.as_str());
        let open = members.iter().filter(|member| member.to.is_none()).count();
        TableRow {
            cells: vec![name.to_owned(), code.to_string(), format!("{open}事業所")],
            link: Some(format!("{at}/{code}")),
            presses: Vec::new(),
        }
    };
    Table {
        caption: "登録した連絡会".to_owned(),
        heads: vec!["名前", "コード", "参加"],
        rows: known.iter().map(row).collect(),
    }
}

/// To choose one from.
pub fn choices(known: &[Versioned<NetworkView>]) -> Vec<Choice> {
    let named = known.iter().map(|network| {
        let name = network.thing.rows.last().map_or("", |row| row.name.as_str());
        Choice::new(network.thing.code.as_str(), name)
    });
    named.collect()
}

/// Who is in it, since when.
pub fn members(network: &NetworkView) -> Table {
    let row = |member: &app::views::masters::MemberView| TableRow {
        cells: vec![
            member.office.name.clone(),
            day(member.from),
            member
                .to
                .map_or_else(|| "つづいています".to_owned(), |to| day(to) + "まで"),
        ],
        ..TableRow::default()
    };
    Table {
        caption: "参加している事業所".to_owned(),
        heads: vec!["事業所", "いつから", "いつまで"],
        rows: network.members.iter().map(row).collect(),
    }
}

/// Fields of an office's stay.
pub fn membership_fields(values: &Values, offices: Vec<Choice>) -> Vec<Field> {
    vec![
        Field::needed("member", "事業所", Control::Choices(offices), values),
        from_day(values),
        Field::free("to", "いつまで", Control::Day, values)
            .hint("参加をやめるときは、参加した日を「いつから」に、最後の日をここに入れます。"),
    ]
}

/// The act of an office's stay.
pub fn membership(form: &Form, network: &str) -> Value {
    let to = super::typed(form, "to");
    let fields = json!({"network": network, "member": form.get("member"), "to": to});
    act("membership", None, form, fields)
}
