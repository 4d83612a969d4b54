//! The listener of the figures: apart from the one for people, off unless it is asked for.

use anyhow::Context;
use api::{serve::serve, watch};
use app::Book;
use std::{future::pending, net::SocketAddr};
use tokio::{net::TcpListener, task::JoinHandle};

/// Begins to count and to answer at an address. Ends when it is aborted.
pub async fn begin(address: SocketAddr, book: Book) -> anyhow::Result<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("{address} で数字(metrics)を出せません。ほかのプログラムが使っていないか確かめるか、--metrics で変えてください。")
    })?;
    let address = listener.local_addr()?;
    let counting = watch::begin().context("数字(metrics)を数え始められません。")?;
    let routes = watch::routes(counting.clone(), book);
    let task = tokio::spawn(async move {
        tokio::join!(watch::upkeep(counting), serve(listener, routes, None, pending()));
    });
    Ok((address, task))
}
