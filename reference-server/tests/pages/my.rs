//! What a person has here: rooms, payments with receipts, chats, earnings.

use serde_json::json;

use crate::browser::{open, submit};
use crate::support::{Person, Scene, TestServer, list_room, listing};

async fn pay(server: &TestServer, client: &Person, room: &str) -> String {
    let intent = client.start_payment(room).await;
    client.follow(&server.payer().pay(&intent).await).await;
    intent["transaction_id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn client_finds_what_was_unlocked_paid_and_said() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let client = server.client().await;
    let empty = open(&client, "/my/").await.html;
    assert!(empty.contains("Nothing unlocked yet") && empty.contains("You have not paid for anything yet."));
    assert!(open(&client, "/").await.html.contains("href=\"/my/\""), "reached from the header");
    let id = pay(&server, &client, &room).await;
    let sent =
        json!({ "room_id": room, "client_id": client.id, "content": "Welcome", "client_message_id": "m-1" });
    assert_eq!(owner.post("/api/messages/send/", &sent).await.0, 201);
    let page = open(&client, "/my/").await.html;
    for part in [
        "Bright corner room",
        &format!("/rooms/{room}/chat/"),
        &format!("/payments/{id}/receipt/"),
        "Rs. 30.00",
        ">Paid</span>",
        "Welcome",
        "1<span class=\"sr-only\"> unread</span>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for secret in ["9811111111", "Shankhamul marg 45", "Not listed any more"] {
        assert!(!page.contains(secret), "{secret}");
    }
    owner.request("DELETE", &format!("/api/rooms/{room}/")).send().await.expect("an answer");
    assert!(open(&client, "/my/").await.html.contains("Not listed any more; it stays open for you."));
    let visitor = open(&server.visitor(), "/my/").await;
    assert_eq!(visitor.location, "/login/?next=%2Fmy%2F");
    assert_eq!(open(&server.admin().await, "/my/").await.location, "/admin/");
}

#[tokio::test]
async fn unlocked_rooms_and_payments_go_on_where_a_page_ended() {
    let server = TestServer::start_changed(|config| {
        config.rate_limits = reference_server::config::RateLimits::Off;
    })
    .await;
    let (owner, client) = (server.owner().await, server.client().await);
    let mut unlocked = Vec::new();
    for number in 0..14 {
        let mut room = listing();
        room["title"] = format!("Room number {number:02}.").into();
        pay(&server, &client, &list_room(&owner, &room).await).await;
        unlocked.push(format!("Room number {number:02}."));
    }
    let first = open(&client, "/my/").await.html;
    let (_, rest) = first.split_once("href=\"/my/?cursor=").expect("a link to older ones");
    let second =
        open(&client, &format!("/my/?cursor={}", rest.split_once('"').expect("its end").0)).await.html;
    let heading = |title: &str| format!("/\">{title}</a></h3>");
    for (place, title) in unlocked.iter().rev().enumerate() {
        let on_first = place < 12;
        let found = (first.contains(&heading(title)), second.contains(&heading(title)));
        assert_eq!(found, (on_first, !on_first), "{title}");
    }
    assert!(first.contains("href=\"/my/payments/\""), "more than five payments");
    for _ in 0..7 {
        client.start_payment(&list_room(&owner, &listing()).await).await;
    }
    let first = open(&client, "/my/payments/").await.html;
    assert_eq!(first.matches("/receipt/").count(), 20);
    let (_, rest) = first.split_once("/my/payments/?cursor=").expect("a link to older ones");
    let cursor = rest.split_once('"').expect("its end").0;
    let second = open(&client, &format!("/my/payments/?cursor={cursor}")).await.html;
    assert_eq!(second.matches("/receipt/").count(), 1);
    assert!(second.contains("Room number 00."), "the oldest one");
    for wrong in ["/my/?cursor=x", "/my/?cursor=1_%00", "/my/payments/?cursor=x"] {
        assert_eq!(open(&client, wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(open(&owner, "/my/payments/").await.status, 403);
}

#[tokio::test]
async fn receipt_says_how_it_stands_and_is_its_payers_own() {
    let scene = Scene::start().await;
    let path = format!("/payments/{}/receipt/", scene.id());
    let page = open(&scene.client, &path).await;
    assert!(
        page.html.contains("Nothing is paid yet, so this is no receipt.")
            && !page.html.contains("data-print")
    );
    scene.client.follow(&scene.server.payer().pay(&scene.intent).await).await;
    let page = open(&scene.client, &path).await;
    let (_, payment) = scene.client.get(&format!("/api/payments/{}/", scene.id())).await;
    let reference = payment["esewa_ref_id"].as_str().expect("a reference");
    for part in [
        ">Receipt</h1>",
        "Rs. 30.00",
        "Bright corner room",
        "Asmita Rai",
        "EPAYTEST",
        reference,
        scene.id(),
        " BS)",
    ] {
        assert!(page.html.contains(part), "{part}: {}", page.html);
    }
    for secret in ["9811111111", "Shankhamul marg", "Sarita Maharjan", &scene.client.phone] {
        assert!(!page.html.contains(secret), "{secret}");
    }
    for other in [scene.server.client().await, scene.server.owner().await, scene.server.admin().await] {
        assert_eq!(open(&other, &path).await.status, 404);
    }
    let visitor = open(&scene.server.visitor(), &path).await;
    assert!(visitor.location.starts_with("/login/?next=%2Fpayments%2F"), "{}", visitor.location);

    scene.server.payer().end(&scene.intent, "full_refund").await;
    submit(&scene.client, &format!("/payments/{}/check/", scene.id()), &[]).await;
    let page = open(&scene.client, &path).await;
    assert!(
        page.html.contains("given back as a whole") && page.html.contains("Given back</dt>"),
        "{}",
        page.html
    );
}

#[tokio::test]
async fn undecided_payment_has_no_receipt() {
    let scene = Scene::start().await;
    scene.server.payer().post_form(&scene.intent).await;
    let back = scene.server.payer().end(&scene.intent, "ambiguous").await;
    scene.client.follow(&back).await;
    let page = open(&scene.client, &format!("/payments/{}/receipt/", scene.id())).await.html;
    assert!(page.contains("Please do not pay again.") && !page.contains("Receipt</h1>"), "{page}");
    assert!(open(&scene.client, "/my/").await.html.contains(">Being checked</span>"));
}

#[tokio::test]
async fn owner_sees_own_earnings_with_refunds_taken_off_and_nobody_elses() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let (other, others_room) = server.room().await;
    let empty = open(&owner, "/my/").await.html;
    assert!(
        empty.contains("Nobody has paid for one of your rooms in this time.") && empty.contains("/edit/")
    );
    let clients = [server.client().await, server.client().await, server.client().await];
    let mut paid = Vec::new();
    for client in &clients {
        paid.push(pay(&server, client, &room).await);
    }
    pay(&server, &clients[0], &others_room).await;
    let refund = json!({ "transaction_id": paid[2] });
    server.payer().end(&refund, "full_refund").await;
    submit(&clients[2], &format!("/payments/{}/check/", paid[2]), &[]).await;

    for path in ["/my/", "/my/earnings/", "/my/earnings/?by=day"] {
        let page = open(&owner, path).await.html;
        for part in ["Rs. 90.00", "Rs. 30.00", "Rs. 60.00", "role=\"img\"", "<th scope=\"row\">", ">60.00<"] {
            assert!(page.contains(part), "{path} {part}: {page}");
        }
        let page = open(&other, path).await.html;
        assert!(
            page.contains("Rs. 30.00") && !page.contains("Rs. 90.00") && !page.contains("Rs. 60.00"),
            "{path}"
        );
    }
    let third = server.owner().await;
    assert!(!open(&third, "/my/").await.html.contains("Rs. 30.00"), "who earned nothing sees nothing");
    assert_eq!(open(&clients[0], "/my/earnings/").await.status, 403);
    assert_eq!(open(&owner, "/my/earnings/?by=year").await.status, 422);
    let (status, earnings) = owner.get("/api/earnings/").await;
    assert_eq!(status, 200, "{earnings}");
    let total = json!({ "payments": 3, "paid": "90.00", "refunds": 1, "refunded": "30.00", "partly_refunded": 0, "net": "60.00" });
    assert_eq!(earnings["total"], total);
    let periods = earnings["periods"].as_array().expect("months");
    assert_eq!(
        (periods.len(), &periods[11]["net"], &periods[10]["net"]),
        (12, &json!("60.00"), &json!("0.00"))
    );
    let (_, days) = owner.get("/api/earnings/?by=day").await;
    assert_eq!((days["periods"].as_array().map(Vec::len), &days["total"]), (Some(30), &total));
    assert_eq!(clients[0].get("/api/earnings/").await.0, 403);
    assert_eq!(server.visitor().get("/api/earnings/").await.0, 401);
    assert_eq!(owner.get("/api/earnings/?by=year").await.0, 422);
}

#[tokio::test]
async fn api_lists_own_payments_page_by_page() {
    let server = TestServer::start_changed(|config| {
        config.rate_limits = reference_server::config::RateLimits::Off;
    })
    .await;
    let (owner, client) = (server.owner().await, server.client().await);
    let mut started = Vec::new();
    for _ in 0..102 {
        let intent = client.start_payment(&list_room(&owner, &listing()).await).await;
        started.insert(0, intent["transaction_id"].clone());
    }
    let (_, first) = client.get("/api/payments/").await;
    let cursor = first["next_cursor"].as_str().expect("a second page").to_owned();
    let (_, second) = client.get(&format!("/api/payments/?cursor={cursor}")).await;
    assert_eq!(second["next_cursor"], json!(null));
    let pages = [first, second];
    let seen = pages.iter().flat_map(|page| page["payments"].as_array().expect("payments"));
    assert_eq!(seen.map(|payment| payment["transaction_id"].clone()).collect::<Vec<_>>(), started);
    assert_eq!(client.get("/api/payments/?cursor=x").await.0, 400);
    let (_, others) = server.client().await.get(&format!("/api/payments/?cursor={cursor}")).await;
    assert_eq!(others["payments"], json!([]), "another's cursor leads to nothing of another's");
}
