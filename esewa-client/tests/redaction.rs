//! Nothing that can be printed shows a key, a password or a signature.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail the test")]

use std::error::Error;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use esewa_client::{
    CheckoutRequest, Endpoints, Environment, Merchant, ProductCode, RawCallback, SecretKey, Signature,
    TransactionUuid, diagnose,
};

const KEY: &str = "8gBm/:&EnhH.1/q";
/// The documented payload, whose `signature` is genuine.
const DATA: &str = include_str!("vectors/documented_callback.txt");

fn assert_hidden(printed: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!printed.contains(secret), "{secret} is in {printed}");
    }
}

/// An error and all that it rests on, in both forms.
fn both(error: &dyn Error) -> String {
    let mut printed = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(error) = source {
        printed += &format!(" {error} {error:?}");
        source = error.source();
    }
    printed
}

fn request() -> CheckoutRequest {
    let url = || "https://shop.example/".parse().unwrap();
    let uuid = TransactionUuid::new("250610-162413").unwrap();
    CheckoutRequest::new(uuid, "1000".parse().unwrap(), url(), url()).unwrap()
}

#[test]
fn debug_and_display_show_no_key_and_no_signature() {
    let merchant = Merchant::test().with_former_key(SecretKey::test()).unwrap();
    let form = merchant.checkout(&request());
    let form_signature = form.fields()[10].1.clone();
    let raw = RawCallback::from_data(DATA.trim()).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&STANDARD.decode(DATA.trim()).unwrap()).unwrap();
    let callback_signature = json["signature"].as_str().unwrap().to_owned();
    let verified = merchant.verify_callback(raw.clone()).unwrap();
    let signature = Signature::sign(&SecretKey::test(), [("a", "b")]);

    let mut printed = format!("{merchant:?} {:?} {form:?} {raw:?} {verified:?} {signature:?}", request());
    printed += &format!("{:?}", SecretKey::new(KEY));
    #[cfg(feature = "client")]
    {
        let builder = esewa_client::Client::builder(merchant.clone());
        printed += &format!("{builder:?}");
        printed += &format!("{:?}", builder.build().unwrap());
    }
    assert_hidden(
        &printed,
        &[KEY, &KEY[..6], &form_signature, &callback_signature, &signature.to_base64(), "250610-162413,"],
    );
    assert!(printed.contains("[redacted]"));
    assert_eq!(format!("{raw:?}"), "RawCallback([unverified])");
}

#[test]
fn no_error_repeats_what_it_is_about() {
    let key_errors = [format!("{KEY}("), format!(" {KEY}"), KEY.replace('&', "&amp;"), KEY.repeat(99)];
    let mut printed: String =
        key_errors.into_iter().map(|key| both(&SecretKey::new(key).unwrap_err())).collect();
    printed +=
        &both(&Merchant::new(Environment::Production, ProductCode::test(), SecretKey::test()).unwrap_err());
    let genuine = STANDARD.decode(DATA.trim()).unwrap();
    let genuine = String::from_utf8(genuine).unwrap();
    for broken in [
        genuine.replace("COMPLETE", "PENDING"),
        genuine.replace("signed_field_names", "signed"),
        genuine.replace("\"signature\"", "\"signature\":\"x\",\"signature\""),
        genuine[..300].to_owned(),
    ] {
        let raw = RawCallback::from_data(&STANDARD.encode(&broken));
        printed += &both(&raw.and_then(|raw| Merchant::test().verify_callback(raw)).unwrap_err());
    }
    let json: serde_json::Value = serde_json::from_str(&genuine).unwrap();
    let form = Merchant::test().checkout(&request());
    let mut fields: Vec<(&str, &str)> =
        form.fields().iter().map(|(name, value)| (*name, value.as_str())).collect();
    let copied = SecretKey::new_without_lint(format!("{KEY}(")).unwrap();
    let wrong = Signature::sign(&copied, fields[4..7].iter().copied()).to_base64();
    fields[10].1 = &wrong;
    printed += &format!("{:?}", diagnose(&SecretKey::test(), &fields));
    assert!(printed.contains("KeyParenthesis"), "{printed}");
    assert_hidden(&printed, &[KEY, &KEY[..6], json["signature"].as_str().unwrap(), "000AWEO", &wrong]);
}

#[test]
fn an_address_is_shown_without_its_password() {
    let url = |path: &str| format!("https://name:hunter2@proxy.example/{path}").parse::<url::Url>().unwrap();
    let endpoints = Endpoints { form_url: url("form"), status_urls: vec![url("status")] };
    let environment = Environment::Custom(endpoints);
    let mut printed = format!("{environment:?}");
    let merchant = Merchant::new(environment, ProductCode::test(), SecretKey::test()).unwrap();
    printed += &format!("{merchant:?} {:?}", merchant.endpoints());
    #[cfg(feature = "legacy")]
    {
        printed += &format!("{:?}", esewa_client::legacy::LegacyMerchant::at(&url(""), ProductCode::test()));
    }
    #[cfg(feature = "intent")]
    {
        printed += &format!("{:?}", esewa_client::intent::IntentMerchant::sandbox(&url("")));
    }
    #[cfg(feature = "mobile")]
    {
        printed += &format!("{:?}", esewa_client::mobile::MobileMerchant::sandbox(&url("")));
    }
    let private = || url("order/1?token=letmein");
    let uuid = TransactionUuid::new("1").unwrap();
    let checkout = CheckoutRequest::new(uuid, "1".parse().unwrap(), url("paid"), private()).unwrap();
    printed += &format!("{checkout:?} {:?}", merchant.checkout(&checkout));
    #[cfg(feature = "intent")]
    {
        let asked = esewa_client::intent::IntentRequest::new(checkout.order(), private(), private()).unwrap();
        let asked = asked.with_customer_id("hunter2").unwrap().with_remarks("letmein").unwrap();
        printed += &format!("{asked:?}");
    }
    #[cfg(feature = "sandbox")]
    {
        use esewa_client::sandbox::{Emulator, EmulatorConfig};
        let config = EmulatorConfig::new(private());
        printed += &format!("{config:?} {:?}", Emulator::new(config.clone()));
    }
    assert_hidden(&printed, &["hunter2", "name:", "letmein"]);
    assert!(
        printed.contains("proxy.example/status") && printed.contains("proxy.example/order/1"),
        "{printed}"
    );
}

#[cfg(feature = "client")]
#[tokio::test]
async fn no_error_of_a_call_shows_where_it_went() {
    use esewa_client::{Client, RequestError, Settlement};
    let url = |host: &str| format!("http://name:hunter2@{host}/?token=letmein").parse::<url::Url>().unwrap();
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut printed = both(&Client::builder(Merchant::test()).timeout_ms(0).build().unwrap_err());
    // Nobody listens on port 1, and whoever listens on the other says nothing.
    for host in ["127.0.0.1:1".to_owned(), silent.local_addr().unwrap().to_string()] {
        let endpoints = Endpoints { form_url: url(&host), status_urls: vec![url(&host)] };
        let environment = Environment::Custom(endpoints);
        let merchant = Merchant::new(environment, ProductCode::test(), SecretKey::test()).unwrap();
        let client = Client::builder(merchant).timeout_ms(200).build().unwrap();
        printed += &both(&client.confirm(&request().order()).await.unwrap_err());
    }
    for error in [
        RequestError::Outage,
        RequestError::UnknownMerchant,
        RequestError::InvalidSignature,
        RequestError::UnexpectedHtml { http_status: 502 },
        RequestError::TooLarge { body_bytes_max: 1 },
        RequestError::Refused { http_status: 403, code: None },
    ] {
        printed += &both(&error);
        let settlement: Settlement = Settlement::Escalate { report: None, error: Some(error) };
        printed += &format!("{settlement:?}");
    }
    assert_hidden(&printed, &["hunter2", "letmein", "250610-162413", KEY, &KEY[..6]]);
}

#[cfg(feature = "intent")]
#[test]
fn nothing_of_intent_shows_a_key_or_a_signature() {
    use esewa_client::intent::{IntentMerchant, IntentRequest, RawIntentCallback};
    const ACCESS_KEY: &str = "LB0REg8HUSw3MTYrI1s6JTE8Kyc6JyAqJiA3MQ==";
    let merchant = IntentMerchant::test().with_former_key(SecretKey::test()).unwrap();
    let url = || "https://shop.example/".parse().unwrap();
    let asked = IntentRequest::new(request().order(), url(), url()).unwrap();
    let body: serde_json::Value = serde_json::from_str(&merchant.book_body(&asked)).unwrap();
    let signature = body["signature"].as_str().unwrap();
    let raw = RawIntentCallback::from_json(body.to_string().as_bytes()).unwrap();
    let refused = merchant.verify_callback(raw.clone()).unwrap_err();
    let unread = merchant.read_status(body.to_string().as_bytes()).unwrap_err();
    let mut printed = format!("{merchant:?} {asked:?} {raw:?} {} {}", both(&refused), both(&unread));

    let data = serde_json::json!({
        "booking_id": "b-1", "product_code": "INTENT", "status": "SUCCESS", "correlation_id": "c-1",
        "reference_code": "000H9AB", "deeplink": "https://rc-links.esewa.com.np/pay/b-1", "signature": signature,
    });
    let answer = serde_json::json!({ "code": "IP-200", "data": data }).to_string();
    let booked = merchant.read_booking(&request().order(), answer.as_bytes()).unwrap();
    let report = merchant.read_status(answer.as_bytes()).unwrap();
    printed += &format!("{booked:?} {report:?} {:?}", merchant.confirm(&booked.intent, report.clone()));

    let names = ["product_code", "amount", "reference_code", "correlation_id", "status"];
    let fields = [("product_code", "INTENT"), ("amount", "1.0"), ("reference_code", "000H9AB")];
    let fields = [&fields[..], &[("correlation_id", "c-1"), ("status", "SUCCESS")]].concat();
    let of_callback = Signature::sign(&SecretKey::test_access_key(), fields.iter().copied()).to_base64();
    let mut callback: serde_json::Map<_, _> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    callback.insert("signed_field_names".to_owned(), names.join(",").into());
    callback.insert("signature".to_owned(), of_callback.clone().into());
    let raw = serde_json::to_vec(&callback).unwrap();
    let verified = merchant.verify_callback(RawIntentCallback::from_json(&raw).unwrap()).unwrap();
    printed += &format!("{verified:?}");
    assert_hidden(&printed, &[ACCESS_KEY, &ACCESS_KEY[..8], KEY, &KEY[..6], signature, &of_callback]);
}

#[cfg(feature = "mobile")]
#[test]
fn nothing_of_the_mobile_verification_shows_its_credentials() {
    use esewa_client::mobile::{MobileAnswer, MobileMerchant};
    let merchant = MobileMerchant::test();
    let [id, secret, _] = merchant.headers().map(|(_, value)| value.to_owned());
    let own = MobileMerchant::production("own-id", "own\nsecret").unwrap_err();
    let published = MobileMerchant::production(&*id, &*secret).unwrap_err();
    let mut printed = format!("{merchant:?} {} {}", both(&own), both(&published));
    // An answer that repeats the credentials.
    let answer = serde_json::json!([{
        "productId": "250610-162413", "totalAmount": "1000.0", "code": "00", "merchantId": id, "merchantSecret": secret,
        "transactionDetails": { "referenceId": "0004VZR", "status": "COMPLETE", "secret": secret },
    }]);
    let answer = MobileAnswer::parse(answer.to_string().as_bytes()).unwrap();
    printed += &format!("{answer:?} {:?}", answer.clone().confirm(&request().order()));
    printed += &both(&MobileAnswer::parse(format!("[{id}, {secret}]").as_bytes()).unwrap_err());
    assert_hidden(&printed, &[&id, &secret, "own-id", "own\nsecret", "own\\nsecret"]);
}

#[cfg(feature = "legacy")]
#[test]
fn nothing_of_v1_shows_more_than_its_three_values() {
    use esewa_client::legacy::{LegacyRedirect, Transrec};
    let redirect = LegacyRedirect::from_query("oid=1&amt=100&refId=0004VZR&token=letmein").unwrap();
    let unread = LegacyRedirect::from_query("oid=letmein").unwrap_err();
    let unanswered = Transrec::parse(b"<response>letmein</response>").unwrap_err();
    assert_hidden(&format!("{redirect:?} {} {}", both(&unread), both(&unanswered)), &["letmein"]);
}

#[cfg(feature = "token")]
#[test]
fn nothing_of_the_token_api_shows_its_credentials() {
    use esewa_client::token::{Inquiry, TokenCredentials};
    const SECRET: &str = "c2l4dGVlbiBieXRlcyBhbmQgdGhlbiBzb21l";
    let credentials = TokenCredentials::new("esewa-user", "hunter2", SECRET).unwrap();
    let colon = TokenCredentials::new("esewa:user", "hunter2", SECRET).unwrap_err();
    let secret = TokenCredentials::new("esewa-user", "hunter2", "hunter3").unwrap_err();
    let due = Inquiry::new("1".parse().unwrap()).with_property("customer_name", "Maya Tamang");
    let printed = format!("{credentials:?} {} {} {due:?}", both(&colon), both(&secret));
    assert_hidden(&printed, &["esewa-user", "esewa:user", "hunter", SECRET, "Maya"]);
}

#[cfg(feature = "sandbox")]
#[test]
fn nothing_of_the_emulator_shows_its_merchants_keys() {
    use esewa_client::sandbox::{Emulator, EmulatorConfig};
    let own = SecretKey::new("own-key-nobody-knows").unwrap();
    let code = ProductCode::new("NP-ES-SHOP").unwrap();
    let config = EmulatorConfig::new("http://127.0.0.1:8090/".parse().unwrap()).with_merchant(code, own);
    let printed = format!("{config:?} {:?}", Emulator::new(config.clone()));
    assert_hidden(&printed, &["nobody", KEY, "LB0REg8H"]);
}
