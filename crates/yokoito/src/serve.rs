//! `yokoito serve`: the API, until it is told to stop.

mod backups;
mod descriptors;
mod figures;

use crate::{arguments::Serve, place::Place};
use anyhow::Context;
use api::Api;
use app::access::invitations::set_up_link;
use std::{
    io::{self, IsTerminal, Write},
    net::SocketAddr,
    process::ExitCode,
    sync::Arc,
};
use tokio::{net::TcpListener, signal};
use tracing_subscriber::EnvFilter;

/// Runs it.
pub async fn run(arguments: Serve, place: &Place) -> anyhow::Result<ExitCode> {
    tell();
    descriptors::raise();
    let schedule = arguments
        .backup_to
        .clone()
        .map(|folder| backups::schedule(folder, arguments.backup_every, arguments.backup_keep))
        .transpose()?;
    let tls = match (&arguments.cert, &arguments.cert_key) {
        (Some(certificates), Some(key)) => Some(api::tls::config(certificates, key)?),
        _ => None,
    };
    let listener = TcpListener::bind(arguments.listen).await.with_context(|| {
        format!(
            "{} で待ち受けられません。ほかのプログラムが使っていないか確かめるか、--listen で変えてください。",
            arguments.listen
        )
    })?;
    let book = place.open().await?;
    let (key, key_file) = place.signing_key(&book).await?;
    let key = Arc::new(key);
    let figures = match arguments.metrics {
        Some(address) => Some(figures::begin(address, book.clone()).await?),
        None => None,
    };
    let is_secure = tls.is_some() || arguments.behind_https;
    let address = listener.local_addr()?;
    if !is_secure && !address.ip().is_loopback() {
        tracing::warn!(
            code = "no-https",
            %address,
            "passwords and tokens travel in clear: use --cert and --cert-key, or --behind-https behind a proxy"
        );
    }
    let scheme = if is_secure { "https" } else { "http" };
    let url = arguments
        .public_url
        .clone()
        .unwrap_or_else(|| format!("{scheme}://{address}"));
    say(&book, &url, figures.as_ref().map(|(address, _)| *address)).await?;
    let backups =
        schedule.map(|schedule| backups::begin(schedule, book.clone(), Arc::clone(&key), &key_file));
    let api = Api {
        book: book.clone(),
        key: Some(key),
        is_secure,
        is_behind_proxy: arguments.behind_https,
        sample: Some(crate::demo::SAMPLE),
    };
    api::serve::serve(listener, web::router(api), tls, asked_to_stop()).await;
    for task in backups.into_iter().chain(figures.map(|(_, task)| task)) {
        task.abort();
        // a backup that was not whole leaves nothing; the end of a task that was ended is no news
        drop(task.await);
    }
    // what was accepted is recorded before the program ends
    book.close().await?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// To people: where it is and, the first time, how to begin. Not in the log: the link is a secret.
async fn say(book: &app::Book, url: &str, figures: Option<SocketAddr>) -> anyhow::Result<()> {
    let link = set_up_link(book).await?;
    let mut output = io::stdout().lock();
    writeln!(
        output,
        "横糸は {url} で動いています。ブラウザーで開いてください。API の説明: {url}/docs"
    )?;
    if let Some(address) = figures {
        writeln!(output, "Prometheus のための数字: http://{address}/metrics")?;
    }
    if let Some(secret) = link {
        writeln!(
            output,
            "はじめの設定: {url}/setup#{}\n  開いて、ログイン名とパスワードを決めます。1回だけ、24時間のあいだ使えて、最初の運用者になります。",
            secret.expose(),
        )?;
    }
    output.flush()?;
    Ok(())
}

/// Log lines go to stderr: as JSON, or readable where a person sits in front of it.
fn tell() {
    let filter = EnvFilter::try_from_env("YOKOITO_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn,hyper=warn"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    // the second time there is one already
    drop(if io::stderr().is_terminal() {
        lines.try_init()
    } else {
        lines.json().flatten_event(true).try_init()
    });
}

/// Ctrl+C, or the word of whoever runs the machine.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        let Ok(mut terminated) = signal::unix::signal(signal::unix::SignalKind::terminate()) else {
            return drop(signal::ctrl_c().await);
        };
        tokio::select! {
            _ = terminated.recv() => {}
            _ = signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    drop(signal::ctrl_c().await);
}
