//! The permissions that a change of a post needs, derived from the states before and after it.
//!
//! Every write of a caller passes through here: creations, edits, merges, restorations, transitions and
//! purges, and so batches and imports, which consist of them. Operations move posts between lists without
//! a caller; starting one has a permission of its own.

use super::{Live, Phased, Post, Review, Status, StatusName, Transition};
use crate::{
    access::{Caller, Permission},
    error::Result,
    values::{Locale, OldPath, PostId, Timestamp},
};

/// Fails with [`Forbidden`](crate::Error::Forbidden) unless the caller may replace `before` by `after`.
/// `None` is a post that does not exist.
pub(in crate::posts) fn authorize_change(
    caller: &Caller,
    before: Option<&Post>,
    after: Option<&Post>,
) -> Result<()> {
    match (before, after) {
        (None, None) => Ok(()),
        (None, Some(created)) => {
            caller.require(Permission::CreatePosts)?;
            let is_public = PublicSide::of(created) != PublicSide::default();
            let needs = [
                (is_public, PUBLISH),
                (is_backdated(None, created), BACKDATE),
            ];
            require_all(caller, created, applying(needs))
        }
        (Some(_), None) => caller.require(Permission::PurgePosts),
        (Some(before), Some(after)) => require_all(caller, before, needs(before, after)),
    }
}

impl Post {
    /// The transitions that the caller may perform now.
    #[must_use]
    pub fn allowed_to(&self, caller: &Caller) -> Vec<Transition> {
        let (owner, status) = (self.state.owner_id, &self.state.status);
        let may_publish = caller.require_for(owner, PUBLISH.0, PUBLISH.1).is_ok();
        let is_hidden = status.phases().is_empty();
        let legal = status.legal();
        legal
            .filter(|transition| transition.authorize(caller, self).is_ok())
            // Trashing a public or scheduled post takes it back from readers.
            .filter(|transition| *transition != Transition::Trash || is_hidden || may_publish)
            .collect()
    }
}

/// A permission on own posts, and the one on all posts.
type Need = (Permission, Permission);

const EDIT: Need = (Permission::EditOwnPosts, Permission::EditAnyPosts);
const REVIEW: Need = (Permission::EditAnyPosts, Permission::EditAnyPosts);
const PUBLISH: Need = (Permission::PublishOwnPosts, Permission::PublishAnyPosts);
const TRASH: Need = (Permission::TrashOwnPosts, Permission::TrashAnyPosts);
const BACKDATE: Need = (Permission::BackdatePosts, Permission::BackdatePosts);

/// What readers see of a post, now and as scheduled, and the names that it holds for them.
#[derive(Default, PartialEq)]
struct PublicSide<'a> {
    phases: Vec<Phased<&'a Live>>,
    is_archived: bool,
    /// They lead to the post as soon as they are saved.
    aliases: &'a [OldPath],
    /// The post among whose translations it is listed, and the language that it takes there.
    translation: Option<(PostId, &'a Locale)>,
}

impl<'a> PublicSide<'a> {
    fn of(post: &'a Post) -> Self {
        if !post.holds_names() {
            return Self::default();
        }
        let (status, content) = (&post.state.status, &post.content);
        let locale = &content.address.locale;
        let translation = content.translation.as_ref();
        Self {
            phases: status.phases(),
            is_archived: matches!(status, Status::Archived { .. }),
            aliases: &content.aliases,
            translation: translation.map(|translation| (translation.of, locale)),
        }
    }
}

fn needs(before: &Post, after: &Post) -> Vec<Need> {
    let (was, is) = (&before.state, &after.state);
    let published = PublicSide::of(before) != PublicSide::of(after);
    let trashed = [was, is].map(|state| state.status.name() == StatusName::Trashed);
    let moved = trashed[0] != trashed[1];
    let written = before.content != after.content || before.text != after.text;
    let changed = (was.review, &was.review_note) != (is.review, &is.review_note);
    let reviewed = |review| changed && is.review == review;
    // A transition that changes the public side or moves the post to the trash sets the date itself.
    let dated = was.published_at != is.published_at && !published && !moved;
    let edited = written || dated || reviewed(Review::Requested);
    let all = [
        (edited, EDIT),
        (reviewed(Review::ChangesRequested), REVIEW),
        (published, PUBLISH),
        (moved, TRASH),
        (is_backdated(Some(before), after), BACKDATE),
    ];
    applying(all)
}

/// The permissions whose condition holds.
fn applying(needs: impl IntoIterator<Item = (bool, Need)>) -> Vec<Need> {
    let applying = needs.into_iter();
    applying
        .filter_map(|(applies, need)| applies.then_some(need))
        .collect()
}

fn require_all(caller: &Caller, post: &Post, needs: Vec<Need>) -> Result<()> {
    let mut needs = needs.into_iter();
    needs.try_for_each(|(own, any)| caller.require_for(post.state.owner_id, own, any))
}

/// Whether a new public or scheduled copy has a date before the first publication, or before it becomes
/// public if it is the first one.
fn is_backdated(before: Option<&Post>, after: &Post) -> bool {
    let live = before.and_then(Post::live);
    let kept: Vec<Timestamp> = live.map(|live| live.published_at).into_iter().collect();
    let known = before.map(|before| before.state.status.phases());
    let known = known.unwrap_or_default();
    let first = before.and_then(|before| before.state.first_published_at);
    let phases = after.state.status.phases().into_iter();
    let mut new = phases.filter(|phase| !known.iter().any(|known| known.value == phase.value));
    new.any(|phase| {
        let date = phase.value.published_at;
        let begins = phase.span.from.max(after.state.updated_at);
        !kept.contains(&date) && date < first.unwrap_or(begins)
    })
}
