//! What `yokoito serve` takes.

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, time::Duration};

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
        value_parser = address,
        default_value = "127.0.0.1:8080",
        hide_default_value = true
    )]
    pub listen: SocketAddr,

    /// HTTPS の証明書のファイル(PEM、中間証明書もふくむ)
    #[arg(
        long,
        value_name = "FILE",
        requires = "cert_key",
        env = "YOKOITO_CERT",
        hide_env = true
    )]
    pub cert: Option<PathBuf>,

    /// HTTPS の鍵のファイル(PEM)
    #[arg(
        long,
        value_name = "FILE",
        requires = "cert",
        env = "YOKOITO_CERT_KEY",
        hide_env = true
    )]
    pub cert_key: Option<PathBuf>,

    /// 手前のサーバーが HTTPS を受けている(Cookie を HTTPS だけにし、X-Forwarded-For を信じます)
    #[arg(long, env = "YOKOITO_BEHIND_HTTPS", hide_env = true)]
    pub behind_https: bool,

    /// 設定のリンクに書く、外から見た URL(例: https://yokoito.example.jp)
    #[arg(long, value_name = "URL", env = "YOKOITO_PUBLIC_URL", hide_env = true)]
    pub public_url: Option<String>,

    /// Prometheus のための数字を出すアドレスとポート(例: 127.0.0.1:9464)。書かなければ出しません
    #[arg(long, value_name = "ADDR", env = "YOKOITO_METRICS", hide_env = true, value_parser = address)]
    pub metrics: Option<SocketAddr>,

    /// バックアップを定期的に作るフォルダー(この帳簿だけのもの。あらかじめ作っておきます)
    #[arg(long, value_name = "DIR", env = "YOKOITO_BACKUP_TO", hide_env = true)]
    pub backup_to: Option<PathBuf>,

    /// バックアップの間隔(例: 90m、12h、7d)。書かなければ 24h
    #[arg(
        long,
        value_name = "TIME",
        requires = "backup_to",
        value_parser = interval,
        env = "YOKOITO_BACKUP_EVERY",
        hide_env = true,
        default_value = "24h",
        hide_default_value = true
    )]
    pub backup_every: Duration,

    /// 残すバックアップの数。書かなければ 14
    #[arg(
        long,
        value_name = "N",
        requires = "backup_to",
        value_parser = number,
        env = "YOKOITO_BACKUP_KEEP",
        hide_env = true,
        default_value = "14",
        hide_default_value = true
    )]
    pub backup_keep: NonZeroUsize,
}

/// An address with a port.
fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "アドレスとポートは 127.0.0.1:8080 の形(数字)で書いてください。".to_owned())
}

/// Minutes, hours or days.
fn interval(text: &str) -> Result<Duration, String> {
    let unit = |minutes| move |number: &str| Some((number.parse::<u32>().ok()?, minutes));
    let read = [("m", 1_u64), ("h", 60), ("d", 24 * 60)]
        .into_iter()
        .find_map(|(letter, minutes)| text.strip_suffix(letter).and_then(unit(minutes)));
    match read {
        Some((number, minutes)) if number > 0 => Ok(Duration::from_secs(60 * minutes * u64::from(number))),
        _ => Err("間隔は 90m(分)、12h(時間)、7d(日)の形で書いてください。".to_owned()),
    }
}

fn number(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .map_err(|_| "残す数は1以上の整数で書いてください。".to_owned())
}

#[cfg(test)]
mod tests {
    use super::interval;
    use std::time::Duration;

    #[test]
    fn intervals_have_a_unit() {
        assert_eq!(interval("90m"), Ok(Duration::from_mins(90)));
        assert_eq!(interval("12h"), Ok(Duration::from_hours(12)));
        assert_eq!(interval("7d"), Ok(Duration::from_hours(168)));
        for wrong in ["", "h", "0h", "24", "1.5h", "-1h", "1w", "１h", "99999999999d"] {
            assert!(interval(wrong).is_err(), "{wrong}");
        }
    }
}
