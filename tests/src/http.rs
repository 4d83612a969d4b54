//! A small HTTP/1.1 client that waits: over any stream, so that tests may stop in the middle of what they send.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "an answer that is none fails the test"
)]

use serde_json::Value;
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(100);

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Headers, their names in small letters.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// This status is expected.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "often nothing but the status is asked for"
    )]
    pub fn expect(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// A request, with a body where there is one.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Vec<u8> {
    let mut lines = vec![format!("{method} {path} HTTP/1.1"), "host: yokoito".to_owned()];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    let body = body.map(Value::to_string);
    if let Some(body) = &body {
        lines.push("content-type: application/json".to_owned());
        lines.push(format!("content-length: {}", body.len()));
    }
    let text = lines.join("\r\n") + "\r\n\r\n" + &body.unwrap_or_default();
    text.into_bytes()
}

/// Reads one answer; to a request that may have a body in its answer.
///
/// # Errors
/// The stream ends or is no HTTP.
pub fn reply(stream: impl Read) -> io::Result<Reply> {
    let mut stream = BufReader::new(stream);
    let status = line(&mut stream)?;
    let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
    let mut headers = Vec::new();
    loop {
        let line = line(&mut stream)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut reply = Reply {
        status: status.ok_or(io::ErrorKind::InvalidData)?,
        headers,
        body: Vec::new(),
    };
    if let Some(length) = reply.header("content-length") {
        reply.body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut reply.body)?;
    } else if reply.header("transfer-encoding") == Some("chunked") {
        loop {
            let length = usize::from_str_radix(&line(&mut stream)?, 16).unwrap();
            let mut chunk = vec![0; length];
            stream.read_exact(&mut chunk)?;
            line(&mut stream)?;
            if length == 0 {
                break;
            }
            reply.body.append(&mut chunk);
        }
    }
    Ok(reply)
}

fn line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

/// A connection.
///
/// # Errors
/// Nobody listens.
pub fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Somebody who asks a server, a connection for each question.
#[derive(Clone, Debug)]
pub struct Client {
    /// Where.
    pub address: SocketAddr,
    /// What goes along with each question: a token or a cookie.
    pub headers: Vec<(String, String)>,
}

impl Client {
    /// Nobody in particular.
    pub fn new(address: SocketAddr) -> Client {
        Client {
            address,
            headers: Vec::new(),
        }
    }

    /// With one header more.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Client {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A request as it goes out.
    pub fn request(&self, method: &str, path: &str, key: Option<&str>, body: Option<&Value>) -> Vec<u8> {
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let key = key.map(|key| ("idempotency-key", key));
        let headers: Vec<_> = own.chain(key).collect();
        request(method, path, &headers, body)
    }

    /// Asks; the error is that of the connection.
    ///
    /// # Errors
    /// There is no answer.
    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> io::Result<Reply> {
        let mut stream = connect(self.address)?;
        stream.write_all(&self.request(method, path, key, body))?;
        reply(stream)
    }

    /// Asks.
    pub fn get(&self, path: &str) -> Reply {
        self.try_ask("GET", path, None, None).unwrap()
    }

    /// Sends.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Reply {
        self.try_ask("POST", path, Some(key), Some(body)).unwrap()
    }
}
