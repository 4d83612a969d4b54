//! The file itself.

use super::{BankAccount, ConsignorCode};
use crate::{calendar::Day, money::Yen};
use thiserror::Error;

/// Bytes of a record, without its line end.
pub const RECORD: usize = 120;

/// Widths of the trailer's fields.
const COUNT_DIGITS: usize = 6;
const SUM_DIGITS: usize = 12;
/// Width of an amount.
const YEN_DIGITS: usize = 10;

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// To which account.
    pub to: BankAccount,
    /// How much, above nought.
    pub yen: Yen,
}

/// All payments that go to the bank together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferSheet {
    /// 委託者コード.
    pub consignor: ConsignorCode,
    /// Out of which account; its holder sends the file.
    pub from: BankAccount,
    /// 取組日: the day the bank pays.
    pub on: Day,
    /// The payments, in order.
    pub transfers: Vec<Transfer>,
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TransferError {
    /// No payment.
    #[error("振り込むものが1件もありません。1件以上選んでください。")]
    Nothing,
    /// An amount that is none.
    #[error("{0}件めの金額は、1円から9,999,999,999円までにしてください。")]
    Amount(usize),
    /// More than a file counts.
    #[error("件数か合計の金額が大きすぎます。ファイルを分けてください。")]
    TooMany,
    /// A name that has no room.
    #[error("{0}")]
    Account(String),
}

impl TransferSheet {
    /// Sum of all payments.
    ///
    /// # Errors
    /// [`TransferError::TooMany`].
    pub fn sum(&self) -> Result<Yen, TransferError> {
        Yen::sum(self.transfers.iter().map(|transfer| transfer.yen)).map_err(|_| TransferError::TooMany)
    }

    /// The file: records with line ends of Windows, in bytes that JIS X 0201 and Shift-JIS have alike.
    ///
    /// # Errors
    /// [`TransferError`].
    pub fn file(&self) -> Result<Vec<u8>, TransferError> {
        if self.transfers.is_empty() {
            return Err(TransferError::Nothing);
        }
        let mut file = Vec::with_capacity((self.transfers.len() + 3) * (RECORD + 2));
        self.header()?.end_in(&mut file);
        for (n, transfer) in self.transfers.iter().enumerate() {
            data(transfer, n + 1)?.end_in(&mut file);
        }
        self.trailer()?.end_in(&mut file);
        Record::of(b'9').end_in(&mut file);
        Ok(file)
    }

    fn header(&self) -> Result<Record, TransferError> {
        let mut record = Record::of(b'1');
        // 総合振込, in JIS letters
        record.digits("21");
        record.digits("0");
        record.digits(self.consignor.as_str());
        record.name(&self.from.holder.bytes(), 40);
        record.digits(&format!("{:04}", self.on.as_number() % 10_000));
        record.account(&self.from)?;
        Ok(record)
    }

    fn trailer(&self) -> Result<Record, TransferError> {
        let mut record = Record::of(b'8');
        for (number, width) in [
            (self.transfers.len().to_string(), COUNT_DIGITS),
            (self.sum()?.get().to_string(), SUM_DIGITS),
        ] {
            if number.len() > width {
                return Err(TransferError::TooMany);
            }
            record.digits(&format!("{number:0>width$}"));
        }
        Ok(record)
    }
}

fn data(transfer: &Transfer, n: usize) -> Result<Record, TransferError> {
    let yen = transfer.yen.get().to_string();
    if !transfer.yen.is_positive() || yen.len() > YEN_DIGITS {
        return Err(TransferError::Amount(n));
    }
    let to = &transfer.to;
    let mut record = Record::of(b'2');
    record.bank(to)?;
    // 手形交換所番号 is not used any more
    record.digits("0000");
    record.number(to);
    record.name(&to.holder.bytes(), BankAccount::HOLDER);
    record.digits(&format!("{yen:0>YEN_DIGITS$}"));
    // 新規コード: neither new nor changed
    record.digits("0");
    // 顧客コード, both
    record.name(&[], 20);
    // 振込指定区分: テレ振込
    record.digits("7");
    Ok(record)
}

/// A record in the making; what is left of it is blank.
struct Record(Vec<u8>);

impl Record {
    fn of(kind: u8) -> Record {
        Record(vec![kind])
    }

    fn digits(&mut self, digits: &str) {
        self.0.extend(digits.bytes());
    }

    fn name(&mut self, name: &[u8], width: usize) {
        let blanks = std::iter::repeat_n(b' ', width.saturating_sub(name.len()));
        self.0.extend(name.iter().copied().take(width).chain(blanks));
    }

    fn bank(&mut self, account: &BankAccount) -> Result<(), TransferError> {
        account
            .check()
            .map_err(|(_, sentence)| TransferError::Account(sentence))?;
        let names = [&account.bank_name, &account.branch_name];
        let [bank, branch] = names.map(|name| name.as_ref().map(super::BankKana::bytes).unwrap_or_default());
        self.digits(account.bank.as_str());
        self.name(&bank, BankAccount::NAME);
        self.digits(account.branch.as_str());
        self.name(&branch, BankAccount::NAME);
        Ok(())
    }

    fn number(&mut self, account: &BankAccount) {
        self.0.push(account.account_type.digit());
        self.digits(account.number.as_str());
    }

    fn account(&mut self, account: &BankAccount) -> Result<(), TransferError> {
        self.bank(account)?;
        self.number(account);
        Ok(())
    }

    fn end_in(mut self, file: &mut Vec<u8>) {
        self.0.resize(RECORD, b' ');
        file.append(&mut self.0);
        file.extend(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::AccountType;

    fn account(bank: &str, number: &str, holder: &str) -> BankAccount {
        BankAccount {
            bank: bank.parse().unwrap(),
            bank_name: Some("ﾐﾅﾐ".parse().unwrap()),
            branch: "012".parse().unwrap(),
            branch_name: None,
            account_type: AccountType::Ordinary,
            number: number.parse().unwrap(),
            holder: holder.parse().unwrap(),
        }
    }

    fn sheet() -> TransferSheet {
        let to = |number, holder, yen| Transfer {
            to: account("0005", number, holder),
            yen: Yen::new(yen),
        };
        TransferSheet {
            consignor: "0123456789".parse().unwrap(),
            from: BankAccount {
                account_type: AccountType::Current,
                ..account("0130", "7654321", "シャ）ミドリフクシカイ")
            },
            on: "2026-07-31".parse().unwrap(),
            transfers: vec![
                to("0000001", "カ）ソラ", 26_350),
                to("0000002", "エヌピーオーウミ", 1_000_000),
            ],
        }
    }

    /// Fields of a record, by their widths.
    fn fields(record: &[u8], widths: &[usize]) -> Vec<String> {
        assert_eq!(widths.iter().sum::<usize>(), RECORD);
        let mut at = 0;
        let field = |width: &usize| {
            let bytes = &record[at..at + width];
            at += width;
            let letter = |byte: &u8| {
                if byte.is_ascii() {
                    char::from(*byte)
                } else {
                    char::from_u32(0xFF61 + u32::from(*byte) - 0xA1).unwrap()
                }
            };
            bytes.iter().map(letter).collect::<String>().trim_end().to_owned()
        };
        widths.iter().map(field).collect()
    }

    fn records(file: &[u8]) -> Vec<&[u8]> {
        assert_eq!(file.len() % (RECORD + 2), 0);
        let records = file.chunks(RECORD + 2);
        records
            .map(|record| record.strip_suffix(b"\r\n").expect("a line end"))
            .collect()
    }

    #[test]
    fn every_field_stands_where_the_rules_of_the_banks_say() {
        let file = sheet().file().unwrap();
        let records = records(&file);
        assert_eq!(records.len(), 5);
        let header = fields(records[0], &[1, 2, 1, 10, 40, 4, 4, 15, 3, 15, 1, 7, 17]);
        assert_eq!(
            header,
            [
                "1",
                "21",
                "0",
                "0123456789",
                "ｼﾔ)ﾐﾄﾞﾘﾌｸｼｶｲ",
                "0731",
                "0130",
                "ﾐﾅﾐ",
                "012",
                "",
                "2",
                "7654321",
                ""
            ]
        );
        let widths = [1, 4, 15, 3, 15, 4, 1, 7, 30, 10, 1, 10, 10, 1, 1, 7];
        assert_eq!(
            fields(records[1], &widths),
            [
                "2",
                "0005",
                "ﾐﾅﾐ",
                "012",
                "",
                "0000",
                "1",
                "0000001",
                "ｶ)ｿﾗ",
                "0000026350",
                "0",
                "",
                "",
                "7",
                "",
                ""
            ]
        );
        assert_eq!(fields(records[2], &widths)[8], "ｴﾇﾋﾟ-ｵ-ｳﾐ");
        assert_eq!(
            fields(records[3], &[1, 6, 12, 101]),
            ["8", "000002", "000001026350", ""]
        );
        assert_eq!(fields(records[4], &[1, 119]), ["9", ""]);
        // a reader of Shift-JIS reads the same letters
        assert!(
            file.iter()
                .all(|byte| matches!(byte, 0x20..=0x7E | 0xA1..=0xDF | b'\r' | b'\n'))
        );
    }

    #[test]
    fn what_no_bank_would_take_is_no_file() {
        let mut none = sheet();
        none.transfers.clear();
        assert_eq!(none.file(), Err(TransferError::Nothing));
        let mut nought = sheet();
        nought.transfers[1].yen = Yen::new(0);
        assert_eq!(nought.file(), Err(TransferError::Amount(2)));
        let mut vast = sheet();
        vast.transfers[0].yen = Yen::new(10_000_000_000);
        assert_eq!(vast.file(), Err(TransferError::Amount(1)));
        vast.transfers[0].yen = Yen::new(9_999_999_999);
        assert!(vast.file().is_ok());
        let mut long = sheet();
        long.transfers[0].to.holder = "ア".repeat(31).parse().unwrap();
        assert!(matches!(long.file(), Err(TransferError::Account(_))));
    }
}
