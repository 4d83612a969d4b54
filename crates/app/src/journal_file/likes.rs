//! 仕訳データの設定: which columns an office's accounting program takes, in which order under which headings, and what it calls
//! accounts and tax classes. Kept beside the book like its papers.

use crate::{
    access::settings::Setting,
    views::journal::{JournalSide, TaxSide, name_of},
};
use domain::{
    account::AccountKind,
    tax::{TaxCategory, TaxRate},
    text::Name,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

macro_rules! fields {
    ($($(#[$doc:meta])+ $name:ident, $heading:literal;)+) => {
        /// What a column holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum JournalField {
            $($(#[$doc])+ $name,)+
        }

        impl JournalField {
            /// All of them, in the usual order.
            pub const ALL: &[JournalField] = &[$(JournalField::$name),+];

            /// The usual heading.
            pub const fn heading(self) -> &'static str {
                match self { $(JournalField::$name => $heading,)+ }
            }
        }
    };
}

fields! {
    /// The same on all lines of an entry.
    Number, "伝票番号";
    /// Day it counts for.
    BookOn, "取引日付";
    /// Day of supply.
    SuppliedOn, "取引の日";
    /// Section.
    Section, "会計の区分";
    /// 借方.
    DebitAccount, "借方勘定科目";
    /// 借方.
    DebitSub, "借方補助科目";
    /// 借方.
    DebitTax, "借方税区分";
    /// 借方.
    DebitYen, "借方金額";
    /// 貸方.
    CreditAccount, "貸方勘定科目";
    /// 貸方.
    CreditSub, "貸方補助科目";
    /// 貸方.
    CreditTax, "貸方税区分";
    /// 貸方.
    CreditYen, "貸方金額";
    /// Kind of work.
    Work, "作業種別";
    /// 内部取引.
    Internal, "内部取引";
    /// The act's name.
    Memo, "摘要";
    /// Id of the entry.
    Entry, "伝票のID";
}

impl JournalField {
    /// Its name in settings and forms.
    pub fn name(self) -> String {
        let name = serde_json::to_value(self).ok();
        let name = name.as_ref().and_then(serde_json::Value::as_str);
        name.unwrap_or_default().to_owned()
    }
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JournalColumn {
    /// What it holds.
    pub field: JournalField,
    /// Its heading; the usual one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<Name>,
}

/// 仕訳データの設定.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JournalLikes {
    /// Columns from the left.
    #[schema(min_items = 1, max_items = 40)]
    pub columns: Vec<JournalColumn>,
    /// Names of accounts by the account's name in programs, `tax_received` and `tax_paid` too; 勘定科目 of the book when missing.
    #[schema(value_type = Object, additional_properties)]
    pub accounts: BTreeMap<String, Name>,
    /// Names of tax classes: `sales_standard_10`, `purchases_reduced_8`, `non_taxable`, `out_of_scope`.
    #[schema(value_type = Object, additional_properties)]
    pub taxes: BTreeMap<String, Name>,
}

impl JournalLikes {
    /// Columns at most.
    pub const COLUMNS: usize = 40;
    /// Names of tax classes at most.
    const TAXES: usize = 40;

    /// Whether all that is named is known, in a sentence when it is not.
    ///
    /// # Errors
    /// The field, and what to do.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        if self.columns.is_empty() || self.columns.len() > JournalLikes::COLUMNS {
            let most = JournalLikes::COLUMNS;
            return Err(("/columns", format!("列は、1つ以上{most}までにしてください。")));
        }
        let is_unknown = |name: &&String| {
            let known = AccountKind::ALL.iter().any(|kind| name_of(*kind) == ***name);
            !known && !["tax_received", "tax_paid"].contains(&name.as_str())
        };
        if let Some(name) = self.accounts.keys().find(is_unknown) {
            return Err((
                "/accounts",
                format!("「{name}」という勘定科目はありません。符号を確かめてください。"),
            ));
        }
        let is_wrong = |name: &&String| !is_tax(name);
        if self.taxes.len() > JournalLikes::TAXES {
            return Err((
                "/taxes",
                "税区分の名前が多すぎます。使うものだけにしてください。".to_owned(),
            ));
        }
        if let Some(name) = self.taxes.keys().find(is_wrong) {
            let sentence =
                format!("「{name}」という税区分はありません。sales_standard_10 のように書いてください。");
            return Err(("/taxes", sentence));
        }
        Ok(())
    }

    /// The heading of a column.
    pub fn heading(column: &JournalColumn) -> &str {
        column
            .heading
            .as_ref()
            .map_or(column.field.heading(), Name::as_str)
    }

    /// What the office's program calls an account.
    pub fn account<'a>(&'a self, side: &JournalSide) -> &'a str {
        self.accounts.get(&side.account).map_or(side.label, Name::as_str)
    }

    /// What the office's program calls a tax class.
    pub fn tax(&self, side: TaxSide, rate: TaxRate) -> String {
        match self.taxes.get(&tax_name(side, rate)) {
            Some(name) => name.to_string(),
            None => usual_tax(side, rate),
        }
    }
}

impl Default for JournalLikes {
    fn default() -> JournalLikes {
        let column = |field: &JournalField| JournalColumn {
            field: *field,
            heading: None,
        };
        JournalLikes {
            columns: JournalField::ALL.iter().map(column).collect(),
            accounts: BTreeMap::new(),
            taxes: BTreeMap::new(),
        }
    }
}

impl Setting for JournalLikes {
    const NAME: &'static str = "journal";
}

/// Name of a tax class in settings.
pub fn tax_name(side: TaxSide, rate: TaxRate) -> String {
    let side = match side {
        TaxSide::Sales => "sales",
        TaxSide::Purchases => "purchases",
        TaxSide::None => return "out_of_scope".to_owned(),
    };
    match rate.category {
        TaxCategory::Standard => format!("{side}_standard_{}", rate.percent),
        TaxCategory::Reduced => format!("{side}_reduced_{}", rate.percent),
        TaxCategory::NonTaxable => "non_taxable".to_owned(),
        TaxCategory::OutOfScope => "out_of_scope".to_owned(),
    }
}

/// What a tax class is usually called.
pub fn usual_tax(side: TaxSide, rate: TaxRate) -> String {
    match (side, rate.category) {
        (TaxSide::Sales, TaxCategory::Standard | TaxCategory::Reduced) => format!("課税売上{rate}"),
        (TaxSide::Purchases, TaxCategory::Standard | TaxCategory::Reduced) => format!("課税仕入{rate}"),
        (TaxSide::Sales | TaxSide::Purchases, TaxCategory::NonTaxable) => "非課税".to_owned(),
        _ => "対象外".to_owned(),
    }
}

fn is_tax(name: &str) -> bool {
    if ["non_taxable", "out_of_scope"].contains(&name) {
        return true;
    }
    let mut parts = name.splitn(3, '_');
    let side = matches!(parts.next(), Some("sales" | "purchases"));
    let class = matches!(parts.next(), Some("standard" | "reduced"));
    side && class
        && parts
            .next()
            .and_then(|percent| percent.parse::<u8>().ok())
            .is_some_and(|percent| percent <= 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_told() {
        let mut likes = JournalLikes::default();
        assert_eq!(likes.check(), Ok(()));
        let name: Name = "売上高(就労)".parse().unwrap();
        likes.accounts.insert("sales".to_owned(), name.clone());
        likes.accounts.insert("tax_paid".to_owned(), name.clone());
        likes.taxes.insert("sales_reduced_8".to_owned(), name.clone());
        assert_eq!(likes.check(), Ok(()));
        likes.taxes.insert("sales_8".to_owned(), name.clone());
        assert_eq!(likes.check().map_err(|(field, _)| field), Err("/taxes"));
        likes.taxes.clear();
        likes.accounts.insert("uriage".to_owned(), name);
        assert_eq!(likes.check().map_err(|(field, _)| field), Err("/accounts"));
        likes.columns.clear();
        assert_eq!(likes.check().map_err(|(field, _)| field), Err("/columns"));
    }

    #[test]
    fn tax_classes_are_called_as_usual() {
        let rate = |category, percent| TaxRate { category, percent };
        let reduced = rate(TaxCategory::Reduced, 8);
        assert_eq!(usual_tax(TaxSide::Sales, reduced), "課税売上8%(軽減)");
        assert_eq!(tax_name(TaxSide::Sales, reduced), "sales_reduced_8");
        let standard = rate(TaxCategory::Standard, 10);
        assert_eq!(usual_tax(TaxSide::Purchases, standard), "課税仕入10%");
        assert_eq!(usual_tax(TaxSide::None, TaxRate::OUT_OF_SCOPE), "対象外");
    }
}
