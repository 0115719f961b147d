//! Who is counted, for what.

use std::net::IpAddr;

use paygate::PaymentId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::class::RouteClass;
use crate::auth::{KnownDevice, Phone};
use crate::client_address::{ClientAddress, network_of};

/// Bytes of the digest that names a caller in Redis.
const DIGEST_BYTES: usize = 16;

/// One count. It has personal data in it, and shows itself nowhere.
#[derive(Hash)]
pub struct Key {
    for_what: &'static str,
    who: Who,
}

#[derive(Hash)]
enum Who {
    Address(IpAddr),
    Account(Uuid),
    Phone(String),
    PhoneFrom(String, IpAddr),
    Device(KnownDevice),
    Payment(String),
}

impl Key {
    /// Requests of a class from an address.
    pub fn address(class: RouteClass, client: ClientAddress) -> Self {
        Self { for_what: class.name(), who: Who::Address(network_of(client.0)) }
    }

    /// Requests of a class by an account.
    pub fn account(class: RouteClass, account: Uuid) -> Self {
        Self { for_what: class.name(), who: Who::Account(account) }
    }

    /// Passwords tried for a phone number.
    pub fn guesses(phone: &Phone) -> Self {
        Self { for_what: "guess", who: Who::Phone(phone.as_str().to_owned()) }
    }

    /// Passwords tried for a phone number from one address.
    pub fn guesses_from(phone: &Phone, client: ClientAddress) -> Self {
        let who = Who::PhoneFrom(phone.as_str().to_owned(), network_of(client.0));
        Self { for_what: "guess", who }
    }

    /// Passwords tried from a browser that the account has signed in from.
    pub fn guesses_of(device: &KnownDevice) -> Self {
        Self { for_what: "guess", who: Who::Device(device.clone()) }
    }

    /// Numbers with an account that somebody tried to register from an address.
    pub fn probes(client: ClientAddress) -> Self {
        Self { for_what: "probe", who: Who::Address(network_of(client.0)) }
    }

    /// Hints about a payment, from anybody.
    pub fn hints(payment: &PaymentId) -> Self {
        Self { for_what: "hint", who: Who::Payment(payment.as_str().to_owned()) }
    }

    /// Its name where others can read it: a digest, not the address or number.
    pub(super) fn digest(&self) -> String {
        let who = match &self.who {
            Who::Address(address) => format!("address:{address}"),
            Who::Account(account) => format!("account:{account}"),
            Who::Phone(phone) => format!("phone:{phone}"),
            Who::PhoneFrom(phone, address) => format!("phone:{phone}:{address}"),
            Who::Device(device) => format!("device:{:02x?}", device.as_bytes()),
            Who::Payment(id) => format!("payment:{id}"),
        };
        let digest = Sha256::digest(format!("{}:{who}", self.for_what));
        digest.iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}")).collect()
    }
}
