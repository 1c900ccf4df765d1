//! Cursors: where a list goes on, signed, so that a client can neither forge nor move one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tintero_domain::{Error, Result, error::CursorFault, page::Cursor, values::Timestamp};

/// How long a cursor can be used: 7 days, and to the end of the eighth. Whole days, so that the
/// same page asked for twice is the same bytes, and its `ETag` holds.
const LIFETIME_DAYS: i64 = 8;

/// A day, in seconds.
const DAY: i64 = 24 * 60 * 60;

/// 128 of the MAC's 256 bits: more than can be guessed, and a shorter address.
const MAC_LENGTH: usize = 16;

/// Longest cursor that is looked at, in characters; ours are far shorter.
const LONGEST: usize = 512;

/// A key that signs cursors.
#[derive(Clone)]
pub struct CursorKey(pub [u8; 32]);

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey(…)")
    }
}

/// The keys in use: the first signs, all verify, so that keys can be changed without a break.
#[derive(Debug, Clone)]
pub struct CursorKeys {
    signing: CursorKey,
    retired: Option<CursorKey>,
}

/// A place in a list.
#[derive(Serialize, Deserialize)]
struct Position {
    /// Until when the cursor works, in seconds since the Unix epoch.
    #[serde(rename = "e")]
    expires_at: i64,
    /// Names the list.
    #[serde(rename = "l")]
    list: String,
    /// The sort key of the last item that was given.
    #[serde(rename = "p")]
    place: String,
}

impl CursorKeys {
    /// One key that signs, and perhaps the one before it.
    #[must_use]
    pub fn new(signing: CursorKey, retired: Option<CursorKey>) -> Self {
        Self { signing, retired }
    }

    /// A cursor that goes on after `place` in the list named `list`.
    pub(crate) fn seal(&self, list: &str, place: &str, now: Timestamp) -> Cursor {
        let expires_at = (now.as_seconds().div_euclid(DAY) + LIFETIME_DAYS) * DAY;
        let position = Position {
            expires_at,
            list: list.to_owned(),
            place: place.to_owned(),
        };
        let mut bytes = serde_json::to_vec(&position).unwrap_or_default();
        let mac = mac(&self.signing, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&mac[..MAC_LENGTH]);
        Cursor(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The place after which the list named `list` goes on.
    ///
    /// # Errors
    /// [`Error::BadCursor`] with what is wrong with it.
    pub(crate) fn open(&self, list: &str, cursor: &Cursor, now: Timestamp) -> Result<String> {
        let forged = || Error::BadCursor(CursorFault::Forged);
        if cursor.0.len() > LONGEST {
            return Err(forged());
        }
        let bytes = URL_SAFE_NO_PAD.decode(&cursor.0).map_err(|_| forged())?;
        let (position, tag) = bytes.split_last_chunk::<MAC_LENGTH>().ok_or_else(forged)?;
        let keys = std::iter::once(&self.signing).chain(&self.retired);
        // `verify_truncated_left` compares in constant time.
        if !keys
            .into_iter()
            .any(|key| mac(key, position).verify_truncated_left(tag).is_ok())
        {
            return Err(forged());
        }
        let position: Position = serde_json::from_slice(position).map_err(|_| forged())?;
        if position.list != list {
            return Err(Error::BadCursor(CursorFault::Foreign));
        }
        if position.expires_at <= now.as_seconds() {
            return Err(Error::BadCursor(CursorFault::Expired));
        }
        Ok(position.place)
    }
}

fn mac(key: &CursorKey, position: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC takes keys of every length");
    mac.update(position);
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
    fn a_cursor_works_in_its_own_list_until_it_expires() {
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
        fn no_changed_cursor_is_accepted(byte in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let now = Timestamp::from_millis(NOW);
            let Cursor(text) = keys(1, None).seal("latest", "2026-01-01T00:00:00.000Z#x", now);
            let mut bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
            let at = byte.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let changed = Cursor(URL_SAFE_NO_PAD.encode(bytes));
            prop_assert!(keys(1, None).open("latest", &changed, now).is_err());
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,600}") {
            let _ = keys(1, None).open("latest", &Cursor(text), Timestamp::from_millis(NOW));
        }
    }
}
