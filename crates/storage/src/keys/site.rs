//! The table of the public site: its settings, changes of posts, and addresses that were not found.

use tintero_domain::values::{OldPath, PostId, Timestamp};

use super::{ItemKey, SHARD, digest, moment};

/// The settings of the site.
#[must_use]
pub fn site_settings() -> ItemKey {
    ItemKey::new("SETTINGS", "SITE")
}

/// The partition of the changes of public posts.
#[must_use]
pub fn public_changes() -> String {
    format!("C#{SHARD}")
}

/// A change of a public post.
#[must_use]
pub fn public_change(at: Timestamp, post: PostId) -> ItemKey {
    ItemKey::new(public_changes(), moment(at, post))
}

/// The time from which all changes are recorded.
#[must_use]
pub fn start_of_changes() -> ItemKey {
    ItemKey::new("C", "START")
}

/// Number of groups of unknown addresses.
const GROUPS: u8 = 16;

/// The group of an unknown address.
#[must_use]
pub fn unknown_address_group(path: &OldPath) -> u8 {
    let digest = digest(&[path.as_str()]);
    // Every digit of the digest is a group.
    let digit = digest.chars().next().and_then(|digit| digit.to_digit(16));
    digit
        .and_then(|digit| u8::try_from(digit).ok())
        .unwrap_or_default()
        % GROUPS
}

/// The unknown addresses of a group.
#[must_use]
pub fn unknown_addresses_of(group: u8) -> ItemKey {
    ItemKey::new("N", format!("G#{group:02}"))
}

/// The partition and the first and last sort key of the groups of unknown addresses.
#[must_use]
pub fn unknown_addresses() -> (String, [String; 2]) {
    let ends = [0, GROUPS - 1].map(|group| unknown_addresses_of(group).sk);
    ("N".to_owned(), ends)
}

/// The position of an unknown address in the list by number of requests.
#[must_use]
pub fn unknown_address_position(requests: u64, path: &OldPath) -> String {
    let digest = digest(&[path.as_str()]);
    format!("{requests:020}#{}", &digest[..32])
}
