//! No page shows what its reader may not see.

use crate::browser::open;
use crate::support::{Person, TestServer};

const SECRETS: [&str; 2] = ["9811111111", "Shankhamul marg 45"];

async fn knows(who: &Person, path: &str) -> bool {
    let page = open(who, path).await;
    SECRETS.iter().any(|secret| page.html.contains(secret))
}

#[tokio::test]
async fn contact_is_on_the_page_of_its_payer_alone() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let (client, other) = (server.client().await, server.client().await);
    let path = format!("/rooms/{room}/");
    assert!(!knows(&client, &path).await, "not yet paid");
    let back = server.payer().pay(&client.start_payment(&room).await).await;
    client.follow(&back).await;
    assert!(knows(&client, &path).await, "paid");
    for who in [other, server.visitor(), server.owner().await] {
        for path in [path.clone(), format!("{path}?payment=success"), "/".to_owned(), "/?q=corner".to_owned()]
        {
            assert!(!knows(&who, &path).await, "{path}");
        }
    }
}

#[tokio::test]
async fn address_alone_never_claims_a_payment() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let page = open(&client, &format!("/rooms/{room}/?payment=success")).await;
    assert!(!page.html.contains("Payment received"), "{}", page.html);
    assert!(page.html.contains("/unlock/"), "it can still be paid for");
}

#[tokio::test]
async fn phone_checkout_shows_title_and_amount_only() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let intent = client.start_payment(&room).await;
    let path = format!("/pay/{}/", intent["transaction_id"].as_str().expect("an id"));
    let page = open(&server.visitor(), &path).await;
    assert_eq!(page.status, 200);
    assert!(page.html.contains("Bright corner room") && page.html.contains("Rs. 30.00"));
    let hidden =
        [SECRETS[0], SECRETS[1], "Sarita Maharjan", "Asmita Rai", client.phone.as_str(), client.id.as_str()];
    for secret in hidden {
        assert!(!page.html.contains(secret), "the phone is told {secret}");
    }
}

#[tokio::test]
async fn payment_page_is_its_clients_own() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let intent = client.start_payment(&room).await;
    let path = format!("/payments/{}/", intent["transaction_id"].as_str().expect("an id"));
    assert_eq!(open(&client, &path).await.status, 200);
    assert_eq!(open(&server.client().await, &path).await.status, 404);
    let visitor = open(&server.visitor(), &path).await;
    assert_eq!(
        (visitor.status.as_u16(), visitor.location.starts_with("/login/?next=%2Fpayments%2F")),
        (303, true)
    );
}

#[tokio::test]
async fn room_that_was_taken_down_is_there_for_its_payer_only() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let client = server.client().await;
    let back = server.payer().pay(&client.start_payment(&room).await).await;
    client.follow(&back).await;
    owner.request("DELETE", &format!("/api/rooms/{room}/")).send().await.expect("answer");
    let path = format!("/rooms/{room}/");
    assert!(knows(&client, &path).await);
    assert_eq!(open(&server.client().await, &path).await.status, 404);
    assert_eq!(open(&server.visitor(), &format!("{path}?payment=success")).await.status, 404);
}
