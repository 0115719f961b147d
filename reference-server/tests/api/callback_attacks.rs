//! One test an attack: what a payer who holds the form's own signature, or another's callback, may try.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::Scene;

const SIX: &str = "transaction_code,status,total_amount,transaction_uuid,product_code,signed_field_names";
/// eSewa's public test key: whoever reads its documents can sign with it.
const TEST_KEY: &[u8] = b"8gBm/:&EnhH.1/q";

impl Scene {
    async fn call_back(&self, payload: &Value) -> (u16, Value) {
        let data = STANDARD.encode(payload.to_string());
        let url = reqwest::Url::parse_with_params(&self.server.url("/esewa-success/"), [("data", data)]);
        let (status, body) = self.client.follow_as_program(url.expect("a URL").as_str()).await;
        (status.as_u16(), body)
    }

    /// Refused as forged, and nothing has changed.
    async fn refuses(&self, payload: &Value) {
        let before = self.client.get("/api/payments/").await;
        let (status, problem) = self.call_back(payload).await;
        assert_eq!((status, &problem["code"]), (400, &json!("invalid_callback")), "{payload}");
        assert_eq!(self.client.get("/api/payments/").await, before, "something changed");
        assert_eq!(self.client.contact_status(&self.room).await, 402);
    }
}

fn payload(id: &str, amount: &str, signed: &str, signature: &str) -> Value {
    json!({
        "transaction_code": "000AWEO", "status": "COMPLETE", "total_amount": amount, "transaction_uuid": id,
        "product_code": "EPAYTEST", "signed_field_names": signed, "signature": signature,
    })
}

fn sign(payload: &mut Value, key: &[u8]) {
    let names = payload["signed_field_names"].as_str().expect("names").to_owned();
    let pairs: Vec<_> =
        names.split(',').map(|name| format!("{name}={}", payload[name].as_str().expect("text"))).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(pairs.join(",").as_bytes());
    payload["signature"] = json!(STANDARD.encode(mac.finalize().into_bytes()));
}

#[tokio::test]
async fn forms_own_signature_replayed_as_complete_is_refused() {
    let scene = Scene::start().await;
    let fields = &scene.intent["esewa"]["fields"];
    let (names, signature) = (&fields["signed_field_names"], &fields["signature"]);
    let forged = payload(scene.id(), "30", names.as_str().expect("text"), signature.as_str().expect("text"));
    scene.refuses(&forged).await;
    let mut wider = forged;
    wider["signed_field_names"] = json!(SIX);
    scene.refuses(&wider).await;
}

#[tokio::test]
async fn genuine_callback_with_one_changed_value_is_refused() {
    let scene = Scene::start().await;
    let mut genuine = payload(scene.id(), "30.0", SIX, "");
    sign(&mut genuine, TEST_KEY);
    for (field, value) in [
        ("status", "PENDING"),
        ("total_amount", "30.00"),
        ("total_amount", "3,0.0"),
        ("transaction_code", "000AWEP"),
        ("product_code", "EPAYTESU"),
    ] {
        let mut tampered = genuine.clone();
        tampered[field] = json!(value);
        if field == "total_amount" && value.contains(',') {
            // The thousands comma is signed without the comma: this one is well-signed, and unlocks nothing.
            let (_, body) = scene.call_back(&tampered).await;
            assert_ne!(body["status"], "success", "{body}");
            continue;
        }
        scene.refuses(&tampered).await;
    }
}

#[tokio::test]
async fn signature_of_another_key_is_refused() {
    let scene = Scene::start().await;
    let mut forged = payload(scene.id(), "30.0", SIX, "");
    sign(&mut forged, b"another key");
    scene.refuses(&forged).await;
}

#[tokio::test]
async fn well_signed_callback_without_a_payment_behind_it_unlocks_nothing() {
    let scene = Scene::start().await;
    let mut signed = payload(scene.id(), "30.0", SIX, "");
    sign(&mut signed, TEST_KEY);
    let (status, payment) = scene.call_back(&signed).await;
    assert_eq!((status, &payment["status"]), (200, &json!("pending")));
    // Somebody with the key says it was paid, eSewa has not seen it: until that is known, no second payment either.
    assert_eq!(scene.client.contact_status(&scene.room).await, 409);
    assert!(scene.server.payer().asked(scene.id()).await >= 1, "eSewa was asked");
}

#[tokio::test]
async fn callback_of_a_transaction_that_is_not_ours_is_unknown() {
    let scene = Scene::start().await;
    let mut foreign = payload("somebody-elses-shop", "30.0", SIX, "");
    sign(&mut foreign, TEST_KEY);
    let (status, problem) = scene.call_back(&foreign).await;
    assert_eq!((status, &problem["code"]), (404, &json!("not_found")));
    assert_eq!(scene.server.payer().asked("somebody-elses-shop").await, 0, "nothing is asked about it");
}

#[tokio::test]
async fn another_payments_callback_opens_only_its_own_room() {
    let scene = Scene::start().await;
    let (_, dear) = scene.server.room().await;
    scene.client.start_payment(&dear).await;
    let back = scene.server.payer().pay(&scene.intent).await;
    let (_, location) = scene.client.follow(&back).await;
    assert_eq!(location, format!("/rooms/{}/?payment=success", scene.room));
    assert_eq!(scene.client.contact_status(&scene.room).await, 200);
    assert_eq!(scene.client.contact_status(&dear).await, 402);
}

#[tokio::test]
async fn smaller_amount_paid_under_our_id_opens_nothing() {
    let scene = Scene::start().await;
    let payer = scene.server.payer();
    // The payer signs a form of their own with the public key: our id, one rupee.
    let mut form = scene.intent.clone();
    for field in ["amount", "total_amount"] {
        form["esewa"]["fields"][field] = json!("1");
    }
    let fields = &mut form["esewa"]["fields"];
    sign(fields, TEST_KEY);
    let back = payer.pay(&form).await;
    let (_, payment) = scene.client.follow_as_program(&back).await;
    assert_ne!(payment["status"], "success");
    assert_ne!(scene.client.contact_status(&scene.room).await, 200);
}
