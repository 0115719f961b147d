//! Where eSewa is: the test hosts, the production hosts, or an origin of your own.

use std::fmt;

use url::{Host, Url};

/// Which eSewa to talk to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// eSewa's shared test hosts (`rc-epay.esewa.com.np`). They are often down; the emulator of the
    /// feature `sandbox` is not.
    Test,
    /// Real money.
    Production,
    /// Other addresses: an emulator, a proxy, or a host that eSewa announced after this release.
    Custom(Endpoints),
}

/// The addresses of one environment. `Debug` hides what stands before an `@` in them, and their queries.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// What the payer's browser posts the signed form to.
    pub form_url: Url,
    /// The status API, first choice first. eSewa's own pages contradict each other about the host,
    /// so the client goes on to the next one when one does not answer sensibly.
    pub status_urls: Vec<Url>,
}

impl Environment {
    /// An emulator that answers everything on one origin, such as the one of the feature `sandbox`.
    #[must_use]
    pub fn sandbox(origin: &Url) -> Self {
        let mut form_url = origin.clone();
        form_url.set_path(FORM_PATH);
        let mut status_url = origin.clone();
        status_url.set_path(STATUS_PATH);
        Self::Custom(Endpoints { form_url, status_urls: vec![status_url] })
    }

    /// The addresses of this environment.
    #[must_use]
    pub fn into_endpoints(self) -> Endpoints {
        match self {
            Self::Test => on_hosts(["rc-epay.esewa.com.np", "rc.esewa.com.np"]),
            Self::Production => on_hosts(["epay.esewa.com.np", "esewa.com.np"]),
            Self::Custom(endpoints) => endpoints,
        }
    }

    /// Whether real money moves here, by name or by host.
    pub(crate) fn is_production(&self) -> bool {
        let real = |url: &Url| matches!(url.host_str(), Some("epay.esewa.com.np" | "esewa.com.np"));
        match self {
            Self::Test => false,
            Self::Production => true,
            Self::Custom(endpoints) => real(&endpoints.form_url) || endpoints.status_urls.iter().any(real),
        }
    }
}

/// Whether an address is sent over a network as anybody can read and change it.
pub(crate) fn is_open_to_all(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    url.scheme() != "https" && !loopback
}

impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status_urls: Vec<_> = self.status_urls.iter().map(ShownUrl).collect();
        f.debug_struct("Endpoints")
            .field("form_url", &ShownUrl(&self.form_url))
            .field("status_urls", &status_urls)
            .finish()
    }
}

/// An address for `Debug`: without the name and the password that it may have for a proxy in between, and without
/// its query, which may hold somebody's token.
pub(crate) struct ShownUrl<'u>(pub(crate) &'u Url);

impl fmt::Debug for ShownUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        if !shown.username().is_empty() || shown.password().is_some() {
            // An address that has them can be given others.
            let _ = (shown.set_password(None), shown.set_username("redacted"));
        }
        if shown.query().is_some() {
            shown.set_query(Some("redacted"));
        }
        fmt::Debug::fmt(shown.as_str(), f)
    }
}

pub(crate) const FORM_PATH: &str = "/api/epay/main/v2/form";
pub(crate) const STATUS_PATH: &str = "/api/epay/transaction/status/";

/// The form is served by the first host only; the status API was seen on both.
fn on_hosts(hosts: [&str; 2]) -> Endpoints {
    let at = |host: &str, path: &str| fixed_url(&format!("https://{host}{path}"));
    Endpoints {
        form_url: at(hosts[0], FORM_PATH),
        status_urls: hosts.iter().map(|host| at(host, STATUS_PATH)).collect(),
    }
}

#[expect(clippy::expect_used, reason = "only called with the addresses above, which a test reads")]
pub(crate) fn fixed_url(text: &str) -> Url {
    Url::parse(text).expect("a fixed address is well formed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_addresses_are_built() {
        let test = Environment::Test.into_endpoints();
        assert_eq!(test.form_url.as_str(), "https://rc-epay.esewa.com.np/api/epay/main/v2/form");
        let status: Vec<_> = test.status_urls.iter().map(Url::as_str).collect();
        assert_eq!(
            status,
            [
                "https://rc-epay.esewa.com.np/api/epay/transaction/status/",
                "https://rc.esewa.com.np/api/epay/transaction/status/",
            ]
        );
        let production = Environment::Production.into_endpoints();
        assert_eq!(production.form_url.as_str(), "https://epay.esewa.com.np/api/epay/main/v2/form");
        assert_eq!(production.status_urls[1].as_str(), "https://esewa.com.np/api/epay/transaction/status/");
    }

    #[test]
    fn a_sandbox_is_one_origin() {
        let endpoints = Environment::sandbox(&fixed_url("http://127.0.0.1:8090/")).into_endpoints();
        assert_eq!(endpoints.form_url.as_str(), "http://127.0.0.1:8090/api/epay/main/v2/form");
        assert_eq!(endpoints.status_urls[0].as_str(), "http://127.0.0.1:8090/api/epay/transaction/status/");
    }

    #[test]
    fn production_is_known_by_its_hosts_too() {
        assert!(Environment::Production.is_production());
        assert!(!Environment::Test.is_production());
        assert!(!Environment::sandbox(&fixed_url("http://127.0.0.1:8090/")).is_production());
        let mut endpoints = Environment::Test.into_endpoints();
        endpoints.status_urls.push(fixed_url("https://esewa.com.np/api/epay/transaction/status/"));
        assert!(Environment::Custom(endpoints).is_production());
    }
}
