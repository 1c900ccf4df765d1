//! Everything of one post lies in one partition.

use tintero_domain::{
    posts::ManuscriptRef,
    values::{PostId, Revision, UserId},
};

use uuid::Uuid;

use super::{Key, number};

fn post_partition(id: PostId) -> String {
    format!("P#{id}")
}

/// The working copy without its text.
#[must_use]
pub fn post(id: PostId) -> Key {
    Key::new(post_partition(id), "META")
}

/// One revision.
#[must_use]
pub fn revision(id: PostId, revision: Revision) -> Key {
    Key::new(post_partition(id), format!("REV#{}", number(revision.0)))
}

/// The revisions up to one of them: their partition, the first place and the last, both included.
#[must_use]
pub fn revisions_up_to(id: PostId, last: Revision) -> (String, [String; 2]) {
    let ends = [Revision::FIRST, last].map(|end| revision(id, end).sk);
    (post_partition(id), ends)
}

/// What a user has put aside for a post.
#[must_use]
pub fn autosave(id: PostId, user: UserId) -> Key {
    Key::new(post_partition(id), format!("AUTO#{user}"))
}

/// What a chain of pieces holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pieces {
    /// A manuscript.
    Manuscript,
    /// A live copy that is too large for its claim.
    LiveCopy,
}

impl Pieces {
    // `BODY#` is the last kind below `META`, so one query backwards from `META` reads the working
    // copy and the end of its text. Any new kind under a post sorts below `BODY#` or above `META`.
    fn kind(self) -> &'static str {
        match self {
            Self::Manuscript => "BODY",
            Self::LiveCopy => "PUB",
        }
    }
}

/// One piece of a chain.
#[must_use]
pub fn piece(kind: Pieces, id: PostId, chain: &ManuscriptRef, chunk: u16) -> Key {
    let ManuscriptRef {
        revision,
        write,
        chunks: _,
    } = chain;
    Key::new(
        post_partition(id),
        format!("{}#{}#{write}#{chunk:04}", kind.kind(), number(revision.0)),
    )
}

/// From the newest piece of text to the working copy, both included.
#[must_use]
pub fn text_and_post(id: PostId) -> (String, [String; 2]) {
    (post_partition(id), ["BODY#".to_owned(), "META".to_owned()])
}

/// Everything of a post: its partition, and what sorts after all of it.
#[must_use]
pub fn all_of_post(id: PostId) -> (String, String) {
    (post_partition(id), "~".to_owned())
}

/// Every piece of a chain.
pub fn pieces(kind: Pieces, id: PostId, chain: &ManuscriptRef) -> impl Iterator<Item = Key> {
    let chain = *chain;
    (0..chain.chunks).map(move |chunk| piece(kind, id, &chain, chunk))
}

/// The write that a piece with this sort key belongs to.
#[must_use]
pub fn piece_write(sk: &str) -> Option<Uuid> {
    let mut parts = sk.split('#');
    let kinds = [Pieces::Manuscript, Pieces::LiveCopy].map(Pieces::kind);
    kinds.contains(&parts.next()?).then_some(())?;
    parts.nth(1)?.parse().ok()
}

/// The post whose partition this is.
#[must_use]
pub fn owning_post(pk: &str) -> Option<PostId> {
    pk.strip_prefix("P#")?.parse().ok()
}
