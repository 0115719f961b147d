//! What slow clients and a stopping server meet, over real connections.

use std::sync::Arc;

use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::*;
use crate::client_address::TrustedProxies;

struct Server {
    address: SocketAddr,
    places: Places,
    stopping: CancellationToken,
    serving: JoinHandle<()>,
}

/// Takes one connection at a time, and loses patience soon.
async fn start(routes: Router) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let address = listener.local_addr().expect("an address");
    let places = Places::new(ConnectionLimits {
        connections_max: 1,
        connections_per_address_max: 1,
        uncounted: TrustedProxies::default(),
        head_read_ms: 200,
        write_stall_ms: 200,
    });
    let stopping = CancellationToken::new();
    let serving = tokio::spawn(serve(listener, routes, places.clone(), stopping.clone()));
    Server { address, places, stopping, serving }
}

async fn connect(server: &Server, sent: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    stream.write_all(sent).await.expect("sent");
    stream
}

/// Everything until the server hangs up.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A connection that is cut may end in an error, too.
    let _cut = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hello() -> Router {
    Router::new().route("/hello", get(|| async { "hello" }))
}

#[tokio::test]
async fn client_that_says_nothing_is_cut_off() {
    let server = start(hello()).await;
    let mut silent = connect(&server, b"").await;
    assert_eq!(read_to_end(&mut silent).await, "");
}

#[tokio::test]
async fn client_that_never_ends_its_head_is_cut_off() {
    let server = start(hello()).await;
    let mut slow = connect(&server, b"GET /hello HTTP/1.1\r\nhost: a\r\nx-slow: ").await;
    let answer = read_to_end(&mut slow).await;
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[tokio::test]
async fn idle_connection_is_closed_after_its_answer() {
    let server = start(hello()).await;
    let mut idle = connect(&server, b"GET /hello/ HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let answer = read_to_end(&mut idle).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn client_that_takes_no_answer_is_cut_off_and_its_place_is_free() {
    const ANSWER_BYTES: usize = 64 * 1024 * 1024;
    let routes = Router::new().route("/large", get(|| async { vec![b'x'; ANSWER_BYTES] }));
    let server = start(routes).await;
    let mut greedy = connect(&server, b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    greedy.readable().await.expect("the answer begins");
    // The only place there is: it can be had once the connection is gone.
    let _free = server.places.free().await;
    assert!(read_to_end(&mut greedy).await.len() < ANSWER_BYTES);
}

#[tokio::test]
async fn open_request_is_answered_when_the_server_stops() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&begun), Arc::clone(&go_on));
    let slow = get(move || async move {
        tell.notify_one();
        wait.notified().await;
        "done"
    });
    let server = start(Router::new().route("/slow", slow)).await;
    let mut client = connect(&server, b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    begun.notified().await;
    server.stopping.cancel();
    go_on.notify_one();
    assert!(read_to_end(&mut client).await.ends_with("done"));
    server.serving.await.expect("stopped");
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

/// Answers before it has looked at the body.
fn hasty() -> Router {
    Router::new().route("/hasty", axum::routing::post(|| async { "no" })).merge(hello())
}

#[tokio::test]
async fn body_that_comes_after_its_answer_is_heard_out_before_the_next_request() {
    let server = start(hasty()).await;
    let mut client = connect(&server, b"POST /hasty HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n").await;
    client.write_all(b"words").await.expect("sent");
    client.write_all(b"GET /hello HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.expect("sent");
    let answers = read_to_end(&mut client).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
    assert!(answers.ends_with("hello"), "{answers}");
}

#[tokio::test]
async fn answer_to_a_body_that_is_too_long_to_hear_out_says_that_the_connection_ends() {
    let server = start(hasty()).await;
    for head in ["content-length: 10000000\r\n", "content-length: 5\r\nexpect: 100-continue\r\n"] {
        let head = format!("POST /hasty HTTP/1.1\r\nhost: a\r\n{head}\r\n");
        let mut client = connect(&server, head.as_bytes()).await;
        let answer = read_to_end(&mut client).await;
        assert!(answer.contains("connection: close") && !answer.contains("100 Continue"), "{answer}");
    }
}
