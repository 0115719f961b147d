//! A QR code, so that a phone can take over a payment that a desktop began.

use qrcode::QrCode;
use qrcode::render::svg;

/// The address as an SVG image, or nothing where it is too long for one.
pub(super) fn svg(address: &str) -> String {
    let Ok(code) = QrCode::new(address) else { return String::new() };
    let image = code.render::<svg::Color<'_>>().min_dimensions(160, 160).quiet_zone(true).build();
    // Inline in a page there is no XML declaration.
    image.split_once("?>").map_or(image.clone(), |(_, image)| image.to_owned())
}
