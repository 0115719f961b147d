//! The form: what is taken, what is refused, and in which bytes.

use esewa_client::sandbox::{AmountForm, DuplicateUuid, Quirks, SuccessUrlQuery, UuidCharset};
use esewa_client::{RawCallback, SecretKey, Signature};

use crate::world::World;

const FORM: &str = "/api/epay/main/v2/form";
const OUTAGE: &str =
    r#"{"error_message":"Service is currently unavailable. Please try again later.","code":0}"#;

/// Changes a field, and signs again.
fn resigned(mut fields: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    fields.iter_mut().find(|(field, _)| field == name).unwrap().1 = value.to_owned();
    let get = |name: &str| fields.iter().find(|(field, _)| field == name).unwrap().1.clone();
    let (total, uuid, code) = (get("total_amount"), get("transaction_uuid"), get("product_code"));
    let signed = [("total_amount", &*total), ("transaction_uuid", &*uuid), ("product_code", &*code)];
    let signature = Signature::sign(&SecretKey::test(), signed).to_base64();
    fields.iter_mut().find(|(field, _)| field == "signature").unwrap().1 = signature;
    fields
}

#[tokio::test]
async fn a_good_form_goes_to_the_payment_page() {
    let world = World::new().await;
    for (uuid, path) in [("a", FORM), ("b", "/api/epay/main/v2/form/")] {
        let seen = world.post(path, &world.fields(uuid, "100")).await;
        assert_eq!(seen.http_status, 302);
        let location = seen.location.unwrap();
        assert!(location.starts_with("/epay?bookingId=") && location.ends_with("%3D%3D"), "{location}");
        assert!(world.get(&location).await.text.contains("Rs 100.00"));
    }
}

#[tokio::test]
async fn fields_may_come_in_the_query() {
    let world = World::new().await;
    let mut url = world.at(FORM);
    url.query_pairs_mut().extend_pairs(world.fields("a", "100"));
    let response = world.browser.post(url).send().await.unwrap();
    assert_eq!(response.status(), 302);
}

#[tokio::test]
async fn a_wrong_signature_is_es104() {
    let world = World::new().await;
    let mut fields = world.fields("a", "100");
    fields[4].1 = "100.0".to_owned();
    let seen = world.post(FORM, &fields).await;
    assert_eq!(seen.http_status, 400);
    assert_eq!(seen.text, r#"{"code":"ES104","message":"Invalid payload signature."}"#);
    assert_eq!(seen.diagnosis.as_deref(), Some("the amount was signed as 100, but sent differently"));
}

#[tokio::test]
async fn strict_parity_sends_no_diagnosis() {
    let mut quirks = Quirks::default();
    (quirks.strict_parity, quirks.es104_http_status) = (true, 200);
    let world = World::with(quirks).await;
    let mut fields = world.fields("a", "100");
    fields[4].1 = "100.0".to_owned();
    let seen = world.post(FORM, &fields).await;
    assert_eq!((seen.http_status, seen.diagnosis), (200, None));
}

#[tokio::test]
async fn get_gives_the_outage_body() {
    let seen = World::new().await.get(FORM).await;
    assert_eq!((seen.http_status, &*seen.text), (409, OUTAGE));
}

#[tokio::test]
async fn an_unknown_merchant_has_its_own_words() {
    let world = World::new().await;
    let fields = resigned(world.fields("a", "100"), "product_code", "NP-ES-NOBODY");
    let seen = world.post(FORM, &fields).await;
    assert_eq!(
        seen.text,
        r#"{"error_message":"Unable to fetch merchant key. Please try again later.","code":0}"#
    );
}

#[tokio::test]
async fn what_is_missing_or_does_not_add_up_is_refused() {
    let world = World::new().await;
    for (name, value, words) in [
        ("tax_amount", "", "tax_amount is required."),
        ("tax_amount", "1", "do not add up"),
        ("amount", "many", "do not add up"),
        ("success_url", "javascript:alert(1)", "success_url is not a web address."),
        ("success_url", "http://shop.example/a\r\nset-cookie: b", "success_url is not a web address."),
        ("failure_url", "http://shop.example/a\nb", "failure_url is not a web address."),
    ] {
        let seen = world.post(FORM, &resigned(world.fields("a", "100"), name, value)).await;
        assert_eq!(seen.http_status, 400);
        assert!(seen.text.contains(words), "{}", seen.text);
    }
}

#[tokio::test]
async fn an_id_is_taken_once_unless_told_otherwise() {
    let world = World::new().await;
    world.book("a", "100").await;
    let seen = world.post(FORM, &world.fields("a", "100")).await;
    assert!(seen.text.contains("Duplicate transaction_uuid."), "{}", seen.text);

    let mut quirks = Quirks::default();
    quirks.duplicate_uuid = DuplicateUuid::Reopen;
    let world = World::with(quirks).await;
    world.book("a", "100").await;
    world.book("a", "100").await;
    assert_eq!(world.post(FORM, &world.fields("a", "101")).await.http_status, 400);
    world.pay("a", "complete").await;
    assert_eq!(world.post(FORM, &world.fields("a", "100")).await.http_status, 400, "it is paid");
}

#[tokio::test]
async fn the_documented_charset_can_be_enforced() {
    let mut quirks = Quirks::default();
    quirks.uuid_charset = UuidCharset::Documented;
    let world = World::with(quirks).await;
    assert_eq!(world.post(FORM, &world.fields("TXN_1", "100")).await.http_status, 400);
    World::new().await.book("TXN_1", "100").await;
}

#[tokio::test]
async fn each_form_of_the_amount_verifies() {
    use base64::Engine as _;
    for (form, text) in [
        (AmountForm::Plain, r#""total_amount":"5000.0","#),
        (AmountForm::LegacyComma, r#""total_amount":"5,000.0","#),
        (AmountForm::JsonNumber, r#""total_amount":5000.0,"#),
    ] {
        let mut quirks = Quirks::default();
        quirks.amount_form = form;
        let world = World::with(quirks).await;
        let order = world.book("a", "5000").await;
        let answer = world.pay("a", "complete").await;
        let (_, data) = answer["redirect_url"].as_str().unwrap().split_once("?data=").unwrap();
        let json = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
        let json = String::from_utf8(json).unwrap();
        assert!(json.starts_with(r#"{"transaction_code":"000H"#) && json.contains(text), "{json}");
        let callback = world.merchant.verify_callback(RawCallback::from_data(data).unwrap()).unwrap();
        assert!(callback.matches(&order));
    }
}

#[tokio::test]
async fn a_query_in_the_success_address_is_glued_or_joined() {
    for (choice, glue) in [(SuccessUrlQuery::Glue, "?pid=1?data="), (SuccessUrlQuery::Join, "?pid=1&data=")] {
        let mut quirks = Quirks::default();
        quirks.success_url_query = choice;
        let world = World::with(quirks).await;
        let fields = resigned(world.fields("a", "100"), "success_url", "http://shop.example/ok?pid=1");
        assert_eq!(world.post(FORM, &fields).await.http_status, 302);
        let answer = world.pay("a", "complete").await;
        let address = answer["redirect_url"].as_str().unwrap();
        assert!(address.contains(glue), "{address}");
        let callback = RawCallback::from_query(address.split_once('?').unwrap().1).unwrap();
        assert!(world.merchant.verify_callback(callback).is_ok());
    }
}

#[tokio::test]
async fn a_body_over_the_bound_is_refused() {
    let world = World::new().await;
    let seen = world.post(FORM, &[("amount", "1".repeat(70_000))]).await;
    assert_eq!(seen.http_status, 413);
}

#[tokio::test]
async fn an_address_beyond_the_bound_is_refused() {
    let world = World::new().await;
    for (length, http_status) in [(2_048, 302), (2_049, 400)] {
        let mut fields = world.fields(&format!("order-{length}"), "100");
        // Addresses are not signed.
        let success = fields.iter_mut().find(|(name, _)| name == "success_url").unwrap();
        success.1 = format!("{:a<length$}", "http://shop.example/");
        assert_eq!(world.post("/api/epay/main/v2/form", &fields).await.http_status, http_status, "{length}");
    }
}

#[tokio::test]
async fn what_only_the_emulator_says_is_marked() {
    let world = World::new().await;
    world.book("a", "100").await;
    let assumed = async |fields: &[(String, String)]| {
        let answer =
            world.browser.post(world.at("/api/epay/main/v2/form")).form(fields).send().await.unwrap();
        (answer.headers().contains_key("x-esewa-assumed"), answer.text().await.unwrap())
    };
    let fields = world.fields("a", "100");
    let (ours, text) = assumed(&fields).await;
    assert!(ours && text.contains("Duplicate"), "{text}");
    // These words are eSewa's.
    let mut stranger = fields.clone();
    stranger.iter_mut().find(|(name, _)| name == "product_code").unwrap().1 = "NOBODY".to_owned();
    let (ours, text) = assumed(&stranger).await;
    assert!(!ours && text.contains("Unable to fetch merchant key"), "{text}");
    world.control("/_sandbox/quirks", serde_json::json!({ "strict_parity": true })).await;
    assert!(!assumed(&fields).await.0);
}
