//! The parameters of the list of posts, each with its name and what it is about.

/// A parameter beside `status` and `view`, which choose the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parameter {
    Category,
    Descendants,
    Tag,
    Author,
    Locale,
    Owner,
    PublishedAfter,
    PublishedBefore,
    UpdatedSince,
    Ids,
    Sort,
    Fields,
    Include,
    Limit,
    Cursor,
}

use Parameter::{
    Author, Category, Cursor, Descendants, Fields, Ids, Include, Limit, Locale, Owner,
    PublishedAfter, PublishedBefore, Sort, Tag, UpdatedSince,
};

/// What `status` is about.
pub(super) const STATUS: &str = "Which posts; published when absent. All others need a token.";

/// What `view` is about.
pub(super) const VIEW: &str =
    "Live copies or working copies; `status=published&view=working` needs a token.";

impl Parameter {
    /// All of them.
    pub(super) const ALL: [Self; 15] = [
        Category,
        Descendants,
        Tag,
        Author,
        Locale,
        Owner,
        PublishedAfter,
        PublishedBefore,
        UpdatedSince,
        Ids,
        Sort,
        Fields,
        Include,
        Limit,
        Cursor,
    ];

    /// The name in query strings.
    pub(super) fn name(self) -> &'static str {
        match self {
            Category => "category",
            Descendants => "descendants",
            Tag => "tag",
            Author => "author",
            Locale => "locale",
            Owner => "owner",
            PublishedAfter => "published_after",
            PublishedBefore => "published_before",
            UpdatedSince => "updated_since",
            Ids => "ids",
            Sort => "sort",
            Fields => "fields",
            Include => "include",
            Limit => "limit",
            Cursor => "cursor",
        }
    }

    /// What it is about.
    pub(super) fn about(self) -> &'static str {
        match self {
            Category => "Filed under this category, by id or slug.",
            Descendants => {
                "With `category`: or under anything below it, as long as posts lie in at most 20 categories there."
            }
            Tag => {
                "With this tag, or with what it was merged into or renamed to; letter case does not matter."
            }
            Author => "Credited to this byline, by id or slug.",
            Locale => "In this language (BCP 47).",
            Owner => "Of this user.",
            PublishedAfter => "Dated later than this moment.",
            PublishedBefore => "Dated earlier than this moment.",
            UpdatedSince => {
                "Changed at this moment or later, the earliest change first: to follow changes."
            }
            Ids => {
                "These posts, separated by commas, at most 100, in this order; what is not there is named in `missing`."
            }
            Sort => "The order; each list has one.",
            Fields => {
                "Members that rows shall have, separated by commas; `view` and `id` are always there."
            }
            Include => {
                "What rows refer to, each once in `included`: `categories`, `bylines`, `images`, separated by commas."
            }
            Limit => "Items per page.",
            Cursor => "Continues the list; from `page.next_cursor`.",
        }
    }
}
