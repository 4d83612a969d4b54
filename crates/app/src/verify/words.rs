//! Findings in plain Japanese.

use domain::{
    account::{Account, BookUnit},
    acts::Act,
    id::{CorporationId, PartnerId, PartyId},
    masters::Masters,
    place::Place,
    verify::{Finding, Subject},
};

/// What it is about, then what is wrong.
pub(super) fn sentence(finding: &Finding, masters: &Masters) -> String {
    let about: Vec<String> = finding
        .about
        .iter()
        .map(|about| subject(about, masters))
        .collect();
    match about.as_slice() {
        [] => format!("{}。", finding.problem),
        about => format!("{}: {}。", about.join("、"), finding.problem),
    }
}

fn subject(about: &Subject, masters: &Masters) -> String {
    match about {
        Subject::Entry(name) => {
            let label = Act::label(&name.kind);
            format!("{}番の伝票({label} {}、キー {})", name.seq, name.kind, name.key)
        }
        Subject::Position(seq) => format!("{seq}番の伝票"),
        Subject::Positions(first, last) if first == last => format!("{first}番"),
        Subject::Positions(first, last) => format!("{first}番から{last}番まで"),
        Subject::Lot(_, Some(code)) => format!("ロット {code}"),
        Subject::Lot(id, None) => format!("ロット {id}"),
        Subject::Place(place) => self::place(place, masters),
        Subject::Account(account) => self::account(account, masters),
        Subject::Unit(unit) => self::unit(unit, masters),
        Subject::Tile(tile) => format!("ログのタイル 段{}・{}番", tile.level, tile.index),
        Subject::Row(row) => format!("行 {row}"),
        Subject::Checkpoint(size) => format!("{size}枚目までの証明"),
    }
}

/// The name as last known: names have days, a finding has none. What a damaged row points to may have no name.
fn party(party: PartyId, masters: &Masters) -> String {
    let partner = || masters.partner(PartnerId(party.0));
    let head = || masters.corporation(CorporationId(party.0));
    let name = if party == PartyId::from(Masters::public()) {
        Some("一般客".to_owned())
    } else if let Some(office) = masters.as_office(party) {
        office.facts.latest().map(|facts| facts.name.to_string())
    } else if let Some(partner) = partner() {
        partner.facts.latest().map(|facts| facts.name.to_string())
    } else {
        head()
            .and_then(|head| head.facts.latest())
            .map(|facts| format!("{} 本部", facts.name))
    };
    name.unwrap_or_else(|| party.to_string())
}

fn place(place: &Place, masters: &Masters) -> String {
    let (kind, owner) = (place.kind.label(), party(place.owner, masters));
    if place.owner == place.holder {
        format!("{kind}({owner})")
    } else {
        format!("{kind}({owner} → {})", party(place.holder, masters))
    }
}

fn unit(unit: &BookUnit, masters: &Masters) -> String {
    match unit {
        BookUnit::Office(office, section) => {
            format!("{} {}", party((*office).into(), masters), section.label())
        }
        BookUnit::Head(corporation) => party((*corporation).into(), masters),
    }
}

fn account(account: &Account, masters: &Masters) -> String {
    let (unit, kind) = (unit(&account.unit, masters), account.kind.label());
    let place = account
        .cash_place
        .and_then(|id| masters.cash_place(id))
        .map(|place| place.name.to_string());
    let other = account.party.map(|other| party(other, masters)).or(place);
    other.map_or_else(
        || format!("{unit}の{kind}"),
        |other| format!("{unit}の{kind}({other})"),
    )
}
