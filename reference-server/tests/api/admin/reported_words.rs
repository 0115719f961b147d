//! What was reported stays to be judged: its author may change it or take it back, and administrators read it all the
//! same, and nobody else.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::reports::Quarrel;
use crate::support::{Person, read};

const BAD: &str = "Pay me twice or else";

async fn change(who: &Person, message: &str, content: &str) {
    let (status, body) =
        who.send("PATCH", &format!("/api/messages/{message}/"), &json!({ "content": content })).await;
    assert_eq!(status, 200, "{body}");
}

async fn take_back(who: &Person, message: &str) {
    let answer = who.request("DELETE", &format!("/api/messages/{message}/")).send().await;
    assert_eq!(answer.expect("an answer").status(), 204);
}

async fn id(quarrel: &Quarrel) -> String {
    quarrel.list("all").await[0]["id"].as_str().expect("an id").to_owned()
}

async fn file(quarrel: &Quarrel) -> Value {
    let (status, file) = quarrel.admin.get(&format!("/api/admin/reports/{}/", id(quarrel).await)).await;
    assert_eq!(status, 200, "{file}");
    file
}

async fn page(who: &Person, path: &str) -> (u16, String) {
    let answer = who.request("GET", path).header("accept", "text/html").send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a page"))
}

async fn status(who: &Person, path: &str) -> u16 {
    who.request("GET", path).send().await.expect("an answer").status().as_u16()
}

fn kept(words: &str) -> Value {
    json!({ "content": words, "has_image": false })
}

#[tokio::test]
async fn what_was_changed_after_the_report_is_read_as_it_was() {
    let quarrel = Quarrel::start().await;
    let message = quarrel.say(&quarrel.owner, BAD).await;
    quarrel.report(&quarrel.client, Some(&message), "Threats.").await;
    let before = file(&quarrel).await;
    assert_eq!(before["as_reported"], Value::Null, "it still reads so: {before}");
    change(&quarrel.owner, &message, "Have a nice day").await;
    let after = file(&quarrel).await;
    assert_eq!(after["messages"][0]["content"], "Have a nice day");
    assert_eq!(after["as_reported"], kept(BAD));
    let listed = quarrel.list("all").await;
    assert!(!json!(listed).to_string().contains(BAD), "the list has nobody's words but the reporter's");
    let path = format!("/admin/reports/{}/", id(&quarrel).await);
    let (_, shown) = page(&quarrel.admin, &path).await;
    assert!(shown.contains("As it was reported") && shown.contains(BAD), "{shown}");
    for path in [&path, &format!("/api{path}")] {
        for who in [&quarrel.client, &quarrel.owner] {
            let (status, answer) = page(who, path).await;
            assert!(status == 404 && !answer.contains(BAD), "{path}: {answer}");
        }
        // Browsers of nobody are asked to log in.
        assert_eq!(status(&quarrel.server.visitor(), path).await, 404, "{path}");
    }
    let history = format!("/api/messages/?room_id={}&client_id={}", quarrel.room, quarrel.client.id);
    for who in [&quarrel.client, &quarrel.owner] {
        let (_, history) = who.get(&history).await;
        assert!(!history.to_string().contains(BAD), "{history}");
    }
}

#[tokio::test]
async fn what_was_taken_back_after_the_report_is_read_as_it_was() {
    let quarrel = Quarrel::start().await;
    let message = quarrel.say(&quarrel.owner, BAD).await;
    quarrel.report(&quarrel.client, Some(&message), "").await;
    take_back(&quarrel.owner, &message).await;
    let after = file(&quarrel).await;
    assert_eq!((&after["messages"][0]["deleted"], &after["as_reported"]), (&json!(true), &kept(BAD)));
    let body = json!({ "password": "correct horse" });
    assert_eq!(quarrel.owner.post("/api/account/delete/", &body).await.0, 204);
    let after = file(&quarrel).await;
    assert_eq!((&after["as_reported"], &after["reported"]["name"]), (&kept(BAD), &json!("Deleted account")));
}

#[tokio::test]
async fn reporting_again_loses_nothing_that_nobody_judged_yet() {
    let quarrel = Quarrel::start().await;
    let message = quarrel.say(&quarrel.owner, BAD).await;
    let report = || quarrel.report(&quarrel.client, Some(&message), "And now he says he never did.");
    report().await;
    change(&quarrel.owner, &message, "Have a nice day").await;
    report().await;
    assert_eq!(file(&quarrel).await["as_reported"], kept(BAD), "the first words stand while it waits");
    let verdict = json!({ "verdict": "upheld", "reason": "He was warned." });
    let path = format!("/api/admin/reports/{}/decide/", id(&quarrel).await);
    assert_eq!(quarrel.admin.post(&path, &verdict).await.0, 200);
    change(&quarrel.owner, &message, "Pay me three times").await;
    report().await;
    take_back(&quarrel.owner, &message).await;
    report().await;
    assert_eq!(
        file(&quarrel).await["as_reported"],
        kept("Pay me three times"),
        "the new words were not judged"
    );
}

async fn send_picture(quarrel: &Quarrel, who: &Person) -> Value {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(64, 48, image::Rgb([200, 20, 20])));
    picture.write_to(&mut bytes, ImageFormat::Png).expect("encodes");
    let form = Form::new()
        .text("room_id", quarrel.room.clone())
        .text("client_id", quarrel.client.id.clone())
        .text("client_message_id", format!("picture-of-{}", who.id))
        .text("content", "")
        .part("image", Part::bytes(bytes.into_inner()).file_name("x.png"));
    let (status, message) = read(who.request("POST", "/api/messages/send/").multipart(form)).await;
    assert_eq!(status, 201, "{message}");
    message
}

#[tokio::test]
async fn picture_that_was_reported_is_seen_by_administrators_after_it_was_taken_back() {
    let quarrel = Quarrel::start().await;
    let message = send_picture(&quarrel, &quarrel.owner).await;
    let (message, url) =
        (message["id"].as_str().expect("an id"), message["image"].as_str().expect("a picture"));
    quarrel.report(&quarrel.client, Some(message), "Look.").await;
    take_back(&quarrel.owner, message).await;
    let after = file(&quarrel).await;
    assert_eq!(after["as_reported"], json!({ "content": "", "has_image": true }));
    assert_eq!(after["messages"][0]["has_image"], false, "{after}");
    for base in ["/api/admin", "/admin"] {
        let path = format!("{base}/reports/{}/image/", id(&quarrel).await);
        let answer = quarrel.admin.request("GET", &path).send().await.expect("an answer");
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &"image/jpeg".parse().expect("a type"))
        );
        for who in [&quarrel.client, &quarrel.owner, &quarrel.server.visitor()] {
            assert_eq!(status(who, &path).await, 404, "{path}");
        }
    }
    for who in [&quarrel.client, &quarrel.owner] {
        assert_eq!(status(who, url).await, 404, "it was taken back for both");
    }
    let (_, shown) = page(&quarrel.admin, &format!("/admin/reports/{}/", id(&quarrel).await)).await;
    assert!(shown.contains("/image/\" alt="), "{shown}");
}

#[tokio::test]
async fn picture_that_nobody_reported_goes_with_its_message() {
    let quarrel = Quarrel::start().await;
    let folder = quarrel.server.data_dir().join("photos/messages");
    let folders = || std::fs::read_dir(&folder).map_or(0, Iterator::count);
    let first = send_picture(&quarrel, &quarrel.owner).await;
    send_picture(&quarrel, &quarrel.client).await;
    assert_eq!(folders(), 2);
    let words = quarrel.say(&quarrel.owner, BAD).await;
    quarrel.report(&quarrel.client, Some(&words), "").await;
    take_back(&quarrel.owner, first["id"].as_str().expect("an id")).await;
    assert_eq!(folders(), 1, "the report was about another message");
}
