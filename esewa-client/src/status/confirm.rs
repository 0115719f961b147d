//! The last stage of proof: eSewa's answer held against the merchant's own record.

use std::fmt;

use super::{Status, StatusReport};
use crate::amount::Amount;
use crate::ids::{ProductCode, ReferenceId, TransactionUuid};
use crate::order::Order;

/// A payment that eSewa's own API called complete, for this order's id, sum and merchant.
///
/// Only this crate makes one, and only from such an answer. Ask for it where goods are delivered.
/// Deliver once for each [`reference`](Self::reference): the protocol has no replay protection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmedPayment {
    pub(crate) order: Order,
    pub(crate) reference: ReferenceId,
    pub(crate) product_code: ProductCode,
}

impl ConfirmedPayment {
    /// eSewa's reference of the payment.
    #[must_use]
    pub fn reference(&self) -> &ReferenceId {
        &self.reference
    }

    /// The merchant's id of the payment.
    #[must_use]
    pub fn transaction_uuid(&self) -> &TransactionUuid {
        &self.order.transaction_uuid
    }

    /// The whole sum.
    #[must_use]
    pub fn total_amount(&self) -> Amount {
        self.order.total_amount
    }

    /// The merchant's code.
    #[must_use]
    pub fn product_code(&self) -> &ProductCode {
        &self.product_code
    }
}

/// What asking about an order came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Confirmation {
    /// Paid, and everything agrees with the order.
    Paid(ConfirmedPayment),
    /// Not paid, or not yet, or no longer: see its status.
    Other(StatusReport),
    /// eSewa answered about something else than what was asked. Do not deliver; let a person look.
    Mismatch(Mismatch),
}

/// An answer that does not agree with the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    field: MismatchedField,
    report: StatusReport,
}

impl Mismatch {
    /// What does not agree.
    #[must_use]
    pub fn field(&self) -> MismatchedField {
        self.field
    }

    /// What eSewa answered.
    #[must_use]
    pub fn report(&self) -> &StatusReport {
        &self.report
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = match self.field {
            MismatchedField::TransactionUuid => "transaction id",
            MismatchedField::ProductCode => "product code",
            MismatchedField::TotalAmount => "amount",
            MismatchedField::Reference => "reference",
        };
        write!(f, "eSewa answered {} with another {field} than the order's", self.report.status)
    }
}

/// The field in which an answer does not agree with the order, or which it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MismatchedField {
    /// Another payment's id.
    TransactionUuid,
    /// Another merchant's code.
    ProductCode,
    /// Another sum, or none.
    TotalAmount,
    /// Complete, but without eSewa's reference.
    Reference,
}

/// Holds a report against the order.
///
/// A complete one must repeat the id, the code and the sum. Any other state proves nothing, so it may
/// leave them out, but not contradict the id and the code: a stranger's refund revokes nothing here.
pub(crate) fn confirm(report: StatusReport, order: &Order, product_code: &ProductCode) -> Confirmation {
    let paid = report.status.is_paid();
    let uuid_agrees = report.transaction_uuid.as_ref().map_or(!paid, |uuid| *uuid == order.transaction_uuid);
    let code_agrees = report.product_code.as_ref().map_or(!paid, |code| code == product_code);
    let amount_agrees = !paid || report.total_amount == Some(order.total_amount);
    let field = if !uuid_agrees {
        MismatchedField::TransactionUuid
    } else if !code_agrees {
        MismatchedField::ProductCode
    } else if !amount_agrees {
        MismatchedField::TotalAmount
    } else {
        return match (&report.status, &report.ref_id) {
            (Status::Complete, Some(reference)) => Confirmation::Paid(ConfirmedPayment {
                order: order.clone(),
                reference: reference.clone(),
                product_code: product_code.clone(),
            }),
            (Status::Complete, None) => {
                Confirmation::Mismatch(Mismatch { field: MismatchedField::Reference, report })
            }
            _ => Confirmation::Other(report),
        };
    };
    Confirmation::Mismatch(Mismatch { field, report })
}
