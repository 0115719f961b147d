//! Who is asking: roles, passwords, sessions, and the extractors that handlers ask for.

mod current_user;
mod device;
mod known_device;
mod password;
mod phone;
mod role;
mod session;

pub use self::current_user::{AdminUser, CurrentUser, MaybeUser, viewer_of};
pub use self::device::Device;
pub use self::known_device::{Guesser, KnownDevice, KnownDevices};
pub use self::password::{PasswordError, Passwords};
pub use self::phone::{Phone, PhoneError};
pub use self::role::{Role, UnknownRole};
pub use self::session::{SessionCookie, SignedIn, TokenHash, sessions_ended, sign_in, sign_out};
