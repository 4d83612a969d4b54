//! The rules at work without any store: reads acts as JSON Lines, records them in memory, prints what was refused and
//! what the entries fold to.
//!
//! ```sh
//! cat crates/yokoito/sample/*.jsonl | cargo run -p domain --example fold
//! ```

use domain::{
    account::{AccountKind, BookUnit},
    book::Book,
    calendar::Instant,
    command::Command,
    decide::{Context, Decision},
    id::LotId,
    lot::Lot,
    masters::Masters,
    money::Yen,
    place::{Place, PlaceKind},
    refusal::Refusal,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    io::stdin,
    process::ExitCode,
};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut book = Book::default();
    // a clock that stands still: the same lines give the same entries
    let now = Instant::from_rfc3339("2026-07-31T09:00:00+09:00")?;
    let (mut recorded, mut already, mut refused) = (0, 0, 0);
    for (number, line) in stdin().lines().enumerate() {
        let (recorder, seed) = ("fold".to_owned(), [0; 32]);
        match record(&mut book, &line?, &Context { now, recorder, seed }) {
            Ok(Decision::New(_)) => recorded += 1,
            Ok(Decision::Already(..)) => already += 1,
            Err(refusal) => {
                refused += 1;
                let (line, code, why) = (number + 1, refusal.code(), &refusal.why);
                println!("{line}行目 {} [{code}] {why}", refusal.field);
            }
        }
    }
    print_balances(&book)?;
    print_stock(&book);
    println!("\n記録 {recorded}、記録済み {already}、お断り {refused}");
    let all_recorded = refused == 0;
    Ok(if all_recorded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn record(book: &mut Book, line: &str, context: &Context) -> Result<Decision, Refusal> {
    book.record(&Command::parse(line)?, context)
}

/// Per office the sum of each kind of account; 本部 by its corporation.
fn print_balances(book: &Book) -> Result<(), Box<dyn Error>> {
    let masters = &book.facts().masters;
    let mut sums: BTreeMap<(String, AccountKind), Yen> = BTreeMap::new();
    for posting in book.entries().iter().flat_map(|entry| &entry.postings) {
        let unit = match posting.account.unit {
            BookUnit::Office(office, _) => masters.office(office).map(|office| office.code.to_string()),
            BookUnit::Head(corporation) => masters.corporation(corporation).map(|head| head.code.to_string()),
        };
        let sum = sums
            .entry((unit.unwrap_or_default(), posting.account.kind))
            .or_default();
        *sum = sum.checked_add(posting.yen)?;
    }
    for ((unit, kind), yen) in sums.iter().filter(|(_, yen)| !yen.is_zero()) {
        println!("{unit}\t{}\t{yen}", kind.label());
    }
    Ok(())
}

/// What lies where, lot by lot: the sum of all movements into a place and out of it.
fn print_stock(book: &Book) {
    let masters = &book.facts().masters;
    let births = book.entries().iter().flat_map(|entry| &entry.births);
    let lots: BTreeMap<LotId, &Lot> = births.map(|birth| (birth.lot.id, &birth.lot)).collect();
    let mut sums: BTreeMap<(Place, LotId), i64> = BTreeMap::new();
    for movement in book.entries().iter().flat_map(|entry| &entry.movements) {
        *sums.entry((movement.from, movement.lot)).or_default() -= movement.quantity.get();
        *sums.entry((movement.to, movement.lot)).or_default() += movement.quantity.get();
    }
    let left = sums
        .iter()
        .filter(|((place, _), steps)| place.is_inner() && **steps != 0);
    let rows = left.filter_map(|((place, id), steps)| {
        let lot = lots.get(id)?;
        let unit = &masters.product(lot.product)?.unit;
        let (place, quantity) = (name(masters, *place), unit.decimal(*steps));
        Some(format!("{place}\t{}\t{quantity}{}", lot.code, unit.name))
    });
    for row in rows.collect::<BTreeSet<_>>() {
        println!("{row}");
    }
}

/// A place for people: whose goods they are, and who has them.
fn name(masters: &Masters, place: Place) -> String {
    let code = |party| {
        masters
            .as_office(party)
            .map_or("?", |office| office.code.as_str())
    };
    let (owner, holder) = (code(place.owner), code(place.holder));
    match place.kind {
        PlaceKind::Store => owner.to_owned(),
        kind => format!("{} {owner} → {holder}", kind.label()),
    }
}
