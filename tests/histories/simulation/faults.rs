//! What goes wrong while clients send: planned by seed, over after a moment.

use super::{
    Tally,
    clients::Client,
    count,
    incarnation::{Incarnation, Program},
};
use acceptance::{
    proxy::{Fault as Network, Proxy, Way},
    support::{Engine, TestDatabase},
};
use rand::{RngExt as _, rngs::StdRng};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, TransactionTrait};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::task::JoinSet;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The entry of one act is refused by the engine.
    RowRefused,
    /// The same, and the engine takes the whole transaction back by itself.
    RolledBack,
    /// The program has a fault.
    Panic,
    /// Another program holds the book.
    Held,
    /// The program is closed and opened.
    Restart,
    /// The program ends in the middle of what it does, and is opened.
    End,
    /// The connection is cut somewhere.
    Cut,
    /// A commit does not arrive.
    CommitLost,
    /// The answer to a commit does not arrive.
    AnswerLost,
    /// The server cannot be reached.
    Unreachable,
}

const BOTH: [(Fault, &str); 5] = [
    (Fault::RowRefused, "a row refused"),
    (Fault::Panic, "a fault of the program"),
    (Fault::Held, "held by another"),
    (Fault::Restart, "restarted"),
    (Fault::End, "ended in the middle"),
];
const SQLITE: [(Fault, &str); 1] = [(Fault::RolledBack, "taken back by the engine")];
const POSTGRES: [(Fault, &str); 4] = [
    (Fault::Cut, "cut"),
    (Fault::CommitLost, "a commit lost"),
    (Fault::AnswerLost, "an answer lost"),
    (Fault::Unreachable, "unreachable"),
];

fn of(engine: Engine) -> Vec<(Fault, &'static str)> {
    let own: &[_] = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    [&BOTH, own].concat()
}

/// The programs on one book, and who makes trouble for them.
pub struct Faults {
    database: TestDatabase,
    proxy: Option<Proxy>,
    /// Of somebody else: past the proxy.
    other: Option<DatabaseConnection>,
    running: Vec<Option<Incarnation>>,
    seen: Arc<Mutex<Vec<Program>>>,
    opened: u64,
}

impl Faults {
    /// No program runs yet.
    pub async fn new(database: TestDatabase) -> Faults {
        let proxy = match database.url().split_once("?schema=") {
            Some((server, _)) => Some(Proxy::to(server).await),
            None => None,
        };
        Faults {
            database,
            proxy,
            other: None,
            running: Vec::new(),
            seen: Arc::default(),
            opened: 0,
        }
    }

    /// What can happen on these engines.
    pub fn names(engines: &[Engine]) -> impl Iterator<Item = &'static str> {
        engines
            .iter()
            .flat_map(|engine| of(*engine))
            .map(|(_, name)| name)
    }

    /// Where the book is.
    pub fn url(&self) -> String {
        self.database.url().to_owned()
    }

    fn schema(&self) -> &str {
        self.database
            .url()
            .split_once("?schema=")
            .map_or("", |(_, schema)| schema)
    }

    /// Where programs find it.
    fn programs_url(&self) -> String {
        match &self.proxy {
            Some(proxy) => proxy.book(self.schema()),
            None => self.url(),
        }
    }

    /// Opens the book in so many programs.
    pub async fn open(&mut self, programs: usize, seed: u64) {
        self.opened = seed;
        for _ in 0..programs {
            self.running.push(None);
            self.start(self.running.len() - 1).await;
        }
        let address = self.database.url().split('?').next().expect("an address");
        let mut options = ConnectOptions::new(address);
        options.max_connections(1).sqlx_logging(false);
        self.other = Some(Database::connect(options).await.expect("a connection"));
    }

    async fn start(&mut self, n: usize) {
        self.opened += 1;
        let incarnation = Incarnation::open(&self.programs_url(), self.opened).await;
        let mut seen = self.seen.lock().expect("the programs");
        if n < seen.len() {
            seen[n] = incarnation.program.clone();
        } else {
            seen.push(incarnation.program.clone());
        }
        drop(seen);
        self.running[n] = Some(incarnation);
    }

    /// A program as clients see it now.
    pub fn program(&self, n: usize) -> Program {
        let seen = self.seen.lock().expect("the programs");
        seen[n % seen.len()].clone()
    }

    /// Lets clients send at the same time, and as a rule nothing else happens.
    pub async fn meet(&mut self, clients: &mut Vec<Client>, random: &mut StdRng, tally: &mut Tally) {
        let all = of(self.database.engine());
        let fault = random
            .random_bool(0.35)
            .then(|| all[random.random_range(0..all.len())]);
        let victim = random.random_range(0..self.running.len());
        let at: usize = random.random_range(0..20_000);
        let moment = Duration::from_micros(random.random_range(0..15_000));
        let poison = clients
            .first()
            .map(|client| client.acts[0].0["key"].as_str().expect("a key").to_owned());
        let poison = poison.unwrap_or_default();
        if let Some((fault, name)) = fault {
            count(tally, name);
            self.before(fault, victim, at, &poison).await;
        }
        let mut sending = JoinSet::new();
        for (n, mut client) in clients.drain(..).enumerate() {
            let seen = Arc::clone(&self.seen);
            sending.spawn(async move {
                let program = |n: usize| {
                    let seen = seen.lock().expect("the programs");
                    seen[n % seen.len()].clone()
                };
                let failures = client.send(program).await;
                (n, client, failures)
            });
        }
        if let Some((fault, _)) = fault {
            // let them queue what they have
            tokio::time::sleep(moment).await;
            self.after(fault, victim).await;
        }
        let mut answered = Vec::new();
        while let Some(sent) = sending.join_next().await {
            let (n, client, failures) = sent.expect("a client");
            for code in failures {
                count(tally, format!("answered {code}"));
            }
            answered.push((n, client));
        }
        answered.sort_by_key(|(n, _)| *n);
        clients.extend(answered.into_iter().map(|(_, client)| client));
        if let Some(proxy) = &self.proxy {
            proxy.order(Network::None);
        }
    }

    async fn execute(&self, sql: &str) {
        let other = self.other.as_ref().expect("a connection");
        other.execute_unprepared(sql).await.expect(sql);
    }

    /// What is there when clients begin to send.
    async fn before(&self, fault: Fault, victim: usize, at: usize, poison: &str) {
        let network = match fault {
            Fault::RowRefused | Fault::RolledBack => {
                let raise = if fault == Fault::RolledBack {
                    "ROLLBACK"
                } else {
                    "ABORT"
                };
                self.execute(&match self.database.engine() {
                    Engine::Sqlite => format!(
                        "CREATE TRIGGER poison BEFORE INSERT ON entry WHEN NEW.key = '{poison}' \
                         BEGIN SELECT RAISE({raise}, 'poison'); END"
                    ),
                    Engine::Postgres => {
                        let schema = self.schema();
                        format!(
                            "CREATE FUNCTION {schema}.poison() RETURNS trigger LANGUAGE plpgsql AS \
                             $$ BEGIN IF NEW.key = '{poison}' THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$; \
                             CREATE TRIGGER poison BEFORE INSERT ON {schema}.entry \
                             FOR EACH ROW EXECUTE FUNCTION {schema}.poison()"
                        )
                    }
                })
                .await;
                return;
            }
            Fault::Panic => return self.program(victim).panic_once(),
            Fault::Held | Fault::Restart | Fault::End => return,
            Fault::Cut if at.is_multiple_of(2) => Network::Cut(Way::There, at),
            Fault::Cut => Network::Cut(Way::Back, at / 10),
            Fault::CommitLost => Network::LoseCommit,
            Fault::AnswerLost => Network::LoseAnswer,
            Fault::Unreachable => Network::Refuse,
        };
        if let Some(proxy) = &self.proxy {
            proxy.order(network);
        }
    }

    /// What happens while clients send, and how it ends.
    async fn after(&mut self, fault: Fault, victim: usize) {
        match fault {
            Fault::RowRefused | Fault::RolledBack => match self.database.engine() {
                Engine::Sqlite => self.execute("DROP TRIGGER poison").await,
                Engine::Postgres => {
                    let drop = format!("DROP FUNCTION {}.poison() CASCADE", self.schema());
                    self.execute(&drop).await;
                }
            },
            Fault::Held => self.hold(Duration::from_millis(40)).await,
            Fault::Restart => {
                let running = self.running[victim].take();
                running.expect("a program").close().await;
                self.start(victim).await;
            }
            Fault::End => {
                drop(self.running[victim].take());
                self.start(victim).await;
            }
            Fault::Unreachable => {
                tokio::time::sleep(Duration::from_millis(60)).await;
                if let Some(proxy) = &self.proxy {
                    proxy.order(Network::None);
                }
            }
            Fault::Panic | Fault::Cut | Fault::CommitLost | Fault::AnswerLost => {}
        }
    }

    #[expect(clippy::disallowed_methods, reason = "another program does as it likes")]
    async fn hold(&self, so_long: Duration) {
        let other = self.other.as_ref().expect("a connection");
        match self.database.engine() {
            Engine::Sqlite => {
                self.execute("BEGIN IMMEDIATE").await;
                tokio::time::sleep(so_long).await;
                self.execute("ROLLBACK").await;
            }
            Engine::Postgres => {
                let tx = other.begin().await.expect("begun");
                let lock = format!("SELECT 1 FROM {}.log_head FOR UPDATE", self.schema());
                tx.execute_unprepared(&lock).await.expect("held");
                tokio::time::sleep(so_long).await;
                tx.rollback().await.expect("released");
            }
        }
    }

    /// All programs end.
    pub async fn end(&mut self) {
        for incarnation in self.running.iter_mut().filter_map(Option::take) {
            incarnation.close().await;
        }
    }

    /// The book goes, as far as it does not go by itself.
    pub async fn remove(self) {
        if self.database.engine() == Engine::Postgres {
            self.execute(&format!("DROP SCHEMA {} CASCADE", self.schema()))
                .await;
        }
    }
}
