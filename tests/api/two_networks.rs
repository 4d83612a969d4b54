//! A world with two networks that have nothing to do with each other, and people of both.

use acceptance::{
    api::{Client, TestApi},
    support::Engine,
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

/// A word in every name and code of the other network: it must never be seen on this side.
pub const SECRET: &str = "zzhimitsu";
/// A price of the other network.
pub const SECRET_YEN: &str = "48271";

/// Both networks behind one API.
pub struct TwoNetworks {
    /// The API.
    pub api: TestApi,
    /// Entries by key: `a` for those of this network, `z` for the other's.
    pub entry: Value,
    /// An entry of the other network.
    pub secret_entry: String,
    /// A file of office a, and one of the other network.
    pub files: [String; 2],
    /// People in the order of [`ROLES`].
    pub people: Vec<Client>,
}

/// Who asks, in the order of the table of rights.
pub const ROLES: [&str; 7] = [
    "anonymous",
    "stranger",
    "staff",
    "manager",
    "coordinator",
    "other coordinator",
    "operator",
];

fn keeper(kind: &str, key: &str, mut fields: Value) -> Value {
    for (name, value) in [("kind", kind), ("key", key), ("supplied_on", "2026-04-01")] {
        fields[name] = value.into();
    }
    fields
}

/// What is recorded on both sides.
fn acts() -> Vec<Value> {
    let z = SECRET;
    let name = |what: &str| format!("{what}{z}");
    let unit = json!({"name": "個"});
    vec![
        keeper(
            "membership",
            "member-b",
            json!({"network": "minami", "member": "b"}),
        ),
        keeper(
            "membership",
            "member-c",
            json!({"network": "minami", "member": "c"}),
        ),
        keeper(
            "network",
            "z-net",
            json!({"code": format!("{z}-net"), "name": name("連絡会")}),
        ),
        keeper(
            "corporation",
            "z-corp",
            json!({"code": format!("{z}-corp"), "name": name("法人"), "taxation": {"kind": "standard"}}),
        ),
        keeper(
            "corporation",
            "z-corp-2",
            json!({"code": format!("{z}-corp-2"), "name": name("法人二"), "taxation": {"kind": "standard"}}),
        ),
        keeper(
            "office",
            "z-office-1",
            json!({"code": format!("{z}-1"), "name": name("一番"), "corporation": format!("{z}-corp")}),
        ),
        keeper(
            "office",
            "z-office-2",
            json!({"code": format!("{z}-2"), "name": name("二番"), "corporation": format!("{z}-corp-2")}),
        ),
        keeper(
            "membership",
            "z-member-1",
            json!({"network": format!("{z}-net"), "member": format!("{z}-1")}),
        ),
        keeper(
            "membership",
            "z-member-2",
            json!({"network": format!("{z}-net"), "member": format!("{z}-2")}),
        ),
        act(
            "product",
            &format!("{z}-1"),
            "z-product",
            "2026-04-01",
            json!({"code": format!("{z}-ame"), "name": name("飴"), "unit": unit, "tax": "reduced", "allergens": {}}),
        ),
        act(
            "price",
            &format!("{z}-1"),
            "z-price",
            "2026-04-01",
            json!({"product": format!("{z}-ame"), "channel": "supply", "unit_price": SECRET_YEN}),
        ),
        act(
            "partner",
            &format!("{z}-1"),
            "z-partner",
            "2026-04-01",
            json!({"code": format!("{z}-ya"), "name": name("屋"), "partner_kind": "supplier"}),
        ),
        act(
            "cash_place",
            &format!("{z}-1"),
            "z-cash",
            "2026-04-01",
            json!({"code": format!("{z}-kinko"), "name": name("金庫"), "holds": "cash"}),
        ),
        act(
            "cash_place",
            &format!("{z}-2"),
            "z-cash",
            "2026-04-01",
            json!({"code": format!("{z}-kinko"), "name": name("金庫"), "holds": "cash"}),
        ),
        act(
            "produce",
            &format!("{z}-1"),
            "z-made",
            "2026-06-01",
            json!({"lines": [{"product": format!("{z}-ame"), "quantity": "40", "lot": {"code": format!("{z}-lot")}}]}),
        ),
        act(
            "ship",
            &format!("{z}-1"),
            "z-ship",
            "2026-06-02",
            json!({"to": format!("{z}-2"), "lines": [{"lot": format!("{z}-lot"), "quantity": "10"}], "note": name("メモ")}),
        ),
        act(
            "receive",
            &format!("{z}-2"),
            "z-receive",
            "2026-06-02",
            json!({"shipment": {"office": format!("{z}-1"), "key": "z-ship"}, "all": true}),
        ),
        keeper(
            "agreement",
            "z-agreement",
            json!({"code": format!("{z}-agreement"), "about": "supply", "producer": format!("{z}-1"), "other": format!("{z}-2"),
                   "terms": {}, "agreed": [format!("{z}-1"), format!("{z}-2")]}),
        ),
        act(
            "recipe",
            "a",
            "a-recipe",
            "2026-04-01",
            json!({"code": "salad", "inputs": [{"product": "carrot", "quantity": "1"}],
                   "outputs": [{"product": "craft", "quantity": "1"}]}),
        ),
        act(
            "produce",
            "a",
            "a-made",
            "2026-06-01",
            json!({"lines": [{"product": "carrot", "quantity": "20", "lot": {"code": "C-1"}}]}),
        ),
        act(
            "ship",
            "a",
            "a-ship",
            "2026-06-02",
            json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "8"}]}),
        ),
        act(
            "receive",
            "b",
            "b-receive",
            "2026-06-02",
            json!({"shipment": {"office": "a", "key": "a-ship"}, "all": true}),
        ),
        act(
            "purchase",
            "b",
            "b-rice",
            "2026-06-02",
            json!({"supplier": "komeya", "lines": [{"product": "rice", "quantity": "10", "amount": 4321, "lot": {"code": "R-1"}}]}),
        ),
        act(
            "process",
            "b",
            "b-bento",
            "2026-06-03",
            json!({"inputs": [{"lot": "C-1", "quantity": "2"}, {"lot": "R-1", "quantity": "3"}],
                   "outputs": [{"product": "bento", "quantity": "30", "lot": {"code": "B-1"}}]}),
        ),
        act(
            "ship",
            "b",
            "b-ship",
            "2026-06-03",
            json!({"to": "c", "lines": [{"lot": "B-1", "quantity": "12"}]}),
        ),
        act(
            "receive",
            "c",
            "c-receive",
            "2026-06-03",
            json!({"shipment": {"office": "b", "key": "b-ship"}, "all": true}),
        ),
    ]
}

/// Keeps a file of an office; its hash.
async fn keep(client: &Client, office: &str, text: &str) -> String {
    let request = Request::post(format!("/v1/evidence?office={office}"))
        .header("content-type", "text/plain")
        .body(Body::from(text.to_owned()))
        .unwrap();
    let told = client.send(request).await.expect(201);
    told.json()["hash"].as_str().unwrap().to_owned()
}

impl TwoNetworks {
    /// Makes them.
    pub async fn new(engine: Engine) -> TwoNetworks {
        let api = TestApi::new(engine).await;
        let lines: Vec<String> = acts().iter().map(ToString::to_string).collect();
        let answers = api.world.record_lines(&lines.join("\n")).await;
        let mut entry = json!({});
        let mut secret_entry = String::new();
        for (line, answer) in acts().iter().zip(answers) {
            let Answer::Recorded(id, _) = answer else {
                panic!("{line}: {answer:?}")
            };
            let key = line["key"].as_str().unwrap();
            entry[key] = id.to_string().into();
            if key == "z-ship" {
                secret_entry = id.to_string();
            }
        }
        let masters = api.world.book.store().masters().await.unwrap();
        let office = |code: &str| masters.office_by_code(&code.parse().unwrap()).unwrap().id;
        let network = |code: &str| masters.network_by_code(&code.parse().unwrap()).unwrap().id;
        let people = vec![
            api.anonymous(),
            api.person("stranger", &[Role::Manager(office(&format!("{SECRET}-1")))])
                .await,
            api.person("staff-a", &[Role::Staff(office("a"))]).await,
            api.person("manager-a", &[Role::Manager(office("a"))]).await,
            api.person("coordinator", &[Role::Coordinator(network("minami"))])
                .await,
            api.person(
                "coordinator-z",
                &[Role::Coordinator(network(&format!("{SECRET}-net")))],
            )
            .await,
            api.person("operator", &[Role::Operator]).await,
        ];
        let files = [
            keep(&people[2], "a", "領収書").await,
            keep(&people[1], &format!("{SECRET}-1"), SECRET).await,
        ];
        TwoNetworks {
            api,
            entry,
            secret_entry,
            files,
            people,
        }
    }

    /// Somebody of a role.
    pub fn by(&self, role: &str) -> &Client {
        let at = ROLES.iter().position(|known| *known == role).unwrap();
        &self.people[at]
    }

    /// The id of an entry by its key.
    pub fn id(&self, key: &str) -> &str {
        self.entry[key].as_str().unwrap()
    }
}
