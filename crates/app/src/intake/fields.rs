//! The columns of the four kinds of files: what they are called, what else people call them, and which has to be there.

use domain::acts::Act;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 生産.
    Produce,
    /// 仕入.
    Purchase,
    /// 品目.
    Product,
    /// 棚卸.
    Count,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 4] = [Kind::Produce, Kind::Purchase, Kind::Product, Kind::Count];

    /// The act that a row becomes.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Produce => "produce",
            Kind::Purchase => "purchase",
            Kind::Product => "product",
            Kind::Count => "count",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// For people.
    pub fn label(self) -> &'static str {
        Act::label(self.name())
    }

    /// Its columns, in the order of the template.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Kind::Produce => &[
                Field::Day,
                Field::Product,
                Field::Quantity,
                Field::Unit,
                Field::Lot,
                Field::BestBefore,
                Field::Note,
            ],
            Kind::Purchase => &[
                Field::Day,
                Field::Supplier,
                Field::Product,
                Field::Quantity,
                Field::Unit,
                Field::UnitPrice,
                Field::Amount,
                Field::Purpose,
                Field::Paid,
                Field::Lot,
                Field::BestBefore,
                Field::Origin,
                Field::Note,
            ],
            Kind::Product => &[
                Field::Code,
                Field::Name,
                Field::Kana,
                Field::Unit,
                Field::Decimals,
                Field::Tax,
                Field::KeepsDays,
                Field::UseBy,
                Field::Work,
                Field::Day,
            ],
            Kind::Count => &[
                Field::Day,
                Field::Product,
                Field::Lot,
                Field::Counted,
                Field::Unit,
                Field::Reason,
                Field::Note,
            ],
        }
    }

    /// Columns without which nothing can be read. A day is stated once for all rows that have none.
    pub const fn needed(self) -> &'static [Field] {
        match self {
            Kind::Produce => &[Field::Product, Field::Quantity],
            Kind::Purchase => &[Field::Supplier, Field::Product, Field::Quantity],
            Kind::Product => &[Field::Code],
            Kind::Count => &[Field::Counted],
        }
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident, $name:literal, $heading:literal, [$($other:literal),* $(,)?];)+) => {
        /// What stands in a column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field {
            $($(#[$doc])* #[doc = $heading] $variant,)+
        }

        impl Field {
            /// All of them.
            pub const ALL: &[Field] = &[$(Field::$variant),+];

            /// In one word, for forms and settings.
            pub const fn name(self) -> &'static str {
                match self { $(Field::$variant => $name,)+ }
            }

            /// As the template calls it.
            pub const fn heading(self) -> &'static str {
                match self { $(Field::$variant => $heading,)+ }
            }

            /// What else it is called.
            const fn others(self) -> &'static [&'static str] {
                match self { $(Field::$variant => &[$($other),*],)+ }
            }
        }
    };
}

fields! {
    Day, "day", "日付", ["日", "年月日", "生産日", "製造日", "仕入日", "棚卸日", "取引日", "適用日", "収穫日", "作業日", "納品日", "date"];
    Product, "product", "品目", ["品目コード", "品名", "商品", "商品名", "商品コード", "品目名", "品番", "名称", "item", "product"];
    Quantity, "quantity", "数量", ["数", "個数", "生産数", "仕入数", "量", "数量(個)", "quantity", "qty"];
    Counted, "counted", "数えた数", ["実数", "実地数", "棚卸数", "棚卸数量", "在庫数", "数量", "数", "個数", "counted"];
    Unit, "unit", "単位", ["unit"];
    Lot, "lot", "ロット番号", ["ロット", "ロットno", "ロットno.", "lot"];
    BestBefore, "best_before", "期限", ["賞味期限", "消費期限", "賞味・消費期限"];
    Origin, "origin", "産地", ["原産地"];
    Supplier, "supplier", "仕入先", ["仕入先コード", "仕入先名", "取引先", "購入先", "業者", "supplier"];
    UnitPrice, "unit_price", "単価", ["仕入単価", "単価(円)", "価格"];
    Amount, "amount", "金額", ["仕入金額", "金額(円)", "税込金額", "合計", "小計", "amount"];
    Purpose, "purpose", "用途", ["使い道"];
    Paid, "paid", "支払い", ["支払", "支払方法", "支払い方法", "決済"];
    Note, "note", "備考", ["メモ", "摘要", "note"];
    Reason, "reason", "理由", ["差の理由", "差異理由"];
    Code, "code", "コード", ["品目コード", "商品コード", "品番", "code"];
    Name, "name", "名前", ["品目名", "品名", "商品名", "名称", "品目", "name"];
    Kana, "kana", "ふりがな", ["フリガナ", "読み", "よみ", "読みがな", "かな"];
    Decimals, "decimals", "小数の桁", ["小数桁", "小数", "小数点以下の桁"];
    Tax, "tax", "税区分", ["税率", "消費税", "課税区分", "tax"];
    KeepsDays, "keeps_days", "日持ち(日)", ["日持ち", "日持ち日数", "賞味期限日数", "期限日数"];
    UseBy, "use_by", "消費期限か", ["消費期限", "期限の種類", "期限表示"];
    Work, "work", "作業種別", ["作業", "種別"];
}

impl Field {
    /// By its name.
    pub fn named(name: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// How to write it, in a few words.
    pub const fn hint(self) -> &'static str {
        match self {
            Field::Day => "2026-11-22、2026/11/22、令和8年11月22日、R8.11.22",
            Field::Product => "品目のコードか、台帳と同じ名前",
            Field::Quantity | Field::Counted => "12、1,200、3.5kg、2箱",
            Field::Unit => "個、kg、箱",
            Field::Lot => "ラベルの番号。なければ空",
            Field::BestBefore => "日付と同じ書き方。なければ空",
            Field::Origin => "産地の名前",
            Field::Supplier => "取引先のコードか、台帳と同じ名前",
            Field::UnitPrice => "1つの値段(税込)。金額があれば空でよい",
            Field::Amount => "この行の金額(税込、円)",
            Field::Purpose => "材料、商品、消耗品、福祉",
            Field::Paid => "現金、預金、掛け。空なら現金",
            Field::Note | Field::Reason => "人の名前や障害についてのことは書かない",
            Field::Code => "半角の英小文字・数字・「-」「_」「.」",
            Field::Name => "品目の名前",
            Field::Kana => "ひらがな・カタカナ",
            Field::Decimals => "0から6。空なら、kgとLは3、ほかは0",
            Field::Tax => "軽減、標準、非課税、対象外",
            Field::KeepsDays => "作った日から何日もつか",
            Field::UseBy => "消費期限なら はい、賞味期限なら いいえ",
            Field::Work => "作業種別のコード",
        }
    }
}

/// Which column holds what.
pub type Columns = BTreeMap<Field, usize>;

/// A heading as headings are compared.
pub fn folded(heading: &str) -> String {
    let folded: String = heading.nfkc().collect();
    folded
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// Which column holds what, told by the headings: by what was remembered, else by their names, each column once.
pub fn guess(kind: Kind, headings: &[String], remembered: &BTreeMap<String, String>) -> Columns {
    let headings: Vec<String> = headings.iter().map(|heading| folded(heading)).collect();
    let mut columns = Columns::new();
    let mut left: Vec<Field> = Vec::new();
    for field in kind.fields() {
        match remembered.get(field.name()) {
            // it was said that there is none
            Some(heading) if heading.is_empty() => {}
            Some(heading) => match headings.iter().position(|known| known == heading) {
                Some(at) if !columns.values().any(|taken| *taken == at) => drop(columns.insert(*field, at)),
                _ => left.push(*field),
            },
            None => left.push(*field),
        }
    }
    // names of the template before other names, and better other names before worse ones
    let longest = Field::ALL
        .iter()
        .map(|field| field.others().len())
        .max()
        .unwrap_or_default();
    for rank in 0..=longest {
        for field in &left {
            let name = match rank {
                0 => Some(field.heading()),
                rank => field.others().get(rank - 1).copied(),
            };
            let Some(name) = name.filter(|_| !columns.contains_key(field)) else {
                continue;
            };
            let at = headings.iter().position(|heading| *heading == folded(name));
            let at = at.filter(|at| !columns.values().any(|taken| taken == at));
            if let Some(at) = at {
                columns.insert(*field, at);
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(kind: Kind, headings: &[&str], remembered: &[(&str, &str)]) -> Vec<(Field, usize)> {
        let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
        let owned = |(field, heading): &(&str, &str)| ((*field).to_owned(), (*heading).to_owned());
        let remembered = remembered.iter().map(owned).collect();
        guess(kind, &headings, &remembered).into_iter().collect()
    }

    #[test]
    fn columns_are_found_by_their_names_in_any_order() {
        assert_eq!(
            guessed(Kind::Produce, &["数 量", "ﾛｯﾄ", "商品名", "製造日", "天気"], &[]),
            [
                (Field::Day, 3),
                (Field::Product, 2),
                (Field::Quantity, 0),
                (Field::Lot, 1)
            ]
        );
        // the name of the template wins over another name of the same column, and no column is taken twice
        assert_eq!(
            guessed(Kind::Product, &["品目コード", "品目名", "消費税"], &[]),
            [(Field::Code, 0), (Field::Name, 1), (Field::Tax, 2)]
        );
        assert_eq!(
            guessed(Kind::Count, &["在庫数", "数量", "品番"], &[]),
            [(Field::Product, 2), (Field::Counted, 0)]
        );
    }

    #[test]
    fn what_was_chosen_is_remembered_by_its_heading() {
        let remembered = [("quantity", "できた数"), ("note", "")];
        assert_eq!(
            guessed(Kind::Produce, &["備考", "できた数", "品目", "数量"], &remembered),
            [(Field::Product, 2), (Field::Quantity, 1)]
        );
        // another file: guessed again
        assert_eq!(
            guessed(Kind::Produce, &["品目", "数量"], &remembered),
            [(Field::Product, 0), (Field::Quantity, 1)]
        );
    }

    #[test]
    fn a_template_is_read_as_it_is_written() {
        for kind in Kind::ALL {
            let headings: Vec<&str> = kind.fields().iter().map(|field| field.heading()).collect();
            let expected: BTreeMap<Field, usize> = kind.fields().iter().copied().zip(0..).collect();
            assert_eq!(
                guessed(kind, &headings, &[]),
                expected.into_iter().collect::<Vec<_>>()
            );
            assert!(kind.needed().iter().all(|needed| kind.fields().contains(needed)));
            assert_eq!(Kind::named(kind.name()), Some(kind));
        }
        for field in Field::ALL {
            assert_eq!(Field::named(field.name()), Some(*field));
        }
    }
}
