//! What is wrong with a row, so that whoever looks at the sheet finds the cell and sees what to write instead.

use super::fields::{Field, Kind};
use domain::refusal::Refusal;

/// Something wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The column; none for the row as a whole.
    pub field: Option<Field>,
    /// Stable code of the cause.
    pub code: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl Wrong {
    /// About a column.
    pub(super) fn at(field: Field, code: &str, sentence: impl Into<String>) -> Wrong {
        Wrong {
            field: Some(field),
            code: code.to_owned(),
            sentence: sentence.into(),
        }
    }

    /// About the row.
    pub(super) fn row(code: &str, sentence: impl Into<String>) -> Wrong {
        Wrong {
            field: None,
            code: code.to_owned(),
            sentence: sentence.into(),
        }
    }

    /// What the rules say of the act that a row became.
    pub(super) fn of(kind: Kind, refusal: &Refusal) -> Wrong {
        let sentence = match refusal.code() {
            "key-reused" => {
                "この行は、前に別の内容で取りこんであります。前の取りこみを取り消すか、直した行だけの新しいファイルにしてください。".to_owned()
            }
            _ => refusal.sentence(),
        };
        Wrong {
            field: column(kind, &refusal.field),
            code: refusal.code().to_owned(),
            sentence,
        }
    }

    /// 「数量：『十個』は数字ではありません。」
    pub fn told(&self) -> String {
        match self.field {
            Some(field) => format!("{}：{}", field.heading(), self.sentence),
            None => self.sentence.clone(),
        }
    }
}

/// The column that a field of the act came out of.
fn column(kind: Kind, path: &str) -> Option<Field> {
    let path = path
        .strip_prefix("lines[0]")
        .map_or(path, |rest| rest.trim_start_matches('.'));
    let quantity = if kind == Kind::Count {
        Field::Counted
    } else {
        Field::Quantity
    };
    let begins = [
        ("supplied_on", Field::Day),
        ("supplier", Field::Supplier),
        ("paid", Field::Paid),
        ("note", Field::Note),
        ("reason", Field::Reason),
        ("lot.best_before", Field::BestBefore),
        ("lot.origin", Field::Origin),
        ("lot", Field::Lot),
        ("product", Field::Product),
        ("quantity", quantity),
        ("counted", quantity),
        ("amount", Field::Amount),
        ("unit_price", Field::UnitPrice),
        ("code", Field::Code),
        ("name", Field::Name),
        ("kana", Field::Kana),
        ("unit", Field::Unit),
        ("tax", Field::Tax),
        ("keeps_days", Field::KeepsDays),
        ("work", Field::Work),
    ];
    let found = begins.into_iter().find(|(begin, _)| path.starts_with(begin));
    found
        .map(|(_, field)| field)
        .filter(|field| kind.fields().contains(field))
}
