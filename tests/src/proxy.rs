//! A network between the program and PostgreSQL that can be made to fail: a proxy on loopback. What it does to the
//! writer's connection is ordered fault by fault; connections that only read pass.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the program to the server.
    There,
    /// From the server to the program.
    Back,
}

/// What happens to the writer's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: all passes.
    None,
    /// Once: so many more bytes pass in this direction, then both ends are cut.
    Cut(Way, usize),
    /// Once: `COMMIT` does not arrive, both ends are cut.
    LoseCommit,
    /// Once: `COMMIT` is done by the server, its answer does not arrive, both ends are cut.
    LoseAnswer,
    /// Until another order: nothing passes and nothing is cut.
    Stall,
    /// Once: on the connection that says something next nothing passes any more, and nothing is cut, as behind a router
    /// that lost its memory. Others pass.
    Silence,
    /// Once: `COMMIT` is done by the server, and then the same.
    SilenceAnswer,
    /// Until another order: whoever connects is cut at once, and so is who is connected and says something.
    Refuse,
}

/// A proxy in front of a server.
pub struct Proxy {
    address: SocketAddr,
    server: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

struct State {
    fault: watch::Sender<Fault>,
    /// Bytes that passed on connections that write, there and back.
    passed: Mutex<[usize; 2]>,
}

impl State {
    fn passed(&self) -> [usize; 2] {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, way: Way, bytes: usize) {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        match way {
            Way::There => passed[0] += bytes,
            Way::Back => passed[1] += bytes,
        }
    }
}

impl Proxy {
    /// In front of the server of this address: `postgres://USER@HOST:PORT/DATABASE`.
    ///
    /// # Panics
    /// When the address is another one, or there is no port left.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn to(server: &str) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (_, place) = server.split_once('@').expect("a user");
        let (target, _) = place.split_once('/').expect("a database");
        let target: SocketAddr = target.parse().expect("a port on this machine");
        let state = Arc::new(State {
            fault: watch::Sender::new(Fault::None),
            passed: Mutex::default(),
        });
        let task = tokio::spawn(accept(listener, target, Arc::clone(&state)));
        Proxy {
            address,
            server: server.to_owned(),
            state,
            task,
        }
    }

    /// Where a book of this name is, through the proxy.
    ///
    /// # Panics
    /// When the server's address is an odd one.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub fn book(&self, schema: &str) -> String {
        let (user, place) = self.server.split_once('@').expect("a user");
        let (_, database) = place.split_once('/').expect("a database");
        // nothing encrypted: the proxy reads along
        format!(
            "{user}@{}/{database}?sslmode=disable&schema={schema}",
            self.address
        )
    }

    /// Orders a fault.
    pub fn order(&self, fault: Fault) {
        self.state.fault.send_replace(fault);
    }

    /// The fault that is still to happen or goes on.
    pub fn ordered(&self) -> Fault {
        *self.state.fault.borrow()
    }

    /// Bytes that passed on connections that write, there and back.
    pub fn passed(&self) -> [usize; 2] {
        self.state.passed()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            // whatever ends it, both ends are closed
            drop(Conversation::between(client, target, state).await);
        });
    }
}

/// What to do with bytes that arrived.
enum Verdict {
    Pass,
    /// So many of them, then cut.
    Cut(usize),
    /// Neither these nor any others.
    Silence,
}

/// What becomes of the answer to a `COMMIT` that is with the server.
#[derive(Clone, Copy)]
enum Unheard {
    Cut,
    Silence,
}

struct Conversation {
    state: Arc<State>,
    /// Whether the session may write; told by what the client says first.
    writes: Option<bool>,
    /// `COMMIT` is with the server and nobody will hear the answer.
    swallowing: Option<Unheard>,
}

impl Conversation {
    async fn between(client: TcpStream, target: SocketAddr, state: Arc<State>) -> std::io::Result<()> {
        client.set_nodelay(true)?;
        let server = TcpStream::connect(target).await?;
        server.set_nodelay(true)?;
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let (mut there, mut back) = (vec![0; 16 << 10], vec![0; 16 << 10]);
        let mut conversation = Conversation {
            state,
            writes: None,
            swallowing: None,
        };
        loop {
            let (way, bytes) = tokio::select! {
                read = from_client.read(&mut there) => (Way::There, &there[..read?]),
                read = from_server.read(&mut back) => (Way::Back, &back[..read?]),
            };
            if bytes.is_empty() {
                return Ok(());
            }
            let verdict = conversation.judge(way, bytes).await;
            let passing = match verdict {
                Verdict::Pass => bytes,
                Verdict::Cut(some) => &bytes[..some],
                Verdict::Silence => return std::future::pending().await,
            };
            match way {
                Way::There => to_server.write_all(passing).await?,
                Way::Back => to_client.write_all(passing).await?,
            }
            if conversation.writes == Some(true) {
                conversation.state.count(way, passing.len());
            }
            if matches!(verdict, Verdict::Cut(_)) {
                return Ok(());
            }
        }
    }

    async fn judge(&mut self, way: Way, bytes: &[u8]) -> Verdict {
        let writes = *self
            .writes
            .get_or_insert_with(|| !contains(bytes, b"default_transaction_read_only"));
        if !writes {
            return Verdict::Pass;
        }
        if let Some(unheard) = self.swallowing {
            // the server says so only after it has written the commit to its disk
            return match (way, unheard) {
                (Way::Back, Unheard::Cut) if contains(bytes, b"COMMIT\0") => Verdict::Cut(0),
                (Way::Back, Unheard::Silence) if contains(bytes, b"COMMIT\0") => Verdict::Silence,
                _ => Verdict::Pass,
            };
        }
        let mut orders = self.state.fault.subscribe();
        while *orders.borrow_and_update() == Fault::Stall {
            if orders.changed().await.is_err() {
                return Verdict::Cut(0);
            }
        }
        let commits = way == Way::There && contains(bytes, b"COMMIT\0");
        let mut verdict = Verdict::Pass;
        let mut swallows = None;
        self.state.fault.send_if_modified(|fault| match *fault {
            Fault::Cut(on, left) if on == way && left < bytes.len() => {
                verdict = Verdict::Cut(left);
                *fault = Fault::None;
                true
            }
            Fault::Cut(on, left) if on == way => {
                *fault = Fault::Cut(on, left - bytes.len());
                true
            }
            Fault::LoseCommit if commits => {
                verdict = Verdict::Cut(0);
                *fault = Fault::None;
                true
            }
            Fault::LoseAnswer if commits => {
                swallows = Some(Unheard::Cut);
                *fault = Fault::None;
                true
            }
            Fault::SilenceAnswer if commits => {
                swallows = Some(Unheard::Silence);
                *fault = Fault::None;
                true
            }
            Fault::Silence => {
                verdict = Verdict::Silence;
                *fault = Fault::None;
                true
            }
            Fault::Refuse => {
                verdict = Verdict::Cut(0);
                false
            }
            _ => false,
        });
        self.swallowing = swallows;
        verdict
    }
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}
