//! `kotha reconcile`: one round from the command line, beside servers that do the same or are down.

use std::process::Command;

use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};

use crate::ear::Ear;
use crate::process::free_port;
use crate::product::{Product, Variables, emulator, serve};
use crate::support::{Payer, Person, list_room, listing};

/// What the command said, once it has ended well.
async fn reconcile(variables: &Variables) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kotha"));
    command.arg("reconcile").env_clear().envs(variables.iter().cloned());
    let ran = tokio::task::spawn_blocking(move || command.output()).await.expect("joined").expect("ran");
    let said = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{said}");
    said
}

/// As if its time had come.
async fn make_due(sql: &mut PgConnection) {
    let due = "UPDATE paygate_payments SET next_check_at = created_at WHERE next_check_at > created_at";
    assert_eq!(sqlx::query(due).execute(sql).await.expect("due").rows_affected(), 1);
}

async fn grants(sql: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM paygate_grants").fetch_one(sql).await.expect("a count")
}

/// Everything is down but eSewa: the payment that was left open is settled by the command alone.
#[tokio::test]
async fn reconcile_settles_a_payment_that_was_left_open() {
    let mut product = Product::start().await;
    let (_owner, client, room) = product.pair(1).await;
    let payer = product.payer();
    let intent = client.start_payment(&room).await;
    payer.pay(&intent).await;
    let id = intent["transaction_id"].as_str().expect("an id");
    for node in &mut product.nodes {
        node.process.kill();
    }
    let (mut sql, before) = (product.sql().await, payer.asked(id).await);
    let said = reconcile(&product.nodes[0].variables).await;
    assert_eq!((payer.asked(id).await, grants(&mut sql).await), (before, 0), "nothing is due yet: {said}");
    make_due(&mut sql).await;
    let said = reconcile(&product.nodes[0].variables).await;
    assert_eq!((payer.asked(id).await, grants(&mut sql).await), (before + 1, 1), "{said}");
    let said = reconcile(&product.nodes[1].variables).await;
    assert_eq!((payer.asked(id).await, grants(&mut sql).await), (before + 1, 1), "again: {said}");
    product.restart(0).await;
    assert_eq!(client.contact_status(&room).await, 200);
}

/// A server holds the lease and is asking: the command leaves that payment alone.
#[tokio::test]
async fn reconcile_does_no_double_work_while_a_server_holds_the_lease() {
    let product = Product::start().await;
    let (_owner, client, room) = product.pair(1).await;
    let payer = product.payer();
    let mut ear = Ear::open(&client, "/ws/payment/").await;
    let intent = client.start_payment(&room).await;
    payer.pay(&intent).await;
    let id = intent["transaction_id"].as_str().expect("an id");
    let before = payer.asked(id).await;
    payer.slow_status_ms(3_500).await;
    let mut sql = product.sql().await;
    make_due(&mut sql).await;
    while payer.asked(id).await == before {
        tokio::task::yield_now().await;
    }
    // The lease stays where it is: neither server can finish, or begin anything else.
    product.nodes.iter().for_each(|node| node.process.pause());
    let said = reconcile(&product.nodes[0].variables).await;
    assert_eq!((payer.asked(id).await, grants(&mut sql).await), (before + 1, 0), "{said}");
    product.nodes.iter().for_each(|node| node.process.go_on());
    ear.wait("success", |frame| frame["payment"]["status"] == "success").await;
    assert_eq!(grants(&mut sql).await, 1);
    assert_eq!(client.contact_status(&room).await, 200);
}

/// On one server's own file, beside the running server: it is told what the command found.
#[tokio::test]
async fn reconcile_works_beside_a_server_on_its_file() {
    let dir = tempfile::tempdir().expect("a directory");
    let (port, emulator_port) = (free_port(), free_port());
    let (_emulator, emulator_url) = emulator(emulator_port).await;
    let esewa = esewa_client::Environment::sandbox(&emulator_url).into_endpoints();
    let variables: Variables = vec![
        ("KOTHA_LISTEN", format!("127.0.0.1:{port}")),
        ("KOTHA_DATA_DIR", dir.path().display().to_string()),
        ("KOTHA_ESEWA_ENVIRONMENT", "test".to_owned()),
        ("KOTHA_ESEWA_FORM_URL", esewa.form_url.to_string()),
        ("KOTHA_ESEWA_STATUS_URL", esewa.status_urls[0].to_string()),
    ];
    let mut server = serve(0, &variables).await;
    let url = format!("http://127.0.0.1:{port}");
    let (owner, client) =
        (person(&url, "owner", "9810000001").await, person(&url, "client", "9820000001").await);
    let room = list_room(&owner, &listing()).await;
    let payer = Payer::new(emulator_url);
    let intent = client.start_payment(&room).await;
    payer.pay(&intent).await;
    let id = intent["transaction_id"].as_str().expect("an id");
    let before = payer.asked(id).await;
    server.kill();
    let options = SqliteConnectOptions::new().filename(dir.path().join("kotha.sqlite3"));
    let mut sql = options.connect().await.expect("the file");
    let due = "UPDATE paygate_payments SET next_check_at = created_at";
    assert_eq!(sqlx::query(due).execute(&mut sql).await.expect("due").rows_affected(), 1);
    let said = reconcile(&variables).await;
    assert_eq!(payer.asked(id).await, before + 1, "{said}");
    let _server = serve(0, &variables).await;
    assert_eq!(client.contact_status(&room).await, 200);
    // The lock of the file is the server's, and the command needs none.
    reconcile(&variables).await;
    assert_eq!(payer.asked(id).await, before + 1);
}

async fn person(url: &str, role: &str, phone: &str) -> Person {
    let mut person = Person::new(url.to_owned());
    let body = json!({ "role": role, "name": "Asmita Rai", "phone": phone, "password": "correct horse" });
    let (status, me) = person.post("/api/register/", &body).await;
    assert_eq!(status, 201, "{me}");
    person.id = me["id"].as_str().expect("an id").to_owned();
    person
}
