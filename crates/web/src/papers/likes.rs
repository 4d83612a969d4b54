//! How the office likes its papers: days, boxes for seals, a copy to keep.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    access::settings::{set, setting},
    office_likes::{DayStyle, PaperLikes, Seal},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::text::Name;

#[derive(Template)]
#[template(path = "papers/likes.html")]
struct LikesPage {
    shell: Shell,
    wrong: Wrong,
    likes: PaperLikes,
    /// As typed.
    stamps: Vec<String>,
}

impl LikesPage {
    fn days(&self) -> [(&'static str, &'static str, bool); 3] {
        [
            ("both", "令和8年11月22日（2026年11月22日）", DayStyle::Both),
            ("wareki", "令和8年11月22日", DayStyle::Wareki),
            ("seireki", "2026年11月22日", DayStyle::Seireki),
        ]
        .map(|(name, words, style)| (name, words, style == self.likes.days))
    }

    fn seals(&self) -> [(&'static str, &'static str, bool); 3] {
        [
            ("none", "場所を作らない", Seal::None),
            ("square", "角印(四角、21 mm)", Seal::Square),
            ("round", "丸印(円、21 mm)", Seal::Round),
        ]
        .map(|(name, words, seal)| (name, words, seal == self.likes.seal))
    }
}

fn shown(stamps: &[Name]) -> Vec<String> {
    let mut shown: Vec<String> = stamps.iter().map(ToString::to_string).collect();
    shown.resize(PaperLikes::STAMPS, String::new());
    shown
}

/// As it is.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let likes: PaperLikes = setting(&api.book, office).await?;
    let page = LikesPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        wrong: Wrong::default(),
        stamps: shown(&likes.stamps),
        likes,
    };
    Ok(page::shown(&asked, &page))
}

/// As it is to be.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let typed: Vec<String> = (0..PaperLikes::STAMPS)
        .map(|n| form.get(&format!("stamp/{n}")).to_owned())
        .collect();
    let stamps: Result<Vec<Name>, _> = typed
        .iter()
        .filter(|name| !name.is_empty())
        .map(|name| name.parse())
        .collect();
    let likes = PaperLikes {
        days: match form.get("days") {
            "wareki" => DayStyle::Wareki,
            "seireki" => DayStyle::Seireki,
            _ => DayStyle::Both,
        },
        stamps: stamps.clone().unwrap_or_default(),
        seal: match form.get("seal") {
            "square" => Seal::Square,
            "round" => Seal::Round,
            _ => Seal::None,
        },
        copy: form.typed("copy").is_some(),
    };
    let wrong = match stamps {
        Err(error) => Wrong::whole(&format!("印の枠の名前を直してください。{error}")),
        Ok(_) => match set(&api.book, visitor.caller(), office, &likes).await {
            Ok(()) => {
                let to = format!("/o/{code}/papers");
                return Ok(page::done(&to, &Said::new(What::Liked)));
            }
            Err(refused) => Wrong::of(Problem::from(refused))?,
        },
    };
    let page = LikesPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        wrong,
        stamps: typed,
        likes,
    };
    Ok(page::shown_again(&asked, &page))
}
