//! The pages of administrators, without JavaScript.

use crate::browser::{Page, open, submit};
use crate::support::{Scene, TestServer};
use serde_json::json;

#[tokio::test]
async fn way_from_the_list_to_a_confirmed_refund() {
    let scene = Scene::start().await;
    let back = scene.server.payer().pay(&scene.intent).await;
    scene.client.follow(&back).await;
    let admin = scene.server.admin().await;
    let list = open(&admin, &format!("/admin/payments/?q={}", scene.client.phone)).await;
    let payment = format!("/admin/payments/{}/", scene.id());
    assert!(list.html.contains(&payment) && list.html.contains("Asmita Rai"), "{}", list.html);
    assert!(list.html.contains("/admin/payments/export/?q="), "the file has the same filter");

    let page = open(&admin, &payment).await;
    assert!(page.html.contains("The payer came back") && page.html.contains(&scene.client.phone));
    let refused = submit(&admin, &format!("{payment}refund/"), &[("amount", "31"), ("reason", "")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("refund-reason-error") && refused.html.contains("amount-error"));

    let fields = [("amount", "30.00"), ("reason", "The room was let.")];
    let ordered = submit(&admin, &format!("{payment}refund/"), &fields).await;
    assert_eq!((ordered.status.as_u16(), &*ordered.location), (303, &*format!("{payment}?done=refund")));
    assert!(open(&admin, &ordered.location).await.html.contains("eSewa does not show it yet"));

    scene.server.payer().end(&scene.intent, "full_refund").await;
    let asked = submit(&admin, &format!("{payment}recheck/"), &[]).await;
    let page = open(&admin, &asked.location).await;
    assert!(page.html.contains("Refunded") && page.html.contains("Closed"), "{}", page.html);
    assert!(!page.html.contains("Record the refund"), "there is nothing left to go back");
    let log = open(&admin, "/admin/acts/").await;
    assert!(log.html.contains("Rs. 30.00: The room was let.") && log.html.contains("Asked eSewa again"));
}

#[tokio::test]
async fn review_is_decided_on_its_page() {
    let scene = Scene::start().await;
    let back = scene.server.payer().pay(&scene.intent).await;
    scene.client.follow(&back).await;
    scene.server.payer().end(&scene.intent, "partial_refund").await;
    let admin = scene.server.admin().await;
    let payment = format!("/admin/payments/{}/", scene.id());
    submit(&admin, &format!("{payment}recheck/"), &[]).await;
    assert!(open(&admin, "/admin/payments/?review=1").await.html.contains(&payment));
    let wrong = submit(&admin, &format!("{payment}resolve/"), &[("verdict", ""), ("reason", "x")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.html.contains("resolve-reason-error"), "{}", wrong.html);
    let fields = [("verdict", "noted"), ("reference", ""), ("reason", "Seen in the portal.")];
    let done = submit(&admin, &format!("{payment}resolve/"), &fields).await;
    assert!(open(&admin, &done.location).await.html.contains("out of review"));
}

#[tokio::test]
async fn wrong_filter_is_mended_beside_its_field() {
    let scene = Scene::start().await;
    let admin = scene.server.admin().await;
    let Page { status, html, .. } = open(&admin, "/admin/payments/?from=yesterday&status=paid").await;
    assert_eq!(status, 422);
    assert!(html.contains("from-error") && html.contains("status-error"), "{html}");
}

#[tokio::test]
async fn address_alone_claims_no_refund() {
    let scene = Scene::start().await;
    let admin = scene.server.admin().await;
    let page = open(&admin, &format!("/admin/payments/{}/?done=refund", scene.id())).await;
    assert!(!page.html.contains("confirms the refund") && !page.html.contains("written down"));
}

#[tokio::test]
async fn browser_of_nobody_is_asked_to_log_in_and_comes_back() {
    let scene = Scene::start().await;
    let visitor = scene.server.visitor();
    let page = open(&visitor, "/admin/payments/?review=1").await;
    assert_eq!(
        (page.status.as_u16(), &*page.location),
        (303, "/login/?next=%2Fadmin%2Fpayments%3Freview%3D1")
    );
    assert_eq!(open(&visitor, "/admin/").await.location, "/login/?next=%2Fadmin");
    assert_eq!(submit(&visitor, "/admin/users/x/suspend/", &[]).await.status, 404, "only pages are");
    assert_eq!(open(&scene.client, "/admin/").await.status, 404, "who is signed in finds nothing");
}

#[tokio::test]
async fn person_is_found_suspended_and_let_in_again() {
    let scene = Scene::start().await;
    let admin = scene.server.admin().await;
    let list = open(&admin, &format!("/admin/users/?q={}", scene.client.phone)).await;
    let person = format!("/admin/users/{}/", scene.client.id);
    assert!(list.html.contains(&person) && list.html.contains("Asmita Rai"), "{}", list.html);
    let page = open(&admin, &person).await;
    assert!(page.html.contains("Suspend this person") && page.html.contains("Payments of this person"));
    let refused = submit(&admin, &format!("{person}suspend/"), &[("reason", "x")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("reason-error"), "{}", refused.html);
    let fields = [("reason", "Writes to everybody.")];
    let done = submit(&admin, &format!("{person}suspend/"), &fields).await;
    let page = open(&admin, &done.location).await;
    assert!(page.html.contains("Suspended, and written down") && page.html.contains("Writes to everybody."));
    assert_eq!(open(&scene.client, "/account/").await.location, "/login/?next=%2Faccount%2F");
    let tried = [("phone", &*scene.client.phone), ("password", "correct horse")];
    let login = submit(&scene.server.visitor(), "/login/", &tried).await;
    assert_eq!(login.status, 403);
    assert!(login.html.contains("This account is suspended."), "{}", login.html);
    assert!(open(&admin, "/admin/users/?standing=suspended").await.html.contains(&person));
    let lifted = submit(&admin, &format!("{person}lift/"), &[("reason", "Said sorry.")]).await;
    assert!(open(&admin, &lifted.location).await.html.contains("Lifted, and written down"));
    assert_eq!(submit(&scene.server.visitor(), "/login/", &tried).await.status, 303);
    let log = open(&admin, "/admin/acts/?act=suspend_user").await;
    assert!(log.html.contains(&person) && !log.html.contains("Said sorry."), "{}", log.html);
}

#[tokio::test]
async fn suspended_room_says_so_to_its_owner_only() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let admin = server.admin().await;
    let path = format!("/admin/rooms/{room}/");
    let page = open(&admin, &path).await;
    assert!(page.html.contains("Sarita Maharjan") && page.html.contains("Suspend this room"));
    assert!(
        !page.html.contains("9811111111") && !page.html.contains("Shankhamul marg"),
        "an admin has not paid"
    );
    submit(&admin, &format!("{path}suspend/"), &[("reason", "Not theirs.")]).await;
    for own in ["/my-rooms/".to_owned(), format!("/rooms/{room}/")] {
        assert!(open(&owner, &own).await.html.contains("Nobody finds this room"), "{own}");
    }
    assert_eq!(open(&server.client().await, &format!("/rooms/{room}/")).await.status, 404);
    assert!(open(&admin, "/admin/rooms/?standing=suspended").await.html.contains(&path));
}

#[tokio::test]
async fn report_is_read_and_decided_on_its_page() {
    let scene = Scene::start().await;
    scene.client.follow(&scene.server.payer().pay(&scene.intent).await).await;
    let body = json!({ "room_id": scene.room, "content": "Pay me <first>", "client_message_id": "m-1" });
    let (_, message) = scene.client.post("/api/messages/send/", &body).await;
    let report = json!({ "room_id": scene.room, "message_id": message["id"], "reason": "Not <nice>." });
    assert_eq!(scene.client.post("/api/conversations/report/", &report).await.0, 204);
    let admin = scene.server.admin().await;
    let list = open(&admin, "/admin/reports/").await.html;
    let (_, rest) = list.split_once("href=\"/admin/reports/0").expect("a report");
    let path = format!("/admin/reports/0{}", rest.split_once('"').expect("its end").0);
    let page = open(&admin, &path).await;
    assert!(page.html.contains("Pay me &#60;first&#62;") && page.html.contains("Not &#60;nice&#62;."));
    let wrong = submit(&admin, &format!("{path}decide/"), &[("verdict", ""), ("reason", "")]).await;
    assert_eq!(wrong.status, 422);
    let fields = [("verdict", "upheld"), ("reason", "Warned.")];
    let done = submit(&admin, &format!("{path}decide/"), &fields).await;
    let page = open(&admin, &done.location).await;
    assert!(page.html.contains("Your verdict is written down.") && !page.html.contains("decide/\""));
    assert!(open(&admin, "/admin/reports/").await.html.contains("Nothing waits."));
    assert!(open(&admin, "/admin/").await.html.contains("Figures of the day"));
}
