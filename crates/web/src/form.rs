//! What was typed into a form, and what is wrong with it. Names of controls are JSON pointers into the act that the form
//! makes, without the first slash (`lines/0/quantity`), so that a refusal finds its control; and what was typed comes back
//! with the message beside it.

use crate::error::PageError;
use api::problem::{FieldProblem, Problem};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
};

/// Bytes of a form at most.
const LIMIT: usize = 1 << 20;

/// A form as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// What stands in an address behind the `?`.
    pub fn of_query(query: &str) -> Form {
        Form::of(query.as_bytes())
    }

    /// Out of the bytes of a form.
    pub fn of(bytes: &[u8]) -> Form {
        Form(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// What was typed; empty where nothing was.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// What was typed, or nothing.
    pub fn typed(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// Controls whose names begin so, also those that are empty: the rest of the name, and what stands there.
    pub fn named<'a>(&'a self, beginning: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let named = self.0.iter();
        named.filter_map(move |(name, typed)| Some((name.strip_prefix(beginning)?, typed.trim())))
    }

    /// Controls whose names begin so and in which something was typed: the rest of the name, what was typed, in the order
    /// of the page. What a form says is read from the form, never from what is there by now: pressing twice sends the same.
    pub fn filled<'a>(&'a self, beginning: &'a str) -> Vec<(&'a str, &'a str)> {
        let rest = self.named(beginning);
        rest.filter(|(_, typed)| !typed.is_empty()).collect()
    }

    /// Rows of a table in which something was typed, each once: of `goods/carrot/quantity` the row `carrot`.
    pub fn rows<'a>(&'a self, beginning: &'a str) -> Vec<&'a str> {
        let mut rows: Vec<&str> = Vec::new();
        for (name, _) in self.filled(beginning) {
            let row = name.rsplit_once('/').map_or(name, |(row, _)| row);
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows
    }

    /// All controls, each with what was typed.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, typed)| (name.as_str(), typed.trim()))
    }

    /// As it was typed, blanks included: a password is nobody's to trim.
    pub fn verbatim(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Form, PageError> {
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            Problem::bad_request(
                "form-unreadable",
                "送られたものを読めません。もう一度送ってください。",
            )
        })?;
        if bytes.len() > LIMIT {
            let detail = "送られたものが大きすぎます。分けて送ってください。";
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail).into());
        }
        Ok(Form::of(&bytes))
    }
}

/// What is wrong with a form: a sentence on top, and one at each control it is about.
#[derive(Clone, Debug, Default)]
pub struct Wrong {
    /// On top; empty when nothing is wrong.
    pub sentence: String,
    /// Nothing was recorded, for certain. An answer that could not be had says itself what is known.
    pub is_refused: bool,
    /// Entries that have to be taken back first, by their position in the log.
    pub must_go_first: Vec<u64>,
    fields: Vec<(String, String)>,
}

impl Wrong {
    /// From what was refused. Whatever is no refusal of what was typed is an error page.
    pub fn of(problem: Problem) -> Result<Wrong, PageError> {
        let is_about_form = matches!(
            problem.status(),
            StatusCode::CONFLICT
                | StatusCode::UNPROCESSABLE_ENTITY
                | StatusCode::FORBIDDEN
                | StatusCode::PRECONDITION_FAILED
                | StatusCode::TOO_MANY_REQUESTS
                | StatusCode::SERVICE_UNAVAILABLE
        );
        if !is_about_form {
            return Err(problem.into());
        }
        let field = |error: FieldProblem| (error.pointer.trim_start_matches('/').to_owned(), error.detail);
        Ok(Wrong {
            is_refused: problem.status() != StatusCode::SERVICE_UNAVAILABLE,
            sentence: problem.detail,
            must_go_first: problem.must_go_first,
            fields: problem.errors.into_iter().map(field).collect(),
        })
    }

    /// Something is wrong that is no field's.
    pub fn whole(sentence: &str) -> Wrong {
        Wrong {
            sentence: sentence.to_owned(),
            is_refused: true,
            must_go_first: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// Whether something is wrong.
    pub fn is_some(&self) -> bool {
        !self.sentence.is_empty()
    }

    /// What is wrong with a control, or with a part of what it stands for.
    pub fn of_field(&self, name: &str) -> Option<&str> {
        let is_about =
            |wrong: &str| wrong == name || wrong.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
        let found = self.fields.iter().find(|(wrong, _)| is_about(wrong));
        found.map(|(_, sentence)| sentence.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_finds_its_control() {
        let problem = Problem::new(StatusCode::CONFLICT, "x", "ちがいます。").at("/lines/1/quantity/amount");
        let Ok(wrong) = Wrong::of(problem) else {
            unreachable!("about the form")
        };
        assert_eq!(wrong.of_field("lines/1/quantity"), Some("ちがいます。"));
        assert_eq!(wrong.of_field("lines/1"), Some("ちがいます。"));
        assert_eq!(wrong.of_field("lines/11"), None);
        assert!(wrong.is_refused);
        assert!(Wrong::of(Problem::internal()).is_err());
        // whether it was recorded may be unknown then
        let busy = Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "outcome-unknown",
            "もう一度送ってください。",
        );
        assert!(Wrong::of(busy).is_ok_and(|wrong| wrong.is_some() && !wrong.is_refused));
    }
}
