//! Every assumption that the emulator makes about the real eSewa.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ids::TransactionUuid;

/// What the emulator assumes. The defaults follow what was observed most lately; where nothing was
/// ever published, they are this crate's guess.
///
/// | what is not known of eSewa | the assumption |
/// | --- | --- |
/// | the HTTP status of ES104 | [`es104_http_status`](Self::es104_http_status) |
/// | the answer to an id that was used before | [`duplicate_uuid`](Self::duplicate_uuid) |
/// | how the status API compares amounts, and what a wrong one gives | [`wrong_amount`](Self::wrong_amount) |
/// | the HTTP status of the status API's outage body | [`status_outage_http_status`](Self::status_outage_http_status) |
/// | how long a booking lives | [`booking_minutes`](Self::booking_minutes) |
/// | when production dropped the thousands comma | [`amount_form`](Self::amount_form) |
/// | which host of the status API will last | [`status_hosts`](Self::status_hosts) |
/// | the errors of Intent | [`intent_refusal_http_status`](Self::intent_refusal_http_status) |
/// | whether a failure address keeps its query | [`failure_url_query`](Self::failure_url_query) |
/// | whether there is another ES code than 104 | [`refusal_form`](Self::refusal_form) |
/// | how an Intent callback is sent, and sent again | [`intent_callback_method`](Self::intent_callback_method), [`intent_callback_pauses_ms`](Self::intent_callback_pauses_ms), [`intent_callback_timeout_ms`](Self::intent_callback_timeout_ms), [`intent_callbacks`](Self::intent_callbacks) |
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Quirks {
    /// How the callback writes its amount.
    pub amount_form: AmountForm,
    /// What the redirect does to a success address with a query.
    pub success_url_query: SuccessUrlQuery,
    /// What the redirect does to a failure address with a query. Not published.
    pub failure_url_query: FailureUrlQuery,
    /// Which transaction ids are taken.
    pub uuid_charset: UuidCharset,
    /// What a transaction id that was used before gets. The real answer was never published.
    pub duplicate_uuid: DuplicateUuid,
    /// The HTTP status of ES104. Nobody recorded the real one; 400 by default.
    pub es104_http_status: u16,
    /// What a form gets that is refused for anything but its signature. No other code was ever published.
    pub refusal_form: RefusalForm,
    /// The HTTP status of an outage body. The form was seen to give 409.
    pub outage_http_status: u16,
    /// The HTTP status of the status API's outage body; 409 by default. Not published.
    pub status_outage_http_status: u16,
    /// Which of eSewa's hosts answer the status API, where a client asks by name. eSewa's own pages
    /// contradict each other.
    pub status_hosts: StatusHosts,
    /// What the status API says of a known id with another amount. Not published.
    pub wrong_amount: WrongAmount,
    /// How long a booking can be paid, in minutes; then its status is `NOT_FOUND`. Not published.
    pub booking_minutes: u32,
    /// Whether the redirect to the payment page names its host. It was seen both ways.
    pub absolute_location: bool,
    /// Whether `CANCELED` is told when a payer cancels; otherwise the payment stays `PENDING` until
    /// its booking runs out. Not published.
    pub cancel_is_told: bool,
    /// The shape of an answer of `transrec`.
    pub transrec_form: TransrecForm,
    /// The HTTP status under which Intent refuses; 400 by default. Its errors are not published.
    pub intent_refusal_http_status: u16,
    /// How an Intent callback is sent. The documentation says POST, and no real one was ever seen.
    pub intent_callback_method: IntentCallbackMethod,
    /// How long the emulator waits before each attempt to post an Intent callback, in milliseconds:
    /// 0, 1,000, 5,000 and 15,000 by default, then it gives up; at most ten attempts. eSewa's own
    /// schedule is not published.
    pub intent_callback_pauses_ms: Vec<u64>,
    /// How long one attempt to post an Intent callback may take, in milliseconds; 5,000 by default.
    /// Not published.
    pub intent_callback_timeout_ms: u64,
    /// Which Intent payments are called back. eSewa specifies the callback only in general.
    pub intent_callbacks: IntentCallbacks,
    /// Leaves out everything that the real eSewa does not send, such as the header that names the
    /// cause of an ES104. The header that marks the emulator stays.
    pub strict_parity: bool,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            amount_form: AmountForm::Plain,
            success_url_query: SuccessUrlQuery::Glue,
            failure_url_query: FailureUrlQuery::Kept,
            uuid_charset: UuidCharset::Lenient,
            duplicate_uuid: DuplicateUuid::Refuse,
            es104_http_status: 400,
            refusal_form: RefusalForm::CodeZero,
            outage_http_status: 409,
            status_outage_http_status: 409,
            status_hosts: StatusHosts::All,
            wrong_amount: WrongAmount::NotFound,
            booking_minutes: 60,
            absolute_location: false,
            cancel_is_told: true,
            transrec_form: TransrecForm::Wire,
            intent_refusal_http_status: 400,
            intent_callback_method: IntentCallbackMethod::Post,
            intent_callback_pauses_ms: vec![0, 1_000, 5_000, 15_000],
            intent_callback_timeout_ms: 5_000,
            intent_callbacks: IntentCallbacks::PaidOnly,
            strict_parity: false,
        }
    }
}

impl Quirks {
    /// With one of them set by its name, as `GET /_sandbox/quirks` and a command line write it.
    ///
    /// ```
    /// use esewa_client::sandbox::{AmountForm, Quirks};
    ///
    /// let quirks = Quirks::default().with("amount_form", "legacy_comma")?.with("es104_http_status", "200")?;
    /// assert_eq!((quirks.amount_form, quirks.es104_http_status), (AmountForm::LegacyComma, 200));
    /// assert!(Quirks::default().with("amount_fom", "legacy_comma").is_err());
    /// # Ok::<(), esewa_client::sandbox::QuirkError>(())
    /// ```
    ///
    /// # Errors
    /// [`QuirkError`] where there is no such quirk, or it has no such value.
    pub fn with(&self, name: &str, value: &str) -> Result<Self, QuirkError> {
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        self.changed(Map::from_iter([(name.to_owned(), value)]))
    }

    /// With these in place of those of the same names.
    pub(super) fn changed(&self, changes: Map<String, Value>) -> Result<Self, QuirkError> {
        let told = |error: serde_json::Error| QuirkError(error.to_string());
        let mut all = serde_json::to_value(self).map_err(told)?;
        if let Value::Object(all) = &mut all {
            all.extend(changes);
        }
        let changed: Self = serde_json::from_value(all).map_err(told)?;
        changed.check()?;
        Ok(changed)
    }

    fn check(&self) -> Result<(), QuirkError> {
        let statuses = [
            self.es104_http_status,
            self.outage_http_status,
            self.status_outage_http_status,
            self.intent_refusal_http_status,
        ];
        if !statuses.iter().all(|status| (200..=599).contains(status)) {
            return Err(QuirkError("an HTTP status is 200 to 599".to_owned()));
        }
        let pauses_ms = &self.intent_callback_pauses_ms;
        if pauses_ms.len() > PAUSES_MAX || pauses_ms.iter().any(|pause_ms| *pause_ms > WAIT_MS_MAX) {
            return Err(QuirkError("at most ten pauses of at most 600000 ms each".to_owned()));
        }
        if !(1..=WAIT_MS_MAX).contains(&self.intent_callback_timeout_ms) {
            return Err(QuirkError("intent_callback_timeout_ms is 1 to 600000".to_owned()));
        }
        Ok(())
    }
}

/// Why a quirk cannot be set: there is none of that name, or it has no such value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QuirkError(String);

pub(super) const PAUSES_MAX: usize = 10;
const WAIT_MS_MAX: u64 = 600_000;

/// Which Intent payments are called back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IntentCallbacks {
    /// Those that were paid.
    PaidOnly,
    /// Also those that failed or were cancelled, with an empty reference as the merchant has none.
    EveryEnd,
}

/// The shape of an answer of `transrec`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransrecForm {
    /// As on the wire in 2015: no declaration, line breaks around the word.
    Wire,
    /// With an XML declaration and no line breaks, as older SDKs were tested with.
    XmlDeclaration,
}

/// How a callback writes its amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AmountForm {
    /// `"5000.0"`, as all callbacks since June 2025.
    Plain,
    /// `"5,000.0"` in the JSON, signed as `5000.0`: the form until May 2025.
    LegacyComma,
    /// The number `5000.0`, as eSewa's documentation prints it and no real callback has it.
    JsonNumber,
}

/// What the redirect does to a success address that has a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SuccessUrlQuery {
    /// Appends `?data=` all the same, as was observed.
    Glue,
    /// Appends `&data=`, as one would expect.
    Join,
}

/// Which transaction ids are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UuidCharset {
    /// Anything without control characters; `_` at least was seen to work.
    Lenient,
    /// Letters, digits and `-`, as documented.
    Documented,
}

impl UuidCharset {
    pub(super) fn allows(self, uuid: &str) -> bool {
        match self {
            Self::Documented => TransactionUuid::new(uuid).is_ok(),
            Self::Lenient => uuid.len() <= UUID_BYTES_MAX && !uuid.contains(char::is_control),
        }
    }
}

const UUID_BYTES_MAX: usize = 200;

/// What a transaction id that was used before gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DuplicateUuid {
    /// Refused, as merchants report.
    Refuse,
    /// An unpaid booking of the same amount is opened again; anything else is refused.
    Reopen,
}

/// What the status API says of a known id with another amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WrongAmount {
    /// `NOT_FOUND`; the same amount in other characters, `100.0` for `100`, is the same.
    NotFound,
    /// `NOT_FOUND` also for the same amount in other characters than the form's.
    NotFoundByText,
    /// The status, with the amount that was booked.
    Ignore,
}

/// What the redirect does to a failure address that has a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureUrlQuery {
    /// Nothing.
    Kept,
    /// Drops it, so that an id in it is lost.
    Dropped,
}

/// What a form gets that is refused for anything but its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RefusalForm {
    /// The integer code 0 with an `error_message`, as an unknown merchant gets.
    CodeZero,
    /// A text code with a `message`, in the shape of ES104. The code, `ES000`, is the emulator's own.
    EsCode,
}

/// Which of eSewa's hosts answer the status API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StatusHosts {
    /// All that any page names.
    All,
    /// Those of the form only: `rc-epay.esewa.com.np` and `epay.esewa.com.np`.
    Epay,
    /// Those of ePay v1 only: `uat.`, `rc.esewa.com.np` and `esewa.com.np`.
    Main,
}

/// How an Intent callback is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IntentCallbackMethod {
    /// As a JSON body by POST.
    Post,
    /// As a query by GET.
    Get,
}
