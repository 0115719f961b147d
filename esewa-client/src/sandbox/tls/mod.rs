//! TLS under eSewa's own names, for SDKs whose addresses cannot be changed.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{ServerConfig, crypto};

mod certificates;
mod listener;

use self::certificates::Certificates;
pub use self::listener::TlsListener;

/// Certificates for eSewa's names under an authority that lives for this run only.
///
/// An SDK with fixed addresses comes here when its machine's hosts file names the listener's address for
/// `rc-epay.esewa.com.np` and the others, or when the listener is its HTTPS proxy; and it trusts the
/// emulator when it is given [`ca_pem`](Self::ca_pem). That authority can speak for names in
/// `esewa.com.np` only, and its key is dropped before [`new`](Self::new) returns, so nobody can make
/// another certificate with it. Trust it in a test environment, never in a system's store.
///
/// ```no_run
/// use esewa_client::sandbox::{Emulator, EmulatorConfig, LocalTls};
///
/// # async fn serve(emulator: Emulator, now: jiff::Timestamp) -> Result<(), Box<dyn std::error::Error>> {
/// let tls = LocalTls::new(now)?;
/// std::fs::write("esewa-emulator-ca.pem", tls.ca_pem())?;
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8443").await?;
/// axum::serve(tls.listener(listener)?, emulator.router()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct LocalTls {
    ca_pem: String,
    acceptor: TlsAcceptor,
}

impl LocalTls {
    /// Makes an authority and the certificate that it signs, good from the day before `now` for a year.
    ///
    /// # Errors
    /// [`LocalTlsError`] when no key can be made.
    pub fn new(now: Timestamp) -> Result<Self, LocalTlsError> {
        let Certificates { ca_pem, chain, key } = certificates::make(now)?;
        let provider = Arc::new(crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(LocalTlsError::of)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { ca_pem, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// The authority's certificate, for `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `NODE_EXTRA_CA_CERTS` and
    /// their like.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Takes TLS connections on `tcp`, at once or after an HTTP `CONNECT` to one of eSewa's names.
    ///
    /// # Errors
    /// When the listener's address cannot be read.
    pub fn listener(&self, tcp: TcpListener) -> std::io::Result<TlsListener> {
        TlsListener::new(tcp, self.acceptor.clone())
    }
}

impl fmt::Debug for LocalTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalTls").finish_non_exhaustive()
    }
}

/// The emulator's certificates cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the emulator's certificates cannot be made")]
pub struct LocalTlsError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl LocalTlsError {
    fn of(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Box::new(source))
    }
}
