//! Writes of posts. One transaction contains a post and everything derived from it: claims, public
//! rows, unique names, counters and scheduled cleanups.

mod changes;
mod cleanup;
mod counts;
mod link_store;
mod links;
mod missing_image_notes;
mod missing_images;
mod names;
mod references;
mod refusal;
mod rows;
mod store;
mod text;
mod translations;

use tintero_domain::{
    posts::{Content, LiveCopy, PackedManuscript, Post, Saved},
    values::SourcePath,
    writes::WriteContext,
};

pub(super) use self::refusal::PostRefusal;
pub(crate) use self::{
    changes::{as_found, release_reserved_names, rewrite},
    cleanup::is_awaiting_cleanup,
    counts::{CleanupRecord, CounterChanges, planned},
    names::held_names,
    rows::rows,
    translations::member as translation,
};
use crate::unit_of_work::UnitOfWork;

/// The transaction of a write of a post.
pub(super) type PostTransaction<'a> = UnitOfWork<'a, PostRefusal>;

/// A write of a post.
#[derive(Clone, Copy)]
pub(super) struct PostWrite<'a> {
    pub(super) context: &'a WriteContext,
    /// Absent for a new post, and to write all derived items again.
    pub(super) before: Option<&'a Post>,
    pub(super) after: &'a Post,
    /// The live copy of each phase. Empty if the public side does not change.
    pub(super) copies: &'a [LiveCopy],
    /// The images that the live copies of a new post miss.
    pub(super) missing: &'a [SourcePath],
    /// Metadata of the new revision, if the write saves one.
    pub(super) saved: Option<&'a Saved>,
    /// The text of the new revision, if it is new.
    pub(super) text: Option<&'a PackedManuscript>,
}

impl<'a> PostWrite<'a> {
    /// A write that saves a revision.
    fn save(
        context: &'a WriteContext,
        before: Option<&'a Post>,
        after: &'a Post,
        saved: &'a Saved,
        text: Option<&'a PackedManuscript>,
    ) -> Self {
        Self {
            saved: Some(saved),
            text,
            ..Self::publication(context, before, after, &[])
        }
    }

    /// A write that changes the status or the public side.
    fn publication(
        context: &'a WriteContext,
        before: Option<&'a Post>,
        after: &'a Post,
        copies: &'a [LiveCopy],
    ) -> Self {
        Self {
            context,
            before,
            after,
            copies,
            missing: &[],
            saved: None,
            text: None,
        }
    }

    /// Whether the write saves content.
    fn is_save(&self) -> bool {
        self.saved.is_some()
    }

    /// Whether the write changes the review state.
    fn is_review(&self) -> bool {
        let review = |post: &'a Post| (post.state.review, &post.state.review_note);
        self.before.map(review) != Some(review(self.after))
    }

    fn content_before(&self) -> Option<&'a Content> {
        self.before.map(|post| &post.content)
    }
}
