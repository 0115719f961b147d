//! The files the pages load (style sheet, modules, icon), kept inside the binary.
//!
//! Their addresses carry a tag of all contents: `/static/{tag}/js/chat.js`. A module can therefore import its
//! neighbors by relative path, a browser keeps everything for a year, and a new release is seen at once. The
//! same file under an old tag still answers, but is asked for anew each time; so does a file without any tag,
//! which is how the database names the demo's pictures (`/static/rooms/room-1.svg`).

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    Router,
    body::Bytes,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Bytes of the digest that are shown in addresses and entity tags.
const TAG_BYTES: usize = 8;

/// The routes of this module, for any state.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{tag}/{*path}", get(serve))
}

/// The address of a file under `static/`.
pub fn url(path: &str) -> String {
    format!("/static/{}/{path}", LIBRARY.tag)
}

async fn serve(Path((tag, path)): Path<(String, String)>, request: HeaderMap) -> Response {
    let untagged = || LIBRARY.files.get(&format!("{tag}/{path}"));
    let Some(file) = LIBRARY.files.get(&path).or_else(untagged) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let current = tag == LIBRARY.tag;
    let cache = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, file.etag.clone());
    headers.insert(header::CONTENT_TYPE, file.kind.clone());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if request.get(header::IF_NONE_MATCH) == Some(&file.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, file.body.clone()).into_response()
}

#[derive(RustEmbed)]
#[folder = "static/"]
struct Embedded;

struct Library {
    tag: String,
    files: BTreeMap<String, File>,
}

struct File {
    body: Bytes,
    etag: HeaderValue,
    kind: HeaderValue,
}

/// Read once, so that tag and contents agree for as long as the process lives, in a debug build as well.
static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    for (path, file) in Embedded::iter().filter_map(|path| Embedded::get(&path).map(|file| (path, file))) {
        let body = Bytes::from(file.data.into_owned());
        let digest = Sha256::digest(&body);
        // Weak, because a compressing layer may change the bytes on the way.
        let etag = HeaderValue::from_str(&format!("W/\"{}\"", hex(&digest)));
        let kind = HeaderValue::from_str(&content_type(file.metadata.mimetype()));
        if let (Ok(etag), Ok(kind)) = (etag, kind) {
            files.insert(path.into_owned(), File { body, etag, kind });
        }
    }
    let mut all = Sha256::new();
    for (path, file) in &files {
        all.update(path);
        all.update(file.etag.as_bytes());
    }
    Library { tag: hex(&all.finalize()), files }
});

fn content_type(mime: &str) -> String {
    if mime.starts_with("text/") { format!("{mime}; charset=utf-8") } else { mime.to_owned() }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
