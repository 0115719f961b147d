//! From the locked room to the open one, by forms alone.

use crate::browser::{hidden, open, submit};
use crate::support::TestServer;

#[tokio::test]
async fn unlock_leads_to_a_signed_form_and_a_code() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let started = submit(&client, &format!("/rooms/{room}/unlock/"), &[]).await;
    assert_eq!(started.status, 303);
    let page = open(&client, &started.location).await;
    assert_eq!((page.status.as_u16(), hidden(&page, "total_amount")), (200, "30".to_owned()));
    assert!(started.location.contains(&hidden(&page, "transaction_uuid")));
    assert!(page.html.contains("<svg") && page.html.contains("data-esewa-form"));
    let again = submit(&client, &format!("/rooms/{room}/unlock/"), &[]).await;
    assert_eq!(again.location, started.location, "the open payment is offered again");
}

#[tokio::test]
async fn paid_payment_sends_its_page_on_to_the_room() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let intent = client.start_payment(&room).await;
    let back = server.payer().pay(&intent).await;
    client.follow(&back).await;
    let id = intent["transaction_id"].as_str().expect("an id");
    let page = open(&client, &format!("/payments/{id}/")).await;
    assert_eq!((page.status.as_u16(), page.location), (303, format!("/rooms/{room}/?payment=success")));
    let phone = open(&server.visitor(), &format!("/pay/{id}/")).await;
    assert!(phone.html.contains("Already paid") && !phone.html.contains("data-esewa-form"));
    let again = submit(&client, &format!("/rooms/{room}/unlock/"), &[]).await;
    assert_eq!(again.location, format!("/rooms/{room}/"), "there is nothing more to pay");
}

#[tokio::test]
async fn undecided_payment_is_offered_nowhere() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let intent = client.start_payment(&room).await;
    let payer = server.payer();
    payer.post_form(&intent).await;
    let back = payer.end(&intent, "ambiguous").await;
    client.follow(&back).await;
    let id = intent["transaction_id"].as_str().expect("an id");
    for path in [format!("/rooms/{room}/"), format!("/payments/{id}/"), format!("/pay/{id}/")] {
        let page = open(&client, &path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.html.contains("being checked"), "{path}");
        assert!(!page.html.contains("data-esewa-form") && !page.html.contains("/unlock/\""), "{path}");
    }
    let again = submit(&client, &format!("/rooms/{room}/unlock/"), &[]).await;
    assert_eq!(again.location, format!("/rooms/{room}/"));
}

#[tokio::test]
async fn only_clients_unlock() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let path = format!("/rooms/{room}/unlock/");
    assert_eq!(submit(&owner, &path, &[]).await.status, 403);
    let visitor = submit(&server.visitor(), &path, &[]).await;
    assert_eq!(visitor.location, format!("/login/?next=%2Frooms%2F{room}%2F"));
}

#[tokio::test]
async fn address_alone_says_nothing_of_a_payment() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    for came in ["success", "pending", "failed", "refunded"] {
        let page = open(&client, &format!("/rooms/{room}/?payment={came}")).await;
        assert!(page.html.contains("/unlock/\"") && !page.html.contains("class=\"notice"), "{came}");
    }
}

#[tokio::test]
async fn payment_that_was_given_back_is_not_called_unpaid() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let (client, phone) = (server.client().await, server.visitor());
    let intent = client.start_payment(&room).await;
    let payer = server.payer();
    let back = payer.pay(&intent).await;
    client.follow(&back).await;
    payer.end(&intent, "full_refund").await;
    let id = intent["transaction_id"].as_str().expect("an id");
    submit(&client, &format!("/payments/{id}/check/"), &[]).await;
    for who in [&client, &phone] {
        let (_, page) = who.follow(&back).await;
        let page = open(who, &page).await;
        assert!(page.html.contains("This payment was given back"), "{}", page.html);
        assert!(!page.html.contains("was not made"), "{}", page.html);
    }
    let code = open(&phone, &format!("/pay/{id}/")).await;
    assert!(code.html.contains("This payment was given back"), "{}", code.html);
}

#[tokio::test]
async fn phone_with_another_account_is_told_how_the_payment_stands_and_not_to_pay_again() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let (client, phone) = (server.client().await, server.client().await);
    let intent = client.start_payment(&room).await;
    let payer = server.payer();
    payer.post_form(&intent).await;
    let back = payer.end(&intent, "ambiguous").await;
    let (_, page) = phone.follow(&back).await;
    let page = open(&phone, &page).await;
    assert!(page.html.contains("Payment is being checked") && page.html.contains("do not pay again"));
    assert!(!page.html.contains("/unlock/\""), "nothing to pay for a second time: {}", page.html);
    payer.end(&intent, "complete").await;
    let (_, page) = phone.follow(&back).await;
    let page = open(&phone, &page).await;
    assert!(page.html.contains("That payment did not open this room for you."), "{}", page.html);
}

#[tokio::test]
async fn payment_that_failed_on_a_phone_is_told_where_it_was_started() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let (client, phone) = (server.client().await, server.visitor());
    let intent = client.start_payment(&room).await;
    let payer = server.payer();
    payer.post_form(&intent).await;
    phone.follow(&payer.end(&intent, "cancel").await).await;
    // Where the page that showed the code goes on, without a cookie of the way back.
    let page = open(&client, &format!("/rooms/{room}/?payment=failed")).await;
    assert!(page.html.contains("The payment was not made."), "{}", page.html);
}
