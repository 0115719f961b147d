//! Money as whole paisa, and the one text that is both posted and signed.
//!
//! eSewa signs the characters of an amount, not its value: `60` and `60.00` give different
//! signatures. So an [`Amount`] is written in exactly one way, and no binary float is ever near it.

use std::fmt;
use std::str::FromStr;

/// An amount of Nepalese rupees, held as whole paisa (1 rupee = 100 paisa).
///
/// ```
/// use esewa_client::Amount;
///
/// let price: Amount = "1,250.50".parse()?;
/// assert_eq!(price.paisa(), 125_050);
/// assert_eq!(price.to_string(), "1250.5");
/// assert_eq!(Amount::from_paisa(3_000).to_string(), "30");
/// # Ok::<(), esewa_client::AmountError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(u64);

impl Amount {
    /// Nothing at all: what an unused charge is written as.
    pub const ZERO: Self = Self(0);

    /// An amount of `paisa` hundredths of a rupee.
    #[must_use]
    pub const fn from_paisa(paisa: u64) -> Self {
        Self(paisa)
    }

    /// The amount in paisa.
    #[must_use]
    pub const fn paisa(self) -> u64 {
        self.0
    }

    /// The sum, or `None` where it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(paisa) => Some(Self(paisa)),
            None => None,
        }
    }

    /// Reads an amount as eSewa's servers write it.
    ///
    /// Beside what [`FromStr`] takes, this takes the form that Java prints for a double from ten
    /// million on, such as `1.25E7`, to the letter. A person's input has no business looking like that, so
    /// [`FromStr`] refuses it.
    ///
    /// # Errors
    /// The same as [`FromStr`].
    pub fn from_wire(text: &str) -> Result<Self, AmountError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(AmountError::TooLarge);
        }
        match text.split_once('E') {
            Some((mantissa, exponent)) => from_scientific(mantissa, exponent),
            None => text.parse(),
        }
    }

    /// The text that a Java server prints for this amount as a double: `100.0`, `399.99`,
    /// `1.25E7` from ten million rupees on. eSewa's callbacks and status answers use this form.
    #[must_use]
    pub fn to_double_text(self) -> String {
        let (rupees, paisa) = (self.0 / 100, self.0 % 100);
        if rupees < 10_000_000 {
            return match paisa % 10 {
                0 => format!("{rupees}.{}", paisa / 10),
                _ => format!("{rupees}.{paisa:02}"),
            };
        }
        let digits = format!("{rupees}{paisa:02}");
        let exponent = digits.len() - 3;
        let (first, rest) = digits.split_at(1);
        let rest = rest.trim_end_matches('0');
        format!("{first}.{}E{exponent}", if rest.is_empty() { "0" } else { rest })
    }

    /// The text with always two decimals, as receipts show it: `30.00`.
    #[must_use]
    pub fn to_decimal_text(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// The shortest text that reads back as the same amount: `30`, `30.5`, `30.05`.
///
/// This is the wire text of a checkout; the same characters are posted and signed.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rupees, paisa) = (self.0 / 100, self.0 % 100);
        match (paisa, paisa % 10) {
            (0, _) => write!(f, "{rupees}"),
            (_, 0) => write!(f, "{rupees}.{}", paisa / 10),
            _ => write!(f, "{rupees}.{paisa:02}"),
        }
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

/// Takes `100`, `100.0`, `100.00`, `1,000.0` and the South Asian `1,00,000.0`; refuses signs, exponents,
/// blanks, leading zeros, more than two decimals, commas that group nothing, and both groupings in one text.
impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(AmountError::TooLarge);
        }
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let rupees = parse_grouped(whole)?;
        let paisa = fraction.map_or(Ok(0), parse_fraction)?;
        rupees
            .checked_mul(100)
            .and_then(|whole| whole.checked_add(paisa))
            .map(Self)
            .ok_or(AmountError::TooLarge)
    }
}

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// Empty, signed, in exponent form, or with characters that no amount has.
    #[error("an amount is digits, with at most one decimal point")]
    NotANumber,
    /// A comma that does not separate groups of digits.
    #[error("the commas in the amount do not group its digits")]
    Grouping,
    /// More than two decimals: there is nothing smaller than a paisa.
    #[error("an amount has at most two decimals")]
    TooPrecise,
    /// More rupees than fit.
    #[error("the amount is too large")]
    TooLarge,
}

const TEXT_BYTES_MAX: usize = 32;

fn parse_grouped(whole: &str) -> Result<u64, AmountError> {
    if !whole.contains(',') {
        return parse_number(whole);
    }
    // Thousands (1,234,567) and the South Asian form (12,34,567) end alike: three digits last.
    let groups: Vec<&str> = whole.split(',').collect();
    if !is_grouped(&groups, 3) && !is_grouped(&groups, 2) {
        return Err(AmountError::Grouping);
    }
    parse_number(&groups.concat())
}

/// Whether there are `digits` in each group but the first, which may have fewer, and the last, which has three.
fn is_grouped(groups: &[&str], digits: usize) -> bool {
    match groups {
        [first, middle @ .., last] => {
            (1..=digits).contains(&first.len())
                && middle.iter().all(|group| group.len() == digits)
                && last.len() == 3
        }
        _ => false,
    }
}

/// The digits before the point or of an exponent: nobody writes `007` and means an amount.
fn parse_number(digits: &str) -> Result<u64, AmountError> {
    match digits.len() > 1 && digits.starts_with('0') {
        true => Err(AmountError::NotANumber),
        false => parse_digits(digits),
    }
}

fn parse_digits(digits: &str) -> Result<u64, AmountError> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AmountError::NotANumber);
    }
    digits.parse().map_err(|_| AmountError::TooLarge)
}

fn parse_fraction(fraction: &str) -> Result<u64, AmountError> {
    let value = parse_digits(fraction)?;
    match fraction.len() {
        1 => Ok(value * 10),
        2 => Ok(value),
        _ => Err(AmountError::TooPrecise),
    }
}

/// One digit that is not zero, a point, digits without a zero too much, and an exponent of 7 or more: as Java
/// prints it.
fn from_scientific(mantissa: &str, exponent: &str) -> Result<Amount, AmountError> {
    let (first, rest) = mantissa.split_once('.').ok_or(AmountError::NotANumber)?;
    let exponent = usize::try_from(parse_number(exponent)?).map_err(|_| AmountError::TooLarge)?;
    let padded = rest.len() > 1 && rest.ends_with('0');
    if first.len() != 1 || first == "0" || rest.is_empty() || padded || exponent < EXPONENT_MIN {
        return Err(AmountError::NotANumber);
    }
    if exponent > EXPONENT_MAX {
        return Err(AmountError::TooLarge);
    }
    let rest = if rest == "0" { "" } else { rest };
    if rest.len() > exponent + 2 {
        return Err(AmountError::TooPrecise);
    }
    // Shift the point by padding: the digits up to two places behind it are the paisa.
    parse_digits(&format!("{first}{rest:0<width$}", width = exponent + 2)).map(Amount)
}

const EXPONENT_MIN: usize = 7;
const EXPONENT_MAX: usize = 16;

#[cfg(test)]
mod tests;
