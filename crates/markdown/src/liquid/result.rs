/// The error for an expression outside the supported subset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unsupported;

/// A value, which can be nil.
pub(super) type LiquidResult = Result<Option<String>, Unsupported>;
