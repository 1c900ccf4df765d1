//! How large a run is: small enough for every day, larger where the environment wants a soak.

/// The number under this name in the environment, or the usual one.
pub(crate) fn size(name: &str, usual: usize) -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration but their environment"
    )]
    let wanted = std::env::var(name);
    wanted
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(usual)
}
