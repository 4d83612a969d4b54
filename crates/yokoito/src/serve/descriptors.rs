//! Each connection is an open file. The usual limit of 1,024 is one that a program may raise itself.

/// More than all connections, the book and its files need.
#[cfg(unix)]
const WANTED: u64 = 16_384;

/// Raises the limit as far as is allowed and needed.
#[cfg(unix)]
pub fn raise() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(WANTED, |allowed| allowed.min(WANTED));
    // none at all is more than enough
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
pub fn raise() {}
