//! A body that stops on its way.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::TestServer;

/// What is answered to a request that promises more than it sends.
async fn stall(server: &TestServer, head: &str, sent: &str) -> String {
    let mut stream = TcpStream::connect(server.running.address).await.expect("a connection");
    let head = format!("{head}\r\nhost: a\r\ncontent-length: 5000\r\nconnection: close\r\n\r\n{sent}");
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn stalled_body_is_answered_and_not_waited_for() {
    let server = TestServer::start().await;
    let head = "POST /api/login/ HTTP/1.1\r\ncontent-type: application/json";
    let answer = stall(&server, head, "{\"phone\":").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("invalid_body") && answer.contains("stood still"), "{answer}");
}

#[tokio::test]
async fn stalled_upload_is_answered_and_not_waited_for() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let head = format!(
        "POST /api/rooms/{room}/photos/ HTTP/1.1\r\ncookie: {}\r\ncontent-type: multipart/form-data; boundary=b",
        owner.cookie()
    );
    let part = "--b\r\ncontent-disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\nabc";
    let answer = stall(&server, &head, part).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("invalid_body"), "{answer}");
}
