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
use std::{collections::BTreeMap, error::Error, io::stdin, process::ExitCode};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut book = Book::default();
    // a clock that stands still: the same lines give the same entries
    let now = Instant::from_rfc3339("2026-07-31T09:00:00+09:00")?;
    let (mut recorded, mut already, mut refused) = (0, 0, 0);
    for (number, line) in stdin().lines().enumerate() {
        let context = Context {
            now,
            recorder: "fold".to_owned(),
            seed: [0; 32],
        };
        match record(&mut book, &line?, &context) {
            Ok(Decision::New(_)) => recorded += 1,
            Ok(Decision::Already(..)) => already += 1,
            Err(refusal) => {
                refused += 1;
                println!(
                    "{}行目 {} [{}] {}",
                    number + 1,
                    refusal.field,
                    refusal.code(),
                    refusal.why
                );
            }
        }
    }
    print_balances(&book)?;
    print_stock(&book);
    println!("\n記録 {recorded}、記録済み {already}、お断り {refused}");
    Ok(if refused == 0 {
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
    for ((place, id), steps) in sums
        .iter()
        .filter(|((place, _), steps)| place.is_inner() && **steps != 0)
    {
        let Some(lot) = lots.get(id) else { continue };
        let Some(product) = masters.product(lot.product) else {
            continue;
        };
        let (place, quantity) = (name(masters, place), product.unit.decimal(*steps));
        println!("{place}\t{}\t{quantity}{}", lot.code, product.unit.name);
    }
}

/// A place for people: whose goods they are, and who has them.
fn name(masters: &Masters, place: &Place) -> String {
    let office = |party| {
        masters
            .as_office(party)
            .map_or("?", |office| office.code.as_str())
    };
    match place.kind {
        PlaceKind::Store => office(place.owner).to_owned(),
        kind => format!(
            "{} {} → {}",
            kind.label(),
            office(place.owner),
            office(place.holder)
        ),
    }
}
