//! What a clerk waits for the pages of an office in a large book, one after the other on one connection, everything warm; how large
//! they are, and the scripts of all of them together.

use super::{Client, MEMORY, Plan, Server, line, people, reading::ask};
use crate::{
    books,
    figures::{Goal, Line, median, quantile},
    place::{Engine, Places},
    probe, product, progress, world,
};
use anyhow::Context;
use std::{collections::BTreeSet, path::Path};

/// Milliseconds that nineteen of twenty wait at most.
const P95: f64 = 50.0;
/// Bytes of a page, and of all scripts, in thousands.
const PAGE: f64 = 100.0;
const SCRIPTS: f64 = 30.0;

/// Pages of an office, after its address. `{lot}`, `{entry}` are put in.
const PAGES: [&str; 19] = [
    "",
    "/produce",
    "/process",
    "/stock",
    "/lots/{lot}",
    "/lots/{lot}/recall",
    "/ship",
    "/ship?to={other}",
    "/receive",
    "/order",
    "/order?to={other}",
    "/sell",
    "/entries",
    "/entries/{entry}",
    "/use",
    "/dispose",
    "/count",
    "/money",
    "/proposals",
];

pub(super) async fn run(places: &Places, plan: &Plan, engine: Engine) -> anyhow::Result<Vec<Line>> {
    let place = books::kept(places, engine, plan.book).await?;
    let movements = place.number("SELECT COUNT(*) FROM movement").await?;
    let (farm, kitchen) = (world::office(0), world::office(5));
    let book = product::open(&place).await?;
    let staff = people::staff(&book, std::slice::from_ref(&kitchen)).await?;
    book.close().await?;
    let (login, password) = staff.into_iter().next().context("somebody")?;
    let server = Server::start(places, &place)?;
    let mut client = Client::logged_in(server.address, &login, &password).await?;
    let lot = probe::bento_lots(&plan.book.shape).into_iter().next();
    let lot = lot.context("a lot")?;
    let listed = text(&mut client, &format!("/o/{kitchen}/entries")).await?;
    let entry = listed.split("/entries/").nth(1).context("an entry")?;
    let entry: String = entry.chars().take(36).collect();
    let mut lines = Vec::new();
    let (mut slowest, mut largest, mut scripts) = (Vec::new(), 0, BTreeSet::new());
    for page in PAGES {
        let page = page
            .replace("{lot}", &lot)
            .replace("{entry}", &entry)
            .replace("{other}", &farm);
        let path = format!("/o/{kitchen}{page}");
        let html = text(&mut client, &path).await?;
        largest = largest.max(html.len());
        scripts.extend(html.split("src=\"").skip(1).filter_map(|rest| {
            let address = rest.split('"').next()?;
            let is_script = Path::new(address).extension().is_some_and(|end| end == "js");
            is_script.then(|| address.to_owned())
        }));
        let mut p95 = Vec::new();
        for _ in 0..plan.recording.rounds {
            let latencies = ask(&mut client, std::slice::from_ref(&path), plan.recording.time / 10).await?;
            p95.push(quantile(&latencies, 950));
        }
        progress::say(&format!(
            "    {engine} {path}: p95 {:.2} ms, {} bytes",
            median(&p95),
            html.len()
        ));
        slowest.push((median(&p95), page, p95));
    }
    slowest.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    for (_, page, p95) in slowest {
        let name = if page.is_empty() {
            "home"
        } else {
            page.trim_start_matches('/')
        };
        let what = format!("page {name} among {movements} movements, p95");
        lines.push(line(engine, what, "ms", p95, Some(Goal::AtMost(P95))));
    }
    let mut of_scripts = 0;
    for script in scripts {
        of_scripts += client.get(&script).await?.len();
    }
    for (what, bytes, goal) in [
        ("largest page", largest, PAGE),
        ("all scripts", of_scripts, SCRIPTS),
    ] {
        lines.push(line(
            engine,
            what.to_owned(),
            "kB",
            vec![thousands(bytes)],
            Some(Goal::AtMost(goal)),
        ));
    }
    let most = vec![server.mebibytes()?];
    let what = "most memory of the server, pages".to_owned();
    lines.push(line(engine, what, "MiB", most, Some(Goal::AtMost(MEMORY))));
    server.stop()?;
    Ok(lines)
}

async fn text(client: &mut Client, path: &str) -> anyhow::Result<String> {
    Ok(String::from_utf8(client.get(path).await?.to_vec())?)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn thousands(bytes: usize) -> f64 {
    bytes as f64 / 1_000.0
}
