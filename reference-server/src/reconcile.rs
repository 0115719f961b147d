//! `kotha reconcile`: ask eSewa once about every payment whose check is due.

use url::Url;

use crate::app::{self, StartError};
use crate::config::{Config, EsewaEnvironment};
use crate::payments::RECONCILE_PAYMENTS_MAX;

/// Runs until nothing is due. A running server is no hindrance: each payment is leased by whoever asks about it.
///
/// # Errors
///
/// When the database can't be used.
pub async fn once(config: &Config) -> Result<(), StartError> {
    let public_url = match &config.public_url {
        Some(url) => url.clone(),
        None => Url::parse(&format!("http://{}/", config.listen))?,
    };
    // In the sandbox the emulator lives in the running server.
    let emulator = match config.esewa.environment {
        EsewaEnvironment::Sandbox => Some(Url::parse(&format!("http://{}/", config.esewa.sandbox_listen))?),
        EsewaEnvironment::Test | EsewaEnvironment::Production => None,
    };
    let state = app::assemble(config, public_url, emulator.as_ref()).await?;
    loop {
        let report = Box::pin(state.payments.reconcile(RECONCILE_PAYMENTS_MAX)).await?;
        tracing::info!(?report, "asked eSewa");
        if report.asked < RECONCILE_PAYMENTS_MAX {
            break;
        }
    }
    state.db.close().await;
    Ok(())
}
