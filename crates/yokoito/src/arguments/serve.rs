//! What `yokoito serve` takes.

use std::{net::SocketAddr, path::PathBuf};

/// Where to listen and how.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "オプション")]
pub struct Serve {
    /// 待ち受けるアドレスとポート(ふつうは 127.0.0.1:8080)
    #[arg(
        long,
        value_name = "ADDR",
        env = "YOKOITO_LISTEN",
        hide_env = true,
        default_value = "127.0.0.1:8080",
        hide_default_value = true
    )]
    pub listen: SocketAddr,

    /// HTTPS の証明書のファイル(PEM、中間証明書もふくむ)
    #[arg(long, value_name = "FILE", requires = "cert_key")]
    pub cert: Option<PathBuf>,

    /// HTTPS の鍵のファイル(PEM)
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub cert_key: Option<PathBuf>,

    /// 手前のサーバーが HTTPS を受けている(Cookie を HTTPS だけにします)
    #[arg(long)]
    pub behind_https: bool,

    /// 設定のリンクに書く、外から見た URL(例: https://yokoito.example.jp)
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
}
