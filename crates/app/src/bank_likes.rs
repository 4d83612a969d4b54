//! 振込の設定: the office's own bank account and those of its suppliers, kept beside the book: nothing of it is in the log or
//! in an export. Accounts of organisations alone; the pages say so.

use crate::access::settings::Setting;
use domain::{
    text::Code,
    transfer::{BankAccount, ConsignorCode},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// 振込の設定.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BankLikes {
    /// The office's own account: it is paid there, and pays from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
    /// 委託者コード, for files that are sent to the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignor: Option<ConsignorCode>,
    /// Accounts of partners outside the book, by their codes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, BankAccount>)]
    pub partners: BTreeMap<Code, BankAccount>,
}

impl BankLikes {
    /// Whether every name fits into its field of a file: the field that does not as a JSON pointer, and why.
    ///
    /// # Errors
    /// As said.
    pub fn check(&self) -> Result<(), (String, String)> {
        let own = self
            .account
            .iter()
            .map(|account| ("/account".to_owned(), account));
        let partners = self.partners.iter();
        let partners = partners.map(|(code, account)| (format!("/partners/{code}"), account));
        for (pointer, account) in own.chain(partners) {
            account
                .check()
                .map_err(|(field, sentence)| (format!("{pointer}/{field}"), sentence))?;
        }
        Ok(())
    }
}

impl Setting for BankLikes {
    const NAME: &'static str = "bank";
}
