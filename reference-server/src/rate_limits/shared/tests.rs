//! Servers that count together, on the Redis of `TEST_REDIS_URL`.

use redis::aio::ConnectionManagerConfig;
use uuid::Uuid;

use super::*;
use crate::rate_limits::RouteClass;

const QUOTA: Quota = Quota::new(3, 1);

/// A server on this Redis; those with the same prefix count together.
fn server(url: &str, prefix: &str) -> Shared {
    let config = ConnectionManagerConfig::new().set_number_of_retries(0);
    let client = redis::Client::open(url).expect("an address");
    Shared::new(ConnectionManager::new_lazy_with_config(client, config).expect("lazy"), prefix)
}

fn redis_url() -> String {
    std::env::var("TEST_REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned())
}

fn own_prefix() -> String {
    #[expect(clippy::disallowed_methods, reason = "names must differ between runs at the same time")]
    let run = Uuid::new_v4();
    format!("kotha-test:{run}")
}

fn key() -> Key {
    Key::account(RouteClass::Write, Uuid::from_u128(1))
}

#[tokio::test]
async fn servers_on_one_redis_count_together() {
    let prefix = own_prefix();
    let (one, other) = (server(&redis_url(), &prefix), server(&redis_url(), &prefix));
    assert_eq!(one.spend(&key(), QUOTA, 0).await, Ok(()));
    assert_eq!(other.spend(&key(), QUOTA, 0).await, Ok(()));
    assert_eq!(one.spend(&key(), QUOTA, 0).await, Ok(()));
    let Err(Wait { us }) = other.spend(&key(), QUOTA, 0).await else { panic!("one too many passed") };
    assert!((1..=60_000_000).contains(&us), "{us}");
}

#[tokio::test]
async fn what_is_given_back_there_can_be_spent_again() {
    let shared = server(&redis_url(), &own_prefix());
    for _ in 0..10 {
        assert_eq!(shared.spend(&key(), QUOTA, 0).await, Ok(()));
        shared.give_back(&key(), QUOTA, 0).await;
    }
}

#[tokio::test]
async fn products_that_share_a_redis_count_apart() {
    let (one, other) = (server(&redis_url(), &own_prefix()), server(&redis_url(), &own_prefix()));
    for _ in 0..3 {
        assert_eq!(one.spend(&key(), QUOTA, 0).await, Ok(()));
    }
    assert!(one.spend(&key(), QUOTA, 0).await.is_err());
    assert_eq!(other.spend(&key(), QUOTA, 0).await, Ok(()));
}

#[tokio::test]
async fn request_never_fails_because_redis_did() {
    // Port 9 is nobody's.
    let shared = server("redis://127.0.0.1:9", &own_prefix());
    for _ in 0..10 {
        assert_eq!(shared.spend(&key(), QUOTA, 1).await, Ok(()));
    }
}
