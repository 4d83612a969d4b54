//! Where a complete subtree of the log stands, and which subtrees a proof is made of.

/// A complete subtree: its 2^height leaves begin with leaf index * 2^height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub height: u32,
    pub index: u64,
}

impl Node {
    pub fn leaf(index: u64) -> Self {
        Self { height: 0, index }
    }

    pub fn is_right_child(self) -> bool {
        self.index % 2 == 1
    }

    pub fn parent(self) -> Self {
        Self {
            height: self.height + 1,
            index: self.index / 2,
        }
    }
}

/// Leaves `first..end`, which form one (perhaps incomplete) subtree of the RFC's recursion; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    first: u64,
    end: u64,
}

impl Span {
    /// The complete subtrees it consists of, largest first: one for each 1 bit of its length.
    pub fn nodes(self) -> impl Iterator<Item = Node> {
        let mut first = self.first;
        std::iter::from_fn(move || {
            let height = (self.end - first).checked_ilog2()?;
            let node = Node {
                height,
                index: first >> height,
            };
            first += 1 << height;
            Some(node)
        })
    }

    /// The two halves of the RFC's recursion, or `None` for a single leaf.
    fn split(self) -> Option<(Self, Self)> {
        let height = (self.end - self.first).checked_sub(1)?.checked_ilog2()?;
        let middle = self.first + (1 << height);
        Some((
            Self { end: middle, ..self },
            Self {
                first: middle,
                ..self
            },
        ))
    }
}

/// The complete subtrees of a tree of `size` leaves, largest first.
pub(super) fn peaks(size: u64) -> impl Iterator<Item = Node> {
    Span { first: 0, end: size }.nodes()
}

/// The siblings on the way from leaf `index` up to the root of `size` leaves; the caller checks index < size.
pub(super) fn inclusion_spans(index: u64, size: u64) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut here = Span { first: 0, end: size };
    while let Some((left, right)) = here.split() {
        let (next, sibling) = if index < right.first {
            (left, right)
        } else {
            (right, left)
        };
        spans.push(sibling);
        here = next;
    }
    spans.reverse();
    spans
}

/// The subtrees that tie the tree of `old` leaves to the one of `new`; the caller checks 0 < old <= new.
pub(super) fn consistency_spans(old: u64, new: u64) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut here = Span { first: 0, end: new };
    while here.end != old {
        let Some((left, right)) = here.split() else { break };
        let (next, sibling) = if old <= right.first {
            (left, right)
        } else {
            (right, left)
        };
        spans.push(sibling);
        here = next;
    }
    // a subtree that begins with leaf 0 and ends with the old tree is the old tree: its root is known
    if here.first != 0 {
        spans.push(here);
    }
    spans.reverse();
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(spans: &[Span]) -> Vec<(u64, u64)> {
        spans.iter().map(|span| (span.first, span.end)).collect()
    }

    /// RFC 6962, section 2.1.3: the tree of seven leaves d0..d6.
    #[test]
    fn examples_of_the_rfc() {
        // PATH(0): [b, h, l]   PATH(3): [c, g, l]   PATH(4): [f, j, k]   PATH(6): [i, k]
        assert_eq!(spans(&inclusion_spans(0, 7)), [(1, 2), (2, 4), (4, 7)]);
        assert_eq!(spans(&inclusion_spans(3, 7)), [(2, 3), (0, 2), (4, 7)]);
        assert_eq!(spans(&inclusion_spans(4, 7)), [(5, 6), (6, 7), (0, 4)]);
        assert_eq!(spans(&inclusion_spans(6, 7)), [(4, 6), (0, 4)]);
        // PROOF(3): [c, d, g, l]   PROOF(4): [l]   PROOF(6): [i, j, k]
        assert_eq!(spans(&consistency_spans(3, 7)), [(2, 3), (3, 4), (0, 2), (4, 7)]);
        assert_eq!(spans(&consistency_spans(4, 7)), [(4, 7)]);
        assert_eq!(spans(&consistency_spans(6, 7)), [(4, 6), (6, 7), (0, 4)]);
        assert_eq!(spans(&consistency_spans(7, 7)), []);
    }

    #[test]
    fn peaks_follow_the_bits_of_the_size() {
        let peaks_of = |size| {
            peaks(size)
                .map(|node| (node.height, node.index))
                .collect::<Vec<_>>()
        };
        assert_eq!(peaks_of(0), []);
        assert_eq!(peaks_of(7), [(2, 0), (1, 2), (0, 6)]);
        assert_eq!(peaks_of(u64::MAX).len(), 64);
    }

    #[test]
    fn largest_sizes_do_not_overflow() {
        assert_eq!(inclusion_spans(u64::MAX - 1, u64::MAX).len(), 63);
        assert_eq!(inclusion_spans(0, u64::MAX).len(), 64);
        assert_eq!(consistency_spans(1 << 63, u64::MAX).len(), 1);
        assert_eq!(consistency_spans(u64::MAX - 1, u64::MAX).len(), 64);
    }
}
