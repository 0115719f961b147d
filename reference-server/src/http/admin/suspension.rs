//! Why something is suspended, or not any more: the same form for people and rooms.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::fields::Fields;
use crate::problem::Problem;

/// Why; kept in the log.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[schema(as = Reason)]
#[serde(default)]
pub struct Reason {
    /// 3 to 500 characters.
    pub reason: String,
}

impl Reason {
    /// The words, if there are some.
    ///
    /// # Errors
    ///
    /// 422 when they don't do.
    pub fn checked(&self) -> Result<String, Problem> {
        let mut fields = Fields::default();
        let reason = fields.text("reason", &self.reason, 3..=500);
        fields.finish()?;
        Ok(reason)
    }
}
