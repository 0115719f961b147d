//! Several hosts for one question: eSewa's own pages contradict each other about which one answers it.

use esewa_client::{Client, Confirmation, RequestError};
use mockito::{Matcher, Mock, Server, ServerGuard};

use crate::{OUTAGE, PAID, STATUS_PATH, client_of, merchant_at, order, silent_url};

async fn answering(server: &mut ServerGuard, http_status: usize, body: &str, times: usize) -> Mock {
    let mock = server.mock("GET", STATUS_PATH).match_query(Matcher::Any).with_status(http_status);
    mock.with_body(body).expect(times).create_async().await
}

#[tokio::test]
async fn the_second_host_answers_for_the_first() {
    let (mut first, mut second) = (Server::new_async().await, Server::new_async().await);
    let page = first.mock("GET", STATUS_PATH).match_query(Matcher::Any).with_status(502).with_body("<html>");
    let page = page.expect(1).create_async().await;
    let paid = second.mock("GET", STATUS_PATH).match_query(Matcher::Any).with_body(PAID).expect(1);
    let paid = paid.create_async().await;
    let answer = client_of(&[&first, &second]).confirm(&order()).await;
    assert!(matches!(answer, Ok(Confirmation::Paid(_))), "{answer:?}");
    page.assert_async().await;
    paid.assert_async().await;
}

#[tokio::test]
async fn an_attempt_that_hangs_gives_way_to_the_next_host() {
    let (_listener, silent) = silent_url().await;
    let mut server = Server::new_async().await;
    let mock = server.mock("GET", STATUS_PATH).match_query(Matcher::Any).with_body(PAID).create_async().await;
    let answering = format!("{}{STATUS_PATH}", server.url()).parse().unwrap();
    let client = Client::builder(merchant_at(vec![silent, answering]));
    let client = client.attempt_timeout_ms(150).backoff_ms(1).build().unwrap();
    assert!(matches!(client.confirm(&order()).await, Ok(Confirmation::Paid(_))));
    mock.assert_async().await;
}

#[tokio::test]
async fn a_host_that_does_not_serve_the_status_leaves_it_to_the_next() {
    for (http_status, body) in
        [(404, "no such path"), (404, "<html>Not found</html>"), (403, "<html>Forbidden</html>"), (302, "")]
    {
        let (mut first, mut second) = (Server::new_async().await, Server::new_async().await);
        let refuses = answering(&mut first, http_status, body, 1).await;
        let paid = answering(&mut second, 200, PAID, 1).await;
        let answer = client_of(&[&first, &second]).confirm(&order()).await;
        assert!(matches!(answer, Ok(Confirmation::Paid(_))), "{http_status}: {answer:?}");
        refuses.assert_async().await;
        paid.assert_async().await;
    }
}

#[tokio::test]
async fn a_host_that_refused_is_not_asked_again_while_another_may_answer() {
    let (mut first, mut second) = (Server::new_async().await, Server::new_async().await);
    let refuses = answering(&mut first, 404, "no such path", 1).await;
    let down = answering(&mut second, 409, OUTAGE, 2).await;
    let answer = client_of(&[&first, &second]).confirm(&order()).await;
    assert!(matches!(answer, Err(RequestError::Outage)), "{answer:?}");
    refuses.assert_async().await;
    down.assert_async().await;
}

#[tokio::test]
async fn hosts_that_all_refuse_are_asked_once_each() {
    let (mut first, mut second) = (Server::new_async().await, Server::new_async().await);
    let refuses = answering(&mut first, 404, "no such path", 1).await;
    let forbids = answering(&mut second, 403, "<html>Forbidden</html>", 1).await;
    let answer = client_of(&[&first, &second]).confirm(&order()).await;
    assert!(matches!(answer, Err(RequestError::Refused { http_status: 403, code: None })), "{answer:?}");
    refuses.assert_async().await;
    forbids.assert_async().await;
}

#[tokio::test]
async fn what_the_api_itself_refuses_is_not_asked_of_another_host() {
    let (mut first, mut second) = (Server::new_async().await, Server::new_async().await);
    let refusal = r#"{"code":"ES104","message":"Invalid payload signature."}"#;
    let refuses = answering(&mut first, 400, refusal, 1).await;
    let unasked = answering(&mut second, 200, PAID, 0).await;
    let answer = client_of(&[&first, &second]).confirm(&order()).await;
    assert!(matches!(answer, Err(RequestError::InvalidSignature)), "{answer:?}");
    refuses.assert_async().await;
    unasked.assert_async().await;
}
