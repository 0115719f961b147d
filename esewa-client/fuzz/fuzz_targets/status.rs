//! Whatever the status API answers.
#![no_main]

use esewa_client::{Confirmation, Merchant, Order, Status, StatusReport, TransactionUuid};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(report) = StatusReport::parse(body) else { return };
    assert_eq!(Status::from_wire(report.status().as_str()).as_ref(), Some(report.status()));

    let merchant = Merchant::test();
    let order = Order {
        transaction_uuid: TransactionUuid::new("250610-162413").unwrap(),
        total_amount: "1000".parse().unwrap(),
    };
    // Paid is what repeats the whole order, and nothing else.
    let whole = report.status() == &Status::Complete
        && report.ref_id().is_some()
        && report.transaction_uuid() == Some(&order.transaction_uuid)
        && report.total_amount() == Some(order.total_amount)
        && report.product_code() == Some(merchant.product_code());
    let paid = matches!(merchant.read_status(&order, body), Ok(Confirmation::Paid(_)));
    assert_eq!(paid, whole);
});
