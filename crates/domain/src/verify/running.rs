//! A quantity or a sum of yen, day by day.

/// What moved at one lot and place, or on one account, folded in the order of days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// Sum so far, smallest steps or yen.
    pub sum: i128,
    /// The last day something moved, `yyyymmdd`; 0 before the first.
    pub last_day: i32,
    /// The first day that ended below nought, and with how much.
    pub below: Option<(i32, i128)>,
}

impl Running {
    /// Adds what moved on a day, in and out together. Days come in order, each once.
    pub fn add(&mut self, day: i32, moved: i128) {
        self.sum = self.sum.saturating_add(moved);
        self.last_day = day;
        if self.sum < 0 && self.below.is_none() {
            self.below = Some((day, self.sum));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_below_nought_is_kept() {
        let mut stock = Running::default();
        for (day, moved) in [
            (20_260_601, 10),
            (20_260_603, -12),
            (20_260_604, -1),
            (20_260_605, 5),
        ] {
            stock.add(day, moved);
        }
        assert_eq!(stock.sum, 2);
        assert_eq!(stock.last_day, 20_260_605);
        assert_eq!(stock.below, Some((20_260_603, -2)));
    }

    #[test]
    fn emptied_is_not_below() {
        let mut stock = Running::default();
        stock.add(20_260_601, 3);
        stock.add(20_260_602, -3);
        assert_eq!((stock.sum, stock.below), (0, None));
    }
}
