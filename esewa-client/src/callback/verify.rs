//! Proving a callback: the pinned set of fields, the signature, then the values.

use super::error::CallbackError;
use super::payload::Payload;
use super::{RawCallback, VerifiedCallback};
use crate::amount::Amount;
use crate::ids::{ProductCode, ReferenceId, TransactionUuid};
use crate::secret::SecretKey;
use crate::signature::Signature;
use crate::status::Status;

pub(crate) fn verify<'k>(
    RawCallback(payload): RawCallback,
    keys: impl Iterator<Item = &'k SecretKey>,
    own: &ProductCode,
) -> Result<VerifiedCallback, CallbackError> {
    verify_signature(&payload, &REQUIRED, keys)?;
    let verified = read(&payload)?;
    if verified.product_code != *own {
        return Err(CallbackError::ForeignProduct);
    }
    Ok(verified)
}

/// Checks that the payload's signature covers at least `required`, and is right under one of `keys`.
pub(crate) fn verify_signature<'k>(
    payload: &Payload,
    required: &[&'static str],
    mut keys: impl Iterator<Item = &'k SecretKey>,
) -> Result<(), CallbackError> {
    let mut values = signed_values(payload, required)?;
    let text = payload.text("signature").ok_or(CallbackError::Malformed("it has no signature"))?;
    let signature = Signature::from_base64(text)
        .map_err(|_| CallbackError::Malformed("its signature is not Base64 of 32 bytes"))?;

    let amount = values.iter().position(|(name, _)| *name == "total_amount");
    let grouped = amount.filter(|index| values[*index].1.contains(','));
    // Until mid 2025 eSewa wrote a thousands comma into the JSON and signed the value without it.
    let bare = grouped.map(|index| (index, values[index].1.replace(',', "")));

    let right = keys.any(|key| {
        if signature.verifies(key, values.iter().copied()) {
            return true;
        }
        let Some((index, bare)) = &bare else { return false };
        let shown = std::mem::replace(&mut values[*index].1, bare);
        let right = signature.verifies(key, values.iter().copied());
        values[*index].1 = shown;
        right
    });
    if right { Ok(()) } else { Err(CallbackError::InvalidSignature) }
}

/// The signed fields in the order of the payload's own list, after the list was held against ours.
pub(crate) fn signed_values<'p>(
    payload: &'p Payload,
    required: &[&'static str],
) -> Result<Vec<(&'p str, &'p str)>, CallbackError> {
    let list = payload.text("signed_field_names").ok_or(CallbackError::Unsigned("signed_field_names"))?;
    let mut values: Vec<(&str, &str)> = Vec::with_capacity(required.len());
    for name in list.split(',') {
        if values.iter().any(|(earlier, _)| *earlier == name) {
            return Err(CallbackError::Duplicate("a signed name"));
        }
        if !is_plain_name(name) {
            return Err(CallbackError::Malformed("it signs something that is no field"));
        }
        let value = payload.text(name).ok_or(CallbackError::Malformed("it lacks a field that it signs"))?;
        if has_separator(name, value) {
            return Err(CallbackError::Malformed("a signed value has a separator in it"));
        }
        values.push((name, value));
    }
    match required.iter().find(|name| !values.iter().any(|(signed, _)| signed == *name)) {
        Some(missing) => Err(CallbackError::Unsigned(missing)),
        None => Ok(values),
    }
}

/// What a callback of ePay v2 must sign, whatever it says itself.
const REQUIRED: [&str; 6] =
    ["transaction_code", "status", "total_amount", "transaction_uuid", "product_code", "signed_field_names"];

fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name != "signature"
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Values are joined unescaped, so a separator in one could move the border to the next. Only the
/// list of names and an amount with thousands commas hold any; both are read strictly elsewhere.
fn has_separator(name: &str, value: &str) -> bool {
    match name {
        "signed_field_names" => false,
        "total_amount" | "amount" => Amount::from_wire(value).is_err() && value.contains([',', '=']),
        _ => value.contains([',', '=']),
    }
}

fn read(payload: &Payload) -> Result<VerifiedCallback, CallbackError> {
    // All of these are in the required set, so they are there.
    let text = |name| payload.text(name).unwrap_or_default();
    let malformed = CallbackError::Malformed;
    Ok(VerifiedCallback {
        transaction_code: ReferenceId::new(text("transaction_code"))
            .map_err(|_| malformed("its transaction code is none"))?,
        status: Status::from_wire(text("status")).ok_or(malformed("its status is no word"))?,
        total_amount: Amount::from_wire(text("total_amount")).map_err(|_| malformed("its amount is none"))?,
        transaction_uuid: TransactionUuid::lenient(text("transaction_uuid"))
            .map_err(|_| malformed("its transaction id is none"))?,
        product_code: ProductCode::new(text("product_code"))
            .map_err(|_| malformed("its product code is none"))?,
    })
}
