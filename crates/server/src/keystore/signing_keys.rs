use std::{fmt, fs, path::Path};

use aws_lc_rs::{
    digest,
    encoding::AsDer,
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use pem::{EncodeConfig, LineEnding, Pem};
use zeroize::Zeroizing;

use super::{
    KeyError,
    folder::{self, KeyFile, KeyFolder, KeyKind},
};
use crate::config::SigningSources;

/// The keys that sign access tokens: the current one signs, all verify.
#[derive(Debug, Clone)]
pub struct SigningKeys {
    current: SigningKeyPair,
    earlier: Vec<SigningKeyPair>,
}

impl SigningKeys {
    /// The key that signs new tokens.
    #[must_use]
    pub fn current(&self) -> &SigningKeyPair {
        &self.current
    }

    /// Iterates over the keys that verify tokens, the current one first.
    pub fn iter(&self) -> impl Iterator<Item = &SigningKeyPair> {
        std::iter::once(&self.current).chain(&self.earlier)
    }

    pub(super) fn single(key: SigningKeyPair) -> Self {
        Self {
            current: key,
            earlier: Vec::new(),
        }
    }

    pub(super) fn configured(sources: &SigningSources) -> Result<Self, KeyError> {
        match sources {
            SigningSources::Pem(text) => Self::new([parse_pem(text, "TINTERO_SIGNING_KEYS")]),
            SigningSources::Files(paths) => Self::new(paths.iter().map(|path| read(path))),
        }
    }

    pub(super) fn from_folder(folder: &KeyFolder) -> Result<Self, KeyError> {
        let create = || Ok(SigningKeyPair::generate()?.pem);
        let files = folder.read_or_create(KeyKind::SIGNING, create)?;
        let parse = |file: &KeyFile| parse_pem(&file.text, &file.path.display().to_string());
        Self::new(files.iter().map(parse))
    }

    fn new(
        sources: impl IntoIterator<Item = Result<Vec<SigningKeyPair>, KeyError>>,
    ) -> Result<Self, KeyError> {
        let keys: Vec<_> = sources.into_iter().collect::<Result<_, _>>()?;
        let mut keys = keys.into_iter().flatten();
        let current = keys.next();
        Ok(Self {
            current: current.ok_or_else(|| malformed("TINTERO_SIGNING_KEYS"))?,
            earlier: keys.collect(),
        })
    }
}

/// An RSA key pair for RS256 ([RFC 7518](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)).
#[derive(Clone)]
pub struct SigningKeyPair {
    kid: String,
    pem: Zeroizing<String>,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl SigningKeyPair {
    /// Generates a key of 2048 bits.
    pub fn generate() -> Result<Self, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
        Self::of_pair(&pair).ok_or(KeyError::Generation)
    }

    /// The key id in tokens: its thumbprint ([RFC 7638](https://www.rfc-editor.org/rfc/rfc7638)).
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The private key as a PEM block of PKCS #8 ([RFC 5958](https://www.rfc-editor.org/rfc/rfc5958)).
    #[must_use]
    pub fn private_pem(&self) -> &str {
        &self.pem
    }

    /// The public modulus `n`, big-endian, without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The public exponent `e`, big-endian, without leading zeros.
    #[must_use]
    pub fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    fn of_pem(block: &Pem) -> Option<Self> {
        let pair = match block.tag() {
            "PRIVATE KEY" => KeyPair::from_pkcs8(block.contents()),
            "RSA PRIVATE KEY" => KeyPair::from_der(block.contents()),
            _ => return None,
        };
        Self::of_pair(&pair.ok()?)
    }

    fn of_pair(pair: &KeyPair) -> Option<Self> {
        let public = pair.public_key();
        let modulus = public.modulus().big_endian_without_leading_zero().to_vec();
        let exponent = public.exponent().big_endian_without_leading_zero().to_vec();
        let der = Zeroizing::new(pair.as_der().ok()?.as_ref().to_vec());
        let block = Pem::new("PRIVATE KEY", der.as_slice());
        let pem = Zeroizing::new(pem::encode_config(
            &block,
            EncodeConfig::new().set_line_ending(LineEnding::LF),
        ));
        Some(Self {
            kid: thumbprint(&modulus, &exponent),
            pem,
            modulus,
            exponent,
        })
    }
}

impl fmt::Debug for SigningKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeyPair")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

fn read(path: &Path) -> Result<Vec<SigningKeyPair>, KeyError> {
    folder::check_file_mode(path)?;
    let text = fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| KeyError::io(path, error))?;
    parse_pem(&text, &path.display().to_string())
}

fn parse_pem(text: &str, location: &str) -> Result<Vec<SigningKeyPair>, KeyError> {
    let blocks = pem::parse_many(text).map_err(|_| malformed(location))?;
    if blocks.is_empty() {
        return Err(malformed(location));
    }
    blocks
        .iter()
        .map(|block| SigningKeyPair::of_pem(block).ok_or_else(|| malformed(location)))
        .collect()
}

fn malformed(location: &str) -> KeyError {
    KeyError::Malformed {
        location: location.to_owned(),
        detail: "must contain RSA private keys of 2048 bits or more in PEM; generate one with `tintero signing-key generate`",
    }
}

/// RFC 7638 defines the order of the members and forbids whitespace.
fn thumbprint(modulus: &[u8], exponent: &[u8]) -> String {
    let base64 = |bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let key = format!(
        r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#,
        base64(exponent),
        base64(modulus)
    );
    BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modulus of the example in RFC 7638, section 3.1.
    const RFC_MODULUS: &str = concat!(
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP",
        "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY",
        "368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f",
        "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    );

    #[test]
    fn the_thumbprint_equals_the_example_of_the_rfc() {
        let decode = |text| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
        assert_eq!(
            thumbprint(&decode(RFC_MODULUS), &decode("AQAB")),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    #[test]
    fn generated_keys_are_parsed_and_the_first_one_is_current() {
        let (first, second) = (
            SigningKeyPair::generate().unwrap(),
            SigningKeyPair::generate().unwrap(),
        );
        let text = Zeroizing::new(format!("{}\n{}", first.private_pem(), second.private_pem()));
        let keys = SigningKeys::configured(&SigningSources::Pem(text)).unwrap();
        assert_eq!(keys.current().kid(), first.kid());
        assert_eq!(
            keys.iter().map(SigningKeyPair::kid).collect::<Vec<_>>(),
            [first.kid(), second.kid()]
        );
        assert_eq!(
            (first.modulus().len(), first.exponent()),
            (256, &[1, 0, 1][..])
        );
    }

    #[test]
    fn invalid_pem_blocks_are_rejected_and_debug_output_contains_no_key() {
        for text in [
            "",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            let error = parse_pem(text, "TINTERO_SIGNING_KEYS").unwrap_err();
            assert!(
                error.to_string().contains("signing-key generate"),
                "{error}"
            );
        }
        assert!(!format!("{:?}", SigningKeyPair::generate().unwrap()).contains("BEGIN"));
    }
}
