//! What kind of work a route is, and how much of it one address and one account may ask for.

use axum::http::Method;

use super::quota::Quota;

/// How long most requests may take before the caller is told to come back.
const ANSWER_MS: u64 = 20_000;
/// How long a file may take to arrive: ten megabytes over a slow phone.
const UPLOAD_MS: u64 = 300_000;

/// A kind of route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RouteClass {
    /// Cheap, and asked by machines: files of the pages, health.
    Free,
    /// A password is hashed or compared.
    SignIn,
    /// An account is made.
    Register,
    /// eSewa's servers and returning payers, from wherever they are; each may have us ask eSewa.
    EsewaReturn,
    /// A payment is started or asked about.
    Payment,
    /// A file comes in.
    Upload,
    /// A WebSocket is opened.
    Socket,
    /// Anything else that changes something.
    Write,
    /// Anything else.
    Read,
}

impl RouteClass {
    /// The class of a request, by its method, the route's path as the router has it, and whether it may carry a file.
    pub fn of(method: &Method, route: Option<&str>, is_multipart: bool) -> Self {
        let route = route.unwrap_or_default();
        let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        match route {
            "/healthz" | "/readyz" | "/sw.js" | "/manifest.webmanifest" | "/offline/{lang}" => Self::Free,
            _ if route.starts_with("/static/") => Self::Free,
            "/esewa-success" | "/esewa-failure" | "/esewa-webhook" => Self::EsewaReturn,
            _ if route.starts_with("/ws/") => Self::Socket,
            _ if reads => Self::Read,
            "/login"
            | "/api/login"
            | "/api/account/password"
            | "/account/password"
            | "/api/account/delete"
            | "/account/delete" => Self::SignIn,
            "/register" | "/api/register" => Self::Register,
            "/create-payment-intent" | "/rooms/{id}/unlock" | "/payments/{transaction_id}/check" => {
                Self::Payment
            }
            "/rooms/{id}/photos" | "/api/rooms/{id}/photos" => Self::Upload,
            // Most messages are words.
            "/api/messages/send" | "/rooms/{id}/chat" | "/rooms/{id}/chat/{client_id}" if is_multipart => {
                Self::Upload
            }
            _ => Self::Write,
        }
    }

    /// For metrics and counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::SignIn => "sign_in",
            Self::Register => "register",
            Self::EsewaReturn => "esewa_return",
            Self::Payment => "payment",
            Self::Upload => "upload",
            Self::Socket => "socket",
            Self::Write => "write",
            Self::Read => "read",
        }
    }

    /// For one address, which many phones of one carrier may share.
    pub fn by_address(self) -> Option<Quota> {
        Some(match self {
            Self::Free => return None,
            Self::SignIn => Quota::new(40, 30),
            Self::Register => Quota::new(40, 20),
            Self::Payment | Self::Upload => Quota::new(100, 60),
            Self::Socket => Quota::new(300, 300),
            Self::Write | Self::EsewaReturn => Quota::new(300, 600),
            Self::Read => Quota::new(600, 1_200),
        })
    }

    /// For one account, wherever it is.
    pub fn by_account(self) -> Option<Quota> {
        Some(match self {
            Self::Free | Self::SignIn | Self::Register | Self::EsewaReturn => return None,
            Self::Payment | Self::Upload => Quota::new(30, 20),
            Self::Socket => Quota::new(60, 60),
            Self::Write => Quota::new(120, 240),
            Self::Read => Quota::new(300, 600),
        })
    }

    /// How long a request may take, from its head to the first byte of the answer.
    pub fn answer_ms_max(self) -> u64 {
        match self {
            Self::Upload => UPLOAD_MS,
            _ => ANSWER_MS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_a_form_is_no_try_of_a_password() {
        assert_eq!(RouteClass::of(&Method::GET, Some("/login"), false), RouteClass::Read);
        assert_eq!(RouteClass::of(&Method::POST, Some("/login"), false), RouteClass::SignIn);
    }

    #[test]
    fn path_without_a_route_is_limited_too() {
        assert_eq!(RouteClass::of(&Method::GET, None, false), RouteClass::Read);
        assert_eq!(RouteClass::of(&Method::DELETE, None, true), RouteClass::Write);
    }

    #[test]
    fn only_files_may_take_minutes() {
        let chat = "/rooms/{id}/chat";
        for route in ["/api/rooms/{id}/photos", "/api/messages/send", chat, "/rooms/{id}/chat/{client_id}"] {
            let upload = RouteClass::of(&Method::POST, Some(route), true);
            assert_eq!((upload, upload.answer_ms_max()), (RouteClass::Upload, UPLOAD_MS), "{route}");
        }
        assert_eq!(RouteClass::of(&Method::POST, Some(chat), false), RouteClass::Write);
        assert_eq!(RouteClass::of(&Method::POST, Some("/rooms/{id}/unlock"), true), RouteClass::Payment);
        assert_eq!(RouteClass::Write.answer_ms_max(), ANSWER_MS);
    }
}
