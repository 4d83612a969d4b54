//! What stands around every page: for whom, for which office, what was just said, and how it speaks.

use crate::{
    assets,
    error::PageError,
    page::Asked,
    said::Said,
    speech::{Called, Mode, SaidDay, Spoken},
    visitor::Visitor,
};
use api::Api;
use app::views::{entry::entry_at, later::CountedLater};
use domain::{
    calendar::{Day, business_day},
    id::{EntryId, OfficeId},
    masters::Masters,
    refs::EntryPointer,
};

/// An office as pages call it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfficeName {
    /// Code.
    pub code: String,
    /// Name of today.
    pub name: String,
    /// How it is read.
    pub kana: Option<String>,
}

/// Around the page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Way of speaking.
    pub mode: Mode,
    /// Somebody is logged in.
    pub is_in: bool,
    /// Office that this page is of.
    pub office: Option<OfficeName>,
    /// Whether the visitor manages it.
    pub manages: bool,
    /// Whether there is another one to change to.
    pub has_others: bool,
    /// What was just done.
    pub said: Option<Said>,
    /// Why what was just recorded counts for a later day.
    pub later: Option<CountedLater>,
    /// Address of the page.
    pub path: String,
}

impl Shell {
    /// For nobody in particular.
    pub fn of_nobody(asked: &Asked) -> Shell {
        Shell {
            mode: asked.mode,
            is_in: false,
            office: None,
            manages: false,
            has_others: false,
            said: asked.said.clone(),
            later: None,
            path: asked.path.clone(),
        }
    }

    /// For somebody, on no office's page.
    pub fn of(asked: &Asked) -> Shell {
        Shell {
            is_in: true,
            ..Shell::of_nobody(asked)
        }
    }

    /// For somebody, on a page of an office of theirs.
    pub async fn of_office(
        api: &Api,
        asked: &Asked,
        visitor: &Visitor,
        office: OfficeId,
    ) -> Result<Shell, PageError> {
        let name = office_name(api, office).await?;
        let rights = &visitor.caller().rights;
        let later = match asked.said.as_ref().and_then(|said| said.entry) {
            Some(entry) => {
                let pointer = EntryPointer::Id(EntryId(entry));
                let entry = entry_at(&api.book, &visitor.as_member(), &pointer).await?;
                entry.and_then(|entry| entry.counted_later)
            }
            None => None,
        };
        Ok(Shell {
            later,
            office: Some(name),
            manages: rights.manages(office),
            has_others: rights.offices.len() + rights.networks.len() > 1 || rights.is_operator,
            ..Shell::of(asked)
        })
    }

    /// Words of ours, as the reader reads them.
    pub fn w<'a>(&self, text: &'a str) -> Spoken<'a> {
        Spoken::new(text, self.mode)
    }

    /// A day.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    pub fn d(&self, day: &Day) -> SaidDay {
        SaidDay::new(*day, self.mode)
    }

    /// A name out of the book.
    #[expect(clippy::ref_option, reason = "templates hand over references to fields")]
    pub fn n<'a>(&self, name: &'a str, kana: &'a Option<String>) -> Called<'a> {
        Called::new(name, kana.as_deref(), self.mode)
    }

    /// Whether this is やさしい.
    pub fn easy(&self) -> bool {
        self.mode.is_easy()
    }

    /// Address of a file of ours.
    #[expect(clippy::unused_self, reason = "templates ask the shell")]
    pub fn asset(&self, name: &str) -> &'static str {
        assets::path(name)
    }

    /// Address of a page of this office.
    pub fn here(&self, page: &str) -> String {
        let office = self.office.as_ref().map_or("", |office| office.code.as_str());
        format!("/o/{office}{page}")
    }
}

/// An office as it is called today.
pub async fn office_name(api: &Api, office: OfficeId) -> Result<OfficeName, PageError> {
    let today = business_day(api.book.outside().clock.now());
    let name = |masters: &Masters| name_of(masters, office, today).ok_or(());
    let found = api.book.with_masters(name).await?;
    found.map_err(|()| PageError::not_found())
}

/// An office as it is called on a day.
pub fn name_of(masters: &Masters, office: OfficeId, day: Day) -> Option<OfficeName> {
    let known = masters.office(office)?;
    let facts = known.facts.on_or_first(day)?;
    Some(OfficeName {
        code: known.code.to_string(),
        name: facts.name.to_string(),
        kana: facts.kana.as_ref().map(ToString::to_string),
    })
}
