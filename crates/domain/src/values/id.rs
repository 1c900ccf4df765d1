use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Code, ValueError};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an identifier.
            #[must_use]
            pub fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The bare identifier.
            #[must_use]
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ValueError;

            fn from_str(raw: &str) -> Result<Self, ValueError> {
                // Only the hyphenated form, so that a resource has one URL.
                match Uuid::try_parse(raw) {
                    Ok(id) if raw.len() == 36 => Ok(Self(id)),
                    _ => Err(ValueError::new(Code::Format, "must be a UUID")),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = ValueError;

            fn try_from(raw: String) -> Result<Self, ValueError> {
                raw.parse()
            }
        }
    };
}

id!(
    /// Identifies a post: a UUID version 7, so ids sort by creation time.
    PostId
);
id!(
    /// Identifies a user.
    UserId
);
id!(
    /// Identifies a category.
    CategoryId
);
id!(
    /// Identifies a byline: the credited author of posts, who need not be a user.
    BylineId
);
id!(
    /// Identifies an image.
    ImageId
);
id!(
    /// Identifies an API key.
    ApiKeyId
);
id!(
    /// Identifies an operation: a UUID version 7, so ids sort by creation time.
    OperationId
);
id!(
    /// Identifies a redirect: a UUID version 7, so ids sort by creation time.
    RedirectId
);
