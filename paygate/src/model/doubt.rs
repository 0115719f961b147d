//! Why an open payment may have been paid.

use jiff::Timestamp;

/// What speaks for it that an open payment was paid, apart from proof. A doubt that holds puts the payment in
/// flight.
///
/// The provider's own word lasts until the provider says something final. That the payer came back anybody can
/// say, so it holds only until the provider, asked from then on, says that it has never seen the payment:
/// a stranger cannot bar an unused checkout, and a payer who came back is not lost by a crash or an outage.
/// Each part only rises, so the order of observations does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Doubt {
    /// The provider said pending or nothing clear, signed that money moved, or named another amount or payee.
    pub lasting: bool,
    /// When somebody, the provider among them, last said that the payer came back, or the provider could not be
    /// asked about it.
    pub hinted_at: Option<Timestamp>,
    /// When the provider was last asked and had never seen the payment.
    pub unseen_at: Option<Timestamp>,
}

impl Doubt {
    /// Whether the payment may have been paid.
    pub fn holds(&self) -> bool {
        self.lasting || self.hinted_at > self.unseen_at
    }
}
