//! A client of the server: one connection that stays, one request after the other.

use anyhow::{Context, ensure};
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// One.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    known_by: (&'static str, String),
}

impl Client {
    /// Connects, with a token that goes along with every request.
    pub async fn connect(address: SocketAddr, token: &str) -> anyhow::Result<Client> {
        Client::known_by(address, ("authorization", format!("Bearer {token}"))).await
    }

    /// Connects and logs in on the page for that.
    pub async fn logged_in(address: SocketAddr, login: &str, password: &str) -> anyhow::Result<Client> {
        let mut client = Client::known_by(address, ("cookie", String::new())).await?;
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("login", login), ("password", password)])
            .finish();
        let request = client
            .request(Method::POST, "/login")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Full::from(form))?;
        client.sender.ready().await.context("the connection")?;
        let answer = client.sender.send_request(request).await?;
        ensure!(answer.status() == StatusCode::SEE_OTHER, "{}", answer.status());
        let cookies = answer.headers().get_all("set-cookie").iter();
        let mut named = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let session = named
            .find(|cookie| cookie.contains("session"))
            .context("a session")?;
        client.known_by.1 = session.to_owned();
        answer.into_body().collect().await?;
        Ok(client)
    }

    async fn known_by(address: SocketAddr, known_by: (&'static str, String)) -> anyhow::Result<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Client {
            sender,
            host: address.to_string(),
            known_by,
        })
    }

    /// Records an act, which must be new.
    pub async fn post(&mut self, path: &str, key: &str, body: String) -> anyhow::Result<()> {
        let request = self
            .request(Method::POST, path)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Full::from(body))?;
        let (status, body) = self.send(request).await?;
        ensure!(
            status == StatusCode::CREATED,
            "{status}: {}",
            String::from_utf8_lossy(&body)
        );
        Ok(())
    }

    /// Reads what must be there.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Bytes> {
        let request = self.request(Method::GET, path).body(Full::default())?;
        let (status, body) = self.send(request).await?;
        ensure!(
            status == StatusCode::OK,
            "{path}: {status}: {}",
            String::from_utf8_lossy(&body)
        );
        Ok(body)
    }

    fn request(&self, method: Method, path: &str) -> hyper::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host)
            .header(self.known_by.0, &self.known_by.1)
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> anyhow::Result<(StatusCode, Bytes)> {
        self.sender.ready().await.context("the connection")?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}
