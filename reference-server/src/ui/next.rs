//! Where a person goes on after logging in.

/// `path` when it stays on this site, else nothing: an open redirect would lend our name to any other site.
pub fn local_path(path: &str) -> Option<&str> {
    let one_slash = path.starts_with('/') && !path[1..].starts_with(['/', '\\']);
    // Browsers drop tabs and line breaks before they read an address, so "/\t/evil.example" is "//evil.example".
    let plain = path.len() <= 512 && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (one_slash && plain).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_paths_pass() {
        for path in ["/", "/rooms/0190/", "/rooms/0190/?payment=success", "/chats/#latest"] {
            assert_eq!(local_path(path), Some(path));
        }
    }

    #[test]
    fn other_sites_are_refused() {
        for path in [
            "",
            "rooms/",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/a b",
            "/ok\\..\\x",
        ] {
            assert_eq!(local_path(path), None, "{path:?}");
        }
    }
}
