//! Reports: who complains about whom, the words that it is about and no others, and what is made of it.

use serde_json::{Value, json};

use crate::support::{Person, TestServer};

pub(super) struct Quarrel {
    pub(super) server: TestServer,
    pub(super) owner: Person,
    pub(super) client: Person,
    pub(super) admin: Person,
    pub(super) room: String,
}

impl Quarrel {
    /// An owner and a client who talk, and an administrator who knows nothing of it.
    pub(super) async fn start() -> Self {
        let server = TestServer::start().await;
        let (owner, room) = server.room().await;
        let client = server.client().await;
        client.follow(&server.payer().pay(&client.start_payment(&room).await).await).await;
        let admin = server.admin().await;
        Self { server, owner, client, admin, room }
    }

    pub(super) async fn say(&self, who: &Person, words: &str) -> String {
        let body = json!({ "room_id": self.room, "client_id": self.client.id, "content": words,
                           "client_message_id": format!("m-{}", words.len()) });
        let (status, message) = who.post("/api/messages/send/", &body).await;
        assert_eq!(status, 201, "{message}");
        message["id"].as_str().expect("an id").to_owned()
    }

    pub(super) async fn report(&self, who: &Person, message: Option<&str>, reason: &str) {
        let body = json!({ "room_id": self.room, "client_id": self.client.id, "message_id": message, "reason": reason });
        let (status, problem) = who.post("/api/conversations/report/", &body).await;
        assert_eq!(status, 204, "{problem}");
    }

    pub(super) async fn list(&self, state: &str) -> Vec<Value> {
        let (status, body) = self.admin.get(&format!("/api/admin/reports/?state={state}")).await;
        assert_eq!(status, 200, "{body}");
        body["reports"].as_array().expect("a list").clone()
    }
}

#[tokio::test]
async fn report_shows_the_message_and_only_what_is_around_it() {
    let quarrel = Quarrel::start().await;
    let mut ids = Vec::new();
    for number in 0..14 {
        // By turns: nobody may say that much at once.
        let who = if number % 2 == 0 { &quarrel.owner } else { &quarrel.client };
        ids.push(quarrel.say(who, &"money ".repeat(number + 1)).await);
    }
    quarrel.report(&quarrel.client, Some(&ids[6]), "He wants money first.").await;
    let listed = quarrel.list("").await;
    let report = &listed[0];
    assert_eq!(report["reason"], "He wants money first.");
    assert_eq!(report["reporter"]["id"], json!(quarrel.client.id));
    assert_eq!(report["reported"]["id"], json!(quarrel.owner.id));
    assert!(!report.to_string().contains("money money"), "the list has nobody's words but the reporter's");

    let id = report["id"].as_str().expect("an id");
    let (status, file) = quarrel.admin.get(&format!("/api/admin/reports/{id}/")).await;
    assert_eq!(status, 200, "{file}");
    let shown = file["messages"].as_array().expect("messages");
    let shown_ids: Vec<_> = shown.iter().map(|message| message["id"].as_str().expect("an id")).collect();
    assert_eq!(shown_ids, ids[1..12], "five before, and five after");
    let reported: Vec<_> = shown.iter().filter(|message| message["reported"] == true).collect();
    assert_eq!((reported.len(), &reported[0]["id"]), (1, &json!(ids[6])));
    let act = &file["acts"][0];
    assert_eq!((&act["act"], &act["outcome"]), (&json!("open_report"), &json!("11 messages")));
    assert_eq!(
        quarrel.admin.get(&format!("/api/admin/reports/{id}/image/")).await.0,
        404,
        "there is no picture"
    );
}

#[tokio::test]
async fn report_is_decided_once_with_a_reason_and_opened_again_by_its_reporter() {
    let quarrel = Quarrel::start().await;
    let message = quarrel.say(&quarrel.client, "Something bad").await;
    quarrel.report(&quarrel.owner, Some(&message), "Rude.").await;
    let id = quarrel.list("waiting").await[0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/admin/reports/{id}/decide/");
    let dismissed = json!({ "verdict": "dismissed", "reason": "A misunderstanding." });
    for wrong in
        [json!({}), json!({ "verdict": "maybe", "reason": "Why not." }), json!({ "verdict": "upheld" })]
    {
        assert_eq!(quarrel.admin.post(&path, &wrong).await.0, 422, "{wrong}");
    }
    let (status, report) = quarrel.admin.post(&path, &dismissed).await;
    assert_eq!((status.as_u16(), &report["verdict"]), (200, &json!("dismissed")), "{report}");
    assert_eq!(quarrel.admin.post(&path, &dismissed).await.0, 409, "twice");
    assert_eq!((quarrel.list("waiting").await.len(), quarrel.list("decided").await.len()), (0, 1));
    assert_eq!(quarrel.client.get("/api/me/").await.0, 200, "a verdict does nothing to anybody by itself");

    quarrel.report(&quarrel.owner, Some(&message), "Rude, and again.").await;
    let waiting = quarrel.list("waiting").await;
    assert_eq!((waiting.len(), &waiting[0]["id"], &waiting[0]["verdict"]), (1, &json!(id), &Value::Null));
    let (_, acts) = quarrel.admin.get(&format!("/api/admin/acts/?q={id}")).await;
    assert_eq!(acts["acts"][0]["reason"], "A misunderstanding.", "what was decided before stays in the log");
    assert_eq!(quarrel.admin.get("/api/admin/reports/?state=some").await.0, 422);
}

#[tokio::test]
async fn what_was_taken_back_is_not_shown_and_a_whole_conversation_only_at_its_end() {
    let quarrel = Quarrel::start().await;
    let message = quarrel.say(&quarrel.client, "Something that was taken back").await;
    let path = format!("/api/messages/{message}/");
    assert_eq!(quarrel.client.request("DELETE", &path).send().await.expect("an answer").status(), 204);
    quarrel.report(&quarrel.owner, Some(&message), "").await;
    quarrel.report(&quarrel.client, None, "All of it.").await;
    let (about_all, about_one) = match quarrel.list("all").await.as_slice() {
        [all, one] => (all["id"].clone(), one["id"].clone()),
        other => panic!("{other:?}"),
    };
    let path = |id: &Value| format!("/api/admin/reports/{}/", id.as_str().expect("an id"));
    let (_, one) = quarrel.admin.get(&path(&about_one)).await;
    assert_eq!((&one["messages"][0]["deleted"], &one["messages"][0]["content"]), (&json!(true), &json!("")));
    let (_, all) = quarrel.admin.get(&path(&about_all)).await;
    assert_eq!((&all["message_id"], all["messages"].as_array().map(Vec::len)), (&Value::Null, Some(1)));
    let (_, person) = quarrel.admin.get(&format!("/api/admin/users/{}/", quarrel.owner.id)).await;
    assert_eq!(person["reports"].as_array().map(Vec::len), Some(1), "only what others reported: {person}");
    assert!(quarrel.server.visitor().get("/api/rooms/").await.0.is_success());
}
