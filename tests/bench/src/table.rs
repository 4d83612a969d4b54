//! The table as Markdown, and the page it is kept on.

use crate::figures::{Goal, Line, median, spread};
use anyhow::Context;
use std::{fmt::Write, fs, path::Path};

/// Between them a page is written anew; what stands around them is kept.
const BEGIN: &str = "<!-- written by tests/bench/run: begin -->";
const END: &str = "<!-- written by tests/bench/run: end -->";

/// All lines as one table.
pub fn markdown(lines: &[Line]) -> Result<String, std::fmt::Error> {
    let mut text = String::from(
        "| | measure | engine | median | least – most | goal | |\n|---|---|---|---:|---:|---|---|\n",
    );
    let mut group = "";
    for line in lines {
        let named = if group == line.group { "" } else { line.group };
        group = line.group;
        let figure = median(&line.rounds);
        let (least, most) = spread(&line.rounds);
        let range = if line.rounds.len() > 1 {
            format!("{} – {}", shown(least), shown(most))
        } else {
            String::new()
        };
        let (goal, verdict) = match line.goal {
            None => (String::new(), String::new()),
            Some(goal) => {
                let (sign, bound) = match goal {
                    Goal::AtLeast(bound) => ("≥", bound),
                    Goal::AtMost(bound) => ("≤", bound),
                };
                let reached = shown(goal.reached(figure));
                (
                    format!("{sign} {}", shown(bound)),
                    format!("{} ({reached})", goal.verdict(figure)),
                )
            }
        };
        let (what, engine, unit) = (&line.what, &line.engine, line.unit);
        writeln!(
            text,
            "| {named} | {what} | {engine} | {} {unit} | {range} | {goal} | {verdict} |",
            shown(figure)
        )?;
    }
    Ok(text)
}

/// Three figures or more: 0.0123, 1.23, 12.3, 1,234.
fn shown(figure: f64) -> String {
    let size = figure.abs();
    if size < 1.0 {
        format!("{figure:.3}")
    } else if size < 10.0 {
        format!("{figure:.2}")
    } else if size < 100.0 {
        format!("{figure:.1}")
    } else {
        let digits = format!("{figure:.0}");
        let mut text = String::new();
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    }
}

/// Puts it onto the page.
pub fn keep(page: &Path, content: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    fs::write(
        page,
        replaced(&text, content).context("the page has no place for the table")?,
    )?;
    Ok(())
}

fn replaced(page: &str, content: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{content}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_median_spread_and_goal() {
        let line = |goal| Line {
            group: "g",
            what: "w".to_owned(),
            engine: "e".to_owned(),
            unit: "u",
            rounds: vec![3.0, 1.0, 2.0],
            goal,
        };
        let text = markdown(&[line(Some(Goal::AtLeast(1.0))), line(None)]).unwrap();
        let rows: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| g | w | e | 2.00 u | 1.00 – 3.00 | ≥ 1.00 | met (2.00) |",
                "|  | w | e | 2.00 u | 1.00 – 3.00 |  |  |"
            ]
        );
    }

    #[test]
    fn figures_are_short() {
        let all = [0.0123, 1.234, 12.34, 123.4, 1234.5, 1_234_567.0].map(shown);
        assert_eq!(all, ["0.012", "1.23", "12.3", "123", "1,234", "1,234,567"]);
    }

    #[test]
    fn what_people_wrote_around_the_table_is_kept() {
        let page = format!("# Results\n{BEGIN}\nold\n{END}\nWhat it says.\n");
        let new = replaced(&page, "new\n").unwrap();
        assert_eq!(
            new,
            format!("# Results\n{BEGIN}\n\nnew\n\n{END}\nWhat it says.\n")
        );
        assert_eq!(replaced(&new, "new\n"), Some(new.clone()));
        assert_eq!(replaced("# Results", "new"), None);
    }
}
