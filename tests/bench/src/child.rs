//! The program `yokoito` as a process of its own: how long it takes and how much memory it has at most.

use anyhow::{Context, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// How often the memory is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A finished process.
#[derive(Clone, Debug)]
pub struct Finished {
    /// From start to end.
    pub time: Duration,
    /// The most memory it had had (VmHWM) after some time, in KiB.
    memory: Vec<(Duration, u64)>,
    /// What it said on stdout.
    pub output: String,
}

impl Finished {
    /// The most memory it had.
    pub fn mebibytes(&self) -> f64 {
        kib(self.memory.last()) / 1024.0
    }

    /// How many times the memory of its first quarter it had in the end.
    pub fn growth_after_quarter(&self) -> f64 {
        let quarter = self.memory.iter().rfind(|(at, _)| *at <= self.time / 4);
        kib(self.memory.last()) / kib(quarter.or(self.memory.first()))
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn kib(look: Option<&(Duration, u64)>) -> f64 {
    look.map_or(0.0, |(_, kib)| *kib as f64)
}

/// The program beside this one.
pub fn program() -> anyhow::Result<PathBuf> {
    let this = std::env::current_exe()?;
    let program = this.with_file_name(format!("yokoito{}", std::env::consts::EXE_SUFFIX));
    ensure!(program.is_file(), "{} is not built", program.display());
    Ok(program)
}

/// Runs the program with these arguments to its end, which must be a success.
pub fn run(arguments: &[&str]) -> anyhow::Result<Finished> {
    let begun = Instant::now();
    let mut child = Command::new(program()?)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut memory = Vec::new();
    let ended = loop {
        // the peak never falls, so the last look before the end is the peak
        memory.extend(peak(&status).map(|kib| (begun.elapsed(), kib)));
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        std::thread::sleep(LOOK);
    };
    let time = begun.elapsed();
    let output = std::io::read_to_string(child.stdout.take().context("stdout")?)?;
    ensure!(ended.success(), "{arguments:?}: {ended}\n{output}");
    Ok(Finished { time, memory, output })
}

/// Like [`run`], without looking at memory: the time is exact.
pub fn time(arguments: &[&str]) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let output = Command::new(program()?)
        .args(arguments)
        .stdin(Stdio::null())
        .output()?;
    let time = begun.elapsed();
    ensure!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(time)
}

/// The most memory a process has had, in KiB.
pub fn peak(status: &Path) -> Option<u64> {
    let status = fs::read_to_string(status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
