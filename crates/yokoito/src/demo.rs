//! `yokoito demo`: records the sample month and shows what a book can tell: where a bento came from, who bought it, a
//! sale on another office's shelf, each office's stock, debts and wages, and whether all is right.

use crate::{balances, place::Place, stock, table, trace, verify};
use anyhow::{Context, bail};
use app::{
    Book,
    import::{Options, Outcome, import},
    outside::{NotBefore, Outside},
    sample::{Sample, may_fill},
    verify::verify as verify_book,
    viewer::{AtTheMachine, Viewer},
    views::{
        balances::At,
        entry::{EntryView, PostingView, entry},
        trace::Question,
    },
};
use domain::{
    account::Section,
    calendar::{Instant, wareki_month},
    refs::EntryRef,
    trace::Direction,
};
use std::{
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
};

/// The sample month.
pub const SAMPLE: Sample = Sample {
    files: &[
        include_str!("../sample/01-masters.jsonl"),
        include_str!("../sample/02-opening.jsonl"),
        include_str!("../sample/03-june.jsonl"),
        include_str!("../sample/04-july.jsonl"),
    ],
    first_key: "rate-standard-10",
    // its last payments are of July 2026; `demo` shows them on a machine whose clock is behind, too
    ends: "2026-07-31T09:00:00Z",
    offices: &["aozora", "hinata", "marche"],
    networks: &["minamino"],
};

const MONTH: &str = "2026-06";
const BENTO: &str = "KIT-0610-BENTO";
/// The receipt by which an office of the neighbouring city bought some of it.
const PURCHASE: (&str, &str) = ("mori", "2026-06-10-receive-bento");
/// A day's takings in which goods of three other offices were sold.
const CONSIGNMENT_SALE: (&str, &str) = ("marche", "2026-06-01-sale-cash");

/// Runs it.
pub async fn run(place: &Place) -> anyhow::Result<ExitCode> {
    let after: Instant = Instant::from_rfc3339(SAMPLE.ends).context("見本の日付")?;
    let outside = Outside {
        clock: Arc::new(NotBefore(after)),
        ..Outside::system()
    };
    let book = Book::open(&place.database, outside).await?;
    let shown = show(&book, place).await;
    book.close().await?;
    shown
}

async fn show(book: &Book, place: &Place) -> anyhow::Result<ExitCode> {
    if !may_fill(book, &SAMPLE).await? {
        bail!(
            "この帳簿には、見本ではない記録が入っています。見本は別の帳簿につくってください(例: yokoito demo --database sqlite://mihon.db)。"
        );
    }
    let outcome = record(book).await?;
    let mut out = io::stdout().lock();
    let month = MONTH.parse()?;
    heading(&mut out, &format!("横糸 — 見本の1か月({})", wareki_month(month)))?;
    writeln!(out, "帳簿: {}", place.database)?;
    if outcome.recorded == 0 {
        writeln!(
            out,
            "この帳簿には、見本がもう入っています({}件)。何も変えていません。",
            outcome.already
        )?;
    } else {
        writeln!(out, "{}件の伝票を記録しました。", outcome.recorded)?;
    }

    heading(&mut out, &format!("弁当のロット {BENTO} は、どこから来たか"))?;
    let question = Question::new(BENTO.parse()?, Direction::Backward);
    let chain = app::views::trace::trace(book, &Viewer::Keeper, &question).await?;
    print(&mut out, &trace::lines(&chain))?;

    heading(&mut out, "その弁当を、となりの市の事業所が買った")?;
    print(&mut out, &dealing(book, PURCHASE, Some(BENTO)).await?)?;
    heading(&mut out, "委託販売: 直売所が、ほかの事業所の品を売った日の売上")?;
    print(&mut out, &dealing(book, CONSIGNMENT_SALE, None).await?)?;

    heading(&mut out, "事業所ごとの在庫")?;
    let last = month.last_day();
    let found = app::views::stock::stock(book, &Viewer::Keeper, Some(last), None).await?;
    print(&mut out, &stock::lines(&found))?;

    heading(&mut out, "売掛・買掛と工賃")?;
    let found = app::views::balances::balances(book, &Viewer::Keeper, Some(At::Month(month))).await?;
    print(&mut out, &balances::lines(&found.debts_and_wages()))?;

    heading(&mut out, "たしかめ(yokoito verify)")?;
    let found = verify_book(book, AtTheMachine, None).await?;
    verify::print(&mut out, &found)?;
    writeln!(out)?;
    writeln!(
        out,
        "つぎは: yokoito trace {BENTO} --forward / yokoito balances --month {MONTH} / yokoito --help"
    )?;
    Ok(if found.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn record(book: &Book) -> anyhow::Result<Outcome> {
    let mut all = Outcome::default();
    for file in SAMPLE.files {
        let outcome = import(book, file.as_bytes(), Options::default(), &mut ()).await?;
        all.recorded += outcome.recorded;
        all.already += outcome.already;
        all.refused += outcome.refused;
    }
    if all.refused > 0 {
        bail!(
            "見本の{}件を記録できませんでした。プログラムの誤りです。",
            all.refused
        );
    }
    Ok(all)
}

fn heading(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n■ {text}")
}

fn print(out: &mut impl Write, lines: &[String]) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// A dealing: the goods that moved, and the same dealing in each office's books.
async fn dealing(book: &Book, (office, key): (&str, &str), lot: Option<&str>) -> anyhow::Result<Vec<String>> {
    let reference = EntryRef {
        office: Some(office.parse()?),
        network: None,
        key: key.parse()?,
    };
    let found = entry(book, &Viewer::Keeper, &reference).await?;
    let found = found.with_context(|| format!("伝票 {office} {key} が見つかりません。"))?;
    let mut lines = vec![format!("{} {} 伝票 {key}", found.supplied_on, found.label)];
    lines.extend(goods(&found, lot));
    lines.extend(books(&found.postings));
    Ok(lines)
}

fn goods(found: &EntryView, lot: Option<&str>) -> Vec<String> {
    use table::Align::{Left, Right};
    let rows = found
        .movements
        .iter()
        .filter(|movement| lot.is_none_or(|lot| movement.lot == lot));
    let rows: Vec<Vec<String>> = rows
        .map(|movement| {
            let (from, to) = (&movement.from, &movement.to);
            vec![
                movement.product.name.clone(),
                movement.lot.clone(),
                format!("{}{}", movement.quantity, movement.unit),
                format!("{}の{}", from.holder.name, from.place),
                "→".to_owned(),
                format!("{}({})", to.place, to.owner.name),
            ]
        })
        .collect();
    indented(&table::lines(&[Left, Left, Right, Left, Left, Left], &rows))
}

fn books(postings: &[PostingView]) -> Vec<String> {
    use table::Align::{Left, Right};
    let mut units: Vec<Vec<&PostingView>> = Vec::new();
    for posting in postings {
        let same = |unit: &&mut Vec<&PostingView>| {
            (unit.first()).is_some_and(|one| (&one.unit, one.section) == (&posting.unit, posting.section))
        };
        match units.iter_mut().find(same) {
            Some(unit) => unit.push(posting),
            None => units.push(vec![posting]),
        }
    }
    let mut lines = Vec::new();
    for unit in units {
        let Some(first) = unit.first() else { continue };
        let section = match first.section {
            Some(Section::Welfare) => "(福祉事業)",
            _ => "",
        };
        lines.push(format!("  {}{section}の帳簿", first.unit.name));
        let rows: Vec<Vec<String>> = unit
            .iter()
            .map(|posting| {
                vec![
                    if posting.yen.is_positive() { "借" } else { "貸" }.to_owned(),
                    posting.label.to_owned(),
                    posting
                        .party
                        .as_ref()
                        .map(|party| party.name.clone())
                        .unwrap_or_default(),
                    posting.yen.to_string().trim_start_matches('-').to_owned() + "円",
                    posting.tax.to_string(),
                ]
            })
            .collect();
        lines.extend(indented(&indented(&table::lines(
            &[Left, Left, Left, Right, Left],
            &rows,
        ))));
    }
    lines
}

fn indented(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| format!("  {line}")).collect()
}
