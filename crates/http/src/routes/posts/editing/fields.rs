//! Types and descriptions of the fields of a post.

use tintero_domain::{
    posts::{Content, Manuscript},
    values::{BylineId, CategoryId, OldPath, Tag},
};

use crate::body::{UniqueList, Verbatim};

pub(super) type TagList = UniqueList<Tag, { Content::MAX_TAGS }>;
pub(super) type CategoryIdList = UniqueList<CategoryId, { Content::MAX_CATEGORIES }>;
pub(super) type BylineIdList = UniqueList<BylineId, { Content::MAX_BYLINES }>;
pub(super) type AliasList = UniqueList<OldPath, { Content::MAX_ALIASES }>;
pub(super) type Markdown = Verbatim<{ Manuscript::MAX_BODY }>;

pub(super) const TITLE: &str = "The title, one line.";
pub(super) const SLUG: &str = "The readable part of the URL, unique in its locale.";
pub(super) const BODY: &str = "The text in Markdown, at most 1 MiB, stored unchanged.";
pub(super) const EXCERPT: &str = "A summary for lists and feeds.";
pub(super) const CATEGORY_IDS: &str = "The categories of the post.";
pub(super) const TAGS: &str = "The tags of the post. Tags are case-insensitive.";
pub(super) const BYLINE_IDS: &str = "The bylines of the post, in order.";
pub(super) const IMAGE: &str = "The featured image.";
pub(super) const LOCALE: &str = "The language of the post (BCP 47).";
pub(super) const PUBLISHED_AT: &str =
    "The publication date that the post shows once it is published.";
pub(super) const ALIASES: &str = "Former paths of the post. They redirect to it.";
pub(super) const SEO: &str = "Title and description for search engines.";
pub(super) const SOURCE: &str = "The file from which the post was imported.";
pub(super) const STATUS: &str = "The status of the new post: `draft`, the default, or `published`.";
/// Also used by restores.
pub(in crate::routes::posts) const NOTE: &str =
    "A comment on this change, stored with the revision that it creates.";
pub(super) const TRANSLATION: &str =
    "The post, in another language, that this post translates, and the translated revision.";
pub(super) const EXTRA: &str = "Custom data of the site, at most 64 KiB, stored unchanged.";
