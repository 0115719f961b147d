//! Giving money back by Khalti's refund API.

use serde::{Deserialize, Serialize};

use super::Khalti;
use super::fetch::KhaltiError;
use crate::model::{Intent, Outcome, RefundSize};
use crate::provider::{PaymentProvider as _, ProviderError};
use crate::{Money, ProviderRef};

/// Without an amount everything goes back.
#[derive(Serialize)]
struct Refund {
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<u64>,
}

#[derive(Deserialize)]
struct Refunded {
    #[serde(rename = "detail")]
    _detail: String,
}

/// Refunds a payment of which nothing went back yet.
pub(super) async fn give_back(
    khalti: &Khalti,
    intent: &Intent,
    reference: ProviderRef,
    total: Money,
) -> Result<Outcome, ProviderError> {
    let is_all = total == intent.offer.price;
    let request = Refund { amount: (!is_all).then_some(total.minor) };
    let url = khalti.endpoints.refund(reference.as_str())?;
    let answer = khalti.http.post(url, &request).await?;
    match answer.success::<Refunded>() {
        Ok(_) => {
            let size = if is_all { RefundSize::Full } else { RefundSize::Part(Some(total)) };
            Ok(Outcome::Refunded { reference: Some(reference), size })
        }
        // Done or not, the words do not say: the lookup knows.
        Err(KhaltiError::Malformed) => khalti.query(intent).await,
        Err(error) => Err(error.into()),
    }
}
