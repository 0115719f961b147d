//! The figures of a day, by Nepal's clock.

use serde_json::{Value, json};

use crate::support::{Scene, list_room, listing};

#[tokio::test]
async fn figures_count_what_happened_today_and_what_waits() {
    let scene = Scene::start().await;
    let (_, _) = scene.client.follow(&scene.server.payer().pay(&scene.intent).await).await;
    let owner = scene.server.owner().await;
    let second = list_room(&owner, &listing()).await;
    let refunded = scene.client.start_payment(&second).await;
    scene.client.follow(&scene.server.payer().pay(&refunded).await).await;
    scene.server.payer().end(&refunded, "full_refund").await;
    let id = refunded["transaction_id"].as_str().expect("an id");
    let admin = scene.server.admin().await;
    assert_eq!(admin.post(&format!("/api/admin/payments/{id}/recheck/"), &Value::Null).await.0, 200);
    let third = list_room(&owner, &listing()).await;
    scene.client.start_payment(&third).await;
    for number in 0..3 {
        let sent = json!({ "room_id": scene.room, "content": "Namaste", "client_message_id": format!("m-{number}") });
        assert_eq!(scene.client.post("/api/messages/send/", &sent).await.0, 201);
    }
    let report = json!({ "room_id": scene.room, "reason": "No answer." });
    assert_eq!(scene.client.post("/api/conversations/report/", &report).await.0, 204);

    let (status, figures) = admin.get("/api/admin/figures/").await;
    assert_eq!(status, 200, "{figures}");
    let mut day = figures["day"].clone();
    let today = day.as_object_mut().expect("an object").remove("date").expect("a date");
    let expected = json!({
        "payments_started": 3, "payments_failed": 0, "payments_pending": 1,
        "payments_paid": 2, "taken": "60.00", "payments_refunded": 1, "refunded": "30.00",
        "payments_partly_refunded": 0, "currency": "NPR", "unlocks": 2,
        "new_clients": 1, "new_owners": 2, "new_rooms": 3, "messages": 3,
    });
    assert_eq!(day, expected);
    assert_eq!(figures["day_before"]["payments_started"], 0);
    assert_eq!(figures["waiting"], json!({ "reviews": 0, "reports": 1, "in_flight": 0 }));
    let (_, again) = admin.get(&format!("/api/admin/figures/?day={}", today.as_str().expect("text"))).await;
    assert_eq!(again["day"]["taken"], "60.00");
    for wrong in ["yesterday", "2026-02-30", "2999-01-01", "1999-12-31", "-009999-01-01"] {
        assert_eq!(admin.get(&format!("/api/admin/figures/?day={wrong}")).await.0, 422, "{wrong}");
    }
}

#[tokio::test]
async fn money_counts_on_the_day_it_was_found_paid_in_nepal() {
    use jiff::Timestamp;
    use reference_server::db::books::{self, Books, Days};

    let scene = Scene::start().await;
    scene.client.follow(&scene.server.payer().pay(&scene.intent).await).await;
    let state = scene.server.running.state();
    // 18:14:59 UTC is the end of a day in Nepal, 18:15 the beginning of the next.
    for (paid_at, day) in
        [("2026-11-22T18:14:59.999999Z", "2026-11-22"), ("2026-11-22T18:15:00Z", "2026-11-23")]
    {
        let at: Timestamp = paid_at.parse().expect("a time");
        let sql = "UPDATE paygate_payments SET paid_at = $1";
        state.db.write(sql).bind(at.as_microsecond()).execute().await.expect("written");
        let midnight = "2026-11-21T18:15:00Z".parse().expect("a time");
        let days = Days { from: midnight, until: Timestamp::MAX, offset_s: 20_700 };
        let found = books::of_all(&state.db, days).await.expect("books");
        let number = day.parse::<jiff::civil::Date>().expect("a day");
        let number = i64::from((number - jiff::civil::date(1970, 1, 1)).get_days());
        let books = Books { paid: 1, paid_paisa: 3_000, ..Books::default() };
        assert_eq!(found, [(number, books)], "{paid_at}");
    }
}
