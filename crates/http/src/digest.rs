use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Returns the SHA-256 of texts without NUL followed by bytes, in lower-case hexadecimal.
///
/// Each text is terminated with NUL, so that different sequences have different digests.
pub(crate) fn sha256(texts: &[&str], bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text);
        hash.update([0]);
    }
    hash.update(bytes);
    hash.finalize()
        .iter()
        .fold(String::new(), |mut digits, byte| {
            // Writing into a string cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        })
}
