//! The program as a server on a free port.

use crate::{
    child,
    place::{Place, Places},
};
use anyhow::{Context, ensure};
use std::{
    fs,
    io::{self, BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

fn key(places: &Places, place: &Place) -> PathBuf {
    places.cache.join(format!("{}-{}.key", place.name, place.engine))
}

/// A book that is built anew gets a key of its own.
pub fn forget_key(places: &Places, place: &Place) -> io::Result<()> {
    match fs::remove_file(key(places, place)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A running one. Dropped, it is killed.
pub struct Server {
    child: Child,
    // closed, the server could not say what it has to
    _said: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts it on a book that was made for this run, with a key of its own.
    pub fn start_new(places: &Places, place: &Place) -> anyhow::Result<Server> {
        forget_key(places, place)?;
        Server::start(places, place)
    }

    /// Starts it on a book.
    pub fn start(places: &Places, place: &Place) -> anyhow::Result<Server> {
        let log = fs::File::create(places.cache.join("server.log"))?;
        let mut child = Command::new(child::program()?)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--database",
                &place.url,
                "--key",
            ])
            .arg(key(places, place))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let mut said = BufReader::new(child.stdout.take().context("stdout")?);
        let mut greeting = String::new();
        said.read_line(&mut greeting)?;
        let address = greeting
            .split("://")
            .nth(1)
            .and_then(|rest| rest.split(' ').next())
            .with_context(|| format!("no address: {greeting}"))?
            .parse()?;
        Ok(Server {
            child,
            _said: said,
            address,
        })
    }

    /// The most memory it has had.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    pub fn mebibytes(&self) -> anyhow::Result<f64> {
        let status = PathBuf::from(format!("/proc/{}/status", self.child.id()));
        let kib = child::peak(&status).context("its memory")?;
        Ok(kib as f64 / 1024.0)
    }

    /// Ends it in an orderly way.
    pub fn stop(mut self) -> anyhow::Result<()> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        let ended = self.child.wait()?;
        ensure!(ended.success(), "the server ended: {ended}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it may have ended already
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
