//! What is kept beside the book as rows that a backup holds and a restore puts back. Sessions are not among them: after a
//! restore everybody logs in again.

use super::AccessChange;
use crate::{
    Engine, StoreError,
    entity::{
        access_token, access_token_office, card, evidence, evidence_office, invitation, password_reset,
        person, person_role, proposal, proposal_party, question, reading, setting,
    },
    read::snapshot::Snapshot,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Readings of a page.
const PAGE: u64 = 1_000;

macro_rules! kept {
    ($($name:ident, $table:ident;)+) => {
        /// A row that is kept beside the book. As JSON it has its table as `kind`.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Kept {
            $(#[doc = concat!("A row of `", stringify!($table), "`.")] $name($table::Model),)+
        }

        impl Kept {
            /// All kinds, in an order in which a row comes after those it refers to.
            pub const KINDS: &'static [&'static str] = &[$(stringify!($table)),+];
        }

        impl AccessChange {
            /// Puts a row back, unless it is there.
            ///
            /// # Errors
            /// As any statement.
            pub async fn put_back(&self, row: Kept) -> Result<(), StoreError> {
                match row {
                    $(Kept::$name(row) => {
                        $table::Entity::insert(row.into_active_model())
                            .on_conflict_do_nothing()
                            .exec_without_returning(&self.tx)
                            .await?;
                    })+
                }
                Ok(())
            }
        }
    };
}

kept! {
    Person, person;
    PersonRole, person_role;
    AccessToken, access_token;
    AccessTokenOffice, access_token_office;
    Invitation, invitation;
    Card, card;
    PasswordReset, password_reset;
    Reading, reading;
    Proposal, proposal;
    ProposalParty, proposal_party;
    Question, question;
    Evidence, evidence;
    EvidenceOffice, evidence_office;
    Setting, setting;
}

/// Where a walk over all rows has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the beginning: accounts, roles, tokens, invitations, cards, proposals, questions, settings.
    People,
    /// At the readings after this number.
    Readings(i64),
    /// At the files after this hash.
    Evidence(Vec<u8>),
}

impl Snapshot {
    /// The next rows kept beside the book as of this moment, and where to go on; at most some thousand small ones, or
    /// one file.
    ///
    /// # Errors
    /// As any statement.
    pub async fn kept(&self, place: Place) -> Result<(Vec<Kept>, Option<Place>), StoreError> {
        match place {
            Place::People => Ok((self.kept_people().await?, Some(Place::Readings(0)))),
            Place::Readings(after) => {
                let found = reading::Entity::find()
                    .filter(reading::Column::No.gt(after))
                    .order_by_asc(reading::Column::No)
                    .limit(PAGE);
                let found = found.all(&self.tx).await?;
                let next = found
                    .last()
                    .map_or(Place::Evidence(Vec::new()), |last| Place::Readings(last.no));
                Ok((found.into_iter().map(Kept::Reading).collect(), Some(next)))
            }
            Place::Evidence(after) => {
                let found = evidence::Entity::find()
                    .filter(evidence::Column::Hash.gt(after))
                    .order_by_asc(evidence::Column::Hash)
                    .limit(1);
                let Some(file) = found.one(&self.tx).await? else {
                    return Ok((Vec::new(), None));
                };
                let next = Place::Evidence(file.hash.clone());
                let offices = evidence_office::Entity::find()
                    .filter(evidence_office::Column::Hash.eq(file.hash.clone()))
                    .order_by_asc(evidence_office::Column::Office);
                let mut rows = vec![Kept::Evidence(file)];
                rows.extend(offices.all(&self.tx).await?.into_iter().map(Kept::EvidenceOffice));
                Ok((rows, Some(next)))
            }
        }
    }

    async fn kept_people(&self) -> Result<Vec<Kept>, StoreError> {
        let mut rows = Vec::new();
        let people = person::Entity::find().order_by_asc(person::Column::Id);
        rows.extend(people.all(&self.tx).await?.into_iter().map(Kept::Person));
        let roles = person_role::Entity::find().order_by_asc(person_role::Column::Id);
        rows.extend(roles.all(&self.tx).await?.into_iter().map(Kept::PersonRole));
        let tokens = access_token::Entity::find().order_by_asc(access_token::Column::Id);
        rows.extend(tokens.all(&self.tx).await?.into_iter().map(Kept::AccessToken));
        let offices = access_token_office::Entity::find()
            .order_by_asc(access_token_office::Column::Token)
            .order_by_asc(access_token_office::Column::Office);
        rows.extend(
            offices
                .all(&self.tx)
                .await?
                .into_iter()
                .map(Kept::AccessTokenOffice),
        );
        let invitations = invitation::Entity::find().order_by_asc(invitation::Column::Id);
        rows.extend(invitations.all(&self.tx).await?.into_iter().map(Kept::Invitation));
        let cards = card::Entity::find().order_by_asc(card::Column::Id);
        rows.extend(cards.all(&self.tx).await?.into_iter().map(Kept::Card));
        let resets = password_reset::Entity::find().order_by_asc(password_reset::Column::Id);
        rows.extend(resets.all(&self.tx).await?.into_iter().map(Kept::PasswordReset));
        let proposals = proposal::Entity::find().order_by_asc(proposal::Column::Id);
        rows.extend(proposals.all(&self.tx).await?.into_iter().map(Kept::Proposal));
        let parties = proposal_party::Entity::find()
            .order_by_asc(proposal_party::Column::Proposal)
            .order_by_asc(proposal_party::Column::Office);
        rows.extend(parties.all(&self.tx).await?.into_iter().map(Kept::ProposalParty));
        let questions = question::Entity::find().order_by_asc(question::Column::Id);
        rows.extend(questions.all(&self.tx).await?.into_iter().map(Kept::Question));
        let settings = setting::Entity::find()
            .order_by_asc(setting::Column::Office)
            .order_by_asc(setting::Column::Name);
        rows.extend(settings.all(&self.tx).await?.into_iter().map(Kept::Setting));
        Ok(rows)
    }
}

impl AccessChange {
    /// Accounts there are.
    ///
    /// # Errors
    /// As any statement.
    pub async fn person_ids(&self) -> Result<BTreeSet<Uuid>, StoreError> {
        let rows = self.found("SELECT id FROM person", Vec::new()).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    /// After readings were put back under their numbers: the next one gets a number of its own.
    ///
    /// # Errors
    /// As any statement.
    pub async fn go_on_numbering(&self) -> Result<(), StoreError> {
        if self.engine == Engine::Postgres {
            let sql = "SELECT setval(pg_get_serial_sequence('reading', 'no'), \
                       (SELECT COALESCE(MAX(no), 0) + 1 FROM reading), false)";
            self.tx.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
