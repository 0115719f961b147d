//! An owner's rooms and photos through their forms, and the search that can't be read.

use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::multipart::{Form, Part};
use std::io::Cursor;

use crate::browser::{Page, open, submit};
use crate::support::{Person, Scene, TestServer};

async fn add_photo(who: &Person, room: &str, file: Vec<u8>, private: bool) -> (u16, String) {
    let form = Form::new().part("image", Part::bytes(file).file_name("photo.jpg"));
    let form = if private { form.text("private", "1") } else { form };
    let request = who.request("POST", &format!("/rooms/{room}/photos/")).header("accept", "text/html");
    let answer = request.multipart(form).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a body"))
}

fn jpeg() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::new(40, 30)).write_to(&mut bytes, ImageFormat::Jpeg).expect("encodes");
    bytes.into_inner()
}

#[tokio::test]
async fn owner_edits_a_room_and_takes_it_down() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    assert!(open(&owner, "/my-rooms/").await.html.contains("Bright corner room"));
    let edit = format!("/rooms/{room}/edit/");
    let form = open(&owner, &edit).await.html;
    assert!(form.contains("value=\"9811111111\"") && form.contains("value=\"Shankhamul marg 45\""), "{form}");
    let mut fields = [
        ("title", "Dark corner room"),
        ("description", ""),
        ("city", "Kathmandu"),
        ("area", "Baneshwor"),
        ("rent", "much"),
        ("contact_phone", "9811111111"),
        ("address", "Shankhamul marg 45"),
    ];
    let refused = submit(&owner, &edit, &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("rent-error") && refused.html.contains("Dark corner room"));
    fields[4].1 = "10,500";
    let saved = submit(&owner, &edit, &fields).await;
    assert!(open(&owner, &saved.location).await.html.contains("Saved."));
    assert!(open(&server.visitor(), &format!("/rooms/{room}/")).await.html.contains("Rs. 10,500"));
    let other = server.owner().await;
    assert_eq!(open(&other, &edit).await.status, 403);
    assert_eq!(submit(&other, &format!("/rooms/{room}/remove/"), &[]).await.status, 403);
    let removed = submit(&owner, &format!("/rooms/{room}/remove/"), &[]).await;
    let list = open(&owner, &removed.location).await.html;
    assert!(list.contains("taken down") && list.contains("No rooms yet"), "{list}");
    assert_eq!(open(&server.visitor(), &format!("/rooms/{room}/")).await.status, 404);
    assert_eq!(open(&server.client().await, "/my-rooms/").await.status, 403);
    assert_eq!(open(&server.visitor(), "/my-rooms/").await.location, "/login/?next=%2Fmy-rooms%2F");
}

#[tokio::test]
async fn photos_are_added_shown_and_removed_without_scripts() {
    let scene = Scene::start().await;
    let (owner, room) = scene.server.room().await;
    assert_eq!(add_photo(&owner, &room, jpeg(), false).await.0, 303);
    assert_eq!(add_photo(&owner, &room, jpeg(), true).await.0, 303);
    let (status, html) = add_photo(&owner, &room, b"no picture".to_vec(), false).await;
    assert_eq!(status, 415);
    assert!(html.contains("image-error") && html.contains("JPEG, PNG or WebP picture"), "{html}");

    let page = format!("/rooms/{room}/");
    let locked = open(&scene.client, &page).await.html;
    assert!(locked.contains("src=\"/photos/") && locked.contains("1 more photo opens"), "{locked}");
    // A phone takes the small file, and whoever wants all of an upright one gets it.
    assert!(
        locked.contains("-small.jpg 640w, /photos/") && locked.contains("<a href=\"/photos/"),
        "{locked}"
    );
    assert!(!locked.contains(&format!("/rooms/{room}/photos/")), "nothing of the private one");
    let intent = scene.client.start_payment(&room).await;
    scene.client.follow(&scene.server.payer().pay(&intent).await).await;
    assert!(open(&scene.client, &page).await.html.contains(&format!("src=\"/rooms/{room}/photos/")));
    assert!(open(&scene.server.visitor(), "/").await.html.contains("-small.jpg"));

    let edit = open(&owner, &format!("/rooms/{room}/edit/")).await.html;
    let action = edit.split("action=\"").find(|part| part.contains("/remove/")).expect("a form");
    let action = action.split('"').next().expect("its end");
    assert_eq!(submit(&owner, action, &[]).await.status, 303);
    assert_eq!(open(&owner, &format!("/rooms/{room}/edit/")).await.html.matches("/remove/").count(), 1);
}

#[tokio::test]
async fn search_offers_each_city_where_a_room_is_listed_once() {
    let server = TestServer::start().await;
    let (owner, first) = server.room().await;
    for city in ["kathmandu", "Humla", "Patan"] {
        let fields = [
            ("title", "A room"),
            // Nobody has to describe one.
            ("description", ""),
            ("city", city),
            ("area", "Here"),
            ("rent", "9000"),
            ("contact_phone", "9811111111"),
            ("address", "Shankhamul marg 45"),
        ];
        assert_eq!(submit(&owner, "/rooms/new/", &fields).await.status, 303, "{city}");
    }
    submit(&owner, &format!("/rooms/{first}/remove/"), &[]).await;
    let page = open(&server.visitor(), "/").await.html;
    let (_, offered) = page.split_once("<datalist id=\"cities\">").expect("the cities");
    let (offered, _) = offered.split_once("</datalist>").expect("their end");
    assert_eq!(offered, "<option value=\"Humla\"><option value=\"kathmandu\"><option value=\"Patan\">");
}

#[tokio::test]
async fn search_that_cannot_be_read_is_mended_on_the_page() {
    let server = TestServer::start().await;
    let Page { status, html, .. } = open(&server.visitor(), "/?min_rent=cheap&city=Patan").await;
    assert_eq!(status, 400);
    assert!(html.contains("Rent from must be an amount"), "{html}");
    assert!(html.contains("value=\"cheap\"") && html.contains("value=\"Patan\""), "nothing is lost");
}
