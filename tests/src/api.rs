//! The API, and the pages, as their clients meet them, without a socket: requests go into the routes, answers come out whole.

use crate::support::Engine;
use crate::world::World;
use api::Api;
use app::access::{
    Caller, invitations, log_in,
    rights::Role,
    secret::Secret,
    tokens::{self, NewToken},
};
use app::sample::Sample;
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tower::ServiceExt as _;
use uuid::Uuid;

/// A small sample: its offices and products, and nothing of their month.
const SAMPLE: Sample = Sample {
    files: &[include_str!("../../crates/yokoito/sample/01-masters.jsonl")],
    first_key: "rate-standard-10",
    ends: "2026-07-01T00:00:00Z",
    offices: &["aozora", "hinata"],
    networks: &["minamino"],
};

/// A password for tests.
pub const PASSWORD: &str = "あさひ かぼちゃ つくえ ねこ";

/// A book behind its API.
pub struct TestApi {
    /// The book.
    pub world: World,
    routes: Router,
    keys: AtomicU64,
    /// The first operator, account `root`.
    root: Caller,
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client {
    routes: Router,
    /// The token that goes with them.
    pub token: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub struct Told {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// All bytes of the body.
    pub bytes: Vec<u8>,
}

impl Told {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Body and headers as text, to look for words in.
    pub fn text(&self) -> String {
        let headers: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        format!(
            "{}\n\n{}",
            headers.join("\n"),
            String::from_utf8_lossy(&self.bytes)
        )
    }

    /// This status, or the test fails with the body.
    ///
    /// # Panics
    /// When it is another one.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "often nothing but the status is asked for"
    )]
    pub fn expect(self, status: u16) -> Told {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

#[expect(clippy::expect_used, reason = "tests fail by panicking")]
impl TestApi {
    /// The small world behind its API.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn new(engine: Engine) -> TestApi {
        TestApi::of(World::new(engine).await).await
    }

    /// A book behind its API.
    ///
    /// # Panics
    /// When its key cannot be made.
    pub async fn of(world: World) -> TestApi {
        let file = world.database.directory().join("api.key");
        let key = app::key::open(&world.book, &file).await.expect("a key");
        let api = Api {
            book: world.book.clone(),
            key: Some(Arc::new(key)),
            is_secure: false,
            is_behind_proxy: false,
            sample: Some(SAMPLE),
        };
        let link = invitations::set_up_link(&world.book).await.expect("a book");
        let link = link.expect("nobody has come in");
        invitations::accept_invitation(&world.book, link.expose(), "root", PASSWORD)
            .await
            .expect("the first operator");
        let here = [192, 0, 2, 3].into();
        let (_, root) = log_in::log_in(&world.book, "root", PASSWORD, here)
            .await
            .expect("logged in");
        let address = SocketAddr::from(([192, 0, 2, 1], 40_000));
        let routes = web::router(api).layer(Extension(ConnectInfo(address)));
        TestApi {
            world,
            routes,
            keys: AtomicU64::new(0),
            root,
        }
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Client {
        Client {
            routes: self.routes.clone(),
            token: None,
        }
    }

    /// A new account with these roles, and a token of it.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn person(&self, login: &str, roles: &[Role]) -> Client {
        let (first, others) = roles.split_first().expect("a role");
        let secret = self.invite(*first).await;
        let book = &self.world.book;
        invitations::accept_invitation(book, secret.expose(), login, PASSWORD)
            .await
            .expect("accepted");
        for role in others {
            self.give(login, *role).await;
        }
        let new = NewToken {
            name: "テスト".parse().expect("a name"),
            only_reads: false,
            offices: BTreeSet::new(),
            expires: None,
        };
        let caller = self.caller(login).await;
        let (_, secret) = tokens::make_token(book, &caller, new, self.id())
            .await
            .expect("a token");
        Client {
            routes: self.routes.clone(),
            token: Some(secret.expect("a secret").expose().to_owned()),
        }
    }

    /// Gives an account one more role.
    ///
    /// # Panics
    /// When it cannot be given.
    pub async fn give(&self, login: &str, role: Role) {
        let (secret, caller) = (self.invite(role).await, self.caller(login).await);
        invitations::accept_as(&self.world.book, &caller, secret.expose())
            .await
            .expect("accepted");
    }

    async fn caller(&self, login: &str) -> Caller {
        let here = [192, 0, 2, 2].into();
        let (_, caller) = log_in::log_in(&self.world.book, login, PASSWORD, here)
            .await
            .expect("logged in");
        caller
    }

    async fn invite(&self, role: Role) -> Secret {
        let (_, secret) = invitations::invite(&self.world.book, &self.root, role, self.id())
            .await
            .expect("invited");
        secret.expect("a secret")
    }

    fn id(&self) -> Uuid {
        Uuid::from_u64_pair(77, self.keys.fetch_add(1, Ordering::SeqCst))
    }
}

#[expect(clippy::expect_used, reason = "tests fail by panicking")]
impl Client {
    /// Sends anything.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn send(&self, mut request: Request<Body>) -> Told {
        if let Some(token) = &self.token {
            let value = format!("Bearer {token}").parse().expect("a header");
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        let answer = self.routes.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Told {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    /// Asks.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn get(&self, path: &str) -> Told {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        self.send(request).await
    }

    /// Sends JSON, under a key where there is one.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn call(&self, method: Method, path: &str, key: Option<&str>, body: Option<&Value>) -> Told {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).expect("a request")).await
    }

    /// Records an act.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Told {
        self.call(Method::POST, path, Some(key), Some(body)).await
    }
}
