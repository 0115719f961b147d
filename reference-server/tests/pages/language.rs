//! English and Nepali: what the browser asks for, and what a person chose.

use reqwest::multipart::Form;

use crate::browser::{open, submit};
use crate::support::{Person, TestServer};

async fn asked_in(who: &Person, path: &str, accept_language: &str, cookie: &str) -> String {
    let request = who.request("GET", path).header("accept", "text/html");
    let answer = request.header("accept-language", accept_language).header("cookie", cookie).send().await;
    answer.expect("an answer").text().await.expect("a page")
}

#[tokio::test]
async fn page_is_in_the_language_that_the_browser_asks_for() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let visitor = server.visitor();
    for path in ["/".to_owned(), format!("/rooms/{room}/"), "/login/".to_owned(), "/nothing/".to_owned()] {
        let nepali = asked_in(&visitor, &path, "ne-NP,ne;q=0.9,en;q=0.8", "").await;
        assert!(nepali.contains("<html lang=\"ne\">") && nepali.contains("लग इन"), "{nepali}");
        let english = asked_in(&visitor, &path, "de", "").await;
        assert!(english.contains("<html lang=\"en\">") && english.contains("Log in"), "{english}");
        let chosen = asked_in(&visitor, &path, "en", "lang=ne").await;
        assert!(chosen.contains("<html lang=\"ne\">"), "{chosen}");
    }
}

#[tokio::test]
async fn switch_remembers_the_language_and_stays_on_the_page() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let request = visitor.request("POST", "/language/").form(&[("lang", "ne")]);
    let answer = request.header("referer", server.url("/?q=patan")).send().await.expect("an answer");
    assert_eq!(answer.headers()["location"], "/?q=patan");
    let cookie = answer.headers()["set-cookie"].to_str().expect("text");
    assert!(cookie.starts_with("lang=ne; Path=/; SameSite=Lax; Max-Age="), "{cookie}");
    let unknown = visitor.request("POST", "/language/").form(&[("lang", "xx\r\nSet-Cookie: a=b")]);
    assert_eq!(unknown.send().await.expect("an answer").status(), 400);
}

#[tokio::test]
async fn name_that_can_not_be_shown_is_refused_in_words_of_both_languages() {
    let server = TestServer::start().await;
    for (name, lang, words) in [
        ("Hari\nBahadur", "en", "Your name must be one line."),
        ("Hari\nBahadur", "ne", "तपाईंको नाम एउटै लाइनमा हुनुपर्छ।"),
        ("\u{202e}Hari", "en", "Your name has a character that can"),
        ("\u{202e}Hari", "ne", "तपाईंको नाम मा देखाउन नमिल्ने अक्षर छ।"),
        ("\u{200d}", "en", "Your name has nothing that can be seen."),
        ("\u{200d}", "ne", "तपाईंको नाम मा देखिने अक्षर एउटा पनि छैन।"),
    ] {
        let fields =
            [("role", "client"), ("name", name), ("phone", "9812345678"), ("password", "correct horse")];
        let request = server.visitor().request("POST", "/register/").header("accept", "text/html");
        let answer = request.header("accept-language", lang).form(&fields).send().await.expect("an answer");
        assert_eq!(answer.status(), 422);
        let page = answer.text().await.expect("a page");
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn field_says_what_is_wrong_in_the_language_of_its_reader() {
    let server = TestServer::start().await;
    let fields = [("role", "client"), ("name", ""), ("phone", "12"), ("password", "short")];
    let request = server.visitor().request("POST", "/register/").header("accept", "text/html").form(&fields);
    let answer = request.header("accept-language", "ne").send().await.expect("an answer");
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.expect("a page");
    for text in
        ["तपाईंको नाम आवश्यक छ।", "मोबाइल नम्बर नेपाली मोबाइल नम्बर हुनुपर्छ", "पासवर्ड कम्तीमा ८ अक्षरको हुनुपर्छ।"]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[tokio::test]
async fn switch_on_the_answer_of_a_form_leads_back_to_the_form() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let admin = server.admin().await;
    for (who, form, page) in [
        (&owner, "/account/password/".to_owned(), "/account/".to_owned()),
        (&owner, "/account/delete/".to_owned(), "/account/".to_owned()),
        (&owner, format!("/rooms/{room}/photos/"), format!("/rooms/{room}/edit/")),
        (&admin, format!("/admin/rooms/{room}/suspend/"), format!("/admin/rooms/{room}/")),
        (&admin, format!("/admin/users/{}/suspend/", owner.id), format!("/admin/users/{}/", owner.id)),
    ] {
        let switch = who.request("POST", "/language/").form(&[("lang", "ne")]);
        let switched = switch.header("referer", server.url(&form)).send().await.expect("an answer");
        assert_eq!(switched.headers()["location"], form.as_str());
        let back = open(who, &form).await;
        assert_eq!((back.status.as_u16(), back.location.as_str()), (303, page.as_str()), "{form}");
        assert_eq!(open(who, &page).await.status, 200, "{page}");
    }
    // Programs, and whom an administrator's page is nothing for, hear what they heard before.
    assert_eq!(owner.get("/account/password/").await.0, 405);
    assert_eq!(open(&owner, &format!("/admin/rooms/{room}/suspend/")).await.status, 404);
}

#[tokio::test]
async fn what_the_server_wrote_down_is_told_in_the_language_of_its_reader() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let client = server.client().await;
    client.follow(&server.payer().pay(&client.start_payment(&room).await).await).await;
    let agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36";
    let login = owner.request("POST", "/login/").header("user-agent", agent);
    let fields = [("phone", owner.phone.as_str()), ("password", "correct horse")];
    login.form(&fields).send().await.expect("an answer");
    let account = asked_in(&owner, "/account/", "ne", &owner.cookie()).await;
    assert!(account.contains("Android मा Chrome") && !account.contains("Chrome on"), "{account}");
    let nothing = Form::new().text("private", "1");
    let request = owner.request("POST", &format!("/rooms/{room}/photos/")).header("accept", "text/html");
    let refused = request.header("accept-language", "ne").multipart(nothing).send().await;
    let refused = refused.expect("an answer").text().await.expect("a page");
    assert!(refused.contains("फोटो आवश्यक छ।"), "{refused}");
    submit(&owner, "/account/delete/", &[("password", "correct horse")]).await;
    for path in ["/chats/".to_owned(), format!("/rooms/{room}/"), format!("/rooms/{room}/chat/")] {
        let page = asked_in(&client, &path, "ne", &client.cookie()).await;
        assert!(page.contains("मेटिएको खाता") && !page.contains("Deleted account"), "{path}: {page}");
        assert!(open(&client, &path).await.html.contains("Deleted account"), "{path}");
    }
    for query in ["limit=0", "cursor=x"] {
        let page = asked_in(&server.visitor(), &format!("/?{query}"), "ne", "").await;
        assert!(!page.contains("must be") && page.contains("हुनुपर्छ।"), "{query}: {page}");
    }
}
