//! Which addresses a subscription may name. Whoever subscribes tells us where to send requests to, so it must be a push
//! service that the configuration knows, over https, on the one port of https.

use url::{Host, Url};

/// The longest endpoint that is taken.
pub const ENDPOINT_BYTES_MAX: usize = 2_048;

/// The push services that messages go to.
#[derive(Debug, Clone)]
pub struct PushServices {
    hosts: Vec<HostPattern>,
    test: Option<Url>,
}

/// A host, or with `*.` in front all hosts below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    name: String,
    below: bool,
}

/// Why an endpoint is none that we send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointRefused {
    /// No address, or with a name, a password or a fragment in it.
    #[error("is not the address of a subscription.")]
    NotAnEndpoint,
    /// Longer than any service makes them.
    #[error("is longer than {ENDPOINT_BYTES_MAX} bytes.")]
    TooLong,
    /// Not https on its own port.
    #[error("must begin with https:// and name no port.")]
    NotHttps,
    /// A host that the configuration doesn't name.
    #[error("is not at a push service that is known here.")]
    UnknownService,
}

impl HostPattern {
    /// From `push.example` or `*.push.example`; `None` when it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, below) = text.strip_prefix("*.").map_or((text, false), |rest| (rest, true));
        match Host::parse(name) {
            Ok(Host::Domain(parsed)) if parsed == name && !name.contains('*') && !name.ends_with('.') => {
                Some(Self { name: parsed, below })
            }
            _ => None,
        }
    }

    fn covers(&self, host: &str) -> bool {
        match host.strip_suffix(self.name.as_str()) {
            Some("") => !self.below,
            Some(before) => self.below && before.len() > 1 && before.ends_with('.'),
            None => false,
        }
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.below { "*." } else { "" }, self.name)
    }
}

impl PushServices {
    /// These hosts; and, where tests are run, a service on this machine whose origin is `test`.
    pub fn new(hosts: Vec<HostPattern>, test: Option<Url>) -> Self {
        Self { hosts, test }
    }

    /// The hosts, as they were configured.
    pub fn hosts(&self) -> &[HostPattern] {
        &self.hosts
    }

    /// The service for tests.
    pub fn test(&self) -> Option<&Url> {
        self.test.as_ref()
    }

    /// How many services those are.
    pub fn count(&self) -> usize {
        self.hosts.len() + 1
    }

    /// Which of them this is, of those that pass: all hosts below one name are one service.
    pub fn number_of(&self, endpoint: &Url) -> usize {
        let host = endpoint.host_str().unwrap_or_default();
        let is_test = self.test.as_ref().is_some_and(|test| test.origin() == endpoint.origin());
        let known = self.hosts.iter().position(|pattern| !is_test && pattern.covers(host));
        known.unwrap_or(self.hosts.len())
    }

    /// The endpoint, if messages may go there. Names only: what a name leads to is seen when it is dialled.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn check(&self, endpoint: &str) -> Result<Url, EndpointRefused> {
        if endpoint.len() > ENDPOINT_BYTES_MAX {
            return Err(EndpointRefused::TooLong);
        }
        let url = Url::parse(endpoint).map_err(|_| EndpointRefused::NotAnEndpoint)?;
        // What is escaped becomes longer, and this is what is kept.
        if url.as_str().len() > ENDPOINT_BYTES_MAX {
            return Err(EndpointRefused::TooLong);
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(EndpointRefused::NotAnEndpoint);
        }
        if self.test.as_ref().is_some_and(|test| test.origin() == url.origin()) {
            return Ok(url);
        }
        // The port of the scheme itself is not kept by the parser.
        if url.scheme() != "https" || url.port().is_some() {
            return Err(EndpointRefused::NotHttps);
        }
        match url.host() {
            Some(Host::Domain(host)) if self.hosts.iter().any(|pattern| pattern.covers(host)) => Ok(url),
            _ => Err(EndpointRefused::UnknownService),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn services() -> PushServices {
        let hosts = ["fcm.googleapis.com", "*.push.apple.com", "*.notify.windows.com"];
        PushServices::new(hosts.iter().filter_map(|host| HostPattern::parse(host)).collect(), None)
    }

    #[test]
    fn endpoints_of_the_services_pass() {
        for endpoint in [
            "https://fcm.googleapis.com/fcm/send/abc:def",
            "https://FCM.googleapis.com:443/fcm/send/abc",
            "https://web.push.apple.com/QGx",
            "https://wns2-par02p.notify.windows.com/w/?token=BQ",
        ] {
            assert!(services().check(endpoint).is_ok(), "{endpoint}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        use EndpointRefused::{NotAnEndpoint, NotHttps, TooLong, UnknownService};
        let long = format!("https://fcm.googleapis.com/{}", "a".repeat(ENDPOINT_BYTES_MAX));
        let escaped = format!("https://fcm.googleapis.com/{}", "é".repeat(ENDPOINT_BYTES_MAX / 4));
        for (endpoint, why) in [
            ("", NotAnEndpoint),
            ("fcm.googleapis.com/x", NotAnEndpoint),
            ("https://user@fcm.googleapis.com/x", NotAnEndpoint),
            ("https://:secret@fcm.googleapis.com/x", NotAnEndpoint),
            ("https://fcm.googleapis.com/x#y", NotAnEndpoint),
            ("http://fcm.googleapis.com/x", NotHttps),
            ("ftp://fcm.googleapis.com/x", NotHttps),
            ("file:///etc/passwd", NotHttps),
            ("https://fcm.googleapis.com:8443/x", NotHttps),
            ("https://fcm.googleapis.com:80/x", NotHttps),
            ("https://fcm.googleapis.com.evil.example/x", UnknownService),
            ("https://evilfcm.googleapis.com/x", UnknownService),
            ("https://sub.fcm.googleapis.com/x", UnknownService),
            ("https://fcm.googleapis.com./x", UnknownService),
            ("https://push.apple.com/x", UnknownService),
            ("https://evil-push.apple.com/x", UnknownService),
            ("https://.push.apple.com/x", UnknownService),
            ("https://evil.example/https://fcm.googleapis.com/x", UnknownService),
            ("https://evil.example\\@fcm.googleapis.com/x", UnknownService),
            ("https://localhost/x", UnknownService),
            ("https://127.0.0.1/x", UnknownService),
            ("https://0x7f.1/x", UnknownService),
            ("https://[::1]/x", UnknownService),
            ("https://[::ffff:10.0.0.1]/x", UnknownService),
            ("https://169.254.169.254/latest/meta-data/", UnknownService),
            (&long, TooLong),
            (&escaped, TooLong),
        ] {
            assert_eq!(services().check(endpoint).err(), Some(why), "{endpoint}");
        }
    }

    #[test]
    fn service_for_tests_is_one_origin_only() {
        let test = Url::parse("http://127.0.0.1:9090/").unwrap();
        let services = PushServices::new(services().hosts, Some(test));
        assert!(services.check("http://127.0.0.1:9090/push/1").is_ok());
        for other in
            ["http://127.0.0.1:9091/push/1", "https://127.0.0.1:9090/push/1", "http://127.0.0.2:9090/"]
        {
            assert!(services.check(other).is_err(), "{other}");
        }
    }

    #[test]
    fn hosts_below_one_name_are_one_service() {
        let test = Url::parse("http://127.0.0.1:9090/").unwrap();
        let services = PushServices::new(services().hosts, Some(test));
        let numbers = [
            "https://fcm.googleapis.com/x",
            "https://web.push.apple.com/x",
            "https://a.notify.windows.com/x",
            "https://b.notify.windows.com/x",
            "http://127.0.0.1:9090/x",
        ]
        .map(|endpoint| services.number_of(&services.check(endpoint).unwrap()));
        assert_eq!((numbers, services.count()), ([0, 1, 2, 2, 3], 4));
    }

    #[test]
    fn pattern_is_a_name_and_nothing_else() {
        for wrong in [
            "",
            "*",
            "*.",
            "127.0.0.1",
            "[::1]",
            "a/b",
            "https://a.example",
            "A.example",
            "a.example.",
            "*.*.a",
        ] {
            assert_eq!(HostPattern::parse(wrong), None, "{wrong}");
        }
        assert_eq!(HostPattern::parse("*.push.example").unwrap().to_string(), "*.push.example");
    }
}
