//! How money and ids look to a client.

use paygate::Money;

/// `"30.00"`.
pub fn money(paisa: u64) -> String {
    Money::npr_paisa(paisa).decimal_text()
}

/// The currency of everything here.
pub const CURRENCY: &str = "NPR";
