//! つながり as a drawing: boxes of lots from left to right, earlier to later, with quantities on the arrows. Made on the
//! server as SVG with text as text; the table below it has the same facts. With more than [`BOXES`] lots those of one
//! product, maker and level stand in one box.

use crate::speech::{Mode, read};
use app::views::{
    names::Named,
    trace::{StepView, TraceTree},
};
use domain::trace::Direction;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Boxes of a drawing at most, before they are put together.
const BOXES: usize = 60;
/// A box, and the room between boxes, in units of the drawing (about a pixel).
const WIDTH: usize = 180;
const HEIGHT: usize = 64;
const ACROSS: usize = 90;
const DOWN: usize = 16;
const MARGIN: usize = 8;
/// Between a label and the box and line it belongs to.
const LABEL: usize = 6;
/// Full-width letters that fit into a box.
const LETTERS: usize = 11;

/// A drawing.
pub struct Chain {
    /// Width of the whole.
    pub width: usize,
    /// Height of the whole.
    pub height: usize,
    /// Boxes.
    pub boxes: Vec<LotBox>,
    /// Arrows between them.
    pub arrows: Vec<Arrow>,
    /// What it shows, in a sentence.
    pub finding: String,
}

/// A lot, or several alike.
pub struct LotBox {
    /// Left edge.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// Product.
    pub product: String,
    /// Lot, or how many.
    pub lot: String,
    /// Who made it.
    pub maker: String,
    /// It is the one that was asked for.
    pub is_asked: bool,
}

/// Goods went from one box into another.
pub struct Arrow {
    /// As the attribute `d` of a path.
    pub path: String,
    /// Quantity.
    pub label: String,
    /// Where the label begins or ends.
    pub x: usize,
    /// Base line of the label.
    pub y: usize,
    /// `start` or `end`, as the attribute `text-anchor`.
    pub anchor: &'static str,
}

/// What stands in one box.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum BoxKey {
    Lot(String),
    Alike {
        level: usize,
        product: String,
        maker: String,
    },
}

struct Gathered<'a> {
    level: usize,
    lots: HashSet<&'a str>,
    step: &'a StepView,
}

/// Draws a trace.
pub fn drawn(tree: &TraceTree, direction: Direction, mode: Mode) -> Chain {
    let lots: HashSet<&str> = tree.steps.iter().map(|step| step.lot.code.as_str()).collect();
    let is_grouped = lots.len() > BOXES;
    let mut level: HashMap<&str, usize> = HashMap::new();
    for step in &tree.steps {
        // a lot that is met at several distances stands at the farthest, so that no arrow goes back
        let known = level.entry(&step.lot.code).or_default();
        *known = (*known).max(step.depth);
    }
    let key = |step: &StepView| {
        let level = level.get(step.lot.code.as_str()).copied().unwrap_or_default();
        if is_grouped && level > 0 {
            BoxKey::Alike {
                level,
                product: step.lot.product.code.clone(),
                maker: step.lot.maker.code.clone(),
            }
        } else {
            BoxKey::Lot(step.lot.code.clone())
        }
    };
    let mut boxes: Vec<(BoxKey, Gathered<'_>)> = Vec::new();
    let mut at: HashMap<BoxKey, usize> = HashMap::new();
    let mut flows: BTreeMap<(usize, usize), (Decimal, &str)> = BTreeMap::new();
    let mut box_of_step = Vec::with_capacity(tree.steps.len());
    let mut drawn: HashSet<(&str, &str)> = HashSet::new();
    for step in &tree.steps {
        let key = key(step);
        let n = *at.entry(key.clone()).or_insert_with(|| {
            let level = level.get(step.lot.code.as_str()).copied().unwrap_or_default();
            boxes.push((
                key,
                Gathered {
                    level,
                    lots: HashSet::new(),
                    step,
                },
            ));
            boxes.len() - 1
        });
        boxes[n].1.lots.insert(&step.lot.code);
        box_of_step.push(n);
        let parent = step
            .parent
            .and_then(|parent| Some((tree.steps.get(parent)?, *box_of_step.get(parent)?)));
        if let Some((parent_step, parent)) = parent
            && parent != n
            && drawn.insert((&parent_step.lot.code, &step.lot.code))
        {
            let amount = step.used.as_ref().unwrap_or(&step.part);
            let flow = flows.entry((parent, n)).or_insert((Decimal::ZERO, &amount.unit));
            flow.0 += amount.quantity;
        }
    }
    laid_out(direction, mode, &boxes, &flows)
}

fn laid_out(
    direction: Direction,
    mode: Mode,
    boxes: &[(BoxKey, Gathered<'_>)],
    flows: &BTreeMap<(usize, usize), (Decimal, &str)>,
) -> Chain {
    let levels = boxes
        .iter()
        .map(|(_, gathered)| gathered.level + 1)
        .max()
        .unwrap_or(1);
    let heights = heights(levels, boxes, flows);
    let column = |level: usize| match direction {
        Direction::Backward => levels - 1 - level,
        Direction::Forward => level,
    };
    let places = boxes.iter().zip(&heights).map(|((_, gathered), y)| {
        let x = MARGIN + column(gathered.level) * (WIDTH + ACROSS);
        (x, *y)
    });
    let places: Vec<(usize, usize)> = places.collect();
    let lowest = heights.iter().copied().max().unwrap_or(MARGIN);
    let shown = boxes.iter().zip(&places).map(|((key, gathered), (x, y))| {
        let lot = &gathered.step.lot;
        let is_one = matches!(key, BoxKey::Lot(_));
        LotBox {
            x: *x,
            y: *y,
            product: fitted(name(&lot.product, mode)),
            lot: if is_one {
                fitted(&lot.code)
            } else {
                format!("{}ロット", gathered.lots.len())
            },
            maker: fitted(name(&lot.maker, mode)),
            is_asked: gathered.level == 0,
        }
    });
    let boxes_shown: Vec<LotBox> = shown.collect();
    let arrows = flows.iter().map(|((parent, child), (quantity, unit))| {
        let (from, to) = match direction {
            Direction::Backward => (places[*child], places[*parent]),
            Direction::Forward => (places[*parent], places[*child]),
        };
        let unit = if mode.is_easy() {
            read(unit)
        } else {
            (*unit).to_owned()
        };
        arrow(direction, from, to, &format!("{}{unit}", quantity.normalize()))
    });
    Chain {
        width: 2 * MARGIN + levels * (WIDTH + ACROSS) - ACROSS,
        height: lowest + HEIGHT + MARGIN,
        arrows: arrows.collect(),
        finding: finding(direction, mode, boxes),
        boxes: boxes_shown,
    }
}

/// Upper edges: from the farthest level on each box stands at the middle of those it hangs together with, and below the one
/// before it.
fn heights(
    levels: usize,
    boxes: &[(BoxKey, Gathered<'_>)],
    flows: &BTreeMap<(usize, usize), (Decimal, &str)>,
) -> Vec<usize> {
    let mut heights = vec![MARGIN; boxes.len()];
    for level in (0..levels).rev() {
        let mut free = MARGIN;
        for n in (0..boxes.len()).filter(|n| boxes[*n].1.level == level) {
            let children = flows.keys().filter(|(parent, _)| *parent == n);
            let children: Vec<usize> = children.map(|(_, child)| heights[*child]).collect();
            let middle = children.iter().sum::<usize>().checked_div(children.len());
            heights[n] = middle.unwrap_or(free).max(free);
            free = heights[n] + HEIGHT + DOWN;
        }
    }
    heights
}

/// From edge to edge. The quantity stands beside the box that has this one arrow alone: there no two labels meet.
fn arrow(
    direction: Direction,
    (from_x, from_y): (usize, usize),
    (to_x, to_y): (usize, usize),
    label: &str,
) -> Arrow {
    let (x, y) = (from_x + WIDTH, from_y + HEIGHT / 2);
    let (to_y, middle) = (to_y + HEIGHT / 2, usize::midpoint(x, to_x));
    let (label_x, label_y, anchor) = match direction {
        Direction::Backward => (x + LABEL, y - LABEL, "start"),
        Direction::Forward => (to_x - LABEL, to_y - LABEL, "end"),
    };
    Arrow {
        path: format!("M{x} {y} C{middle} {y} {middle} {to_y} {to_x} {to_y}"),
        label: label.to_owned(),
        x: label_x,
        y: label_y,
        anchor,
    }
}

/// In a drawing there is no ruby: やさしい shows the reading itself.
fn name(named: &Named, mode: Mode) -> &str {
    let kana = named.kana.as_deref().filter(|_| mode.is_easy());
    kana.unwrap_or(&named.name)
}

fn finding(direction: Direction, mode: Mode, boxes: &[(BoxKey, Gathered<'_>)]) -> String {
    let lots: usize = boxes
        .iter()
        .map(|(_, gathered)| gathered.lots.len())
        .sum::<usize>()
        - boxes.len().min(1);
    let makers = boxes
        .iter()
        .map(|(_, gathered)| gathered.step.lot.maker.code.as_str());
    let makers = makers.collect::<HashSet<_>>().len();
    if mode.is_easy() {
        return match (direction, lots) {
            (Direction::Backward, 0) => "もとの ものは ありません。".to_owned(),
            (Direction::Forward, 0) => "ほかの ものには つかって いません。".to_owned(),
            (Direction::Backward, lots) => format!("{lots}この ものから できて います。"),
            (Direction::Forward, lots) => format!("{lots}この ものに つかいました。"),
        };
    }
    match (direction, lots) {
        (Direction::Backward, 0) => "もとになったロットはありません。".to_owned(),
        (Direction::Forward, 0) => "ほかのロットには使われていません。".to_owned(),
        (Direction::Backward, lots) => format!("{makers}か所の{lots}ロットからできています。"),
        (Direction::Forward, lots) => format!("{makers}か所の{lots}ロットに使われました。"),
    }
}

/// As much of a text as a box has room for: full-width letters count one, others half.
fn fitted(text: &str) -> String {
    let mut room = 2 * LETTERS;
    let mut fitted = String::new();
    for c in text.chars() {
        let width = if c.is_ascii() { 1 } else { 2 };
        if room < width + 2 && fitted.len() + c.len_utf8() < text.len() {
            fitted.push('…');
            return fitted;
        }
        room = room.saturating_sub(width);
        fitted.push(c);
    }
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_fits_into_its_box() {
        assert_eq!(fitted("にんじん"), "にんじん");
        assert_eq!(fitted("あいうえおかきくけこさ"), "あいうえおかきくけこさ");
        assert_eq!(fitted("あいうえおかきくけこさし"), "あいうえおかきくけこ…");
        assert_eq!(fitted("KIT-0602-BENTO"), "KIT-0602-BENTO");
    }

    #[test]
    fn an_arrow_goes_from_edge_to_edge() {
        let arrow = |direction| arrow(direction, (8, 8), (278, 88), "3kg");
        let back = arrow(Direction::Backward);
        assert_eq!(back.path, "M188 40 C233 40 233 120 278 120");
        assert_eq!((back.x, back.y, back.anchor), (194, 34, "start"));
        let on = arrow(Direction::Forward);
        assert_eq!((on.x, on.y, on.anchor), (272, 114, "end"));
    }
}
