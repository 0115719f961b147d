//! What a phone can follow: QR codes and deep links, under the address that was asked.

use esewa_client::sandbox::{Emulator, EmulatorConfig};
use serde_json::Value;

use crate::world::World;

/// An emulator that listens on all addresses, and the one where a test reaches it.
async fn everywhere() -> World {
    let mut world = World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    world.emulator = Emulator::new(EmulatorConfig::new(format!("http://0.0.0.0:{port}/").parse().unwrap()));
    let router = world.emulator.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    world.origin = format!("http://127.0.0.1:{port}/").parse().unwrap();
    world
}

async fn first_id(world: &World) -> String {
    let list: Value = serde_json::from_str(&world.get("/_sandbox/payments").await.text).unwrap();
    list["payments"][0]["booking_id"].as_str().unwrap().to_owned()
}

/// The image of an address, as the emulator draws it.
fn drawn(address: &str) -> String {
    let code = qrcode::QrCode::new(address).unwrap();
    code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(160, 160).quiet_zone(true).build()
}

#[tokio::test]
async fn the_payment_page_has_a_code_of_its_own_address() {
    let world = World::new().await;
    world.book("a", "100").await;
    let mut page = world.at("/epay");
    page.query_pairs_mut().append_pair("bookingId", &first_id(&world).await);
    let shown = world.get(page.as_str()).await.text;
    let image = page.as_str().replace("/epay?", "/epay/qr?");
    let path = image.strip_prefix(world.origin.as_str()).unwrap();
    assert!(shown.contains("cannot follow 127.0.0.1") && shown.contains("src=\"/epay/qr?"), "{shown}");
    let seen = world.get(&format!("/{path}")).await;
    assert_eq!((seen.http_status, seen.text), (200, drawn(page.as_str())));
    assert_eq!(world.get("/epay/qr?bookingId=none").await.http_status, 404);
}

#[cfg(feature = "intent")]
#[tokio::test]
async fn on_all_addresses_a_link_leads_to_the_one_that_was_asked() {
    use esewa_client::intent::{IntentMerchant, IntentRequest};

    let world = everywhere().await;
    let merchant = IntentMerchant::sandbox(&world.origin);
    let url = || "http://shop.example/".parse().unwrap();
    let request = IntentRequest::new(world.request("a", "100").order(), url(), url()).unwrap();
    let booked = world.client.book_intent(&merchant, &request).await.unwrap();
    let link = world.at(&format!("/pay/{}", booked.intent.booking_id));
    assert_eq!(booked.deeplink, link);
    let image = world.at(&format!("/pay/{}/qr", booked.intent.booking_id));
    assert_eq!(world.get(image.as_str()).await.text, drawn(link.as_str()));
    let page = world.get(&format!("{link}/page")).await.text;
    assert!(page.contains(&format!("src=\"{}\"", image.path())), "{page}");
    // A name that nobody could be reached by is not repeated.
    let strange = world.browser.get(image.clone()).header("host", "a b").send().await.unwrap();
    assert_ne!(strange.text().await.unwrap(), drawn(&format!("http://a b/{}", link.path())));
    let lan = world.browser.get(image).header("host", "192.168.1.7:8090").send().await.unwrap();
    let expected = drawn(&format!("http://192.168.1.7:8090{}", link.path()));
    assert_eq!(lan.text().await.unwrap(), expected);
}
