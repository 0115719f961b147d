//! QR codes, so that a phone can take over a payment that a desktop began.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use qrcode::QrCode;
use qrcode::render::svg;
use url::{Host, Url};

use super::{not_found, page_link};
use crate::sandbox::Emulator;
use crate::sandbox::fields::Fields;

/// `/epay/qr?bookingId=`: the payment page.
pub(in crate::sandbox) async fn of_page(
    State(emulator): State<Emulator>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let fields = Fields::read(&uri, &Bytes::new());
    let id = fields.get("bookingId").unwrap_or_default();
    if emulator.world().by_booking_id(id).is_none() {
        return not_found().await;
    }
    image(&format!("{}{}", emulator.origin(&headers), page_link(id)))
}

/// `/pay/{booking_id}/qr`: the deep link of Intent.
pub(in crate::sandbox) async fn of_link(
    State(emulator): State<Emulator>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if emulator.world().by_booking_id(&id).is_none() {
        return not_found().await;
    }
    image(&format!("{}/pay/{id}", emulator.origin(&headers)))
}

impl Emulator {
    /// Where whoever asks reaches the emulator: at the address of its settings, or, where that names no host
    /// (`0.0.0.0`), at the address that they asked themselves.
    pub(in crate::sandbox) fn origin(&self, headers: &HeaderMap) -> String {
        let base = &self.config().base_url;
        let is_nowhere = match base.host() {
            Some(Host::Ipv4(address)) => address.is_unspecified(),
            Some(Host::Ipv6(address)) => address.is_unspecified(),
            Some(Host::Domain(_)) | None => false,
        };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|_| is_nowhere);
        let asked = host.and_then(|host| Url::parse(&format!("{}://{host}/", base.scheme())).ok());
        match asked {
            Some(asked) => asked.origin().ascii_serialization(),
            None => base.as_str().trim_end_matches('/').to_owned(),
        }
    }
}

fn image(address: &str) -> Response {
    let Ok(code) = QrCode::new(address) else { return StatusCode::NOT_FOUND.into_response() };
    let image = code.render::<svg::Color<'_>>().min_dimensions(160, 160).quiet_zone(true).build();
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")];
    (headers, image).into_response()
}
