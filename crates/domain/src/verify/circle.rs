//! Lots form no circle.
//!
//! Lots have numbers in the order of their births, and what goes in was mostly born before what comes out: a circle needs
//! at least one link against that order, and only a correction can make one. So only behind such a link is looked.

use std::collections::BTreeSet;

/// A search for a way from the output of a link back to its input, level by level. The caller reads the links.
#[derive(Clone, Debug)]
pub struct Search {
    wanted: i64,
    seen: BTreeSet<i64>,
    open: Vec<i64>,
    found: bool,
}

impl Search {
    /// Whether a link from `input` to `output`, lots by number, needs a search at all.
    pub const fn is_needed(input: i64, output: i64) -> bool {
        input >= output
    }

    /// A search that begins behind the link from `input` to `output`.
    pub fn behind(input: i64, output: i64) -> Search {
        Search {
            wanted: input,
            seen: BTreeSet::from([output]),
            open: vec![output],
            found: input == output,
        }
    }

    /// The lots whose outputs have to be read next; none when the search is over.
    pub fn take_open(&mut self) -> Vec<i64> {
        if self.found {
            self.open.clear();
        }
        std::mem::take(&mut self.open)
    }

    /// Goes along links that hold (net quantity above nought).
    pub fn follow(&mut self, outputs: impl IntoIterator<Item = i64>) {
        for output in outputs {
            self.found |= output == self.wanted;
            if self.seen.insert(output) {
                self.open.push(output);
            }
        }
    }

    /// Whether the way back was found: the link closes a circle.
    pub const fn closes_circle(&self) -> bool {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_circle(links: &[(i64, i64)], input: i64, output: i64) -> bool {
        let mut search = Search::behind(input, output);
        loop {
            let open = search.take_open();
            if open.is_empty() {
                return search.closes_circle();
            }
            let next = links
                .iter()
                .filter(|(from, _)| open.contains(from))
                .map(|(_, to)| *to);
            search.follow(next);
        }
    }

    #[test]
    fn circles_of_one_two_and_three() {
        assert!(is_circle(&[(1, 1)], 1, 1));
        assert!(is_circle(&[(1, 2), (2, 1)], 2, 1));
        assert!(is_circle(&[(1, 2), (2, 3), (3, 1)], 3, 1));
    }

    #[test]
    fn a_later_lot_may_go_into_an_earlier_one() {
        // the correction of lot 1 took lot 4 in; 1 went into 2 and 3, which meet again in 5
        let links = [(4, 1), (1, 2), (1, 3), (2, 5), (3, 5)];
        assert!(Search::is_needed(4, 1) && !Search::is_needed(1, 2));
        assert!(!is_circle(&links, 4, 1));
    }
}
