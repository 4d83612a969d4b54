//! 総合振込: payments as the file that banks take (全銀協規定形式): records of 120 bytes in JIS X 0201, one header, one for
//! each payment, a trailer with their number and sum, an end. Accounts are those of organisations, never of private
//! persons.

mod account;
mod file;
mod kana;

pub use account::{AccountNumber, AccountType, BankAccount, BankCode, BranchCode, ConsignorCode};
pub use file::{RECORD, Transfer, TransferError, TransferSheet};
pub use kana::{BankKana, KanaError};
