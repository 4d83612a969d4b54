//! 取り決めの案 of a coordinator: what two members could agree on, proposed to both. Nothing holds before both have said yes.

use super::{form, preview, proposed, words};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    home::network::found,
    masters::{
        MastersPage, Press, Table, TableRow, day,
        fields::{Choice, Values},
    },
    netting::ProposedLine,
    page::{self, Asked},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::access::proposals::{Proposal, Which, proposals, withdraw as take_back};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    acts::{Act, agreement::Agreement},
    calendar::business_day,
    id::NetworkId,
    masters::Masters,
    text::Code,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Proposals that are looked through, and those that are shown.
const MANY: u64 = 200;
const SHOWN: usize = 20;

/// What was drafted, and a sheet for another one.
pub async fn show(
    State(api): State<Api>,
    Path(network): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let drafting = Drafting::of(&api, &visitor, &network).await?;
    let mut page = drafting.page(&api, &asked).await?;
    let blank = form::blank(&api);
    page.sheets
        .push(form::draft(&api, &drafting.code, &drafting.members, &blank));
    Ok(page.answer(&asked))
}

/// First what it comes to, then to both.
pub async fn propose(
    State(api): State<Api>,
    Path(network): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let drafting = Drafting::of(&api, &visitor, &network).await?;
    let act = form::drafted(&form, &drafting.code);
    let wrong = if form.get("then") == "preview" {
        Wrong::default()
    } else {
        match proposed(&api, &visitor, &act, &form).await {
            Ok(what) => {
                let what = match what {
                    What::Proposed => What::ProposedToAll,
                    what => what,
                };
                let to = format!("/n/{}/agreements", drafting.code);
                return Ok(page::done(&to, &Said::new(what)));
            }
            Err(problem) => Wrong::of(problem)?,
        }
    };
    let mut page = drafting.page(&api, &asked).await?;
    let mut sheet = form::draft(&api, &drafting.code, &drafting.members, &Values::typed(&form));
    form.get("key").clone_into(&mut sheet.key);
    page.tables.insert(0, preview(&api, &act, &form).await?);
    page.sheets.push(sheet.told(wrong));
    Ok(page.answer(&asked))
}

/// Takes a draft back.
pub async fn withdraw(
    State(api): State<Api>,
    Path((network, id)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let drafting = Drafting::of(&api, &visitor, &network).await?;
    app::propose::seen(&api.book, &visitor.caller().rights, id)
        .await
        .map_err(|_| PageError::not_found())?;
    let outcome = take_back(&api.book, visitor.caller(), id).await;
    match outcome.map_err(Problem::from) {
        Ok(()) => {
            let to = format!("/n/{}/agreements", drafting.code);
            Ok(page::done(&to, &Said::new(What::Withdrawn)))
        }
        Err(problem) => {
            let wrong = Wrong::of(problem)?;
            let mut page = drafting.page(&api, &asked).await?;
            let sheet = form::draft(&api, &drafting.code, &drafting.members, &form::blank(&api));
            page.sheets.push(sheet.told(wrong));
            Ok(page.answer(&asked))
        }
    }
}

/// A network that the visitor coordinates, and its members.
struct Drafting {
    id: NetworkId,
    code: Code,
    name: String,
    members: Vec<Choice>,
}

impl Drafting {
    async fn of(api: &Api, visitor: &Visitor, network: &str) -> Result<Drafting, PageError> {
        let code: Code = network.parse().map_err(|_| PageError::not_found())?;
        let today = business_day(api.book.outside().clock.now());
        let own = &visitor.caller().rights.networks;
        let of = |masters: &Masters| found(masters, &code, own, today);
        let (id, named, members) = api
            .book
            .with_masters_of_now(of)
            .await?
            .ok_or_else(PageError::not_found)?;
        let members = members.into_keys();
        Ok(Drafting {
            id,
            name: named.name,
            members: members
                .map(|office| Choice::new(office.code, office.name))
                .collect(),
            code,
        })
    }

    async fn page(&self, api: &Api, asked: &Asked) -> Result<MastersPage, PageError> {
        let mut page = MastersPage::new(Shell::of(asked), "取り決めの案");
        page.back = Some((format!("/n/{}", self.code), self.name.clone()));
        "連絡会から、2つの事業所に取り決めの案を申し出ます。決めるのは、その2つの事業所です。"
            .clone_into(&mut page.text);
        page.tables.push(Table {
            caption: "申し出た案".to_owned(),
            heads: vec!["つくり手 → 相手", "何の取り決めか", "返事", "期限"],
            rows: self.rows(api).await?,
        });
        Ok(page)
    }

    async fn rows(&self, api: &Api) -> Result<Vec<TableRow>, PageError> {
        let own = BTreeSet::from([self.id]);
        let found = proposals(&api.book, &BTreeSet::new(), &own, Which::All, MANY).await?;
        let today = business_day(api.book.outside().clock.now());
        let rows = |masters: &Masters| {
            let drafts = found.iter().filter_map(|proposal| match &proposal.command.act {
                Act::Agreement(act) => Some((proposal, &**act)),
                _ => None,
            });
            let rows = drafts.take(SHOWN).map(|(proposal, act)| {
                let line = ProposedLine::of(masters, proposal, today);
                self.row(masters, proposal, act, line)
            });
            Ok::<Vec<TableRow>, ()>(rows.collect())
        };
        Ok(api.book.with_masters(rows).await?.unwrap_or_default())
    }

    fn row(&self, masters: &Masters, proposal: &Proposal, act: &Agreement, line: ProposedLine) -> TableRow {
        let name = |code: &Code| {
            let known = masters.office_by_code(code);
            known.map_or_else(
                || code.to_string(),
                |known| masters.party_name(known.id.into(), proposal.command.head.supplied_on),
            )
        };
        let between = format!("{} → {}", name(&act.producer), name(&act.other));
        let mut said = line.state.to_owned();
        if line.is_open && !line.waiting.is_empty() {
            said = format!("{said}: {}", line.waiting.join("、"));
        }
        if !line.refused.is_empty() {
            let refused: Vec<String> = line.refused.into_iter().map(|(_, name)| name).collect();
            said = format!("{said}: {}", refused.join("、"));
        }
        let back = Press {
            action: format!("/n/{}/agreements/{}/withdraw", self.code, line.id),
            label: "取り下げる",
            about: between.clone(),
            is_danger: true,
            ..Press::default()
        };
        TableRow {
            cells: vec![
                between,
                words::about(act.about).to_owned(),
                said,
                day(line.due_on),
            ],
            presses: line.is_open.then_some(back).into_iter().collect(),
            ..TableRow::default()
        }
    }
}
