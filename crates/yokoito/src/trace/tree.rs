//! A trace as lines of text: a table whose first column is the tree, and under each lot how it got there.

use crate::table::{self, Align, thousands};
use app::views::trace::{Amount, Gone, Left, Paid, Passage, StepView, TraceTree};
use std::fmt::Display;

const COLUMNS: [Align; 6] = [
    Align::Left,
    Align::Right,
    Align::Right,
    Align::Left,
    Align::Left,
    Align::Left,
];

/// The tree for a person to read.
pub fn lines(tree: &TraceTree) -> Vec<String> {
    let Some(root) = tree.steps.first() else {
        return Vec::new();
    };
    let backward = tree.direction == "backward";
    let mut lines = vec![title(root, backward), String::new()];
    let head = [
        "品目・ロット",
        if backward {
            "入った量"
        } else {
            "もとのロットの量"
        },
        "割合",
        "つくったところ",
        "日付",
        "畑・仕入先など",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let bars = Bars::of(&tree.steps);
    for (at, step) in tree.steps.iter().enumerate() {
        let branch = bars.branch(at);
        let label = format!("{branch}{} {}", step.lot.product.name, step.lot.code);
        let day = format!("{} {}", step.lot.made_on, step.birth.unwrap_or_default());
        let maker = step.lot.maker.name.clone();
        rows.push(vec![
            label,
            amount(&step.part),
            percent(step),
            maker,
            day,
            remarks(step),
        ]);
    }
    let table = table::lines(&COLUMNS, &rows);
    let (head, table) = table.split_at(table.len().min(1));
    lines.extend_from_slice(head);
    for (at, (line, step)) in table.iter().zip(&tree.steps).enumerate() {
        lines.push(line.clone());
        let under = bars.under(at);
        lines.extend(
            details(step)
                .into_iter()
                .map(|detail| format!("{under}  {detail}")),
        );
    }
    lines.push(String::new());
    lines.extend(notes(tree, backward).into_iter().map(str::to_owned));
    lines
}

fn title(root: &StepView, backward: bool) -> String {
    let lot = format!(
        "{} {}({})",
        root.lot.product.name,
        root.lot.code,
        amount(&root.part)
    );
    if backward {
        format!("{lot} は、何からできているか")
    } else {
        format!("{lot} は、どこへ行ったか")
    }
}

fn notes(tree: &TraceTree, backward: bool) -> Vec<&'static str> {
    let mut notes = vec![if backward {
        "割合は、そのロット全体のうち、ここに入った分です。"
    } else {
        "割合は、もとのロットのうち、そのロットに入った分です。"
    }];
    if tree.steps.iter().any(|step| step.meeting == "again") {
        notes
            .push("「上に記載」のロットの先は、上に出てきたところに、すべての道すじを合わせて書いています。");
    }
    if tree.cut {
        notes.push("この先にもロットがあります。--levels で、もっと先までたどれます。");
    }
    notes
}

fn remarks(step: &StepView) -> String {
    let lot = &step.lot;
    let mut remarks: Vec<String> = Vec::new();
    match step.meeting {
        "again" => return "(上に記載)".to_owned(),
        "circle" => return "(自分自身にもどるので、ここまで)".to_owned(),
        _ => {}
    }
    remarks.extend(lot.field.clone());
    remarks.extend(
        lot.supplier
            .as_ref()
            .map(|supplier| format!("{}から", supplier.name)),
    );
    remarks.extend(lot.supplier_lot.as_ref().map(|code| format!("先方ロット {code}")));
    remarks.extend(lot.origin.as_ref().map(|origin| format!("産地 {origin}")));
    if let Some(paid) = &step.bought {
        remarks.push(format!(
            "{}{} {}",
            thousands(&lot.size.to_string()),
            lot.unit,
            yen(paid)
        ));
    }
    if step.birth == Some("開始") {
        remarks.push("帳簿を始めたときの在庫".to_owned());
    }
    if lot.origin_unknown {
        remarks.push("棚卸で見つかった(出どころ不明)".to_owned());
    }
    if step.unread {
        remarks.push("(この先は省略)".to_owned());
    }
    remarks.join("・")
}

fn details(step: &StepView) -> Vec<String> {
    let unit = &step.lot.unit;
    let passages = step.passages.iter().map(|passage| line_of_passage(passage, unit));
    let left = step.left.iter().map(|left| line_of_left(left, unit));
    let gone = step.gone.iter().map(|gone| line_of_gone(gone, unit));
    passages.chain(gone).chain(left).collect()
}

fn line_of_passage(passage: &Passage, unit: &str) -> String {
    let Passage {
        book_on,
        act,
        from,
        to,
        quantity,
        ..
    } = passage;
    let supplied = passage
        .supplied_on
        .map(|day| format!("(供給日 {day})"))
        .unwrap_or_default();
    let paid = passage
        .paid
        .as_ref()
        .map(|paid| format!(" {}", yen(paid)))
        .unwrap_or_default();
    format!(
        "{book_on} {act}{supplied} {} → {} {}{unit}{paid}",
        from.name,
        to.name,
        number(quantity)
    )
}

fn line_of_left(left: &Left, unit: &str) -> String {
    let owner = if left.owner == left.holder {
        String::new()
    } else {
        format!("({}のもの)", left.owner.name)
    };
    format!(
        "残り {}{unit} {} {}{owner}",
        number(&left.quantity),
        left.holder.name,
        left.place
    )
}

fn line_of_gone(gone: &Gone, unit: &str) -> String {
    let Gone {
        what,
        act,
        book_on,
        office,
        quantity,
        ..
    } = gone;
    let act = if act == what {
        String::new()
    } else {
        format!("({act})")
    };
    let party = gone
        .party
        .as_ref()
        .map(|party| format!(" → {}", party.name))
        .unwrap_or_default();
    format!(
        "{book_on} {what}{act} {}{party} {}{unit}",
        office.name,
        number(quantity)
    )
}

fn yen(paid: &Paid) -> String {
    let tax = if paid.without_tax { "(税抜)" } else { "" };
    let others = if paid.lots > 1 {
        format!("({}ロットの合計)", paid.lots)
    } else {
        String::new()
    };
    format!("{}円{tax}{others}", paid.yen)
}

fn amount(amount: &Amount) -> String {
    format!("{}{}", number(&amount.quantity), amount.unit)
}

fn number(number: &impl Display) -> String {
    thousands(&number.to_string())
}

/// One decimal; what would vanish says so.
fn percent(step: &StepView) -> String {
    let shown = step.percent.round_dp(1).normalize();
    if shown.is_zero() && !step.percent.is_zero() {
        "0.1%未満".to_owned()
    } else {
        format!("{shown}%")
    }
}

/// The lines of the tree to the left of the names.
struct Bars<'a> {
    steps: &'a [StepView],
    /// Whether a row is the last one under its parent.
    last: Vec<bool>,
    /// Whether a row has rows under it.
    inner: Vec<bool>,
}

impl<'a> Bars<'a> {
    fn of(steps: &'a [StepView]) -> Bars<'a> {
        let (mut last, mut inner) = (vec![false; steps.len()], vec![false; steps.len()]);
        for (at, step) in steps.iter().enumerate().rev() {
            let parent = step.parent.and_then(|parent| inner.get_mut(parent));
            // from below, the first one met is the last one
            let is_last = parent.is_none_or(|inner| !std::mem::replace(inner, true));
            if let Some(last) = last.get_mut(at) {
                *last = is_last;
            }
        }
        Bars { steps, last, inner }
    }

    /// Left of a lot's name.
    fn branch(&self, at: usize) -> String {
        match self.steps.get(at).and_then(|step| step.parent) {
            None => String::new(),
            Some(parent) => format!(
                "{}{}",
                self.stems(parent),
                if self.is_last(at) { "└─ " } else { "├─ " }
            ),
        }
    }

    /// Left of what is written under a lot.
    fn under(&self, at: usize) -> String {
        let inner = self.inner.get(at).copied().unwrap_or(false);
        format!("{}{}", self.stems(at), if inner { "│" } else { " " })
    }

    /// The bars of a row and all above it, for what stands below the row.
    fn stems(&self, at: usize) -> String {
        let mut stems: Vec<&str> = Vec::new();
        let mut next = Some(at);
        while let Some(at) = next {
            next = self.steps.get(at).and_then(|step| step.parent);
            if next.is_some() {
                stems.push(if self.is_last(at) { "   " } else { "│  " });
            }
        }
        stems.reverse();
        stems.concat()
    }

    fn is_last(&self, at: usize) -> bool {
        self.last.get(at).copied().unwrap_or(true)
    }
}

#[cfg(test)]
mod tests;
