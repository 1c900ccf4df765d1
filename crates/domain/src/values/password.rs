use std::{collections::HashSet, fmt};

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use super::{Code, Email, ValueError};

/// A password in plain text, in the Unicode form NFKC. It is never stored, logged or returned.
#[derive(Clone)]
pub struct Password(String);

/// The most common passwords that are long enough, from published data of accounts: sorted starts of the digests of
/// their lower case. One of 100,000 other passwords has the digest of a common one, too.
static COMMON: &[u8] = include_bytes!("common_passwords.bin");

impl Password {
    /// Shortest password that can be set, in characters
    /// ([NIST SP 800-63B](https://pages.nist.gov/800-63-4/sp800-63b.html) on passwords).
    pub const MIN: usize = 12;
    /// Longest password, in characters. The limit bounds the work of hashing.
    pub const MAX: usize = 1024;
    /// Fewest different characters of a password that can be set.
    const MIN_DIFFERENT: usize = 5;
    /// Shortest local part of an e-mail address that a password must not contain.
    const MIN_LOCAL: usize = 4;

    /// Accepts a password for sign-in.
    #[must_use]
    pub fn presented(raw: impl AsRef<str>) -> Self {
        Self(raw.as_ref().nfkc().collect())
    }

    /// Accepts a password to be set.
    pub fn chosen(raw: impl AsRef<str>) -> Result<Self, ValueError> {
        let raw = raw.as_ref();
        // Normalisation shortens no text below a quarter, and a longer text need not be normalised.
        if raw.chars().count() > 4 * Self::MAX {
            return Err(too_long());
        }
        let password = Self::presented(raw);
        let length = password.0.chars().count();
        if length < Self::MIN {
            let detail = format!("must have at least {} characters", Self::MIN);
            return Err(ValueError::new(Code::TooShort, detail));
        }
        if length > Self::MAX {
            return Err(too_long());
        }
        let folded = password.folded();
        if folded.chars().collect::<HashSet<_>>().len() < Self::MIN_DIFFERENT {
            let detail = format!(
                "must have at least {} different characters",
                Self::MIN_DIFFERENT
            );
            return Err(ValueError::new(Code::Format, detail));
        }
        if is_common(&folded) {
            let detail = "must not be one of the most common passwords";
            return Err(ValueError::new(Code::Format, detail));
        }
        Ok(password)
    }

    /// Fails if the password contains the e-mail address of its user, or the part before the `@`.
    pub fn require_without(&self, email: &Email) -> Result<(), ValueError> {
        let local = email.as_str().split('@').next().unwrap_or_default();
        let is_local = local.chars().count() >= Self::MIN_LOCAL && self.folded().contains(local);
        if is_local || self.folded().contains(email.as_str()) {
            let detail = "must not contain the e-mail address or the part before its @";
            return Err(ValueError::new(Code::Format, detail));
        }
        Ok(())
    }

    /// The plain text, for hashing only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

fn too_long() -> ValueError {
    let detail = format!("must have at most {} characters", Password::MAX);
    ValueError::new(Code::TooLong, detail)
}

/// Whether a password in lower case is in the list.
fn is_common(folded: &str) -> bool {
    let digest = Sha256::digest(folded);
    let (digests, _) = COMMON.as_chunks::<4>();
    digests
        .binary_search_by(|known| known[..].cmp(&digest[..4]))
        .is_ok()
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(raw: &str) -> Option<String> {
        Password::chosen(raw).err().map(|error| error.detail)
    }

    #[test]
    fn the_list_is_sorted_and_has_passwords_from_published_data() {
        let (digests, rest) = COMMON.as_chunks::<4>();
        assert!(digests.len() > 40_000 && digests.is_sorted() && rest.is_empty());
        for known in ["password1234", "qwertyuiop123", "administrator"] {
            assert!(is_common(known), "{known}");
        }
        for other in ["", "a", "zzzzzzzzzzzzzzzzzzzz", "correct horse battery"] {
            assert!(!is_common(other), "{other}");
        }
    }

    #[test]
    fn lengths_are_counted_in_characters_after_normalisation() {
        assert!(refusal("ñandúes gris").is_none());
        // The ligature becomes two characters, and the full-width letters become ASCII.
        assert!(refusal("ﬃ word gray").is_none());
        assert_eq!(Password::presented("ｐａｓｓ").expose(), "pass");
        assert!(refusal("short words").unwrap().contains("at least 12"));
        let long = "abcde fghij ".repeat(86);
        assert!(refusal(&long[..1024]).is_none());
        assert!(refusal(&long[..1025]).unwrap().contains("at most 1024"));
        assert!(refusal(&"x".repeat(1 << 20)).is_some());
    }

    #[test]
    fn common_and_uniform_passwords_are_refused_in_any_letter_case() {
        for raw in ["password1234", "QwertyUiop123", "ADMINISTRATOR"] {
            assert!(refusal(raw).unwrap().contains("most common"), "{raw}");
        }
        assert!(refusal("ababababAB1212").unwrap().contains("different"));
    }

    #[test]
    fn a_password_does_not_contain_the_address() {
        let email: Email = "Marina@example.org".parse().unwrap();
        let of = |raw: &str| Password::chosen(raw).unwrap().require_without(&email);
        assert!(of("my name is MARINA!").is_err());
        assert!(of("correct horse battery").is_ok());
        let short: Email = "ana@example.org".parse().unwrap();
        let password = Password::chosen("bananas are yellow").unwrap();
        assert!(password.require_without(&short).is_ok());
        let whole = Password::chosen("x ana@example.org x").unwrap();
        assert!(whole.require_without(&short).is_err());
    }
}
