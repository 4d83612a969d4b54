//! HTTPS by files: a chain of certificates and its key, both PEM.

use std::{io, path::Path, sync::Arc};
use tokio_rustls::rustls::{
    self, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// Why there is no HTTPS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("証明書か鍵のファイル「{file}」を読めません。PEM 形式のファイルか確かめてください。")]
    Unreadable {
        /// Which.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// The two do not belong together, or are of no use.
    #[error("証明書と鍵が合いません。組になっているファイルを指定してください。")]
    Unfit(#[from] rustls::Error),
}

/// Reads certificates and key.
///
/// # Errors
/// [`TlsError`].
pub fn config(certificates: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let unreadable = |file: &Path, why: String| TlsError::Unreadable {
        file: file.display().to_string(),
        source: io::Error::other(why),
    };
    let chain: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_file_iter(certificates)
        .map_err(|error| unreadable(certificates, error.to_string()))?
        .collect();
    let chain = chain.map_err(|error| unreadable(certificates, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, error.to_string()))?;
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
