//! Connections: accepted, limited, served over HTTP/1 and HTTP/2, with or without TLS, and let finish at the end.
//!
//! A connection that sends its request slowly or not at all is closed in time, so thousands of them hold up nobody; when
//! all places are taken, new ones wait in the kernel's queue.

mod silence;

use crate::{problem::Problem, watch::Open};
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    response::{IntoResponse, Response},
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use silence::Attended;
use std::{convert::Infallible, future::Future, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};
use tower::ServiceExt as _;

/// Connections at the same time.
const CONNECTIONS: usize = 4_096;
/// How long the head of a request may take; so long also a connection may rest between two.
const HEAD: Duration = Duration::from_secs(20);
/// How long the TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long nothing may move on a connection: longer than any answer may take.
const SILENCE: Duration = Duration::from_secs(90);
/// How long requests under way may go on after the end was asked for.
const FAREWELL: Duration = Duration::from_secs(30);
/// When the machine has no descriptor left for one more connection.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until the end is asked for, then lets the requests under way finish.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    tls: Option<Arc<ServerConfig>>,
    end: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let acceptor = tls.map(TlsAcceptor::from);
    let mut end = std::pin::pin!(end);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut end => break,
            next = next => next,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "no connection could be accepted");
                sleep(PAUSE).await;
                continue;
            }
        };
        let (routes, acceptor, watcher) = (routes.clone(), acceptor.clone(), graceful.watcher());
        tokio::spawn(async move {
            let (_place, _open) = (place, Open::new());
            connection(stream, address, routes, acceptor, watcher).await;
        });
    }
    drop(listener);
    if timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still under way at the end");
    }
}

async fn connection(
    stream: TcpStream,
    address: SocketAddr,
    routes: Router,
    acceptor: Option<TlsAcceptor>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    // answers are small and somebody waits for them
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no delay");
    }
    match acceptor {
        None => http(stream, address, Version::One, routes, watcher).await,
        Some(acceptor) => match timeout(HANDSHAKE, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => {
                let version = match stream.get_ref().1.alpn_protocol() {
                    Some(b"h2") => Version::Two,
                    _ => Version::One,
                };
                http(stream, address, version, routes, watcher).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "no handshake"),
            Err(_) => tracing::debug!("a handshake took too long"),
        },
    }
}

/// Which HTTP is spoken. It is never guessed from the first bytes: who sends none would be waited for without end.
#[derive(Clone, Copy)]
enum Version {
    /// HTTP/1, always where there is no TLS.
    One,
    /// HTTP/2, agreed on in the handshake.
    Two,
}

async fn http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    version: Version,
    routes: Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEAD)
        .max_concurrent_streams(64);
    let builder = match version {
        Version::One => builder.http1_only(),
        Version::Two => builder.http2_only(),
    };
    // told to each request by itself: a layer would wrap every route anew for every connection, half a megabyte of them
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        answer(&routes, request)
    });
    let stream = TokioIo::new(Attended::new(stream, SILENCE));
    let connection = builder.serve_connection(stream, service);
    if let Err(error) = watcher.watch(connection.into_owned()).await {
        // who hung up or sent no HTTP is nobody's fault here
        tracing::debug!(%error, "a connection ended");
    }
}

/// Answers a request. What changes something is begun at once, in a task of its own: its sender may hang up in the very
/// moment in which it is sent, and believes that it is. Who only reads and has gone is not worked for.
fn answer(
    routes: &Router,
    request: Request<Incoming>,
) -> impl Future<Output = Result<Response, Infallible>> + use<> {
    let changes = !request.method().is_safe();
    let answer = routes.clone().oneshot(request);
    let work = if changes {
        Ok(tokio::spawn(answer))
    } else {
        Err(answer)
    };
    async move {
        match work {
            // panics are answered within the routes
            Ok(begun) => begun
                .await
                .unwrap_or_else(|_| Ok(Problem::internal().into_response())),
            Err(answer) => answer.await,
        }
    }
}
