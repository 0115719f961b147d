//! Which of eSewa's hosts serves what.
//!
//! An SDK whose addresses are fixed reaches the emulator under eSewa's own names, by a hosts entry or a
//! proxy. Under such a name only that host's part of eSewa answers, so that a client which asks the wrong
//! host learns it here. Under any other name, such as `127.0.0.1`, everything answers.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Emulator;
use super::quirks::StatusHosts;
use crate::environment::FORM_PATH;

/// The domain of all of eSewa's hosts.
pub(super) const DOMAIN: &str = "esewa.com.np";

/// Answers 404 where the host that was asked for does not serve the path.
pub(super) async fn route(State(emulator): State<Emulator>, request: Request, next: Next) -> Response {
    let Some(host) = esewa_host(request.uri(), request.headers()) else { return next.run(request).await };
    let path = request.uri().path();
    let answers_status = match emulator.quirks().status_hosts {
        StatusHosts::All => true,
        StatusHosts::Epay => is_epay(&host),
        StatusHosts::Main => !is_epay(&host),
    };
    match (parts_of(&host), part_at(path)) {
        (Some(_), Some(Part::Status)) if !answers_status => {
            not_here(&format!("{host} does not serve {path}"))
        }
        (_, Some(Part::Emulator)) => next.run(request).await,
        (Some(parts), Some(part)) if parts.contains(&part) => next.run(request).await,
        (Some(_), _) => not_here(&format!("{host} does not serve {path}")),
        (None, _) => not_here(&format!("eSewa has no host {host} that the emulator knows")),
    }
}

/// Whether a name is in eSewa's domain.
pub(super) fn is_esewa(host: &str) -> bool {
    host.strip_suffix(DOMAIN).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// A part of eSewa.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Form,
    Page,
    Status,
    V1,
    Intent,
    Link,
    Mobile,
    /// The emulator's own, under every name.
    Emulator,
}

/// The documented hosts and those that were seen to answer, test and production.
fn parts_of(host: &str) -> Option<&'static [Part]> {
    Some(match host {
        host if is_epay(host) => &[Part::Form, Part::Page, Part::Status],
        "uat.esewa.com.np" | "rc.esewa.com.np" | DOMAIN => {
            &[Part::Status, Part::V1, Part::Page, Part::Mobile]
        }
        "dev.esewa.com.np" => &[Part::V1, Part::Page],
        "rc-checkout.esewa.com.np" | "checkout.esewa.com.np" => &[Part::Intent],
        "rc-links.esewa.com.np" | "links.esewa.com.np" => &[Part::Link],
        _ => return None,
    })
}

fn is_epay(host: &str) -> bool {
    matches!(host, "rc-epay.esewa.com.np" | "epay.esewa.com.np")
}

fn part_at(path: &str) -> Option<Part> {
    Some(match path.strip_suffix('/').unwrap_or(path) {
        FORM_PATH => Part::Form,
        "/api/epay/transaction/status" => Part::Status,
        "/epay/main" | "/epay/transrec" => Part::V1,
        "/mobile/transaction" => Part::Mobile,
        "/_sandbox" => Part::Emulator,
        path if path.starts_with("/_sandbox/") => Part::Emulator,
        path if path == "/epay" || path.starts_with("/epay/") => Part::Page,
        path if path.starts_with("/api/client/intent/") => Part::Intent,
        path if path.starts_with("/pay/") => Part::Link,
        _ => return None,
    })
}

/// The host that was asked for, where it is one of eSewa's; a proxy gets it in the address itself.
fn esewa_host(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = uri.authority().map(axum::http::uri::Authority::as_str).or(named)?;
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host).to_ascii_lowercase();
    is_esewa(&host).then_some(host)
}

fn not_here(why: &str) -> Response {
    (StatusCode::NOT_FOUND, format!("{why}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Environment, Order};

    #[test]
    fn the_clients_own_addresses_are_all_served() {
        for environment in [Environment::Test, Environment::Production] {
            let endpoints = environment.into_endpoints();
            for url in endpoints.status_urls.iter().chain([&endpoints.form_url]) {
                let parts = parts_of(url.host_str().unwrap()).unwrap();
                assert!(parts.contains(&part_at(url.path()).unwrap()), "{url}");
            }
        }
    }

    #[cfg(all(feature = "legacy", feature = "intent", feature = "mobile"))]
    #[test]
    fn so_are_those_of_the_other_protocols() {
        use crate::{
            intent::IntentMerchant, legacy::LegacyMerchant, mobile::MobileMerchant, mobile::MobileQuery,
        };
        let order = Order {
            transaction_uuid: crate::TransactionUuid::new("1").unwrap(),
            total_amount: crate::Amount::ZERO,
        };
        let mobile = MobileMerchant::test().url(MobileQuery::Order(&order));
        for url in [LegacyMerchant::test().verify_url(), &IntentMerchant::test().status_url(), &mobile] {
            let parts = parts_of(url.host_str().unwrap()).unwrap();
            assert!(parts.contains(&part_at(url.path()).unwrap()), "{url}");
        }
    }

    #[test]
    fn only_esewas_names_are_routed() {
        let host = |uri: &'static str, named: &'static str| {
            let headers = HeaderMap::from_iter([(header::HOST, named.parse().unwrap())]);
            esewa_host(&Uri::from_static(uri), &headers)
        };
        assert_eq!(host("/epay", "RC-epay.esewa.com.np:443").as_deref(), Some("rc-epay.esewa.com.np"));
        assert_eq!(host("/epay", "esewa.com.np").as_deref(), Some("esewa.com.np"));
        assert_eq!(host("http://uat.esewa.com.np/epay/main", "proxy").as_deref(), Some("uat.esewa.com.np"));
        for other in ["127.0.0.1:8090", "localhost", "notesewa.com.np", "esewa.com.np.example", "[::1]:8090"]
        {
            assert_eq!(host("/epay", other), None, "{other}");
        }
    }
}
