//! Hand-made links with figures worked out by hand.

use super::*;
use crate::trace::{Edge, Walk};

fn edge(input: u32, output: u32, quantity: i64) -> Edge<u32> {
    Edge {
        input,
        output,
        quantity,
    }
}

/// Walks to the end; panics when a lot is asked for twice. The second value is the number of levels asked for.
fn walk(root: u32, direction: Direction, levels: usize, edges: &[Edge<u32>]) -> (Walk<u32>, usize) {
    let mut walk = Walk::new(root, direction, levels);
    let mut by_near: BTreeMap<u32, Vec<Edge<u32>>> = BTreeMap::new();
    for edge in edges {
        let near = if direction == Direction::Backward {
            edge.output
        } else {
            edge.input
        };
        by_near.entry(near).or_default().push(*edge);
    }
    let (mut asked, mut rounds) = (BTreeSet::new(), 0);
    while !walk.wanted().is_empty() {
        assert!(walk.wanted().iter().all(|lot| asked.insert(*lot)), "asked twice");
        let level: Vec<Edge<u32>> = walk
            .wanted()
            .iter()
            .flat_map(|lot| by_near.get(lot).into_iter().flatten())
            .copied()
            .collect();
        walk.feed(level);
        rounds += 1;
    }
    (walk, rounds)
}

/// Carrots 1 (12 kg) and 2 (8 kg) and rice 3 (10 kg) into bento 10 (50) and, in one processing, a by-product 11 (5).
const KITCHEN: [Edge<u32>; 4] = [
    Edge {
        input: 1,
        output: 10,
        quantity: 6_000,
    },
    Edge {
        input: 2,
        output: 10,
        quantity: 4_000,
    },
    Edge {
        input: 3,
        output: 10,
        quantity: 5_000,
    },
    Edge {
        input: 1,
        output: 11,
        quantity: 500,
    },
];

fn kitchen_size(lot: u32) -> i64 {
    match lot {
        1 => 12_000,
        2 => 8_000,
        3 => 10_000,
        10 => 50,
        11 => 5,
        _ => 0,
    }
}

#[test]
fn of_forty_bento_four_fifths_of_what_was_used() {
    let (walk, _) = walk(10, Direction::Backward, 10, &KITCHEN);
    let tree = walk.genealogy(Fraction::whole(40), kitchen_size);
    // 40 of 50: 4.8 kg and 3.2 kg of carrots, 4 kg of rice
    assert_eq!(tree.totals[&1], Fraction::whole(4_800));
    assert_eq!(tree.totals[&2], Fraction::whole(3_200));
    assert_eq!(tree.totals[&3], Fraction::whole(4_000));
    // 4.8 of 12 kg
    assert_eq!(
        tree.totals[&1].of(Fraction::whole(12_000)).percent().to_string(),
        "40"
    );
    assert_eq!(tree.ends, [1, 2, 3].into());
    let rows: Vec<(usize, u32, i128)> = tree
        .steps
        .iter()
        .map(|step| (step.depth, step.lot, step.linked))
        .collect();
    assert_eq!(rows, [(0, 10, 0), (1, 1, 6_000), (1, 2, 4_000), (1, 3, 5_000)]);
}

#[test]
fn forward_the_root_is_shared_by_what_was_used() {
    let (walk, _) = walk(1, Direction::Forward, 10, &KITCHEN);
    let tree = walk.genealogy(Fraction::whole(12_000), kitchen_size);
    assert_eq!(tree.totals[&10], Fraction::whole(6_000));
    assert_eq!(tree.totals[&11], Fraction::whole(500));
    // of 6 kg of this lot the same half
    let half = walk.genealogy(Fraction::whole(6_000), kitchen_size);
    assert_eq!(half.totals[&10], Fraction::whole(3_000));
}

#[test]
fn a_corrected_processing_counts_once_and_a_reversed_one_not_at_all() {
    // 6 kg recorded, put right to 5 kg of lot 1; lot 2 was taken back
    let edges = [
        edge(1, 10, 6_000),
        edge(2, 10, 4_000),
        edge(1, 10, -6_000),
        edge(2, 10, -4_000),
        edge(1, 10, 5_000),
    ];
    let (walk, _) = walk(10, Direction::Backward, 10, &edges);
    let tree = walk.genealogy(Fraction::whole(50), kitchen_size);
    assert_eq!(tree.totals.get(&1), Some(&Fraction::whole(5_000)));
    assert_eq!(tree.totals.get(&2), None);
    assert_eq!(tree.steps.len(), 2);
}

#[test]
fn a_lot_on_two_ways_is_shown_once_and_summed() {
    // flour 1 → dough 2 and glaze 3 → bread 4; 10 of 20 dough and 1 of 2 glaze go in
    let edges = [edge(1, 2, 900), edge(1, 3, 100), edge(2, 4, 10), edge(3, 4, 1)];
    let size = |lot| [0, 1_000, 20, 2, 30][lot as usize];
    let (back, _) = walk(4, Direction::Backward, 10, &edges);
    let tree = back.genealogy(Fraction::whole(30), size);
    // 900 × 10/20 + 100 × 1/2
    assert_eq!(tree.totals[&1], Fraction::whole(500));
    let flour: Vec<_> = tree.steps.iter().filter(|step| step.lot == 1).collect();
    assert_eq!(
        (flour[0].meeting, flour[0].part),
        (Meeting::First, Fraction::whole(450))
    );
    assert_eq!(
        (flour[1].meeting, flour[1].part),
        (Meeting::Again, Fraction::whole(50))
    );

    let (forward, _) = walk(1, Direction::Forward, 10, &edges);
    let tree = forward.genealogy(Fraction::whole(1_000), size);
    assert_eq!(tree.totals[&4], Fraction::whole(500));
    assert_eq!(tree.ends, [4].into());
}

#[test]
fn a_part_of_a_part_stays_exact() {
    // a third of a seventh: 1 of 7 steps of lot 1 into 2, 1 of 3 of lot 2 into 3
    let edges = [edge(1, 2, 1), edge(2, 3, 1)];
    let size = |lot| [0, 7, 3, 1][lot as usize];
    let (walk, _) = walk(3, Direction::Backward, 10, &edges);
    let tree = walk.genealogy(Fraction::whole(1), size);
    assert_eq!(tree.totals[&1], Fraction::new(1, 3));
    assert_eq!(tree.totals[&1].of(Fraction::whole(7)), Fraction::new(1, 21));
}

#[test]
fn a_circle_in_hand_made_links_ends_and_counts_for_nothing() {
    let edges = [edge(1, 2, 1), edge(2, 3, 1), edge(3, 1, 1), edge(3, 3, 1)];
    for direction in [Direction::Backward, Direction::Forward] {
        let (walk, rounds) = walk(3, direction, 10, &edges);
        let tree = walk.genealogy(Fraction::whole(2), |_| 2);
        assert_eq!(rounds, 3);
        let circles = tree.steps.iter().filter(|step| step.meeting == Meeting::Circle);
        assert_eq!(circles.count(), 2, "{tree:?}");
        assert_eq!(tree.totals[&3], Fraction::whole(2));
        assert_eq!(tree.totals.values().filter(|part| !part.is_zero()).count(), 3);
    }
}

#[test]
fn a_lot_of_which_nothing_is_left_of_its_birth_passes_nothing_on() {
    let (walk, _) = walk(2, Direction::Backward, 10, &[edge(1, 2, 5)]);
    let tree = walk.genealogy(Fraction::whole(1), |_| 0);
    assert_eq!(tree.totals[&1], Fraction::ZERO);
}

#[test]
fn a_chain_of_a_hundred_thousand_lots_ends_at_the_last_level() {
    let edges: Vec<Edge<u32>> = (0..100_000).map(|lot| edge(lot, lot + 1, 1)).collect();
    let (cut, rounds) = walk(0, Direction::Forward, 100, &edges);
    assert_eq!((rounds, cut.lots().count()), (101, 102));
    assert_eq!(cut.unread(), &[101].into());
    assert_eq!(cut.genealogy(Fraction::whole(1), |_| 1).ends, [].into());
    // and without a bound it is walked to its end, one lot a level
    let (whole, rounds) = walk(0, Direction::Forward, usize::MAX, &edges);
    assert_eq!(
        (rounds, whole.lots().count(), whole.unread().len()),
        (100_001, 100_001, 0)
    );
    let tree = whole.genealogy(Fraction::whole(1), |_| 1);
    assert_eq!(tree.totals[&100_000], Fraction::whole(1));
    assert_eq!(tree.steps.last().map(|step| step.depth), Some(100_000));
}
