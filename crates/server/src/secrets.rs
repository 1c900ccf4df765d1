//! Encrypts secrets in the database with AES-256-GCM.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use tintero_domain::{Error, Result, accounts::SecretSealer, values::UserId};

use crate::config::{SecretKeys, SymmetricKey};

/// Encrypts with the first of the keys and decrypts with all.
pub(crate) struct AeadSealer(Vec<RandomizedNonceKey>);

impl AeadSealer {
    /// Creates a sealer; without keys, it can neither encrypt nor decrypt.
    pub(crate) fn new(keys: Option<&SecretKeys>) -> Self {
        let key = |key: &SymmetricKey| {
            RandomizedNonceKey::new(&AES_256_GCM, key.bytes())
                .expect("a key of 32 bytes is one of AES-256")
        };
        Self(keys.map_or_else(Vec::new, |keys| keys.iter().map(key).collect()))
    }
}

/// The secret is bound to its user, so that it cannot be copied to another account.
fn owned_by(owner: UserId) -> Aad<[u8; 16]> {
    Aad::from(owner.uuid().into_bytes())
}

impl SecretSealer for AeadSealer {
    fn seal(&self, owner: UserId, secret: &[u8]) -> Result<String> {
        let key = self.0.first().ok_or(Error::SecretKeyMissing)?;
        let mut sealed = secret.to_vec();
        let nonce = key
            .seal_in_place_append_tag(owned_by(owner), &mut sealed)
            .map_err(|_| Error::SecretKeyMissing)?;
        let bytes = [nonce.as_ref().as_slice(), &sealed].concat();
        Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    fn open(&self, owner: UserId, sealed: &str) -> Result<Vec<u8>> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed);
        let bytes = bytes.map_err(|_| Error::SecretKeyMissing)?;
        let parts = bytes.split_first_chunk::<NONCE_LEN>();
        let (nonce, sealed) = parts.ok_or(Error::SecretKeyMissing)?;
        let open = |key: &RandomizedNonceKey| {
            let mut secret = sealed.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let opened = key.open_in_place(nonce, owned_by(owner), &mut secret);
            Some(opened.ok()?.to_vec())
        };
        self.0.iter().find_map(open).ok_or(Error::SecretKeyMissing)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::config::SettingValue as _;

    fn sealer(keys: &str) -> AeadSealer {
        AeadSealer::new(Some(&SecretKeys::parse(keys).unwrap()))
    }

    fn key(letter: char) -> String {
        format!("{}A", letter.to_string().repeat(42))
    }

    fn user(id: u128) -> UserId {
        UserId::new(Uuid::from_u128(id))
    }

    #[test]
    fn a_secret_is_decrypted_with_the_key_before_a_rotation() {
        let sealed = sealer(&key('a')).seal(user(1), b"secret").unwrap();
        assert_ne!(sealed, sealer(&key('a')).seal(user(1), b"secret").unwrap());
        let rotated = sealer(&format!("{},{}", key('b'), key('a')));
        assert_eq!(rotated.open(user(1), &sealed).unwrap(), b"secret");
        assert!(sealer(&key('b')).open(user(1), &sealed).is_err());
    }

    #[test]
    fn a_secret_of_another_user_and_a_changed_one_are_rejected() {
        let sealer = sealer(&key('a'));
        let secret = sealer.seal(user(1), b"secret").unwrap();
        assert!(sealer.open(user(2), &secret).is_err());
        for other in [&secret[1..], "", "é", &format!("{secret}AAAA")] {
            assert!(sealer.open(user(1), other).is_err(), "{other}");
        }
    }

    #[test]
    fn without_a_key_nothing_is_stored() {
        let sealed = AeadSealer::new(None).seal(user(1), b"secret");
        assert!(matches!(sealed, Err(Error::SecretKeyMissing)));
    }
}
