//! 申し出: what waits for a yes, of this office or of another one.

mod difference;

use crate::{
    agreements::words,
    error::PageError,
    form::{Form, Wrong},
    history::amounts::{Amount, amounts},
    masters::day,
    netting::{Change, changes},
    page::{self, Asked},
    said::{Said as SaidOnce, What},
    settlements::stands,
    shelf::arrived,
    shell::{OfficeName, Shell, name_of, office_name},
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    access::proposals::{self as access, Proposal, Said, State as Stands, Which},
    propose,
    views::{
        both::{Asked as BothAsked, both},
        entry::entry_at,
    },
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use domain::{
    acts::{Act, agreement::Agreement as AgreementAct, confirm::Confirm, net::Net},
    calendar::{Day, business_day},
    command::ActingRef,
    entry::TextRole,
    id::{Acting, OfficeId},
    masters::Masters,
    refs::{EntryPointer, EntryRef},
    text::{Code, Note},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Proposals of a list at most.
const LIST: u64 = 200;

/// All pages of proposals.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/proposals", get(list))
        .route("/o/{office}/proposals/{id}", get(show))
        .route("/o/{office}/proposals/{id}/answer", post(answer))
        .route("/o/{office}/proposals/{id}/withdraw", post(withdraw))
        .route("/o/{office}/proposals/{id}/overdue", post(settle_overdue))
}

/// A proposal in a line.
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// Kind of act.
    pub label: &'static str,
    /// Who proposed it.
    pub by: String,
    /// How that is read.
    pub by_kana: Option<String>,
    /// Last day for an answer.
    pub due_on: Day,
    /// What there is to do.
    pub todo: Todo,
}

/// What there is to do about a proposal, for an office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Todo {
    /// To answer it.
    Answer,
    /// To wait for the others.
    Wait,
    /// To record it: the days are over.
    Settle,
    /// Nothing: it is over.
    Nothing,
}

impl Todo {
    fn of(proposal: &Proposal, office: OfficeId) -> Todo {
        let is_own = proposal.acting == Acting::Office(office);
        let mut parties = proposal.parties.iter();
        let is_asked = parties.any(|party| party.office == office && party.said.is_none());
        match proposal.state {
            Stands::Open if is_asked => Todo::Answer,
            Stands::Open | Stands::Agreed => Todo::Wait,
            Stands::Expired if is_own && propose::is_difference(&proposal.command.act) => Todo::Settle,
            Stands::Expired | Stands::Done(_) | Stands::Contested | Stands::Withdrawn => Todo::Nothing,
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Todo::Answer => "返事をする",
            Todo::Wait => "返事待ち",
            Todo::Settle => "返事がなかった分を記録する",
            Todo::Nothing => "終わり",
        }
    }
}

#[derive(Template)]
#[template(path = "proposals/list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "proposals/proposal.html")]
struct ProposalPage {
    shell: Shell,
    wrong: Wrong,
    line: Line,
    supplied_on: Day,
    is_own: bool,
    state: &'static str,
    /// Whose yes is needed, and what they said.
    parties: Vec<(OfficeName, &'static str, Option<String>)>,
    reason: Option<String>,
    note: Option<String>,
    rows: Vec<Amount>,
    /// What a netting changes for this office.
    changes: Vec<Change>,
    /// Terms of the act that are no amounts.
    facts: Vec<(String, String)>,
    /// Where what it is about is seen whole.
    whole: Option<(String, &'static str)>,
    said: String,
}

/// Proposals that are not over, with what there is to do about each; for the home page too.
pub async fn open_lines(api: &Api, office: OfficeId) -> Result<Vec<Line>, PageError> {
    let offices = BTreeSet::from([office]);
    let found = access::proposals(&api.book, &offices, &BTreeSet::new(), Which::Open, LIST).await?;
    let mut lines = Vec::new();
    for proposal in found {
        lines.push(line(api, &proposal, office).await?);
    }
    lines.retain(|line| line.todo != Todo::Nothing);
    Ok(lines)
}

async fn line(api: &Api, proposal: &Proposal, office: OfficeId) -> Result<Line, PageError> {
    let read = |name: &str, kana: &str| (name.to_owned(), Some(kana.to_owned()));
    let (by, by_kana) = match proposal.acting {
        Acting::Office(by) => {
            let office = office_name(api, by).await?;
            (office.name, office.kana)
        }
        Acting::Network(_) => read("連絡会", "れんらくかい"),
        Acting::Keeper => read("帳簿の管理者", "ちょうぼのかんりしゃ"),
    };
    Ok(Line {
        id: proposal.id,
        label: Act::label(proposal.command.act.kind()),
        by,
        by_kana,
        due_on: proposal.due_on,
        todo: Todo::of(proposal, office),
    })
}

async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = ListPage {
        lines: open_lines(&api, office).await?,
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
    };
    Ok(page::shown(&asked, &page))
}

async fn show(
    State(api): State<Api>,
    Path((office, id)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let proposal = seen(&api, &visitor, office, id).await?;
    let page = page_of(&api, &asked, &visitor, office, &proposal, (Wrong::default(), "")).await?;
    Ok(page::shown(&asked, &page))
}

/// Yes or no.
async fn answer(
    State(api): State<Api>,
    Path((office, id)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let proposal = seen(&api, &visitor, office, id).await?;
    let said = match form.get("said") {
        "yes" => Said::Agreed,
        _ => Said::Contested,
    };
    let note: Result<Option<Note>, _> = form.typed("note").map(str::parse).transpose();
    let Ok(note) = note else {
        let wrong = Wrong::whole("返事の言葉が長すぎます。短くして、もう一度送ってください。");
        let typed = (wrong, form.get("note"));
        let again = page_of(&api, &asked, &visitor, office, &proposal, typed).await?;
        return Ok(page::shown_again(&asked, &again));
    };
    let (viewer, caller) = (visitor.viewer(), visitor.caller());
    let outcome = propose::answer(&api.book, viewer, caller, office, id, said, note).await;
    let what = match said {
        Said::Agreed => What::Agreed,
        Said::Contested => What::Contested,
    };
    done(
        &api,
        &asked,
        &visitor,
        (office, &code),
        &proposal,
        outcome.map_err(Problem::from),
        what,
    )
    .await
}

/// Takes it back.
async fn withdraw(
    State(api): State<Api>,
    Path((office, id)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let proposal = seen(&api, &visitor, office, id).await?;
    let outcome = access::withdraw(&api.book, visitor.caller(), id).await;
    let outcome = outcome.map(|()| proposal.clone()).map_err(Problem::from);
    done(
        &api,
        &asked,
        &visitor,
        (office, &code),
        &proposal,
        outcome,
        What::Withdrawn,
    )
    .await
}

/// Records what nobody answered in time.
async fn settle_overdue(
    State(api): State<Api>,
    Path((office, id)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let proposal = seen(&api, &visitor, office, id).await?;
    let outcome = propose::settle_overdue(&api.book, visitor.viewer(), visitor.caller(), id).await;
    let outcome = outcome.map_err(Problem::from);
    done(
        &api,
        &asked,
        &visitor,
        (office, &code),
        &proposal,
        outcome,
        match proposal.command.act {
            Act::GiveBack(_) => What::TakenBack,
            Act::Dispose(_) => What::Lost,
            _ => What::Received,
        },
    )
    .await
}

/// To the home page, or the proposal again with what is wrong.
async fn done(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    proposal: &Proposal,
    outcome: Result<Proposal, Problem>,
    what: What,
) -> Result<Response, PageError> {
    let problem = match outcome {
        Ok(now) => {
            let said = match now.state {
                Stands::Done(entry) => SaidOnce::of(what, entry.0),
                _ => SaidOnce::new(what),
            };
            return Ok(page::done(&format!("/o/{code}"), &said));
        }
        Err(problem) => problem,
    };
    let wrong = Wrong::of(problem)?;
    let page = page_of(api, asked, visitor, office, proposal, (wrong, "")).await?;
    Ok(page::shown_again(asked, &page))
}

/// One that is of this office or asks it.
async fn seen(api: &Api, visitor: &Visitor, office: OfficeId, id: Uuid) -> Result<Proposal, PageError> {
    let found = propose::seen(&api.book, &visitor.caller().rights, id).await;
    let found = found.map_err(|_| PageError::not_found())?;
    let is_asked = found.parties.iter().any(|party| party.office == office);
    if is_asked || found.acting == Acting::Office(office) {
        Ok(found)
    } else {
        Err(PageError::not_found())
    }
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    proposal: &Proposal,
    (wrong, said): (Wrong, &str),
) -> Result<ProposalPage, PageError> {
    let mut parties = Vec::new();
    for party in &proposal.parties {
        let words = match party.said {
            Some(Said::Agreed) => "同意しました",
            Some(Said::Contested) => "同意しません",
            None => "返事待ち",
        };
        let office = office_name(api, party.office).await?;
        parties.push((office, words, party.note.clone()));
    }
    let text = |role| {
        let mut texts = proposal.command.head.texts.iter();
        let found = texts.find(|(known, _)| *known == role);
        found.map(|(_, text)| text.as_ref().to_owned())
    };
    // goods are called as in what the act is about
    let about = match pointed_at(&proposal.command.act) {
        Some(pointed) => entry_at(&api.book, visitor.viewer(), &pointed).await?,
        None => None,
    };
    visitor
        .register(api, "proposal", &proposal.id.to_string())
        .await?;
    let act = proposal.command.act.to_value();
    let movements = about.as_ref().map_or(&[][..], |about| &about.movements);
    let shelf = match proposal.acting {
        Acting::Office(shop) if arrived::is_of_shelf(proposal) => {
            difference::of(
                api,
                visitor,
                office,
                &office_name(api, shop).await?.code,
                proposal,
            )
            .await?
        }
        _ => None,
    };
    let rows = match &shelf {
        Some(shelf) => shelf.rows(&act),
        None => amounts(movements, &act),
    };
    let facts = match &proposal.command.act {
        Act::Agreement(agreement) => agreed(api, agreement).await?,
        Act::Confirm(confirm) => confirmed(confirm, proposal.acting == Acting::Office(office)),
        Act::Net(_) => Vec::new(),
        _ if shelf.is_some() => shelf.map_or_else(Vec::new, |shelf| shelf.facts),
        _ if rows.is_empty() => facts(&act),
        _ => Vec::new(),
    };
    let changes = match &proposal.command.act {
        Act::Net(net) => netted(api, net, office).await?,
        _ => Vec::new(),
    };
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let whole = match (&proposal.command.act, proposal.acting) {
        (Act::Confirm(confirm), Acting::Office(by)) => {
            let with = if by == office {
                confirm.with.to_string()
            } else {
                office_name(api, by).await?.code
            };
            let page = format!("/settlements/{with}/next?from={}&to={}", confirm.from, confirm.to);
            Some((shell.here(&page), "精算書を見る"))
        }
        _ => None,
    };
    Ok(ProposalPage {
        shell,
        whole,
        wrong,
        changes,
        line: line(api, proposal, office).await?,
        supplied_on: proposal.command.head.supplied_on,
        is_own: proposal.acting == Acting::Office(office),
        state: match proposal.state {
            Stands::Open => "返事待ち",
            Stands::Expired => "返事の期限が過ぎました",
            Stands::Agreed => "全員が同意しました",
            Stands::Done(_) => "記録しました",
            Stands::Contested => "同意されませんでした",
            Stands::Withdrawn => "取り下げられました",
        },
        parties,
        reason: text(TextRole::Reason),
        note: text(TextRole::Note),
        facts,
        rows,
        said: said.to_owned(),
    })
}

/// A statement in words, as one of the two sees it.
fn confirmed(act: &Confirm, is_own: bool) -> Vec<(String, String)> {
    let balance = if is_own {
        act.balance
    } else {
        act.balance.negated()
    };
    vec![
        ("期間".to_owned(), format!("{}〜{}", day(act.from), day(act.to))),
        ("差引残高".to_owned(), stands(&balance)),
    ]
}

/// What a netting changes for an office.
async fn netted(api: &Api, net: &Net, office: OfficeId) -> Result<Vec<Change>, PageError> {
    let today = business_day(api.book.outside().clock.now());
    let said = |masters: &Masters| {
        let own = masters.office(office).ok_or(())?;
        let name = |code: &Code| {
            let known = masters.office_by_code(code);
            let named = known.and_then(|known| name_of(masters, known.id, today));
            named.unwrap_or_else(|| OfficeName {
                code: code.to_string(),
                name: code.to_string(),
                kana: None,
            })
        };
        Ok(changes(net, &own.code, name))
    };
    let found = api.book.with_masters(said).await?;
    found.map_err(|()| PageError::not_found())
}

/// An agreement in words, and in yen for both.
async fn agreed(api: &Api, act: &AgreementAct) -> Result<Vec<(String, String)>, PageError> {
    let name = |code: &Code| {
        let code = code.clone();
        async move {
            let known = |masters: &Masters| masters.office_by_code(&code).map(|office| office.id).ok_or(());
            match api.book.with_masters(known).await? {
                Ok(office) => Ok::<_, PageError>(office_name(api, office).await?.name),
                Err(()) => Ok(code.to_string()),
            }
        }
    };
    let mut facts = vec![
        ("取り決め".to_owned(), words::about(act.about).to_owned()),
        ("つくり手".to_owned(), name(&act.producer).await?),
        (words::other(act.about).to_owned(), name(&act.other).await?),
    ];
    let both = both(&api.book, &act.terms, &BothAsked::USUAL).await?;
    facts.extend(words::in_yen(&both));
    facts.extend(words::terms(&act.terms));
    if let Some(until) = act.until {
        facts.push(("最後の日".to_owned(), day(until)));
    }
    Ok(facts)
}

/// The entry that an act is about.
fn pointed_at(act: &Act) -> Option<EntryPointer> {
    let of = |entry: &EntryRef| {
        let acting = entry.office.clone().map(ActingRef::Office)?;
        Some(EntryPointer::Key {
            acting,
            key: entry.key.clone(),
        })
    };
    match act {
        Act::Receive(act) => of(&act.shipment),
        Act::Reverse(act) => of(&act.entry),
        Act::Correct(act) => of(&act.entry),
        _ => None,
    }
}

/// The fields of an act without amounts, as they stand.
fn facts(act: &serde_json::Value) -> Vec<(String, String)> {
    let fields = act.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| {
            let value = match value {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (name.clone(), value)
        })
        .collect()
}
