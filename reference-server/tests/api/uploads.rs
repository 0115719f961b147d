//! Forms with files that want more memory than they get.

use reference_server::config::RateLimits;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Person, TestServer, read};

const MEBIBYTE: usize = 1024 * 1024;

async fn post(who: &Person, form: Form) -> (u16, Value) {
    let (status, body) = read(who.request("POST", "/api/messages/send/").multipart(form)).await;
    (status.as_u16(), body)
}

/// A request that has begun to send a form, and doesn't end.
async fn begin(server: &TestServer, who: &Person, path: &str, parts: &str) -> TcpStream {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 900000000\r\ncookie: {}\r\n\
         content-type: multipart/form-data; boundary=b\r\n\r\n{parts}",
        who.cookie()
    );
    let mut stream = TcpStream::connect(server.running.address).await.expect("a connection");
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream
}

fn part(name: &str, value: &str) -> String {
    format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

const PICTURE: &str = "--b\r\ncontent-disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\nabc";

#[tokio::test]
async fn words_of_a_form_have_the_bound_of_a_body_and_ids_a_smaller_one() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    for (field, bytes, limit) in [
        ("content", 65 * 1024, 64 * 1024),
        ("content", 9 * MEBIBYTE, 64 * 1024),
        ("client_id", 2_000, 1_024),
        ("client_message_id", 9 * MEBIBYTE, 1_024),
        ("room_id", 2_000, 1_024),
    ] {
        let form = Form::new().text("room_id", room.clone()).text(field, "x".repeat(bytes));
        let (status, problem) = post(&client, form).await;
        assert_eq!((status, &problem["code"]), (413, &json!("too_large")), "{field}: {problem}");
        assert!(problem["detail"].to_string().contains(&limit.to_string()), "{field}: {problem}");
    }
}

#[tokio::test]
async fn head_of_a_part_that_never_ends_is_not_kept() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let path = format!("/api/rooms/{room}/photos/");
    let mut stream = begin(&server, &owner, &path, "--b\r\nx-endless: ").await;
    let (mut answers, mut sink) = stream.split();
    let flood = async {
        let much = vec![b'x'; 64 * 1024];
        // Until the server has enough.
        for _ in 0..64 {
            if sink.write_all(&much).await.is_err() {
                return;
            }
        }
    };
    let mut answer = Vec::new();
    let (_, _) = tokio::join!(flood, answers.read_to_end(&mut answer));
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("too_large"), "{answer}");
}

#[tokio::test]
async fn parts_that_nobody_knows_are_thrown_away_up_to_a_bound() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let upload = |form: Form| async {
        let path = format!("/api/rooms/{room}/photos/");
        let (status, body) = read(owner.request("POST", &path).multipart(form)).await;
        (status.as_u16(), body)
    };
    let unknown = |bytes: usize| Form::new().part("other", Part::bytes(vec![b'x'; bytes]));
    let (status, problem) = upload(unknown(5 * MEBIBYTE)).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("image")), "passed over: {problem}");
    let (status, problem) = upload(unknown(64 * MEBIBYTE)).await;
    assert_eq!((status, &problem["code"]), (413, &json!("too_large")), "{problem}");
    let second = Form::new()
        .part("image", Part::bytes(b"no picture".to_vec()))
        .part("image", Part::bytes(vec![b'x'; 12 * MEBIBYTE]));
    let (status, problem) = upload(second).await;
    assert_eq!(status, 415, "a second file is passed over: {problem}");
}

#[tokio::test]
async fn account_has_a_few_files_on_their_way_and_others_go_on() {
    let server = TestServer::start_changed(|config| config.rate_limits = RateLimits::Off).await;
    let (owner, room) = server.room().await;
    let (other, others_room) = server.room().await;
    let mut open = Vec::new();
    // More than there are places: one of them may be refused while a try below has one.
    for _ in 0..12 {
        open.push(begin(&server, &owner, &format!("/api/rooms/{room}/photos/"), PICTURE).await);
    }
    let upload = async |who: &Person, room: &str| {
        let form = Form::new().part("image", Part::bytes(b"no picture".to_vec()));
        read(who.request("POST", &format!("/api/rooms/{room}/photos/")).multipart(form)).await
    };
    let mut refused = None;
    for _ in 0..100 {
        // Until the server has taken them up.
        let (status, problem) = upload(&owner, &room).await;
        if status == 429 {
            refused = Some(problem);
            break;
        }
    }
    assert_eq!(refused.expect("a limit")["code"], "rate_limited");
    assert_eq!(upload(&other, &others_room).await.0, 415);
    drop(open);
    let mut freed = false;
    for _ in 0..1_000 {
        freed = upload(&owner, &room).await.0 == 415;
        if freed {
            break;
        }
    }
    assert!(freed, "whoever is gone holds nothing");
}

#[tokio::test]
async fn picture_is_not_awaited_from_who_may_not_send_it() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    for (who, code) in [(server.client().await, "402"), (server.owner().await, "404")] {
        let form = format!("{}{PICTURE}", part("room_id", &room));
        let mut stream = begin(&server, &who, "/api/messages/send/", &form).await;
        let mut answer = Vec::new();
        // Its end would never come.
        stream.read_to_end(&mut answer).await.expect("an answer");
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(&format!("HTTP/1.1 {code} ")), "{answer}");
    }
}
