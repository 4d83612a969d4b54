//! Which lines of entries hold: what a reversal took back and what a correction replaced is not history to show.

use std::collections::BTreeMap;

/// Lines of one entry, in the order they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines<T> {
    /// Position of the entry that this one mirrors.
    pub reverses: Option<u64>,
    /// The mirror of what that entry held, line by line, then this entry's own lines.
    pub lines: Vec<T>,
}

/// The lines that hold, by position. An entry that mirrors another begins with as many lines as the other held; both
/// fall away. That is also true of the lines of a single lot, so a lot's lines can be looked at alone.
pub fn holding<T>(entries: BTreeMap<u64, Lines<T>>) -> BTreeMap<u64, Vec<T>> {
    let mut held: BTreeMap<u64, Vec<T>> = BTreeMap::new();
    for (seq, Lines { reverses, mut lines }) in entries {
        let mirrored = reverses
            .and_then(|target| held.remove(&target))
            .map_or(0, |lines| lines.len());
        held.insert(seq, lines.split_off(mirrored.min(lines.len())));
    }
    held.retain(|_, lines| !lines.is_empty());
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(reverses: Option<u64>, lines: &[&'static str]) -> Lines<&'static str> {
        Lines {
            reverses,
            lines: lines.to_vec(),
        }
    }

    #[test]
    fn what_was_corrected_twice_holds_once() {
        let entries = [
            (1, lines(None, &["made 20"])),
            (2, lines(None, &["shipped 12"])),
            (3, lines(Some(1), &["unmade 20", "made 16"])),
            (4, lines(Some(3), &["unmade 16", "made 18", "made 1"])),
        ];
        let held = holding(entries.into());
        assert_eq!(
            held,
            [(2, vec!["shipped 12"]), (4, vec!["made 18", "made 1"])].into()
        );
    }

    #[test]
    fn a_reversed_correction_leaves_nothing() {
        let entries = [
            (1, lines(None, &["made 20"])),
            (3, lines(Some(1), &["unmade 20", "made 16"])),
            (5, lines(Some(3), &["unmade 16"])),
        ];
        assert_eq!(holding(entries.into()), BTreeMap::new());
    }

    #[test]
    fn a_correction_that_first_brings_a_lot_in_has_no_mirror_of_it() {
        assert_eq!(
            holding([(7, lines(Some(2), &["made 3"]))].into()),
            [(7, vec!["made 3"])].into()
        );
    }
}
