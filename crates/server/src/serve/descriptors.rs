//! The limit of open files, which bounds the number of connections.

/// Descriptors for the database, the log and the runtime.
#[cfg(unix)]
const OWN: u64 = 128;

/// Raises the limit of open files as far as the system permits. Returns the number of connections for
/// which it suffices, at most `wanted`.
#[must_use]
pub fn available_connections(wanted: usize) -> usize {
    let available = raise_limit().unwrap_or(usize::MAX);
    if available < wanted {
        tracing::warn!(
            wanted,
            available,
            "the limit of open files allows fewer connections than TINTERO_MAX_CONNECTIONS"
        );
    }
    wanted.min(available)
}

/// Returns the number of connections for which the limit suffices. Each may also have an open image.
#[cfg(unix)]
fn raise_limit() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    let files = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => maximum,
        Err(_) => current,
    }?;
    usize::try_from(files.saturating_sub(OWN) / 2)
        .ok()
        .map(|connections| connections.max(1))
}

#[cfg(not(unix))]
fn raise_limit() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wanted_number_is_never_exceeded() {
        assert_eq!(available_connections(1), 1);
        assert!(available_connections(usize::MAX) >= 1);
    }
}
