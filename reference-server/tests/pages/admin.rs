//! The pages of administrators, without JavaScript.

use crate::browser::{Page, open, submit};
use crate::support::Scene;

#[tokio::test]
async fn way_from_the_list_to_a_confirmed_refund() {
    let scene = Scene::start().await;
    let back = scene.server.payer().pay(&scene.intent).await;
    scene.client.follow(&back).await;
    let admin = scene.server.admin().await;
    assert_eq!(open(&admin, "/admin/").await.location, "/admin/payments/");
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
    assert!(log.html.contains("30.00 NPR: The room was let.") && log.html.contains("Asked eSewa again"));
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
