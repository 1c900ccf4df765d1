use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::values::ApiKeyId;

/// An API key: `tin_<id>_<secret><checksum>`. The store keeps only a digest.
///
/// The secret is 256 random bits as 43 digits of base 62. The checksum, 6 more digits, is the
/// first 4 bytes of the SHA-256 of the preceding characters. It lets the server reject a mistyped
/// key without a read, and lets secret scanners recognise keys.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    id: ApiKeyId,
    text: String,
}

impl ApiKey {
    /// Prefix of every key.
    pub const PREFIX: &str = "tin_";
    const SECRET: usize = 43;
    const CHECKSUM: usize = 6;
    const LENGTH: usize = Self::PREFIX.len() + 32 + 1 + Self::SECRET + Self::CHECKSUM;

    /// Generates a key.
    #[must_use]
    pub fn new(id: ApiKeyId, secret: [u8; 32]) -> Self {
        let secret = base62(&secret, Self::SECRET);
        let mut text = format!("{}{}_{secret}", Self::PREFIX, id.uuid().simple());
        text.push_str(&checksum(&text));
        Self { id, text }
    }

    /// Parses a presented key. `None` if it does not have the form of a key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != Self::LENGTH {
            return None;
        }
        let (body, sum) = text.split_at_checked(Self::LENGTH - Self::CHECKSUM)?;
        let (id, _) = body.strip_prefix(Self::PREFIX)?.split_once('_')?;
        let id = Uuid::try_parse(id).ok()?;
        (checksum(body) == sum).then(|| Self {
            id: ApiKeyId::new(id),
            text: text.to_owned(),
        })
    }

    /// Id of the key.
    #[must_use]
    pub fn id(&self) -> ApiKeyId {
        self.id
    }

    /// SHA-256 of the whole key, in lower-case hexadecimal. A fast digest is sufficient, because the
    /// secret has 256 random bits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(&self.text))
    }

    /// Compares the digest in constant time.
    pub(super) fn has_digest(&self, digest: &str) -> bool {
        self.digest().as_bytes().ct_eq(digest.as_bytes()).into()
    }

    /// The key's text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({}…)", self.id)
    }
}

fn checksum(body: &str) -> String {
    base62(&Sha256::digest(body)[..4], ApiKey::CHECKSUM)
}

/// The last `width` base-62 digits of a big-endian number.
fn base62(number: &[u8], width: usize) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut number = number.to_vec();
    let mut digits: Vec<char> = (0..width)
        .map(|_| {
            let rest = number.iter_mut().fold(0, |rest: u16, byte| {
                let value = rest * 256 + u16::from(*byte);
                *byte = u8::try_from(value / 62).expect("the rest is below 62");
                value % 62
            });
            char::from(DIGITS[usize::from(rest)])
        })
        .collect();
    digits.reverse();
    digits.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> ApiKey {
        ApiKey::new(ApiKeyId::new(Uuid::from_u128(7)), [255; 32])
    }

    #[test]
    fn the_format_of_keys_is_stable() {
        assert_eq!(
            key().expose(),
            "tin_00000000000000000000000000000007_\
             yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp11Gs1Au"
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", key());
        assert_eq!(shown, "ApiKey(00000000-0000-0000-0000-000000000007…)");
    }

    #[test]
    fn malformed_keys_are_rejected() {
        let good = key().expose().to_owned();
        for text in [
            "",
            "tin_",
            "eyJ0eXAiOiJhdCtqd3QifQ.e30.c2ln",
            &good[1..],
            &good.replacen("tin", "TIN", 1),
            &format!("{good} "),
            &"é".repeat(43),
        ] {
            assert_eq!(ApiKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_in_digits_of_base_62() {
        assert_eq!(base62(&[0], 3), "000");
        assert_eq!(base62(&[61], 1), "z");
        assert_eq!(base62(&[1, 0], 3), "048");
        assert_eq!(base62(&[255; 4], 6), "4gfFC3");
    }

    proptest! {
        #[test]
        fn every_key_reads_back(id in any::<u128>(), secret in any::<[u8; 32]>()) {
            let key = ApiKey::new(ApiKeyId::new(Uuid::from_u128(id)), secret);
            prop_assert_eq!(ApiKey::parse(key.expose()), Some(key.clone()));
            prop_assert!(key.has_digest(&key.digest()));
        }

        #[test]
        fn a_key_with_a_mistyped_letter_is_rejected(at in 0..ApiKey::LENGTH, letter in "[0-9A-Za-z_]") {
            let good = key();
            let mut text = good.expose().to_owned();
            text.replace_range(at..=at, &letter);
            prop_assert_eq!(ApiKey::parse(&text).is_some(), text == good.expose());
        }
    }
}
