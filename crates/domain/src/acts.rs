//! The acts: verbs of the trade, one file each. The list below is the program's vocabulary; a kind, once written into a
//! book, keeps its name and meaning for ever.

pub mod agreement;
pub mod allowance;
pub mod cash_place;
pub mod close;
pub mod confirm;
pub mod consign;
pub mod corporation;
pub mod correct;
pub mod count;
pub mod count_cash;
pub mod debt;
pub mod disown;
pub mod dispose;
pub mod earn;
pub mod erase_text;
pub mod give_back;
pub mod issue;
mod loss;
pub mod means;
pub mod membership;
pub mod months;
pub mod move_money;
pub mod net;
pub mod network;
pub mod office;
pub mod open;
pub mod order;
mod original;
pub mod partner;
pub mod pay;
pub mod price;
pub mod process;
pub mod produce;
pub mod product;
pub mod purchase;
pub mod purpose;
pub mod purse;
pub mod rate;
pub mod receive;
pub mod recipe;
pub mod record_wages;
pub mod reverse;
pub mod sell;
pub mod settle;
pub mod ship;
pub mod spend;
pub mod their_invoice;
pub mod use_up;
pub mod write_off;

use crate::{
    command::read_field,
    draft::Draft,
    entry::Entry,
    masters::Masters,
    refusal::{Refusal, Stop, Why},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an act is by the rules.
pub trait Rules {
    /// Drafts the entry, or refuses.
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop>;

    /// Moves goods or money, so that closed months matter. Master data and orders do not.
    fn is_dealing(&self) -> bool {
        true
    }

    /// May be dated after today: orders, and master data that is valid from a later day.
    fn may_lie_ahead(&self) -> bool {
        false
    }

    /// Folds the act into master data.
    fn apply(&self, _masters: &mut Masters, _entry: &Entry) {}
}

macro_rules! acts {
    ($($name:ident, $kind:literal, $class:ident, $type:path, $label:literal;)+) => {
        /// An act.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Act {
            $(#[doc = $label] $name(Box<$type>),)+
        }

        impl Act {
            /// All kinds, with what people call them.
            pub const KINDS: &'static [(&'static str, &'static str)] = &[$(($kind, $label)),+];

            /// Name of the kind.
            pub const fn kind(&self) -> &'static str {
                match self { $(Act::$name(_) => $kind,)+ }
            }

            /// Name for people.
            pub fn label(kind: &str) -> &'static str {
                match kind { $($kind => $label,)+ _ => "(未知の種類)" }
            }

            /// Whether entries of the kind are folded into master data.
            pub fn is_master(kind: &str) -> bool {
                match kind { $($kind => class::$class,)+ _ => false }
            }

            /// Reads the act's own fields.
            pub fn from_value(kind: &str, fields: Value) -> Result<Act, Refusal> {
                match kind {
                    $($kind => Ok(Act::$name(Box::new(read_field::<$type>("", fields)?))),)+
                    _ => Err(Refusal::at("kind", Why::UnknownKind { kind: kind.to_owned() })),
                }
            }

            /// The act's own fields.
            pub fn to_value(&self) -> Value {
                match self { $(Act::$name(act) => serde_json::to_value(act).unwrap_or_default(),)+ }
            }

            /// Schemas of all kinds, in the order of [`Act::KINDS`].
            #[cfg(feature = "openapi")]
            pub fn schemas() -> Vec<crate::schema::ActSchema> {
                vec![$(crate::schema::ActSchema::of::<$type>($kind)),+]
            }

            fn rules(&self) -> &dyn Rules {
                match self { $(Act::$name(act) => act.as_ref(),)+ }
            }
        }
    };
}

mod class {
    pub const MASTER: bool = true;
    pub const DEALING: bool = false;
}

acts! {
    Network, "network", MASTER, network::Network, "連絡会";
    Membership, "membership", MASTER, membership::Membership, "連絡会への参加";
    Corporation, "corporation", MASTER, corporation::Corporation, "法人";
    Office, "office", MASTER, office::Office, "事業所";
    Partner, "partner", MASTER, partner::Partner, "取引先";
    Product, "product", MASTER, product::Product, "品目";
    Price, "price", MASTER, price::Price, "値段";
    Recipe, "recipe", MASTER, recipe::Recipe, "レシピ";
    Agreement, "agreement", MASTER, agreement::Agreement, "取り決め";
    Rate, "rate", MASTER, rate::Rate, "税率";
    CashPlace, "cash_place", MASTER, cash_place::CashPlace, "現金・預金の置き場";
    Close, "close", MASTER, close::Close, "締め";
    Disown, "disown", MASTER, disown::Disown, "うちのものではない";
    Open, "open", DEALING, open::Open, "開始";
    Produce, "produce", DEALING, produce::Produce, "生産";
    Purchase, "purchase", DEALING, purchase::Purchase, "仕入";
    Process, "process", DEALING, process::Process, "加工";
    Use, "use", DEALING, use_up::UseUp, "自家使用";
    Dispose, "dispose", DEALING, dispose::Dispose, "廃棄";
    Count, "count", DEALING, count::Count, "棚卸";
    Order, "order", DEALING, order::Order, "注文";
    Ship, "ship", DEALING, ship::Ship, "出荷";
    Receive, "receive", DEALING, receive::Receive, "検収";
    Spend, "spend", DEALING, spend::Spend, "経費";
    Earn, "earn", DEALING, earn::Earn, "役務";
    RecordWages, "record_wages", DEALING, record_wages::RecordWages, "工賃";
    Pay, "pay", DEALING, pay::Pay, "支払・入金";
    MoveMoney, "move_money", DEALING, move_money::MoveMoney, "資金移動";
    CountCash, "count_cash", DEALING, count_cash::CountCash, "現金実査";
    WriteOff, "write_off", DEALING, write_off::WriteOff, "貸倒・免除";
    Net, "net", DEALING, net::Net, "相殺";
    Consign, "consign", DEALING, consign::Consign, "委託";
    Sell, "sell", DEALING, sell::Sell, "販売";
    GiveBack, "return", DEALING, give_back::GiveBack, "返品";
    Settle, "settle", DEALING, settle::Settle, "精算";
    Allowance, "allowance", DEALING, allowance::Allowance, "値引";
    Confirm, "confirm", DEALING, confirm::Confirm, "精算書の確認";
    Issue, "issue", DEALING, issue::Issue, "書類の発行";
    Reverse, "reverse", DEALING, reverse::Reverse, "取り消し";
    Correct, "correct", DEALING, correct::Correct, "訂正";
    EraseText, "erase_text", DEALING, erase_text::EraseText, "文の消去";
}

impl Rules for Act {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        self.rules().decide(draft)
    }

    fn is_dealing(&self) -> bool {
        self.rules().is_dealing()
    }

    fn may_lie_ahead(&self) -> bool {
        self.rules().may_lie_ahead()
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        self.rules().apply(masters, entry);
    }
}

/// An act inside another one (the right version in a correction) names its kind itself.
impl Serialize for Act {
    fn serialize<S: serde::Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        let mut value = self.to_value();
        if let Value::Object(fields) = &mut value {
            fields.insert("kind".to_owned(), self.kind().into());
        }
        value.serialize(output)
    }
}

impl<'de> Deserialize<'de> for Act {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let Value::Object(mut fields) = Value::deserialize(input)? else {
            return Err(D::Error::custom("{ } で囲んだ伝票を書いてください。"));
        };
        let Some(Value::String(kind)) = fields.remove("kind") else {
            return Err(D::Error::custom("kind を書いてください。"));
        };
        Act::from_value(&kind, Value::Object(fields)).map_err(D::Error::custom)
    }
}

/// Used by many acts: a field that is left out when false.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(crate) fn is_false(flag: &bool) -> bool {
    !*flag
}
