//! The switch "Tell me about new messages".

use std::fmt::Write as _;

use super::Lang;

/// How many bytes of a subscription's name a page has: enough to know one's own.
const TAG_BYTES: usize = 8;

/// What the switch's module needs to know.
#[derive(Clone, Debug)]
pub struct NotifySwitch {
    /// What a browser subscribes with.
    pub public_key: String,
    /// The names of the session's subscriptions (SHA-256 of their endpoints), each with what it is told in.
    pub subscriptions: Vec<(Vec<u8>, Lang)>,
}

impl NotifySwitch {
    /// Whether the session has a browser that is told. That it is this one is seen there.
    pub fn is_on(&self) -> bool {
        !self.subscriptions.is_empty()
    }

    /// As the module reads it: the beginnings of the names, with their languages.
    pub fn known(&self) -> String {
        let mut known = String::new();
        for (name, lang) in &self.subscriptions {
            for byte in name.iter().take(TAG_BYTES) {
                // Writing to a string does not fail.
                let _ = write!(known, "{byte:02x}");
            }
            let _ = write!(known, "={} ", lang.code());
        }
        known.truncate(known.trim_end().len());
        known
    }
}

#[cfg(test)]
impl NotifySwitch {
    pub(super) fn sample(on: bool) -> Self {
        let subscriptions = if on { vec![(vec![0xab; 32], Lang::En)] } else { Vec::new() };
        Self { public_key: "BOr0SQ".into(), subscriptions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_has_the_beginning_of_a_name_and_its_language() {
        assert_eq!(NotifySwitch::sample(true).known(), "abababababababab=en");
        assert_eq!(NotifySwitch::sample(false).known(), "");
    }
}
