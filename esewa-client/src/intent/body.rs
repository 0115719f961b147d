//! The envelope of every answer: `code`, `message`, `data`.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::status::{Field, is_html, object_fields};

/// Why an answer tells nothing. None of these says anything about a payment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntentBodyError {
    /// eSewa says that it is out of service (`code` 0). Ask again later.
    #[error("eSewa says that its service is unavailable")]
    Outage,
    /// eSewa refuses the request, under a code such as `IP-400`. Asking again does not help.
    #[error("eSewa refuses the request under the code {code}")]
    Refused {
        /// eSewa's code.
        code: String,
    },
    /// The booking was dealt with before (`IP-410`): paid, cancelled or run out. Ask for its state.
    #[error("eSewa says that the booking was dealt with already")]
    AlreadyProcessed,
    /// A page for people, as the sandbox gives under 502 and 504. Ask again later.
    #[error("there is an HTML page where JSON was expected")]
    UnexpectedHtml,
    /// Anything else, such as a body that was cut.
    #[error("the body is no answer of Intent: {0}")]
    Malformed(&'static str),
}

impl IntentBodyError {
    /// Whether the same question may well be answered later. A booking is no question: it is never repeated.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Outage | Self::UnexpectedHtml | Self::Malformed(_))
    }
}

/// The fields of `data`, each once.
pub(super) struct Data(Vec<(String, Field)>);

impl Data {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(known, _)| known == name).map(|(_, field)| field);
        field.and_then(Field::text).filter(|text| !text.is_empty())
    }

    /// The id under `name`, which has to be there.
    pub(super) fn id(&self, name: &str, lacking: &'static str) -> Result<super::IntentId, IntentBodyError> {
        self.text(name)
            .and_then(|text| super::IntentId::new(text).ok())
            .ok_or(IntentBodyError::Malformed(lacking))
    }
}

/// Opens the envelope where its code is one of `good`, and reads its data.
pub(super) fn open(body: &[u8], good: &[&str]) -> Result<Data, IntentBodyError> {
    let data = done(body, good)?.ok_or(IntentBodyError::Malformed("it has no data"))?;
    object_fields(data.get()).map(Data).map_err(IntentBodyError::Malformed)
}

/// The data of an envelope whose code is one of `good`; done is done where there is none.
pub(super) fn done<'b>(body: &'b [u8], good: &[&str]) -> Result<Option<&'b RawValue>, IntentBodyError> {
    let text = std::str::from_utf8(body).map_err(|_| IntentBodyError::Malformed("it is not UTF-8"))?;
    if is_html(text) {
        return Err(IntentBodyError::UnexpectedHtml);
    }
    let envelope: Envelope<'_> = serde_json::from_str(text)
        .map_err(|_| IntentBodyError::Malformed("it is not a JSON object with unique keys"))?;
    let code = envelope.code.ok_or(IntentBodyError::Malformed("it has no code"))?.get();
    let word: String = serde_json::from_str(code).unwrap_or_default();
    if code == "0" {
        Err(IntentBodyError::Outage)
    } else if good.contains(&word.as_str()) {
        Ok(envelope.data)
    } else if word == "IP-410" {
        Err(IntentBodyError::AlreadyProcessed)
    } else {
        let plain = |character: &char| character.is_ascii_alphanumeric() || *character == '-';
        Err(IntentBodyError::Refused { code: word.chars().filter(plain).take(CODE_CHARACTERS_MAX).collect() })
    }
}

#[derive(Deserialize)]
struct Envelope<'b> {
    #[serde(borrow, default)]
    code: Option<&'b RawValue>,
    #[serde(borrow, default)]
    data: Option<&'b RawValue>,
}

const CODE_CHARACTERS_MAX: usize = 32;
