//! What stands in a page's place when there is no network.

use askama::Template;

use super::{Here, Layout};

/// `GET /offline/{lang}/`
#[derive(Debug, Template)]
#[template(path = "pages/offline.html")]
pub struct OfflinePage {
    pub layout: Layout,
}

impl OfflinePage {
    /// For nobody in particular.
    #[expect(clippy::new_without_default, reason = "the language of the moment is in it")]
    pub fn new() -> Self {
        Self { layout: Layout::new(t!("offline-title"), None, Here::Bare) }
    }
}
