//! The nine lines of a report. However much is wrong, it stays small.

use super::{Finding, Invariant};

/// Findings that are kept of each invariant; the others are counted.
pub const SHOWN: usize = 100;

/// One invariant and what breaks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub invariant: Invariant,
    /// The first [`SHOWN`] findings.
    pub findings: Vec<Finding>,
    /// How many there are.
    pub count: u64,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    lines: Vec<Line>,
}

impl Default for Report {
    fn default() -> Report {
        let line = |invariant| Line {
            invariant,
            findings: Vec::new(),
            count: 0,
        };
        Report {
            lines: Invariant::ALL.map(line).to_vec(),
        }
    }
}

impl Report {
    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        let mut lines = self.lines.iter_mut();
        if let Some(line) = lines.find(|line| line.invariant == finding.invariant) {
            line.count += 1;
            if line.findings.len() < SHOWN {
                line.findings.push(finding);
            }
        }
    }

    /// The nine lines, in order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// All findings that were kept.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.lines.iter().flat_map(|line| &line.findings)
    }

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.lines.iter().all(|line| line.count == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Problem;

    #[test]
    fn a_hundred_are_kept_and_all_are_counted() {
        let mut report = Report::default();
        assert!(report.is_clean());
        for sum in 0..250 {
            report.add(Finding::new(Invariant::Shared, [], Problem::YenLost { sum }));
        }
        assert!(!report.is_clean());
        assert_eq!(report.findings().count(), SHOWN);
        assert_eq!(report.lines()[8].count, 250);
        assert_eq!(report.lines()[0].count, 0);
    }
}
