//! What administrators find among payments, and do about them.

use serde_json::{Value, json};

use crate::support::{Person, Scene, TestServer, close_code, list_room, listing, next_frame};

#[tokio::test]
async fn payments_are_found_by_status_review_person_room_and_day() {
    let server = TestServer::start().await;
    let (_, first_room) = server.room().await;
    let (_, second_room) = server.room().await;
    let (asmita, bikash) = (server.client().await, server.client().await);
    let admin = server.admin().await;
    let paid = asmita.start_payment(&first_room).await;
    asmita.follow(&server.payer().pay(&paid).await).await;
    let open = asmita.start_payment(&second_room).await;
    let others = bikash.start_payment(&first_room).await;
    let id = |intent: &Value| intent["transaction_id"].as_str().expect("an id").to_owned();
    let (paid, open, others) = (id(&paid), id(&open), id(&others));
    let (_, payment) = admin.get(&format!("/api/admin/payments/{paid}/")).await;
    let reference = payment["esewa_ref_id"].as_str().expect("a reference");
    for (query, expected) in [
        (String::new(), vec![&others, &open, &paid]),
        ("status=success".to_owned(), vec![&paid]),
        ("status=pending".to_owned(), vec![&others, &open]),
        ("status=refunded".to_owned(), vec![]),
        ("review=1".to_owned(), vec![]),
        (format!("q={}", asmita.phone), vec![&open, &paid]),
        (format!("q=%2B977%20{}&status=pending", asmita.phone), vec![&open]),
        ("q=9899999999".to_owned(), vec![]),
        (format!("q={first_room}"), vec![&others, &paid]),
        (format!("q={others}"), vec![&others]),
        (format!("q={reference}"), vec![&paid]),
        ("q=%25".to_owned(), vec![]),
        ("from=2000-01-01&to=2100-01-01".to_owned(), vec![&others, &open, &paid]),
        ("to=2000-01-01".to_owned(), vec![]),
    ] {
        let found = ids(&admin, &query).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    for wrong in
        ["status=paid", "review=yes", "from=yesterday", "to=2026-02-30", "from=2026-02-02&to=2026-02-01"]
    {
        let (status, problem) = admin.get(&format!("/api/admin/payments/?{wrong}")).await;
        assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("invalid_field")), "{wrong}");
    }
    let (status, _) = admin.get("/api/admin/payments/?cursor=x").await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn list_goes_on_where_it_ended_without_a_gap() {
    let server = TestServer::start().await;
    let (owner, client) = (server.owner().await, server.client().await);
    let mut started = Vec::new();
    for _ in 0..27 {
        let room = list_room(&owner, &listing()).await;
        started.insert(
            0,
            client.start_payment(&room).await["transaction_id"].as_str().expect("an id").to_owned(),
        );
    }
    let admin = server.admin().await;
    let (_, first) = admin.get("/api/admin/payments/").await;
    let cursor = first["next_cursor"].as_str().expect("a second page");
    let mut seen = ids_of(&first);
    let (_, second) = admin.get(&format!("/api/admin/payments/?cursor={cursor}")).await;
    assert_eq!(second["next_cursor"], Value::Null);
    seen.extend(ids_of(&second));
    assert_eq!(seen, started);
}

#[tokio::test]
async fn recheck_finds_a_payment_whose_callback_never_came() {
    let scene = Scene::start().await;
    scene.server.payer().pay(&scene.intent).await;
    let admin = scene.server.admin().await;
    let path = format!("/api/admin/payments/{}/", scene.id());
    let (status, file) = admin.post(&format!("{path}recheck/"), &Value::Null).await;
    assert_eq!(
        (status.as_u16(), &file["status"], &file["access"]),
        (200, &json!("success"), &json!("granted"))
    );
    let last = file["trail"].as_array().expect("a trail").last().expect("an entry").clone();
    assert_eq!((&last["source"], &last["seen"]), (&json!("recheck"), &json!("paid")));
    let act = &file["acts"][0];
    assert_eq!(
        (&act["act"], &act["admin"], &act["outcome"]),
        (&json!("recheck"), &json!("Kotha Admin"), &json!("paid"))
    );
    assert_eq!(scene.client.contact_status(&scene.room).await, 200);
    assert_eq!(admin.post("/api/admin/payments/no-such/recheck/", &Value::Null).await.0, 404);
}

#[tokio::test]
async fn refund_that_esewa_confirms_closes_contact_and_chat() {
    let scene = Scene::start().await;
    let back = scene.server.payer().pay(&scene.intent).await;
    scene.client.follow(&back).await;
    let mut chat = scene.client.socket(&format!("/ws/chat/{}/", scene.room)).await.expect("a chat");
    assert_eq!(next_frame(&mut chat).await["type"], "ready");
    let admin = scene.server.admin().await;
    let path = format!("/api/admin/payments/{}/refund/", scene.id());
    let order = json!({ "reason": "The room was let already." });

    // Ordered, but not made at eSewa yet: nothing closes on an administrator's word alone.
    let (status, file) = admin.post(&path, &order).await;
    assert_eq!(
        (status.as_u16(), &file["status"], &file["access"]),
        (200, &json!("success"), &json!("granted"))
    );
    assert_eq!(scene.client.contact_status(&scene.room).await, 200);

    scene.server.payer().end(&scene.intent, "full_refund").await;
    let (status, file) = admin.post(&path, &order).await;
    assert_eq!(
        (status.as_u16(), &file["status"], &file["access"]),
        (200, &json!("refunded"), &json!("locked"))
    );
    assert_eq!(scene.client.contact_status(&scene.room).await, 402);
    loop {
        let frame = next_frame(&mut chat).await;
        if frame["type"] == "revoked" {
            break;
        }
    }
    assert_eq!(close_code(&mut chat).await, 4402);
    let orders: Vec<_> = file["trail"]
        .as_array()
        .expect("a trail")
        .iter()
        .filter(|seen| seen["source"] == "operator" && seen["actor"] == format!("admin:{}", admin.id))
        .collect();
    assert!(!orders.is_empty(), "{file}");
    assert_eq!(file["acts"][0]["reason"], "30.00 NPR: The room was let already.");
    assert_eq!(file["acts"][0]["outcome"], "refunded");
    assert_eq!(file["acts"][1]["outcome"], "paid");
}

#[tokio::test]
async fn refund_is_for_what_was_paid_and_says_why() {
    let scene = Scene::start().await;
    let admin = scene.server.admin().await;
    let path = format!("/api/admin/payments/{}/refund/", scene.id());
    let (status, problem) = admin.post(&path, &json!({ "reason": "No money came." })).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("conflict")));
    let back = scene.server.payer().pay(&scene.intent).await;
    scene.client.follow(&back).await;
    for wrong in [
        json!({}),
        json!({ "reason": "" }),
        json!({ "reason": "Too much.", "amount": "30.01" }),
        json!({ "reason": "Nothing.", "amount": "0" }),
        json!({ "reason": "No amount.", "amount": "-5" }),
    ] {
        let (status, problem) = admin.post(&path, &wrong).await;
        assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("invalid_field")), "{wrong}");
    }
    let (_, acts) = admin.get("/api/admin/acts/").await;
    assert_eq!(acts["acts"], json!([]), "what was not begun is in no log");
}

#[tokio::test]
async fn review_is_decided_once_with_a_reason_and_by_name() {
    let scene = Scene::start().await;
    let admin = scene.server.admin().await;
    let path = format!("/api/admin/payments/{}/", scene.id());
    let noted = json!({ "verdict": "noted", "reason": "Seen in the portal." });
    let (status, problem) = admin.post(&format!("{path}resolve/"), &noted).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("conflict")), "nothing to decide");

    let back = scene.server.payer().pay(&scene.intent).await;
    scene.client.follow(&back).await;
    scene.server.payer().end(&scene.intent, "partial_refund").await;
    let (_, file) = admin.post(&format!("{path}recheck/"), &Value::Null).await;
    assert_eq!(file["review"], "partial_refund", "{file}");
    assert_eq!(ids(&admin, "review=1").await, [scene.id()]);
    assert_eq!(file["status"], "success", "a part went back, and the room stays open");
    assert_eq!(scene.client.contact_status(&scene.room).await, 200);
    assert_eq!(ids(&admin, "status=success").await, [scene.id()]);
    assert_eq!(ids(&admin, "status=refunded").await, Vec::<String>::new());

    for wrong in [
        json!({ "verdict": "maybe", "reason": "Because." }),
        json!({ "verdict": "noted" }),
        json!({ "verdict": "paid", "reason": "Without a reference." }),
    ] {
        assert_eq!(admin.post(&format!("{path}resolve/"), &wrong).await.0, 422, "{wrong}");
    }
    let (status, file) = admin.post(&format!("{path}resolve/"), &noted).await;
    assert_eq!((status.as_u16(), &file["review"]), (200, &Value::Null), "{file}");
    let last = file["trail"].as_array().expect("a trail").last().expect("an entry").clone();
    assert_eq!(
        (&last["seen"], &last["actor"]),
        (&json!("verdict: noted"), &json!(format!("admin:{}", admin.id)))
    );
    assert_eq!(file["acts"][0]["reason"], "noted: Seen in the portal.");
    assert_eq!(ids(&admin, "review=1").await, Vec::<String>::new());
    assert_eq!(admin.post(&format!("{path}resolve/"), &noted).await.0, 409, "twice");
}

/// eSewa's first word about a payment is that a part of it went back: what was paid is not proven, so the room stays
/// closed, nobody is asked to pay again, and an administrator looks.
#[tokio::test]
async fn part_that_went_back_before_any_proof_waits_for_an_administrator() {
    let scene = Scene::start().await;
    scene.server.payer().pay(&scene.intent).await;
    scene.server.payer().end(&scene.intent, "partial_refund").await;
    let id = json!({ "transaction_id": scene.id() });
    assert_eq!(scene.client.post("/esewa-webhook/", &id).await.1["status"], "pending");
    assert_eq!(scene.client.contact_status(&scene.room).await, 409);
    let admin = scene.server.admin().await;
    assert_eq!(ids(&admin, "review=1&status=pending").await, [scene.id()]);

    let path = format!("/api/admin/payments/{}/resolve/", scene.id());
    // What he types is brought to eSewa's spelling, or one payment could be claimed under two.
    let paid = |reference: &str| json!({ "verdict": "paid", "reference": reference, "reason": "Seen." });
    let (status, problem) = admin.post(&path, &paid("000_AWEO")).await;
    assert_eq!(
        (status.as_u16(), problem["errors"][0]["field"].as_str()),
        (422, Some("reference")),
        "{problem}"
    );
    // Of two references the smaller one is shown, and this one is smaller than any of eSewa's.
    let (status, file) = admin.post(&path, &paid("-aweo")).await;
    assert_eq!((status.as_u16(), &file["esewa_ref_id"]), (200, &json!("-AWEO")), "{file}");
    assert_eq!((&file["review"], &file["status"]), (&Value::Null, &json!("success")), "{file}");
}

/// What an administrator says of it ends the review.
#[tokio::test]
async fn part_that_went_back_is_settled_by_a_note() {
    let scene = Scene::start().await;
    scene.server.payer().pay(&scene.intent).await;
    scene.server.payer().end(&scene.intent, "partial_refund").await;
    let id = json!({ "transaction_id": scene.id() });
    assert_eq!(scene.client.post("/esewa-webhook/", &id).await.1["status"], "pending");
    let admin = scene.server.admin().await;
    let path = format!("/api/admin/payments/{}/resolve/", scene.id());
    let verdict = json!({ "verdict": "noted", "reason": "All of it goes back." });
    let (status, file) = admin.post(&path, &verdict).await;
    assert_eq!((status.as_u16(), &file["review"]), (200, &Value::Null), "{file}");
}

#[tokio::test]
async fn export_has_every_payment_of_the_filter_and_nobody_by_name() {
    let scene = Scene::start().await;
    let back = scene.server.payer().pay(&scene.intent).await;
    scene.client.follow(&back).await;
    let admin = scene.server.admin().await;
    let answer =
        admin.request("GET", "/api/admin/payments/export/?status=success").send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let text = answer.text().await.expect("text");
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("transaction_id,created_at,status,amount,currency,esewa_ref_id,"));
    assert!(lines[1].starts_with(&format!("{},", scene.id())) && lines[1].contains(",success,30.00,NPR,"));
    assert!(!text.contains(&scene.client.phone) && !text.contains("Asmita"), "{text}");
    let (_, acts) = admin.get("/api/admin/acts/").await;
    assert_eq!((&acts["acts"][0]["act"], &acts["acts"][0]["outcome"]), (&json!("export"), &json!("1 rows")));
}

#[tokio::test]
async fn log_of_exports_has_the_person_and_no_phone_number() {
    let scene = Scene::start().await;
    let admin = scene.server.admin().await;
    let phone = &scene.client.phone;
    let spaced = format!("%2B977+{}+{}", &phone[..5], &phone[5..]);
    let person = format!("q=user%3A{}", scene.client.id);
    for (typed, logged) in [
        (phone.as_str(), person.as_str()),
        (&spaced, &person),
        ("9899999999", "q=number"),
        ("98999999991", "q=number"),
        (scene.id(), scene.id()),
    ] {
        let path = format!("/api/admin/payments/export/?q={typed}");
        assert_eq!(admin.request("GET", &path).send().await.expect("an answer").status(), 200);
        let (_, acts) = admin.get("/api/admin/acts/").await;
        let subject = acts["acts"][0]["subject"].as_str().expect("a filter");
        assert!(subject.contains(logged), "{subject}");
        assert!(!subject.contains(&phone[5..]) && !subject.contains("98999"), "{subject}");
    }
    // What the log has leads to the same payments.
    assert_eq!(ids(&admin, &person).await, [scene.id()]);
}

async fn ids(admin: &Person, query: &str) -> Vec<String> {
    let (status, body) = admin.get(&format!("/api/admin/payments/?{query}")).await;
    assert_eq!(status, 200, "{body}");
    ids_of(&body)
}

fn ids_of(body: &Value) -> Vec<String> {
    let payments = body["payments"].as_array().expect("a list");
    payments.iter().map(|payment| payment["transaction_id"].as_str().expect("an id").to_owned()).collect()
}
