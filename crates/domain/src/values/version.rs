use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Code, ValueError};

/// Counts accepted writes of one resource, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

/// Counts changes of a post's content, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl Version {
    /// The version after the first write.
    pub const FIRST: Self = Self(1);

    /// The next version.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl Revision {
    /// The revision that creates a post.
    pub const FIRST: Self = Self(1);
    /// Largest revision that fits into a sort key.
    pub const LAST: Self = Self(9_999_999_999);

    /// The next revision.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The previous revision, if there is one.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        (self > Self::FIRST).then(|| Self(self.0 - 1))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Revision {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match number(text) {
            Ok(n) if (Self::FIRST.0..=Self::LAST.0).contains(&n) => Ok(Self(n)),
            _ => Err(ValueError::new(Code::Format, "must be a revision number")),
        }
    }
}

/// Parses the canonical spelling only; `u64::from_str` also accepts a plus sign and leading zeros.
fn number(text: &str) -> Result<u64, ()> {
    match text.parse() {
        Ok(n) if !text.starts_with(['+', '0']) => Ok(n),
        _ => Err(()),
    }
}

/// The state that a write is based on, written `<version>.<revision>`. It is the opaque part of an `ETag`.
///
/// The revision allows a rejected write to be compared with the content that it started from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionTag {
    /// Version of the resource.
    pub version: Version,
    /// Revision of its content.
    pub revision: Revision,
}

impl VersionTag {
    /// A tag that no resource has: versions and revisions count from 1.
    pub const UNKNOWN: Self = Self {
        version: Version(0),
        revision: Revision(0),
    };

    /// Tag of a resource without revisions.
    #[must_use]
    pub fn of(version: Version) -> Self {
        Self {
            version,
            revision: Revision(version.0),
        }
    }
}

impl fmt::Display for VersionTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.version, self.revision)
    }
}

impl FromStr for VersionTag {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (version, revision) = text.split_once('.').ok_or(())?;
        Ok(Self {
            version: Version(number(version)?),
            revision: Revision(number(revision)?),
        })
    }
}
