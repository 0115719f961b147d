//! Money as people in Nepal read it.

use super::Lang;

/// Paisa in one rupee.
const PAISA_PER_RUPEE: u64 = 100;

/// A price to the paisa: `Rs. 30.00`, `Rs. 1,25,000.00`.
pub fn rupees(paisa: u64) -> String {
    with_sign(format!("{}.{:02}", grouped(paisa / PAISA_PER_RUPEE), paisa % PAISA_PER_RUPEE))
}

/// What is left of one amount after another, which may be less than nothing: `-Rs. 30.00`.
pub fn difference(paisa: u64, without: u64) -> String {
    format!("{}{}", sign(paisa, without), rupees(paisa.abs_diff(without)))
}

/// A price without its currency, for a table that says so once: `1,25,000.00`.
pub fn number(paisa: u64) -> String {
    Lang::current().digits(format!("{}.{:02}", grouped(paisa / PAISA_PER_RUPEE), paisa % PAISA_PER_RUPEE))
}

/// The same of a difference.
pub fn difference_number(paisa: u64, without: u64) -> String {
    format!("{}{}", sign(paisa, without), number(paisa.abs_diff(without)))
}

fn sign(paisa: u64, without: u64) -> &'static str {
    if without > paisa { "-" } else { "" }
}

/// A rent, which is nearly always whole: `Rs. 12,500`, and only otherwise `Rs. 12,500.50`.
pub fn rent(paisa: u64) -> String {
    if paisa.is_multiple_of(PAISA_PER_RUPEE) {
        with_sign(grouped(paisa / PAISA_PER_RUPEE))
    } else {
        rupees(paisa)
    }
}

fn with_sign(number: String) -> String {
    format!("{} {}", t!("rupees-sign"), Lang::current().digits(number))
}

/// Groups digits the South Asian way: the last three, then twos (1,25,000).
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 2);
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && (left == 3 || (left > 3 && left % 2 == 1)) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn price_always_shows_both_paisa_digits() {
        for (paisa, text) in [
            (0, "Rs. 0.00"),
            (5, "Rs. 0.05"),
            (3_000, "Rs. 30.00"),
            (99_999, "Rs. 999.99"),
            (100_000, "Rs. 1,000.00"),
            (12_500_000, "Rs. 1,25,000.00"),
            (1_000_000_000, "Rs. 1,00,00,000.00"),
        ] {
            assert_eq!(rupees(paisa), text);
        }
    }

    #[test]
    fn money_is_in_the_language_of_the_reader() {
        assert_eq!(super::super::lang::in_language(Lang::Ne, || rupees(12_500_000)), "रु. १,२५,०००.००");
    }

    #[test]
    fn rent_shows_paisa_only_when_there_are_some() {
        assert_eq!(rent(1_250_000), "Rs. 12,500");
        assert_eq!(rent(1_250_050), "Rs. 12,500.50");
    }
}
