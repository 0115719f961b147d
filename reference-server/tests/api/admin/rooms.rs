//! Finding rooms, suspending them, and lifting that.

use serde_json::{Value, json};

use crate::support::statements::statements;
use crate::support::{Person, Scene, TestServer, list_room, listing};

async fn found(admin: &Person, query: &str) -> Vec<String> {
    let (status, body) = admin.get(&format!("/api/admin/rooms/?{query}")).await;
    assert_eq!(status, 200, "{body}");
    let rooms = body["rooms"].as_array().expect("a list");
    rooms.iter().map(|room| room["id"].as_str().expect("an id").to_owned()).collect()
}

async fn act(admin: &Person, room: &str, act: &str) -> Value {
    let path = format!("/api/admin/rooms/{room}/{act}/");
    let (status, file) = admin.post(&path, &json!({ "reason": "It is somebody else's." })).await;
    assert_eq!(status, 200, "{file}");
    file
}

#[tokio::test]
async fn rooms_are_found_by_words_owner_id_and_standing() {
    let server = TestServer::start().await;
    let (owner, first) = server.room().await;
    let second = list_room(&owner, &listing()).await;
    let mut flat = listing();
    flat["title"] = "Flat in Patan".into();
    let (other, admin) = (server.owner().await, server.admin().await);
    let third = list_room(&other, &flat).await;
    act(&admin, &second, "suspend").await;
    other.request("DELETE", &format!("/api/rooms/{third}/")).send().await.expect("an answer");
    for (query, expected) in [
        (String::new(), vec![&third, &second, &first]),
        ("q=flat+PATAN".to_owned(), vec![&third]),
        (format!("q={}", owner.phone), vec![&second, &first]),
        (format!("q={}", owner.id), vec![&second, &first]),
        (format!("q={first}"), vec![&first]),
        ("q=9899999999".to_owned(), vec![]),
        ("standing=listed".to_owned(), vec![&first]),
        ("standing=suspended".to_owned(), vec![&second]),
        ("standing=removed".to_owned(), vec![&third]),
        (format!("cursor={second}"), vec![&first]),
    ] {
        assert_eq!(found(&admin, &query).await.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    assert_eq!(admin.get("/api/admin/rooms/?standing=sold").await.0, 422);
    assert_eq!(admin.get("/api/admin/rooms/?cursor=x").await.0, 400);
    let (_, all) = admin.get("/api/admin/rooms/").await;
    let (_, one) = admin.get(&format!("/api/admin/rooms/{first}/")).await;
    for secret in ["9811111111", "Shankhamul marg 45"] {
        assert!(!all.to_string().contains(secret) && !one.to_string().contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn suspended_room_is_open_for_who_has_paid_only() {
    let scene = Scene::start().await;
    scene.client.follow(&scene.server.payer().pay(&scene.intent).await).await;
    let (other, admin) = (scene.server.client().await, scene.server.admin().await);
    let room = &scene.room;
    let file = act(&admin, room, "suspend").await;
    assert_eq!((&file["listed"], &file["unlocks"]), (&json!(false), &json!(1)), "{file}");
    assert_eq!(scene.server.visitor().get("/api/rooms/").await.1["rooms"], json!([]));
    assert_eq!(other.get(&format!("/api/rooms/{room}/")).await.0, 404);
    assert_eq!(other.contact_status(room).await, 404);
    assert_eq!(other.post("/create-payment-intent/", &json!({ "room_id": room })).await.0, 404);
    assert_eq!(scene.client.contact_status(room).await, 200);
    let (status, seen) = scene.client.get(&format!("/api/rooms/{room}/")).await;
    assert_eq!((status.as_u16(), &seen["unlocked"]), (200, &json!(true)), "as on its page");

    let file = act(&admin, room, "lift").await;
    assert_eq!(file["listed"], true);
    assert_eq!(other.contact_status(room).await, 402);
    let acts = file["acts"].as_array().expect("acts");
    assert_eq!(acts.iter().map(|act| &act["act"]).collect::<Vec<_>>(), ["lift_room", "suspend_room"]);
}

#[tokio::test]
async fn owner_mends_a_suspended_room_and_it_stays_off_the_list() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    act(&server.admin().await, &room, "suspend").await;
    let path = format!("/api/rooms/{room}/");
    let (status, changed) = owner.send("PATCH", &path, &json!({ "title": "My own room" })).await;
    assert_eq!((status.as_u16(), &changed["title"]), (200, &json!("My own room")));
    assert_eq!(owner.contact_status(&room).await, 200, "it is the owner's own");
    assert_eq!(owner.get(&path).await.1["title"], "My own room");
    assert_eq!(server.visitor().get(&path).await.0, 404);
    let other = server.owner().await;
    assert_eq!(other.send("PATCH", &path, &json!({ "title": "Mine" })).await.0, 404, "it is not public");
    assert_eq!(owner.request("DELETE", &path).send().await.expect("an answer").status(), 204);
}

#[tokio::test]
async fn suspension_of_a_room_happens_once_and_not_to_one_that_is_gone() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let admin = server.admin().await;
    let path = |act: &str| format!("/api/admin/rooms/{room}/{act}/");
    let because = json!({ "reason": "Because." });
    assert_eq!(admin.post(&path("suspend"), &json!({ "reason": "" })).await.0, 422);
    assert_eq!(admin.post(&path("lift"), &because).await.0, 409);
    act(&admin, &room, "suspend").await;
    assert_eq!(admin.post(&path("suspend"), &because).await.0, 409);
    owner.request("DELETE", &format!("/api/rooms/{room}/")).send().await.expect("an answer");
    act(&admin, &room, "lift").await;
    assert_eq!(admin.post(&path("suspend"), &because).await.0, 409, "taken down");
    assert_eq!(
        server.visitor().get(&format!("/api/rooms/{room}/")).await.0,
        404,
        "lifting lists nothing anew"
    );
}

#[tokio::test]
async fn room_that_is_hidden_and_room_that_never_was_take_as_many_questions() {
    let server = TestServer::start().await;
    let (_, hidden) = server.room().await;
    act(&server.admin().await, &hidden, "suspend").await;
    let never = "01900000-0000-7000-8000-000000000000";
    for who in [server.client().await, server.owner().await, server.visitor()] {
        for path in [
            "/rooms/{id}/",
            "/api/rooms/{id}/",
            "/api/rooms/{id}/contact/",
            "/api/messages/?room_id={id}",
            "/rooms/{id}/chat/",
        ] {
            let ask = async |room: &str| {
                let path = path.replace("{id}", room);
                let (answer, asked) = statements(who.request("GET", &path).send()).await;
                (answer.expect("an answer").status().as_u16(), asked)
            };
            assert_eq!(ask(&hidden).await, ask(never).await, "{path}");
        }
    }
}
