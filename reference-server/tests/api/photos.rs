//! Photos of rooms: what is taken, what is refused, who sees it, and that nothing of a private one is to be had without
//! the unlock.

use image::{DynamicImage, ImageFormat, RgbImage};
use reference_server::db::photo_leftovers;
use reference_server::photos::{self, Audience, PhotoName};
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
        assert_eq!((status, &*about), (200, "image/jpeg; public, max-age=600"));
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

#[tokio::test]
async fn photo_is_locked_and_shown_again_under_a_new_name() {
    let scene = Scene::start().await;
    let (owner, room) = scene.server.room().await;
    let (_, photo) = upload(&owner, &room, picture(80, 60, ImageFormat::Jpeg), false).await;
    let (client, visitor) = (&scene.client, scene.server.visitor());
    let name_of = |url: &str| url.rsplit('/').next().expect("a file").trim_end_matches(".jpg").to_owned();
    let public = photo["url"].as_str().expect("a URL").to_owned();
    let path = |url: &str| format!("/api/rooms/{room}/photos/{}/", name_of(url));
    for (who, expected) in [(&visitor, 401), (client, 403), (&scene.server.owner().await, 403)] {
        let (status, _) = who.send("PATCH", &path(&public), &json!({ "private": true })).await;
        assert_eq!(status, expected);
    }
    let (status, locked) = owner.send("PATCH", &path(&public), &json!({ "private": true })).await;
    assert_eq!((status.as_u16(), &locked["private"]), (200, &json!(true)), "{locked}");
    let private = locked["url"].as_str().expect("a URL").to_owned();
    assert_ne!(name_of(&public), name_of(&private), "who knows the old name knows nothing");
    let (_, shown) = visitor.get(&format!("/api/rooms/{room}/")).await;
    assert_eq!(shown["photos"], json!([]));
    for (who, url, expected) in [
        (&visitor, &public, 404),
        (&visitor, &private, 401),
        (client, &private, 402),
        (&owner, &private, 200),
        (client, &format!("/photos/{}.jpg", name_of(&private)), 404),
    ] {
        assert_eq!(fetch(who, url).await.0, expected, "{url}");
    }
    // The same again changes nothing.
    let (_, same) = owner.send("PATCH", &path(&private), &json!({ "private": true })).await;
    assert_eq!(same, locked);
    let (_, again) = owner.send("PATCH", &path(&private), &json!({ "private": false })).await;
    let again = again["url"].as_str().expect("a URL").to_owned();
    assert_eq!(fetch(&visitor, &again).await.0, 200);
    assert_eq!(fetch(&owner, &private).await.0, 404);
    assert_eq!(owner.send("PATCH", &path(&private), &json!({ "private": false })).await.0, 404);
    assert_eq!(files(&scene.server), 2, "one photo in its two sizes");
}

/// What a crash leaves: files that no row names, half written ones, and a row that was to be removed and is not.
#[tokio::test]
async fn files_that_a_crash_left_without_a_room_are_swept_up_and_no_others() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let (_, kept) = upload(&owner, &room, picture(80, 60, ImageFormat::Jpeg), true).await;
    let kept = kept["url"].as_str().expect("a URL").to_owned();
    let state = server.running.state();
    let now = paygate::Clock::now(&*state.clock);
    let kept_name: PhotoName = kept.rsplit('/').next().expect("a file")[..22].parse().expect("a name");
    photo_leftovers::note(&state.db, &kept_name, Audience::Unlocked, now).await.expect("a row");
    for audience in [Audience::Everybody, Audience::Unlocked] {
        let name = PhotoName::draw().expect("randomness");
        photo_leftovers::note(&state.db, &name, audience, now).await.expect("a row");
        let file = picture(30, 20, ImageFormat::Png);
        state.photos.keep(name.clone(), file.into(), audience).await.expect("kept");
        let folder = if audience == Audience::Everybody { "public" } else { "private" };
        let draft = format!("photos/{folder}/{}.draft", name.as_str());
        std::fs::write(server.data_dir().join(draft), "half").expect("written");
    }
    assert_eq!(files(&server), 8);
    let later = |minutes| now + jiff::SignedDuration::from_mins(minutes);
    assert_eq!(photos::sweep(state, later(9)).await.expect("swept"), 0, "it may still be at work");
    assert_eq!(files(&server), 8);
    assert_eq!(photos::sweep(state, later(11)).await.expect("swept"), 2);
    assert_eq!(files(&server), 2);
    assert_eq!(fetch(&owner, &kept).await.0, 200);
    assert_eq!(photos::sweep(state, later(60)).await.expect("swept"), 0, "each is dealt with once");
}

/// Nothing stays noted where nothing was cut off.
#[tokio::test]
async fn photos_that_came_and_went_in_order_leave_nothing_to_sweep() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    for (file, private) in [
        (picture(80, 60, ImageFormat::Jpeg), false),
        (picture(80, 60, ImageFormat::Jpeg), true),
        (b"no picture".to_vec(), false),
    ] {
        let (status, photo) = upload(&owner, &room, file, private).await;
        let Some(url) = photo["url"].as_str() else {
            assert_eq!(status, 415);
            continue;
        };
        let name = &url.rsplit('/').next().expect("a file")[..22];
        let path = format!("/api/rooms/{room}/photos/{name}/");
        let (_, photo) = owner.send("PATCH", &path, &json!({ "private": !private })).await;
        let name = &photo["url"].as_str().expect("a URL").rsplit('/').next().expect("a file")[..22];
        let path = format!("/api/rooms/{room}/photos/{name}/");
        assert_eq!(owner.send("DELETE", &path, &Value::Null).await.0, 204);
    }
    let state = server.running.state();
    let end = "2100-01-01T00:00:00Z".parse().expect("a time");
    assert_eq!(photo_leftovers::noted_before(&state.db, end, 10).await.expect("rows"), []);
    assert_eq!(files(&server), 0);
}

#[tokio::test]
async fn owner_who_leaves_takes_every_photo_along() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    for private in [false, true] {
        upload(&owner, &room, picture(80, 60, ImageFormat::Jpeg), private).await;
    }
    assert_eq!(files(&server), 4);
    assert_eq!(owner.post("/api/account/delete/", &json!({ "password": "correct horse" })).await.0, 204);
    assert_eq!(files(&server), 0);
    let end = "2100-01-01T00:00:00Z".parse().expect("a time");
    let noted = photo_leftovers::noted_before(&server.running.state().db, end, 10).await;
    assert_eq!(noted.expect("rows"), []);
}

fn files(server: &TestServer) -> usize {
    let folders = ["photos/public", "photos/private"].map(|folder| server.data_dir().join(folder));
    folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).map(Iterator::count).sum()
}

#[tokio::test]
async fn photo_of_a_room_that_is_not_listed_is_for_who_still_sees_the_room() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let (admin, payer, other) = (server.admin().await, server.client().await, server.client().await);
    let (_, photo) = upload(&owner, &room, picture(900, 700, ImageFormat::Png), false).await;
    let url = photo["url"].as_str().expect("a URL").to_owned();
    let shown = server.visitor().request("GET", &url).send().await.expect("an answer");
    let etag = shown.headers()["etag"].to_str().expect("text").to_owned();
    let again = server.visitor().request("GET", &url).header("if-none-match", &etag).send().await;
    let again = again.expect("an answer");
    assert_eq!(
        (again.status().as_u16(), &again.headers()["cache-control"]),
        (304, &shown.headers()["cache-control"])
    );
    let intent = payer.start_payment(&room).await;
    payer.follow(&server.payer().pay(&intent).await).await;
    let because = json!({ "reason": "It is somebody else's." });
    assert_eq!(admin.post(&format!("/api/admin/rooms/{room}/suspend/"), &because).await.0, 200);
    for (who, status) in
        [(&server.visitor(), 404), (&other, 404), (&payer, 200), (&owner, 200), (&admin, 200)]
    {
        let (answered, about, _) = fetch(who, &url).await;
        assert_eq!(answered, status);
        assert!(about.ends_with("no-store"), "{about}");
    }
    let kept = server.visitor().request("GET", &url).header("if-none-match", &etag).send().await;
    assert_eq!(kept.expect("an answer").status(), 404, "who keeps it is told no more than others");
}
