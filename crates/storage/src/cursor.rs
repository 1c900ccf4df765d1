//! Cursors: signed positions in lists. A client cannot forge a cursor or use it in another list.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tintero_domain::{Error, Result, error::CursorFault, page::Cursor, values::Timestamp};

/// Lifetime of a cursor: to the end of the seventh day after its issue. Expiry is at a day boundary, so
/// that repeated requests return the same bytes and the same `ETag`.
const LIFETIME_DAYS: i64 = 8;

/// Seconds per day.
const DAY: i64 = 24 * 60 * 60;

/// 128 of the 256 bits of the MAC: enough against guessing, and a shorter URL.
const MAC_LENGTH: usize = 16;

/// Maximum length of a cursor in bytes; valid cursors are far shorter.
const MAX_LENGTH: usize = 512;

/// A key for signing cursors.
#[derive(Clone)]
pub struct CursorKey(pub [u8; 32]);

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey(…)")
    }
}

/// The current key, which signs, and the retired key, which still verifies after a rotation.
#[derive(Debug, Clone)]
pub struct CursorKeys {
    signing: CursorKey,
    retired: Option<CursorKey>,
}

/// The signed content of a cursor.
#[derive(Serialize, Deserialize)]
struct CursorPayload {
    /// Expiry in seconds since the Unix epoch.
    #[serde(rename = "e")]
    expires_at: i64,
    /// Name of the list.
    #[serde(rename = "l")]
    list: String,
    /// Sort key of the last item of the page.
    #[serde(rename = "p")]
    sort_key: String,
}

impl CursorKeys {
    /// The current key and the previous one, if any.
    #[must_use]
    pub fn new(signing: CursorKey, retired: Option<CursorKey>) -> Self {
        Self { signing, retired }
    }

    /// A cursor for the rows after `sort_key` in the list named `list`.
    pub(crate) fn seal(&self, list: &str, sort_key: &str, now: Timestamp) -> Cursor {
        let expires_at = (now.as_seconds().div_euclid(DAY) + LIFETIME_DAYS) * DAY;
        let payload = CursorPayload {
            expires_at,
            list: list.to_owned(),
            sort_key: sort_key.to_owned(),
        };
        let mut bytes = serde_json::to_vec(&payload).expect("numbers and strings have a JSON form");
        let mac = mac(&self.signing, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&mac[..MAC_LENGTH]);
        Cursor(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The sort key after which the list named `list` continues.
    ///
    /// # Errors
    /// [`Error::BadCursor`] if the cursor is forged, expired or belongs to another list.
    pub(crate) fn open(&self, list: &str, cursor: &Cursor, now: Timestamp) -> Result<String> {
        let forged = || Error::BadCursor(CursorFault::Forged);
        if cursor.0.len() > MAX_LENGTH {
            return Err(forged());
        }
        let bytes = URL_SAFE_NO_PAD.decode(&cursor.0).map_err(|_| forged())?;
        let (payload, tag) = bytes.split_last_chunk::<MAC_LENGTH>().ok_or_else(forged)?;
        let keys = std::iter::once(&self.signing).chain(&self.retired);
        // `verify_truncated_left` compares in constant time.
        if !keys
            .into_iter()
            .any(|key| mac(key, payload).verify_truncated_left(tag).is_ok())
        {
            return Err(forged());
        }
        let payload: CursorPayload = serde_json::from_slice(payload).map_err(|_| forged())?;
        if payload.list != list {
            return Err(Error::BadCursor(CursorFault::Foreign));
        }
        if payload.expires_at <= now.as_seconds() {
            return Err(Error::BadCursor(CursorFault::Expired));
        }
        Ok(payload.sort_key)
    }
}

fn mac(key: &CursorKey, payload: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC accepts keys of any length");
    mac.update(payload);
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(signing: u8, retired: Option<u8>) -> CursorKeys {
        CursorKeys::new(
            CursorKey([signing; 32]),
            retired.map(|byte| CursorKey([byte; 32])),
        )
    }

    const NOW: i64 = 1_700_000_000_000;

    #[test]
    fn a_cursor_is_valid_in_its_list_until_it_expires() {
        let now = Timestamp::from_millis(NOW);
        let cursor = keys(1, None).seal("latest", "place", now);
        assert_eq!(keys(1, None).open("latest", &cursor, now).unwrap(), "place");
        assert_eq!(
            keys(2, Some(1)).open("latest", &cursor, now).unwrap(),
            "place"
        );
        assert!(keys(2, None).open("latest", &cursor, now).is_err());
        assert!(matches!(
            keys(1, None).open("tag:aws", &cursor, now),
            Err(Error::BadCursor(CursorFault::Foreign))
        ));
        let late = now.after(std::time::Duration::from_hours(8 * 24));
        let later = now.after(std::time::Duration::from_secs(1));
        assert_eq!(keys(1, None).seal("latest", "place", later), cursor);
        assert!(matches!(
            keys(1, None).open("latest", &cursor, late),
            Err(Error::BadCursor(CursorFault::Expired))
        ));
    }

    proptest! {
        #[test]
        fn a_changed_cursor_is_rejected(byte in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let now = Timestamp::from_millis(NOW);
            let Cursor(text) = keys(1, None).seal("latest", "2026-01-01T00:00:00.000Z#x", now);
            let mut bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
            let at = byte.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let changed = Cursor(URL_SAFE_NO_PAD.encode(bytes));
            prop_assert!(keys(1, None).open("latest", &changed, now).is_err());
        }

        #[test]
        fn arbitrary_text_does_not_panic(text in "\\PC{0,600}") {
            let _ = keys(1, None).open("latest", &Cursor(text), Timestamp::from_millis(NOW));
        }
    }
}
