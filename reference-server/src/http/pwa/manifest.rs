//! `GET /manifest.webmanifest`: how the product is called and looks among a phone's apps.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::body::QueryOf;
use crate::ui::lang::in_language;
use crate::ui::{Lang, assets};

/// Of the style sheet's light colors: paper.
const BACKGROUND: &str = "#fbf7ef";

/// The language may be named, since a browser asks for a manifest without the cookie.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    lang: String,
}

/// The route.
pub async fn manifest(QueryOf(asked): QueryOf<Asked>) -> Response {
    let lang = Lang::of_code(&asked.lang).unwrap_or_else(Lang::current);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::VARY, HeaderValue::from_static("Accept-Language")),
    ];
    (headers, in_language(lang, document).to_string()).into_response()
}

fn document() -> Value {
    let icon = |file: &str, side: u32, purpose: &str| {
        json!({
            "src": assets::url(&format!("icons/{file}-{side}.png")),
            "sizes": format!("{side}x{side}"),
            "type": "image/png",
            "purpose": purpose,
        })
    };
    json!({
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "name": t!("app-name"),
        "short_name": t!("app-short-name"),
        "description": t!("rooms-description"),
        "lang": Lang::current().code(),
        "dir": "ltr",
        "categories": ["lifestyle", "shopping"],
        "theme_color": BACKGROUND,
        "background_color": BACKGROUND,
        "icons": [
            icon("icon", 192, "any"),
            icon("icon", 512, "any"),
            icon("maskable", 192, "maskable"),
            icon("maskable", 512, "maskable"),
        ],
        "shortcuts": [{ "name": t!("chats"), "url": "/chats/" }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icons_have_the_size_that_the_manifest_says() {
        for icon in document()["icons"].as_array().expect("icons") {
            let url = icon["src"].as_str().expect("an address");
            let file = url.rsplit('/').next().expect("a name");
            let path = format!("{}/static/icons/{file}", env!("CARGO_MANIFEST_DIR"));
            let (width, height) = image::image_dimensions(path).expect("a picture");
            assert_eq!(icon["sizes"], format!("{width}x{height}"), "{file}");
        }
    }

    #[test]
    fn name_is_in_the_language_that_was_asked_for() {
        let nepali = in_language(Lang::Ne, document);
        assert_eq!((&nepali["lang"], &nepali["short_name"]), (&json!("ne"), &json!("कोठा")));
        assert_eq!(document()["short_name"], "Kotha");
    }
}
