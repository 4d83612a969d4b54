//! System calls as `strace` writes them down, and the question asked of them: was what was answered flushed before?

use acceptance::support::note;
use std::{collections::BTreeMap, env, path::Path, process::Command};

/// Name of the environment variable that says that nothing can be traced here; `tests/run` finds out and reports it.
const CANNOT_TRACE: &str = "YOKOITO_CANNOT_TRACE";

/// A call that went well, by which process or thread, from which line of the trace to which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub pid: u32,
    pub name: String,
    /// Of the file behind the first argument.
    pub path: String,
    /// What was written, sent or received, with escapes, as far as it was kept.
    pub text: String,
    pub begun: usize,
    pub done: usize,
}

/// The words that start a command under `strace`; none where nothing can be traced, which has to be said in
/// `YOKOITO_CANNOT_TRACE`. It writes to the file beside the command, not behind it: what the command starts is traced
/// until it ends.
pub fn strace(output: &Path, calls: &str) -> Option<Vec<String>> {
    if env::var_os(CANNOT_TRACE).is_some() {
        note(&format!(
            "SKIPPED: {CANNOT_TRACE} is set: no system calls are traced"
        ));
        return None;
    }
    let works = Command::new("strace")
        .args(["-D", "-f", "-o", "/dev/null", "true"])
        .output();
    assert!(
        works.as_ref().is_ok_and(|output| output.status.success()),
        "strace is missing or may trace nothing: {works:?}. Install the package strace, or set {CANNOT_TRACE}=1 to leave \
         out what needs it."
    );
    let output = output.to_str().unwrap();
    let trace = format!("trace={calls}");
    let words = ["strace", "-D", "-f", "-y", "-s", "96", "-o", output, "-e", &trace];
    Some(words.map(str::to_owned).to_vec())
}

/// Reads a trace. A call that was interrupted by those of other threads stands on two lines.
pub fn calls(trace: &str) -> Vec<Call> {
    let mut open: BTreeMap<u32, (usize, &str)> = BTreeMap::new();
    let mut calls = Vec::new();
    for (line, text) in trace.lines().enumerate() {
        let Some((pid, text)) = text.trim_start().split_once(' ') else {
            continue;
        };
        let (Ok(pid), text) = (pid.parse(), text.trim_start()) else {
            continue;
        };
        if let Some(first) = text.strip_suffix("<unfinished ...>") {
            open.insert(pid, (line, first));
        } else if text.starts_with("<... ") {
            let Some(((begun, first), (_, rest))) = open.remove(&pid).zip(text.split_once("resumed>")) else {
                continue;
            };
            calls.extend(call(pid, &format!("{first}{rest}"), begun, line));
        } else {
            calls.extend(call(pid, text, line, line));
        }
    }
    calls
}

/// `pwrite64(7</tmp/book.db-wal>, "..."..., 4096, 32) = 4096`; none when it failed or is no call.
fn call(pid: u32, text: &str, begun: usize, done: usize) -> Option<Call> {
    let (name, arguments) = text.split_once('(')?;
    let (arguments, result) = arguments.rsplit_once(" = ")?;
    if result.starts_with(['-', '?']) {
        return None;
    }
    let path = arguments
        .split_once('<')
        .map_or("", |(_, rest)| rest.split('>').next().unwrap_or_default());
    let text = arguments.split_once('"').map_or("", |(_, rest)| {
        rest.rsplit_once('"').map_or(rest, |(text, _)| text)
    });
    Some(Call {
        pid,
        name: name.to_owned(),
        path: path.to_owned(),
        text: text.to_owned(),
        begun,
        done,
    })
}

impl Call {
    pub fn writes(&self) -> bool {
        ["write", "pwrite64", "writev", "pwritev"].contains(&self.name.as_str())
    }

    pub fn flushes(&self) -> bool {
        ["fsync", "fdatasync"].contains(&self.name.as_str())
    }
}

/// Whether a flush of these files began after all that was written to them by then and was done before this moment. A
/// write within `since` and the moment is asked for, so that an answer to nothing proves nothing.
pub fn flushed_before(
    calls: &[Call],
    is_log: impl Fn(&Call) -> bool,
    since: usize,
    moment: usize,
) -> Result<(), String> {
    let is_meant = |call: &&Call| call.writes() && is_log(call) && since < call.begun && call.begun < moment;
    let Some(last) = calls.iter().rfind(is_meant) else {
        return Err(format!(
            "nothing was written between the lines {since} and {moment} of the trace"
        ));
    };
    let flushed = calls
        .iter()
        .any(|call| call.flushes() && is_log(call) && last.done < call.begun && call.done < moment);
    if flushed {
        Ok(())
    } else {
        Err(format!(
            "line {moment} of the trace answers, and no flush came after line {} wrote to {}",
            last.begun, last.path
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_log(call: &Call) -> bool {
        call.path.ends_with("-wal")
    }

    const GOOD: &str = "\
7 pwrite64(9</b.db-wal>, \"frame\", 4096, 32) = 4096
8 read(3</in>, \"x\", 1) = 1
7 fdatasync(9</b.db-wal> <unfinished ...>
8 write(4</report>, \"0 0\\n\", 4) = 4
7 <... fdatasync resumed>) = 0
8 write(4</report>, \"1 31\\n\", 5) = 5
";

    #[test]
    fn calls_are_read_also_when_they_stand_on_two_lines() {
        let calls = calls(GOOD);
        assert_eq!(calls.len(), 5);
        let flush = calls.iter().find(|call| call.flushes()).unwrap();
        assert_eq!((flush.pid, flush.begun, flush.done), (7, 2, 4));
        let last = calls.last().unwrap();
        assert_eq!((last.path.as_str(), last.text.as_str()), ("/report", "1 31\\n"));
    }

    #[test]
    fn a_flush_counts_when_it_is_done_and_covers_all_that_was_written() {
        let calls_of = |text: &str| calls(text);
        let good = calls_of(GOOD);
        flushed_before(&good, is_log, 0, 6).unwrap_err(); // since line 0, nothing new
        let from_the_start = |text: &str| {
            let text = format!("1 getpid() = 1\n{text}");
            let calls = calls_of(&text);
            let answers: Vec<usize> = calls
                .iter()
                .filter(|call| call.path == "/report")
                .map(|call| call.begun)
                .collect();
            answers
                .into_iter()
                .map(|answer| flushed_before(&calls, is_log, 0, answer).is_ok())
                .collect::<Vec<_>>()
        };
        // the first answer came while the flush was under way
        assert_eq!(from_the_start(GOOD), [false, true]);
        let no_flush: String = GOOD
            .lines()
            .filter(|line| !line.contains("fdatasync"))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(from_the_start(&no_flush), [false, false]);
        assert_eq!(
            from_the_start(&GOOD.replace("resumed>) = 0", "resumed>) = -1 EIO (Input/output error)")),
            [false, false]
        );
        assert_eq!(
            from_the_start(&GOOD.replace("fdatasync(9</b.db-wal>", "fdatasync(9</b.db>")),
            [false, false]
        );
        let later = GOOD.replace(
            "8 read(3</in>, \"x\", 1) = 1",
            "8 write(4</report>, \"9 9\\n\", 4) = 4",
        );
        assert_eq!(from_the_start(&later), [false, false, true]);
    }
}
