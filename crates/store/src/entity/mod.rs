//! One entity a table, plain: what a column means is said in the migration. For the readers; the writer has its own
//! constant statements.

pub mod access_token;
pub mod access_token_office;
pub mod account;
pub mod balance;
pub mod balance_month;
pub mod book;
pub mod book_key;
pub mod card;
pub mod entry;
pub mod entry_office;
pub mod entry_ref;
pub mod entry_text;
pub mod evidence;
pub mod evidence_office;
pub mod invitation;
pub mod link;
pub mod log_checkpoint;
pub mod log_head;
pub mod log_tile;
pub mod lot;
pub mod movement;
pub mod numbered;
pub mod party;
pub mod password_reset;
pub mod person;
pub mod person_role;
pub mod place;
pub mod posting;
pub mod product;
pub mod proposal;
pub mod proposal_party;
pub mod question;
pub mod reading;
pub mod session;
pub mod setting;
pub mod stock;

/// Bytes as base64, where rows are written as JSON.
mod in_base64 {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], output: S) -> Result<S::Ok, S::Error> {
        output.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<u8>, D::Error> {
        STANDARD
            .decode(String::deserialize(input)?)
            .map_err(D::Error::custom)
    }
}
