//! What goes wrong, as RFC 9457 describes problems: a stable code for machines, a sentence for people, and the fields it
//! is about.

use app::{
    StoreError,
    access::{AccessRefused, authority::NotAllowed, log_in::LogInRefused},
    propose::NotProposed,
    record::NotRecorded,
    views::ViewError,
    writer::{Failure, Unaccepted},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::refusal::{Refusal, Why};
use serde::Serialize;
use std::error::Error;
use utoipa::ToSchema;

/// Seconds after which a refused request is worth sending again.
const AGAIN_SOON: u64 = 1;
const AGAIN_LATER: u64 = 5;

/// A problem (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:yokoito:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the status means.
    pub title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Stable code of the reason.
    pub code: String,
    /// What happened and what to do next.
    pub detail: String,
    /// The fields it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Entries that have to be taken back first, by their position in the log.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub must_go_first: Vec<u64>,
    /// Seconds to wait.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

/// A field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer (RFC 6901) into the body; for a question in the address its name after `?`.
    pub pointer: String,
    /// Stable code of the reason.
    pub code: String,
    /// What is wrong with it.
    pub detail: String,
}

impl Problem {
    /// A problem.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: format!("urn:yokoito:problem:{code}"),
            title: title(status).to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            must_go_first: Vec::new(),
            retry_after: None,
        }
    }

    /// About a field.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Problem {
        self.errors.push(FieldProblem {
            pointer: pointer.into(),
            code: self.code.clone(),
            detail: self.detail.clone(),
        });
        self
    }

    /// The field it is about has another name here.
    #[must_use]
    pub fn named(mut self, pointer: &str) -> Problem {
        for error in &mut self.errors {
            pointer.clone_into(&mut error.pointer);
        }
        self
    }

    /// The fields it is about stand within another one.
    #[must_use]
    pub fn within(mut self, pointer: &str) -> Problem {
        for error in &mut self.errors {
            error.pointer.insert_str(0, pointer);
        }
        self
    }

    fn again_after(mut self, seconds: u64) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// Nothing of that name, or nothing that the one who asks may know of.
    pub fn not_found() -> Problem {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "見つかりません。番号やコードを確かめてください。",
        )
    }

    /// Nobody is known by what was sent along.
    pub fn unauthorized() -> Problem {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "not-logged-in",
            "ログインしていないか、期限が切れています。ログインするか、トークンを確かめてください。",
        )
    }

    /// A fault of the program, told without particulars.
    pub fn internal() -> Problem {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "プログラムの誤りで答えられませんでした。時刻と見出し x-request-id を控えて、運用者に知らせてください。",
        )
    }

    /// The body, a header or the address cannot be read.
    pub fn bad_request(code: &str, detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

const fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "読み取れない要求です",
        StatusCode::UNAUTHORIZED => "ログインが必要です",
        StatusCode::FORBIDDEN => "権限がありません",
        StatusCode::NOT_FOUND => "見つかりません",
        StatusCode::METHOD_NOT_ALLOWED => "この操作はありません",
        StatusCode::REQUEST_TIMEOUT => "時間がかかりすぎました",
        StatusCode::CONFLICT => "記録できません",
        StatusCode::PRECONDITION_FAILED => "ほかの人が先に変えています",
        StatusCode::PAYLOAD_TOO_LARGE => "大きすぎます",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "形式がちがいます",
        StatusCode::UNPROCESSABLE_ENTITY => "入力に誤りがあります",
        StatusCode::TOO_MANY_REQUESTS => "回数が多すぎます",
        StatusCode::SERVICE_UNAVAILABLE => "いまは答えられません",
        _ => "誤りが起きました",
    }
}

/// `lines[0].quantity` as a JSON pointer.
pub fn pointer(field: &str) -> String {
    let mut pointer = String::new();
    for step in field.split(['.', '[']).filter(|step| !step.is_empty()) {
        pointer.push('/');
        pointer += &step.trim_end_matches(']').replace('~', "~0").replace('/', "~1");
    }
    pointer
}

/// The rule: what is wrong with the body whatever stands in the book is 422, what the book's rules say no to is 409.
pub fn status_of(why: &Why) -> StatusCode {
    match why {
        Why::Malformed { .. } | Why::UnknownKind { .. } | Why::UnknownFormat { .. } | Why::OfficeNeeded => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        _ => StatusCode::CONFLICT,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        if matches!(refusal.why, Why::Unbalanced | Why::Broken { .. }) {
            tracing::error!(
                code = refusal.code(),
                sentence = refusal.sentence(),
                "a rule is broken inside"
            );
            return Problem::internal();
        }
        let mut problem = Problem::new(status_of(&refusal.why), refusal.code(), refusal.sentence());
        if let Why::MustGoFirst { acts } = &refusal.why {
            problem.must_go_first = acts.iter().map(|act| act.seq).collect();
        }
        if refusal.field.is_empty() {
            problem
        } else {
            problem.at(pointer(&refusal.field))
        }
    }
}

impl From<NotAllowed> for Problem {
    fn from(error: NotAllowed) -> Problem {
        let status = match error {
            NotAllowed::Refused(refusal) => return refusal.into(),
            NotAllowed::NoSuchActing { .. } => StatusCode::NOT_FOUND,
            NotAllowed::RoleMissing { .. } | NotAllowed::OnlyReads => StatusCode::FORBIDDEN,
            NotAllowed::ConsentNeeded { .. } | NotAllowed::OpeningMixed => StatusCode::CONFLICT,
        };
        Problem::new(status, error.code(), error.sentence())
    }
}

impl From<Failure> for Problem {
    /// What the store says is for whoever runs it, and stands in the log; people read what they can do.
    fn from(failure: Failure) -> Problem {
        let Failure { code, sentence } = failure;
        let detail = match code {
            "internal" | "book-corrupt" | "book-newer" => {
                tracing::error!(code, sentence, "the book could not be used");
                return Problem::internal();
            }
            "outcome-unknown" => sentence.clone(),
            "disk-full" => "記録する場所がいっぱいです。運用者に知らせてください。記録はされていません。".to_owned(),
            _ => "いま帳簿につながりません。少し待って、同じ Idempotency-Key でもう一度送ってください。続くときは、運用者に\
                  知らせてください。"
                .to_owned(),
        };
        tracing::error!(code, sentence, "the book could not be used");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).again_after(AGAIN_LATER)
    }
}

impl From<NotRecorded> for Problem {
    fn from(error: NotRecorded) -> Problem {
        match error {
            NotRecorded::NotAllowed(error) => error.into(),
            NotRecorded::Refused(error) => error.into(),
            NotRecorded::Failed(error) => error.into(),
            NotRecorded::Unaccepted(error) => error.into(),
            NotRecorded::View(error) => error.into(),
            NotRecorded::Internal => Problem::internal(),
            NotRecorded::WithOthers => Problem::new(
                StatusCode::CONFLICT,
                "not-recorded",
                "ほかの1件が断られたので、これも記録していません。",
            ),
            NotRecorded::Changed => Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "changed-meanwhile",
                "見ていたあとに、ほかの人が変えています。読み直してから、もう一度変えてください。",
            ),
        }
    }
}

impl From<Unaccepted> for Problem {
    fn from(error: Unaccepted) -> Problem {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.code(), error.to_string());
        problem.again_after(AGAIN_SOON)
    }
}

/// An error with all that caused it, for the log.
fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said += " ← ";
        said += &error.to_string();
        cause = error.source();
    }
    said
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        tracing::error!(error = chain(&error), "the store");
        Failure::from(&error).into()
    }
}

impl From<AccessRefused> for Problem {
    fn from(error: AccessRefused) -> Problem {
        let status = match &error {
            AccessRefused::Store(error) => {
                tracing::error!(error = chain(error), "the store");
                return Failure::from(error).into();
            }
            AccessRefused::Internal => {
                tracing::error!("access failed");
                return Problem::internal();
            }
            AccessRefused::Act(refusal) => return refusal.clone().into(),
            AccessRefused::Failed(failure) => return failure.clone().into(),
            AccessRefused::NeedsLogin | AccessRefused::NeedsPassword | AccessRefused::NotAllowed => {
                StatusCode::FORBIDDEN
            }
            AccessRefused::NotFound => return Problem::not_found(),
            AccessRefused::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
            AccessRefused::Login(_) | AccessRefused::Password(_) => StatusCode::UNPROCESSABLE_ENTITY,
            AccessRefused::EvidenceTooLarge | AccessRefused::SettingTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            AccessRefused::EvidenceKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            AccessRefused::Closing => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::CONFLICT,
        };
        let mut problem = Problem::new(status, error.code(), error.to_string());
        problem.retry_after = match &error {
            AccessRefused::TooManyTries { retry_after } => Some(retry_after.as_secs().max(1)),
            AccessRefused::Closing => Some(AGAIN_LATER),
            _ => None,
        };
        match error {
            AccessRefused::Login(_) => problem.at("/login"),
            AccessRefused::Password(_) => problem.at("/password"),
            AccessRefused::NotYourOffice => problem.at("/offices"),
            AccessRefused::ExpiryPast => problem.at("/expires_at"),
            AccessRefused::DuePast => problem.at("/due_on"),
            _ => problem,
        }
    }
}

impl From<NotProposed> for Problem {
    fn from(error: NotProposed) -> Problem {
        match error {
            NotProposed::NotAllowed(refused) => Problem::from(refused).within("/act"),
            NotProposed::Access(refused) => refused.into(),
            NotProposed::NotRecorded(error) => error.into(),
            // the yes stays, and its giver is told so
            NotProposed::YesKept(error) => {
                let mut problem = Problem::from(error).within("/act");
                problem.detail = format!(
                    "同意は受け付けましたが、伝票にはできませんでした。{} 申し出た側に、取り下げて直してもらってください。",
                    problem.detail
                );
                problem
            }
        }
    }
}

impl From<LogInRefused> for Problem {
    fn from(error: LogInRefused) -> Problem {
        match error {
            LogInRefused::TooMany(refused) | LogInRefused::Failed(refused) => refused.into(),
            LogInRefused::Wrong | LogInRefused::WrongCard => {
                Problem::new(StatusCode::UNAUTHORIZED, error.code(), error.to_string())
            }
        }
    }
}

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Problem {
        match error {
            ViewError::Store(error) => error.into(),
            ViewError::LotUnknown { .. } => Problem::not_found(),
            ViewError::Quantity(_) | ViewError::MoreThanTheLot { .. } => {
                Problem::bad_request("quantity-wrong", error.to_string()).at("?quantity")
            }
            ViewError::Broken { what } => {
                tracing::error!(what, "the book is not whole");
                Problem::internal()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut answer = (self.status(), body).into_response();
        let headers = answer.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED.as_u16() {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"yokoito\""),
            );
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_json_pointers() {
        assert_eq!(pointer("lines[0].quantity"), "/lines/0/quantity");
        assert_eq!(pointer("office"), "/office");
        assert_eq!(pointer("modes.eat/in"), "/modes/eat~1in");
        assert_eq!(pointer(""), "");
    }

    #[test]
    fn form_is_told_from_rules() {
        let malformed = Why::Malformed {
            problem: String::new(),
        };
        assert_eq!(status_of(&malformed), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(status_of(&Why::KeyReused), StatusCode::CONFLICT);
    }
}
