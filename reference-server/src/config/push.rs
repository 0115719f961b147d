//! Web push: where messages may be sent, and when.

use std::fmt;

use url::{Host, Url};

use super::checked::{ConfigProblem, unusable};
use super::{EsewaEnvironment, Settings};
use crate::push::{HostPattern, PushServices};

/// The push services of the browsers that there are: Chrome and its kin, Firefox, Edge, Safari.
pub(super) const SERVICES: &str =
    "fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com";
/// How long a person may be asked to wait for the news at most.
const AFTER_S_MAX: u64 = 60 * 60;

/// The `KOTHA_PUSH_…` variables.
#[derive(Debug, Clone)]
pub struct PushConfig {
    /// `KOTHA_PUSH_SERVICES` and `KOTHA_PUSH_TEST_SERVICE`.
    pub services: PushServices,
    /// `KOTHA_PUSH_CONTACT`: whom a push service may write to about us; by default the public https address.
    pub contact: Option<String>,
    /// `KOTHA_PUSH_AFTER_S`: how long after a message who has not read it is told, in milliseconds.
    pub after_ms: u64,
}

impl PushConfig {
    pub(super) fn resolve(settings: &Settings) -> Result<Self, ConfigProblem> {
        let hosts = settings.push_services.iter().map(|host| host.trim()).filter(|host| !host.is_empty());
        let hosts = hosts.map(pattern).collect::<Result<Vec<_>, _>>()?;
        if hosts.is_empty() {
            return Err(unusable("KOTHA_PUSH_SERVICES", "names no push service"));
        }
        let test =
            settings.push_test_service.as_deref().map(|text| test_service(text, settings)).transpose()?;
        let contact = match &settings.push_contact {
            Some(contact) if contact.starts_with("mailto:") || contact.starts_with("https://") => {
                Some(contact.clone())
            }
            Some(_) => return Err(unusable("KOTHA_PUSH_CONTACT", "must begin with mailto: or https://")),
            None => settings.public_url.as_ref().filter(|url| url.scheme() == "https").map(Url::to_string),
        };
        if settings.push_after_s > AFTER_S_MAX {
            return Err(unusable("KOTHA_PUSH_AFTER_S", format!("must be at most {AFTER_S_MAX}")));
        }
        let services = PushServices::new(hosts, test);
        Ok(Self { services, contact, after_ms: settings.push_after_s * 1_000 })
    }

    /// For `check-config`.
    pub(super) fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts: Vec<_> = self.services.hosts().iter().map(ToString::to_string).collect();
        writeln!(f, "KOTHA_PUSH_SERVICES={}", hosts.join(","))?;
        writeln!(f, "KOTHA_PUSH_CONTACT={}", self.contact.as_deref().unwrap_or("(unset)"))?;
        writeln!(f, "KOTHA_PUSH_AFTER_S={}", self.after_ms / 1_000)?;
        match self.services.test() {
            Some(test) => writeln!(f, "KOTHA_PUSH_TEST_SERVICE={test}"),
            None => writeln!(f, "KOTHA_PUSH_TEST_SERVICE=(unset)"),
        }
    }
}

fn pattern(text: &str) -> Result<HostPattern, ConfigProblem> {
    HostPattern::parse(text).ok_or_else(|| {
        let reason = format!("`{text}` is neither a host such as push.example nor *.push.example");
        unusable("KOTHA_PUSH_SERVICES", reason)
    })
}

/// Only an address of this machine, by number, so that the exception from the guard can lead nowhere else.
fn test_service(text: &str, settings: &Settings) -> Result<Url, ConfigProblem> {
    let refused = |reason| Err(unusable("KOTHA_PUSH_TEST_SERVICE", reason));
    if settings.esewa_environment == EsewaEnvironment::Production {
        return refused("production has none");
    }
    let Ok(url) = Url::parse(text) else { return refused("must be like http://127.0.0.1:9090") };
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    };
    match here && url.scheme() == "http" && url.path() == "/" {
        true => Ok(url),
        false => refused("must be like http://127.0.0.1:9090: on this machine, by number, without a path"),
    }
}
