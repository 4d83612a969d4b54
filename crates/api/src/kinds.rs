//! The rule by which acts become resources: an act is a verb, its resource the plural noun of what it makes. The table
//! is the whole of it; everything else about an act's route and its description follows.

/// An act as a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Kind of act, the name in the book.
    pub act: &'static str,
    /// Collection, plural, kebab-case: `/v1/<collection>`.
    pub collection: &'static str,
    /// What stands together in the document.
    pub tag: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
}

impl Kind {
    /// Operation id of recording: the act's name.
    pub fn operation(&self) -> &'static str {
        self.act
    }

    /// Operation id of the list of its entries.
    pub fn list_operation(&self) -> String {
        format!("list_{}", self.collection.replace('-', "_"))
    }

    /// Path of the collection.
    pub fn path(&self) -> String {
        format!("/v1/{}", self.collection)
    }

    /// Whether it is master data: then its list is the things themselves, not entries.
    pub fn is_master(&self) -> bool {
        domain::acts::Act::is_master(self.act)
    }
}

const MASTERS: &str = "台帳";
const GOODS: &str = "もの";
const BETWEEN: &str = "事業所のあいだ";
const MONEY: &str = "お金";
const CORRECTIONS: &str = "訂正";

macro_rules! kinds {
    ($($act:literal, $collection:literal, $tag:ident, $summary:literal;)+) => {
        /// All acts, in the order of the document.
        pub const KINDS: &[Kind] = &[$(Kind { act: $act, collection: $collection, tag: $tag, summary: $summary }),+];
    };
}

kinds! {
    "network", "networks", MASTERS, "連絡会を登録・変更する(運用者)";
    "membership", "memberships", MASTERS, "事業所を連絡会に入れる・抜く";
    "corporation", "corporations", MASTERS, "法人を登録・変更する(運用者)";
    "office", "offices", MASTERS, "事業所を登録・変更する(運用者)";
    "partner", "partners", MASTERS, "取引先を登録・変更する";
    "product", "products", MASTERS, "品目を登録・変更する";
    "price", "prices", MASTERS, "値段を決める";
    "recipe", "recipes", MASTERS, "レシピを登録・変更する";
    "agreement", "agreements", MASTERS, "取り決めを結ぶ・変える・終える";
    "rate", "rates", MASTERS, "税率を登録する(運用者)";
    "cash_place", "cash-places", MASTERS, "現金・預金の置き場を登録する";
    "close", "closes", MONEY, "月を締める";
    "open", "openings", MONEY, "開始残高と開始在庫を入れる";
    "produce", "productions", GOODS, "生産を記録する";
    "purchase", "purchases", GOODS, "仕入を記録する";
    "process", "processings", GOODS, "加工を記録する";
    "use", "uses", GOODS, "自家使用(給食・見本など)を記録する";
    "dispose", "disposals", GOODS, "廃棄・紛失を記録する";
    "count", "stocktakes", GOODS, "棚卸を記録する";
    "disown", "disownments", BETWEEN, "自分の事業所の名前があるロットを、うちのものではないと申し立てる";
    "order", "orders", BETWEEN, "注文する";
    "ship", "shipments", BETWEEN, "出荷を記録する";
    "receive", "receipts", BETWEEN, "検収を記録する";
    "consign", "consignments", BETWEEN, "委託で品を預ける";
    "sell", "sales", BETWEEN, "販売を記録する(自分の品・預かった品)";
    "return", "returns", BETWEEN, "返品を記録する";
    "allowance", "allowances", BETWEEN, "値引を記録する";
    "settle", "statements", BETWEEN, "委託を精算する";
    "confirm", "statement-confirmations", BETWEEN, "精算書を確認する(相手の同意が要る)";
    "issue", "documents", MONEY, "請求書・領収書・返還請求書・仕入明細書を発行する";
    "earn", "earnings", MONEY, "役務の収入を記録する";
    "spend", "expenses", MONEY, "経費を記録する";
    "record_wages", "wages", MONEY, "工賃を記録する(月ごとの合計だけ)";
    "pay", "payments", MONEY, "支払・入金を記録する";
    "move_money", "money-moves", MONEY, "資金を移す";
    "count_cash", "cash-counts", MONEY, "現金を数えた結果を記録する";
    "write_off", "write-offs", MONEY, "貸倒・免除を記録する";
    "net", "nettings", MONEY, "貸し借りを相殺する(すべての事業所の同意が要る)";
    "reverse", "reversals", CORRECTIONS, "伝票を取り消す";
    "correct", "corrections", CORRECTIONS, "伝票を正しい内容に直す";
    "erase_text", "text-erasures", CORRECTIONS, "伝票のメモ・理由を消す(運用者)";
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::acts::Act;
    use std::collections::BTreeSet;

    #[test]
    fn every_act_is_a_resource_and_nothing_else_is() {
        let acts: BTreeSet<&str> = KINDS.iter().map(|kind| kind.act).collect();
        let known: BTreeSet<&str> = Act::KINDS.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(acts, known);
        let collections: BTreeSet<&str> = KINDS.iter().map(|kind| kind.collection).collect();
        assert_eq!(collections.len(), KINDS.len());
    }
}
