//! Dialling public addresses only. A name of a push service may lead anywhere by the time it is asked for, also into the
//! network that this server stands in; what is resolved here is what is dialled, so nothing can change in between.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Where names are looked up.
#[async_trait]
pub trait Lookup: Send + Sync + 'static {
    /// The addresses of a host; a port of 0 stands for the scheme's own.
    async fn lookup(&self, host: &str) -> io::Result<Vec<SocketAddr>>;
}

/// The system's own way.
#[derive(Debug, Clone, Copy)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, host: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.collect())
    }
}

/// Gives a connection the public ones of a name's addresses, and no other.
pub struct PublicAddresses(pub Arc<dyn Lookup>);

/// A name that leads nowhere where we would go.
#[derive(Debug, thiserror::Error)]
#[error("the name has no public address")]
pub struct NoPublicAddress;

impl Resolve for PublicAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = Arc::clone(&self.0);
        Box::pin(async move {
            let found = lookup.lookup(name.as_str()).await?;
            let public: Vec<_> = found.into_iter().filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(NoPublicAddress.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the internet at large, by IANA's registries of special addresses.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|network| network.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // The whole of the older internet, as networks without it see it: what is inside decides.
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    GLOBAL_V6.contains(&address) && !SPECIAL_V6.iter().any(|network| network.contains(&address))
}

static SPECIAL_V4: LazyLock<Vec<Ipv4Net>> = LazyLock::new(|| {
    let networks = [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ];
    networks.iter().filter_map(|text| text.parse().ok()).collect()
});

/// All that is given out; anything else is local, or nobody's.
static GLOBAL_V6: LazyLock<Ipv6Net> = LazyLock::new(|| net_v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3));
static NAT64: LazyLock<Ipv6Net> = LazyLock::new(|| net_v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96));
/// Tunnels that carry older addresses inside, and examples for books.
static SPECIAL_V6: LazyLock<[Ipv6Net; 4]> = LazyLock::new(|| {
    [
        net_v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
        net_v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
        net_v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
        net_v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
    ]
});

fn net_v6(segments: [u16; 8], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::from(segments), bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_network_is_there() {
        assert_eq!(SPECIAL_V4.len(), 15);
    }

    #[test]
    fn internal_addresses_are_told_from_public_ones() {
        for internal in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.168.1.1",
            "198.19.255.255",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::808:808",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_public(internal.parse().unwrap()), "{internal}");
        }
        for public in
            ["8.8.8.8", "142.250.1.1", "172.32.0.1", "2a00:1450:4001::5f", "2600::1", "64:ff9b::808:808"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
