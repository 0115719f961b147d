//! One's own account, without a script.

use crate::browser::{open, submit};
use crate::support::TestServer;

#[tokio::test]
async fn visitor_is_asked_to_log_in_and_comes_back() {
    let server = TestServer::start().await;
    let page = open(&server.visitor(), "/account/").await;
    assert_eq!((page.status.as_u16(), page.location.as_str()), (303, "/login/?next=%2Faccount%2F"));
}

#[tokio::test]
async fn person_ends_another_session_from_the_page() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let other = server.visitor();
    let fields = [("phone", client.phone.as_str()), ("password", "correct horse")];
    assert_eq!(submit(&other, "/login/", &fields).await.status, 303);
    let page = open(&client, "/account/").await;
    let (_, rest) = page.html.split_once("action=\"/account/sessions/").expect("the other session");
    let (id, _) = rest.split_once('/').expect("its end");
    let done = submit(&client, &format!("/account/sessions/{id}/end/"), &[]).await;
    assert_eq!(done.location, "/account/?done=session");
    assert!(open(&client, &done.location).await.html.contains("The session has ended."));
    assert_eq!(open(&other, "/account/").await.status, 303, "it is out");
}

#[tokio::test]
async fn wrong_password_is_said_beside_its_field_and_never_shown() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let fields = [("current_password", "wrong horse"), ("new_password", "another horse")];
    let page = submit(&client, "/account/password/", &fields).await;
    assert_eq!(page.status, 422);
    assert!(page.html.contains("Password until now is not right."), "{}", page.html);
    assert!(!page.html.contains("wrong horse") && !page.html.contains("another horse"));
}

#[tokio::test]
async fn password_is_changed_from_the_page() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let fields = [("current_password", "correct horse"), ("new_password", "another horse")];
    assert_eq!(submit(&client, "/account/password/", &fields).await.location, "/account/?done=password");
    let fields = [("phone", client.phone.as_str()), ("password", "another horse")];
    assert_eq!(submit(&server.visitor(), "/login/", &fields).await.status, 303);
}

#[tokio::test]
async fn account_is_deleted_from_the_page_with_its_password_only() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let refused = submit(&client, "/account/delete/", &[("password", "wrong horse")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("<details") && refused.html.contains("Your password is not right."));
    assert_eq!(submit(&client, "/account/delete/", &[("password", "correct horse")]).await.status, 303);
    assert_eq!(open(&client, "/account/").await.status, 303, "nobody is signed in any more");
}
