//! What search engines may read, and in which languages.

use crate::browser::open;
use crate::support::TestServer;

#[tokio::test]
async fn private_pages_are_closed_to_robots_and_rooms_are_not() {
    let server = TestServer::start().await;
    let answer = server.visitor().request("GET", "/robots.txt").send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
    let rules = answer.text().await.expect("text");
    for closed in ["/account/", "/admin/", "/api/", "/chats/", "/my-rooms/", "/pay/", "/payments/"] {
        assert!(rules.contains(&format!("\nDisallow: {closed}\n")), "{closed}: {rules}");
    }
    assert!(!rules.contains("/rooms/") && !rules.contains("Disallow: /\n"), "{rules}");
    assert!(rules.contains(&format!("Sitemap: {}", server.url("/sitemap.xml"))), "{rules}");
}

#[tokio::test]
async fn sitemap_has_the_rooms_that_are_listed_in_both_languages() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let (_, gone) = server.room().await;
    let address = server.url(&format!("/rooms/{room}/"));
    let sitemap = async || {
        let answer = server.visitor().request("GET", "/sitemap.xml").send().await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "application/xml");
        answer.text().await.expect("text")
    };
    let xml = sitemap().await;
    assert!(xml.contains(&format!("<loc>{address}</loc>")) && xml.contains(&gone), "{xml}");
    assert!(xml.contains(&format!("hreflang=\"ne\" href=\"{address}?lang=ne\"")), "{xml}");
    let path = format!("/api/rooms/{room}/");
    assert_eq!(owner.request("DELETE", &path).send().await.expect("an answer").status(), 204);
    assert!(!sitemap().await.contains(&room), "taken down");
}

#[tokio::test]
async fn page_of_a_room_says_its_address_and_what_it_is_about() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let path = format!("/rooms/{room}/");
    let page = open(&server.visitor(), &format!("{path}?payment=failed")).await.html;
    let address = server.url(&path);
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{address}\">")), "{page}");
    let nepali = format!("<link rel=\"alternate\" hreflang=\"ne\" href=\"{address}?lang=ne\">");
    assert!(page.contains(&nepali), "{page}");
    let in_nepali = open(&server.visitor(), &format!("{path}?lang=ne")).await.html;
    assert!(in_nepali.contains("<html lang=\"ne\">") && in_nepali.contains("प्रति महिना"), "{in_nepali}");
    let description = page.split("<meta name=\"description\" content=\"").nth(1).expect("a description");
    assert!(description.starts_with("Baneshwor, Kathmandu. Rs. "), "{description:.90}");
}
