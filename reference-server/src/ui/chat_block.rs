//! The page that asks before the other person is blocked, for browsers without scripts; the others ask in a dialog.

use askama::Template;

use super::{Here, Layout};

/// `GET /rooms/{id}/chat/[{client_id}/]block/`
#[derive(Debug, Template)]
#[template(path = "pages/chat_block.html")]
pub struct ChatBlockPage {
    pub layout: Layout,
    pub chat_url: String,
    pub with_name: String,
}

#[cfg(test)]
impl ChatBlockPage {
    pub(super) fn sample() -> Self {
        Self {
            layout: Layout::sample("Block", Here::Chats),
            chat_url: "/rooms/r1/chat/".into(),
            with_name: "Hari \"<Bahadur>\"".into(),
        }
    }
}
