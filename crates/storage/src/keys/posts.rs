//! The items of one post, which share a partition.

use tintero_domain::{
    posts::ManuscriptRef,
    values::{PostId, Revision, UserId},
};

use uuid::Uuid;

use super::{ItemKey, number};

fn post_partition(id: PostId) -> String {
    format!("P#{id}")
}

/// The working copy of a post, without its text.
#[must_use]
pub fn post(id: PostId) -> ItemKey {
    ItemKey::new(post_partition(id), "META")
}

/// A revision of a post.
#[must_use]
pub fn revision(id: PostId, revision: Revision) -> ItemKey {
    ItemKey::new(post_partition(id), format!("REV#{}", number(revision.0)))
}

/// The partition and the first and last sort key of the revisions up to `last`, both included.
#[must_use]
pub fn revisions_up_to(id: PostId, last: Revision) -> (String, [String; 2]) {
    let ends = [Revision::FIRST, last].map(|end| revision(id, end).sk);
    (post_partition(id), ends)
}

/// A user's autosave of a post.
#[must_use]
pub fn autosave(id: PostId, user: UserId) -> ItemKey {
    ItemKey::new(post_partition(id), format!("AUTO#{user}"))
}

/// The content of chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkKind {
    /// A manuscript.
    Manuscript,
    /// A live copy that is larger than its claim can hold.
    LiveCopy,
}

impl ChunkKind {
    // `BODY#` is the last prefix below `META`, so one descending query from `META` reads the working
    // copy and the end of its text. A new prefix must sort below `BODY#` or above `META`.
    fn kind(self) -> &'static str {
        match self {
            Self::Manuscript => "BODY",
            Self::LiveCopy => "PUB",
        }
    }
}

/// A chunk of a text.
#[must_use]
pub fn chunk(kind: ChunkKind, id: PostId, text: &ManuscriptRef, chunk: u16) -> ItemKey {
    let ManuscriptRef {
        revision,
        write,
        chunks: _,
    } = text;
    ItemKey::new(
        post_partition(id),
        format!("{}#{}#{write}#{chunk:04}", kind.kind(), number(revision.0)),
    )
}

/// The partition and the sort keys from the oldest chunk to the working copy, both included.
#[must_use]
pub fn text_and_post(id: PostId) -> (String, [String; 2]) {
    (post_partition(id), ["BODY#".to_owned(), "META".to_owned()])
}

/// The partition of a post, and a sort key after all its items.
#[must_use]
pub fn all_of_post(id: PostId) -> (String, String) {
    (post_partition(id), "~".to_owned())
}

/// All chunks of a text.
pub fn chunks(kind: ChunkKind, id: PostId, text: &ManuscriptRef) -> impl Iterator<Item = ItemKey> {
    let text = *text;
    (0..text.chunks).map(move |number| chunk(kind, id, &text, number))
}

/// The write of the chunk with this sort key.
#[must_use]
pub fn chunk_write(sk: &str) -> Option<Uuid> {
    let mut parts = sk.split('#');
    let kinds = [ChunkKind::Manuscript, ChunkKind::LiveCopy].map(ChunkKind::kind);
    kinds.contains(&parts.next()?).then_some(())?;
    parts.nth(1)?.parse().ok()
}

/// The post of a partition.
#[must_use]
pub fn owning_post(pk: &str) -> Option<PostId> {
    pk.strip_prefix("P#")?.parse().ok()
}
