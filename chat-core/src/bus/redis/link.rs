//! The way to Redis: one server, or the shards of a cluster.

#[cfg(feature = "redis-cluster")]
use std::time::Duration;

#[cfg(feature = "redis-cluster")]
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use redis::{
    Client, Cmd, IntoConnectionInfo as _, RedisResult, Value, aio::MultiplexedConnection,
    io::tcp::TcpSettings,
};
#[cfg(feature = "redis-cluster")]
use redis::{
    ConnectionInfo, ProtocolVersion,
    cluster::{ClusterClient, ClusterClientBuilder},
    cluster_async::ClusterConnection,
};

/// How long a connection may take.
pub(super) const CONNECT_TIMEOUT_MS: u64 = 2_000;
/// How long Redis may take before its connection is given up.
pub(super) const ANSWER_TIMEOUT_MS: u64 = 2_000;

/// The first wait before Redis is tried again; doubled each time.
pub(super) const RETRY_MS_MIN: u64 = 50;
/// The longest wait.
pub(super) const RETRY_MS_MAX: u64 = 2_000;

/// Where Redis is.
#[derive(Clone)]
pub(super) enum Place {
    Server(Box<Client>),
    #[cfg(feature = "redis-cluster")]
    Cluster(Vec<ConnectionInfo>),
}

/// A connection for commands.
pub(super) enum Link {
    Server(MultiplexedConnection),
    #[cfg(feature = "redis-cluster")]
    Cluster(ClusterConnection),
}

impl Place {
    pub(super) fn server(url: &str) -> RedisResult<Self> {
        let info = url.into_connection_info()?.set_tcp_settings(at_once());
        Ok(Self::Server(Box::new(Client::open(info)?)))
    }

    #[cfg(feature = "redis-cluster")]
    pub(super) fn cluster(urls: &[&str]) -> RedisResult<Self> {
        let nodes: RedisResult<Vec<_>> = urls.iter().map(|url| url.into_connection_info()).collect();
        let nodes = nodes?;
        // Only to hear now rather than later that the addresses do not fit together.
        builder(&nodes).build()?;
        Ok(Self::Cluster(nodes))
    }

    pub(super) async fn connect(&self) -> RedisResult<Link> {
        match self {
            Self::Server(client) => Ok(Link::Server(client.get_multiplexed_async_connection().await?)),
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(nodes) => {
                let client: ClusterClient = builder(nodes).build()?;
                Ok(Link::Cluster(client.get_async_connection().await?))
            }
        }
    }

    /// The command that says something on a channel: in a cluster to the one shard of that channel.
    pub(super) fn publish(&self, channel: &str, payload: &[u8]) -> Cmd {
        let mut command = match self {
            Self::Server(_) => redis::cmd("PUBLISH"),
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(_) => redis::cmd("SPUBLISH"),
        };
        command.arg(channel).arg(payload);
        command
    }
}

impl Link {
    /// Runs all commands in one round trip (a cluster: one for each of its shards), and gives their answers in order.
    pub(super) async fn run(&mut self, commands: Vec<Cmd>) -> RedisResult<Vec<Value>> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        match self {
            Self::Server(connection) => {
                let mut pipeline = redis::pipe();
                for command in commands {
                    pipeline.add_command(command);
                }
                pipeline.query_async(connection).await
            }
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(connection) => {
                let count = commands.len();
                let answers = stream::iter(commands).map(|command| {
                    let mut connection = connection.clone();
                    async move { command.query_async::<Value>(&mut connection).await }
                });
                answers.buffered(count).try_collect().await
            }
        }
    }
}

/// A hint does not wait for another to be sent with.
fn at_once() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}

#[cfg(feature = "redis-cluster")]
pub(super) fn builder(nodes: &[ConnectionInfo]) -> ClusterClientBuilder {
    ClusterClientBuilder::new(nodes.to_vec())
        .use_protocol(ProtocolVersion::RESP3)
        .connection_timeout(timeout(CONNECT_TIMEOUT_MS))
        .response_timeout(timeout(ANSWER_TIMEOUT_MS))
        .tcp_settings(at_once())
}

#[cfg(feature = "redis-cluster")]
fn timeout(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
