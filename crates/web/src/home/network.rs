//! ホーム of a network, to its coordinators: its members, and where something may need a word. Each look is written to the
//! register of the offices that were read.

use crate::{
    error::PageError,
    page::{self, Asked},
    shell::{OfficeName, Shell},
    visitor::Visitor,
};
use api::Api;
use app::{
    access::proposals::{Which, proposals},
    views::{
        deliveries::deliveries,
        entries::{Question, entries},
        masters::closes,
        names::Named,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::{Day, Month, business_day},
    id::{NetworkId, OfficeId},
    masters::Masters,
    text::Code,
};
use std::collections::{BTreeMap, BTreeSet};

/// Days after which goods on their way are asked about.
const LATE: usize = 3;
/// Proposals that are counted.
const MANY: u64 = 200;

#[derive(Template)]
#[template(path = "home/network.html")]
struct NetworkPage {
    shell: Shell,
    network: Named,
    members: Vec<Member>,
    /// Proposals of the network that wait for an answer.
    waiting: usize,
}

/// A member, and what is open there.
struct Member {
    office: OfficeName,
    /// Shipments to or from it that have been on their way for more than three days.
    late: usize,
    /// Day of what it recorded last.
    last: Option<Day>,
    /// The last month that it closed.
    closed: Option<Month>,
}

/// The network of an address, if the visitor coordinates it, and its members of today.
pub fn found(
    masters: &Masters,
    code: &Code,
    own: &BTreeSet<NetworkId>,
    today: Day,
) -> Option<(NetworkId, Named, BTreeMap<OfficeName, OfficeId>)> {
    let network = masters.network_by_code(code)?;
    if !own.contains(&network.id) {
        return None;
    }
    let name = network.name.on_or_first(today);
    let named = Named::new(code.as_str(), name.map_or("", |name| name.as_str()));
    let members = masters.offices().filter(|office| network.has(office.id, today));
    let members = members.filter_map(|office| {
        let facts = office.facts.on_or_first(today)?;
        let name = OfficeName {
            code: office.code.to_string(),
            name: facts.name.to_string(),
            kana: facts.kana.as_ref().map(ToString::to_string),
        };
        Some((name, office.id))
    });
    Some((network.id, named, members.collect()))
}

/// The page.
pub async fn network(
    State(api): State<Api>,
    Path(network): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let code: Code = network.parse().map_err(|_| PageError::not_found())?;
    let today = business_day(api.book.outside().clock.now());
    let own = &visitor.caller().rights.networks;
    let of = |masters: &Masters| found(masters, &code, own, today);
    let (id, network, offices) = api
        .book
        .with_masters_of_now(of)
        .await?
        .ok_or_else(PageError::not_found)?;
    let (book, viewer) = (&api.book, visitor.viewer());
    let closed: BTreeMap<String, Month> = closes(book, viewer, None)
        .await?
        .into_iter()
        .map(|close| (close.thing.office.code, close.thing.through))
        .collect();
    let late = (0..LATE).try_fold(today, |day, _| day.pred());
    let mut members = Vec::new();
    for (office, office_id) in offices {
        let on_the_way = deliveries(book, viewer, office_id).await?;
        let question = Question {
            office: office.code.parse().ok(),
            limit: 1,
            ..Question::default()
        };
        let newest = entries(book, viewer, &question).await?;
        members.push(Member {
            late: on_the_way
                .iter()
                .filter(|delivery| late.is_some_and(|late| delivery.sent_on < late))
                .count(),
            last: newest.entries.first().map(|entry| entry.supplied_on),
            closed: closed.get(&office.code).copied(),
            office,
        });
    }
    let waiting = proposals(book, &BTreeSet::new(), &BTreeSet::from([id]), Which::Open, MANY).await?;
    visitor.register(&api, "entries", code.as_str()).await?;
    let page = NetworkPage {
        shell: Shell::of(&asked),
        network,
        members,
        waiting: waiting.len(),
    };
    Ok(page::shown(&asked, &page))
}
