//! Size of a run: small by default, larger in a soak.

/// The number in an environment variable, or the default.
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
