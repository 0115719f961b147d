//! The emulator under eSewa's own names: what an SDK with fixed addresses meets.

use std::net::SocketAddr;

use esewa_client::sandbox::LocalTls;
use esewa_client::{Confirmation, Merchant};
use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder, Proxy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::world::World;

const HOSTS: [&str; 3] = ["rc-epay.esewa.com.np", "rc.esewa.com.np", "rc-checkout.esewa.com.np"];

struct Tls {
    address: SocketAddr,
    ca: Certificate,
    plain: World,
}

#[expect(clippy::disallowed_methods, reason = "clients hold certificates against the system's clock")]
fn authority() -> LocalTls {
    LocalTls::new(jiff::Timestamp::now()).unwrap()
}

/// One emulator behind both listeners.
async fn tls() -> Tls {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let local = authority();
    let ca = Certificate::from_pem(local.ca_pem().as_bytes()).unwrap();
    let plain = World::new().await;
    let router = plain.emulator.router();
    tokio::spawn(async move { axum::serve(local.listener(listener).unwrap(), router).await });
    Tls { address, ca, plain }
}

impl Tls {
    /// What an entry in the hosts file does.
    fn by_hosts_entry(&self) -> ClientBuilder {
        HOSTS.iter().fold(browser(), |builder, host| builder.resolve(host, self.address))
    }

    fn as_proxy(&self) -> ClientBuilder {
        browser().proxy(Proxy::https(format!("http://{}", self.address)).unwrap())
    }

    fn trusted(&self, builder: ClientBuilder) -> reqwest::Client {
        builder.tls_certs_only([self.ca.clone()]).build().unwrap()
    }
}

fn browser() -> ClientBuilder {
    reqwest::Client::builder().no_proxy().redirect(Policy::none())
}

/// Form, payment and status at the addresses that nobody changed.
async fn walk(tls: &Tls, sdk: &reqwest::Client, uuid: &str) {
    let merchant = Merchant::test();
    let request = tls.plain.request(uuid, "1000");
    let form = merchant.checkout(&request);
    let answer = sdk.post(form.action().clone()).form(form.fields()).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(
        answer.headers()["x-esewa-emulator"].to_str().unwrap().split('/').next(),
        Some("esewa-client")
    );
    let page = form.action().join(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert!(sdk.get(page).send().await.unwrap().text().await.unwrap().contains("no real money"));

    tls.plain.pay(uuid, "complete").await;
    for url in merchant.status_urls(&request.order()) {
        let body = sdk.get(url).send().await.unwrap().bytes().await.unwrap();
        let answer = merchant.read_status(&request.order(), &body);
        assert!(matches!(answer, Ok(Confirmation::Paid(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn a_hosts_entry_and_the_authority_bring_an_sdk_here() {
    let tls = tls().await;
    walk(&tls, &tls.trusted(tls.by_hosts_entry()), "hosts-1").await;
}

#[tokio::test]
async fn so_does_a_proxy_setting() {
    let tls = tls().await;
    walk(&tls, &tls.trusted(tls.as_proxy()), "proxy-1").await;
}

#[tokio::test]
async fn nobody_trusts_it_unasked() {
    let tls = tls().await;
    for builder in [tls.by_hosts_entry(), tls.as_proxy()] {
        let refused = builder.build().unwrap().get("https://rc-epay.esewa.com.np/epay").send().await;
        assert!(refused.unwrap_err().is_connect());
    }
    // Another run's authority is another one.
    let other = authority();
    let other = Certificate::from_pem(other.ca_pem().as_bytes()).unwrap();
    let sdk = tls.by_hosts_entry().tls_certs_only([other]).build().unwrap();
    assert!(sdk.get("https://rc-epay.esewa.com.np/epay").send().await.is_err());
}

#[tokio::test]
async fn a_host_serves_its_own_part_only() {
    let tls = tls().await;
    let sdk = tls.trusted(tls.as_proxy());
    for (url, served) in [
        ("https://rc-epay.esewa.com.np/api/epay/transaction/status", true),
        ("https://uat.esewa.com.np/api/epay/transaction/status/", true),
        ("https://esewa.com.np/epay/transrec", true),
        ("https://rc.esewa.com.np/mobile/transaction", true),
        ("https://rc-epay.esewa.com.np/_sandbox/", true),
        ("https://rc-checkout.esewa.com.np/api/epay/transaction/status/", false),
        ("https://rc-epay.esewa.com.np/epay/transrec", false),
        ("https://links.esewa.com.np/epay", false),
        ("https://blog.esewa.com.np/epay", false),
    ] {
        let answer = sdk.get(url).send().await.unwrap();
        let host = reqwest::Url::parse(url).unwrap().host_str().unwrap().to_owned();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(!(status == 404 && text.contains(&host)), served, "{url}: {status} {text}");
    }
}

#[tokio::test]
async fn it_is_a_proxy_to_nowhere_else() {
    let tls = tls().await;
    for head in [
        "CONNECT shop.example:443 HTTP/1.1\r\n\r\n",
        "CONNECT notesewa.com.np:443 HTTP/1.1\r\n\r\n",
        "GET http://rc-epay.esewa.com.np:80/ HTTP/1.1\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(tls.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 403 "), "{head}: {answer}");
    }
}

#[tokio::test]
async fn who_is_slow_to_greet_holds_up_nobody() {
    let tls = tls().await;
    let _silent = TcpStream::connect(tls.address).await.unwrap();
    let mut half = TcpStream::connect(tls.address).await.unwrap();
    half.write_all(b"CONNECT rc-epay").await.unwrap();
    walk(&tls, &tls.trusted(tls.by_hosts_entry()), "slow-1").await;
}

#[test]
fn nothing_of_it_is_printed() {
    let tls = authority();
    assert_eq!(format!("{tls:?}"), "LocalTls { .. }");
}
