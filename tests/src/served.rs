//! The program as a server: a process of its own on a free port.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a server that cannot be run fails the test"
)]

use crate::{
    http::{Client, Reply},
    people::PASSWORD,
    run::on,
    support::TestDatabase,
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Longer than the server takes to end.
const END: Duration = Duration::from_mins(1);

/// A running server. Dropped, it is killed.
pub struct Served {
    child: Child,
    said: BufReader<ChildStdout>,
    log: Option<JoinHandle<String>>,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it said first.
    pub greeting: String,
}

/// How a server ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit code; none after a signal.
    pub code: Option<i32>,
    /// What it had said to people and nobody had read.
    pub said: String,
    /// Its log.
    pub log: String,
}

impl Served {
    /// Starts the program on a book, on any free port, with its key beside the book.
    pub fn start(database: &TestDatabase, arguments: &[&str]) -> Served {
        let fixed = ["serve", "--listen", "127.0.0.1:0", "--key", "book.key"];
        Served::from(on(database, &[&fixed, arguments].concat()))
    }

    /// Starts it by a command.
    pub fn from(mut command: Command) -> Served {
        command
            .env_remove("YOKOITO_LISTEN")
            .env_remove("YOKOITO_METRICS")
            .env_remove("YOKOITO_BACKUP_TO")
            .env_remove("YOKOITO_PUBLIC_URL")
            .env_remove("YOKOITO_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        said.read_line(&mut greeting).unwrap();
        let address = greeting
            .split("://")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            drop(child.wait());
            unreachable!("{greeting}{}", log.join().unwrap());
        };
        Served {
            child,
            said,
            log: Some(log),
            address,
            greeting,
        }
    }

    /// The next line that it says to people.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line
    }

    /// The secret of the set-up link, which it says next.
    pub fn link(&mut self) -> String {
        let line = self.line();
        let secret = line.split("/setup#").nth(1).expect(&line).trim().to_owned();
        // and how to use it
        self.line();
        secret
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Client {
        Client::new(self.address)
    }

    /// Makes an account by a link.
    pub fn accept(&self, secret: &str, login: &str) -> Reply {
        let form = json!({"secret": secret, "login": login, "password": PASSWORD});
        self.anonymous().post("/v1/accounts", "account", &form)
    }

    /// Somebody who is logged in.
    pub fn log_in(&self, login: &str) -> Client {
        let form = json!({"login": login, "password": PASSWORD});
        let reply = self
            .anonymous()
            .post("/v1/sessions", "session", &form)
            .expect(201);
        let cookie = reply.header("set-cookie").expect("a cookie");
        let cookie = cookie.split(';').next().unwrap_or_default();
        self.anonymous().with("cookie", cookie)
    }

    /// A token of somebody who is logged in.
    pub fn token(&self, client: &Client, name: &str) -> String {
        let reply = client
            .post("/v1/tokens", name, &json!({"name": name}))
            .expect(201);
        text(&reply.json()["secret"])
    }

    /// Somebody new with a role, invited by somebody.
    pub fn person(&self, by: &Client, gives: &Value, login: &str) -> Client {
        let invited = by
            .post("/v1/invitations", login, &json!({"gives": gives}))
            .expect(201);
        self.accept(&text(&invited.json()["secret"]), login).expect(201);
        self.log_in(login)
    }

    /// The way of a first start: the operator by the link, a manager of office `a`, their token.
    pub fn manager(&mut self) -> Client {
        let link = self.link();
        self.accept(&link, "root").expect(201);
        let root = self.log_in("root");
        let manager = self.person(&root, &json!({"role": "manager", "office": "a"}), "manager");
        let token = self.token(&manager, "till");
        self.anonymous().with("authorization", &format!("Bearer {token}"))
    }

    /// Asks it to stop, as the machine does.
    pub fn terminate(&self) {
        let mut kill = Command::new("kill");
        kill.args(["-TERM", &self.child.id().to_string()]);
        assert!(kill.status().unwrap().success());
    }

    /// Waits for its end.
    pub fn end(mut self) -> Ended {
        let begun = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status.code();
            }
            assert!(begun.elapsed() < END, "it does not end");
            thread::sleep(Duration::from_millis(20));
        };
        let mut said = String::new();
        self.said.read_to_string(&mut said).unwrap();
        let log = self.log.take().map(|log| log.join().unwrap());
        Ended {
            code,
            said,
            log: log.unwrap_or_default(),
        }
    }

    /// Stops it in order.
    pub fn stop(self) -> Ended {
        self.terminate();
        let ended = self.end();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // it may have ended
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What must be a text.
pub fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
