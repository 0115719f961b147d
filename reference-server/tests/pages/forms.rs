//! Accounts and listings through their forms.

use crate::browser::{open, submit};
use crate::support::TestServer;

#[tokio::test]
async fn registration_signs_in_and_comes_back() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let someone = server.visitor();
    let path = format!("/rooms/{room}/");
    let fields = [
        ("role", "client"),
        ("name", "Gita"),
        ("phone", "9812345670"),
        ("password", "long enough"),
        ("next", &path),
    ];
    let done = submit(&someone, "/register/", &fields).await;
    assert_eq!((done.status.as_u16(), done.location.as_str()), (303, path.as_str()));
    assert!(open(&someone, &path).await.html.contains("Unlock contact and chat for"));
}

#[tokio::test]
async fn refused_registration_keeps_what_was_typed_but_no_password() {
    let server = TestServer::start().await;
    let fields = [("role", "owner"), ("name", "G\"ita"), ("phone", "12"), ("password", "short-secret")];
    let page = submit(&server.visitor(), "/register/", &fields).await;
    assert_eq!(page.status, 422);
    assert!(page.html.contains("G&#34;ita") && page.html.contains("phone-error"), "{}", page.html);
    assert!(!page.html.contains("short-secret"));
    let admin = [("role", "admin"), ("name", "G"), ("phone", "9812345671"), ("password", "long enough")];
    assert_eq!(submit(&server.visitor(), "/register/", &admin).await.status, 422);
}

#[tokio::test]
async fn log_in_never_leads_to_another_site() {
    let server = TestServer::start().await;
    let client = server.client().await;
    for next in ["//evil.example/", "https://evil.example/", "/\\evil.example", "/\t/evil.example"] {
        let fields = [("phone", client.phone.as_str()), ("password", "correct horse"), ("next", next)];
        let done = submit(&server.visitor(), "/login/", &fields).await;
        assert_eq!((done.status.as_u16(), done.location.as_str()), (303, "/"), "{next:?}");
    }
}

#[tokio::test]
async fn wrong_password_and_unknown_number_look_the_same() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let mut pages = Vec::new();
    for phone in [client.phone.as_str(), "9899999999"] {
        let page = submit(&server.visitor(), "/login/", &[("phone", phone), ("password", "wrong")]).await;
        assert_eq!(page.status, 401);
        pages.push(page.html.replace(phone, ""));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn numbers_may_be_typed_in_nepali_digits() {
    let server = TestServer::start().await;
    let person = server.visitor();
    let mut fields = vec![
        ("role", "owner"),
        ("name", "Gita Lama"),
        ("phone", "९८४१ ००० ०६१"),
        ("password", "long enough"),
    ];
    assert_eq!(submit(&person, "/register/", &fields).await.status, 303);
    fields[2].1 = "9841000061";
    assert_eq!(submit(&server.visitor(), "/login/", &fields[2..]).await.status, 303);
    fields[2].1 = "+९७७९८४१०००0६१";
    assert_eq!(submit(&server.visitor(), "/login/", &fields[2..]).await.status, 303);
    let room = [
        ("title", "A quiet room"),
        ("description", "Quiet."),
        ("city", "Pokhara"),
        ("area", "Lakeside"),
        ("rent", "१२,५००"),
        ("contact_phone", "९८११११११११"),
        ("address", "Street 1"),
    ];
    let listed = submit(&person, "/rooms/new/", &room).await;
    assert!(open(&person, &listed.location).await.html.contains("Rs. 12,500"));
    let found = open(&server.visitor(), "/?min_rent=%E0%A5%A7%E0%A5%A8%E0%A5%A6%E0%A5%A6%E0%A5%A6").await;
    assert!(found.status == 200 && found.html.contains("A quiet room"), "from १२०००: {}", found.html);
}

#[tokio::test]
async fn log_out_ends_the_session() {
    let server = TestServer::start().await;
    let client = server.client().await;
    assert_eq!(submit(&client, "/logout/", &[]).await.location, "/");
    assert_eq!(open(&client, "/chats/").await.location, "/login/?next=%2Fchats%2F");
}

#[tokio::test]
async fn form_of_another_site_is_refused() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let request = client.request("POST", &format!("/rooms/{room}/unlock/"));
    let request = request.header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    assert_eq!(request.send().await.expect("an answer").status(), 403);
}

#[tokio::test]
async fn listing_is_checked_field_by_field() {
    let server = TestServer::start().await;
    let owner = server.owner().await;
    let mut fields = vec![
        ("title", "A quiet room"),
        ("description", "Quiet."),
        ("city", "Pokhara"),
        ("area", "Lakeside"),
        ("rent", "cheap"),
        ("contact_phone", "9811111111"),
        ("address", "Street 1"),
    ];
    let page = submit(&owner, "/rooms/new/", &fields).await;
    assert_eq!(page.status, 422);
    assert!(page.html.contains("rent-error") && !page.html.contains("title-error"));
    fields[4] = ("rent", "12,500");
    let done = submit(&owner, "/rooms/new/", &fields).await;
    assert_eq!(done.status, 303);
    assert!(open(&owner, &done.location).await.html.contains("Rs. 12,500"));
    assert_eq!(submit(&server.client().await, "/rooms/new/", &fields).await.status, 403);
}
