//! The parameters of the list of posts. Each is declared once, with its name, type, description and
//! the lists that accept it.

use tintero_domain::{
    page::{Cursor, Limit},
    values::{BylineId, CategoryId, IdOrSlug, Locale, PostId, Timestamp, UserId},
};

use super::{
    fields::FieldName,
    list_kind::ListKind::{
        self, Changed, ChangedSince, InStatus, LiveById, Planned, Published, PublishedSince,
        WorkingById,
    },
    values::{Flag, IncludeName, ListParameter, RequiredTags, SortOrder, StatusFilter},
};
use crate::{
    extract::{CURSOR, LIMIT, Params},
    routes::posts::{comma_list::CommaList, copy_view::CopyView},
};

/// A declared parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The lists that accept the parameter.
    pub(super) lists: &'static [ListKind],
}

const ALL: &[ListKind] = &[
    Published,
    PublishedSince,
    InStatus,
    Planned,
    Changed,
    ChangedSince,
    LiveById,
    WorkingById,
];
const QUERIES: &[ListKind] = &[
    Published,
    PublishedSince,
    InStatus,
    Planned,
    Changed,
    ChangedSince,
];
const FILTERED: &[ListKind] = &[Published, InStatus, Planned, Changed, ChangedSince];
const WORKING: &[ListKind] = &[InStatus, Planned, Changed, ChangedSince];
const BY_ID: &[ListKind] = &[LiveById, WorkingById];

/// Declares the fields of [`Filters`] and the parameters from which they are read.
macro_rules! parameters {
    ($($name:ident: $type:ty, $lists:expr, $about:expr;)*) => {
        /// The parameters of a request.
        pub(super) struct Filters {
            $(pub(super) $name: Option<$type>,)*
        }

        /// All parameters, in the order in which they are checked.
        pub(super) const PARAMETERS: &[Parameter] = &[
            $(Parameter { name: stringify!($name), about: $about, lists: $lists },)*
        ];

        impl Filters {
            pub(super) fn read(params: &mut Params) -> Self {
                Self { $($name: ListParameter::read(params, stringify!($name), $about),)* }
            }

            /// Returns the parameters of the request.
            pub(super) fn given(&self) -> Vec<&'static Parameter> {
                let given = [$(self.$name.is_some(),)*];
                let pairs = PARAMETERS.iter().zip(given);
                pairs.filter_map(|(parameter, given)| given.then_some(parameter)).collect()
            }
        }
    };
}

parameters! {
    status: StatusFilter, ALL,
        "The status of the posts. Default: `published`. All other values require authentication.";
    view: CopyView, ALL,
        "Live or working copies. `status=published&view=working` requires authentication.";
    category: IdOrSlug<CategoryId>, FILTERED, "Posts in this category (id or slug).";
    descendants: Flag, FILTERED,
        "With `category`: also posts in its subcategories. Supports at most 20 non-empty categories.";
    tag: RequiredTags, FILTERED,
        "Posts with this tag, or with the tag that replaced it by a merge or rename. Case-insensitive. Repeat it for posts with several tags.";
    author: IdOrSlug<BylineId>, FILTERED, "Posts with this byline (id or slug).";
    locale: CommaList<Locale>, QUERIES,
        "Posts in this language (BCP 47). Published posts: up to 3, the preferred first. Omits a post with a translation in an earlier one.";
    owner: UserId, WORKING, "Posts of this owner (user id).";
    published_after: Timestamp, &[Published], "Posts with a later publication date.";
    published_before: Timestamp, &[Published], "Posts with an earlier publication date.";
    updated_since: Timestamp, &[PublishedSince, ChangedSince],
        "Posts changed at or after this time, earliest change first. Use it to follow changes. Published posts: at most 30 days ago.";
    ids: CommaList<PostId>, BY_ID,
        "The posts with these ids, in this order: at most 100, separated by commas. `missing` lists ids that do not exist.";
    sort: SortOrder, QUERIES, "The order. Each list supports one.";
    fields: CommaList<FieldName>, ALL,
        "The members to return, separated by commas. `view` and `id` are always returned. Published posts also have `body`, `html`, `seo`, `extra`.";
    include: CommaList<IncludeName>, ALL,
        "Related resources to return once in `included`: `categories`, `bylines`, `images`, `owner` (working copies only).";
    limit: Limit, QUERIES, LIMIT;
    cursor: Cursor, QUERIES, CURSOR;
}
