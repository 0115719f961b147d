//! Connections that do not wait for more to send.

use std::io;

use sqlx::postgres::PgConnectOptions;

/// Turns Nagle's algorithm off on this process's connections to a server, and says on how many it was on.
///
/// sqlx 0.9.0 leaves it on (its issue 4335, mended after that release). A statement that carries a batch then lies for
/// 40 ms, until the server's delayed acknowledgement of its first part: a store does one eighth of its work. Call this
/// after each new connection:
///
/// ```no_run
/// # use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
/// # use chat_core::postgres::no_delay;
/// # async fn pool() -> Result<sqlx::PgPool, Box<dyn std::error::Error>> {
/// let server: PgConnectOptions = "postgres://kotha@db.example/kotha".parse()?;
/// let options = server.clone();
/// let pool = PgPoolOptions::new()
///     .after_connect(move |_, _| {
///         let server = server.clone();
///         Box::pin(async move {
///             // Without it everything works, only slower.
///             let _ = no_delay(&server).await;
///             Ok(())
///         })
///     })
///     .connect_with(options)
///     .await?;
/// # Ok(pool) }
/// ```
///
/// The driver shows its socket to nobody, so this looks through the process's own descriptors for connections to the
/// server's port. Only Linux lets a program do so; elsewhere, and over a Unix socket, which has no such wait, it is 0.
///
/// # Errors
/// The system forbids it, as some containers do.
pub async fn no_delay(server: &PgConnectOptions) -> io::Result<usize> {
    #[cfg(target_os = "linux")]
    if server.get_socket().is_none() {
        let port = server.get_port();
        // A server with many sockets has many descriptors to look at.
        return tokio::task::spawn_blocking(move || linux::no_delay_to(port)).await?;
    }
    Ok(0)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::read_dir;
    use std::io;
    use std::net::SocketAddr;
    use std::os::fd::OwnedFd;

    use rustix::io::Errno;
    use rustix::net::{getpeername, sockopt};
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

    pub(super) fn no_delay_to(port: u16) -> io::Result<usize> {
        let this_process = pidfd_open(getpid(), PidfdFlags::empty())?;
        let mut changed = 0;
        for entry in read_dir("/proc/self/fd")? {
            let Ok(number) = entry?.file_name().to_string_lossy().parse() else { continue };
            let socket = match pidfd_getfd(&this_process, number, PidfdGetfdFlags::empty()) {
                Ok(descriptor) => descriptor,
                // Closed since it was listed.
                Err(Errno::BADF) => continue,
                Err(error) => return Err(error.into()),
            };
            if leads_to(&socket, port) && !sockopt::tcp_nodelay(&socket)? {
                sockopt::set_tcp_nodelay(&socket, true)?;
                changed += 1;
            }
        }
        Ok(changed)
    }

    /// Whether it is a connection to that port; what is no socket, or none of TCP, is none.
    fn leads_to(descriptor: &OwnedFd, port: u16) -> bool {
        let peer = getpeername(descriptor).ok().flatten();
        peer.and_then(|peer| SocketAddr::try_from(peer).ok()).is_some_and(|peer| peer.port() == port)
    }

    #[cfg(test)]
    mod tests {
        use std::net::{TcpListener, TcpStream};

        use super::*;

        #[test]
        fn connections_to_the_port_and_no_others_are_changed() {
            let (ours, other) = (listener(), listener());
            let (to_ours, to_other) = (connect(&ours), connect(&other));
            let port = ours.local_addr().unwrap().port();
            let changed = no_delay_to(port);
            if changed.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied) {
                // A container without the right to look at sockets, even one's own: then nothing was changed.
                assert!(!to_ours.nodelay().unwrap());
                return;
            }
            assert_eq!(changed.unwrap(), 1);
            assert!(to_ours.nodelay().unwrap());
            assert!(!to_other.nodelay().unwrap());
            assert_eq!(no_delay_to(port).unwrap(), 0, "once is enough");
        }

        fn listener() -> TcpListener {
            TcpListener::bind("127.0.0.1:0").unwrap()
        }

        fn connect(listener: &TcpListener) -> TcpStream {
            TcpStream::connect(listener.local_addr().unwrap()).unwrap()
        }
    }
}
