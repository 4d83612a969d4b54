//! What is going on, on stderr, with the time since the beginning.

use std::{
    io::{self, Write},
    sync::LazyLock,
    time::Instant,
};

static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Says it. A reader that has gone away stops nothing.
pub fn say(what: &str) {
    let seconds = BEGUN.elapsed().as_secs();
    drop(writeln!(io::stderr().lock(), "{seconds:>5} s  {what}"));
}
