//! Pictures in messages: once however often they are sent, for the two members only, and gone with the message.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::people::{Pair, frame_of, say, unlock};
use crate::support::{Person, TestServer, read};

pub(crate) fn picture(red: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(1_000, 800, image::Rgb([red, 90, 90])));
    picture.write_to(&mut bytes, ImageFormat::Png).expect("encodes");
    bytes.into_inner()
}

pub(crate) async fn send(pair: &Pair, id: &str, content: &str, file: Vec<u8>) -> (u16, Value) {
    // The name and the type that are claimed mean nothing.
    let part = Part::bytes(file).file_name("../../evil.svg").mime_str("image/svg+xml").expect("a type");
    let form = Form::new()
        .text("room_id", pair.room.clone())
        .text("client_message_id", id.to_owned())
        .text("content", content.to_owned())
        .part("image", part);
    let (status, body) = read(pair.client.request("POST", "/api/messages/send/").multipart(form)).await;
    (status.as_u16(), body)
}

pub(crate) async fn fetch(who: &Person, url: &str) -> (u16, Vec<u8>) {
    let answer = who.request("GET", url).send().await.expect("an answer");
    let status = answer.status().as_u16();
    if status == 200 {
        assert_eq!(answer.headers()["content-type"], "image/jpeg");
        assert_eq!(answer.headers()["cache-control"], "private, no-store");
    }
    (status, answer.bytes().await.expect("a body").to_vec())
}

pub(crate) fn url_of(message: &Value) -> String {
    message["image"].as_str().expect("a URL").to_owned()
}

#[tokio::test]
async fn picture_is_for_the_two_members_and_nobody_else() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let mut owner = pair.owner_socket().await;
    let (status, message) = send(&pair, "1", "", picture(10)).await;
    assert_eq!((status, message["content"].as_str()), (201, Some("")), "{message}");
    assert_eq!((&message["image_width"], &message["image_height"]), (&json!(1_000), &json!(800)));
    let url = url_of(&message);
    assert_eq!(frame_of(&mut owner, "message").await["message"]["image"], url);
    assert_eq!(
        pair.owner.get(&format!("{}&client_id={}", pair.history_path(), pair.client.id)).await.1["messages"]
            [0]["image"],
        url
    );
    for member in [&pair.client, &pair.owner] {
        for (path, width) in [(url.clone(), 1_000), (format!("{url}?size=small"), 640)] {
            let (status, jpeg) = fetch(member, &path).await;
            assert_eq!(status, 200, "{path}");
            assert_eq!(image::load_from_memory(&jpeg).expect("a JPEG").width(), width);
        }
    }
    let other = server.client().await;
    unlock(&server, &other, &pair.room).await;
    assert_eq!(fetch(&other, &url).await.0, 404, "another client of the same room");
    assert_eq!(fetch(&server.owner().await, &url).await.0, 404);
    assert_eq!(fetch(&server.visitor(), &url).await.0, 401);
}

#[tokio::test]
async fn the_same_try_is_one_message_and_another_picture_is_refused() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let (status, first) = send(&pair, "1", "look", picture(10)).await;
    assert_eq!(status, 201, "{first}");
    let (status, again) = send(&pair, "1", "look", picture(10)).await;
    assert_eq!((status, &again["id"], &again["image"]), (200, &first["id"], &first["image"]));
    let (status, problem) = send(&pair, "1", "look", picture(200)).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("id_reused")));
    let (_, jpeg) = fetch(&pair.owner, &url_of(&first)).await;
    let shown = image::load_from_memory(&jpeg).expect("a JPEG").to_rgb8();
    assert!(shown.get_pixel(500, 400).0[0] < 60, "still the first picture");
}

#[tokio::test]
async fn picture_goes_with_its_message() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let (_, by_http) = send(&pair, "1", "", picture(10)).await;
    let (_, by_socket) = send(&pair, "2", "", picture(10)).await;
    let path = format!("/api/messages/{}/", by_http["id"].as_str().expect("an id"));
    assert_eq!(pair.client.send("DELETE", &path, &Value::Null).await.0, 204);
    let mut client = pair.client_socket("").await;
    say(&mut client, &json!({ "type": "delete", "client_message_id": "3", "seq": by_socket["seq"] })).await;
    frame_of(&mut client, "ack").await;
    for message in [&by_http, &by_socket] {
        assert_eq!(fetch(&pair.owner, &url_of(message)).await.0, 404);
    }
    let left = &pair.client.get(&pair.history_path()).await.1["messages"][0];
    assert!(left["image"].is_null() && left["image_width"].is_null(), "{left}");
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_no_message() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let (status, problem) = send(&pair, "1", "look", b"<svg onload=alert(1)>".to_vec()).await;
    assert_eq!((status, problem["code"].as_str()), (415, Some("unsupported_media_type")));
    let (status, problem) = send(&pair, "1", "look", vec![0xFF; 11 * 1024 * 1024]).await;
    assert_eq!((status, problem["code"].as_str()), (413, Some("too_large")));
    let mut cut = picture(10);
    cut.truncate(cut.len() / 2);
    let (status, problem) = send(&pair, "1", "look", cut).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("image")));
    assert_eq!(pair.client.get(&pair.history_path()).await.1["messages"], json!([]));
}
