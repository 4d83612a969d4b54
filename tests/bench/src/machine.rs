//! What the figures were measured on: machine, disk, versions, commit, day.

use crate::place::{Engine, Places};
use app::outside::{Clock, SystemClock};
use domain::calendar::business_day;
use std::{
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    path::Path,
    process::Command,
    time::Instant,
};

/// Writes of the disk's measure.
const WRITES: usize = 200;
/// Bytes of each.
const PAGE: [u8; 4096] = [7; 4096];

/// As Markdown.
pub async fn described(places: &Places, engines: &[Engine]) -> anyhow::Result<String> {
    let mut text = String::new();
    let cores = std::thread::available_parallelism()?;
    let processor = in_file("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = in_file("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".to_owned());
    writeln!(
        text,
        "- {processor}, {cores} cores, memory {memory}, {}",
        std::env::consts::OS
    )?;
    writeln!(
        text,
        "- disk: {} ms to write 4 KiB and flush it (median of {WRITES})",
        flush(&places.cache)?
    )?;
    for engine in engines {
        let version = match engine {
            Engine::Postgres => "SHOW server_version",
            Engine::Sqlite => "SELECT sqlite_version()",
        };
        let place = places.place(*engine, "machine_version")?;
        writeln!(text, "- {engine} {}", place.text(version).await?)?;
        place.remove().await?;
    }
    writeln!(text, "- {}", said("rustc", &["--version"]))?;
    let changed = if said("git", &["status", "--porcelain", "--untracked-files=no"]).is_empty() {
        ""
    } else {
        " with changes"
    };
    let day = business_day(SystemClock.now());
    writeln!(
        text,
        "- commit {}{changed}, {day}",
        said("git", &["rev-parse", "--short=12", "HEAD"])
    )?;
    Ok(text)
}

/// The value of a line `name: value`.
fn in_file(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    output.unwrap_or_else(|_| format!("{program} unknown"))
}

/// Median of the time it takes until a page is on the disk, in milliseconds with three decimals.
fn flush(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join("flush");
    let mut file = File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..WRITES {
        let begun = Instant::now();
        file.write_all(&PAGE)?;
        file.sync_data()?;
        times.push(crate::figures::ms(begun.elapsed()));
    }
    fs::remove_file(path)?;
    Ok(format!("{:.3}", crate::figures::median(&times)))
}
