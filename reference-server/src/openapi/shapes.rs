//! Shapes that no handler has a type for: problems, the offer of the gate, the form of an upload.
#![allow(dead_code, reason = "these describe what is sent; nothing is read from them")]

use utoipa::ToSchema;
use uuid::Uuid;

/// A refusal: RFC 9457, with a stable code.
#[derive(ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:kotha:problem:` and the code.
    r#type: String,
    /// A few words for a person.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// A sentence or two for a person.
    detail: String,
    /// For a program.
    code: String,
    /// With `invalid_field`, and where a field is what the problem is about.
    #[schema(nullable = false)]
    errors: Option<Vec<FieldErrorBody>>,
}

/// One field that doesn't do.
#[derive(ToSchema)]
#[schema(as = FieldError)]
struct FieldErrorBody {
    /// Its name in the request.
    field: String,
    /// For a person.
    message: String,
}

/// A problem that says what is to be paid.
#[derive(ToSchema)]
#[schema(as = Offer)]
pub struct OfferBody {
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    /// `payment_required`.
    code: String,
    /// `room:` and the room's id.
    resource: String,
    /// What it costs.
    #[schema(example = "30.00")]
    amount: String,
    #[schema(example = "NPR")]
    currency: String,
    #[schema(example = "esewa")]
    provider: String,
    checkout: CheckoutBody,
}

/// How to start paying.
#[derive(ToSchema)]
#[schema(as = Checkout)]
struct CheckoutBody {
    #[schema(example = "POST")]
    method: String,
    #[schema(example = "/create-payment-intent/")]
    url: String,
    body: CheckoutRoom,
}

#[derive(ToSchema)]
struct CheckoutRoom {
    room_id: Uuid,
}

/// A file of a form.
#[derive(ToSchema)]
pub struct PhotoForm {
    /// JPEG, PNG or WebP, at most 10 MiB.
    #[schema(value_type = String, format = Binary)]
    image: Vec<u8>,
    /// `1` when only who pays shall see it.
    #[schema(nullable = false)]
    private: Option<String>,
}

/// A message with a picture.
#[derive(ToSchema)]
pub struct MessageForm {
    room_id: String,
    /// For the owner, whom the message is to.
    #[schema(nullable = false)]
    client_id: Option<String>,
    /// May be missing beside a picture.
    #[schema(nullable = false)]
    content: Option<String>,
    /// Names the message, so that it may be sent again.
    #[schema(nullable = false)]
    client_message_id: Option<String>,
    /// JPEG, PNG or WebP, at most 10 MiB.
    #[schema(value_type = Option<String>, format = Binary, nullable = false)]
    image: Option<Vec<u8>>,
}
