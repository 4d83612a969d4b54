//! 設定: how an office likes its papers, labels and files. Kept beside the book, never in an export: another program or a
//! tablet beside this one finds the same. Whoever records for the office may change them.

use super::{AccessRefused, Caller};
use crate::Book;
use domain::id::OfficeId;
use serde::{Serialize, de::DeserializeOwned};
use store::{StoreError, entity::setting};

/// Bytes of a value at most.
pub const LARGEST: usize = 20_000;

/// Something an office can set. The name is what it is kept under; it is never used again for something else.
pub trait Setting: Serialize + DeserializeOwned + Default + Send {
    /// Lower case with hyphens.
    const NAME: &'static str;
}

/// What an office has set; the usual where it has set nothing, or something that this program no longer reads.
///
/// # Errors
/// As any statement.
pub async fn setting<S: Setting>(book: &Book, office: OfficeId) -> Result<S, StoreError> {
    let found = book.store().setting(office.0, S::NAME).await?;
    let read = found.and_then(|value| serde_json::from_str(&value).ok());
    Ok(read.unwrap_or_default())
}

/// Sets it.
///
/// # Errors
/// [`AccessRefused::NotAllowed`] for whoever does not record for the office, [`AccessRefused::SettingTooLarge`].
pub async fn set<S: Setting>(
    book: &Book,
    caller: &Caller,
    office: OfficeId,
    setting: &S,
) -> Result<(), AccessRefused> {
    if !caller.rights.records_for(office) {
        return Err(AccessRefused::NotAllowed);
    }
    let value = serde_json::to_string(setting).map_err(|_| AccessRefused::SettingTooLarge)?;
    if value.len() > LARGEST {
        return Err(AccessRefused::SettingTooLarge);
    }
    let row = setting::Model {
        office: office.0,
        name: S::NAME.to_owned(),
        value,
        person: caller.person(),
        set_at: book.outside().clock.now().millis(),
    };
    Ok(book.store().set(row).await?)
}
