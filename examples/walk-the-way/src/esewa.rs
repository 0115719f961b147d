//! The payer's part at eSewa, as a browser does it: post the form, log in, token, confirm.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use serde_json::{Value, json};

use crate::person::{Failed, expect};

/// Pays with eSewa's public test account; where the browser is sent back to.
pub(crate) async fn pay(intent: &Value) -> Result<String, Failed> {
    let http = Client::builder().redirect(Policy::none()).build()?;
    let form = &intent["esewa"];
    let action = form["url"].as_str().unwrap_or_default();
    let fields: Vec<(&str, &str)> = form["fields"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
        .collect();
    let taken = http.post(action).form(&fields).send().await?;
    expect("eSewa takes the form", 302, taken.status().as_u16())?;
    let page = location(&taken)?;
    let booking = page.query_pairs().find(|(name, _)| name == "bookingId").map(|(_, id)| id.into_owned());
    let booking = booking.ok_or_else(|| Failed::new("eSewa's page names no booking"))?;

    let steps: [(&str, &[(&str, &str)]); 3] = [
        ("login", &[("esewa_id", "9806800001"), ("password", "Nepal@123")]),
        ("token", &[("token", "123456")]),
        ("confirm", &[]),
    ];
    let mut last = taken;
    for (step, typed) in steps {
        let url = page.join(&format!("/epay/{step}")).map_err(|_| Failed::new("no address"))?;
        let mut form = vec![("bookingId", booking.as_str())];
        form.extend_from_slice(typed);
        last = http.post(url).form(&form).send().await?;
        if last.status().is_client_error() {
            return Err(Failed::new(format!("eSewa refuses the step {step}: {}", last.status())));
        }
    }
    Ok(location(&last)?.into())
}

/// What a dishonest payer can make of the form alone: its signature, under a claim that it was paid.
pub(crate) fn forge(intent: &Value, base: &str) -> String {
    let fields = &intent["esewa"]["fields"];
    let payload = json!({
        "transaction_code": "000AWEO",
        "status": "COMPLETE",
        "total_amount": fields["total_amount"],
        "transaction_uuid": fields["transaction_uuid"],
        "product_code": fields["product_code"],
        "signed_field_names": fields["signed_field_names"],
        "signature": fields["signature"],
    });
    let data = STANDARD.encode(payload.to_string()).replace('+', "%2B").replace('=', "%3D");
    format!("{base}/esewa-success/?data={data}")
}

fn location(response: &Response) -> Result<Url, Failed> {
    let to = response.headers().get("location").and_then(|value| value.to_str().ok());
    let to = to.ok_or_else(|| Failed::new("eSewa sends the browser nowhere"))?;
    response.url().join(to).map_err(|_| Failed::new("eSewa sends the browser to no address"))
}
