//! 見本の連絡会: fills an empty book with the sample month, for those who want to see a book that lives before they begin their
//! own. The acts are handed in by the program; they are decided like any others.

use crate::{
    Book,
    access::{AccessRefused, Caller, rights::Role, roles_given},
    import::{ImportError, Options, Outcome, import},
    views::{ViewError, entry::keeper_recorded},
};
use domain::{calendar::Instant, masters::Masters};

/// A month of made-up offices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Acts as JSON Lines, in the order in which they are recorded.
    pub files: &'static [&'static str],
    /// Key of its first act, by which a book is known to hold it.
    pub first_key: &'static str,
    /// The time of its last act, as RFC 3339: a clock that is behind cannot record it.
    pub ends: &'static str,
    /// Offices that who looks at it manages from then on.
    pub offices: &'static [&'static str],
    /// Networks that they coordinate.
    pub networks: &'static [&'static str],
}

/// Whether the sample may be recorded here: in an empty book, or in one where it was begun.
///
/// # Errors
/// As any statement.
pub async fn may_fill(book: &Book, sample: &Sample) -> Result<bool, AccessRefused> {
    if crate::log::head(book).await?.size == 0 {
        return Ok(true);
    }
    let key = sample.first_key.parse().map_err(|_| AccessRefused::Internal)?;
    match keeper_recorded(book, &key).await {
        Ok(is_begun) => Ok(is_begun),
        Err(ViewError::Store(error)) => Err(error.into()),
        Err(_) => Err(AccessRefused::Internal),
    }
}

/// Records the sample, by an operator, who then manages some of its offices. What was recorded before, when the program was
/// stopped in the middle, is not recorded again.
///
/// # Errors
/// [`AccessRefused`].
pub async fn fill(book: &Book, caller: &Caller, sample: &Sample) -> Result<Outcome, AccessRefused> {
    caller.logged_in()?;
    if !caller.rights.is_operator {
        return Err(AccessRefused::NotAllowed);
    }
    if !may_fill(book, sample).await? {
        return Err(AccessRefused::BookNotEmpty);
    }
    let ends = Instant::from_rfc3339(sample.ends).map_err(|_| AccessRefused::Internal)?;
    if book.outside().clock.now() < ends {
        return Err(AccessRefused::ClockBehind);
    }
    let mut all = Outcome::default();
    for file in sample.files {
        let outcome = import(book, file.as_bytes(), Options::default(), &mut ()).await?;
        all.recorded += outcome.recorded;
        all.already += outcome.already;
        all.refused += outcome.refused;
    }
    if all.refused > 0 {
        tracing::error!(refused = all.refused, "the sample is not accepted");
        return Err(AccessRefused::Internal);
    }
    let masters = book.store().masters().await?;
    roles_given(book, caller, &roles(&masters, sample)).await?;
    Ok(all)
}

fn roles(masters: &Masters, sample: &Sample) -> Vec<Role> {
    let offices = masters.offices();
    let managed = offices
        .filter(|office| sample.offices.contains(&office.code.as_str()))
        .map(|office| Role::Manager(office.id));
    let networks = masters.networks();
    let coordinated = networks
        .filter(|network| sample.networks.contains(&network.code.as_str()))
        .map(|network| Role::Coordinator(network.id));
    managed.chain(coordinated).collect()
}

impl From<ImportError> for AccessRefused {
    fn from(error: ImportError) -> AccessRefused {
        match error {
            ImportError::Stopped { failure, .. } | ImportError::NotRestored(failure) => {
                AccessRefused::Failed(failure)
            }
            ImportError::Writer(_) => AccessRefused::Closing,
            ImportError::Store(error) => AccessRefused::Store(error),
            other => {
                tracing::error!(error = %other, "the sample cannot be read");
                AccessRefused::Internal
            }
        }
    }
}
