//! Whether what a label says has room in its cell. The law's letters may not be cut off, and a browser cuts what does not fit:
//! so it is reckoned beforehand, on the safe side, and what does not fit is not printed.

use super::{
    content::Printed,
    sheet::{PADDING, Sheet},
};

/// Hundredths of a millimetre of a letter of 8 pt, and of one of 5.5 pt.
const LETTERS: (i32, i32) = (283, 195);
/// Height of a line, in hundredths of its letters.
const LINE: i32 = 125;
/// Letters of the price, and of what stands behind it, in hundredths of the usual ones.
const LARGE: (i32, i32) = (150, 90);

/// A part of a label that begins on a line of its own.
struct Part {
    /// What no line ends within, in hundredths of a usual letter.
    pieces: Vec<i32>,
    /// Size of its largest letters, in hundredths of the usual ones.
    size: i32,
}

/// Whether a label has room.
pub fn fits(printed: &Printed, sheet: &Sheet, is_small: bool) -> bool {
    let letter = if is_small { LETTERS.1 } else { LETTERS.0 };
    let (width, height) = (sheet.cell.0 - 2 * PADDING.0, sheet.cell.1 - 2 * PADDING.1);
    // beside the QR lines are shorter
    let beside = width - sheet.qr() - 100;
    let room_at = |y: i32| if y < sheet.qr() + 100 { beside } else { width };
    let mut y = 0;
    for part in parts(printed) {
        let line = letter * part.size / 100 * LINE / 100;
        let mut used = 0;
        for piece in part.pieces {
            let mut piece = piece * letter / 100;
            if used > 0 && used + piece > room_at(y) {
                (y, used) = (y + line, 0);
            }
            // a word that is longer than a line is broken
            while piece > room_at(y) {
                piece -= (room_at(y) - letter).max(1);
                y += line;
                if y > height {
                    return false;
                }
            }
            used += piece;
        }
        y += line;
        if y > height {
            return false;
        }
    }
    true
}

fn parts(printed: &Printed) -> Vec<Part> {
    let usual = |text: &str| Part {
        pieces: pieces(text),
        size: 100,
    };
    let mut parts = Vec::new();
    if !printed.is_food {
        parts.push(usual(&printed.name));
        parts.extend(printed.price.as_deref().map(|price| {
            let scaled = |text, by: i32| pieces(text).into_iter().map(move |piece| piece * by / 100);
            Part {
                pieces: scaled(price, LARGE.0)
                    .chain(scaled("円(税込)", LARGE.1))
                    .collect(),
                size: LARGE.0,
            }
        }));
        parts.push(usual(&printed.maker));
        parts.extend(printed.until.as_ref().map(|(kind, date)| {
            let mut part = titled(kind, "");
            part.pieces.push(pieces(date).into_iter().sum());
            part
        }));
    }
    parts.extend(printed.rows.iter().map(|(title, text)| titled(title, text)));
    parts.extend(printed.notice.as_deref().map(usual));
    // its code may be broken anywhere
    parts.push(Part {
        pieces: printed.lot.chars().map(length).collect(),
        size: 100,
    });
    parts
}

/// A title, the space behind it, and a text.
fn titled(title: &str, text: &str) -> Part {
    let mut all = pieces(title);
    all.push(30);
    all.extend(pieces(text));
    Part {
        pieces: all,
        size: 100,
    }
}

/// Lengths of what no line ends within: words of other letters than ours, and letters of ours with the signs that may not begin
/// or end a line.
fn pieces(text: &str) -> Vec<i32> {
    let mut pieces: Vec<i32> = Vec::new();
    let mut before: Option<char> = None;
    for c in text.chars() {
        let is_one_word = |before: char| before.is_ascii() && c.is_ascii() && before != ' ' && c != ' ';
        let holds_on = |before: char| is_one_word(before) || begins_no_line(c) || ends_no_line(before);
        match pieces.last_mut().filter(|_| before.is_some_and(holds_on)) {
            Some(piece) => *piece += length(c),
            None => pieces.push(length(c)),
        }
        before = Some(c);
    }
    pieces
}

/// 行頭禁則.
fn begins_no_line(c: char) -> bool {
    "、。，．・：；？！ー）〕］｝」』】〉》ゝゞ々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.)]}%℃".contains(c)
}

/// 行末禁則.
fn ends_no_line(c: char) -> bool {
    "（〔［｛「『【〈《([{".contains(c)
}

/// Length of a letter in hundredths of a full-width one; on the safe side where fonts differ.
fn length(c: char) -> i32 {
    match c {
        'A'..='Z' | '@' | '%' | '&' => 80,
        c if c.is_ascii() => 65,
        _ => 100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::office_likes::SheetKind;

    fn food(ingredients: usize) -> Printed {
        Printed {
            is_food: true,
            name: "日替わり弁当".to_owned(),
            price: None,
            maker: String::new(),
            until: None,
            rows: vec![("原材料名", "あ".repeat(ingredients))],
            notice: None,
            lot: "KIT-0602-BENTO".to_owned(),
            qr: None,
        }
    }

    #[test]
    fn no_line_begins_with_a_comma_and_no_date_is_broken() {
        assert_eq!(pieces("ご飯、卵"), [100, 200, 100]);
        assert_eq!(pieces("米(国産)だ"), [100, 165, 165, 100]);
        assert_eq!(
            pieces("期限 2026.6.3 15時"),
            [100, 100, 65, 8 * 65, 65, 2 * 65, 100]
        );
    }

    #[test]
    fn small_letters_and_large_cells_take_more() {
        // 66.0 × 33.9 mm at 8 pt: 31.5 mm are 8 lines, of which 6 stand beside the QR of 20 mm with 14 letters each, and 2
        // below it with 22
        let sheet = Sheet::of(SheetKind::Of24);
        assert!(fits(&food(80), sheet, false));
        assert!(!fits(&food(140), sheet, false));
        assert!(fits(&food(140), sheet, true));
        assert!(!fits(&food(400), sheet, true));
        assert!(fits(&food(140), Sheet::of(SheetKind::Of12), false));
        assert!(!fits(&food(80), Sheet::of(SheetKind::Of65), false));
    }
}
