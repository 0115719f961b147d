//! Photos of rooms: what is taken, what is refused, who sees it, and that nothing of a private one is to be had without
//! the unlock.

use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::io::Cursor;

use crate::support::{Person, Scene, TestServer, read};

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let color = |x: u32, y: u32| image::Rgb([(x % 251) as u8, (y % 241) as u8, 90]);
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, color));
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

async fn upload(who: &Person, room: &str, file: Vec<u8>, private: bool) -> (reqwest::StatusCode, Value) {
    // The name and the type that are claimed mean nothing.
    let part = Part::bytes(file).file_name("../../evil.svg").mime_str("image/svg+xml").expect("a type");
    let mut form = Form::new().part("image", part);
    if private {
        form = form.text("private", "1");
    }
    read(who.request("POST", &format!("/api/rooms/{room}/photos/")).multipart(form)).await
}

async fn fetch(who: &Person, url: &str) -> (u16, String, Vec<u8>) {
    let answer = who.request("GET", url).send().await.expect("an answer");
    let header =
        |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().expect("text")).to_owned();
    let (status, about) =
        (answer.status().as_u16(), format!("{}; {}", header("content-type"), header("cache-control")));
    (status, about, answer.bytes().await.expect("a body").to_vec())
}

#[tokio::test]
async fn public_photo_is_everybodys_in_two_sizes_until_it_is_removed() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let (status, photo) = upload(&owner, &room, picture(2_000, 1_500, ImageFormat::Png), false).await;
    assert_eq!(status, 201, "{photo}");
    let url = photo["url"].as_str().expect("a URL").to_owned();
    let visitor = server.visitor();
    let (_, shown) = visitor.get(&format!("/api/rooms/{room}/")).await;
    assert_eq!(shown["photos"], json!([url]));
    for (url, width) in [(&*url, 1_600), (photo["thumbnail_url"].as_str().expect("a URL"), 640)] {
        let (status, about, bytes) = fetch(&visitor, url).await;
        assert_eq!((status, &*about), (200, "image/jpeg; public, max-age=31536000, immutable"));
        assert_eq!(image::load_from_memory(&bytes).expect("a JPEG").width(), width);
    }
    let name = url.trim_start_matches("/photos/").trim_end_matches(".jpg");
    let path = format!("/api/rooms/{room}/photos/{name}/");
    assert_eq!(server.owner().await.send("DELETE", &path, &Value::Null).await.0, 403);
    assert_eq!(owner.send("DELETE", &path, &Value::Null).await.0, 204);
    assert_eq!(owner.send("DELETE", &path, &Value::Null).await.0, 404);
    assert_eq!(fetch(&visitor, &url).await.0, 404);
    let (_, shown) = visitor.get(&format!("/api/rooms/{room}/")).await;
    assert_eq!(shown["photos"], json!([]));
}

#[tokio::test]
async fn private_photo_opens_with_the_unlock_and_for_nobody_else() {
    let scene = Scene::start().await;
    let (owner, locked) = scene.server.room().await;
    let (_, photo) = upload(&owner, &locked, picture(80, 60, ImageFormat::Jpeg), true).await;
    let url = photo["url"].as_str().expect("a URL").to_owned();
    let client = &scene.client;
    let (_, shown) = client.get(&format!("/api/rooms/{locked}/")).await;
    assert_eq!(shown["photos"], json!([]), "not even its name");
    let stolen = url.replace(&format!("/rooms/{locked}/photos/"), "/photos/");
    let elsewhere = url.replace(&locked, &scene.room);
    for (who, path, expected) in [
        (client, &url, 402),
        (&scene.server.visitor(), &url, 401),
        (&scene.server.owner().await, &url, 403),
        (client, &stolen, 404),
        (&owner, &elsewhere, 403),
    ] {
        let (status, about, bytes) = fetch(who, path).await;
        assert_eq!(status, expected, "{path}");
        assert!(!about.contains("jpeg") && image::guess_format(&bytes).is_err());
    }
    let intent = client.start_payment(&locked).await;
    client.follow(&scene.server.payer().pay(&intent).await).await;
    let (_, contact) = client.get(&format!("/api/rooms/{locked}/contact/")).await;
    assert_eq!(contact["private_photos"], json!([url]));
    for who in [client, &owner] {
        let (status, about, _) = fetch(who, &url).await;
        assert_eq!((status, &*about), (200, "image/jpeg; private, no-store"));
    }
    // The proof is of one room: it opens no photo of another.
    let back = scene.server.payer().pay(&scene.intent).await;
    client.follow(&back).await;
    assert_eq!(fetch(client, &elsewhere).await.0, 404);
}

#[tokio::test]
async fn bad_files_are_refused_each_with_its_reason_and_leave_nothing() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let jpeg = picture(300, 200, ImageFormat::Jpeg);
    let mut bomb = picture(1, 1, ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10]);
    bomb[29..33].copy_from_slice(&0x352C_F570_u32.to_be_bytes());
    for (what, file, expected, code) in [
        ("no image", b"<svg onload='alert(1)'/>".to_vec(), 415, "unsupported_media_type"),
        ("cut off", jpeg[..jpeg.len() / 2].to_vec(), 422, "invalid_field"),
        ("nothing", Vec::new(), 422, "invalid_field"),
        ("100 megapixels", bomb, 422, "invalid_field"),
        ("20 MB", vec![0xFF; 20 * 1024 * 1024], 413, "too_large"),
    ] {
        let (status, problem) = upload(&owner, &room, file, false).await;
        assert_eq!((status.as_u16(), &problem["code"]), (expected, &json!(code)), "{what}: {problem}");
    }
    let (status, _) = owner.post(&format!("/api/rooms/{room}/photos/"), &json!({ "image": "x" })).await;
    assert_eq!(status, 415);
    let (_, shown) = owner.get(&format!("/api/rooms/{room}/")).await;
    assert_eq!(shown["photos"], json!([]));
    assert!(!server.data_dir().join("photos").exists(), "no file was written");
}

#[tokio::test]
async fn only_the_owner_adds_photos_and_only_so_many() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let file = picture(20, 20, ImageFormat::Jpeg);
    assert_eq!(upload(&server.visitor(), &room, file.clone(), false).await.0, 401);
    assert_eq!(upload(&server.client().await, &room, file.clone(), false).await.0, 403);
    assert_eq!(upload(&server.owner().await, &room, file.clone(), false).await.0, 403);
    for _ in 0..12 {
        assert_eq!(upload(&owner, &room, file.clone(), false).await.0, 201);
    }
    let (status, problem) = upload(&owner, &room, file, false).await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["field"]), (422, &json!("image")), "{problem}");
    let files = std::fs::read_dir(server.data_dir().join("photos/public")).expect("a folder").count();
    assert_eq!(files, 24, "what was refused is not kept");
}
