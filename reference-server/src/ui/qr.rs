//! The code a phone scans to go on with a payment.

use qrcode::{EcLevel, QrCode, render::svg};

/// Quiet zone and modules are drawn in a square of about this many pixels; the page scales it.
const SIDE_PX: u32 = 240;

/// An SVG of `url`, or nothing when the address is too long for a code.
///
/// Black on white whatever the page's colors are: many phones do not read a light code on dark.
pub fn svg(url: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M).ok()?;
    let image = code
        .render::<svg::Color<'_>>()
        .min_dimensions(SIDE_PX, SIDE_PX)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // The XML declaration has no place inside an HTML page.
    image.find("<svg").map(|start| image[start..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_a_bare_svg_without_styles() {
        let image = svg("https://kotha.example/pay/7f3c/").unwrap();
        assert!(image.starts_with("<svg") && image.ends_with("</svg>"), "{image}");
        assert!(!image.contains("style"), "a strict policy refuses style attributes");
    }

    #[test]
    fn too_long_an_address_gives_no_code() {
        assert!(svg(&"x".repeat(4_000)).is_none());
    }
}
