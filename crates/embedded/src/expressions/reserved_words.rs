//! Names that DynamoDB accepts in expressions only as a `#name`.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The list in the documentation of DynamoDB, in upper case.
static RESERVED_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("reserved_words.txt")
        .split_whitespace()
        .collect()
});

/// Whether an expression must name this attribute by a placeholder.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED_WORDS.contains(name.to_ascii_uppercase().as_str())
}
