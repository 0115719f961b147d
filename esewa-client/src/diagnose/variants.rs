//! The mistakes that people make, as variants of the key and of the signed text.

use std::fmt;

use base64::Engine as _;
use zeroize::Zeroizing;

use super::Cause;
use crate::amount::Amount;
use crate::secret::{KNOWN_WRONG_KEY, KeyError, SecretKey};
use crate::signature::ENGINE;

/// The key as it is, which may be miscopied itself, then as people copy it.
pub(super) fn key_variants(key: &SecretKey) -> Vec<(Option<Cause>, Zeroizing<Vec<u8>>)> {
    let suspicion = match key.suspicion() {
        Some(KeyError::Parenthesis) => Some(Cause::KeyParenthesis),
        Some(KeyError::HtmlEntity) => Some(Cause::KeyHtmlEntity),
        Some(KeyError::WhiteSpace) => Some(Cause::KeyWhiteSpace),
        Some(KeyError::KnownWrong) => Some(Cause::KeyFromTutorial),
        Some(KeyError::Empty | KeyError::TooLong) | None => None,
    };
    let key = key.text();
    let mut variants = vec![(suspicion, Zeroizing::new(key.as_bytes().to_vec()))];
    let mut add =
        |cause: Cause, text: String| variants.push((Some(cause), Zeroizing::new(text.into_bytes())));
    for text in
        [format!("{key}("), format!("{key})"), format!("({key}"), format!("({key})"), format!("{key}()")]
    {
        add(Cause::KeyParenthesis, text);
    }
    add(Cause::KeyHtmlEntity, key.replace('&', "&amp;"));
    for text in
        [format!("{key}\n"), format!("{key}\r\n"), format!("{key} "), format!(" {key}"), format!(" {key} ")]
    {
        add(Cause::KeyWhiteSpace, text);
    }
    add(Cause::KeyFromTutorial, KNOWN_WRONG_KEY.to_owned());
    if let Ok(decoded) = ENGINE.decode(key) {
        variants.push((Some(Cause::KeyDecoded), Zeroizing::new(decoded)));
    }
    variants
}

/// The signed text as it should be, then as people write it.
pub(super) fn message_variants(values: &[(&str, &str)]) -> Vec<(Vec<Cause>, String)> {
    let mut variants = Vec::new();
    for (amount_cause, spelled) in amount_spellings(values) {
        for (order_cause, ordered) in orders(&spelled) {
            for (join_cause, text) in joins(&ordered) {
                let causes = [amount_cause.clone(), order_cause.clone(), join_cause];
                variants.push((causes.into_iter().flatten().collect(), text));
            }
        }
    }
    variants
}

/// The signed text as it should be.
pub(super) fn message_as_sent(values: &[(&str, &str)]) -> String {
    joined(values, "=", ",")
}

type Fields = Vec<(String, String)>;

fn amount_spellings(values: &[(&str, &str)]) -> Vec<(Option<Cause>, Fields)> {
    let with = |text: Option<&str>| -> Fields {
        let spelled = |name: &str, value: &str| match text {
            Some(text) if name == "total_amount" => text.to_owned(),
            _ => value.to_owned(),
        };
        values.iter().map(|(name, value)| ((*name).to_owned(), spelled(name, value))).collect()
    };
    let mut spellings = vec![(None, with(None))];
    let sent = values.iter().find(|(name, _)| *name == "total_amount").map_or("", |(_, value)| *value);
    if let Ok(amount) = Amount::from_wire(sent) {
        let grouped = |text: String| group_thousands(&text);
        for text in [
            amount.to_string(),
            amount.to_double_text(),
            amount.to_decimal_text(),
            grouped(amount.to_string()),
            grouped(amount.to_decimal_text()),
            amount.paisa().to_string(),
        ] {
            if text != sent
                && !spellings
                    .iter()
                    .any(|(cause, _)| *cause == Some(Cause::AmountText { signed: text.clone() }))
            {
                let fields = with(Some(&text));
                spellings.push((Some(Cause::AmountText { signed: text }), fields));
            }
        }
    }
    spellings
}

fn orders(fields: &Fields) -> Vec<(Option<Cause>, Fields)> {
    let mut orders = vec![(None, Vec::new())];
    // Insert each field at every place of every order so far; the first stays the order as sent.
    for field in fields {
        let mut longer = Vec::new();
        for (cause, order) in &orders {
            let mut kept = order.clone();
            kept.push(field.clone());
            longer.push((cause.clone(), kept));
        }
        for (_, order) in &orders {
            for place in 0..order.len() {
                let mut moved = order.clone();
                moved.insert(place, field.clone());
                longer.push((Some(Cause::FieldOrder), moved));
            }
        }
        orders = longer;
    }
    orders
}

fn joins(fields: &Fields) -> [(Option<Cause>, String); 8] {
    let values: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
    [
        (None, joined(fields, "=", ",")),
        (Some(Cause::Spaces), joined(fields, "=", ", ")),
        (Some(Cause::Spaces), joined(fields, " = ", ", ")),
        (Some(Cause::Spaces), joined(fields, "=", " , ")),
        (Some(Cause::Ampersand), joined(fields, "=", "&")),
        (Some(Cause::ValuesOnly), values.join(",")),
        (Some(Cause::ValuesOnly), values.concat()),
        (Some(Cause::ValuesOnly), values.join("&")),
    ]
}

fn joined(fields: &[(impl fmt::Display, impl fmt::Display)], equals: &str, separator: &str) -> String {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}{equals}{value}")).collect();
    pairs.join(separator)
}

/// `1234567.50` as `1,234,567.50`.
pub(crate) fn group_thousands(text: &str) -> String {
    let (whole, fraction) =
        text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    fraction.map_or(grouped.clone(), |fraction| format!("{grouped}.{fraction}"))
}
