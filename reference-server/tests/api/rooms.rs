//! Listing and finding rooms; contact details are in none of it.

use serde_json::{Value, json};

use crate::support::{TestServer, list_room, listing};

#[tokio::test]
async fn listed_room_is_shown_without_contact_details() {
    let server = TestServer::start().await;
    let (owner, id) = server.room().await;
    let visitor = server.visitor();
    let (status, room) = visitor.get(&format!("/api/rooms/{id}/")).await;
    assert_eq!(status, 200);
    let expected = json!({
        "id": id, "title": "Bright corner room", "description": "Fourth floor with a balcony.",
        "city": "Kathmandu", "area": "Baneshwor", "rent": "11000.00", "photos": [],
        "owner": { "id": owner.id, "name": "Sarita Maharjan" },
        "unlock_price": "30.00", "currency": "NPR", "unlocked": false, "created_at": room["created_at"],
    });
    assert_eq!(room, expected);
    for path in
        ["/api/rooms/".to_owned(), format!("/api/rooms/{id}/"), "/".to_owned(), format!("/rooms/{id}/")]
    {
        let text = visitor.request("GET", &path).send().await.expect("answer").text().await.expect("text");
        for secret in ["9811111111", "Shankhamul", &owner.phone] {
            assert!(!text.contains(secret), "{secret} is in {path}");
        }
    }
}

#[tokio::test]
async fn only_an_owner_lists_rooms() {
    let server = TestServer::start().await;
    let (status, problem) = server.client().await.post("/api/rooms/", &listing()).await;
    assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("forbidden")));
    let (status, problem) = server.visitor().post("/api/rooms/", &listing()).await;
    assert_eq!((status.as_u16(), &problem["code"]), (401, &json!("not_signed_in")));
}

#[tokio::test]
async fn rent_is_exact_to_the_paisa() {
    let server = TestServer::start().await;
    let owner = server.owner().await;
    for (sent, shown) in [(json!("1,234.5"), "1234.50"), (json!(1234), "1234.00"), (json!(0.07), "0.07")] {
        let mut listing = listing();
        listing["rent"] = sent;
        let (status, room) = owner.post("/api/rooms/", &listing).await;
        assert_eq!(status, 201, "{room}");
        assert_eq!(room["rent"], shown);
    }
    for wrong in
        [json!("-1"), json!("1e3"), json!("0"), json!("12.345"), json!(""), json!([]), json!("1000000.01")]
    {
        let mut listing = listing();
        listing["rent"] = wrong.clone();
        let (status, problem) = owner.post("/api/rooms/", &listing).await;
        assert_eq!((status.as_u16(), &problem["errors"][0]["field"]), (422, &json!("rent")), "{wrong}");
    }
}

#[tokio::test]
async fn search_finds_by_words_city_and_rent() {
    let server = TestServer::start().await;
    let owner = server.owner().await;
    for (title, city, rent) in [
        ("Quiet room", "Pokhara", "7000"),
        ("Big flat", "Pokhara", "24000"),
        ("100% quiet", "Lalitpur", "9000"),
    ] {
        let mut listing = listing();
        listing["title"] = json!(title);
        listing["city"] = json!(city);
        listing["rent"] = json!(rent);
        list_room(&owner, &listing).await;
    }
    let found = async |query: &str| -> Vec<Value> {
        let (status, body) = server.visitor().get(&format!("/api/rooms/?{query}")).await;
        assert_eq!(status, 200, "{body}");
        body["rooms"].as_array().expect("list").iter().map(|room| room["title"].clone()).collect()
    };
    assert_eq!(found("").await, ["100% quiet", "Big flat", "Quiet room"]);
    assert_eq!(found("q=QUIET").await, ["100% quiet", "Quiet room"]);
    assert_eq!(found("q=100%25").await, ["100% quiet"], "a percent sign means itself");
    assert_eq!(found("city=pokhara").await, ["Big flat", "Quiet room"]);
    assert_eq!(found("city=pokhara&max_rent=7000.00").await, ["Quiet room"]);
    assert_eq!(found("min_rent=9000.01").await, ["Big flat"]);
    assert!(found("q=nothing+like+it").await.is_empty());
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let server = TestServer::start().await;
    let owner = server.owner().await;
    let mut listed = Vec::new();
    for _ in 0..5 {
        listed.push(json!(list_room(&owner, &listing()).await));
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, body) = server.visitor().get(&format!("/api/rooms/?limit=2&cursor={cursor}")).await;
        seen.extend(body["rooms"].as_array().expect("list").iter().map(|room| room["id"].clone()));
        match body["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    listed.reverse();
    assert_eq!(seen, listed);
}

#[tokio::test]
async fn nonsense_in_a_query_is_refused() {
    let server = TestServer::start().await;
    let long = format!("q={}", "x".repeat(101));
    for query in ["limit=0", "limit=51", "limit=x", "cursor=x", "min_rent=x", "q=a&q=b", "q=%FF", &long] {
        let (status, problem) = server.visitor().get(&format!("/api/rooms/?{query}")).await;
        assert_eq!((status.as_u16(), &problem["code"]), (400, &json!("invalid_query")), "{query}");
    }
}

#[tokio::test]
async fn owner_changes_and_takes_down_only_their_own() {
    let server = TestServer::start().await;
    let (owner, id) = server.room().await;
    let path = format!("/api/rooms/{id}/");
    let stranger = server.owner().await;
    assert_eq!(stranger.send("PATCH", &path, &json!({ "title": "Mine now" })).await.0, 403);
    assert_eq!(stranger.request("DELETE", &path).send().await.expect("answer").status(), 403);
    let (status, room) = owner.send("PATCH", &path, &json!({ "rent": "12000.50" })).await;
    assert_eq!(
        (status.as_u16(), &room["rent"], &room["title"]),
        (200, &json!("12000.50"), &json!("Bright corner room"))
    );
    let (status, problem) = owner.send("PATCH", &path, &json!({ "contact_phone": "1" })).await;
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("invalid_field")));
    assert_eq!(owner.request("DELETE", &path).send().await.expect("answer").status(), 204);
    assert_eq!(owner.get(&path).await.0, 404);
    assert_eq!(server.visitor().get("/api/rooms/").await.1["rooms"], json!([]));
}
