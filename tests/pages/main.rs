//! The pages over HTTP, as a browser without scripts meets them: what offices do every day, what is wrong in a form, what
//! strangers are shown, and the two ways of speaking.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod accountant;
mod adjusting;
mod agreements;
mod begin;
mod closing;
mod daily;
mod deliveries;
mod differences;
mod documents;
mod doors;
mod easy;
mod excel;
mod history;
mod labels;
mod login;
mod making;
mod masters;
mod netting;
mod open_items;
mod opening;
mod orders;
mod papers;
mod people;
mod processing;
mod public;
mod selling;
mod settlements;
mod shelf;
mod shelf_arrived;
mod shelf_lot;
mod strangers;
mod transfers;

use acceptance::{api::TestApi, pages::Reader, support::Engine, world::act};
use app::{access::rights::Role, writer::Answer};
use serde_json::{Value, json};

/// Two offices of one network, each with somebody in front of a browser.
struct Town {
    api: TestApi,
    a: Reader,
    b: Reader,
}

impl Town {
    async fn new(engine: Engine) -> Town {
        Town::of(TestApi::new(engine).await).await
    }

    async fn of(api: TestApi) -> Town {
        let join = json!({"kind": "membership", "key": "member-b", "supplied_on": "2026-04-01", "network": "minami", "member": "b"});
        record(&api, &[join]).await;
        let (a, b) = (reader(&api, "a").await, reader(&api, "b").await);
        Town { api, a, b }
    }

    /// With carrots in the store of office a.
    async fn with_carrots(engine: Engine) -> Town {
        Town::new(engine).await.and_carrots().await
    }

    async fn and_carrots(self) -> Town {
        let lines = json!({"lines": [{"product": "carrot", "quantity": "10", "lot": {"code": "C-1"}}]});
        record(&self.api, &[act("produce", "a", "carrots", "2026-07-09", lines)]).await;
        self
    }
}

/// Staff of an office, logged in.
async fn reader(api: &TestApi, office: &str) -> Reader {
    let masters = api.world.book.store().masters().await.unwrap();
    let id = masters.office_by_code(&office.parse().unwrap()).unwrap().id;
    let login = format!("staff-{office}");
    api.person(&login, &[Role::Staff(id)]).await;
    Reader::logged_in(api.anonymous(), &login).await
}

async fn record(api: &TestApi, acts: &[Value]) {
    let lines: Vec<String> = acts.iter().map(ToString::to_string).collect();
    for (act, answer) in acts.iter().zip(api.world.record_lines(&lines.join("\n")).await) {
        assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
    }
}
