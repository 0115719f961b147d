//! ePay v1, from the form to `transrec`.

use esewa_client::legacy::{LegacyMerchant, LegacyRedirect};
use esewa_client::{ProductCode, ReferenceId, RequestError};
use serde_json::json;

use crate::world::World;

const WIRE_SUCCESS: &str = "<response>\n<response_code>\nSuccess\n</response_code>\n</response>\n";

#[tokio::test]
async fn a_payment_of_v1_is_proven_by_transrec() {
    let world = World::new().await;
    let merchant = LegacyMerchant::at(&world.origin, ProductCode::test());
    let request = world.request("order-1", "1250.5");
    let seen = world.post("/epay/main", &merchant.form_fields(&request)).await;
    assert_eq!(seen.http_status, 302, "{}", seen.text);
    assert!(world.get(&seen.location.unwrap()).await.text.contains("Rs 1250.50"));

    let answer = world.pay("order-1", "complete").await;
    let address = answer["redirect_url"].as_str().unwrap();
    let redirect = LegacyRedirect::from_query(address.split_once('?').unwrap().1).unwrap();
    let order = request.order();
    assert!(redirect.matches(&order), "{address}");
    let confirm = async |order, reference| world.client.confirm_legacy(&merchant, order, reference).await;
    let payment = confirm(&order, redirect.reference()).await.unwrap().unwrap();
    assert_eq!(payment.reference(), redirect.reference());

    let fields = merchant.verify_fields(&order, redirect.reference());
    assert_eq!(world.post("/epay/transrec", &fields).await.text, WIRE_SUCCESS);
    let query: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(world.get(&format!("/epay/transrec?{}", query.join("&"))).await.text, WIRE_SUCCESS);

    let mut cheaper = order.clone();
    cheaper.total_amount = "1".parse().unwrap();
    assert_eq!(confirm(&cheaper, redirect.reference()).await.unwrap(), None);
    assert_eq!(confirm(&order, &ReferenceId::new("0000000").unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn transrec_fails_in_every_way() {
    let world = World::new().await;
    let merchant = LegacyMerchant::at(&world.origin, ProductCode::test());
    let request = world.request("order-1", "100");
    world.post("/epay/main", &merchant.form_fields(&request)).await;
    let paid = world.pay("order-1", "complete").await;
    let reference = ReferenceId::new(paid["ref_id"].as_str().unwrap()).unwrap();
    for (fault, times) in [("bad_gateway", 3), ("garbage", 3), ("cut", 3), ("forbidden", 1), ("outage", 3)] {
        world
            .control("/_sandbox/faults", json!({ "route": "transrec", "fault": fault, "times": times }))
            .await;
        let error = world.client.confirm_legacy(&merchant, &request.order(), &reference).await.unwrap_err();
        let right = match fault {
            "bad_gateway" => matches!(error, RequestError::UnexpectedHtml { http_status: 502 }),
            "cut" => matches!(error, RequestError::Transport(_)),
            "outage" => matches!(error, RequestError::Outage),
            "forbidden" => matches!(error, RequestError::Refused { http_status: 403, .. }),
            _ => matches!(error, RequestError::Malformed(_)),
        };
        assert!(right, "{fault}: {error:?}");
    }
    assert!(world.client.confirm_legacy(&merchant, &request.order(), &reference).await.unwrap().is_some());
}
