//! Figures of a run: samples of rounds, their median and spread, goals.

use std::time::Duration;

/// Missed by less than this part of the goal is within what identical runs differ by.
const NOISE: f64 = 0.4;

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Line {
    /// Group of measures.
    pub group: &'static str,
    /// What was measured.
    pub what: String,
    /// On which engine.
    pub engine: String,
    /// Unit.
    pub unit: &'static str,
    /// One figure a round.
    pub rounds: Vec<f64>,
    /// What it should be.
    pub goal: Option<Goal>,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
}

impl Goal {
    /// How much of the goal was reached: 1 and more is met.
    pub fn reached(self, figure: f64) -> f64 {
        match self {
            Goal::AtLeast(goal) => figure / goal,
            Goal::AtMost(goal) => goal / figure,
        }
    }

    /// Met, nearly met or missed.
    pub fn verdict(self, figure: f64) -> &'static str {
        let reached = self.reached(figure);
        if reached >= 1.0 {
            "met"
        } else if reached >= 1.0 - NOISE {
            "met within noise"
        } else {
            "missed"
        }
    }
}

/// The middle one of some figures.
pub fn median(figures: &[f64]) -> f64 {
    quantile(figures, 500)
}

/// The figure that so many of a thousand do not exceed (nearest rank).
pub fn quantile(figures: &[f64], of_1000: usize) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * of_1000).div_ceil(1000).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0.0)
}

/// Least and greatest.
pub fn spread(figures: &[f64]) -> (f64, f64) {
    let least = figures.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = figures.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (least, greatest)
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// How often something happened a second.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub fn a_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// One figure over another, round by round.
pub fn ratios(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    ours.iter()
        .zip(theirs)
        .map(|(ours, theirs)| ours / theirs)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_nearly_met_or_missed() {
        for (figure, verdict) in [
            (1.3, "met"),
            (1.2, "met within noise"),
            (0.79, "met within noise"),
            (0.77, "missed"),
        ] {
            assert_eq!(Goal::AtLeast(1.3).verdict(figure), verdict, "{figure}");
        }
        for (figure, verdict) in [(3.0, "met"), (4.9, "met within noise"), (5.1, "missed")] {
            assert_eq!(Goal::AtMost(3.0).verdict(figure), verdict, "{figure}");
        }
    }

    #[test]
    fn figures_are_put_in_order() {
        let figures = [5.0, 1.0, 3.0, 2.0, 4.0];
        assert_eq!((median(&figures), spread(&figures)), (3.0, (1.0, 5.0)));
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!((quantile(&hundred, 990), quantile(&hundred, 1000)), (99.0, 100.0));
        assert!((quantile(&[7.0], 990) - 7.0).abs() < 1e-9);
        assert_eq!(ratios(&[2.0, 9.0], &[1.0, 3.0]), [2.0, 3.0]);
    }
}
