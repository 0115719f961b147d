//! Names of channels, and the form of a hint on its way: a version byte, the sender's number, JSON.

use crate::{
    UserId,
    bus::{Hint, Topic},
};

/// Nodes of two releases may share a bus: what a node cannot read, it treats as lost.
const VERSION: u8 = 1;
const HEAD_BYTES: usize = 9;

/// A node's names.
#[derive(Clone, Debug)]
pub(super) struct Names {
    prefix: String,
    node: u64,
}

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    Hint(Hint),
    Own,
    Unknown,
}

impl Names {
    pub(super) fn new(prefix: &str, node: u64) -> Self {
        Self { prefix: prefix.to_owned(), node }
    }

    /// The channel of what every node must hear.
    pub(super) fn everyone(&self) -> String {
        format!("{}:all", self.prefix)
    }

    /// The set of the nodes that a user has connections to.
    pub(super) fn presence(&self, user: UserId) -> String {
        format!("{}:p:{}", self.prefix, user.0.simple())
    }

    /// The key of the lease of a node, by its name in those sets.
    pub(super) fn lease(&self, node: &str) -> String {
        format!("{}:n:{node}", self.prefix)
    }

    /// This node's name in those sets. After trouble it takes another, and what stood under the old one lapses.
    pub(super) fn node(&self, generation: u64) -> String {
        format!("{}-{generation}", self.node)
    }

    pub(super) fn channel(&self, topic: Option<Topic>) -> String {
        match topic {
            None => self.everyone(),
            Some(Topic::Conversation(id)) => format!("{}:c:{}", self.prefix, id.0.simple()),
            Some(Topic::User(id)) => format!("{}:u:{}", self.prefix, id.0.simple()),
        }
    }

    pub(super) fn encode(&self, hint: &Hint) -> Option<Vec<u8>> {
        let mut payload = vec![VERSION];
        payload.extend(self.node.to_be_bytes());
        serde_json::to_writer(&mut payload, hint).ok()?;
        Some(payload)
    }

    /// What no node can read: it says that something was lost before it.
    pub(super) fn loss(&self) -> Vec<u8> {
        let mut payload = vec![VERSION];
        payload.extend(self.node.to_be_bytes());
        payload
    }

    pub(super) fn decode(&self, payload: &[u8]) -> Read {
        let Some((head, json)) = payload.split_at_checked(HEAD_BYTES) else { return Read::Unknown };
        if head[0] != VERSION {
            return Read::Unknown;
        }
        if head[1..] == self.node.to_be_bytes() {
            return Read::Own;
        }
        serde_json::from_slice(json).map_or(Read::Unknown, Read::Hint)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn hint_travels_and_its_sender_ignores_it() {
        let (here, there) = (Names::new("t", 1), Names::new("t", 2));
        let hint = Hint::Unread { user: UserId(Uuid::from_u128(7)) };
        let payload = here.encode(&hint).unwrap();
        assert_eq!(there.decode(&payload), Read::Hint(hint));
        assert_eq!(here.decode(&payload), Read::Own);
    }

    #[test]
    fn loss_is_told_to_the_others() {
        let (here, there) = (Names::new("t", 1), Names::new("t", 2));
        assert_eq!((there.decode(&here.loss()), here.decode(&here.loss())), (Read::Unknown, Read::Own));
    }

    #[test]
    fn what_cannot_be_read_counts_as_lost() {
        let names = Names::new("t", 1);
        let mut newer = names.encode(&Hint::Unread { user: UserId(Uuid::nil()) }).unwrap();
        newer[0] = 2;
        for payload in [&b""[..], b"\x01", b"\x01\0\0\0\0\0\0\0\x02{}", &newer] {
            assert_eq!(names.decode(payload), Read::Unknown);
        }
    }
}
