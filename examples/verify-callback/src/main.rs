//! Verifies a callback of eSewa and says what that proves, and what it does not.
//!
//! ```text
//! cargo run -p verify-callback                    # a payload that the sandbox really sent, and a forged one
//! cargo run -p verify-callback -- 'eyJ0cmFu…'      # the value of `data` from your own redirect
//! ```
//!
//! The key is the published test key, or `ESEWA_SECRET_KEY` with `ESEWA_PRODUCT_CODE`.

#![expect(clippy::print_stdout, reason = "a program for the command line speaks on standard output")]

use std::error::Error;
use std::process::ExitCode;

use esewa_client::{CallbackError, Environment, Merchant, ProductCode, RawCallback, SecretKey};

/// The payload of eSewa's documentation with its one typing mistake repaired.
const GENUINE: &str = "eyJ0cmFuc2FjdGlvbl9jb2RlIjoiMDAwQVdFTyIsInN0YXR1cyI6IkNPTVBMRVRFIiwidG90YWxfYW1vdW50IjoiMTAwMC4wIiwidHJhbnNhY3Rpb25fdXVpZCI6IjI1MDYxMC0xNjI0MTMiLCJwcm9kdWN0X2NvZGUiOiJFUEFZVEVTVCIsInNpZ25lZF9maWVsZF9uYW1lcyI6InRyYW5zYWN0aW9uX2NvZGUsc3RhdHVzLHRvdGFsX2Ftb3VudCx0cmFuc2FjdGlvbl91dWlkLHByb2R1Y3RfY29kZSxzaWduZWRfZmllbGRfbmFtZXMiLCJzaWduYXR1cmUiOiI2MkdjZlpUbVZremh0VWVoK1FKMUFxaUpyam9XV0dvZjNVK2VUUFRaN2ZBPSJ9";

/// Made by a payer out of the signature in their own form, without ever paying.
const FORGED: &str = "eyJ0cmFuc2FjdGlvbl9jb2RlIjoiMDAwRkFLRSIsInN0YXR1cyI6IkNPTVBMRVRFIiwidG90YWxfYW1vdW50IjoiMTEwIiwidHJhbnNhY3Rpb25fdXVpZCI6IjI0MTAyOCIsInByb2R1Y3RfY29kZSI6IkVQQVlURVNUIiwic2lnbmVkX2ZpZWxkX25hbWVzIjoidG90YWxfYW1vdW50LHRyYW5zYWN0aW9uX3V1aWQscHJvZHVjdF9jb2RlIiwic2lnbmF0dXJlIjoiaTk0enNkM29YRjZac1NyL2tHcVQ0c1N6WVF6amoxVy93YXhqV3lSd2FNRT0ifQ==";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let merchant = merchant()?;
    if let Some(data) = std::env::args().nth(1) {
        return Ok(if show(&merchant, &data) { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    println!("A callback that eSewa's sandbox sent:");
    let genuine = show(&merchant, GENUINE);
    println!("\nA callback that a payer made up:");
    let forged = show(&merchant, FORGED);
    Ok(if genuine && !forged { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says what the payload proves, and whether it proves anything.
fn show(merchant: &Merchant, data: &str) -> bool {
    let callback = match RawCallback::from_data(data).and_then(|raw| merchant.verify_callback(raw)) {
        Ok(callback) => callback,
        Err(error) => {
            println!("  refused: {error}");
            println!("  {}", advice(error));
            return false;
        }
    };
    println!("  proven: eSewa wrote, for {}, that", callback.product_code());
    println!("    transaction {} over Rs {}", callback.transaction_uuid(), callback.total_amount());
    println!("    is {} under its reference {}", callback.status(), callback.transaction_code());
    println!(
        "  not proven: that this is *your* order, that it is paid only once, that it is not refunded since."
    );
    println!("  next: hold it against your record, then ask the status API (`Client::confirm`).");
    true
}

fn advice(error: CallbackError) -> &'static str {
    match error {
        CallbackError::Unsigned(_) => "This is how a forgery looks that reuses the signature of the form.",
        CallbackError::InvalidSignature => {
            "Another key, or a changed value. The payment may still exist: ask for its status."
        }
        CallbackError::ForeignProduct => "It is genuine, but the payment of another merchant.",
        _ => "It says nothing about the payment: ask for its status.",
    }
}

fn merchant() -> Result<Merchant, Box<dyn Error>> {
    let (Ok(key), Ok(code)) = (std::env::var("ESEWA_SECRET_KEY"), std::env::var("ESEWA_PRODUCT_CODE")) else {
        return Ok(Merchant::test());
    };
    Ok(Merchant::new(Environment::Test, ProductCode::new(code)?, SecretKey::new(key)?)?)
}
