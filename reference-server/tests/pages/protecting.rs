//! Reporting and blocking the other from the chat's page, by plain forms.

use reference_server::db::reports::{self, Case};
use serde_json::json;

use crate::browser::{Page, hidden, open, submit};
use crate::support::{Person, TestServer};

/// A conversation in which the owner has said something.
struct Two {
    server: TestServer,
    owner: Person,
    client: Person,
    /// The client's chat.
    chat: String,
    /// The owner's.
    owners_chat: String,
    room: String,
}

impl Two {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let (owner, room) = server.room().await;
        let client = server.client().await;
        let back = server.payer().pay(&client.start_payment(&room).await).await;
        client.follow(&back).await;
        let chat = format!("/rooms/{room}/chat/");
        let owners_chat = format!("{chat}{}/", client.id);
        Self { server, owner, client, chat, owners_chat, room }
    }

    /// The owner writes; the message's id.
    async fn owner_says(&self, content: &str) -> String {
        let words = json!({ "room_id": self.room, "client_id": self.client.id, "content": content });
        let (_, message) = self.owner.post("/api/messages/send/", &words).await;
        message["id"].as_str().expect("an id").to_owned()
    }

    /// The client posts the form of the chat's page.
    async fn client_says(&self, content: &str) -> Page {
        let id = hidden(&open(&self.client, &self.chat).await, "client_message_id");
        submit(&self.client, &self.chat, &[("client_message_id", &id), ("content", content)]).await
    }

    async fn reports(&self) -> Vec<Case> {
        let db = &self.server.running.state().db;
        reports::list(db, None, None, None, 10).await.expect("a list")
    }
}

#[tokio::test]
async fn message_is_reported_with_a_reason() {
    let two = Two::new().await;
    let message = two.owner_says("Pay me first.").await;
    let page = open(&two.client, &two.chat).await;
    let link = format!("{}report/?message_id={message}", two.chat);
    assert!(page.html.contains(&format!("href=\"{link}\"")), "{}", page.html);
    let form = open(&two.client, &link).await;
    assert!(form.html.contains("Report this message?"), "{}", form.html);
    let fields = [("message_id", hidden(&form, "message_id")), ("reason", " Wants <money>. ".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let done = submit(&two.client, &format!("{}report/", two.chat), &fields).await;
    assert_eq!((done.status.as_u16(), done.location.as_str()), (303, &*format!("{}?done=report", two.chat)));
    assert!(open(&two.client, &done.location).await.html.contains("Reported. An administrator looks at it."));
    let cases = two.reports().await;
    let [case] = cases.as_slice() else { panic!("one report: {cases:?}") };
    assert_eq!(case.report.message_id.map(|id| id.to_string()), Some(message));
    assert_eq!(case.report.reason, "Wants <money>.");
}

#[tokio::test]
async fn person_is_reported_without_a_word() {
    let two = Two::new().await;
    let form = open(&two.owner, &format!("{}report/", two.owners_chat)).await;
    assert!(form.html.contains("Report Asmita Rai?"), "{}", form.html);
    let fields = [("message_id", ""), ("reason", "")];
    let done = submit(&two.owner, &format!("{}report/", two.owners_chat), &fields).await;
    assert_eq!(done.location, format!("{}?done=report", two.owners_chat));
    let case = two.reports().await.remove(0);
    assert_eq!((case.report.message_id, case.reported().to_string()), (None, two.client.id.clone()));
}

#[tokio::test]
async fn reason_that_is_too_long_comes_back_with_the_bound() {
    let two = Two::new().await;
    let message = two.owner_says("Pay me first.").await;
    let long = "क".repeat(1_001);
    let path = format!("{}report/", two.chat);
    let page = submit(&two.client, &path, &[("message_id", &message), ("reason", &long)]).await;
    assert_eq!(page.status, 422);
    assert!(page.html.contains(&long) && page.html.contains("At most 1000 characters."), "{}", page.html);
    assert!(page.html.contains("aria-invalid=\"true\""), "{}", page.html);
    assert_eq!(hidden(&page, "message_id"), message, "it is still about the message");
    assert!(two.reports().await.is_empty());
}

#[tokio::test]
async fn message_of_somebody_else_is_not_reported() {
    let (two, others) = (Two::new().await, Two::new().await);
    let foreign = others.owner_says("Not for you.").await;
    for id in [foreign.as_str(), "nonsense"] {
        let page = submit(&two.client, &format!("{}report/", two.chat), &[("message_id", id)]).await;
        assert_eq!(page.status, 404, "{id}");
    }
    assert!(two.reports().await.is_empty());
}

#[tokio::test]
async fn block_closes_the_chat_in_words_for_both_until_it_is_taken_back() {
    let two = Two::new().await;
    let block = format!("{}block/", two.owners_chat);
    assert!(open(&two.owner, &two.owners_chat).await.html.contains(&format!("href=\"{block}\"")));
    let asked = open(&two.owner, &block).await;
    assert!(asked.html.contains("Block Asmita Rai?"), "{}", asked.html);
    assert_eq!(two.client_says("Before").await.status, 303, "to ask is not yet to block");

    let done = submit(&two.owner, &block, &[]).await;
    assert_eq!(done.location, format!("{}?done=block", two.owners_chat));
    let page = open(&two.owner, &done.location).await.html;
    assert!(page.contains("Asmita Rai is blocked.") && page.contains("You blocked Asmita Rai."), "{page}");
    assert!(page.contains("data-form hidden>") && !page.contains(&block), "{page}");

    let closed = "<p>This chat is closed for one of you.";
    let page = open(&two.client, &two.chat).await.html;
    assert!(page.contains(closed) && page.contains("data-form hidden>"), "{page}");
    assert!(!page.contains("You blocked"), "{page}");
    let refused = two.client_says("Listen <to> me").await;
    assert_eq!(refused.status, 403);
    let reason = "data-notice-text>This chat is closed for one of you.";
    assert!(refused.html.contains(reason), "{}", refused.html);
    assert!(refused.html.contains("Listen &#60;to&#62; me</textarea>"), "what was typed is kept");

    let done = submit(&two.owner, &format!("{}unblock/", two.owners_chat), &[]).await;
    assert!(open(&two.owner, &done.location).await.html.contains("You no longer block Asmita Rai."));
    assert_eq!(two.client_says("Listen to me").await.status, 303);
    assert!(!open(&two.client, &two.chat).await.html.contains(closed));
}

#[tokio::test]
async fn ones_own_block_is_all_that_one_takes_back() {
    let two = Two::new().await;
    for (who, chat) in [(&two.owner, &two.owners_chat), (&two.client, &two.chat)] {
        submit(who, &format!("{chat}block/"), &[]).await;
    }
    let done = submit(&two.client, &format!("{}unblock/", two.chat), &[]).await;
    let page = open(&two.client, &done.location).await.html;
    assert!(page.contains("You no longer block"), "{page}");
    assert!(page.contains("<p>This chat is closed for one of you."), "{page}");
}

#[tokio::test]
async fn address_alone_claims_nothing() {
    let two = Two::new().await;
    let page = open(&two.client, &format!("{}?done=block", two.chat)).await.html;
    assert!(!page.contains("is blocked.") && !page.contains("data-form hidden>"), "{page}");
}

#[tokio::test]
async fn strangers_reach_none_of_it() {
    let two = Two::new().await;
    for act in ["report", "block", "unblock"] {
        let path = format!("{}{act}/", two.owners_chat);
        assert_eq!(submit(&two.server.owner().await, &path, &[]).await.status, 404, "{act}");
        assert_eq!(submit(&two.server.client().await, &path, &[]).await.status, 404, "{act}");
        let visitor = submit(&two.server.visitor(), &path, &[]).await;
        assert!(visitor.location.starts_with("/login/?next="), "{act}: {}", visitor.location);
    }
    assert_eq!(two.client_says("Still open").await.status, 303);
}

#[tokio::test]
async fn another_site_can_not_block() {
    let two = Two::new().await;
    let request = two.client.request("POST", &format!("{}block/", two.chat));
    let answer = request.header("origin", "https://evil.example").header("accept", "text/html").send().await;
    assert_eq!(answer.expect("an answer").status(), 403);
    assert_eq!(two.client_says("Still open").await.status, 303);
}
