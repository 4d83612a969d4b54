//! How far a long work has come: drawn on stderr, and only on a terminal.

use crate::table::thousands;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar over entries.
pub struct Entries {
    bar: ProgressBar,
}

impl Entries {
    /// A bar with what is being done in front of it.
    pub fn new(doing: &str) -> Entries {
        let template = format!("{doing} [{{bar:30}}] {{percent}}% {{msg}} 残り {{eta}}");
        let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Entries {
            bar: ProgressBar::new(0).with_style(style.progress_chars("=> ")),
        }
    }

    /// So many entries are done, of so many.
    pub fn reached(&self, done: u64, all: u64) {
        self.bar.set_length(all);
        self.bar.set_position(done);
        self.bar
            .set_message(format!("{}枚", thousands(&done.to_string())));
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
