//! What is measured, and how large: the command line.

use crate::{
    books::Contents,
    closing, import, netting,
    place::{self, Engine},
    probe::Shape,
    reading, recording, serving, size, verifying,
};
use clap::{Parser, ValueEnum};
use std::{path::PathBuf, time::Duration};

/// A group of measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Group {
    /// Acts recorded a second, beside B0, B1, single commits.
    Recording,
    /// Acts and views over HTTP, from a server of its own.
    Serving,
    /// Import of many acts, beside COPY, one big transaction.
    Import,
    /// Trace and recall in small and large books.
    Reading,
    /// Verification of a whole book.
    Verify,
    /// Month end of a network: all pairs settled, read and agreed on; one statement.
    Closing,
    /// The plan of a netting.
    Netting,
    /// Size on disk, of the program; its start.
    Size,
}

/// Measures the book beside fixed baselines and prints one table. Without groups it measures all of them.
#[derive(Debug, Parser)]
#[command(name = "tests/bench/run")]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct Arguments {
    /// Groups of measures.
    pub groups: Vec<Group>,
    /// Only on this engine.
    #[arg(long)]
    engine: Option<Engine>,
    /// Rounds of each figure, ours and the baselines in turn; 5 if not said otherwise.
    #[arg(long)]
    rounds: Option<usize>,
    /// Seconds of one figure of recording and reading; 3 if not said otherwise.
    #[arg(long)]
    seconds: Option<u64>,
    /// Numbers of recorders; 1, 16, 64 and 256 if not said otherwise.
    #[arg(long, value_delimiter = ',')]
    recorders: Vec<usize>,
    /// Acts of the import of each round; 100,000 if not said otherwise.
    #[arg(long)]
    acts: Option<usize>,
    /// Also reads in a book of 10 million acts. Building it takes an hour and 20 GB.
    #[arg(long)]
    large: bool,
    /// Everything small and short, in about a minute: figures that mean little.
    #[arg(long, conflicts_with = "large")]
    quick: bool,
    /// Only to see that it works: a few dozen acts.
    #[arg(long, conflicts_with_all = ["large", "quick"])]
    smoke: bool,
    /// Ours without the baselines.
    #[arg(long)]
    alone: bool,
    /// Folder of the books that are kept.
    #[arg(long, default_value = "target/bench-cache")]
    pub cache: PathBuf,
    /// URL of the PostgreSQL server.
    #[arg(long, env = place::SERVER)]
    pub server: Option<String>,
    /// Only lets the server take as many clients as there are recorders, from its next start on.
    #[arg(long, requires = "server")]
    pub prepare_server: bool,
    /// Page that the table is written onto.
    #[arg(long)]
    pub results: Option<PathBuf>,
}

/// Sizes of a run.
struct Scale {
    rounds: usize,
    time: Duration,
    recorders: &'static [usize],
    offices: usize,
    lots: usize,
    small: usize,
    middle: usize,
    full: usize,
    shape: Shape,
    /// Offices, shops of each, sales of each pair.
    month: (usize, usize, usize),
}

/// As many offices as recorders at the goals, so that the tills of B0 need not wait for each other's sums.
const NORMAL: Scale = Scale {
    rounds: 5,
    time: Duration::from_secs(3),
    recorders: &[1, 16, 64, 256],
    offices: 64,
    lots: 20,
    small: 10_000,
    middle: 100_000,
    full: 1_000_000,
    shape: Shape::FULL,
    month: (400, 5, 400),
};

const QUICK: Scale = Scale {
    rounds: 2,
    time: Duration::from_millis(500),
    recorders: &[1, 64],
    small: 5_000,
    middle: 10_000,
    full: 40_000,
    month: (40, 5, 40),
    ..NORMAL
};

const SMOKE: Scale = Scale {
    rounds: 1,
    time: Duration::from_millis(50),
    recorders: &[1, 3],
    offices: 2,
    lots: 2,
    small: 320,
    middle: 360,
    full: 400,
    shape: Shape::SMALL,
    month: (8, 1, 3),
};

const LARGE: usize = 10_000_000;

impl Arguments {
    /// Whether a group is to be measured.
    pub fn wants(&self, group: Group) -> bool {
        self.groups.is_empty() || self.groups.contains(&group)
    }

    /// On which engines.
    pub fn engines(&self) -> Vec<Engine> {
        match self.engine {
            Some(engine) => vec![engine],
            None => vec![Engine::Postgres, Engine::Sqlite],
        }
    }

    fn scale(&self) -> Scale {
        let scale = match (self.quick, self.smoke) {
            (true, _) => QUICK,
            (_, true) => SMOKE,
            _ => NORMAL,
        };
        Scale {
            rounds: self.rounds.unwrap_or(scale.rounds),
            time: self.seconds.map_or(scale.time, Duration::from_secs),
            middle: self.acts.unwrap_or(scale.middle),
            ..scale
        }
    }

    /// What of recording.
    pub fn recording(&self) -> recording::Plan {
        let scale = self.scale();
        let recorders = if self.recorders.is_empty() {
            scale.recorders.to_vec()
        } else {
            self.recorders.clone()
        };
        recording::Plan {
            engines: self.engines(),
            offices: scale.offices,
            lots: scale.lots,
            recorders,
            time: scale.time,
            rounds: scale.rounds,
            baselines: !self.alone,
        }
    }

    /// What of the server.
    pub fn serving(&self) -> serving::Plan {
        let scale = self.scale();
        serving::Plan {
            recording: self.recording(),
            book: scale.book(scale.full),
        }
    }

    /// What of import. With a size of one's own the large file is left out.
    pub fn import(&self) -> import::Plan {
        let scale = self.scale();
        import::Plan {
            engines: self.engines(),
            each: scale.book(scale.middle),
            once: self.acts.is_none().then(|| scale.book(scale.full)),
            rounds: scale.rounds,
            baselines: !self.alone,
            people: scale.time * 2,
        }
    }

    /// What of reading.
    pub fn reading(&self) -> reading::Plan {
        let scale = self.scale();
        let mut books = vec![scale.book(scale.small), scale.book(scale.full)];
        if self.large {
            books.push(scale.book(LARGE));
        }
        reading::Plan {
            engines: self.engines(),
            books,
            rounds: scale.rounds,
            time: scale.time,
        }
    }

    /// What of verification.
    pub fn verifying(&self) -> verifying::Plan {
        let scale = self.scale();
        verifying::Plan {
            engines: self.engines(),
            books: vec![scale.book(scale.middle), scale.book(scale.full)],
            rounds: scale.rounds,
        }
    }

    /// What of month end.
    pub fn closing(&self) -> closing::Plan {
        let scale = self.scale();
        closing::Plan {
            engines: self.engines(),
            size: scale.month,
            rounds: scale.rounds,
            time: scale.time,
        }
    }

    /// What of netting.
    pub fn netting(&self) -> netting::Plan {
        netting::Plan {
            offices: 400,
            pairs: 20,
            rounds: self.scale().rounds,
        }
    }

    /// What of sizes.
    pub fn size(&self) -> size::Plan {
        let scale = self.scale();
        size::Plan {
            engines: self.engines(),
            book: scale.book(scale.full),
            rounds: scale.rounds,
        }
    }
}

impl Scale {
    fn book(&self, acts: usize) -> Contents {
        Contents {
            acts,
            shape: self.shape,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
        let arguments =
            Arguments::parse_from(["run", "recording", "size", "--recorders", "1,2", "--rounds", "2"]);
        assert!(arguments.wants(Group::Size) && !arguments.wants(Group::Reading));
        let plan = arguments.recording();
        assert_eq!((plan.recorders, plan.rounds, plan.offices), (vec![1, 2], 2, 64));
    }
}
